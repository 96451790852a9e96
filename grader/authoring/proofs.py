"""What must be true of a lesson before it is released, shown by grading it."""

from __future__ import annotations

import re
from pathlib import Path

from nbformat import NotebookNode

from grader import engine
from grader.authoring.handing_in import handed_in
from grader.authoring.lesson import BEGIN_HIDDEN, END_HIDDEN, Lesson, LessonError, grade_id
from grader.engine import Verdict
from grader.nbgrader_plugins import release, repair


def full_marks(lesson: Lesson, workshop: Path, exercises: frozenset[str] | None = None) -> Verdict:
    """The solution, graded as a submission with its receipts, scores full marks. Experiments are skipped, as in grading.

    exercises: run the tests of these alone. Returns the verdict; raises LessonError that names the test.
    """
    submission = _no_more_than(repair(lesson.notebook, handed_in(lesson.notebook))[0], exercises)
    verdict = engine.grade(engine.Job(submission, _receipts(workshop), name=lesson.name, tests=exercises))
    for name in _tests(lesson, exercises):
        score = verdict.scores[name]
        if score.points < score.max_points:
            raise LessonError(
                f"{lesson.name}: the solution scores {score.points:g} of {score.max_points:g} in test `{name}` "
                f"when its experiments are skipped, as they are in grading: {score.reason}"
            )
    return verdict


def stub_runs_and_scores_nothing(lesson: Lesson, workshop: Path, exercises: frozenset[str] | None = None) -> None:
    """The untouched release runs from top to bottom except for its tests, and every test scores zero.

    exercises: run the tests of these alone, and no experiments: nothing but tests is other than it was. Raises LessonError that names the cell.
    """
    submission = _no_more_than(repair(lesson.notebook, release(lesson.notebook))[0], exercises)
    for cell in submission.cells:
        cell.metadata.rnn_course.pop("skip", None)
    verdict = engine.grade(engine.Job(submission, _receipts(workshop), name=lesson.name, tests=exercises))
    if verdict.stopped:
        raise LessonError(f"{lesson.name}: the stub does not run to its end: {verdict.stopped}")
    for cell in submission.cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.source.strip().split("\n")[0][:60]
        if cell.metadata.rnn_course.role == "test":
            if exercises is not None and cell.metadata.rnn_course.exercise not in exercises:
                continue
            points = verdict.scores[grade_id(cell)].points
            if points:
                raise LessonError(f"{lesson.name}: the untouched stub scores {points:g} points in test `{name}`.")
        else:
            error = next((output for output in verdict.outputs[cell.id] if output["output_type"] == "error"), None)
            if error:
                raise LessonError(
                    f"{lesson.name}: the stub does not run: cell `{name}` raises {error['ename']}: {error['evalue']}"
                )


def _no_more_than(notebook: NotebookNode, exercises: frozenset[str] | None) -> NotebookNode:
    """The notebook as far as the last test of `exercises`, without experiments; the whole of it for None."""
    if exercises is not None:
        last = max(place for place, cell in enumerate(notebook.cells) if cell.metadata.rnn_course.get("exercise") in exercises)
        notebook.cells = [cell for cell in notebook.cells[: last + 1] if cell.metadata.rnn_course.get("role") != "experiment"]
    return notebook


def _tests(lesson: Lesson, exercises: frozenset[str] | None) -> list[str]:
    """The names of the tests of `exercises`, or of all."""
    return [grade_id(cell) for cell in lesson.cells("test") if exercises is None or cell.metadata.rnn_course.exercise in exercises]


def no_leak(lesson: Lesson, released: NotebookNode) -> None:
    """No line of a solution or a hidden test stands anywhere in the release, unless a visible cell says it too.

    Raises LessonError that names the cell that leaks.
    """
    secrets = {
        line: cell
        for cell in lesson.notebook.cells
        for region in regions(cell.source)
        for line in telling_lines(region)
    }
    public = {
        line
        for cell in lesson.notebook.cells
        for line in telling_lines(without_regions(cell.source))
    }
    text = "\n".join([cell.source for cell in released.cells] + _metadata_strings(released))
    for cell in released.cells:
        if "BEGIN SOLUTION" in cell.source or BEGIN_HIDDEN in cell.source or END_HIDDEN in cell.source:
            raise LessonError(f"{lesson.name}: the release still has the marks of a secret in cell `{cell.id}`.")
        if cell.get("outputs"):
            raise LessonError(f"{lesson.name}: the release has outputs in cell `{cell.id}`.")
    for line, cell in secrets.items():
        if line not in public and line in text:
            raise LessonError(f"{lesson.name}: the release leaks a line of cell `{grade_id(cell)}`: {line}")


_REGION = re.compile(r"(?ms)^[^\n]*BEGIN (?:SOLUTION|HIDDEN TESTS)[^\n]*\n(.*?)^[^\n]*END (?:SOLUTION|HIDDEN TESTS)[^\n]*$")


def regions(source: str) -> list[str]:
    """The parts of a cell that are no student's: solutions and hidden tests."""
    return _REGION.findall(source)


def without_regions(source: str) -> str:
    return _REGION.sub("", source)


def telling_lines(text: str) -> list[str]:
    """Lines long enough that finding one elsewhere is no accident."""
    return [line.strip() for line in text.split("\n") if len(line.strip()) >= 15]


def _metadata_strings(value) -> list[str]:
    """Every string in a notebook's metadata, at any depth."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = [item for key, item in value.items() if key not in ("source", "outputs")]
    return [string for item in value for string in _metadata_strings(item)] if isinstance(value, list) else []


def _receipts(workshop: Path) -> dict[str, bytes]:
    return {
        path.relative_to(workshop).as_posix(): path.read_bytes()
        for path in sorted((workshop / "receipts").glob("*.npz"))
    }
