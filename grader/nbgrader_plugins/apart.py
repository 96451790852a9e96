"""Have what a stranger wrote read, repaired and rendered in a process apart, within bounds of time and memory.

It is a child that waits for tasks, so that a class costs one start. It runs nothing of a submission's: it is there because
parsers have inputs that take them minutes or gigabytes, and the process that grades a class must not be the one to pay.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from typing import Any, BinaryIO

TASKS = {"take": "grader.nbgrader_plugins.grading:taken", "page": "grader.nbgrader_plugins.feedback:page"}
CPU_SECONDS = 20  # for one task; an honest one takes a tenth of a second
WALL_SECONDS = 120.0
MEMORY_BYTES = 3 * 1024**3  # of addresses
MOST_BYTES = 256 * 1024**2  # of an answer
_LENGTH = 8


class OverBound(Exception):
    """A task that came to no end within its bounds, or failed; the message says which, to stand after "it"."""


def apart(task: str, **about: Any) -> Any:
    """Return what the task makes of `about`, plain values both. Raises OverBound; the next task has a new child."""
    with _turn:
        return _child().ask(task, about)


class Child:
    """The process that tasks are done in."""

    def __init__(self):
        self.owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip
        os.set_blocking(self._process.stdout.fileno(), False)

    @property
    def runs(self) -> bool:
        return self.owner == os.getpid() and self._process.poll() is None

    def ask(self, task: str, about: dict) -> Any:
        try:
            _write(self._process.stdin, [task, about])
            answer = json.loads(self._read(time.monotonic() + WALL_SECONDS))
        except OverBound:
            self.close()
            raise
        except (OSError, ValueError, RecursionError, MemoryError):
            self.close()
            raise OverBound(self._ended()) from None
        except BaseException:  # an answer that is still to come would be taken for that to the next task
            self.close()
            raise
        if "problem" in answer:
            raise OverBound(answer["problem"])
        return answer["value"]

    def close(self) -> None:
        self._process.kill()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _read(self, deadline: float) -> bytes:
        head = self._exactly(_LENGTH, deadline)
        length = int.from_bytes(head, "big")
        if length > MOST_BYTES:
            raise OverBound(f"came to more than {MOST_BYTES // 1024**2} MB")
        return self._exactly(length, deadline)

    def _exactly(self, length: int, deadline: float) -> bytes:
        got = bytearray()
        while len(got) < length:
            if not select.select([self._process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise OverBound(f"took longer than {WALL_SECONDS:g} s")
            piece = os.read(self._process.stdout.fileno(), min(1 << 20, length - len(got)))
            if not piece:
                raise OSError("it has ended")
            got += piece
        return bytes(got)

    def _ended(self) -> str:
        if self._process.returncode == -signal.SIGXCPU:
            return f"took more than {CPU_SECONDS} s of processor time"
        return "ended the process that it was read in"


_turn = threading.RLock()
_one: Child | None = None


def begin() -> None:
    """Start the child, so that it is there when it is wanted."""
    with _turn:
        _child()


def _child() -> Child:
    global _one
    if _one is None or not _one.runs:
        _one = Child()
    return _one


@atexit.register
def _close() -> None:
    if _one is not None and _one.runs:
        _one.close()


def _write(file: BinaryIO, what: object) -> None:
    data = json.dumps(what).encode("ascii")
    file.write(len(data).to_bytes(_LENGTH, "big") + data)
    file.flush()


def _serve() -> None:
    """Do one task after another, until the parent is gone."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints is taken for an answer
    tasks = {name: _found(where) for name, where in TASKS.items()}
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    while head := requests.read(_LENGTH):
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        task, about = json.loads(requests.read(int.from_bytes(head, "big")))
        try:
            _write(answers, {"value": tasks[task](**about)})
        except MemoryError:
            os._exit(1)
        except Exception as error:
            _write(answers, {"problem": f"could not be read ({type(error).__name__})"})


def _found(where: str):
    module, _, name = where.partition(":")
    return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    _serve()
