"""Call nbgrader's own commands for one student, and turn what they say into a value or an exception."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException

from grader.engine import Job, Verdict

from .course import course
from .handed_in import missing, notebooks_in
from .lateness import settle
from .readings import settled
from .recording import Numbers, numbers_of


class Pipeline:
    """Records submissions with `nbgrader autograde`, for a course whose configuration adds steps of its own to it.

    root, lesson: as for `batch.autograde`. grade: reaches a verdict on a job that was not reached ahead, such
    as those of an assignment's further notebooks. It is used as `recording.Recorder` is.
    """

    def __init__(self, root: str | Path, lesson: str, grade: Callable[[Job], Verdict]):
        self._lesson, self._grade = lesson, grade
        self._reached: dict[str, Verdict] = {}
        self._api = course(root, verdicts=self._verdict)

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, *_: object) -> None:
        self._reached.clear()

    def record(self, student: str, notebook: NotebookNode, verdict: Verdict | None, key: str = "") -> Numbers:
        """Grade `student` with nbgrader; `verdict` answers for the job of this `key`. Raises NbGraderException."""
        coursedir = self._api.coursedir
        if not notebooks_in(coursedir.format_path(coursedir.submitted_directory, student, self._lesson)):
            raise NbGraderException(missing(self._lesson))  # nbgrader fails on a folder without any
        self._reached = {key: verdict} if verdict else {}
        before = self._read(student)
        require(self._api.autograde(self._lesson, student, force=True, create=True), "the grade")
        settle(self._api, [self._lesson], student=student)  # nbgrader knows no extension of one who had not handed in before
        again = tuple(sorted(before - self._read(student)))
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            return replace(numbers_of(gradebook.find_submission(self._lesson, student)), again=again)

    def _read(self, student: str) -> set[str]:
        with Gradebook(self._api.coursedir.db_url, self._api.coursedir.course_id) as gradebook:
            try:
                return settled(grade for notebook in gradebook.find_submission(self._lesson, student).notebooks for grade in notebook.grades)
            except MissingEntry:
                return set()

    def recorded(self, student: str, notebook: NotebookNode, verdict: Verdict | None) -> None:
        """Return None: what steps of its own a course takes, and what they depend on, is not known here."""

    def _verdict(self, job: Job) -> Verdict:
        return self._reached.get(job.key) or self._grade(job)


def require(outcome: dict, what: str) -> None:
    """Raise NbGraderException with nbgrader's last word, unless what it was asked for succeeded.

    Raises KeyboardInterrupt where nbgrader met one: it takes that for a failure of the submission.
    """
    if outcome["success"]:
        return
    lines = [line for line in (outcome.get("error") or outcome.get("log") or "").strip().split("\n") if line.strip()]
    last = lines[-1].strip() if lines else "it gave no reason"
    if last == "KeyboardInterrupt":
        raise KeyboardInterrupt
    raise NbGraderException(f"nbgrader could not make {what}: {last}")
