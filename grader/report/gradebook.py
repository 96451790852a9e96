"""Read nbgrader's gradebook, SQLite or PostgreSQL: who is in the class, what gives points, what each has got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Assignment, BaseCell, Grade, GradeCell, Gradebook, Notebook, Student, SubmittedAssignment, SubmittedNotebook, TaskCell
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy.engine import make_url

from grader.naming import fitting
from grader.nbgrader_plugins.database import problem
from grader.nbgrader_plugins.due import read as read_terms
from grader.nbgrader_plugins.lateness import late_of, settle


class NothingGraded(RuntimeError):
    """There is nothing to report on. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class Standing:
    """What the gradebook holds.

    students: (id, first name, last name, email), sorted by id. lessons: the names of those chosen, sorted.
    notebooks: lesson -> its notebooks' names. cells: (lesson, notebook, cell, max points, "code" or "markdown").
    grades: (lesson, notebook, student, cell, points or None, whether a person has to look).
    late: (lesson, student) -> seconds after the due date, extensions included; without those who were in time.
    penalties: (lesson, student) -> points that this costs. excused: (lesson, student) for whom the lesson does not count.
    """

    students: list[tuple[str, str, str, str]]
    lessons: list[str]
    notebooks: dict[str, list[str]]
    cells: list[tuple[str, str, str, float, str]]
    grades: list[tuple[str, str, str, str, float | None, bool]]
    late: dict[tuple[str, str], float]
    penalties: dict[tuple[str, str], float]
    excused: list[tuple[str, str]]


def read(api: NbGraderAPI, names: Iterable[str] = ()) -> Standing:
    """Return what the gradebook of the course says of these lessons, given by name or what is clear (see `naming`); of all by default.

    Raises NothingGraded where there is no gradebook, it cannot be used, or knows none of a name.
    """
    url = api.coursedir.db_url
    if unusable := problem(url):
        raise NothingGraded(unusable)
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and not Path(parsed.database).exists():
        where = api.coursedir.root
        raise NothingGraded(f"{where} has no gradebook yet. Grade first: grader autograde LESSON. Or name the course's folder with --root.")
    settle(api)
    with Gradebook(url, api.coursedir.course_id) as gradebook:
        db = gradebook.db
        known = sorted(name for (name,) in db.query(Assignment.name))
        lessons = _chosen(known, list(names))
        roster = db.query(Student.id, Student.first_name, Student.last_name, Student.email)
        students = sorted((student, *(text or "" for text in about)) for student, *about in roster)
        notebooks = {lesson: [] for lesson in lessons}
        for lesson, notebook in db.query(Assignment.name, Notebook.name).join(Notebook, Notebook.assignment_id == Assignment.id):
            if lesson in notebooks:
                notebooks[lesson].append(notebook)
        cells = []
        for kind in (GradeCell, TaskCell):
            found = db.query(Assignment.name, Notebook.name, kind.name, kind.max_score, kind.cell_type)
            found = found.select_from(kind).join(Notebook, kind.notebook_id == Notebook.id).join(Assignment, Notebook.assignment_id == Assignment.id)
            cells += [tuple(row) for row in found if row[0] in notebooks]
        told = Grade.score, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade
        found = db.query(Assignment.name, Notebook.name, SubmittedAssignment.student_id, BaseCell.name, *told)
        found = (
            found.select_from(Grade)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(Notebook, BaseCell.notebook_id == Notebook.id)
            .join(Assignment, Notebook.assignment_id == Assignment.id)
        )
        grades = [
            (lesson, notebook, student, cell, None if automatic is None and manual is None else float(score), bool(waits))
            for lesson, notebook, student, cell, score, automatic, manual, waits in found
            if lesson in notebooks
        ]
        submissions = db.query(SubmittedAssignment).all()
        late = {(one.assignment.name, one.student_id): late_of(one) for one in submissions if late_of(one) > 0}
        penalties = {(one.assignment.name, one.student_id): one.late_submission_penalty for one in submissions if one.late_submission_penalty}
        excused = [(lesson, student) for lesson, own in read_terms(api.coursedir.root).excused.items() if lesson in notebooks for student in own]
    return Standing(students, lessons, {lesson: sorted(found) for lesson, found in notebooks.items()}, cells, grades, late, penalties, excused)


def _chosen(known: list[str], names: list[str]) -> list[str]:
    if not known:
        raise NothingGraded("The gradebook knows no lesson yet. Grade first: grader autograde LESSON")
    if not names:
        return known
    chosen = set()
    for name in names:
        fits = fitting(name, known)
        if len(fits) != 1:
            which = "No lesson" if not fits else "More than one lesson"
            raise NothingGraded(f"{which} in the gradebook fits {name!r}. It knows {', '.join(fits or known)}.")
        chosen.add(fits[0])
    return sorted(chosen)
