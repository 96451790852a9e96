"""What belongs to a notebook that was handed in: the files beside it, its receipts, and when it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.utils import parse_utc

from grader.engine.files import check_files, plain_path_problem
from grader.nbgrader_plugins.reading import Unreadable

from .archives import CAPS, Refused, in_utc
from .parcels import Item, Parcel, as_shown
from .placing import TIMESTAMP
from .senders import CANVAS, PLAIN, is_notebook, turn, without_turn


@dataclass
class Candidate:
    """A notebook that was handed in, not yet opened further."""

    parcel: Parcel
    item: Item
    lesson: str
    how: str
    student: str = ""
    time: datetime | None = None
    timed: str = ""  # by whom the time is told: see `ledger`
    alone: bool = False  # no other lesson's notebook is in the parcel
    instead: list[Candidate] = field(default_factory=list)  # copies beside it that were left

    @property
    def order(self) -> tuple:
        """The newest is the greatest: by Canvas's number or the attempt's time, the number behind the name, the file's time."""
        return self.item.file_id, turn(self.item.name), self.item.modified or datetime.min

    @property
    def shown(self) -> str:
        if self.parcel.sender and self.parcel.sender.system == PLAIN and self.item.origin:
            return as_shown(self.item.origin)
        return f"{self.parcel.shown} / {self.item.path}" if self.item.path not in self.parcel.shown else self.parcel.shown


def files_of(chosen: Candidate, spare: list[Item], notes: list[str], told: list[Item]) -> dict[str, bytes]:
    """Return what is to lie in a submission's folder: the notebook, the files below its folder, and its receipts wherever the person put them.

    spare: what the same person handed in without a notebook. `notes` is told what was left out; `told` gets every file that is among the
    result or the notes. Raises Refused or Unreadable if the notebook itself cannot be read.
    """
    content = chosen.item.read()
    told.append(chosen.item)
    files = {f"{chosen.lesson}.ipynb": content}
    if stamp := _timestamp(chosen):
        files[TIMESTAMP] = stamp
    folder = chosen.item.path.rpartition("/")[0]
    total, seen = len(content), {path.casefold() for path in files}
    for item in sorted(chosen.parcel.items + spare, key=lambda item: ("receipts" not in item.path and not item.name.endswith(".npz"), item.path)):
        path = _path_beside(item, folder, chosen.alone, chosen.parcel.sender.system)
        if path is None or is_notebook(item.name) or path.casefold() == TIMESTAMP or item.typed:
            continue
        told.append(item)
        try:
            if wrong := plain_path_problem(path):
                raise Refused(f"its name {wrong}")
            if path.count("/") >= CAPS.depth:
                raise Refused(f"it lies deeper than {CAPS.depth} folders")
            if path.casefold() in seen:
                raise Refused("another file's name differs only in upper and lower case")
            if len(files) > CAPS.number:
                raise Refused(f"only the first {CAPS.number} files are taken")
            if item.size > CAPS.file:
                raise Refused(f"it is larger than {CAPS.file / 1e6:.0f} MB")
            if total + item.size > CAPS.total:
                raise Refused(f"together the files are larger than {CAPS.total / 1e6:.0f} MB")
            check_files({**dict.fromkeys(files, b""), path: b""})  # no file may have the name of another's folder
            files[path] = item.read()
        except (Refused, Unreadable, ValueError) as reason:
            notes.append(f"{as_shown(item.path)} was left out: {reason}")
            continue
        total += item.size
        seen.add(path.casefold())
    return files


def _path_beside(item: Item, folder: str, alone: bool, system: str) -> str | None:
    """Return a file's path relative to its notebook; None if it is not this notebook's. A receipt is, wherever it lies, if the notebook is alone."""
    parts = item.path.split("/")
    if "receipts" in parts and alone:
        return "/".join(parts[parts.index("receipts") :])
    if item.name.endswith(".npz") and "/" not in item.path:  # an LMS that keeps no folders
        return f"receipts/{without_turn(item.name) if system == CANVAS else item.name}"
    if not folder:
        return item.path
    return item.path[len(folder) + 1 :] if item.path.startswith(f"{folder}/") else None


def _timestamp(chosen: Candidate) -> bytes:
    """Return nbgrader's timestamp: the LMS's time, or the file that lies beside a notebook in a folder of the instructor's."""
    if chosen.time:
        return f"{in_utc(chosen.time):%Y-%m-%d %H:%M:%S} UTC\n".encode()
    if chosen.parcel.sender.system != PLAIN or not chosen.parcel.on_disk:
        return b""
    beside = f"{chosen.item.path.rpartition('/')[0]}/{TIMESTAMP}".lstrip("/")
    for item in chosen.parcel.items:
        if item.path == beside:
            try:
                text = item.read().decode()[:200]
                parse_utc(text.strip())
            except (Refused, ValueError, OverflowError, TypeError, AttributeError):
                return b""
            return text.encode()
    return b""
