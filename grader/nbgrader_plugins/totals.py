"""What each student has in each lesson, by the gradebook's own counting: written answers and penalties included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nbgrader.api import MissingEntry
from nbgrader.apps.api import NbGraderAPI

from .due import read
from .lateness import late_of, points_of, settle


@dataclass(frozen=True)
class Total:
    """Points of one submission. `points` is `raw` less `penalty`, never below 0, as nbgrader exports it; `waits` says that a person has still to look.

    late: seconds after `due`, which has the student's extension in it. excused: the lesson does not count for this student.
    """

    student: str
    lesson: str
    points: float
    max_points: float
    raw: float
    penalty: float
    waits: bool
    submitted: datetime | None
    due: datetime | None = None
    late: float = 0.0
    excused: bool = False


@dataclass(frozen=True)
class Known:
    """A student as the gradebook has them; only the id is sure to be there."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def totals(api: NbGraderAPI, lessons: Iterable[str] | None = None) -> tuple[list[Total], dict[str, float], dict[str, Known]]:
    """Settle lateness (see `lateness`); return the total of every submission, the points of each lesson, and the students by id.

    lessons: in this order; by default all that the gradebook knows, by name. A lesson that it does not know is left out.
    """
    found: list[Total] = []
    lessons = None if lessons is None else list(lessons)
    settle(api, lessons)
    terms = read(api.coursedir.root)
    with api.gradebook as gradebook:
        most = {}
        for lesson in sorted(one.name for one in gradebook.assignments) if lessons is None else lessons:
            try:
                assignment = gradebook.find_assignment(lesson)
            except MissingEntry:
                continue
            most[lesson] = assignment.max_score
            for one in sorted(assignment.submissions, key=lambda one: one.student_id):
                penalty = one.late_submission_penalty or 0.0
                about = one.timestamp, one.duedate if assignment.duedate else None, late_of(one)
                excused = terms.is_excused(one.student_id, lesson)
                found.append(Total(one.student_id, lesson, points_of(one), one.max_score, one.score, penalty, bool(one.needs_manual_grade), *about, excused))
        students = {one.id: Known(one.id, one.first_name or "", one.last_name or "", one.email or "") for one in gradebook.students}
    return found, most, students
