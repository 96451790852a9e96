"""How nbgrader runs this course. Plain `nbgrader` commands and formgrader read it from this folder.

Everything not set here is nbgrader's default: https://nbgrader.readthedocs.io/en/stable/configuration/
"""

import warnings

try:
    from grader import nbgrader_plugins as ours
except ImportError as missing:
    # Not an ImportError: nbgrader would only note it, and go on to grade as it does without this file, outside any sandbox.
    raise SystemExit(
        "nbgrader_config.py needs the course's grader and what grading needs. "
        f"From the course's folder: pip install -e '.[instructor]' ({missing})"
    ) from missing
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput

c = get_config()  # noqa: F821  (traitlets defines it where it reads this file)

ours.find_alembic()
ours.database.look_after()
# nbgrader builds a new submission's rows in an order that SQLAlchemy remarks on.
warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")

# Where things are. A lesson is one assignment with one notebook, both of the lesson's name.
c.CourseDirectory.course_id = "rnn-course"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".DS_Store", "feedback"]

# The gradebook is gradebook.db in this folder, or the database whose URL the environment variable GRADER_GRADEBOOK
# holds, for example postgresql+psycopg://grader@db/course; see docs/GRADEBOOK.md.
if gradebook := ours.database.chosen():
    c.CourseDirectory.db_url = gradebook

# Release: receipts and scratch files of a solution stay behind.
c.GenerateAssignment.exporter_class = ours.ReleaseExporter

# Validate, in the student's own Jupyter: nbgrader's own, with time to train.
c.Execute.timeout = 600

# Grade: any file is read, the submission is put back into shape, the engine runs it in its
# sandbox, and only the engine's scores are saved. `--no-execute` has nothing left to switch off.
# Where submissions cannot be isolated nothing is graded; `grader doctor` says what to do. The
# environment variables GRADER_ISOLATION=none and GRADER_GPU=1 are the `--isolation none` and
# `--gpu` of `grader autograde`; see docs/SECURITY.md.
c.Autograde.exporter_class = ours.SubmissionExporter
c.Autograde.sanitize_preprocessors = [ours.Repair]
c.Autograde.autograde_preprocessors = [ours.Grade, LimitOutput, ours.SaveScores, AssignLatePenalties]

# Lateness costs what `grader due` says; a plugin of your own may take its place.
c.AssignLatePenalties.plugin_class = ours.LatePolicy

# Feedback: one page without hidden tests, readable with no network.
c.GenerateFeedback.exporter_class = ours.FeedbackExporter
c.GenerateFeedback.preprocessors = [ours.Grades, ours.ForStudents]
