"""Gradebooks for tests, in SQLite and in PostgreSQL: empty ones, and one that a class has lived in."""

import json
from concurrent.futures import Future

import pytest
from nbgrader.plugins import CsvExportPlugin

from grader.nbgrader_plugins import batch, course, database, release

NAME = "01_toy"


@pytest.fixture(autouse=True)
def looked_after(monkeypatch):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setattr(database, "_is_local", lambda path: True)  # wherever temporary files are
    database.look_after()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of an empty database of each kind; at the end nobody is connected to it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gradebook.db'}"
    else:
        server = request.getfixturevalue("server")
        yield server.make("course")
        server.drop("course")


class Now:
    """Grades at once, with the stand-in for the engine."""

    size = 1

    def __init__(self, verdict):
        self._verdict = verdict

    def start(self, job):
        done = Future()
        done.set_result(self._verdict(job))
        return done


def everything(gradebook):
    """All that a gradebook knows, without the random ids of its rows."""
    assignments = gradebook.assignments
    notebooks = [notebook for assignment in assignments for notebook in assignment.notebooks]
    submissions = [submission for assignment in assignments for submission in assignment.submissions]
    graded = [notebook for submission in submissions for notebook in submission.notebooks]
    cells = [cell for notebook in notebooks for kind in ("grade_cells", "solution_cells", "source_cells") for cell in getattr(notebook, kind)]
    marks = [mark for notebook in graded for kind in ("grades", "comments") for mark in getattr(notebook, kind)]
    found = []
    for row in [*gradebook.students, *assignments, *notebooks, *cells, *submissions, *graded, *marks]:
        found.append([type(row).__name__, {name: value for name, value in row.to_dict().items() if name != "id"}])
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in found)


def without_ids(told):
    """What formgrader's API says, in an order that does not follow from ids either."""
    plain = [{name: value for name, value in one.items() if name not in ("id", "index")} for one in told]
    return sorted(plain, key=lambda one: json.dumps(one, default=str, sort_keys=True))


def lived(root, toy):
    """A small class from release to export; what the gradebook, formgrader's API and the export say at the end."""
    made = toy.make(root, lambda path: course(path, verdicts=toy.plain_verdict))
    stub = release(toy.lesson_notebook())
    answers = {
        "ada": toy.SOLVED,
        "bob": {**toy.SOLVED, "double": "def double(x):\n    raise ValueError('NUL \\0, Grüße, 学生 😀' + 'long ' * 50_000)"},
        "Zoë Çelik": {},
    }
    for who, written in answers.items():
        made.submit(toy.answered(stub, written), who)
    batch.autograde(root, {NAME: sorted(answers)}, Now(toy.plain_verdict))
    with made.api.gradebook as gradebook:  # as formgrader does
        grade = gradebook.find_grade("why", NAME, NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.find_comment("why", NAME, NAME, "ada").manual_comment = "Schön — 上手 👍"
        gradebook.db.commit()
    batch.autograde(root, {NAME: ["ada"]}, Now(toy.plain_verdict), again=True)
    made.grade("bob")  # nbgrader's own way
    page = made.feedback("ada")
    api = made.api
    formgrader = [
        api.get_assignments(), api.get_notebooks(NAME), api.get_submissions(NAME), api.get_notebook_submissions(NAME, NAME),
        api.get_students(), api.get_student_submissions("bob"), api.get_student_notebook_submissions("bob", NAME),
    ]  # fmt: skip
    with made.api.gradebook as gradebook:
        CsvExportPlugin(to=str(root / "grades.csv")).export(gradebook)
        return made, everything(gradebook), [without_ids(told) for told in formgrader], (root / "grades.csv").read_text().splitlines(), page
