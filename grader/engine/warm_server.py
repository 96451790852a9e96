"""The warm process: it has imported TensorFlow once, and forks Jupyter kernels when asked.

Run as a script by `warm.WarmProcess`, inside the outer sandbox. It answers JSON lines on an
inherited socket:

    {"do": "fork", "role": "student", "argv": [...], "cwd": "...", "env": {...}, "limits": {...}}  ->  {"pid": 123}
    {"do": "poll", "pid": 123}                  ->  {"code": null or exit code, "why": "" or the limit that ended it}
    {"do": "signal", "pid": 123, "signum": 2}   ->  {}
    {"do": "sweep", "but": null}                ->  {"left": 0}

A student's kernel shares a socket pair, the border, with the referee's: the one that is there,
or the next to be forked. The referee's end is handed to it over a socket of its own, its door,
because a referee stays for many submissions and has a border with each. Importing TensorFlow
starts none of its runtime, so forking is safe until a first operation runs, and none ever runs here; nor does anything of a submission, or of a test.
The kernels are children of this process and are reaped only by a "poll" or a "sweep", so a
pid that was handed out stays theirs. When the socket closes, because the grader is done or
was killed, everything below this process is killed, and it ends.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from grader.engine.sandbox import Group, Isolation, Kept, SpawnFailed, spawn
from grader.quiet import uncollected

# What kernels and notebooks need. A part of the course that is missing costs only time.
PRELOAD = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
    "numpy",
    "matplotlib.pyplot",
    "tensorflow",
    "keras",
    "tensorflow_datasets",
    "tensorflow_datasets.core.reader",
    "grader.checks",
    "grader.lab",
    "grader.engine.student",
    "grader.engine.referee",
)
REQUIRED = {"ipykernel.kernelapp", "numpy", "tensorflow", "keras", "grader.engine.student", "grader.engine.referee"}
ROLES = ("student", "referee")

STARTED_WITH = frozenset(os.environ)

PR_SET_CHILD_SUBREAPER = 36
SWEEP_SECONDS = 10.0


def main(descriptor: int, desk: str, isolation: str, gpu: bool, groups: dict[str, list[int]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    channel = socket.socket(fileno=descriptor)
    server = Server(Path(desk), Isolation(isolation, gpu=gpu), {role: Group(*descriptors) for role, descriptors in groups.items()})
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        preload()
        _answer(channel, {"ready": os.getpid()})
        with channel.makefile("r", encoding="utf-8") as requests:
            for line in requests:
                _answer(channel, server.handle(json.loads(line)))
    except OSError:
        pass  # the grader is gone
    finally:
        server.sweep()
        for entry in Path(desk).iterdir():
            shutil.rmtree(entry, ignore_errors=True)


def preload() -> None:
    """Import everything slow, and nothing that starts TensorFlow's runtime. The forks share its memory as long as nobody touches it."""
    _leave_out_the_debugger()
    with uncollected():
        for name in PRELOAD:
            try:
                importlib.import_module(name)
            except ImportError:
                if name in REQUIRED:
                    raise
        try:
            raise ValueError
        except ValueError:  # what IPython imports to show an exception, it imports for the first one
            from IPython.core.ultratb import AutoFormattedTB

            AutoFormattedTB(mode="Context").text(*sys.exc_info())


def _leave_out_the_debugger() -> None:
    """Tell ipykernel that debugpy is not there: each kernel would import its 120 modules, and nobody can attach here."""
    sys.modules["debugpy"] = None
    try:
        importlib.import_module("ipykernel.debugger")
    except ImportError:
        pass
    finally:
        del sys.modules["debugpy"]


