"""Who a file is from, and what it was called, by the names that Moodle and Canvas give the files of a download.

Moodle (mod/assign, `downloader`): `Full Name_123456_assignsubmission_file/NAME`, in older versions with a further
underscore; or flat, `Full Name_123456_assignsubmission_file_NAME`. The number is the student's in this one assignment.
Canvas (`ContentZipper`): `lastfirst_LATE_12345_67890_NAME`; the numbers are the student's, everywhere in this Canvas, and
the file's, which grows with each upload.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOODLE, CANVAS, PLAIN = "moodle", "canvas", "plain"

_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>\w+?)(?:_(?P<late>LATE))?_(?P<number>[1-9]\d*)_(?P<file_id>[1-9]\d{2,})_(?P<file>.+)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(r"(?P<name>anon)_(?P<number>[A-Za-z0-9]{5})(?:_(?P<late>LATE))?_(?P<file_id>[1-9]\d{2,})_(?P<file>.+)", re.DOTALL)
_NOTEBOOK = re.compile(r"\.ipynb(?: ?\(\d+\)|-\d+)?(?:\.(?:txt|json))?$", re.IGNORECASE)
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
    if found := _CANVAS.fullmatch(parts[-1]) or _CANVAS_ANONYMOUS.fullmatch(parts[-1]):
        return Sent(Sender(CANVAS, found["name"], found["number"]), found["file"], bool(found["late"]), int(found["file_id"]))
    return None


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
