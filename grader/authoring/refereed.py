"""Try one answer as it is tried when it is graded: the tests in the referee, the answer in the student's process."""

from __future__ import annotations

import copy
import re
from pathlib import Path

from nbconvert.filters import strip_ansi

from grader.authoring.answers import Outcome
from grader.authoring.lesson import Lesson, grade_id
from grader.engine import Job, Verdict
from grader.engine.cells import role

_TITLE = "Check failed: "
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_FRACTION = re.compile(r"-?\d+(\.\d+(e[-+]?\d+)?|e[-+]?\d+)")


def job(lesson: Lesson, exercise: str, source: str, folder: Path) -> Job:
    """The notebook of a student who wrote only `source`: the given cells, the exercise and its tests.

    folder: where the answer's receipts are, if it has any.
    """
    tests = {cell.id for cell in lesson.tests(exercise)}
    notebook = copy.deepcopy(lesson.notebook)
    last = max(index for index, cell in enumerate(notebook.cells) if cell.id in tests)
    notebook.cells = [
        cell
        for cell in notebook.cells[: last + 1]
        if cell.cell_type == "code" and (role(cell) in ("setup", "given") or cell.id in tests or _is(cell, exercise))
    ]
    for cell in notebook.cells:
        if _is(cell, exercise):
            cell.source = source
    files = {f"receipts/{path.name}": path.read_bytes() for path in sorted((folder / "receipts").glob("*.npz"))}
    return Job(notebook, files, name=f"{lesson.name}, {exercise}")


def outcome(work: Job, verdict: Verdict) -> Outcome:
    """What the answer earned, in the words of `answers.Stage`."""
    failures = {}
    for cell in work.notebook.cells:
        if role(cell) == "test" and (score := verdict.scores[grade_id(cell)]).points < score.max_points:
            failures[grade_id(cell)] = _words(verdict.outputs[cell.id]) or score.reason
    points = sum(score.points for score in verdict.scores.values())
    return Outcome(points, sum(score.max_points for score in verdict.scores.values()), failures)


def same_words(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes have the same points and failures.

    Addresses in memory aside, and fractions: what a model with weights drawn at random computes, no two processes share.
    """

    def plain(outcome: Outcome) -> dict[str, str]:
        return {test: _FRACTION.sub("0.0", _ADDRESS.sub("0x", words)) for test, words in outcome.failures.items()}

    return one.points == other.points and plain(one) == plain(other)


def _is(cell, exercise: str) -> bool:
    return role(cell) == "exercise" and grade_id(cell) == exercise


def _words(outputs: list) -> str:
    error = next((output for output in reversed(outputs) if output["output_type"] == "error"), None)
    if error is None:
        return ""
    said = strip_ansi("\n".join(error["traceback"]))
    return said.removeprefix(_TITLE) if said.startswith(_TITLE) else f"{error['ename']}: {error['evalue']}"
