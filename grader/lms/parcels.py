"""Open what arrived, whatever it is: a download of a whole class, a folder, one student's zip, a single notebook.

Everything ends as parcels: the files that one person handed in together. A zip within a zip is a parcel of its own.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from grader.nbgrader_plugins.reading import Unreadable, read_bytes

from .archives import CAPS, OF_A_CLASS, OF_A_STUDENT, Archive, Entry, Refused, path_problem, tidy
from .lessons import named
from .senders import PLAIN, Sender, is_notebook, sent

DEEPEST = 3  # zips within each other
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_COPY = re.compile(r"(copy|kopie|copie|copia|cópia)([ _-]\w{2,3})?[ _-]*", re.IGNORECASE)  # what Colab and file managers write before a name
LITTER = ("__MACOSX", "__pycache__", ".ipynb_checkpoints", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Item:
    """A file: its path, when it was last changed if that is known, and how to read it; reading raises Refused or Unreadable."""

    path: str
    modified: datetime | None
    read: Callable[[], bytes]
    size: int = 0
    file_id: int = 0  # Canvas's
    open: Callable[[], BinaryIO] | None = None  # where it need not be held in memory

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass
class Parcel:
    """What one sender handed in together.

    shown: where it lies, for a person to find it. late: the LMS says so. download: the zip of the LMS's own making whose times these
    are, "" if there is none. on_disk: it lies in a folder, as the instructor left it.
    """

    shown: str
    sender: Sender | None
    items: list[Item] = field(default_factory=list)
    late: bool = False
    download: str = ""
    on_disk: bool = False


@dataclass
class Opened:
    """Parcels, and what was left aside: (where it is, why)."""

    parcels: list[Parcel] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def open_sources(sources: list[Path], lessons: list[str], student: str = "") -> Opened:
    """Open each source. `student` is whose all of it is, where the LMS does not say.

    Raises Refused or OSError for a source that is missing or is no complete zip; what is wrong inside one is listed.
    """
    opened = Opened()
    for source in sources:
        found = _Opening(source.name or str(source), opened.refused)
        if source.is_dir():
            found.take(_in_folder(source, opened.refused), "", on_disk=True)
        elif source.suffix.lower() == ".zip":
            found.take_zip(Item(source.name, None, lambda: b"", open=lambda source=source: _open(source)), "", None, top=True)
        else:
            problem = _no_file(source)
            if problem:
                raise Refused(f"{source} cannot be collected: {problem}")
            about = source.stat()
            found.take([Item(tidy(source.name), datetime.fromtimestamp(about.st_mtime), lambda source=source: _read(source), about.st_size)], "")
        opened.parcels += _whose(found.parcels, source, lessons, student)
    return opened


class _Opening:
    """One source being opened."""

    def __init__(self, shown: str, refused: list[tuple[str, str]]):
        self._shown, self._refused = shown, refused
        self._last: tuple[object, Archive] | None = None  # the student's zip that was opened last: its files are read one after another
        self.parcels: dict[tuple, Parcel] = {}

    def take(self, items: list[Item], inside: str, owner: Sender | None = None, depth: int = 0, on_disk: bool = False, late: bool = False) -> None:
        """Sort items into parcels. `inside` is the path of the zip that they lie in, `owner` whose zip that is."""
        for item in items:
            found = None if owner else sent(item.path)
            sender, path = (found.sender, found.path) if found else (owner, item.path)
            if any(part in LITTER or part.startswith(".") for part in path.split("/")):
                continue
            is_late = late or bool(found and found.late)
            if found and not path:
                continue  # a text that was typed into Moodle
            if path.lower().endswith(".zip"):
                self.take_zip(item, inside, sender, depth, is_late)
                continue
            own = () if sender else tuple(item.path.split("/")[:-1])  # of nobody known: each folder for itself, until it is known whose
            key = (sender, inside, own)
            if key not in self.parcels:
                around = item.path[: len(item.path) - len(path)].rstrip("/_") if found else "/".join(own)
                shown = " / ".join(filter(None, [self._shown, inside, around]))
                self.parcels[key] = Parcel(shown, sender, download=f"{self._shown}/{inside}" if found and not on_disk else "", on_disk=on_disk)
            self.parcels[key].late |= is_late
            self.parcels[key].items.append(replace(item, path=path, file_id=found.file_id if found else 0))

    def take_zip(self, item: Item, inside: str, owner: Sender | None, depth: int = 0, late: bool = False, top: bool = False) -> None:
        """Open a zip and take what is in it; one that cannot be opened is listed, or ends everything if it is the source itself."""
        here = "" if top else "/".join(filter(None, [inside, item.path]))
        shown = " / ".join(filter(None, [self._shown, here]))
        bounds = OF_A_STUDENT if owner else OF_A_CLASS
        if depth == DEEPEST:
            self._refused.append((shown, f"it is a zip within {DEEPEST} zips"))
            return
        try:
            archive = Archive(item.open() if item.open else io.BytesIO(item.read()), bounds)
        except (Refused, Unreadable) as reason:
            if top:
                raise Refused(f"{self._shown} cannot be collected: {reason}. Nothing was changed.") from None
            self._refused.append((shown, str(reason)))
            return
        keep = archive if item.open else None  # a file stays open; what came out of a zip is opened again when it is read

        def read(entry: Entry) -> bytes:
            if keep:
                return keep.read(entry)
            if self._last is None or self._last[0] is not item:
                self._last = (item, Archive(io.BytesIO(item.read()), bounds))
            return self._last[1].read(entry)

        items = []
        for entry in archive.entries:
            if entry.problem:
                self._refused.append((f"{shown} / {as_shown(entry.path)}", entry.problem))
            else:
                items.append(Item(entry.path, entry.modified, lambda entry=entry: read(entry), entry.info.file_size))
        self.take(items, here, owner, depth + 1, late=late)


def as_shown(path: str) -> str:
    """Return a stranger's path as a terminal can show it."""
    return path[:120] if path.isprintable() else ascii(path)[1:-1][:120]


