"""Decide from all names together which LMS made a download, and who sent each file of it; or say every way to read it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from . import gradescope_names
from .lessons import named
from .marks import Marking, markings, settled
from .senders import BRIGHTSPACE, GITHUB, GRADESCOPE, ILIAS, Sender, Sent, is_notebook, is_zip

FOLDERS, FILES, ONE = "folders", "files", "one"
NAMES = ("moodle", "canvas", "blackboard", "brightspace", "ilias", "gradescope", "google-classroom", "github-classroom", FOLDERS, FILES, ONE)
_DOWNLOAD = re.compile(r"submissions?|downloads?|.*[ _-]submissions?|assignment_\d+_export", re.IGNORECASE)
_TEAM = re.compile(r"\D+ \d+")  # ILIAS: `Team 12`


class Ambiguous(ValueError):
    """What can be read in several ways: the message says each of them, and the words that settle it."""


@dataclass
class Reading:
    """One way to read a download: by an item's path what its name says; or why nobody can tell whose it is."""

    layout: str
    title: str
    says: dict[str, Sent] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)  # the LMS's, and nobody's work
    doubt: bool = False  # it fits, but ordinary folders' names fit as well

    @property
    def people(self) -> list[str]:
        return sorted({one.sender.name for one in self.says.values()})

    def __str__(self) -> str:
        return f"as {self.title}, of {_some(self.people)} (--layout {self.layout})"


def decide(
    paths: Sequence[str],
    lessons: Sequence[str],
    wanted: str,
    agrees: Callable[[Sender], bool],
    read: Callable[[str], bytes],
    known: Callable[[str], bool] = lambda name: False,
) -> list[Reading]:
    """Return every LMS's reading that fits these files' names; none if no LMS made them.

    wanted: the layout that the instructor named, "" for none. agrees: whether a person is in the class's list, as far as there is one; of
    several ways to read one name the one counts that does. read: reads a file by its path, for the list that Gradescope puts in. known:
    whether the list has a name: a folder so called is that person's, who chose what is in it.
    """
    found = []
    for marking in markings(lessons):
        if wanted in ("", marking.name):
            reading = _read(marking, paths, lessons, bool(wanted), agrees, known)
            found += [reading] if reading else []
    if wanted in ("", GRADESCOPE) and (reading := _gradescope(paths, read)):
        found.append(reading)
    sure = [one for one in found if not one.doubt]
    return found if wanted else sure or found


def _read(marking: Marking, paths: Sequence[str], lessons: Sequence[str], forced: bool, agrees: Callable[[Sender], bool], known: Callable[[str], bool]) -> Reading | None:
    """Read all paths by one LMS's marks; None if it did not make them.

    It made them if what is marked lies in one folder and nothing else of a class's does: no other notebook and no other folder.
    """
    marked: dict[str, tuple[tuple[str, ...], str, list[Sent]]] = {}  # path -> the folder of its mark, the rest of the path, the ways to read it
    rest = []
    for path in paths:
        found = _mark(marking, path.split("/"))
        if found:
            marked[path] = found
        else:
            rest.append(path)
    if forced and not marked and marking.name == GITHUB:
        marked, rest = _by_prefix(paths), []
    if not marked or (marking.weak and not forced and not any(named(path, lessons) for path in marked)):
        return None
    bases = {base for base, _, _ in marked.values()}
    flat = {base for base, inside, ways in marked.values() if not inside and any(way.path for way in ways)}
    foreign = [path for path in rest if not _beside(path, bases, flat)]
    reading = Reading(marking.name, marking.title)
    reading.doubt = bool(foreign) or _doubtful(marked, known)
    if foreign and not forced and (marking.weak or not any(path.split("/")[: len(base)] == list(base) for path in foreign for base in bases)):
        return None  # the class is elsewhere: these are names that students chose
    if reading.doubt and marking.weak and not forced:
        return None
    single = {path: way for path, (_, _, ways) in marked.items() if (way := _one(ways, agrees))}
    for path, one in zip(single, settled(marking.name, list(single.values())) if single else [], strict=True):
        inside = marked[path][1]
        reading.says[path] = replace(one, path="/".join(filter(None, [one.path, inside])) or path.rsplit("/", 1)[-1])
    for path, (_, _, ways) in marked.items():
        if path not in single:
            told = " or ".join(f"{way.sender.name}'s ({way.sender.number or 'no number'})" for way in ways)
            reading.left[path] = f"its name can be read as {told}; --names with the list of the class may tell, else collect it alone with --student"
    reading.own = [path for path in rest if marking.name == BRIGHTSPACE and path.rsplit("/", 1)[-1] == "index.html"]
    reading.left.update(dict.fromkeys((path for path in rest if path not in reading.own), f"it is not named as in {marking.title}, so whose it is cannot be told"))
    return reading


