"""Forks a process into a room of its own, from a process that has imported all that is slow."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from typing import NamedTuple

from grader.engine.sandbox import confine, linux, namespaces
from grader.engine.sandbox.isolation import Isolation, places
from grader.engine.sandbox.keeper import keep
from grader.engine.sandbox.limits import Limits

SPAWN_SECONDS = 30.0

Bound = Callable[[], None]


class SpawnFailed(RuntimeError):
    """No room could be made. Nothing of a submission has run."""


class End(NamedTuple):
    """How a room ended.

    code: its process's exit code, or minus the signal that killed it.
    reason: "" or the limit that it broke, a sentence that begins with "it".
    """

    code: int
    reason: str


class Kept:
    """A room that runs.

    pid: of its keeper, or without isolation of its process, as the spawning process sees it.
        SIGKILL to it ends all that runs in the room; SIGINT and SIGTERM reach the process's group.
    """

    def __init__(self, pid: int, report: int | None):
        self.pid = pid
        self._report = report
        self._end: End | None = None

    def poll(self) -> End | None:
        """How it ended; None while it runs. Once it ended, nothing of the room is left (with isolation)."""
        return self._wait(os.WNOHANG)

    def wait(self) -> End:
        """Wait until it ends."""
        end = self._wait(0)
        assert end is not None
        return end

    def signal(self, signum: int) -> None:
        """Send a signal; nothing if it has ended."""
        if self.poll() is None:
            try:
                if self._report is None:
                    os.killpg(self.pid, signum)
                else:
                    os.kill(self.pid, signum)
            except (ProcessLookupError, PermissionError):
                pass

    def kill(self) -> End:
        """End it and everything in it, and wait."""
        self.signal(signal.SIGKILL)
        return self.wait()

    def _wait(self, options: int) -> End | None:
        if self._end is None:
            try:
                pid, status = os.waitpid(self.pid, options)
            except ChildProcessError:  # reaped by someone else: only the report knows
                pid, status = self.pid, signal.SIGKILL
            if pid:
                self._end = self._read_report() or End(os.waitstatus_to_exitcode(status), "")
        return self._end

    def _read_report(self) -> End | None:
        if self._report is None:
            return None
        with open(self._report, "rb") as report:
            lines = report.read().splitlines()
        for line in lines:
            told = json.loads(line)
            if "code" in told:
                return End(told["code"], told["reason"])
            if "problem" in told:
                return End(-signal.SIGKILL, f"it could not be watched any more ({told['problem']})")
        return End(-signal.SIGKILL, "")


def spawn(
    child: Callable[[Bound], None],
    room: str | os.PathLike[str],
    limits: Limits,
    *,
    isolation: Isolation = Isolation(),
    keep_open: Iterable[int] = (),
) -> Kept:
    """Fork a process that runs `child(bound)` in a room of its own.

    child: must call `bound()` once its sockets are bound and before any code of a submission
        runs: from then on it cannot write to the room's run/ folder. The process ends when it
        returns, with exit code 0, or raises, with 1 or SystemExit's.
    room: the folder with files/, which are laid into the working directory, and run/. With
        isolation it lies below /desk, where `outer` has put the desk.
    keep_open: descriptors that the process inherits; every other one is closed there.
    isolation: the caller's own; "bubblewrap" works only behind `outer`.

    The child starts in `places(room, isolation).work`, with a single thread, standard streams at
    /dev/null and the signals of a fresh process. Raises SpawnFailed.
    """
    room, kept = os.path.abspath(room), set(keep_open)
    if isolation.kind == "none":
        return _spawn_plainly(child, room, isolation, kept)
    report, tell = os.pipe()
    try:
        between = _fork()
        if between == 0:
            _enter(child, room, limits, isolation.gpu, kept, tell)
        os.close(tell)
        reader = _Lines(report, time.monotonic() + SPAWN_SECONDS)
        pid = reader.next().get("pid")
        os.waitpid(between, 0)
    except BaseException:
        os.close(report)
        raise
    if pid is None:
        os.close(report)
        raise SpawnFailed(reader.problem())
    if "ready" not in reader.next():
        kept_room = Kept(pid, report)
        kept_room.kill()
        raise SpawnFailed(reader.problem())
    return Kept(pid, report)


def _enter(child, room: str, limits: Limits, gpu: bool, kept: set[int], tell: int) -> None:
    """Between two forks: new namespaces, then the keeper as their first process; never returns."""
    try:
        confine.close_descriptors(kept | {tell})
        signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())  # until the keeper listens
        namespaces.enter()
        pid = os.fork()
        if pid == 0:
            keep(child, room, limits, gpu, kept, tell)
        os.write(tell, json.dumps({"pid": pid}).encode() + b"\n")
    except BaseException as error:
        os.write(tell, json.dumps({"problem": f"{type(error).__name__}: {error}"}).encode() + b"\n")
    finally:
        os._exit(0)


def _spawn_plainly(child, room: str, isolation: Isolation, kept: set[int]) -> Kept:
    ready, tell = os.pipe()
    pid = _fork()
    if pid == 0:
        code = 1
        try:
            os.setsid()
            if sys.platform == "linux":
                linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            confine.plain_signals()
            confine.close_descriptors(kept | {tell})
            os.chdir(places(room, isolation).work)
            os.write(tell, b"r")
            os.close(tell)
            child(lambda: None)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            os._exit(code)
    os.close(tell)
    started = os.read(ready, 1)
    os.close(ready)
    if not started:
        os.waitpid(pid, 0)
        raise SpawnFailed(f"the process could not start in {room}")
    return Kept(pid, None)


def _fork() -> int:
    with warnings.catch_warnings():
        # NumPy and TensorFlow each keep an idle thread, and each knows how to fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


class _Lines:
    """Reads JSON lines from a pipe, until a deadline and not a byte further than needed."""

    def __init__(self, descriptor: int, deadline: float):
        self._descriptor, self._deadline = descriptor, deadline
        self._said: list[str] = []

    def next(self) -> dict:
        """The next line; {} if there is none or it tells of a problem."""
        line = b""
        while not line.endswith(b"\n"):
            left = max(0.0, self._deadline - time.monotonic())
            if not select.select([self._descriptor], [], [], left)[0]:
                self._said.append(f"nothing came within {SPAWN_SECONDS:g} s")
                return {}
            byte = os.read(self._descriptor, 1)
            if not byte:
                self._said.append("it ended without a word")
                return {}
            line += byte
        told = json.loads(line)
        if "problem" in told:
            self._said.append(told["problem"])
            return {}
        return told

    def problem(self) -> str:
        return f"no sandbox for the submission: {'; '.join(self._said)}"
