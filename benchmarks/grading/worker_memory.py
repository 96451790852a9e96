"""What a submission adds to the memory of a warm worker. Run as a script: `python -m benchmarks.grading.worker_memory LESSON.py FOLDER`.

It prints a line of JSON: the memory of the warm worker before its first submission, the peak above it while one is graded, how
long starting the worker and grading took, and the submission's points.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import nbformat

from benchmarks.grading.measure import Peak, memory
from grader.authoring import lesson as lessons
from grader.engine import Job, Worker
from grader.nbgrader_plugins import repair


def main(lesson: Path, folder: Path) -> None:
    source = lessons.read(lesson).notebook
    notebook, _ = repair(source, nbformat.read(folder / f"{lesson.stem}.ipynb", as_version=4))
    files = {f"receipts/{path.name}": path.read_bytes() for path in sorted(folder.glob("receipts/*.npz"))}
    started = time.perf_counter()
    with Worker() as worker:
        worker.grade(Job(nbformat.v4.new_notebook(), {}))  # starts the warm process
        ready = time.perf_counter()
        before = memory(os.getpid())
        with Peak(os.getpid(), pause=0.02, share=0.5) as peak:
            verdict = worker.grade(Job(notebook, files, name=lesson.stem))
        done = time.perf_counter()
    print(json.dumps({
        "warm_bytes": before,
        "added_bytes": None if before is None or peak.bytes is None else peak.bytes - before,
        "start_seconds": round(ready - started, 2),
        "grade_seconds": round(done - ready, 2),
        "points": sum(score.points for score in verdict.scores.values()),
    }))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
