"""How each LMS marks who sent a file, in the names that it gives to folders or files of a download.

A mark is read from one part of a path, and only from what the LMS wrote there: what stands behind it in a file's name is the student's.
Where a name can be read in several ways, all of them are returned.

Moodle (mod/assign, `downloader`): `Full Name_123456_assignsubmission_file/NAME`, in older versions with a further underscore; or flat,
`Full Name_123456_assignsubmission_file_NAME`. The number is the student's in this one assignment, a team's where teams hand in; names
hold no underscore. Without a number it is the team of all who are in none.
Canvas (`ContentZipper`): `lastfirst_LATE_12345_67890_NAME`; the numbers are the student's, everywhere in this Canvas, and the file's,
which grows with each upload. Names are letters, digits and underscores, without a number between underscores.
Blackboard: `TASK_LOGIN_attempt_2025-02-03-10-00-00_NAME`; the task is the same in every name.
Brightspace: `1234-56789 - Full Name - Feb 3, 2025 905 AM/NAME`.
ILIAS (`ilExSubmission`): `Family_Given_login_1234/NAME`, teams in `Team 12/`; letters beyond ASCII are rewritten.
Google Classroom: `Full Name - NAME`. GitHub Classroom: `01-x-LOGIN/NAME`, the assignment's name and the account's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .lessons import named
from .senders import BLACKBOARD, BRIGHTSPACE, CANVAS, GITHUB, GOOGLE, ILIAS, MOODLE, Sender, Sent

LONGEST = 600  # letters of a name that an LMS made
_MOODLE_FOLDER = re.compile(r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)_?", re.DOTALL)
_MOODLE_FILE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_(?P<file>.*)|(?P<team>[^_]+)_assignsubmission_(?P<kind2>[a-z]+)_(?P<file2>.*)", re.DOTALL)
_ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?anon_(?P<number>[A-Za-z0-9]{5})(?:_(?P<late2>LATE))?_(?P<file_id>[1-9]\d{2,})_(?P<file>.+)", re.DOTALL)
_BLACKBOARD = re.compile(r"(?P<name>[^/]+?_[^/]+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL)
_BRIGHTSPACE = re.compile(r"(?P<number>\d+)-\d+ - (?P<name>.+) - (?P<time>[A-Z][a-z]+\.? \d{1,2}, \d{4} \d{1,2}:?\d\d [AP]M)", re.DOTALL)
_ILIAS = re.compile(r"(?P<family>[^_]+)_(?P<given>.+)_(?P<login>[^_]+)_(?P<number>\d{2,})", re.DOTALL)
_COPY_OF = re.compile(r"^(?:copy of|kopie von|copie de|copia de|copia di|cópia de) ", re.IGNORECASE)


@dataclass(frozen=True)
class Marking:
    """One LMS: `name` for --layout, `title` for a sentence, and how its mark is read in a folder's or a file's name. weak: ordinary names may look so."""

    name: str
    title: str
    of_folder: Callable[[str], list[Sent]] = lambda part: []
    of_file: Callable[[str], list[Sent]] = lambda part: []
    weak: bool = False

    def read(self, part: str, last: bool) -> list[Sent]:
        if len(part) > LONGEST:
            return []
        return self.of_file(part) if last else self.of_folder(part)


def markings(lessons: Sequence[str]) -> list[Marking]:
    """Return all that are known by names alone; Gradescope says who is who in a file of its own."""
    return [
        Marking(MOODLE, "Moodle's download", _moodle_folder, _moodle_file),
        Marking(CANVAS, "Canvas's download", of_file=_canvas),
        Marking(BLACKBOARD, "Blackboard's download", of_file=_blackboard),
        Marking(BRIGHTSPACE, "Brightspace's download", _brightspace),
        Marking(ILIAS, "ILIAS's download", _ilias),
        Marking(GOOGLE, "Google Classroom's files", of_file=lambda part: _google(part, lessons), weak=True),
        Marking(GITHUB, "GitHub Classroom's repositories", lambda part: _github(part, lessons), weak=True),
    ]


def settled(name: str, found: list[Sent]) -> list[Sent]:
    """Return marks as all of a download's names together say them: Blackboard's task is what all logins have before them."""
    if name != BLACKBOARD:
        return found
    names = {one.sender.name for one in found}
    task = _common(sorted(names))
    return [replace(one, sender=replace(one.sender, name=one.sender.name[len(task) :])) for one in found]


def _common(names: list[str]) -> str:
    """Return what all names begin with, up to an underscore, and leave each a login."""
    first, last = names[0], names[-1]
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), min(map(len, names)))
    if len(names) == 1:
        return first[: first.rindex("_") + 1]
    return first[: first[:same].rfind("_") + 1]


def _moodle_folder(part: str) -> list[Sent]:
    found = _MOODLE_FOLDER.fullmatch(part)
    if not found or (not found["number"] and "_" in found["name"]):
        return []
    return [Sent(Sender(MOODLE, found["name"].strip(), found["number"] or ""), "", typed=found["kind"] != "file")]


def _moodle_file(part: str) -> list[Sent]:
    found = _MOODLE_FILE.fullmatch(part)
    if not found:
        return []
    name, number, kind, file = (found["name"], found["number"], found["kind"], found["file"]) if found["name"] else (found["team"], "", found["kind2"], found["file2"])
    return [Sent(Sender(MOODLE, name.strip(), number), file, typed=kind != "file")] if file else []


def _canvas(part: str) -> list[Sent]:
    if found := _ANONYMOUS.fullmatch(part):
        return [Sent(Sender(CANVAS, "anon", found["number"]), found["file"], bool(found["late"] or found["late2"]), int(found["file_id"]))]
    ways, numbers = [], 0
    words = part.split("_")
    for at in range(1, len(words) - 2):
        number, file_id = words[at], words[at + 1]
        numbers += number.isdecimal()
        if numbers > 2:
            break  # no name holds a number between underscores
        late = at > 1 and words[at - 1] == "LATE"
        name = "_".join(words[: at - late])
        if re.fullmatch(r"[1-9]\d*", number) and re.fullmatch(r"[1-9]\d{2,}", file_id) and _run_together(name):
            ways.append(Sent(Sender(CANVAS, name, number), "_".join(words[at + 2 :]), late, int(file_id)))
    typed = re.fullmatch(r"(?P<name>.+?)(?:_(?P<late>LATE))?_(?P<number>[1-9]\d*)_(?:text|link)\.html", part)
    if not ways and typed and _run_together(typed["name"]):
        return [Sent(Sender(CANVAS, typed["name"], typed["number"]), part, bool(typed["late"]), typed=True)]
    return [way for way in ways if way.path]


def _run_together(name: str) -> bool:
    """Whether this is a name as Canvas makes it: letters, their marks and digits, and no number between underscores."""
    return bool(name) and all(one == "_" or unicodedata.category(one)[0] in "LMN" for one in name) and not re.search(r"_\d+_", name)


def _blackboard(part: str) -> list[Sent]:
    found = _BLACKBOARD.fullmatch(part)
    return [Sent(Sender(BLACKBOARD, found["name"]), found["file"] or part, file_id=int(found["time"].replace("-", "")), typed=not found["file"])] if found else []


def _brightspace(part: str) -> list[Sent]:
    found = _BRIGHTSPACE.fullmatch(part)
    return [Sent(Sender(BRIGHTSPACE, found["name"].strip(), found["number"]), "", file_id=_moment(found["time"]))] if found else []


def _moment(text: str) -> int:
    """Return Brightspace's time as a number that grows: 20250203113000; 0 if it cannot be read."""
    padded = re.sub(r" (\d)(\d\d) ", r" 0\1\2 ", text.replace(":", "").replace(".", ""))
    for form in ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p"):
        try:
            return int(datetime.strptime(padded, form).strftime("%Y%m%d%H%M%S"))
        except ValueError:
            continue
    return 0


