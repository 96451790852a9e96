"""Which files a submission may bring, and how they are laid beside its notebook."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

MAX_FILES = 1_000
MAX_BYTES = 512 * 1024 * 1024
MAX_PATH_BYTES = 512
MAX_PART_BYTES = 200


def check_files(files: Mapping[str, bytes]) -> None:
    """Raise ValueError, naming the file, unless every path is plain and the whole is bounded."""
    if len(files) > MAX_FILES:
        raise ValueError(f"{len(files)} files: a submission may bring {MAX_FILES}")
    for path, data in files.items():
        problem = plain_path_problem(path)
        if problem:
            raise ValueError(f"file name {path!r} {problem}")
        if not isinstance(data, bytes):
            raise ValueError(f"file {path!r} must be bytes, not {type(data).__name__}")
    total = sum(len(data) for data in files.values())
    if total > MAX_BYTES:
        raise ValueError(f"{total:,} bytes of files: a submission may bring {MAX_BYTES:,}")

    # Folded, because macOS takes "A" and "a" for one file.
    folded = [path.casefold() for path in files]
    if len(set(folded)) != len(folded):
        raise ValueError("two file names differ only in upper and lower case")
    folders = {str(parent) for path in folded for parent in Path(path).parents}
    for path in folded:
        if path in folders:
            raise ValueError(f"file name {path!r} is also the name of a folder")


def plain_path_problem(path: object) -> str:
    """Why `path` is not a plain relative path with forward slashes, or "" if it is."""
    if not isinstance(path, str) or not path:
        return "is not a name"
    if not path.isprintable() or "\\" in path:
        return "holds a backslash or a character that cannot be printed"
    if path.startswith("/"):
        return "is absolute; give a path relative to the notebook"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "has an empty, '.' or '..' part; give a plain relative path"
    if len(path.encode()) > MAX_PATH_BYTES:
        return f"is longer than {MAX_PATH_BYTES} bytes"
    if any(len(part.encode()) > MAX_PART_BYTES for part in path.split("/")):
        return f"has a part longer than {MAX_PART_BYTES} bytes"
    return ""


def place_files(files: Mapping[str, bytes], folder: str | os.PathLike[str]) -> None:
    """Write `files` under `folder`, a folder that only the engine has touched so far."""
    for path, data in files.items():
        target = Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "xb") as file:
            file.write(data)
