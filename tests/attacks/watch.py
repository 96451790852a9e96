"""Look for what an attack did besides its grade: connections, files, processes, things of the kernel's."""

from __future__ import annotations

import glob
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from .attack import REPOSITORY
from .canaries import MARK, SEGMENT

PATIENCE = 5.0  # seconds for processes to end after a submission

# Where anybody may write.
PLACES = {Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")}


class Listener:
    """Listens on the host's loopback, by TCP and UDP, and at an abstract unix socket: nobody may ever call.

    An abstract socket belongs to a network namespace, not to a folder; a process that shares ours can reach it.
    """

    def __init__(self):
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._sockets = [self._tcp, self._udp]
        if sys.platform == "linux":
            unix = socket.socket(socket.AF_UNIX)
            unix.bind(f"\0{MARK}-{self.port}")
            unix.listen()
            self._sockets.append(unix)
        self._heard: list[str] = []
        for one in self._sockets:
            threading.Thread(target=self._listen, args=[one], daemon=True).start()

    def _listen(self, one: socket.socket) -> None:
        while True:
            try:
                if one.type == socket.SOCK_DGRAM:
                    one.recv(10)
                else:
                    one.accept()[0].close()
            except OSError:
                return
            kind = "an abstract socket" if one.family == getattr(socket, "AF_UNIX", None) else "the loopback"
            self._heard.append(f"reached {kind} of the host")

    def heard(self) -> list[str]:
        """Return what was heard since the last question."""
        heard, self._heard = self._heard, []
        return sorted(set(heard))

    def close(self) -> None:
        for one in self._sockets:
            one.close()


class Watch:
    """Compares the machine after an attack with what it was before; `effects` says what is new.

    root: the course, where only `own` folders (names below submitted, autograded, feedback) and the gradebook may change.
    """

    def __init__(self, root: Path, listener: Listener, homes: Iterable[Path] = ()):
        self._root, self._listener = root, listener
        self._homes = {Path(pwd.getpwuid(os.getuid()).pw_dir), Path.home(), *homes}
        self._own = ""
        self._before: dict[str, str] = {}
        self._below = 0

    def begin(self, own: str) -> None:
        """Remember how things are. `own` is the attacker's student id."""
        self._own = own
        self._listener.heard()
        self._before = self._course()
        self._below = len(_below())

    def effects(self) -> list[str]:
        """Say, in words, what is not as it was."""
        return [*self._listener.heard(), *self._changed(), *_left(PLACES, self._root), *self._in_homes(), *self._lasting()]

    def _course(self) -> dict[str, str]:
        """Hash every file of the course that no grading of the attack changes."""
        known = {}
        for folder, names, files in os.walk(self._root):
            names[:] = [name for name in names if name != self._own]
            for name in files:
                path = Path(folder, name)
                if not name.startswith(("gradebook.db", ".nbgrader.log")):
                    known[str(path.relative_to(self._root))] = _digest(path)
        return known

    def _changed(self) -> Iterator[str]:
        now = self._course()
        for path in sorted(now.keys() | self._before.keys()):
            if now.get(path) != self._before.get(path):
                yield f"changed the course's {path}"

    def _in_homes(self) -> Iterator[str]:
        for home in self._homes:
            for path in (*home.glob("*"), *home.glob(".*/*"), *home.glob(".*/*/*")):
                if MARK in path.name:
                    yield f"left {path.name} in a home folder"
        for path in (REPOSITORY / "grader").rglob("*"):
            if MARK in path.name or (path.suffix in (".py", ".pyc") and MARK.encode() in path.read_bytes()):
                yield f"changed the grader's {path.relative_to(REPOSITORY)}"

    def _lasting(self) -> Iterator[str]:
        deadline = time.monotonic() + PATIENCE
        while (left := _marked_processes()) or len(_below()) > self._below:
            if time.monotonic() > deadline:
                yield f"left processes behind: {', '.join(left) or 'below the grader'}"
                break
            time.sleep(0.1)
        for table in ("shm", "sem", "msg"):
            lines = Path("/proc/sysvipc", table)
            if lines.exists() and any(line.split()[:1] == [str(SEGMENT)] for line in lines.read_text().splitlines()):
                yield f"left a System V {table} object"


def _digest(path: Path) -> str:
    if path.is_symlink():
        return f"link to {os.readlink(path)}"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "special"


def _left(places: Iterable[Path], besides: Path) -> Iterator[str]:
    """Find what bears the attacks' mark, down to a submission's own folder in a worker's."""
    for place in sorted(places):
        for pattern in (f"{MARK}*", f"*/{MARK}*", f"*/*/{MARK}*", f"*/*/*/{MARK}*"):
            for path in glob.iglob(f"{place}/{pattern}", include_hidden=True):
                if not path.startswith(str(besides)):
                    yield f"left {os.path.basename(path)} in {place}"


def _below() -> list[int]:
    return [process.pid for process in psutil.Process().children(recursive=True) if process.is_running()]


def _marked_processes() -> list[str]:
    marked = []
    for process in psutil.process_iter(["pid", "name", "cmdline"]):
        words = [process.info["name"] or "", *(process.info["cmdline"] or [])]
        if any(word.startswith(MARK[:15]) for word in words) and process.status() != psutil.STATUS_ZOMBIE:
            marked.append(f"{process.info['name']} {process.info['pid']}")
    return marked


def clean_up() -> None:
    """Remove what an attack left, so that it is not held against the next."""
    for process in psutil.process_iter(["name", "cmdline"]):
        words = [process.info["name"] or "", *(process.info["cmdline"] or [])]
        if any(word.startswith(MARK[:15]) for word in words):
            try:
                process.kill()
            except psutil.Error:
                pass
    for place in PLACES:
        for path in place.glob(f"{MARK}*"):
            remove(path)
    if shutil.which("ipcrm"):
        subprocess.run(["ipcrm", "-M", str(SEGMENT)], capture_output=True)


def remove(path: Path) -> None:
    """Remove a folder, however deep, or whatever else lies there."""
    subprocess.run(["rm", "-rf", str(path)], capture_output=True)
