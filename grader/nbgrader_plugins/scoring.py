"""Write a verdict into nbgrader's gradebook: fail closed, in words, and the same at every regrade."""

from __future__ import annotations

import math

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.engine import Score, Verdict
from grader.engine.cells import exercises, is_hidden, role

from .readings import Seen, holds, seen
from .words import failure

NO_ANSWER = "No response."


class SaveScores(NbGraderPreprocessor):
    """Save the engine's scores, and for each answer an automatic comment on what went wrong (see `save_scores`)."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            graded = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            save_scores(graded, nb, names["verdict"], names.get("before"))
            gradebook.db.commit()
        return nb, resources


def save_scores(graded: SubmittedNotebook, nb: NotebookNode, verdict: Verdict | None, before: Seen | None = None) -> None:
    """Put a verdict, None for a notebook that could not be read, into the gradebook's rows; to commit is the caller's.

    A test cell scores what the verdict says, and 0 where it says nothing or no number
    between 0 and the gradebook's maximum. A written question scores 0 where it is
    empty or the stub stands unchanged, else it waits for a person. Manual scores and comments are not touched; what
    has a manual score waits again only if `before`, what was seen in the notebook graded before, is another.
    """
    record = nb.metadata["rnn_course"]
    scores = verdict.scores if verdict else {}
    missing = record.get("unreadable") or (verdict and verdict.stopped) or "this test was not run"
    said = comments(nb, scores, missing)
    # For feedback, which is made from the notebook: why a test cell has the points it has.
    record["reasons"] = {
        cell.metadata.nbgrader["grade_id"]: _reason(cell, scores, missing) for cell in nb.cells if role(cell) == "test"
    }
    cells = {cell.metadata.nbgrader["grade_id"]: cell for cell in nb.cells if utils.is_grade(cell)}
    now = seen(nb)
    for grade in graded.grades:
        if (cell := cells.get(grade.name)) is None:
            continue
        if utils.is_solution(cell):
            grade.auto_score = 0.0 if unanswered(cell) else None
        else:
            grade.auto_score = points(scores.get(grade.name), grade.max_score)
        if grade.manual_score is None:
            grade.needs_manual_grade = grade.auto_score is None
        elif not holds(grade.name, before or {}, now):
            grade.needs_manual_grade = True
    for comment in graded.comments:
        comment.auto_comment = said.get(comment.name)


def points(score: Score | None, most: float) -> float:
    """Return the points of a test cell: a finite number from 0 to `most`; anything else is 0."""
    value = getattr(score, "points", None)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return 0.0
    return float(value) if 0 <= value <= most else 0.0


def unanswered(cell: NotebookNode) -> bool:
    """Whether an answer's cell is empty or holds its stub, by the checksum that `Repair` took from the course."""
    return not cell.source.strip() or cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)


def comments(nb: NotebookNode, scores: dict[str, Score], missing: str) -> dict[str, str | None]:
    """Return {grade_id of an answer: the automatic comment, or None}.

    It says "No response.", or for each failed test of that exercise what the student may
    read of it; then the notes on that exercise's cells. Notes on no cell go to the first answer.
    """
    lines = {
        cell.metadata.nbgrader["grade_id"]: [NO_ANSWER] if unanswered(cell) else []
        for cell in nb.cells
        if role(cell) in ("exercise", "question")
    }
    owner_of: dict[str | None, str | None] = {None: next(iter(lines), None)}
    for cell, owner in zip(nb.cells, exercises(nb.cells), strict=True):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if not (name and owner):
            continue
        owner_of[name] = owner
        if role(cell) == "test" and NO_ANSWER not in lines[owner]:
            reason = _reason(cell, scores, missing)
            failed = failure(cell.outputs, is_hidden(cell), reason, cell.source) if reason else None
            if failed:
                lines[owner].append(f"{name}: {failed}")
    for note in nb.metadata["rnn_course"].get("notes", []):
        answer = owner_of.get(note["cell"], owner_of.get(None))
        if answer:
            lines[answer].append(note["text"])
    return {name: "\n\n".join(said) or None for name, said in lines.items()}


def _reason(cell: NotebookNode, scores: dict[str, Score], missing: str) -> str:
    """Why a test cell has less than full points, "" if it has them all."""
    score = scores.get(cell.metadata.nbgrader["grade_id"])
    most = float(cell.metadata.nbgrader["points"])
    if score is not None and points(score, most) == most:
        return ""
    return (score and score.reason) or missing
