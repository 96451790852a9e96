"""Who a file is from, and what it was called, by the names that Moodle and Canvas give the files of a download.

Moodle (mod/assign, `downloader`): `Full Name_123456_assignsubmission_file/NAME`, in older versions with a further
underscore; or flat, `Full Name_123456_assignsubmission_file_NAME`. The number is the student's in this one assignment.
Canvas (`ContentZipper`): `lastfirst_LATE_12345_67890_NAME`; the numbers are the student's, everywhere in this Canvas, and
the file's, which grows with each upload.
Blackboard: `TASK_LOGIN_attempt_2025-02-03-10-00-00_NAME`. Brightspace: `1234-56789 - Full Name - Feb 3, 2025 905 AM/NAME`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

MOODLE, CANVAS, PLAIN, BLACKBOARD, BRIGHTSPACE = "moodle", "canvas", "plain", "blackboard", "brightspace"
ATTEMPTS = (BLACKBOARD, BRIGHTSPACE)  # whose downloads hold every attempt, with its time

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^\s/]+?)(?:_(?P<late>LATE))?_(?P<number>[1-9]\d*)_(?P<file_id>[1-9]\d{2,})_(?P<file>.+)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(r"(?P<name>anon)_(?P<number>[A-Za-z0-9]{5})(?:_(?P<late>LATE))?_(?P<file_id>[1-9]\d{2,})_(?P<file>.+)", re.DOTALL)
_BLACKBOARD = re.compile(r"(?P<task>.+?)_(?P<name>[^_/]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL)
_BRIGHTSPACE = re.compile(r"(?P<number>\d+)-\d+ - (?P<name>.+) - (?P<time>[A-Z][a-z]+\.? \d{1,2}, \d{4} \d{1,2}:?\d\d [AP]M)", re.DOTALL)
_NOTEBOOK = re.compile(r"\.ipynb(?: ?\(\d+\)|-\d+)?(?:\.(?:txt|json))?$", re.IGNORECASE)
_COPY = re.compile(r"-Copy\d*$|conflicted copy|\bconflict\b|[ _.-](?:old|backup|bak|alt|orig(?:inal)?)$", re.IGNORECASE)
_KEPT = re.compile(r"(?:.*[ _-])?(?:old|backups?|bak|archive)", re.IGNORECASE)
_TURN = re.compile(r"(?:-(\d{1,3})| ?\((\d{1,3})\))(?=\.|$)")


@dataclass(frozen=True)
class Sender:
    """A person as an LMS names them. For `plain`, the name is that of a folder, a zip or the beginning of a file's name."""

    system: str
    name: str
    number: str = ""


@dataclass(frozen=True)
class Sent:
    """What a path says: the sender, the path within what they handed in, whether the LMS calls it late, Canvas's number of the file."""

    sender: Sender
    path: str
    late: bool = False
    file_id: int = 0


def sent(path: str) -> Sent | None:
    """Read a path of a download; None if it is not of Moodle's or Canvas's making. An empty `path` is Moodle's text typed online."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        if found := _MOODLE.fullmatch(part):
            last = index == len(parts) - 1
            inside = (found["file"] or "") if last else "/".join(parts[index + 1 :])
            return Sent(Sender(MOODLE, found["name"].strip(), found["number"]), inside if found["kind"] == "file" else "")
        if found := _BRIGHTSPACE.fullmatch(part) if index < len(parts) - 1 else None:
            return Sent(Sender(BRIGHTSPACE, found["name"].strip(), found["number"]), "/".join(parts[index + 1 :]), file_id=_moment(found["time"]))
    if found := _BLACKBOARD.fullmatch(parts[-1]):
        return Sent(Sender(BLACKBOARD, found["name"]), found["file"] or "", file_id=int(found["time"].replace("-", "")))
    if (found := _CANVAS.fullmatch(parts[-1]) or _CANVAS_ANONYMOUS.fullmatch(parts[-1])) and _run_together(found["name"]):
        return Sent(Sender(CANVAS, found["name"], found["number"]), found["file"], bool(found["late"]), int(found["file_id"]))
    return None


def is_flat(path: str) -> bool:
    """Whether it is the file's own name that says who sent it, which in a folder of the student's the student chose."""
    last = path.rsplit("/", 1)[-1]
    return sent(path) is not None and sent(last) is not None and all(not pattern.fullmatch(part) for part in path.split("/")[:-1] for pattern in (_MOODLE, _BRIGHTSPACE))


def _run_together(name: str) -> bool:
    """Whether this is a name as Canvas makes it: letters, their marks and digits, and no number between underscores."""
    return all(one == "_" or unicodedata.category(one)[0] in "LMN" for one in name) and not re.search(r"_\d+(?:_|$)", name)


def _moment(text: str) -> int:
    """Return Brightspace's time as a number that grows: 20250203113000; 0 if it cannot be read."""
    padded = re.sub(r" (\d)(\d\d) ", r" 0\1\2 ", text.replace(":", "").replace(".", ""))
    for form in ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p"):
        try:
            return int(datetime.strptime(padded, form).strftime("%Y%m%d%H%M%S"))
        except ValueError:
            continue
    return 0


def is_copy(path: str) -> bool:
    """Whether a notebook's path is that of a copy kept beside it: `x-Copy1.ipynb`, `x (conflicted copy).ipynb`, `x_old.ipynb`, `backup/x.ipynb`."""
    *folders, name = path.split("/")
    return bool(_COPY.search(name.rsplit(".ipynb", 1)[0])) or any(_KEPT.fullmatch(folder) for folder in folders)


def is_notebook(name: str) -> bool:
    """Whether a file's name is a notebook's, also with what browsers add: `01_x.ipynb.txt`, `01_x.ipynb (1)`."""
    return bool(_NOTEBOOK.search(name))


def turn(name: str) -> int:
    """Return the number that an LMS or a browser put behind the name of a file that came again: 1 for `x-1.ipynb` and `x (1).ipynb`."""
    numbers = [int(one or other) for one, other in _TURN.findall(name)]
    return numbers[-1] if numbers else 0


def without_turn(name: str) -> str:
    """Return the name that a file had before an LMS or a browser numbered it."""
    return _TURN.sub("", name)
