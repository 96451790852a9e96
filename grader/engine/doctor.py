"""Examines whether this machine can grade: each finding says in a sentence what is so, and what to do."""

from __future__ import annotations

import glob
import importlib.util
import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from grader.engine import sandbox
from grader.engine.machine import cores
from grader.engine.sandbox import Isolation

GiB = 1024**3
# One worker: TensorFlow imported once, a student's process and a referee that compute, and scratch.
WORKER_BYTES = 2 * GiB
LEAST_DISK_BYTES = 2 * GiB
EXTRAS = ("jupyter", "instructor")  # what grading needs beside the course itself
WALLS = {
    "network": "submissions reach no network",
    "system": "submissions see a read-only system",
    "processes": "submissions see no process but their own",
    "limits": "limits on memory and processes hold",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    what: its name, a word or two.
    ok: whether grading can go on with it as it is.
    says: one sentence on how it is.
    todo: what to do, "" where nothing is to be done. Where `ok`, it is advice.
    """

    what: str
    ok: bool
    says: str
    todo: str = ""


def examine(root: Path, isolation: Isolation | None = None) -> list[Finding]:
    """Look at this machine and the course in `root`; takes about a second and changes nothing.

    isolation: what grading would use; the default is `Isolation.default()`. Raises ValueError
    where GRADER_ISOLATION is set to what is not known.
    """
    isolation = isolation or Isolation.default()
    return [
        *versions(root),
        byte_code(),
        *walls(isolation),
        capacity(),
        disk(),
        gpu(isolation),
        configuration(root),
        data(root),
    ]


def versions(root: Path) -> Iterator[Finding]:
    """Python and packages against the ranges in the course's pyproject.toml."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except FileNotFoundError:
        says = f"{root} is not the course's folder: it has no pyproject.toml."
        yield Finding("course", False, says, "Name the course's folder with --root.")
        return
    except (OSError, ValueError, KeyError) as error:
        says = f"The ranges of versions cannot be read: {type(error).__name__}: {error}."
        yield Finding("course", False, says, "Get the course's pyproject.toml again.")
        return
    python = ".".join(str(part) for part in sys.version_info[:3])
    wanted = project["requires-python"]
    if python in SpecifierSet(wanted):
        yield Finding("Python", True, f"Python {python} is in the range {wanted}.")
    else:
        todo = "Make a new environment with a Python in that range: make install PYTHON=python3.12."
        yield Finding("Python", False, f"Python {python} is not in the range {wanted}.", todo)

    extras = project.get("optional-dependencies", {})
    lines = project["dependencies"] + [line for extra in EXTRAS for line in extras.get(extra, [])]
    needed = [Requirement(line) for line in lines]
    needed = [one for one in needed if one.name != project["name"] and _applies(one)]
    wrong = [problem for problem in map(_wrong_version, needed) if problem]
    if wrong:
        says = f"Of {len(needed)} packages {len(wrong)} do not fit: {'; '.join(wrong)}."
        todo = f"{sys.executable} -m pip install -c requirements.lock -e '.[instructor]'"
        yield Finding("packages", False, says, f"In the course's folder: {todo}")
    else:
        yield Finding("packages", True, f"All {len(needed)} packages are in their ranges.")


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


def _wrong_version(requirement: Requirement) -> str:
    """What is wrong with an installed package, "" if it fits."""
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return f"{requirement.name} is missing"
    if requirement.specifier.contains(found, prereleases=True):
        return ""
    return f"{requirement.name} {found} is not {requirement.specifier}"


def byte_code() -> Finding:
    """Whether TensorFlow was byte-compiled when it was installed."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or not spec.origin:
        return Finding("byte code", False, "TensorFlow is not installed.", "Run make install.")
    folder = Path(spec.origin).parent
    sources = [Path(spec.origin), *sorted((folder / "python" / "framework").glob("*.py"))]
    bare = [one for one in sources if not Path(importlib.util.cache_from_source(str(one))).exists()]
    if not bare:
        return Finding("byte code", True, "TensorFlow is byte-compiled.")
    says = "TensorFlow is not byte-compiled, so each start of a worker compiles it anew."
    todo = f"env -u PYTHONDONTWRITEBYTECODE {sys.executable} -m compileall -q {folder}"
    return Finding("byte code", True, says, todo)


def walls(isolation: Isolation) -> Iterator[Finding]:
    """Each wall of the sandbox, tried in a room that is made for it."""
    if isolation.kind == "none":
        todo = "Leave out --isolation none, or unset GRADER_ISOLATION, to see whether isolation works here."
        yield Finding("isolation", True, " ".join(sandbox.WHAT_IS_LOST), todo)
        return
    why, todo = sandbox.diagnose(isolation)
    if why:
        yield Finding("isolation", False, f"{_capital(why)}.", todo)
        return
    found = sandbox.walls(isolation, with_limits=True)
    if "room" in found:  # it went well a moment ago
        yield Finding("isolation", False, f"{_capital(found['room'])}.", "Try again.")
        return
    yield Finding("isolation", True, "bubblewrap works, and rooms can be made in it.")
    for wall, good in WALLS.items():
        hole = found.get(wall, "it was not tried")
        if hole:
            yield Finding(wall, False, f"It is not so that {good}: {hole}.", "Do not grade strangers' work here.")
        else:
            yield Finding(wall, True, f"{_capital(good)}.")
    yield memory(found.get("counted by", ""))


def memory(counted_by: str) -> Finding:
    """Who counts what submissions use: the kernel, in a control group for each, or the grader."""
    if counted_by == "the kernel":
        return Finding("memory", True, "The kernel counts the memory of each submission, its own for it included, in a control group.")
    why = sandbox.why_no_groups() or "a room could not be put into one"
    says = f"The grader counts the memory of submissions itself, because control groups cannot be used here: {why}."
    todo = "To have the kernel count: systemd-run --user --scope --property=Delegate=yes grader autograde ..., or grade as root on a machine with control groups of version 2."
    return Finding("memory", True, says, todo)


def capacity() -> Finding:
    """Cores and memory, and how many workers they carry."""
    memory = psutil.virtual_memory().total
    workers = min(cores(), memory // WORKER_BYTES)
    says = f"{cores()} cores and {memory / GiB:.1f} GiB of memory"
    if workers >= 1:
        return Finding("capacity", True, f"{says} carry {workers} worker{'s' * (workers != 1)}.")
    todo = f"Grade on a machine with {WORKER_BYTES // GiB} GiB or more."
    return Finding("capacity", False, f"{says} are too little for a worker.", todo)


def disk() -> Finding:
    """Free space where the workers' desks are made."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    says = f"{free / GiB:.1f} GiB are free in {folder}."
    todo = "" if free >= LEAST_DISK_BYTES else "Free some space, or set TMPDIR to a folder with more."
    return Finding("disk", not todo, says, todo)


def gpu(isolation: Isolation) -> Finding:
    """NVIDIA device nodes, and whether submissions would see them."""
    nodes = sorted(glob.glob("/dev/nvidia[0-9]*"))
    if not nodes:
        says = "No NVIDIA device is here: submissions are graded on the CPU."
        todo = "Grade without --gpu." if isolation.gpu else ""
        return Finding("GPU", not isolation.gpu, says, todo)
    if not all(os.access(node, os.R_OK | os.W_OK) for node in nodes):
        says = f"{', '.join(nodes)} cannot be opened by you."
        todo = "Add yourself to the group that owns them, and log in again." if isolation.gpu else ""
        return Finding("GPU", not isolation.gpu, says, todo)
    seen = "are let into the sandbox" if isolation.gpu else "stay outside of the sandbox; --gpu lets them in"
    return Finding("GPU", True, f"{', '.join(nodes)} {seen}.")


def configuration(root: Path) -> Finding:
    """nbgrader's configuration, which makes it use this grader."""
    if (root / "nbgrader_config.py").is_file():
        return Finding("nbgrader", True, "nbgrader_config.py is in the course's folder.")
    says = f"There is no nbgrader_config.py in {root}."
    return Finding("nbgrader", False, says, "Run this in the course's folder, or name it with --root.")


def data(root: Path) -> Finding:
    """The course's data: the checksums file, and each file that it lists."""
    folder = Path(os.environ.get("RNN_COURSE_DATA") or root / "data")
    todo = "Get the course's data/ folder again, whole, or point RNN_COURSE_DATA at it."
    try:
        lines = (folder / "CHECKSUMS").read_text(encoding="utf-8").splitlines()
    except OSError:
        return Finding("data", False, f"{folder} has no CHECKSUMS: it is not the course's data.", todo)
    names = [line.split(maxsplit=1)[1] for line in lines if len(line.split(maxsplit=1)) == 2]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing or not names:
        first = f", the first is {missing[0]}" if missing else ""
        return Finding("data", False, f"Of {len(names)} files in {folder} {len(missing)} are missing{first}.", todo)
    return Finding("data", True, f"All {len(names)} files of data are in {folder}.")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
