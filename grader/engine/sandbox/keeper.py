"""The keeper of a room: pid 1 of its namespaces, so that all in it ends when the keeper does.

It lays the view, forks the room's process, forwards signals to it, holds all processes together
to their limits, and reports how it ended. It reads nothing that they write.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable

from grader.engine.sandbox import confine, linux, namespaces, view
from grader.engine.sandbox.groups import Group
from grader.engine.sandbox.limits import Limits, MiB
from grader.engine.sandbox.usage import SOCKET_BYTES, CpuMeter, MemoryMeter, Process, processes, sockets

POLL_SECONDS = 0.05
FORWARDED = (signal.SIGINT, signal.SIGTERM)
MAX_DESCRIPTORS = 8_192

CONFINED, GROUPED, BOUND, DONE = b"c", b"g", b"b", b"d"


def keep(
    child: Callable[[Callable[[], None]], None],
    room: str,
    limits: Limits,
    gpu: bool,
    kept: set[int],
    report: int,
    group: Group | None = None,
) -> None:
    """Run `child(bound)` in the room until it ends or breaks a limit; never returns.

    kept: descriptors for the child alone.
    report: where JSON lines go: {"ready": true, "grouped": bool} or {"problem": words}, then {"code", "reason"}.
    group: where the kernel counts what the child and all that it starts use; see `groups`.
    """
    try:
        ours, theirs = socket.socketpair()
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
        user = confine.own_user() if namespaces.is_root() else None
        view.lay(room, limits, user)
        pid = os.fork()
        if pid == 0:
            _run(child, limits, gpu, user, kept, theirs, group)  # never returns
        confine.close_descriptors({report, ours.fileno(), *(group or ())})
        confined = ours.recv(1)
        if confined not in (CONFINED, GROUPED):
            problem = os.fsdecode(ours.recv(2000)) or "its process ended"
            raise OSError(problem)
        group = group if confined == GROUPED else None
        _tell(report, ready=True, grouped=group is not None)
        _tell(report, **_watch(pid, ours, report, _Gauge(limits, group)))
    except BaseException as error:
        _tell(report, problem=f"{type(error).__name__}: {error}")
    finally:
        os._exit(0)


def _run(child, limits: Limits, gpu: bool, user: int | None, kept: set[int], control: socket.socket, group: Group | None) -> None:
    """Become the room's process."""
    code = 1
    try:
        try:
            os.setsid()
            confined = GROUPED if group and group.join() else CONFINED  # before anything of it is closed to this process
            confine.plain_signals()
            confine.close_descriptors(kept | {control.fileno()})
            confine.confine(limits, gpu, user)
            control.sendall(confined)
        except BaseException as error:
            control.sendall(b"!" + f"{type(error).__name__}: {error}".encode()[:2000])
            raise

        def bound() -> None:
            """Give up the run folder and the last tie to the keeper."""
            if control.fileno() >= 0:
                control.sendall(BOUND)
                control.recv(1)
                control.close()

        child(bound)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os._exit(code)


def _watch(pid: int, control: socket.socket, report: int, gauge: _Gauge) -> dict:
    """What to report once the process `pid` has ended, or a limit is broken."""
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    for signum in (*FORWARDED, signal.SIGCHLD):
        signal.signal(signum, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())

    poll = select.poll()
    poll.register(wake, select.POLLIN)
    poll.register(control, select.POLLIN)
    poll.register(report, 0)  # only whether the warm process is gone
    due = time.monotonic()
    while True:
        for descriptor, event in poll.poll(max(0.0, due - time.monotonic()) * 1000):
            if descriptor == wake:
                for signum in set(os.read(wake, 4096)) & set(FORWARDED):
                    _signal_group(pid, signum)
            elif descriptor == report:
                os._exit(0)
            else:
                poll.unregister(control)
                if event & select.POLLIN and control.recv(1) == BOUND:
                    view.close_run()
                    control.sendall(DONE)
                control.close()
        code = _reap(pid)
        if code is not None:
            return {"code": code, "reason": gauge.broken_before()}
        if time.monotonic() >= due:
            reason = gauge.broken()
            if reason:
                return {"code": -signal.SIGKILL, "reason": reason}
            due = time.monotonic() + POLL_SECONDS


class _Gauge:
    """Compares what all processes use with the limits. Where they are in a control group, the kernel has counted their memory."""

    def __init__(self, limits: Limits, group: Group | None):
        self._limits = limits
        self._group = group
        self._kills = group.kills() if group else 0
        self._memory = MemoryMeter(limits.memory_bytes)
        self._cpu = CpuMeter()

    def broken(self) -> str:
        """Which limit is broken, as a sentence that begins with "it"; "" if none is."""
        now: list[Process] = processes()
        limits = self._limits
        if len(now) > limits.processes:
            return f"it ran more than {limits.processes:,} processes at once"
        if self._is_over_memory(now):
            return self._too_much_memory()
        if self._cpu.seconds(now) > limits.cpu_seconds:
            return f"it used more than {limits.cpu_seconds:,g} s of processor time"
        if sum(process.descriptors for process in now) > MAX_DESCRIPTORS:
            return f"it held more than {MAX_DESCRIPTORS:,} files and sockets open"
        return ""

    def broken_before(self) -> str:
        """The limit for which the kernel has already ended it, "" if that was not so."""
        return self._too_much_memory() if self._group and self._group.kills() > self._kills else ""

    def _is_over_memory(self, now: list[Process]) -> bool:
        if self._group:
            return self._group.memory_bytes(view.scratch_bytes()) > self._limits.memory_bytes
        return self._memory.is_over(now, beside=sockets() * SOCKET_BYTES)

    def _too_much_memory(self) -> str:
        return f"it used more than {self._limits.memory_bytes // MiB:,} MB of memory"


def _reap(wanted: int) -> int | None:
    """Reap whatever has ended, orphans too; the exit code of `wanted` if it is among them."""
    code = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == 0:
            return code
        if pid == wanted:
            code = os.waitstatus_to_exitcode(status)


def _signal_group(pid: int, signum: int) -> None:
    try:
        os.killpg(pid, signum)
    except ProcessLookupError:
        pass


def _tell(report: int, **what) -> None:
    os.write(report, json.dumps(what).encode() + b"\n")
