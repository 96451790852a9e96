"""Take in the files of a submission that may matter, and nothing that could hurt whoever reads them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from grader.engine.files import plain_path_problem

from .reading import Unreadable, read_bytes


RECEIPTS = "receipts/"  # grading needs them, so no other file may use up the caps before


@dataclass(frozen=True)
class Caps:
    """How much one submission may bring: bytes for one file and for all, number, depth of folders."""

    file: int = 64 * 1024 * 1024
    total: int = 256 * 1024 * 1024
    number: int = 200
    entries: int = 5000
    depth: int = 4


@dataclass
class TakenIn:
    """`files`: relative posix path → bytes, in sorted order. `notes`: what was left out, in plain words."""

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def take_in(folder: str | Path, caps: Caps = Caps()) -> TakenIn:
    """Read a submission's folder: regular files with plain names, within `caps`, receipts first.

    Notebooks, timestamps and hidden files are passed over in silence; links, pipes,
    devices, odd names and files over the caps are reported and never opened or followed.
    """
    taken, total = TakenIn(), 0
    names: set[str] = set()  # folded, of files and of the folders they lie in: macOS takes "A" and "a" for one
    folders: set[str] = set()
    for path, entry in _walk(Path(folder), caps, taken.notes):
        if entry.name.endswith(".ipynb") or path == "timestamp.txt":
            continue
        folded = path.casefold()
        above = {folded[:i] for i, letter in enumerate(folded) if letter == "/"}
        if folded in names | folders or above & names:
            taken.notes.append(f"`{path}` was left out: another file's name differs only in upper and lower case.")
        elif len(taken.files) == caps.number:
            taken.notes.append(f"Only the first {caps.number} files were taken in.")
            break
        else:
            try:
                content = read_bytes(entry.path, min(caps.file, caps.total - total))
            except Unreadable as reason:
                taken.notes.append(f"`{path}` was left out: {reason}.")
            else:
                taken.files[path] = content
                names.add(folded)
                folders |= above
                total += len(content)
    return taken


def _walk(root: Path, caps: Caps, notes: list[str]):
    """Yield (path, entry) for each regular file below `root`, receipts first, then sorted; never through a link."""
    seen, folders = 0, [("", root)]
    receipts = root / RECEIPTS
    if os.path.isdir(receipts) and not os.path.islink(receipts):
        folders.insert(0, (RECEIPTS, receipts))
    while folders:
        prefix, folder = folders.pop(0)
        below = []
        try:
            with os.scandir(folder) as found:
                entries = []
                for entry in found:
                    seen += 1
                    if seen > caps.entries:
                        notes.append(f"The folder holds more than {caps.entries} entries; the rest were left out.")
                        return
                    entries.append(entry)
        except OSError:
            if prefix:
                notes.append(f"The folder `{prefix}` could not be opened.")
            continue
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = prefix + entry.name
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            if problem := plain_path_problem(path):
                notes.append(f"{ascii(path[:100])} was left out: its name {problem}.")
            elif entry.is_symlink():
                notes.append(f"`{path}` was left out: it is a link.")
            elif entry.is_dir(follow_symlinks=False):
                if path.count("/") + 1 >= caps.depth:
                    notes.append(f"The folder `{path}` was left out: it lies too deep.")
                elif path + "/" != RECEIPTS:
                    below.append((path + "/", Path(entry.path)))
            elif entry.is_file(follow_symlinks=False):
                yield path, entry
            else:
                notes.append(f"`{path}` was left out: it is not a regular file.")
        folders = below + folders if prefix.startswith(RECEIPTS) else folders + below

