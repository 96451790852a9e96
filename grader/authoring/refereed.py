"""Try answers as they are tried when they are graded: the tests in the referee, the answers in the student's process.

Exercises do not depend on each other, so one notebook can hold an answer to each of them, as a student's does.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from nbconvert.filters import strip_ansi

from grader.authoring.answers import Outcome
from grader.authoring.lesson import Lesson, grade_id
from grader.engine import Job, Team, Verdict
from grader.engine.cells import declare, role
from grader.engine.names import declares

_TITLE = "Check failed: "
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_PLACE = re.compile(r" at index \([\d, ]*\)|\d+ of \d+ values differ")
_NUMBERED = re.compile(r"(?<=[a-z])_\d+(?=_|\b)| {2,}")  # dense_3: Keras counts the layers of a process, and a table is as wide as its names
_FRACTION = re.compile(r"-?\d+(\.\d+(e[-+]?\d+)?|e[-+]?\d+)")


@dataclass(frozen=True)
class Answer:
    """The cell of an exercise as somebody wrote it, and the folder that holds its receipts, if it has any."""

    exercise: str
    source: str
    folder: Path

    def receipts(self) -> dict[str, bytes]:
        """Return {path in a submission: content}."""
        return {f"receipts/{path.name}": path.read_bytes() for path in sorted((self.folder / "receipts").glob("*.npz"))}


def grade(lesson: Lesson, answers: list[Answer], expected: list[Outcome], team: Team, step: Callable[[], None]) -> list[Outcome]:
    """What `team` makes of each answer. Several share a notebook; one that surprises is graded once more, alone.

    expected: what each earned in its author's kernel. `step` is called when an answer's notebook is graded.
    """
    work = [(sheet, team.start(job(lesson, sheet.values()))) for sheet in _sheets(answers)]
    found = {}
    for sheet, verdict in work:
        for answer in sheet.values():
            found[answer] = _outcome(lesson, answer.exercise, verdict.result())
            step()
    for answer, outcome in zip(answers, expected, strict=True):
        if not same_words(found[answer], outcome):
            found[answer] = _outcome(lesson, answer.exercise, team.start(job(lesson, [answer])).result())
    return [found[answer] for answer in answers]


def _sheets(answers: Iterable[Answer]) -> list[dict[str, Answer]]:
    """As few notebooks as hold every answer: one to an exercise in each, and no two receipts of one name."""
    sheets: list[dict[str, Answer]] = []
    for answer in answers:
        names = answer.receipts().keys()
        for sheet in sheets:
            if answer.exercise not in sheet and not any(names & other.receipts().keys() for other in sheet.values()):
                sheet[answer.exercise] = answer
                break
        else:
            sheets.append({answer.exercise: answer})
    return sheets


def job(lesson: Lesson, answers: Iterable[Answer]) -> Job:
    """The notebook of a student who wrote only `answers`: the given cells, their exercises and the tests of these."""
    written = {answer.exercise: answer for answer in answers}
    tests = {cell.id for exercise in written for cell in lesson.tests(exercise)}
    notebook = copy.deepcopy(lesson.notebook)
    declare(notebook.cells, declares(notebook.cells))
    last = max(index for index, cell in enumerate(notebook.cells) if cell.id in tests)
    notebook.cells = [
        cell
        for cell in notebook.cells[: last + 1]
        if cell.cell_type == "code" and (role(cell) in ("setup", "given") or cell.id in tests or _exercise(cell) in written)
    ]
    for cell in notebook.cells:
        if _exercise(cell) in written:
            cell.source = written[_exercise(cell)].source
    files = {path: content for answer in written.values() for path, content in answer.receipts().items()}
    return Job(notebook, files, name=f"{lesson.name}, {', '.join(written)}")


def _outcome(lesson: Lesson, exercise: str, verdict: Verdict) -> Outcome:
    """What the answer to `exercise` earned, in the words of `answers.Stage`."""
    scores, failures = {}, {}
    for cell in lesson.tests(exercise):
        score = scores[grade_id(cell)] = verdict.scores[grade_id(cell)]
        if score.points < score.max_points:
            failures[grade_id(cell)] = _words(verdict.outputs[cell.id]) or score.reason
    return Outcome(sum(score.points for score in scores.values()), sum(score.max_points for score in scores.values()), failures)


def same_words(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes have the same points and failures.

    Addresses in memory and the numbers in Keras' names aside, and what depends on weights drawn at random, which no two
    processes share: fractions, and where in an array they differ.
    """

    def plain(outcome: Outcome) -> dict[str, str]:
        return {test: _FRACTION.sub("0.0", _PLACE.sub("", _NUMBERED.sub("", _ADDRESS.sub("0x", words)))) for test, words in outcome.failures.items()}

    return one.points == other.points and plain(one) == plain(other)


def _exercise(cell) -> str | None:
    return grade_id(cell) if role(cell) == "exercise" else None


def _words(outputs: list) -> str:
    error = next((output for output in reversed(outputs) if output["output_type"] == "error"), None)
    if error is None:
        return ""
    said = strip_ansi("\n".join(error["traceback"]))
    return said.removeprefix(_TITLE) if said.startswith(_TITLE) else f"{error['ename']}: {error['evalue']}"
