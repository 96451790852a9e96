"""The warm process: it has imported TensorFlow once, and forks a Jupyter kernel when asked.

Run as a script by `warm.WarmProcess`. It answers JSON lines on an inherited socket:

    {"do": "fork", "argv": [...], "cwd": "...", "env": {...}}  ->  {"pid": 123}
    {"do": "poll", "pid": 123}                                 ->  {"code": null or exit code}
    {"do": "sweep"}                                            ->  {"left": 0}

Importing TensorFlow starts none of its runtime, so forking is safe until a first operation
runs, and none ever runs here. The kernels are children of this process and are reaped only
by a "poll" or a "sweep", so a pid that was handed out stays theirs. When the socket closes,
because the grader is done or was killed, everything below this process is killed, the
folder it worked in is removed, and it ends.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import sys
import time
import warnings

# What kernels and notebooks need. A part of the course that is missing costs only time.
PRELOAD = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "numpy",
    "matplotlib.pyplot",
    "tensorflow",
    "keras",
    "tensorflow_datasets",
    "grader.checks",
    "grader.lab",
)
REQUIRED = {"ipykernel.kernelapp", "numpy", "tensorflow", "keras"}

STARTED_WITH = frozenset(os.environ)

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
SWEEP_SECONDS = 10.0


def main(descriptor: int, desk: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    channel = socket.socket(fileno=descriptor)
    exits: dict[int, int] = {}
    try:
        _linux_prctl(PR_SET_CHILD_SUBREAPER, 1)
        preload()
        _answer(channel, {"ready": os.getpid()})
        with channel.makefile("r", encoding="utf-8") as requests:
            for line in requests:
                _answer(channel, handle(json.loads(line), channel, exits))
    except OSError:
        pass  # the grader is gone
    finally:
        sweep(exits)
        shutil.rmtree(desk, ignore_errors=True)


def preload() -> None:
    """Import everything slow, and nothing that starts TensorFlow's runtime."""
    for name in PRELOAD:
        try:
            importlib.import_module(name)
        except ImportError:
            if name in REQUIRED:
                raise
    gc.collect()
    gc.freeze()  # the forks share these objects' memory as long as nobody touches them


def handle(request: dict, channel: socket.socket, exits: dict[int, int]) -> dict:
    """The answer to one request."""
    if request["do"] == "fork":
        return {"pid": fork_kernel(request, channel)}
    if request["do"] == "poll":
        _reap(exits)
        return {"code": exits.get(request["pid"])}
    if request["do"] == "sweep":
        left = sweep(exits)
        exits.clear()
        return {"left": left}
    return {"error": f"cannot {request['do']!r}"}


def fork_kernel(request: dict, channel: socket.socket) -> int:
    """Fork a kernel; its pid once it leads its own session, so that its group can be signalled."""
    ready, tell = os.pipe()
    with warnings.catch_warnings():
        # NumPy and TensorFlow each keep an idle thread, and each knows how to fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            _linux_prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            os.close(ready)
            os.close(tell)
            channel.close()
            run_kernel(request["argv"], request["cwd"], request["env"])
        finally:
            os._exit(0)
    os.close(tell)
    os.read(ready, 1)
    os.close(ready)
    return pid


def run_kernel(argv: list[str], cwd: str, env: dict[str, str]) -> None:
    """Become a Jupyter kernel, as if started by `python -m ipykernel_launcher`."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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
    app.start()


def sweep(exits: dict[int, int]) -> int:
    """Kill every process below this one; the number that would not die.

    On Linux orphans come back here, because this process is a subreaper, so neither a new
    session nor a second fork escapes. Elsewhere a process whose parent has ended does.
    """
    import psutil  # ipykernel depends on it

    deadline = time.monotonic() + SWEEP_SECONDS
    while True:
        below = psutil.Process().children(recursive=True)
        for process in below:
            try:
                process.kill()
            except psutil.Error:
                pass
        _reap(exits)
        if not below or time.monotonic() > deadline:
            return len(below)
        time.sleep(0.01)


def _reap(exits: dict[int, int]) -> None:
    """Note the exit code of every child that has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        exits[pid] = os.waitstatus_to_exitcode(status)


def _answer(channel: socket.socket, answer: dict) -> None:
    channel.sendall(json.dumps(answer).encode() + b"\n")


def _linux_prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
