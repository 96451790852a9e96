"""Put a submission in its place as a whole: whenever it is interrupted, the old one is there or the new one, and the old one is kept."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.nbgrader_plugins.files import take_in
from grader.nbgrader_plugins.handed_in import notebooks_in
from grader.nbgrader_plugins.reading import LARGEST, Unreadable, read_bytes

TIMESTAMP = "timestamp.txt"
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2


def digest(files: Mapping[str, bytes]) -> str:
    """Return what tells two submissions apart: their files, but not when they came."""
    whole = hashlib.sha256()
    for path in sorted(files):
        if path != TIMESTAMP:
            whole.update(f"{len(path.encode())} {path} {len(files[path])} ".encode() + files[path])
    return whole.hexdigest()


def contents(folder: Path) -> dict[str, bytes]:
    """Return what lies in a submission's folder as far as it can be taken in; links and pipes are never opened."""
    files = dict(take_in(folder).files)
    for path in notebooks_in(folder):
        try:
            files[path.name] = read_bytes(path, 4 * LARGEST)
        except Unreadable:
            continue
    return files


def stamp(folder: Path, text: bytes) -> None:
    """Put right when a submission was handed in; its files stay as they are."""
    new = folder / f".{TIMESTAMP}.new"
    new.unlink(missing_ok=True)
    with open(new, "xb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, folder / TIMESTAMP)
    _sync(folder)


def place(folder: Path, files: Mapping[str, bytes], kept: Path) -> None:
    """Make `folder` hold exactly these files. What it held before goes to `kept`, which must not exist yet.

    The names are trusted: plain relative paths.
    """
    new = folder.with_name(f".{folder.name}.new")
    _put_aside(new, kept.with_name(f"{kept.name}-interrupted"))
    for path, content in files.items():
        target = new / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    if not os.path.lexists(folder):
        os.rename(new, folder)
    else:
        _exchange(new, folder)
        _put_aside(new, kept)
    _sync(folder.parent)


def recover(submitted: Path, kept: Path) -> list[Path]:
    """Finish what an interrupted run left between two steps; return where it was put. Nothing is thrown away."""
    found = []
    for left in sorted(submitted.glob("*/.*.old")):
        folder = left.with_name(left.name[1:].removesuffix(".old"))
        if os.path.lexists(folder):
            _put_aside(left, kept / left.parent.name / f"{folder.name}-interrupted")
        else:
            os.rename(left, folder)
    for left in sorted(submitted.glob("*/.*.new")):
        place = _put_aside(left, kept / left.parent.name / f"{left.name[1:].removesuffix('.new')}-interrupted")
        found += [place] if place else []
    return found


def _put_aside(folder: Path, where: Path) -> Path | None:
    """Move a folder to `where`, or beside it if something is there."""
    if not os.path.lexists(folder):
        return None
    where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target, number = where, 1
    while os.path.lexists(target):
        number += 1
        target = where.with_name(f"{where.name}-{number}")
    shutil.move(folder, target)
    return target


def _exchange(new: Path, old: Path) -> None:
    """Let two folders change places: at once where the system can do it, else in two steps between which `recover` knows what to do."""
    if sys.platform == "linux":
        renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        if renameat2 is not None:
            if renameat2(_HERE, os.fsencode(new), _HERE, os.fsencode(old), _EXCHANGE) == 0:
                return
            if ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(old))
    aside = old.with_name(f".{old.name}.old")
    os.rename(old, aside)
    os.rename(new, old)
    os.rename(aside, new)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
