"""The course's own copy of a notebook: the only thing about a submission that can be trusted."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from .course import course


def source_path(coursedir: CourseDirectory, assignment: str, notebook: str) -> Path:
    """Return where the solution notebook lies."""
    return Path(coursedir.format_path(coursedir.source_directory, ".", assignment), f"{notebook}.ipynb")


def stamped(root: Path, lesson: str) -> bool:
    """Whether there is a solution notebook that `grader build` made, or one that cannot be read."""
    path = source_path(course(root).coursedir, lesson, lesson)
    if not path.is_file():
        return False  # `trusted` says so
    try:
        return "source" in nbformat.read(path, as_version=4).metadata.get("rnn_course", {})
    except Exception:  # only a build mends that
        return True


def trusted(coursedir: CourseDirectory, assignment: str, notebook: str) -> NotebookNode:
    """Return the solution notebook, once it agrees with the gradebook on what is graded.

    Raises NbGraderException, with the command that mends it, if there is no solution
    notebook, if the gradebook does not know it, or if the two differ in the names of
    graded cells, answers or their points.
    """
    path = source_path(coursedir, assignment, notebook)
    if not path.is_file():
        raise NbGraderException(f"There is no {path}. Build the lesson first: grader build {assignment}")
    source = nbformat.read(path, as_version=4)
    graded = {
        cell.metadata.nbgrader["grade_id"]: float(cell.metadata.nbgrader["points"])
        for cell in source.cells
        if utils.is_grade(cell)
    }
    answers = {cell.metadata.nbgrader["grade_id"] for cell in source.cells if utils.is_solution(cell)}
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            known = gradebook.find_notebook(notebook, assignment)
        except MissingEntry:
            raise NbGraderException(_stale(assignment, "the gradebook does not know it yet")) from None
        if {cell.name: cell.max_score for cell in known.grade_cells} != graded:
            raise NbGraderException(_stale(assignment, "its graded cells or their points are not the gradebook's"))
        if {cell.name for cell in known.solution_cells} != answers:
            raise NbGraderException(_stale(assignment, "its answer cells are not the gradebook's"))
    return source


def _stale(assignment: str, what: str) -> str:
    return (
        f"The solution notebook of {assignment} and the gradebook do not agree: {what}. "
        f"Run: nbgrader generate_assignment {assignment} --force"
    )


def trusted_notebooks(coursedir: CourseDirectory, assignment: str) -> dict[str, NotebookNode]:
    """Return every solution notebook of an assignment by name, each checked as in `trusted`."""
    return {name: trusted(coursedir, assignment, name) for name in names_of(coursedir, assignment)}


def names_of(coursedir: CourseDirectory, assignment: str) -> list[str]:
    """Return the names of an assignment's notebooks; one of its own name where there is no solution."""
    folder = source_path(coursedir, assignment, "*").parent
    return sorted(path.stem for path in folder.glob("*.ipynb") if not path.name.startswith(".")) or [assignment]
