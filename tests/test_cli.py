"""The command line: help, errors that say what to do, exit codes, and a class graded for real."""

import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from grader.cli import app

ROOT = Path(__file__).parents[1]


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output + result.stderr
    return result


def test_help_lists_every_command_with_an_example():
    listed = run("--help").output
    for command in ("build", "variants", "calibrate", "autograde", "demo"):
        assert command in listed
        assert "Example" in run(command, "--help").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nothing"], "No lesson fits 'nothing'"),
        (["autograde", "00"], "nobody handed in 00_start_here"),
        (["autograde", "00", "--student", "ada"], "no submission of 00_start_here from ada"),
        (["build", "--root", "/nowhere-at-all"], "has no lessons/ folder"),
    ],
)
def test_errors_say_what_to_do(tmp_path, monkeypatch, arguments, words):
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RNN_COURSE_ROOT", raising=False)
    assert words in run(*arguments, code=1).stderr


def test_demo_never_removes_a_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    assert "no earlier demonstration" in run("demo", "00", "--root", ROOT, "--out", tmp_path, code=1).stderr
    assert (tmp_path / "thesis.txt").exists()
    (tmp_path / "gradebook.db").write_text("a real class")
    (tmp_path / "file").write_text("")
    for out in (tmp_path, tmp_path / "file"):
        assert "no earlier demonstration" in run("demo", "00", "--root", ROOT, "--out", out, code=1).stderr
    assert (tmp_path / "gradebook.db").read_text() == "a real class"


def test_demo_of_a_lesson_that_is_not_built_says_so(tmp_path):
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    said = run("demo", "00", "--root", tmp_path, "--out", tmp_path / "demo", code=1).stderr
    assert "is missing. Run: grader build" in said


@pytest.mark.slow
def test_demo_then_autograde_again(tmp_path):
    out = tmp_path / "demo"
    shown = run("demo", "00", "--root", ROOT, "--out", out).output
    assert "every score is what the answers must get" in shown
    with Gradebook(f"sqlite:///{out}/gradebook.db") as gradebook:
        submissions = gradebook.assignment_submissions("00_start_here")
        assert len(submissions) >= 12
        before = {submission.student.id: submission.score for submission in submissions}
    assert len(set(before.values())) > 1
    pages = list(out.glob("feedback/*/00_start_here/00_start_here.html"))
    assert len(pages) == len(before)
    assert not any("BEGIN HIDDEN" in page.read_text() for page in pages)

    (out / "lessons").symlink_to(ROOT / "lessons")
    again = run("autograde", "00", "--root", out, "--json", "--workers", 1).output
    results = json.loads(again)
    assert {result["student"]: result["points"] for result in results} == before, "grading again changes nothing"
    only = json.loads(run("autograde", "00", "--root", out, "--json", "--student", "student-04").output)
    assert [result["student"] for result in only] == ["student-04"]
    assert "is not written yet" in only[0]["problem"]


@pytest.mark.slow
def test_one_broken_submission_does_not_stop_the_class(tmp_path):
    out = tmp_path / "demo"
    run("demo", "00", "--root", ROOT, "--out", out)
    (out / "lessons").symlink_to(ROOT / "lessons")
    shutil.rmtree(out / "submitted" / "student-02" / "00_start_here")
    (out / "submitted" / "student-02" / "00_start_here").mkdir()
    results = {r["student"]: r for r in json.loads(run("autograde", "00", "--root", out, "--json", "--no-feedback").output)}
    assert results["student-02"]["points"] == 0 and results["student-02"]["problem"]
    assert results["student-01"]["points"] == 1
