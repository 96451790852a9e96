"""The edition of the grader: all that a verdict depends on besides its job."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.engine.kernel import data_folder

# The rooms whose code runs while a submission is graded.
ROOMS = ("checks", "engine", "lab")
PACKAGES = ("tensorflow", "keras", "numpy", "tensorflow-datasets", "ipykernel", "ipython")
LARGE = 64 * 1024**2  # bytes; of a larger file of data, a whole film archive for example, the beginning and the size are enough


@cache
def edition() -> str:
    """Return a sha256, in hex, of the grader's own code, the course's data, and the versions of what they build on.

    Two machines with the same edition reach the same verdicts, training on other hardware aside. It is worked
    out once in a process: code that is changed meanwhile is not what runs.
    """
    told = ["Python " + ".".join(platform.python_version_tuple()[:2]), *(f"{name} {_version(name)}" for name in PACKAGES)]
    told += [f"{room} {code(room)}" for room in ROOMS]
    data = data_folder()
    # tensorflow-datasets reads what lies in NAME/VERSION/; the documents and builders beside it are for people.
    files = sorted(path for path in Path(data).glob("*/*.*.*/**/*") if path.is_file()) if data else []
    told += [f"{path.relative_to(data).as_posix()} {_digest(path)}" for path in files]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@cache
def code(room: str) -> str:
    """Return a sha256, in hex, of the files of one of the grader's rooms, for example "checks"."""
    folder = Path(__file__).parents[1] / room
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return hashlib.sha256("\n".join(f"{path.relative_to(folder).as_posix()} {_digest(path)}" for path in files).encode()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"{path.stat().st_size} {hashlib.sha256(file.read(LARGE)).hexdigest()}"
