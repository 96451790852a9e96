"""Open what arrived, whatever it is: a download of a whole class, a folder, one student's zip, a single notebook.

Everything ends as parcels: the files that one person handed in together. A zip within a zip is a parcel of its own.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from grader.nbgrader_plugins.reading import Unreadable, read_bytes

from . import layouts, whose
from .archives import CAPS, OF_A_CLASS, OF_A_STUDENT, Archive, Bounds, Entry, Refused, path_problem, tidy
from .layouts import FILES, FOLDERS, ONE, Reading
from .senders import ATTEMPTS, PLAIN, Sender, Sent, is_notebook, is_zip

DEEPEST = 3  # zips within each other
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
PLAINLY = "as ordinary folders and files (--layout folders, files or one)"
LITTER = ("__MACOSX", "__pycache__", ".ipynb_checkpoints", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Item:
    """A file: its path, when it was last changed if that is known, and how to read it; reading raises Refused or Unreadable."""

    path: str
    modified: datetime | None
    read: Callable[[], bytes]
    size: int = 0
    file_id: int = 0  # Canvas's, or the time of an attempt
    typed: bool = False  # a text that was typed into the LMS
    origin: str = ""  # where it lies, the source's name first
    problem: str = ""  # why it is left, though its name says something of the others
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
class Unplaced:
    """What was left where it is, and why. files: every file that this is said of."""

    origin: str
    reason: str
    files: list[str] = field(default_factory=list)


@dataclass
class Opened:
    """Parcels, what was left aside, and how each source was read (the source, the reading, how many people)."""

    parcels: list[Parcel] = field(default_factory=list)
    refused: list[Unplaced] = field(default_factory=list)
    readings: list[tuple[str, str, int]] = field(default_factory=list)
    beside: list[Unplaced] = field(default_factory=list)  # what an LMS put in, and is nobody's work


@dataclass(frozen=True)
class Wishes:
    """What the instructor said: whose all of it is, the code page of names, the layout; and what the class's list knows.

    known: whether a name is in the list; agrees: whether a sender is, number and name. Without a list both say no.
    """

    student: str = ""
    encoding: str = ""
    layout: str = ""
    known: Callable[[str], bool] = lambda name: False
    agrees: Callable[[Sender], bool] = lambda sender: False


def open_sources(sources: list[Path], lessons: list[str], wishes: Wishes = Wishes()) -> Opened:
    """Open each source; single notebooks are read together, as the files of one folder.

    Raises Refused or OSError for a source that is missing or is no complete zip; what is wrong inside one is listed, and of a source that
    can be read in several ways all of it is.
    """
    opened = Opened()
    loose: list[Item] = []
    for source in sources:
        name = source.name or source.resolve().name or str(source)
        if source.is_dir():
            _Opening(name, "", opened, lessons, wishes).take(_in_folder(source, opened.refused), on_disk=True)
        elif is_zip(source.name):
            _Opening(name, name, opened, lessons, wishes).take_zip(Item(source.name, None, lambda: b"", open=lambda source=source: _open(source)))
        else:
            problem = _no_file(source)
            if problem:
                raise Refused(f"{source} cannot be collected: {problem}")
            about = source.stat()
            loose.append(Item(tidy(source.name), datetime.fromtimestamp(about.st_mtime), lambda source=source: _read(source), about.st_size))
    if loose:
        _Opening("", "", opened, lessons, wishes).take(loose)
    return opened


class _Opening:
    """One source being opened: it ends as parcels in `opened`, or as a line that says why not.

    shown: the source as it is called in what is said. zip: its name if it is a zip, which may be one student's.
    """

    def __init__(self, shown: str, zip: str, opened: Opened, lessons: list[str], wishes: Wishes):
        self._shown, self._zip, self._opened, self._lessons, self._wishes = shown, zip, opened, lessons, wishes
        self._last: tuple[object, Archive] | None = None  # the student's zip that was opened last: its files are read one after another
        self._parcels: dict[tuple, Parcel] = {}
        self._plain: list[tuple[whose.File, str, Item]] = []  # what no LMS marked: (names around it, the zip it lies in, the file)
        self._left: list[Unplaced] = []
        self._readings: list[tuple[str, str, int]] = []

    def take(self, items: list[Item], depth: int = 0, on_disk: bool = False) -> None:
        """Take a source's files, and give its parcels to `opened`."""
        try:
            self._sort(items, "", None, depth, on_disk=on_disk)
            way = self._whose()
        except layouts.Ambiguous as both:
            self._opened.refused.append(Unplaced(self._shown or "the files", str(both), [self._where(item.path) for item in items if not _is_litter(item.path)]))
            return
        if way and way.people:
            self._readings.append((self._shown or "the files", way.title, len(way.people)))
        self._opened.readings += self._readings
        self._opened.refused += self._left
        self._opened.parcels += [*self._parcels.values(), *self._by_name(way, on_disk)]

    def take_zip(self, item: Item) -> None:
        """Take a source that is a zip. Raises Refused if it is none."""
        try:
            archive = Archive(item.open(), OF_A_CLASS, self._wishes.encoding)
        except Refused as reason:
            raise Refused(f"{self._shown} cannot be collected: {reason}. Nothing was changed.") from None
        self.take(self._items(archive, "", archive.read), depth=1)

    def _sort(self, items: list[Item], inside: str, owner: Sent | None, depth: int, on_disk: bool = False, plain: bool = False) -> None:
        """Sort files into parcels. inside: the zip that they lie in. owner: whose zip that is. plain: no LMS made it, whatever its names are."""
        items = [replace(item, origin=self._where(inside, item.path)) for item in items if not _is_litter(item.path)]
        for item in items:
            if item.problem:
                self._left.append(Unplaced(as_shown(item.origin), item.problem, [item.origin]))
        if owner:
            for item in items:
                self._own(item, replace(owner, path=item.path, typed=False), inside, depth, own_zip=True)
            return
        reading = None if plain or self._wishes.student else self._reading(items, inside)
        if reading:
            for item in items:
                if item.path in reading.says:
                    self._own(item, reading.says[item.path], inside, depth, on_disk=on_disk)
                elif item.path in reading.left:
                    self._left.append(Unplaced(as_shown(item.origin), reading.left[item.path], [item.origin]))
                else:
                    self._opened.beside.append(Unplaced(as_shown(item.origin), "it is the LMS's own", [item.origin]))
            self._readings.append((self._where(inside) or "the files", reading.title, len(reading.people)))
            return
        zips = [(item, self._open_zip(item, inside, depth, OF_A_CLASS)) for item in items if is_zip(item.path) and not item.problem]
        zips = [(item, within) for item, within in zips if within is not None]
        alone = not any(is_notebook(item.name) for item in items)
        downloads = self._downloads([*zips], inside, alone) if zips and not self._wishes.student else []
        for item in items:
            if not is_zip(item.path):
                folders = tuple(item.path.split("/")[:-1])
                self._plain.append((whose.File(tuple(filter(None, inside.split("/"))), folders, item.name), inside, item))
        for item, within in zips:
            self._sort(within, _within(inside, item), None, depth + 1, plain=plain or item not in downloads)

    def _own(self, item: Item, sent: Sent, inside: str, depth: int, on_disk: bool = False, own_zip: bool = False) -> None:
        """Put a file of a known sender into the parcel where it belongs; open it first if it is a zip. own_zip: it lies in a zip of the sender's own."""
        if item.problem:
            return
        if is_zip(sent.path) and not sent.typed:
            if (within := self._open_zip(item, inside, depth, OF_A_STUDENT)) is not None:
                self._sort(within, _within(inside, item), sent, depth + 1)
            return
        attempt = sent.file_id if sent.sender.system in ATTEMPTS else 0  # each attempt is a parcel: the files of two are never mixed
        key = (sent.sender, inside, attempt)
        if key not in self._parcels:
            around = item.path[: len(item.path) - len(sent.path)].rstrip("/_ -") if item.path.endswith(sent.path) else ""
            self._parcels[key] = Parcel(self._where(inside, around), sent.sender, download="" if on_disk or own_zip else f"{self._shown}/{inside}", on_disk=on_disk)
        self._parcels[key].late |= sent.late
        self._parcels[key].items.append(replace(item, path=sent.path, file_id=sent.file_id, typed=sent.typed))

    def _reading(self, items: list[Item], inside: str) -> Reading | None:
        """Return how an LMS names these files; None if none did. Raises Ambiguous if several may have, or if it may as well be ordinary folders."""
        wanted = self._wishes.layout
        if wanted.partition("=")[0] in (FOLDERS, FILES, ONE):
            return None
        found = self._found(items, wanted)
        if len(found) == 1 and (wanted or not found[0].doubt and not self._may_be_one_students(inside)):
            return found[0]
        if not found:
            if wanted and not any(is_zip(item.path) for item in items):
                raise layouts.Ambiguous(f"nothing in it is named as --layout {wanted} says; leave that out to see how it can be read")
            return None
        raise layouts.Ambiguous(_said([*map(str, found), PLAINLY]))

    def _found(self, items: list[Item], wanted: str = "") -> list[Reading]:
        by_path = {item.path: item for item in items}
        return layouts.decide(list(by_path), self._lessons, wanted, self._wishes.agrees, lambda path: by_path[path].read(), self._wishes.known)

    def _may_be_one_students(self, inside: str) -> bool:
        """Whether the zip itself is called as a person of the list is, who may have chosen all the names in it."""
        name = (inside.rsplit("/", 1)[-1] or self._zip).rsplit(".", 1)[0]
        return bool(name) and self._wishes.known(name)

    def _downloads(self, zips: list[tuple[Item, list[Item]]], inside: str, alone: bool) -> list[Item]:
        """Return which zips are downloads of a class. Among others' work none is: a zip there is one student's, who chose the names in it.

        alone: no notebook lies beside the zips.
        """
        if self._wishes.layout.partition("=")[0] in (FOLDERS, FILES, ONE):
            return []
        found = {id(item): self._found([one for one in within if not _is_litter(one.path)], self._wishes.layout) for item, within in zips}
        if not alone or not all(found.values()):
            return [item for item, _ in zips] if self._wishes.layout else []
        for item, _ in zips:
            readings = found[id(item)]
            if not self._wishes.layout and all(len(one.people) == 1 for one in readings) and not layouts.looks_like_a_download(item.name[:-4]):
                shown = f"{as_shown(item.path)}, with names as in {readings[0].title}, may be a download or a student's own zip"
                raise layouts.Ambiguous(f"{shown}; nothing was taken until you say --layout {readings[0].layout} or folders")
        return [item for item, _ in zips]

    def _whose(self) -> whose.Way | None:
        """Return whose the files are that no LMS marked. Raises Ambiguous if that can be read in several ways."""
        if not self._plain:
            return None
        student = self._wishes.student
        wanted = ONE if student else self._wishes.layout if self._wishes.layout.partition("=")[0] in (FOLDERS, FILES, ONE) else ""
        source = f"{student}.zip" if student else self._zip
        if wanted == ONE and not source:
            raise layouts.Ambiguous("whose it is it does not say; say --student instead of --layout one")
        ways = whose.ways([file for file, _, _ in self._plain], source, self._lessons, wanted, self._wishes.known)
        if len(ways) > 1:
            raise layouts.Ambiguous(_said(map(str, ways)))
        return ways[0]

    def _by_name(self, way: whose.Way | None, on_disk: bool) -> list[Parcel]:
        merged: dict[tuple[str, str, bool], Parcel] = {}
        for file, inside, item in self._plain:
            if item.problem:
                continue
            name = way.of[file]
            shown = self._where(inside, "/".join(file.folders))
            one = merged.setdefault((name or shown, inside, bool(name)), Parcel(shown, Sender(PLAIN, name) if name else None, on_disk=on_disk and not inside))
            one.items.append(item)
        return [parcel for parcel in merged.values() if parcel.items]

    def _open_zip(self, item: Item, inside: str, depth: int, bounds: Bounds) -> list[Item] | None:
        """Return the files in a zip that lies in the source; None, and a line that says why, if it cannot be opened."""
        here = _within(inside, item)
        try:
            if depth == DEEPEST:
                raise Refused(f"it is a zip within {DEEPEST} zips")
            return self._items(self._opened_again(item, bounds), here, lambda entry: self._opened_again(item, bounds).read(entry))
        except (Refused, Unreadable) as reason:
            self._left.append(Unplaced(as_shown(self._where(here)), str(reason), [self._where(here)]))
            return None

    def _opened_again(self, item: Item, bounds: Bounds) -> Archive:
        """Return a zip within the source, open; one at a time is, so that a class's zips fill neither memory nor the table of open files."""
        if self._last is None or self._last[0] is not item:
            self._last = (item, Archive(item.open() if item.open else io.BytesIO(item.read()), bounds, self._wishes.encoding))
        return self._last[1]

    def _items(self, archive: Archive, here: str, read: Callable[[Entry], bytes]) -> list[Item]:
        items = []
        for entry in archive.entries:
            if entry.unknown:
                items.append(Item(entry.path, entry.modified, lambda: b"", problem=entry.problem))
            elif entry.problem:
                self._left.append(Unplaced(f"{self._where(here)} / {as_shown(entry.path)}", entry.problem, [self._where(here, entry.path)]))
            else:
                items.append(Item(entry.path, entry.modified, lambda entry=entry: read(entry), entry.info.file_size))
        return items

    def _where(self, *inner: str) -> str:
        return " / ".join(filter(None, [self._shown, *inner]))