def _ilias(part: str) -> list[Sent]:
    found = _ILIAS.fullmatch(part)
    if not found:
        return []
    family, given = found["family"], found["given"].replace("_", " ")
    return [Sent(Sender(ILIAS, found["login"], found["number"], (f"{given} {family}",)), "")]


def _google(part: str, lessons: Sequence[str]) -> list[Sent]:
    """Every ` - ` before the lesson's name may be Classroom's, and every one in a file that names none."""
    text = _COPY_OF.sub("", part)
    ways = []
    for found in re.finditer(" - ", text):
        name, file = text[: found.start()].strip(), text[found.end() :]
        if name and file and not re.search(r"_\d+_", name) and (named(file, lessons) or not named(text, lessons)):
            ways.append(Sent(Sender(GOOGLE, name), file))
    return ways


def _github(part: str, lessons: Sequence[str]) -> list[Sent]:
    for lesson in lessons:
        slug = "[-_]".join(map(re.escape, re.split(r"[\W_]+", lesson.casefold())))
        if found := re.fullmatch(rf"(?:[\w.-]+-)?{slug}-(?!submissions?$)(?P<login>[a-z\d](?:[a-z\d]|-(?=[a-z\d]))*)", part, re.IGNORECASE):
            return [Sent(Sender(GITHUB, found["login"]), "")]
    return []
