"""Run one command and measure it with everything it starts: wall time, processor time, memory."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.grading.processor import Account

PR_SET_CHILD_SUBREAPER = 36
# A look at the memory of several processes with TensorFlow costs hundredths of a second, which it takes from what is measured.
LEAST_PAUSE, LARGEST_SHARE = 0.25, 0.04


class CommandFailed(RuntimeError):
    """A measured command ended with an error; the message holds the end of what it said."""


@dataclass(frozen=True)
class Cost:
    """What a command took. peak_bytes: None where the system does not say (not Linux, or not permitted)."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int | None

    def __add__(self, other: Cost) -> Cost:
        """One after the other."""
        peaks = self.peak_bytes, other.peak_bytes
        return Cost(self.seconds + other.seconds, self.cpu_seconds + other.cpu_seconds, None if None in peaks else max(peaks))


def measured(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> tuple[Cost, str]:
    """Run `command` in `folder` to its end; return what it took and its stdout. Raises CommandFailed.

    Memory is the largest sum seen of the proportional set sizes of all its processes: a page that several share counts
    once. Interrupted, it ends the command first.
    """
    _adopt_orphans()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        with Account() as account:
            started = time.perf_counter()
            process = subprocess.Popen(
                account.around([str(word) for word in command]), cwd=folder, env=dict(environment),
                stdin=subprocess.DEVNULL, stdout=said, stderr=complained, start_new_session=True,
            )  # fmt: skip
            try:
                with Peak(process.pid) as peak:
                    code = process.wait()
                seconds = time.perf_counter() - started
            except BaseException:
                _end(process)
                raise
        said.seek(0)
        complained.seek(0)
        out, err = (file.read().decode(errors="replace") for file in (said, complained))
    if code:
        raise CommandFailed(f"{' '.join(map(str, command))} ended with {code}:\n{(out + err)[-3000:]}")
    return Cost(seconds, account.seconds, peak.bytes), out


class Peak:
    """Watches the memory of a process and all below it while it is entered; `bytes` is the largest that was seen.

    pause: seconds between two looks, or more: looking takes at most `share` of the time of one core.
    """

    def __init__(self, pid: int, pause: float = LEAST_PAUSE, share: float = LARGEST_SHARE):
        self._pid, self._pause, self._share = pid, pause, share
        self.bytes: int | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            started = time.perf_counter()
            now = memory(self._pid)
            if now is not None:
                self.bytes = max(self.bytes or 0, now)
            pause = max(self._pause, (time.perf_counter() - started) / self._share)


def memory(pid: int) -> int | None:
    """Return the proportional set size, in bytes, of a process and all below it; None if it cannot be read."""
    try:
        process = psutil.Process(pid)
        sizes = [_proportional(one.pid) for one in [process, *process.children(recursive=True)]]
    except (psutil.Error, OSError):
        return None
    return sum(sizes)


def _proportional(pid: int) -> int:
    """0 for one that has ended. Raises OSError where the system does not say."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (ProcessLookupError, FileNotFoundError):
        if sys.platform == "linux":
            return 0
        raise


def _adopt_orphans() -> None:
    """Let processes whose parent has ended become this one's, so that they are still found below it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end(process: subprocess.Popen) -> None:
    """End a command, gently first: it has files to remove and processes of its own to end."""
    for how, patience in ((signal.SIGINT, 20), (signal.SIGKILL, 20)):
        try:
            os.killpg(process.pid, how)
            process.wait(patience)
            return
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
