"""Begin a lesson; on Colab make the machine ready first, with the standard library alone: Keras must not be imported before it is up to date."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
OWN = ("tensorflow", "numpy")  # Colab's own, built for its GPUs and for all else that is installed there: never replaced
COPIES = "RNN_COURSE_RECEIPTS_COPIES"  # lab.receipts keeps a second copy in the folder that this names
DRIVE = "drive"  # beside the notebook, as everybody mounts it: /content/drive
RESTART = "Choose Runtime → Restart session, then run this cell before any other."


def start(lesson: str, keep_on_drive: bool = False):
    """Begin `lesson`: on Colab make the machine ready, everywhere say which device trains. Returns the course's `checks` and `lab`.

    keep_on_drive: on Colab, whether what is trained is kept in Google Drive as well. Raises RuntimeError as `prepare` does.
    """
    if "google.colab" in sys.modules:
        prepare(lesson, keep_on_drive)
    from grader import checks, lab

    lab.start()
    return checks, lab


def prepare(lesson: str, keep_on_drive: bool = False) -> None:
    """Install what the course needs and Colab lacks, and keep receipts in Google Drive if that is wished.

    Run again it finds all in place and changes nothing. Raises RuntimeError, in one sentence that says what to do, where
    something cannot be installed or the session has to be restarted.
    """
    if wanted := missing():
        _install(wanted)
    if "keras" in sys.modules and sys.modules["keras"].__version__ != importlib.metadata.version("keras"):
        raise RuntimeError(f"Keras was already in use when the course brought it up to date. {RESTART}")
    if keep_on_drive:
        _keep_in_drive(lesson)
    print("Keep what you write here as well: choose File → Save a copy in Drive.")


def requirements() -> list[str]:
    """What the course needs in a notebook, as pip writes it."""
    return tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]


def missing() -> list[str]:
    """The course's requirements that are not met here, without those that Colab brings in whatever version."""
    from packaging.requirements import Requirement  # Keras needs it too, so it is there

    found = []
    for line in requirements():
        requirement = Requirement(line)
        version = _version(requirement.name)
        if version is None or not (requirement.name in OWN or requirement.specifier.contains(version, prereleases=True)):
            found.append(line)
    return found


def _install(wanted: list[str]) -> None:
    started = time.monotonic()
    own = {name: version for name in OWN if (version := _version(name))}
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.writelines(f"{name}=={version}\n" for name, version in own.items())
        constraints.flush()
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", "--constraint", constraints.name]
        done = subprocess.run([*pip, *wanted], capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise RuntimeError(f"{', '.join(wanted)} could not be installed: run this cell again in a minute. ({said})")
    importlib.invalidate_caches()
    now = [f"{name} {_version(name)}" for name in (re.match(r"[\w.-]+", line)[0] for line in wanted)]
    beside = f" beside Colab's TensorFlow {own['tensorflow']}" if "tensorflow" in own else ""
    print(f"Installed {', '.join(now)}{beside} in {time.monotonic() - started:.0f} s.")


def _keep_in_drive(lesson: str) -> None:
    """Fetch the lesson's receipts from Drive, bring it those it lacks, and have new ones copied there."""
    try:
        from google.colab import drive

        mount = Path(DRIVE).resolve()
        drive.mount(str(mount))
        folder = mount / "MyDrive" / "rnn-course" / lesson / "receipts"
        folder.mkdir(parents=True, exist_ok=True)
        back = _bring(folder, Path("receipts"))
        _bring(Path("receipts"), folder)
    except Exception as error:  # declined, not signed in, full: whatever it is, the lesson goes on without
        print(f"Google Drive cannot be used, so what you train stays on this machine: {error}")
        return
    os.environ[COPIES] = str(folder)
    print(f"What you train is kept in your Drive, in rnn-course/{lesson}. Receipts that came back from there: {back}.")


def _bring(source: Path, target: Path) -> int:
    """Copy the receipts that `target` lacks, or has in an older form; returns how many."""
    count = 0
    target.mkdir(exist_ok=True)
    for path in sorted(source.glob("*.npz")):
        there = target / path.name
        if path.name.startswith(".") or there.exists() and there.stat().st_mtime >= path.stat().st_mtime:
            continue
        shutil.copy2(path, target / f".{path.name}.tmp")
        os.replace(target / f".{path.name}.tmp", there)
        count += 1
    return count


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
