"""What the referee and the sandbox cost a submission: python benchmarks/isolation.py [--lessons 00 01] [--repeats 7]

The solution of each lesson is graded with its receipts, warm, three ways in turn, interleaved:

* one process: every cell in one kernel forked from the warm process, tests included, no sandbox;
* two processes: the student's and the referee's, no sandbox (`--isolation none`);
* sandboxed: the same two, each in namespaces of its own inside bubblewrap, as classes are graded.

Medians of the repeats, in seconds of wall time and of processor time of all processes, and
what each adds to the one process.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import grader  # noqa: E402, F401  # before nbformat: see grader/sooner.py
import nbformat  # noqa: E402
import psutil  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from benchmarks.grading import contestants  # noqa: E402
from benchmarks.grading.material import Material  # noqa: E402
from grader.engine import Isolation, Job, Worker  # noqa: E402
from grader.engine.cells import cell_name, is_skipped  # noqa: E402
from grader.engine.client import Client  # noqa: E402
from grader.engine.kernel import KernelManager  # noqa: E402
from grader.nbgrader_plugins import repair  # noqa: E402


def submission(name: str) -> Job:
    """The lesson's release with the solution's answers, as a student hands it in, with the receipts of what it trains."""
    material = Material(name)
    notebook, _ = repair(material.source, material.notebook(1))
    with tempfile.TemporaryDirectory() as scratch:
        receipts = contestants.trained(material, Path(scratch))
        files = {f"receipts/{path.name}": path.read_bytes() for path in sorted(receipts.glob("*.npz"))} if receipts else {}
    return Job(notebook, files, name=material.name)


class OneProcess(Worker):
    """Plays all cells in one kernel: what grading was before there was a referee."""

    def __init__(self):
        super().__init__(Isolation("none"))

    def run(self, job: Job) -> int:
        """Grade it; the number of cells that failed."""
        if self._warm is None:
            self.grade(Job(nbformat.v4.new_notebook(), {}))  # starts it
        desk = self._desk
        desk.lay(job.files)
        client = Client(KernelManager("student", desk.student, self._warm, job.limits), job.limits)
        try:
            return asyncio.run(_all_cells(client, job))
        finally:
            self._clear(desk)


async def _all_cells(client: Client, job: Job) -> int:
    failed = 0
    await client.start()
    try:
        for position, cell in enumerate(job.notebook.cells):
            if cell.cell_type == "code" and cell.source.strip() and not is_skipped(cell):
                deadline = time.monotonic() + 600
                _, outcome = await client.run(cell.source, cell_name(cell, position), deadline)
                failed += outcome.status != "ok"
    finally:
        await client.stop()
    return failed


def full_marks(worker: Worker) -> Callable[[Job], int]:
    def run(job: Job) -> int:
        return sum(score.points < score.max_points for score in worker.grade(job).scores.values())

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lessons", nargs="*", default=["00", "01", "02"])
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()

    one, two, three = OneProcess(), Worker(Isolation("none")), Worker(Isolation("bubblewrap"))
    ways = {"one process": one.run, "two processes": full_marks(two), "sandboxed": full_marks(three)}
    table = Table("lesson", "way", "seconds", "added", "CPU seconds", "added")
    try:
        for name in options.lessons:
            job = submission(name)
            wall, cpu = ({way: [] for way in ways} for _ in range(2))
            for repeat in range(options.repeats + 1):  # the first one warms up
                for way, run in ways.items():
                    busy, started = _busy(), time.perf_counter()
                    failed = run(job)
                    seconds, used = time.perf_counter() - started, _busy() - busy
                    if failed:
                        raise SystemExit(f"{job.name}, {way}: {failed} cells failed")
                    if repeat:
                        wall[way].append(seconds)
                        cpu[way].append(used)
            base, base_cpu = (statistics.median(kept["one process"]) for kept in (wall, cpu))
            for way in ways:
                took, used = statistics.median(wall[way]), statistics.median(cpu[way])
                table.add_row(job.name, way, f"{took:.2f}", f"{took - base:+.2f}", f"{used:.2f}", f"{used - base_cpu:+.2f}")
    finally:
        for worker in (one, two, three):
            worker.close()
    console = Console()
    console.print(table)
    console.print(
        f"{date.today()}, {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}; "
        f"medians of {options.repeats}; CPU is the whole machine's.",
        highlight=False,
    )


def _busy() -> float:
    """Processor seconds that this machine has spent working: children of a sandbox are counted nowhere else."""
    times = psutil.cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    main()
