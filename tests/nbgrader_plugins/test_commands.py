"""nbgrader's own commands, as its manual gives them, in a course folder."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_whole_way_on_the_command_line(tmp_path, toy):
    def nbgrader(*words):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words], cwd=tmp_path, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    made = toy.Course(tmp_path, None)
    folder = tmp_path / "solutions" / toy.LESSON
    folder.mkdir(parents=True)
    toy.nbformat.write(toy.lesson_notebook(), folder / f"{toy.LESSON}.ipynb")

    nbgrader("generate_assignment", toy.LESSON)
    stub = toy.nbformat.read(tmp_path / "notebooks" / toy.LESSON / f"{toy.LESSON}.ipynb", 4)
    right = made.submit(toy.answered(stub), "ada")
    empty = made.submit(stub, "bob")
    made.submit(b"", "cleo")
    assert "Success! Your notebook passes all the tests." in nbgrader("validate", str(right))
    assert "VALIDATION FAILED ON 3 CELL(S)" in nbgrader("validate", str(empty))
    nbgrader("autograde", toy.LESSON, "--no-execute")  # which has nothing left to switch off
    nbgrader("generate_feedback", toy.LESSON)
    nbgrader("export", "--to", "grades.csv")
    with open(tmp_path / "grades.csv") as file:
        scores = {row["student_id"]: (row["raw_score"], row["max_score"]) for row in csv.DictReader(file)}
    assert scores == {"ada": ("6.0", "10.0"), "bob": ("0.0", "10.0"), "cleo": ("0.0", "10.0")}
    assert len(list((tmp_path / "feedback").rglob("*.html"))) == 3


@pytest.mark.slow
def test_without_the_courses_grader_nothing_is_done(tmp_path):
    """nbgrader notes an error in its configuration and goes on without it: it would grade outside any sandbox."""
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "__init__.py").write_text("raise ImportError('nothing of it is here')")
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "db", "student", "list"], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1 and "pip install -e '.[instructor]'" in done.stderr
    assert not (tmp_path / "gradebook.db").exists()