class Server:
    """What the warm process knows of the kernels that it forked."""

    def __init__(self, desk: Path, isolation: Isolation, groups: dict[str, Group]):
        self._desk, self._isolation, self._groups = desk, isolation, groups
        self._kernels: dict[int, Kept] = {}
        self._door: socket.socket | None = None  # to the referee that is there
        self._waiting: socket.socket | None = None  # its end of a border, until it is there

    def handle(self, request: dict) -> dict:
        """The answer to one request."""
        if request["do"] == "fork":
            return self.fork(request)
        if request["do"] == "poll":
            end = self._kernels[request["pid"]].poll()
            return {"code": end.code, "why": end.reason} if end else {"code": None}
        if request["do"] == "signal":
            self._kernels[request["pid"]].signal(request["signum"])
            return {}
        if request["do"] == "sweep":
            return {"left": self.sweep(request["but"])}
        return {"error": f"cannot {request['do']!r}"}

    def fork(self, request: dict) -> dict:
        """Fork the kernel for a role."""
        role, limits = request["role"], SimpleNamespace(**request["limits"])
        ours, mine = socket.socketpair()

        def child(bound: Callable[[], None]) -> None:
            run_kernel(role, mine, request["argv"], request["cwd"], request["env"], bound)

        with mine:
            try:
                kept = spawn(
                    child, self._desk / role, limits, isolation=self._isolation, keep_open=[mine.fileno()], group=self._groups.get(role)
                )
            except SpawnFailed as failed:
                ours.close()
                return {"error": str(failed)}
        self._kernels[kept.pid] = kept
        if role == "referee":
            self._shut(door=ours)
        else:
            self._waiting = ours
        self._hand_over()
        return {"pid": kept.pid}

    def _hand_over(self) -> None:
        """Give the referee its end of the border with a student's kernel, once both are there."""
        if self._door is None or self._waiting is None:
            return
        try:
            socket.send_fds(self._door, [b"b"], [self._waiting.fileno()], socket.MSG_DONTWAIT)
        except OSError:
            pass  # it has ended, which is seen where it is spoken to
        self._waiting.close()
        self._waiting = None

    def _shut(self, door: socket.socket | None = None) -> None:
        """Close the door to the referee; this is the new one's."""
        if self._door is not None:
            self._door.close()
        self._door = door

    def sweep(self, but: int | None = None) -> int:
        """Kill every process below this one; the number that would not die.

        but: a kernel that stays, with what is below it: the referee's, which runs nothing of a submission.

        In the sandbox a kernel's namespaces end with it. Without one, orphans come back here
        on Linux, because this process is a subreaper, so neither a new session nor a second
        fork escapes. Elsewhere a process whose parent has ended does.
        """
        import psutil  # ipykernel depends on it

        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None
        if but not in self._kernels:
            but = None
            self._shut()
        for pid in self._kernels.keys() - {but}:
            self._kernels.pop(pid).kill()
        deadline = time.monotonic() + SWEEP_SECONDS
        while True:
            staying = _tree(but)
            below = [process for process in psutil.Process().children(recursive=True) if process not in staying]
            for process in below:
                try:
                    process.kill()
                except psutil.Error:
                    pass
            _reap_all()
            if not below or time.monotonic() > deadline:
                return len(below)
            time.sleep(0.002)


def _tree(pid: int | None) -> set:
    """A process and all below it; nothing if there is none."""
    import psutil

    try:
        top = psutil.Process(pid) if pid else None
        return {top, *top.children(recursive=True)} if top else set()
    except psutil.NoSuchProcess:
        return set()


def _reap_all() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def run_kernel(
    role: str, link: socket.socket, argv: list[str], cwd: str, env: dict[str, str], bound: Callable[[], None]
) -> None:
    """Become a Jupyter kernel, as if started by `python -m ipykernel_launcher`, with a role.

    link: the student's end of the border, or the referee's side of its door.
    """
    for name in STARTED_WITH - env.keys():
        del os.environ[name]
    os.environ.update(env)  # what TensorFlow's import added stays
    os.chdir(cwd)
    sys.argv = [importlib.util.find_spec("ipykernel_launcher").origin] + argv[1:]

    import numpy
    from ipykernel.kernelapp import IPKernelApp

    numpy.random.seed()  # else every kernel would continue one and the same random stream
    app = IPKernelApp.instance()
    app.initialize(argv[1:])
    bound()
    importlib.import_module(f"grader.engine.{role}").attend(app, link)
    app.start()


def _answer(channel: socket.socket, answer: dict) -> None:
    channel.sendall(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "gpu", json.loads(sys.argv[5]))
