"""What a notebook's cells are, read from the metadata that the repair step vouches for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode


def nbgrader_metadata(cell: NotebookNode) -> Mapping[str, Any]:
    """The cell's nbgrader metadata, {} where it has none."""
    return cell.metadata.get("nbgrader") or {}


def role(cell: NotebookNode) -> str:
    """Return the cell's role in a lesson, from the build's mark or from nbgrader's metadata.

    One of prose, setup, given, experiment, exercise, test, question, own.
    """
    marked = cell.metadata.get("rnn_course", {}).get("role")
    if marked:
        return marked
    about = nbgrader_metadata(cell)
    if about.get("solution"):
        return "question" if about.get("grade") else "exercise"
    if about.get("grade"):
        return "test"
    if about.get("locked"):
        return "given"
    return "experiment" if cell.cell_type == "code" else "prose"


def is_test(cell: NotebookNode) -> bool:
    """Whether the cell is an autograded test: code that gives points and holds no answer."""
    about = nbgrader_metadata(cell)
    return (
        cell.cell_type == "code"
        and bool(about.get("grade"))
        and not about.get("solution")
        and not about.get("task")
    )


def is_given(cell: NotebookNode) -> bool:
    """Whether the cell is the course's own code, set-up or data, that tests may lean on."""
    return cell.cell_type == "code" and not is_test(cell) and role(cell) in ("setup", "given")


def is_hidden(cell: NotebookNode) -> bool:
    """Whether the cell holds a hidden test."""
    return "BEGIN HIDDEN TESTS" in cell.source


def reads(cell: NotebookNode) -> frozenset[str]:
    """The names that a test may read from the student's process: those that its exercise declares. None where nothing says which."""
    return frozenset((cell.metadata.get("rnn_course") or {}).get("reads") or ())


def declare(cells: list[NotebookNode], declared: Mapping[str, Iterable[str]]) -> None:
    """Note in each test cell which names it may read; `declared` maps an exercise to what its cell in the course's own notebook binds."""
    for cell, exercise in zip(cells, exercises(cells), strict=True):
        if is_test(cell):
            cell.metadata["rnn_course"] = {**(cell.metadata.get("rnn_course") or {}), "reads": sorted(declared.get(exercise, ()))}


def is_skipped(cell: NotebookNode) -> bool:
    """Whether the repair step marked the cell as an unchanged experiment. Tests always run."""
    return bool((cell.metadata.get("rnn_course") or {}).get("skip")) and not is_test(cell)


def exercises(cells: list[NotebookNode]) -> Iterator[str]:
    """For each cell the exercise or question it belongs to: the one it names, else the last one before it."""
    following = ""
    answers = {_name(cell) for cell in cells if _is_answer(cell)}
    for cell in cells:
        if _is_answer(cell):
            following = _name(cell)
        named = (cell.metadata.get("rnn_course") or {}).get("exercise")
        yield named if named in answers else following


def max_points(cell: NotebookNode) -> float:
    """The points of a test cell; ValueError unless a finite number of at least 0."""
    about = nbgrader_metadata(cell)
    try:
        points = float(about.get("points"))
    except (TypeError, ValueError):
        points = math.nan
    if not (math.isfinite(points) and points >= 0):
        raise ValueError(
            f"test cell {about.get('grade_id')!r} has points {about.get('points')!r}: "
            "set a finite number of at least 0"
        )
    return points


def cell_name(cell: NotebookNode, position: int) -> str:
    """The name of a cell for a reader, who counts from 1."""
    grade_id = nbgrader_metadata(cell).get("grade_id")
    return f"cell {grade_id}" if grade_id else f"cell {position + 1} of the notebook"


def _is_answer(cell: NotebookNode) -> bool:
    return role(cell) in ("exercise", "question")


def _name(cell: NotebookNode) -> str:
    return nbgrader_metadata(cell).get("grade_id") or cell.get("id", "")
