"""Who is in the gradebook, under which name: nbgrader's students, kept as the class is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.apps.api import NbGraderAPI

from .totals import Known


def enrol(api: NbGraderAPI, people: Iterable[Known], told: dict[str, list[str]]) -> dict[str, list[str]]:
    """Let the gradebook know these people and their names; return what it was told of each, to be given as `told` next time.

    A name that somebody wrote into the gradebook stays: only what is empty there, or was `told` before, is written.
    """
    now = {}
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        rows = {one.id: one for one in gradebook.students}
        for one in people:
            row = rows.get(one.id)
            if row is None:
                row = gradebook.add_student(one.id)
            now[one.id] = []
            for place, (name, value) in enumerate((("first_name", one.first_name), ("last_name", one.last_name), ("email", one.email))):
                before = told.get(one.id, [])
                if value and getattr(row, name) in (None, "", before[place] if len(before) > place else ""):
                    setattr(row, name, value)
                now[one.id].append(value if getattr(row, name) == value else "")
        gradebook.db.commit()
    return now


def merge(api: NbGraderAPI, old: str, new: str, lessons: Iterable[str]) -> list[dict[str, Any]]:
    """Let one student's submissions of these lessons be another's, with all that people gave and wrote; remove the student.

    Returns what the gradebook had of the submissions that are not moved.
    """
    lessons = set(lessons)
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        try:
            gone = gradebook.find_student(old)
        except MissingEntry:
            return []
        kept = gradebook.update_or_create_student(new)
        for name in ("first_name", "last_name", "email"):
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
        has = {one.assignment.name: one for one in kept.submissions}
        lost = []
        for submission in list(gone.submissions):
            if submission.assignment.name in lessons:
                if before := has.get(submission.assignment.name):
                    lost.append(_told(before))
                    gradebook.remove_submission(submission.assignment.name, new)
                submission.student = kept
            else:
                lost.append(_told(submission))
        gradebook.db.commit()
        gradebook.db.expire_all()
        gradebook.remove_student(old)
    return lost


def remove(api: NbGraderAPI, student: str) -> list[dict[str, Any]]:
    """Take a student out of the gradebook; return what it had of them."""
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        try:
            found: Student = gradebook.find_student(student)
        except MissingEntry:
            return []
        told = [_told(one) for one in found.submissions]
        gradebook.remove_student(student)
    return told


def _told(submission: SubmittedAssignment) -> dict[str, Any]:
    """All points and comments of a submission, as plain values."""
    return {
        "lesson": submission.assignment.name,
        "student": submission.student.id,
        "submitted": submission.timestamp.isoformat() if submission.timestamp else None,
        "points": submission.score,
        "grades": [
            {"cell": one.name, "auto": one.auto_score, "by_hand": one.manual_score, "extra": one.extra_credit} for notebook in submission.notebooks for one in notebook.grades
        ],
        "comments": [{"cell": one.name, "comment": one.manual_comment} for notebook in submission.notebooks for one in notebook.comments if one.manual_comment],
    }
