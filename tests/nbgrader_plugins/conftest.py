"""A course of one small lesson without TensorFlow, and submissions to it."""

import copy
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from grader.nbgrader_plugins import course, find_alembic, release

LESSON = "01_toy"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
HIDDEN_LINE = "assert double(1234567) == 2469134, 'secret: 2469134'"


def cell(kind, source, role, name=None, **nbgrader):
    make = new_markdown_cell if kind == "markdown" else new_code_cell
    made = make(source, id=name or f"{role}-cell", metadata={"rnn_course": {"role": role}})
    if nbgrader:
        flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        made.metadata["nbgrader"] = {**flags, "grade_id": name, **nbgrader}
    return made


def exercise(name, source):
    return cell("code", source, "exercise", name, solution=True)


def check(name, source, points):
    return cell("code", source, "test", name, grade=True, locked=True, points=points)


def hidden(name, source, points):
    return check(name, f"# Hidden checks.\n### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS", points)


def lesson_notebook():
    cells = [
        cell("markdown", "# A toy lesson\n\nDoubling and adding.", "prose", "title"),
        cell("code", "import math", "setup", "setup", locked=True),
        cell("code", "numbers = [1, 2, 3]", "given", "numbers", locked=True),
        cell("code", "squares = [n * n for n in numbers]\nprint(squares)", "experiment", "look"),
        exercise(
            "double",
            "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
        ),
        check("double-test", "assert double(3) == 6, 'double(3) is 6'", 2),
        hidden("double-hidden", HIDDEN_LINE, 3),
        cell("markdown", "Now add them up.", "prose", "between"),
        exercise(
            "total",
            "def total(xs):\n    ### BEGIN SOLUTION\n    return sum(xs)\n    ### END SOLUTION",
        ),
        check("total-test", "assert total(numbers) == 6, 'their sum is 6'", 1),
        cell("markdown", "Why does order matter?", "prose", "ask"),
        cell("markdown", "Because.", "question", "why", grade=True, solution=True, points=4),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


SOLVED = {
    "double": "def double(x):\n    return x + x",
    "total": "def total(xs):\n    return sum(xs)",
    "why": "Because the sum forgets it.",
}


def answered(notebook, answers=SOLVED):
    """A student's notebook: the release with answers written into it."""
    notebook = copy.deepcopy(notebook)
    for written in notebook.cells:
        name = written.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            written.source = answers[name]
    return notebook


def by_name(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def stock_config(root):
    """nbgrader as it comes, told only where our folders are."""
    find_alembic()
    settings = Config()
    settings.CourseDirectory.root = str(root)
    settings.CourseDirectory.source_directory = "solutions"
    settings.CourseDirectory.release_directory = "notebooks"
    return settings


class Course:
    """A course folder with nbgrader's API over it, and short words for what tests do."""

    def __init__(self, root, api):
        self.root, self.api = Path(root), api

    def release(self):
        self.must(self.api.generate_assignment(LESSON))
        return nbformat.read(self.root / "notebooks" / LESSON / f"{LESSON}.ipynb", 4)

    def folder(self, student="ada"):
        folder = self.root / "submitted" / student / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def submit(self, notebook, student="ada"):
        path = self.folder(student) / f"{LESSON}.ipynb"
        if isinstance(notebook, (bytes, str)):
            path.write_bytes(notebook if isinstance(notebook, bytes) else notebook.encode())
        else:
            path.write_text(json.dumps(notebook))
        return path

    def autograde(self, student="ada"):
        return self.api.autograde(LESSON, student)

    def grade(self, student="ada"):
        self.must(self.autograde(student))
        return self.scores(student)

    def scores(self, student="ada"):
        with self.api.gradebook as gradebook:
            graded = gradebook.find_submission_notebook(LESSON, LESSON, student)
            return {grade.name: grade.auto_score for grade in graded.grades}

    def comments(self, student="ada"):
        with self.api.gradebook as gradebook:
            graded = gradebook.find_submission_notebook(LESSON, LESSON, student)
            return {comment.name: comment.auto_comment for comment in graded.comments}

    def autograded(self, student="ada"):
        return nbformat.read(self.root / "autograded" / student / LESSON / f"{LESSON}.ipynb", 4)

    def feedback(self, student="ada"):
        self.must(self.api.generate_feedback(LESSON, student))
        return (self.root / "feedback" / student / LESSON / f"{LESSON}.html").read_text()

    @staticmethod
    def must(result):
        assert result["success"], result.get("error", "") + result.get("log", "")


def make(root, api_of, notebook=None):
    folder = Path(root) / "solutions" / LESSON
    folder.mkdir(parents=True)
    nbformat.write(notebook or lesson_notebook(), folder / f"{LESSON}.ipynb")
    made = Course(root, api_of(root))
    made.release()
    return made


def plain_verdict(job):
    """A stand-in for the engine: run the cells here, full marks for a test that does not raise."""
    from grader.engine import Score, Verdict
    from grader.engine.cells import exercises, is_test

    names, outputs, counts, scores = {}, {}, {}, {}
    cells = zip(job.notebook.cells, exercises(job.notebook.cells), strict=True)
    for one, tested in (pair for pair in cells if pair[0].cell_type == "code"):
        outputs[one.id], counts[one.id] = [], None
        if one.metadata.get("rnn_course", {}).get("skip") or (is_test(one) and job.tests is not None and tested not in job.tests):
            continue
        counts[one.id], reason = 1 + sum(map(bool, counts.values())), ""
        try:
            exec(compile(one.source, one.id, "exec"), names)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            frames = [f"line of {one.id}", *one.source.split("\n"), reason]
            outputs[one.id] = [
                nbformat.v4.new_output(
                    "error", ename=type(error).__name__, evalue=str(error), traceback=frames
                )
            ]
        about = one.metadata.get("nbgrader", {})
        if about.get("grade") and not about.get("solution"):
            most = float(about["points"])
            scores[about["grade_id"]] = Score(0.0 if reason else most, most, reason)
    return Verdict(outputs, counts, scores)


@pytest.fixture(scope="session")
def _templates(tmp_path_factory):
    """A released course of each kind, made once and copied for each test: a gradebook takes a second to make."""
    root = tmp_path_factory.mktemp("courses")
    make(root / "ours", lambda path: course(path, verdicts=plain_verdict))
    make(root / "stock", lambda path: NbGraderAPI(config=stock_config(path)))
    return root


@pytest.fixture
def ours(_templates, tmp_path):
    """A course under nbgrader_config.py, graded by `plain_verdict`."""
    root = shutil.copytree(_templates / "ours", tmp_path / "ours")
    return Course(root, course(root, verdicts=plain_verdict))


@pytest.fixture
def stock(_templates, tmp_path):
    """The same course under nbgrader's defaults."""
    root = shutil.copytree(_templates / "stock", tmp_path / "stock")
    return Course(root, NbGraderAPI(config=stock_config(root)))


@pytest.fixture(scope="session")
def engine():
    """The real engine, as it grades classes."""
    from grader.engine import Worker

    with Worker() as worker:
        yield worker.grade


@pytest.fixture
def student():
    """An answered notebook as a student would hand it in, everything right."""
    return answered(release(lesson_notebook()))


@pytest.fixture(scope="session")
def toy():
    """The words above, for tests: `toy.LESSON`, `toy.answered(...)`."""
    return SimpleNamespace(**{k: v for k, v in globals().items() if not k.startswith("_")})
