"""Write feedback pages with `nbgrader generate_feedback`, those that would change and no other."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from urllib.parse import quote

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI

from grader.engine.edition import code

from .due import Terms, read
from .feedback import about
from .pipeline import require


class Pages:
    """The feedback pages of one lesson; a context manager that holds the gradebook open.

    marks: a folder that says what each page was made from, a small file each.
    """

    def __init__(self, api: NbGraderAPI, lesson: str, marks: str | Path):
        self._api, self._lesson = api, lesson
        self._marks = Path(marks) / lesson

    def __enter__(self) -> Pages:
        self._gradebook = Gradebook(self._api.coursedir.db_url, self._api.coursedir.course_id)
        self._terms: Terms = read(self._api.coursedir.root)
        return self

    def __exit__(self, *_: object) -> None:
        self._gradebook.close()

    def write(self, student: str) -> Path | None:
        """Return the page of `student`, written anew if it would change; None for one who has not been graded.

        Raises NbGraderException, with nbgrader's reason, if it cannot be written.
        """
        graded = self._place(self._api.coursedir.autograded_directory, student, "ipynb")
        page = self._place(self._api.coursedir.feedback_directory, student, "html")
        if not graded.is_file():
            return None
        mark, seen = self._mark_of(graded, student), self._marks / quote(student, safe="")
        if page.is_file() and seen.is_file() and seen.read_text() == mark:
            return page
        seen.unlink(missing_ok=True)
        require(self._api.generate_feedback(self._lesson, student, force=True), f"the feedback for {student}")
        self._marks.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._marks / f".{os.getpid()}.new"
        new.write_text(mark)
        os.replace(new, seen)
        return page

    def _mark_of(self, graded: Path, student: str) -> str:
        """Return a hash of the graded notebook and of what the gradebook says: a person may have added points and comments."""
        try:
            rows = self._gradebook.find_submission_notebook(self._lesson, self._lesson, student)
        except MissingEntry:
            return ""
        grades = sorted([grade.name, grade.score, grade.max_score, grade.needs_manual_grade] for grade in rows.grades)
        said = sorted([comment.name, comment.manual_comment or ""] for comment in rows.comments)
        told = json.dumps([grades, said, rows.late_submission_penalty, about(rows.assignment, self._terms), code("nbgrader_plugins")])
        self._gradebook.db.rollback()  # a person may be grading meanwhile: the next look is a fresh one
        return hashlib.sha256(graded.read_bytes() + told.encode()).hexdigest()

    def _place(self, directory: str, student: str, suffix: str) -> Path:
        return Path(self._api.coursedir.format_path(directory, student, self._lesson), f"{self._lesson}.{suffix}")
