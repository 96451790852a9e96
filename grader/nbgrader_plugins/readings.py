"""When a person's reading of an answer holds at a regrade: while the answer, and what was asked, are what was read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Grade

from grader.engine.cells import exercises, role

from .reading import Unreadable, read_bytes

LARGEST = 512 * 1024**2  # bytes of a graded notebook, which the grader wrote itself
Seen = dict[str, tuple[str, str, str]]  # graded cell -> hashes of the answer, of the cell that asks, of the text before it ("" if not known)


def asked(source: NotebookNode) -> dict[str, str]:
    """Return {question: a hash of the text right before it}, from the course's own notebook: a student may have edited theirs."""
    found, before = {}, ""
    for cell in source.cells:
        if role(cell) == "question":
            found[cell.metadata.nbgrader["grade_id"]] = _hash(before)
        before = cell.source if cell.cell_type == "markdown" else ""
    return found


def seen(graded: NotebookNode) -> Seen:
    """Return what a person who gives points judges in a graded notebook, by graded cell.

    For a written question that is the answer, the question, its points. For a test it is the exercise's code, and any
    code of the student's own, and the test.
    """
    before = graded.metadata.get("rnn_course", {}).get("asked", {})
    answers: dict[str, str] = {}
    own = [cell.source for cell in graded.cells if cell.cell_type == "code" and role(cell) == "own"]
    found: Seen = {}
    for cell, exercise in zip(graded.cells, exercises(graded.cells), strict=True):
        if role(cell) == "exercise":
            answers[exercise] = cell.source
        if not utils.is_grade(cell):
            continue
        about = cell.metadata.nbgrader
        name, points = about["grade_id"], float(about.get("points") or 0)
        if utils.is_solution(cell):
            found[name] = _hash(cell.source, cell.get("attachments") or {}), _hash(about.get("checksum"), points), before.get(name, "")
        else:
            found[name] = _hash(answers.get(exercise, ""), own), _hash(cell.source, points), ""
    return found


def earlier(path: str | Path) -> Seen:
    """Return `seen` of the notebook that was graded before, {} where there is none."""
    try:
        return seen(nbformat.v4.reads(read_bytes(Path(path), LARGEST).decode()))
    except (Unreadable, ValueError, KeyError, AttributeError, TypeError):
        return {}


def holds(name: str, before: Seen, now: Seen) -> bool:
    """Whether what was read then is what stands there now. A text that an earlier edition did not keep counts as the same."""
    then, here = before.get(name), now.get(name)
    return then is not None and here is not None and then[:2] == here[:2] and (then[2] == here[2] or "" in (then[2], here[2]))


def settled(grades: Iterable[Grade]) -> set[str]:
    """The graded cells to which a person gave points, and which wait for nobody."""
    return {grade.name for grade in grades if grade.manual_score is not None and not grade.needs_manual_grade}


def _hash(*told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:32]
