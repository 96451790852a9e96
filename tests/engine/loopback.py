"""Dask on loopback for tests: a scheduler and workers as processes of their own, ended by their pids."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from grader.engine import Cluster, Isolation

NONE = Isolation("none")
STAND_IN = ("--preload", str(Path(__file__).with_name("stand_in.py")))
GRADES = {"GRADER_ISOLATION": "none"}


class Dask:
    """A scheduler on loopback, without the grader: it needs none; and workers for it."""

    def __init__(self, folder: Path, *options: str, **environment: str):
        self.folder, self.processes, self.environment = folder, [], environment
        self.file = folder / "scheduler.json"
        (folder / "without_grader.py").write_text("import sys\nsys.modules['grader'] = None\n")
        self.without_grader = ("--preload", str(folder / "without_grader.py"))
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(self.file), *self.without_grader, *options)
        until(lambda: self.file.exists() and self.file.read_text().endswith("}"), self.said)

    def worker(self, name: str, *options: str, nanny: bool = False, **environment: str) -> subprocess.Popen:
        options = ("--nanny" if nanny else "--no-nanny", "--nthreads", "1", *options)
        place = ("--scheduler-file", str(self.file), "--local-directory", str(self.folder), "--name", name)
        return self._start("worker", *place, *options, **environment)

    def _start(self, what: str, *options: str, **environment: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "dask", what, "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", *options]
        inherited = {name: value for name, value in os.environ.items() if name != "GRADER_ISOLATION"}
        with open(self.folder / "log", "ab") as log:
            process = subprocess.Popen(command, env=inherited | self.environment | environment, stdout=log, stderr=log, cwd=self.folder)
        self.processes.append(process)
        return process

    def said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-5000:]

    def close(self) -> None:
        """End them all, workers first: one whose scheduler is gone takes its time over it."""
        started = [psutil.Process(process.pid) for process in self.processes if process.poll() is None]
        below = [child for process in started for child in process.children(recursive=True)]
        for some in (self.processes[1:], self.processes[:1]):
            for process in some:
                process.terminate()
            psutil.wait_procs([psutil.Process(process.pid) for process in some if process.poll() is None], timeout=30)
        for process in psutil.wait_procs([*started, *below], timeout=0)[1]:
            process.kill()
        for process in self.processes:
            process.wait()


@contextmanager
def both(dask: Dask, told: list[str] | None = None) -> Iterator[Cluster]:
    """A cluster once two workers are in it."""
    with Cluster(str(dask.file), NONE, tell=[].append if told is None else told.append, seconds=300) as cluster:
        until(lambda: cluster.size == 2, dask.said)
        yield cluster


def until(condition: Callable[[], object], said: Callable[[], str]) -> None:
    end = time.monotonic() + 240
    while not condition():
        assert time.monotonic() < end, f"waited in vain\n{said()}"
        time.sleep(0.05)
