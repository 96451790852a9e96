"""Write a verdict into nbgrader's gradebook: fail closed, in words, and the same at every regrade."""

from __future__ import annotations

import math

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import SaveAutoGrades

from grader.engine import Score
from grader.engine.cells import exercises, is_hidden, role

from .words import failure

NO_ANSWER = "No response."


class SaveScores(SaveAutoGrades):
    """Save the engine's scores, and for each answer an automatic comment on what went wrong.

    A test cell scores what the verdict says, and 0 where it says nothing or no number
    between 0 and the gradebook's maximum. A written question scores 0 where it is
    empty or the stub stands unchanged, else it waits for a person. Manual scores and comments are not touched.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        record = nb.metadata["rnn_course"]
        verdict = resources["nbgrader"]["verdict"]
        self._scores = verdict.scores if verdict else {}
        self._missing = record.get("unreadable") or (verdict and verdict.stopped) or "this test was not run"
        self._comments = comments(nb, self._scores, self._missing)
        # For feedback, which is made from the notebook: why a test cell has the points it has.
        record["reasons"] = {
            cell.metadata.nbgrader["grade_id"]: self._reason(cell) for cell in nb.cells if role(cell) == "test"
        }
        return super().preprocess(nb, resources)

    def _reason(self, cell: NotebookNode) -> str:
        return _reason(cell, self._scores, self._missing)

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        if not utils.is_solution(cell):
            grade.auto_score = points(self._scores.get(grade.name), grade.max_score)
        else:
            grade.auto_score = 0.0 if unanswered(cell) else None
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: dict) -> None:
        comment = self.gradebook.find_comment(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        comment.auto_comment = self._comments.get(comment.name)
        self.gradebook.db.commit()


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
            failed = failure(cell.outputs, is_hidden(cell), reason) if reason else None
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
