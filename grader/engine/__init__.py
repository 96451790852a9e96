"""Grade one submission: a notebook and its files go in, outputs and scores come out.

    from grader.engine import Job, grade
    verdict = grade(Job(notebook=repaired, files={"receipts/digits.npz": b"..."}))

Importing this package is cheap. Jupyter is imported by the first `grade`; TensorFlow never
is: it lives in the processes that run the submissions.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from grader.engine.verdict import EngineError, Job, Limits, Score, Verdict

if TYPE_CHECKING:
    from grader.engine.cluster import Cluster
    from grader.engine.sandbox import Isolation
    from grader.engine.team import Team
    from grader.engine.worker import Worker

__all__ = ["Cluster", "EngineError", "Isolation", "Job", "Limits", "Score", "Team", "Verdict", "Worker", "grade"]

_LATER = {"Cluster": "cluster", "Isolation": "sandbox", "Team": "team", "Worker": "worker"}


def grade(job: Job) -> Verdict:
    """Grade `job` with this process's own warm worker, started at the first call.

    Never raises for anything a submission does. Raises `EngineError` where submissions
    cannot be isolated on this machine or no kernel can be started. For several threads,
    give each its own `Worker`, or use a `Team`.
    """
    from grader.engine.worker import default_worker

    return default_worker().grade(job)


def __getattr__(name: str):
    if name in _LATER:
        return getattr(importlib.import_module(f"grader.engine.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
