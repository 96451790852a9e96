"""`grader release`, as its user meets it."""

import json
import shlex
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import app

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """A command may name the data's folder in the environment; not beyond its test."""
    monkeypatch.setenv("RNN_COURSE_DATA", str(ROOT / "data"))


def run(*words, code=0):
    done = CliRunner().invoke(app, ["release", "--root", str(ROOT), *map(str, words)])
    assert done.exit_code == code, done.output
    return done


@pytest.mark.slow
def test_release_and_release_again(tmp_path):
    out, archive = tmp_path / "public", tmp_path / "course.zip"
    there = ("00", "--repository", "someone/rnn-course", "--out", out)
    told = run(*there, "--zip", archive).stdout
    files = [path for path in out.rglob("*") if path.is_file()]
    assert f"{out}: {len(files) - 1} files written, 0 removed." in told
    assert "lines and figures of answers, hidden tests, variants and outputs is in it" in told
    assert f"cd {out} && git init -b main && git add ." in told and "git push https://github.com/someone/rnn-course.git main" in told
    with zipfile.ZipFile(archive) as made:
        assert len(made.namelist()) == len(files) - 1 and all(name.startswith("rnn-course/") for name in made.namelist())
    (out / ".git").mkdir()
    (out / "CNAME").write_text("rnn.example.org")
    again = run(*there, "--json")
    facts = json.loads(again.stdout)
    assert (facts["written"], facts["removed"], facts["foreign"], facts["lessons"]) == ([], [], ["CNAME"], ["00_start_here"])
    assert facts["files"] == len(files) - 1 and facts["bytes"] == sum(path.stat().st_size for path in files if path.name != ".rnn-course.json")


@pytest.mark.slow
def test_printed_commands_are_quoted(tmp_path):
    """Whatever the folder is called, what is printed can be pasted."""
    out = tmp_path / "my $HOME; public"
    told = run("00", "--repository", "a/b", "--branch", "next", "--out", out).stdout
    line = next(line for line in told.splitlines() if "git init" in line)
    assert shlex.split(line)[:3] == ["cd", str(out), "&&"] and "git init -b next" in line and line.endswith("git push https://github.com/a/b.git next")


def test_bad_words_are_one_clear_sentence_and_write_nothing(tmp_path):
    out = tmp_path / "public"
    assert "--repository is OWNER/NAME" in run("00", "--repository", "mine", "--out", out, code=1).stderr
    (tmp_path / "course.zip").write_text("mine")
    said = run("00", "--repository", "a/b", "--out", out, "--zip", tmp_path / "course.zip", code=1).stderr
    assert "is no earlier zip of the course" in said and said.count("\n") == 1
    assert not out.exists()


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    said = run("00", "--repository", "a/b", "--out", tmp_path, code=1).stderr
    assert "is not empty and holds no earlier release of the course" in said
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
