"""Make the environments that stand for Colab: the versions that it publishes, and the newest that the course allows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as canonical

from tools.colab_trial import ROOT

FREEZE = ROOT / "tests" / "colab" / "freeze.txt"
# What the course or a notebook imports, and what runs a notebook's kernel.
IMPORTED = ["tensorflow", "keras", "tensorflow-datasets", "importlib_resources", "numpy", "matplotlib", "babel", "packaging", "ipykernel", "ipython"]
PYTHONS = ("3.13", "3.12", "3.11")  # in the order in which they stand for Colab's


class NoEnvironment(Exception):
    """No interpreter that the course works with, or no packages; the message says what to do."""


def date() -> str:
    """The day of Colab's list, as its first line has it."""
    return re.search(r"\d{4}-\d\d-\d\d", FREEZE.read_text(encoding="utf-8"))[0]


def published() -> dict[str, str]:
    """Colab's list: a package's name → its version."""
    lines = FREEZE.read_text(encoding="utf-8").splitlines()
    return {canonical(name): version for line in lines if not line.startswith("#") for name, _, version in [line.partition("==")]}


def python(wished: str | None = None) -> str:
    """An interpreter that can make environments: the wished one, else the first of 3.13, 3.12 and 3.11 that is here."""
    folders = sorted(Path.home().glob(".pyenv/versions/*/bin"), reverse=True)
    names = [wished] if wished else [f"python{version}" for version in PYTHONS]
    for name in names:
        for candidate in [shutil.which(name), *(str(folder / name) for folder in folders)]:
            if candidate and version(candidate) in PYTHONS:
                return candidate
    if not wished and version(sys.executable) in PYTHONS:
        return sys.executable
    raise NoEnvironment(f"{wished or 'Python 3.13, 3.12 or 3.11'} was not found, or cannot make virtual environments. Name one with --python.")


def make(kind: str, folder: Path, interpreter: str, tell: Callable[[str], None] = print) -> Path:
    """The environment `kind`, "published" or "newest", in `folder`; returns its interpreter. One that is finished is taken up again.

    Raises NoEnvironment, after pip has said why, where something cannot be installed.
    """
    mark, found = folder / "finished", folder / "bin" / "python"
    wanted = f"{kind}, Python {version(interpreter)}, {published() if kind == 'published' else _ranges()}"
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted and version(str(found)):
        return found
    shutil.rmtree(folder, ignore_errors=True)
    tell(f"making the environment {folder}")
    subprocess.run([interpreter, "-m", "venv", str(folder)], check=True)
    {"published": _as_published, "newest": _newest}[kind](found)
    mark.write_text(wanted, encoding="utf-8")
    return found


def _as_published(interpreter: Path) -> None:
    """Install what is imported, and all that it depends on, as Colab's list has it and whatever pip thinks of the combination."""
    versions, here = published(), {**default_environment(), **_markers(interpreter)}
    wanted, done = {(name, "") for name in ["pip", *map(canonical, IMPORTED)] if name in versions}, set()
    while wanted - done:
        names = sorted({name for name, _ in wanted} - {name for name, _ in done})
        if names:
            _pip(interpreter, "--no-deps", *(f"{name}=={versions[name]}" for name in names))
        done |= wanted
        for name, extra in _needed(interpreter, done, here):
            if name in versions:  # what Colab lacks is lacking here as well
                wanted.add((name, extra))


def _newest(interpreter: Path) -> None:
    """Install the newest of all that the course's ranges and those of its dependencies allow."""
    _pip(interpreter, "--upgrade", "pip", *_ranges(), "ipykernel", "ipython", "packaging")


def _ranges() -> list[str]:
    from grader import colab

    return colab.requirements()


def _needed(interpreter: Path, installed: set[tuple[str, str]], here: dict[str, str]) -> set[tuple[str, str]]:
    """What the installed packages, each with an extra of it or none, say that they need: names and extras."""
    said, found = _requirements(interpreter, sorted({name for name, _ in installed})), set()
    for name, extra in installed:
        for requirement in map(Requirement, said[name]):
            if requirement.marker is None or requirement.marker.evaluate({**here, "extra": extra}):
                found |= {(canonical(requirement.name), wished) for wished in {"", *requirement.extras}}
    return found


def _requirements(interpreter: Path, names: list[str]) -> dict[str, list[str]]:
    code = (
        "import importlib.metadata, json, sys\n"
        "print(json.dumps({name: importlib.metadata.requires(name) or [] for name in json.loads(sys.argv[1])}))"
    )
    said = subprocess.run([str(interpreter), "-c", code, json.dumps(names)], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def _markers(interpreter: Path) -> dict[str, str]:
    code = "import platform; print(platform.python_version())"
    version = subprocess.run([str(interpreter), "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    return {"python_full_version": version, "python_version": ".".join(version.split(".")[:2])}


def _pip(interpreter: Path, *arguments: str) -> None:
    command = [str(interpreter), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *arguments]
    if subprocess.run(command).returncode:
        raise NoEnvironment("The packages above could not be installed: is the package index within reach? Run the same command again.")


def version(interpreter: str) -> str | None:
    """3.13, say; None for what is no Python or cannot make virtual environments, as Debian's without python3-venv."""
    code = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([interpreter, "-c", code], capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
