"""The folder one worker works in: at the same place for every submission, empty for each."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.engine.files import place_files

# A unix socket's path may have 103 bytes on macOS, 107 on Linux.
MAX_SOCKET_PATH = 103
ROLES = ("student", "referee")
PREFIX, LOCK = "grader-desk-", "in-use"


@dataclass(frozen=True)
class Room:
    """One kernel's part of the desk.

    files/ holds what is laid beside the notebook, run/ the kernel's connection file and
    sockets. In the sandbox a kernel has a scratch folder of its own and sees nothing of
    this folder; without one it works in the folder itself: files/, home/ and tmp/.
    """

    root: Path

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def connection_file(self) -> Path:
        return self.run / "kernel.json"


class Desk:
    """A room for the student's kernel and one for the referee's; home/ and tmp/ for the warm process.

    `clear` gives each submission an empty room. A desk is locked as long as its process
    lives; one whose process was killed is removed by the next that is made beside it.
    """

    def __init__(self):
        self.root, self._lock = _new_and_locked()
        _remove_abandoned(self.root.parent)
        self.home = self.root / "home"
        self.temporary = self.root / "tmp"
        self.student, self.referee = (Room(self.root / role) for role in ROLES)
        self.clear()

    def clear(self, seated: bool = False) -> None:
        """Empty it. Raises FileExistsError if something stays: nothing is ever inherited.

        seated: a referee stays in its room, where nothing of a submission is ever laid.
        """
        rooms = [self.student] if seated else [self.student, self.referee]
        for folder in (self.home, self.temporary, *(room.root for room in rooms)):
            _remove(folder)
            folder.mkdir(mode=0o700)
        for room in rooms:
            for folder in (room.files, room.run, room.home, room.temporary):
                folder.mkdir(mode=0o700)

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Put a submission's files where the student's kernel will find them, and only there."""
        place_files(files, self.student.files)

    def close(self) -> None:
        """Remove it."""
        _remove(self.root)
        os.close(self._lock)


def _new_and_locked() -> tuple[Path, int]:
    """A new folder, and the lock that holds it. One that another grader took for abandoned before it was locked is left to it."""
    while True:
        root = tempfile.mkdtemp(prefix=PREFIX)
        if len(os.fsencode(root)) + len("/student/run/kernel-ipc-9") > MAX_SOCKET_PATH:
            os.rmdir(root)
            root = tempfile.mkdtemp(prefix=PREFIX, dir="/tmp")
        desk = Path(root).resolve()
        try:
            lock = _locked(desk)
        except (BlockingIOError, FileNotFoundError):
            continue
        if os.fstat(lock).st_nlink:
            return desk, lock
        os.close(lock)


def _locked(desk: Path) -> int:
    """Hold the desk; raises OSError if another process does."""
    lock = os.open(desk / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _remove_abandoned(folder: Path) -> None:
    """Remove the desks in `folder` that a killed grader left. What is not ours, or in use, stays."""
    for desk in folder.glob(f"{PREFIX}*"):
        try:
            if (desk / LOCK).lstat().st_uid != os.geteuid():
                continue
            lock = _locked(desk)
        except OSError:
            continue
        try:
            _remove(desk)
        except (OSError, subprocess.SubprocessError):
            pass
        os.close(lock)


def _remove(path: Path) -> None:
    """Remove whatever a submission left at `path`, without following links."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except (OSError, RecursionError):
        # Folders made unwritable, or nested deeper than Python's recursion goes.
        subprocess.run(["chmod", "-R", "u+rwX", path], stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", path], check=True)
