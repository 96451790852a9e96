"""A course, a desk and a sandboxed server to try things against, as root or as a plain user."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

from grader.engine.sandbox import Isolation, Limits, inner_pid, problem
from grader.engine.sandbox.limits import MiB

HERE = Path(__file__).parent
PACKAGE = Path(sys.modules["grader"].__file__).parent
SMALL = Limits(
    memory_bytes=200 * MiB, processes=20, cpu_seconds=20, disk_bytes=20 * MiB, file_bytes=10 * MiB
)
SECRETS = (
    "solutions/01/answer", "lessons/01/source", "submitted/ada/01/answer", "gradebook.db",
    "nbgrader_config.py",
)  # fmt: skip


class Ended(NamedTuple):
    """What became of a piece of Python in a room."""

    code: int
    reason: str
    said: str
    left: list[int]
    late: bool


def why_not(road: str) -> str:
    """Why this machine cannot try a road, "" if it can."""
    if sys.platform != "linux":
        return "isolation is for Linux"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed"
    if road == "root" and os.geteuid() != 0:
        return "only root can try the road of root"
    if road == "user" and os.geteuid() == 0 and not python_for_anyone():
        return "no Python 3.11 or later here that a user other than root may run"
    if os.geteuid() == 0 and road == "user":
        return "" if Path("/proc/sys/user/max_user_namespaces").read_text().strip() != "0" else "no user namespaces"
    return problem(Isolation())


def python_for_anyone() -> str:
    """A Python that uid 1234 may run; "" if there is none."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-P", "-S", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
                user=1234, group=1234, extra_groups=[], stderr=subprocess.DEVNULL, cwd="/",
            )  # fmt: skip
        except OSError:
            continue
        if done.returncode == 0:
            return python
    return ""


def make_course(folder: Path) -> Path:
    """A course folder with what must be seen and what must not; readable to anyone."""
    shutil.copytree(
        PACKAGE / "engine" / "sandbox",
        folder / "grader" / "engine" / "sandbox",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for package in ("grader", "grader/engine"):
        (folder / package / "__init__.py").write_text("")
    for secret in SECRETS:
        (folder / secret).parent.mkdir(parents=True, exist_ok=True)
        (folder / secret).write_text("secret-of-the-course")
    (folder / "data").mkdir()
    (folder / "data" / "CHECKSUMS").write_text("public")
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    return folder


def give(path: Path) -> None:
    """Give a file to the plain user of the tests."""
    if os.geteuid() == 0:
        shutil.chown(path, 1234, 1234)


class Stand:
    """The server of server.py behind the outer sandbox, on one road."""

    def __init__(self, road: str, course: Path, desk: Path):
        self.road, self.desk, self.course = road, desk, course
        as_user = road == "user" and os.geteuid() == 0
        python = python_for_anyone() if as_user else sys.executable
        shutil.copy(HERE / "server.py", desk)
        shutil.copy(HERE / "launch.py", course)
        if as_user:
            for parent in (desk, *desk.iterdir()):
                os.chown(parent, 1234, 1234)
        os.chmod(desk, 0o700)
        self._channel, theirs = socket.socketpair()
        status, write_status = os.pipe()
        self.process = subprocess.Popen(
            [python, "-P", course / "launch.py", str(theirs.fileno()), course, desk, str(write_status)],
            pass_fds=[theirs.fileno(), write_status],
            env={"PATH": os.environ["PATH"], "SECRET_OF_THE_PARENT": "secret-of-the-parent"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **({"user": 1234, "group": 1234, "extra_groups": []} if as_user else {}),
        )
        os.close(write_status)
        theirs.close()
        self.inner = inner_pid(status)
        os.close(status)
        self._answers = self._channel.makefile("r")

    def start(self, code: str, room: str = "student", **limits) -> int:
        """Start a piece of Python in a room; the pid of its keeper as the server sees it."""
        given = asdict(replace(SMALL, **limits))
        answer = self.ask(do="start", room=f"/desk/{room}", code=code, limits=given)
        assert "pid" in answer, answer
        return answer["pid"]

    def end(self, pid: int, seconds: float = 300) -> Ended:
        """Wait until it ended, and kill it if that takes longer."""
        return Ended(**self.ask(do="end", pid=pid, seconds=seconds))

    def run(self, code: str, room: str = "student", **limits) -> Ended:
        """Run a piece of Python in a room to its end."""
        (self.desk / room / "files").mkdir(parents=True, exist_ok=True)
        ended = self.end(self.start(code, room, **limits))
        assert not ended.late, ended
        assert ended.left == [], "nothing may be left of a room"
        return ended

    def ask(self, **request) -> dict:
        self._channel.sendall(json.dumps(request).encode() + b"\n")
        line = self._answers.readline()
        assert line, "the server is gone"
        return json.loads(line)

    def signal(self, pid: int, signum: int) -> None:
        self.ask(do="signal", pid=pid, signum=signum)

    def close(self) -> None:
        self._answers.close()
        self._channel.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.kill(self.inner, signal.SIGKILL)
            self.process.wait(10)
            raise AssertionError("the sandbox outlived its server's channel") from None