def _mark(marking: Marking, parts: list[str]) -> tuple[tuple[str, ...], str, list[Sent]] | None:
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        if ways := marking.read(part, last):
            base = parts[:at]
            if marking.name == ILIAS and base and _TEAM.fullmatch(base[-1]):
                ways = [replace(way, sender=replace(way.sender, also=(*way.sender.also, f"team:{base[-1]}"))) for way in ways]
                base = base[:-1]
            return tuple(base), "" if last else "/".join(parts[at + 1 :]), ways
    return None


def _beside(path: str, bases: set[tuple[str, ...]], flat: set[tuple[str, ...]]) -> bool:
    """Whether an unmarked file lies beside what is marked, or above it, as a list or a blank notebook may; none lies among files that are marked one by one."""
    folder = tuple(path.split("/")[:-1])
    if folder in flat and (is_notebook(path) or is_zip(path)):
        return False
    return any(folder == base[: len(folder)] for base in bases)


def _doubtful(marked: dict[str, tuple[tuple[str, ...], str, list[Sent]]], known: Callable[[str], bool]) -> bool:
    """Whether the folders around the marks may be students', who put names of this kind into them: one holds one person's, or is called as a person of the list."""
    people = defaultdict(set)
    for base, _, ways in marked.values():
        people[base].add(ways[0].sender)
    return any(base and (len(names) == 1 and not _DOWNLOAD.fullmatch(base[-1]) or any(map(known, base))) for base, names in people.items())


def looks_like_a_download(name: str) -> bool:
    """Whether a zip or a folder is called as LMSs call downloads, and as nobody is called: `submissions`."""
    return bool(_DOWNLOAD.fullmatch(name))


def _one(ways: list[Sent], agrees: Callable[[Sender], bool]) -> Sent | None:
    distinct = list(dict.fromkeys(ways))
    if len(distinct) > 1:
        distinct = [way for way in distinct if agrees(way.sender)]
    return distinct[0] if len(distinct) == 1 else None


def _by_prefix(paths: Sequence[str]) -> dict[str, tuple[tuple[str, ...], str, list[Sent]]]:
    """Read repositories whose assignment is called otherwise than the lesson: what all folders begin with, up to a hyphen, is its name."""
    split = [path.split("/") for path in paths if "/" in path]
    at = 0
    while split and len({tuple(parts[: at + 1]) for parts in split}) == 1 and all(len(parts) > at + 2 for parts in split):
        at += 1
    names = {parts[at] for parts in split}
    prefix = os.path.commonprefix(sorted(names))
    prefix = prefix[: prefix.rfind("-") + 1]
    return {"/".join(parts): (tuple(parts[:at]), "/".join(parts[at + 1 :]), [Sent(Sender(GITHUB, parts[at][len(prefix) :] or parts[at]), "")]) for parts in split}


def _gradescope(paths: Sequence[str], read: Callable[[str], bytes]) -> Reading | None:
    """Read an export of Gradescope's: `submission_123/NAME` beside `submission_metadata.yml`, which says who submitted each."""
    lists = [path for path in paths if path.rsplit("/", 1)[-1] == gradescope_names.LIST]
    folders = {tuple(path.split("/")[: at + 1]) for path in paths for at, part in enumerate(path.split("/")[:-1]) if gradescope_names.FOLDER.fullmatch(part)}
    bases = {folder[:-1] for folder in folders}
    if len(bases) != 1:
        return None
    [base] = bases
    if any(path.split("/")[: len(base)] != list(base) and "/" in path for path in paths):
        return None  # a student's folder holds it
    reading = Reading(GRADESCOPE, "Gradescope's export")
    who = "/".join([*base, gradescope_names.LIST])
    known, problem = gradescope_names.submitters(read(who)) if who in lists else ({}, f"{gradescope_names.LIST}, which says whose it is, is missing; export the submissions again")
    for path in paths:
        parts = path.split("/")
        name = parts[len(base)] if len(parts) > len(base) + 1 else ""
        if path == who:
            reading.own.append(path)
        elif name in known:
            reading.says[path] = Sent(known[name], "/".join(parts[len(base) + 1 :]))
        else:
            reading.left[path] = problem or f"{gradescope_names.LIST} does not say whose it is"
    return reading


def _some(names: Sequence[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
