"""The only room that knows nbgrader's internals: our reading, repair, engine and scores in its pipeline.

    from grader.nbgrader_plugins import course
    api = course("demo")                       # nbgrader's own NbGraderAPI, configured
    api.autograde("01_sequence_basics", "ada")

nbgrader_config.py names the classes; the functions below need no gradebook.
"""

from . import database
from .course import config, course, find_alembic
from .exporters import ReleaseExporter, SubmissionExporter
from .feedback import FeedbackExporter, ForStudents, Grades
from .grading import Grade, Repair, jobs
from .lateness import LatePolicy
from .release import answer_sheet, release
from .repair import repair
from .scoring import SaveScores

__all__ = [
    "FeedbackExporter",
    "ForStudents",
    "Grade",
    "Grades",
    "LatePolicy",
    "ReleaseExporter",
    "Repair",
    "SaveScores",
    "SubmissionExporter",
    "answer_sheet",
    "config",
    "course",
    "database",
    "find_alembic",
    "jobs",
    "release",
    "repair",
]
