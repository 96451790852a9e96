"""`grader report` where there is nothing to report on: one sentence that says what to do, and no file is made."""

import os

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from grader.cli import app


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("GRADER_GRADEBOOK", "RNN_COURSE_ROOT"):
        monkeypatch.setenv(name, "to be taken back")
        monkeypatch.delenv(name)


def said(*arguments):
    result = CliRunner().invoke(app, ["report", *map(str, arguments)])
    assert result.exit_code == 1 and result.stdout == "", result.output
    assert result.stderr.startswith("grader: ") and result.stderr.count("\n") == 1
    return result.stderr


def test_a_folder_without_a_gradebook(tmp_path):
    assert "has no gradebook yet. Grade first: grader autograde LESSON." in said("--root", tmp_path)
    assert os.listdir(tmp_path) == []


def test_no_folder(tmp_path):
    assert "is no folder" in said("--root", tmp_path / "nowhere")


def test_a_gradebook_that_knows_no_lesson(tmp_path):
    Gradebook(f"sqlite:///{tmp_path}/gradebook.db").close()
    assert "The gradebook knows no lesson yet." in said("--root", tmp_path)


def test_a_gradebook_that_is_none(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"not a database " * 100)
    assert "is no SQLite database, or a damaged one" in said("--root", tmp_path)


def test_a_gradebook_that_cannot_be_reached(tmp_path):
    assert "No PostgreSQL server answers" in said("--root", tmp_path, "--gradebook", "postgresql+psycopg://me@127.0.0.1:1/course")


def test_help_has_examples():
    shown = CliRunner().invoke(app, ["report", "--help"]).output
    assert "Examples: grader report;" in shown and "--anonymous" in shown
