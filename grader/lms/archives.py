"""Read zips that strangers made: every name is plain and every size bounded before a byte is unpacked."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from grader.engine.files import plain_path_problem
from grader.nbgrader_plugins.files import Caps

CAPS = Caps()  # what one submission may bring, as the grader itself will take it in
RATIO = 200  # how many times its packed size a file, or a whole zip, may come to
PAGES = ("cp850", "cp852", "cp866", "cp932", "cp936", "cp949", "cp950", "cp437")  # in which Windows packs names, by language
SMALL = 1_000_000  # bytes: below it no ratio is asked for
KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a bound


class Refused(ValueError):
    """An archive, or a file in one, that is not taken. The message is one plain clause."""


@dataclass(frozen=True)
class Bounds:
    """How much a zip may hold: entries, bytes of their list, bytes of one file and of all."""

    entries: int
    listing: int
    file: int
    total: int


OF_A_CLASS = Bounds(entries=100_000, listing=32 * 1024**2, file=CAPS.total, total=64 * 1024**3)
OF_A_STUDENT = Bounds(entries=CAPS.entries, listing=2 * 1024**2, file=CAPS.file, total=CAPS.total)


@dataclass(frozen=True)
class Entry:
    """A regular file in a zip; `modified` is what the zip says, without a time zone. `problem` says why it cannot be read.

    unknown: the problem is the code page of its name.
    """

    path: str
    modified: datetime | None
    problem: str
    info: zipfile.ZipInfo
    unknown: bool = False


class Archive:
    """A zip, its list of files checked. Raises Refused for what is no complete zip, or holds too much."""

    def __init__(self, file: BinaryIO, bounds: Bounds, encoding: str = ""):
        self._bounds = bounds
        guarded = _Guarded(file, bounds.listing)
        try:
            self._zip = zipfile.ZipFile(guarded)
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise Refused(str(error) if isinstance(error, Refused) else _no_zip(file)) from None
        guarded.most = None
        found = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(found) > bounds.entries:
            raise Refused(f"it holds {len(found):,} files; {bounds.entries:,} are taken")
        total = sum(info.file_size for info in found)
        if total > bounds.total:
            raise Refused(f"it unpacks to {total / 1e6:,.0f} MB; {bounds.total / 1e6:,.0f} MB are taken")
        size = file.seek(0, 2)
        if total > max(SMALL, RATIO * size):
            raise Refused(f"it unpacks to more than {RATIO} times its size")
        self.entries = [_entry(info, bounds, encoding) for info in found]

    def read(self, entry: Entry) -> bytes:
        """Return a file's content. Raises Refused if it is not what the zip's list says, or is more than may be."""
        if entry.problem:
            raise Refused(entry.problem)
        try:
            with self._zip.open(entry.info) as file:
                content = file.read(self._bounds.file + 1)  # which ends at the declared size, and then checks the sum
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
            raise Refused("it is damaged inside the zip") from None
        if len(content) != entry.info.file_size:
            raise Refused("it is damaged inside the zip")
        return content


class _Guarded:
    """A file of which no more than `most` bytes are read at once: zipfile reads a zip's whole list, however long it is said to be."""

    def __init__(self, file: BinaryIO, most: int | None):
        self._file, self.most = file, most

    def read(self, size: int = -1) -> bytes:
        if self.most is None:
            return self._file.read(size)
        content = self._file.read(self.most + 1 if size < 0 else min(size, self.most + 1))
        if len(content) > self.most:
            raise Refused("its list of files is longer than any class needs")
        return content

    def __getattr__(self, name: str):
        return getattr(self._file, name)


def tidy(path: str) -> str:
    """Return a path as people see it: composed letters, and none of the invisible marks that steer the direction of writing."""
    return "".join(letter for letter in unicodedata.normalize("NFC", path) if unicodedata.category(letter) != "Cf")


def path_problem(path: str) -> str:
    """Why a path says where to write instead of what a file is called, or ""; a long name is no problem: nothing is written under it."""
    return plain_path_problem("/".join(part[:40] for part in path.split("/")))


def _entry(info: zipfile.ZipInfo, bounds: Bounds, encoding: str) -> Entry:
    name = _decoded(info, encoding)
    path = tidy(name)
    if "\\" in path and "/" not in path:
        path = path.replace("\\", "/")  # as some programs of Windows pack folders
    try:
        modified = datetime(*info.date_time) if info.date_time > (1980, 1, 1, 0, 0, 0) else None
    except ValueError:
        modified = None
    unknown = "" if encoding or info.flag_bits & 0x800 or name != info.filename or _western(name) else _readings(info.filename)
    wrong = _problem(path, info, bounds)
    return Entry(path, modified, unknown or wrong, info, bool(unknown) and not wrong)


def _decoded(info: zipfile.ZipInfo, encoding: str) -> str:
    """Return an entry's name. Without the flag for UTF-8 it should be in code page 437; macOS writes UTF-8 all the same, Windows its own page."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for one in ("utf-8", encoding):
        try:
            return raw.decode(one) if one else info.filename
        except UnicodeError:
            continue
    return info.filename


def _western(name: str) -> bool:
    """Whether code page 437 reads well: Latin letters only, few of them accented. `Zoë` is one; a Russian name is none."""
    foreign = [letter for letter in name if not letter.isascii()]
    latin = all(unicodedata.name(letter, "").startswith("LATIN") and letter.lower() not in "æªº" for letter in foreign)
    return latin and 2 * len(foreign) <= sum(map(str.isalpha, name.rsplit(".", 1)[0]))


def _readings(name: str) -> str:
    """Say what a name of an unknown code page may be: which it is, only the person who knows the class can tell."""
    readings = {}
    for page in PAGES:
        try:
            readings.setdefault(name.encode("cp437").decode(page), page)
        except UnicodeError:
            continue
    shown = ", ".join(f"{page} {text[:40]}" for text, page in readings.items() if text.isprintable())
    return f"its name is in a code page of Windows, which the zip does not name; say --encoding, of {shown}"


def _problem(path: str, info: zipfile.ZipInfo, bounds: Bounds) -> str:
    if wrong := path_problem(path):
        return f"its name {wrong}"
    if "\0" in info.orig_filename:
        return "its name holds a NUL"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a link"
    if kind not in (0, stat.S_IFREG):
        return "it is not a regular file"
    if info.flag_bits & 1:
        return "it is encrypted; ask for it without a password"
    if info.compress_type not in KNOWN:
        return "it is packed in a rare way; ask for an ordinary zip"
    if info.file_size > bounds.file:
        return f"it is larger than {bounds.file / 1e6:.0f} MB"
    if info.file_size > max(SMALL, RATIO * info.compress_size):
        return f"it unpacks to more than {RATIO} times its size"
    return ""


def _no_zip(file: BinaryIO) -> str:
    file.seek(0)
    if file.read(4) == b"PK\x03\x04":
        return "it is an incomplete zip: it was cut off, or is damaged; download it again"
    return "it is not a zip"


def in_utc(moment: datetime) -> datetime:
    """Return a time as UTC; one without a zone, as zips and most LMSs write it, is taken to be this machine's."""
    return moment.astimezone(UTC)