def _said(ways: Iterable[str]) -> str:
    return f"it can be read {', or '.join(ways)}; nothing of it was taken until you say which"


def _within(inside: str, item: Item) -> str:
    return "/".join(filter(None, [inside, item.path]))


def _is_litter(path: str) -> bool:
    return any(part in LITTER or re.match(r"\.(?!\.)", part) for part in path.split("/"))


def as_shown(path: str) -> str:
    """Return a stranger's path as a terminal can show it."""
    return path[:120] if path.isprintable() else ascii(path)[1:-1][:120]


def _in_folder(folder: Path, refused: list[Unplaced]) -> list[Item]:
    """List the regular files below a folder, sorted; links are named and never followed."""
    items: list[Item] = []
    for path, place in _walk(folder):
        try:
            about = os.stat(place, follow_symlinks=False)
        except OSError:
            continue
        problem = "it is not a regular file; links are not followed" if not stat.S_ISREG(about.st_mode) else ""
        if problem or (wrong := path_problem(path)):
            refused.append(Unplaced(f"{folder.name} / {as_shown(path)}", problem or f"its name {wrong}", [f"{folder.name} / {path}"]))
        else:
            changed = datetime.fromtimestamp(about.st_mtime)
            items.append(Item(path, changed, lambda place=place: _read(place), about.st_size, open=lambda place=place: _open(place)))
        if len(items) > OF_A_CLASS.entries:
            raise Refused(f"{folder} holds more than {OF_A_CLASS.entries:,} files; name the folder of the submissions")
    return items


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
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
