"""nbgrader's own commands, as its manual says, on a real lesson: ours and stock give the same scores."""

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from grader import demo
from grader.authoring import lesson as lessons

LESSON = "00_start_here"
STOCK = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.Execute.timeout = 600
"""
HONEST = {"as the solution", "nothing written", "mostly misconceptions"}


def nbgrader(course, *arguments):
    command = [sys.executable, "-m", "nbgrader", *arguments]
    environment = {**os.environ, "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"}
    run = subprocess.run(command, cwd=course, capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stderr[-3000:]
    return run


@pytest.fixture
def course(tmp_path, root):
    """A folder with one lesson's solution and a few honest submissions."""
    shutil.copytree(root / "solutions" / LESSON, tmp_path / "solutions" / LESSON)
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    released = nbformat.read(root / "notebooks" / LESSON / f"{LESSON}.ipynb", 4)
    lesson = lessons.read(root / "lessons" / LESSON / f"{LESSON}.py")
    for submission in demo.compose(lesson, released):
        if submission.story in HONEST:
            demo.write(tmp_path, submission, tmp_path / "none")
    return tmp_path


def scores(course) -> dict[str, float]:
    nbgrader(course, "export", "--to", "grades.csv")
    with open(course / "grades.csv", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == LESSON}


@pytest.mark.slow
def test_generate_autograde_feedback_export_and_stock_agree(course, root):
    nbgrader(course, "generate_assignment", LESSON)
    made = nbformat.read(course / "notebooks" / LESSON / f"{LESSON}.ipynb", 4)
    committed = nbformat.read(root / "notebooks" / LESSON / f"{LESSON}.ipynb", 4)
    assert made == committed, "grader build and nbgrader make the same release"
    nbgrader(course, "autograde", LESSON)
    nbgrader(course, "generate_feedback", LESSON)
    assert len(list(course.glob(f"feedback/*/{LESSON}/{LESSON}.html"))) == len(HONEST)
    ours = scores(course)
    assert len(ours) == len(HONEST) and len(set(ours.values())) > 1

    for made_by_ours in ("autograded", "feedback", "notebooks"):
        shutil.rmtree(course / made_by_ours)
    (course / "gradebook.db").unlink()
    (course / "nbgrader_config.py").write_text(STOCK)
    nbgrader(course, "generate_assignment", LESSON)
    nbgrader(course, "autograde", LESSON)
    assert scores(course) == ours


@pytest.mark.slow
def test_validate_in_the_students_folder(course, root):
    folder = course / "mine"
    shutil.copytree(root / "notebooks" / LESSON, folder)
    said = nbgrader(folder, "validate", f"{LESSON}.ipynb").stdout
    assert "VALIDATION FAILED ON 1 CELL" in said and "is not written yet" in said
    path = folder / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("raise NotImplementedError()", "return (days, hours, doors)")
    nbformat.write(notebook, path)
    assert "Success" in nbgrader(folder, "validate", f"{LESSON}.ipynb").stdout
