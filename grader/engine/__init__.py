"""Grade one submission: a notebook and its files go in, outputs and scores come out.

    from grader.engine import Job, grade
    verdict = grade(Job(notebook=repaired, files={"receipts/digits/history.json": b"..."}))

Importing this package is cheap. Jupyter is imported by the first `grade`; TensorFlow never
is: it lives in the processes that run the submissions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.verdict import EngineError, Job, Limits, Score, Verdict

if TYPE_CHECKING:
    from grader.engine.worker import Worker

__all__ = ["EngineError", "Job", "Limits", "Score", "Verdict", "Worker", "grade"]


def grade(job: Job) -> Verdict:
    """Grade `job` with this process's own warm worker, started at the first call.

    Never raises for anything a submission does. Raises `EngineError` where no kernel can
    be started at all. For several threads, give each its own `Worker`.
    """
    from grader.engine.worker import default_worker

    return default_worker().grade(job)


def __getattr__(name: str):
    if name == "Worker":
        from grader.engine.worker import Worker

        return Worker
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
