"""Write graded submissions down, as `nbgrader autograde` does with this course's configuration, many times as fast.

nbgrader opens its gradebook about ten times for each submission and commits once for each cell. Here the gradebook
is opened once and a submission's scores are one transaction: they are in the gradebook as a whole, or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput
from nbgrader.utils import parse_utc, rmtree

from grader.engine import Verdict
from grader.engine.edition import code
from grader.engine.transport import pack_verdict

from .directories import keep_timestamp, timestamp_of
from .exporters import SubmissionExporter
from .due import Terms, read
from .grading import Grade, Repair, put_back
from .lateness import date, extend, late_of, points_of
from .readings import earlier, settled
from .scoring import SaveScores, points, save_scores
from .source import names_of

# The pipeline that `Recorder` stands for, as nbgrader_config.py sets it.
PIPELINE = {
    "exporter_class": SubmissionExporter,
    "sanitize_preprocessors": [Repair],
    "autograde_preprocessors": [Grade, LimitOutput, SaveScores, AssignLatePenalties],
}


@dataclass(frozen=True)
class Numbers:
    """What the gradebook says of one submission: its points, less the penalty; the most there are; whether a person has still to look.

    late: seconds after the due date, extensions included. penalty: what that costs.
    again: the answers that a person had read, and has to read again because they, or what was asked, are others now.
    """

    points: float
    max_points: float
    by_hand: bool
    late: float = 0.0
    penalty: float = 0.0
    again: tuple[str, ...] = ()


class Recorder:
    """Records submissions of one lesson, one after another; a context manager that holds the gradebook open.

    api: the course. lesson: an assignment with one notebook, of its own name.
    marks: a folder for what was recorded so far, a small file each; see `recorded`.
    """

    def __init__(self, api: NbGraderAPI, lesson: str, marks: str | Path):
        self._api, self._coursedir, self._lesson = api, api.coursedir, lesson
        self._marks = Path(marks) / lesson

    def __enter__(self) -> Recorder:
        self._gradebook = Gradebook(self._coursedir.db_url, self._coursedir.course_id)
        self._terms: Terms = read(self._coursedir.root)
        return self

    def __exit__(self, *_: object) -> None:
        self._gradebook.close()

    @staticmethod
    def stands_for(api: NbGraderAPI, lesson: str) -> bool:
        """Whether nbgrader's own pipeline would do nothing else: a course may have configured steps of its own."""
        steps = dict(api.config.get("Autograde", {}))
        plain = steps == PIPELINE and not api.config.get("BaseConverter") and not api.coursedir.groupshared
        return plain and names_of(api.coursedir, lesson) == [lesson]

    def record(self, student: str, notebook: NotebookNode, verdict: Verdict | None, key: str = "") -> Numbers:
        """Put scores and comments into the gradebook, and the notebook with its outputs into autograded/.

        notebook: the repaired submission (see `grading.mend`), which is changed.
        verdict: on the job of this `key`; None if the submission could not be read. Manual scores and comments are kept;
        what was read waits again only where the answer or the question has changed.
        """
        mark = self._mark_of(student, notebook, verdict)
        self._forget(student)
        if verdict is not None:
            put_back(notebook, verdict)
        notebook, _ = LimitOutput(config=self._api.config).preprocess(notebook, {})
        try:
            self._gradebook.update_or_create_student(student)
            submitted = self._submitted(student)
            time = {"timestamp": submitted} if submitted else {}
            submission = self._gradebook.update_or_create_submission(self._lesson, student, **time)
            date(submission.assignment, self._terms)
            extend(submission, self._terms)
            graded = self._gradebook.find_submission_notebook(self._lesson, self._lesson, student)
            were = settled(graded.grades)
            with self._gradebook.db.no_autoflush:
                save_scores(graded, notebook, verdict, earlier(self._page(student)))
            again = tuple(sorted(were - settled(graded.grades)))
            self._write(student, notebook)
            self._gradebook.db.commit()
        except BaseException:
            self._gradebook.db.rollback()
            raise
        if late_of(submission) > 0 or graded.late_submission_penalty is not None:
            self._penalise(student, notebook)
        self._remember(student, mark)
        return replace(self._told(graded), again=again)

    def recorded(self, student: str, notebook: NotebookNode, verdict: Verdict | None) -> Numbers | None:
        """Return the gradebook's numbers if exactly this was recorded to its end, and the gradebook still has it."""
        try:
            if self._mark(student).read_text() != self._mark_of(student, notebook, verdict) or not self._page(student).is_file():
                return None
            graded = self._gradebook.find_submission_notebook(self._lesson, self._lesson, student)
        except (OSError, ValueError, MissingEntry):
            return None
        return self._told(graded) if _says(graded, verdict) else None

    def _told(self, graded: SubmittedNotebook) -> Numbers:
        numbers = numbers_of(graded)
        self._gradebook.db.rollback()  # else a server sees a transaction that is open until the next submission, perhaps for hours
        return numbers

    def _mark_of(self, student: str, notebook: NotebookNode, verdict: Verdict | None) -> str:
        """Return a hash of all that is recorded of a submission."""
        about = [[cell.id, cell.cell_type, cell.source, cell.metadata] for cell in notebook.cells]
        told = json.dumps([about, notebook.metadata, timestamp_of(self._place("submitted", student)), code("nbgrader_plugins")], sort_keys=True)
        packed = pack_verdict(verdict) if verdict else b""
        return hashlib.sha256(told.encode() + packed).hexdigest()

    def _submitted(self, student: str) -> datetime | None:
        text = timestamp_of(self._place("submitted", student))
        return parse_utc(text) if text else None

    def _write(self, student: str, notebook: NotebookNode) -> None:
        """Put the graded notebook in place, alone but for the time it was submitted."""
        folder = self._place("autograded", student)
        if folder.is_symlink() or folder.exists():
            rmtree(str(folder))
        folder.mkdir(parents=True)
        keep_timestamp(str(self._place("submitted", student)), str(folder))
        new = folder / ".new"
        new.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        os.replace(new, self._page(student))
        for path in folder.iterdir():
            path.chmod(0o444)  # as nbgrader leaves them: graded work is not edited by accident

    def _penalise(self, student: str, notebook: NotebookNode) -> None:
        """Have nbgrader work out the penalty for a late submission, by the course's own rule."""
        names = {"notebook": self._lesson, "assignment": self._lesson, "student": student, "db_url": self._coursedir.db_url}
        AssignLatePenalties(parent=self._api, config=self._api.config).preprocess(notebook, {"nbgrader": names})
        self._gradebook.db.expire_all()

    def _place(self, kind: str, student: str) -> Path:
        return Path(self._coursedir.format_path(getattr(self._coursedir, f"{kind}_directory"), student, self._lesson))

    def _page(self, student: str) -> Path:
        return self._place("autograded", student) / f"{self._lesson}.ipynb"

    def _mark(self, student: str) -> Path:
        return self._marks / quote(student, safe="")

    def _forget(self, student: str) -> None:
        self._mark(student).unlink(missing_ok=True)

    def _remember(self, student: str, mark: str) -> None:
        self._marks.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._marks / f".{os.getpid()}.new"
        new.write_text(mark)
        os.replace(new, self._mark(student))


def numbers_of(graded: SubmittedNotebook | SubmittedAssignment) -> Numbers:
    """Return the gradebook's numbers."""
    submission = graded.assignment if isinstance(graded, SubmittedNotebook) else graded
    late, penalty = late_of(submission), graded.late_submission_penalty or 0.0
    return Numbers(points_of(graded), graded.max_score, graded.needs_manual_grade, late, penalty)


def _says(graded: SubmittedNotebook, verdict: Verdict | None) -> bool:
    """Whether the gradebook's automatic scores are the verdict's. Written answers are in no verdict."""
    automatic = {grade.name: (grade.auto_score, grade.max_score) for grade in graded.grades}
    if verdict is None:
        return not any(score for score, _ in automatic.values())
    return all(name in automatic and automatic[name][0] == points(score, automatic[name][1]) for name, score in verdict.scores.items())
