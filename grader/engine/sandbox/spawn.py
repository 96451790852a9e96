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

from grader.engine.sandbox import confine, linux, namespaces, users
from grader.engine.sandbox.groups import Group
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
    grouped: whether the kernel counts its memory, in a control group.
    """

    def __init__(self, pid: int, report: int | None, grouped: bool = False):
        self.pid = pid
        self.grouped = grouped
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
    group: Group | None = None,
) -> Kept:
    """Fork a process that runs `child(bound)` in a room of its own.

    child: must call `bound()` once its sockets are bound and before any code of a submission
        runs: from then on it cannot write to the room's run/ folder. The process ends when it
        returns, with exit code 0, or raises, with 1 or SystemExit's.
    room: the folder with files/, which are laid into the working directory, and run/. With
        isolation it lies below /desk, where `outer` has put the desk.
    keep_open: descriptors that the process inherits; every other one is closed there.
    group: for the kernel to count in, where there is one.
    isolation: the caller's own; "bubblewrap" works only behind `outer`.

    The child starts in `places(room, isolation).work`, with a single thread, standard streams at
    /dev/null and the signals of a fresh process. Raises SpawnFailed.
    """
    room, kept = os.path.abspath(room), set(keep_open)
    if isolation.kind == "none":
        return _spawn_plainly(child, room, isolation, kept)
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)  # the keeper's parent ends; it is ours to wait for
    report, tell = os.pipe()
    between = _fork()
    if between == 0:
        _enter(child, room, limits, isolation.gpu, kept, tell, group)
    os.close(tell)
    told = _hear(report)
    if "pid" not in told:
        os.kill(between, signal.SIGKILL)  # should it hang
    os.waitpid(between, 0)
    if "ready" in told:
        return Kept(told["pid"], report, bool(told.get("grouped")))
    if "pid" in told:
        Kept(told["pid"], report).kill()
    else:
        os.close(report)
    raise SpawnFailed(f"no sandbox for the submission: {told.get('problem', 'it ended without a word')}")


def _enter(child, room: str, limits: Limits, gpu: bool, kept: set[int], tell: int, group: Group | None) -> None:
    """Between two forks: new namespaces, then the keeper as their first process; never returns."""
    try:
        confine.close_descriptors(kept | {tell, *(group or ())})
        signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())  # until the keeper listens
        namespaces.enter()
        pid = os.fork()
        if pid == 0:
            keep(child, room, limits, gpu, kept, tell, group)
        os.write(tell, json.dumps({"pid": pid}).encode() + b"\n")
    except BaseException as error:
        os.write(tell, json.dumps({"problem": f"{type(error).__name__}: {error}"}).encode() + b"\n")
    finally:
        os._exit(0)


def _spawn_plainly(child, room: str, isolation: Isolation, kept: set[int]) -> Kept:
    ready, tell = os.pipe()
    if user := users.user_of(room):
        users.give(room, user)
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
            if user:
                users.become(user)
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


def _hear(report: int) -> dict:
    """What the two forks say until all is ready, or not: "pid", and "ready" or "problem".

    Which of them speaks first is chance. Not a byte more is read: the rest is for `Kept`.
    """
    told: dict = {}
    line, deadline = b"", time.monotonic() + SPAWN_SECONDS
    while not ("pid" in told and ("ready" in told or "problem" in told)):
        left = max(0.0, deadline - time.monotonic())
        if not select.select([report], [], [], left)[0]:
            return told | {"problem": f"nothing was ready within {SPAWN_SECONDS:g} s"}
        byte = os.read(report, 1)
        if not byte:
            break
        line += byte
        if byte == b"\n":
            told |= json.loads(line)
            line = b""
    return told