def _whose(parcels: dict[tuple, Parcel], source: Path, lessons: list[str], student: str) -> list[Parcel]:
    """Give the parcels of nobody known to the one whose folder, zip or file's name they bear; put together what is one person's."""
    known = [parcel for (sender, _, _), parcel in parcels.items() if sender]
    rest = {key: parcel for key, parcel in parcels.items() if not key[0]}
    places = {key: _place(key[1], key[2], lessons) for key, parcel in rest.items()}
    while places and all(len(place) > 1 for place in places.values()):
        if len({place[0] for place in places.values()}) > 1 or len({place[1] for place in places.values()}) == 1:
            break
        places = {key: place[1:] for key, place in places.items()}  # without the folder around the whole class
    merged: dict[tuple[str, str], Parcel] = {}
    for key, parcel in rest.items():
        for item in parcel.items:
            name = student or next(iter(places[key]), "") or _before_the_lesson(item.name, lessons) or _own_name(source, lessons)
            one = merged.setdefault((name, key[1]), Parcel(parcel.shown, Sender(PLAIN, name) if name else None, on_disk=parcel.on_disk))
            one.items.append(item)
    return known + list(merged.values())


def _place(inside: str, folders: tuple[str, ...], lessons: list[str]) -> tuple[str, ...]:
    """Return the names around a file that may be a person's: of zips and folders, but for those called as a lesson or `receipts`."""
    zips = [part.removesuffix(".zip").removesuffix(".ZIP") for part in inside.split("/")] if inside else []
    return tuple(part for part in (*zips, *folders) if part != "receipts" and not named(part, lessons))


def _before_the_lesson(name: str, lessons: list[str]) -> str:
    """Return what stands before the lesson's name in a file's name, `ada_01_x.ipynb`, unless it is a browser's `Copy of`."""
    lesson = named(name, lessons) if is_notebook(name) else ""
    before, found, _ = name.partition(lesson) if lesson else ("", "", "")
    return before.strip(" _-.") if found and before[-1:] in ("_", "-") and not _COPY.fullmatch(before) else ""


def _own_name(source: Path, lessons: list[str]) -> str:
    """Return the name of one student's zip. A class's own files, or a lone notebook's name, say nothing."""
    return source.stem if source.suffix.lower() == ".zip" and not named(source.stem, lessons) else ""


def _in_folder(folder: Path, refused: list[tuple[str, str]]) -> list[Item]:
    """List the regular files below a folder, sorted; links are named and never followed."""
    items: list[Item] = []
    for path, place in _walk(folder, refused):
        try:
            about = os.stat(place, follow_symlinks=False)
        except OSError:
            continue
        problem = "it is not a regular file; links are not followed" if not stat.S_ISREG(about.st_mode) else ""
        if problem or (wrong := path_problem(path)):
            refused.append((f"{folder.name} / {as_shown(path)}", problem or f"its name {wrong}"))
        else:
            changed = datetime.fromtimestamp(about.st_mtime)
            items.append(Item(path, changed, lambda place=place: _read(place), about.st_size, open=lambda place=place: _open(place)))
        if len(items) > OF_A_CLASS.entries:
            raise Refused(f"{folder} holds more than {OF_A_CLASS.entries:,} files; name the folder of the submissions")
    return items


def _walk(folder: Path, refused: list[tuple[str, str]]) -> Iterator[tuple[str, Path]]:
    for above, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(above, name))]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in LITTER and name not in links)
        for name in sorted(files + links):
            place = Path(above, name)
            yield tidy(place.relative_to(folder).as_posix()), place


def _read(place: Path) -> bytes:
    return read_bytes(place, CAPS.file)


def _open(place: Path) -> BinaryIO:
    """Open a regular file; never a link's target, never a pipe."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused("there is no such file") from None
    except OSError:
        raise Refused("it is a link or cannot be opened") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused("it is not a regular file")
    return open(handle, "rb")


def _no_file(source: Path) -> str:
    try:
        about = os.stat(source, follow_symlinks=False)
    except OSError:
        return "there is no such file"
    if not stat.S_ISREG(about.st_mode):
        return "it is not a regular file"
    if source.name.lower().endswith(OTHER_ARCHIVES):
        return "only zips are opened; pack it as one"
    return "" if is_notebook(source.name) else "it is neither a zip nor a notebook"
