"""Keep the gradebook's due dates, extensions and penalties as due.json has them, for what is graded already too.

nbgrader works a penalty out once, when it grades; a person who reads an answer afterwards gives more points, and an
instructor may move a due date. So whoever shows points settles them first: then every place shows the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.engine import make_url
from traitlets.config import Config

from .due import Terms, read


class LatePolicy(LateSubmissionPlugin):
    """nbgrader's plugin for late penalties: the rule of `grader due`, or nbgrader's own `penalty_method` where that says nothing."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        asked: Any = self.parent  # AssignLatePenalties, which holds what it was asked
        terms = read(root_of(self.config))
        if terms.is_excused(student_id, asked.assignment_id):
            return None
        if not terms.per_day:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        most = asked.gradebook.find_submission_notebook(asked.notebook_id, asked.assignment_id, student_id).max_score
        return terms.penalty(asked.assignment_id, student_id, score, most, total_seconds_late)


def root_of(config: Config) -> str:
    """Return the course's folder as a configuration has it; nbgrader's own commands run in it."""
    root = config.CourseDirectory.get("root")
    return root if isinstance(root, str) else "."


@dataclass(frozen=True)
class Changed:
    """A submission whose points changed when it was settled."""

    student: str
    lesson: str
    before: float
    after: float


def there(url: str) -> bool:
    """Whether there is a gradebook yet: a server's database, or a file."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or not parsed.database or Path(parsed.database).is_file()


def settle(api: NbGraderAPI, lessons: Iterable[str] | None = None, undated: Iterable[str] = (), student: str = "") -> list[Changed]:
    """Bring the gradebook to what due.json says; return whose points changed.

    lessons, student: only these. undated: lessons that have no due date any more. A lesson without a due date in the file is
    left as nbgrader has it. A course without a gradebook has nothing to settle.
    """
    terms, undated = read(api.coursedir.root), set(undated)
    chosen = (set(terms.due) | undated) & (set(terms.due) | undated if lessons is None else set(lessons))
    if not chosen or not there(api.coursedir.db_url):
        return []
    changed = []
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        rule = AssignLatePenalties(parent=api, config=api.config)
        rule.gradebook = gradebook
        for assignment in gradebook.db.query(Assignment).filter(Assignment.name.in_(sorted(chosen))):
            date(assignment, terms)
            if assignment.name in undated:
                assignment.duedate = None
            for submission in sorted(assignment.submissions, key=lambda one: one.student_id):
                if student and submission.student_id != student:
                    continue
                before = points_of(submission)
                extend(submission, terms)
                _penalise(submission, rule)
                gradebook.db.commit()
                gradebook.db.refresh(submission)
                if abs((after := points_of(submission)) - before) > 1e-9:
                    changed.append(Changed(submission.student_id, assignment.name, before, after))
            gradebook.db.commit()
    return changed


def date(assignment: Assignment, terms: Terms) -> None:
    if due := terms.due.get(assignment.name):
        assignment.duedate = due.astimezone(UTC).replace(tzinfo=None)


def extend(submission: SubmittedAssignment, terms: Terms) -> None:
    """Give a submission its student's extension; one that nbgrader itself granted stays where the file says nothing."""
    given = terms.extensions.get(submission.assignment.name, {}).get(submission.student_id)
    if submission.assignment.duedate is None:
        submission.extension = None
    elif given is not None:
        submission.extension = timedelta(seconds=given) if given else None


def late_of(submission: SubmittedAssignment) -> float:
    """Return the seconds after the due date, extensions included; nbgrader's own fails on an extension without a due date."""
    return submission.total_seconds_late if submission.assignment.duedate else 0.0


def points_of(submission: Any) -> float:
    """Return the points of a submission, or of its notebook, less the penalty, never below 0: the number that is shown everywhere."""
    return max(0.0, submission.score - (submission.late_submission_penalty or 0.0))


def _penalise(submission: SubmittedAssignment, rule: AssignLatePenalties) -> None:
    """Work out the penalty as nbgrader does when it grades, by the course's own rule."""
    for notebook in submission.notebooks:
        penalty = None
        if late_of(submission) > 0:
            rule.notebook_id, rule.assignment_id, rule.student_id = notebook.name, submission.assignment.name, submission.student_id
            rule.init_plugin()
            penalty = rule.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, submission.total_seconds_late)
        notebook.late_submission_penalty = None if penalty is None else rule._check_late_penalty(notebook, penalty)
