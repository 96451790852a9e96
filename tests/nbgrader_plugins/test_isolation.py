"""nbgrader's own doors where submissions cannot be isolated: one error that says what to do, and no score."""

import sys
from pathlib import Path

import pytest
from nbgrader.api import MissingEntry

from grader.engine import sandbox
from grader.nbgrader_plugins import course


@pytest.fixture
def plain(ours):
    """The course as nbgrader's commands and formgrader see it, with nobody to reach verdicts ahead."""
    ours.api = course(ours.root)
    return ours


@pytest.fixture
def without_bubblewrap(plain, monkeypatch):
    monkeypatch.delenv("GRADER_ISOLATION", raising=False)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


def words(outcome):
    """What nbgrader logs, which its command prints and formgrader shows."""
    assert not outcome["success"]
    return outcome["log"].strip()


def test_without_bubblewrap_nothing_is_written(plain, student, without_bubblewrap):
    plain.submit(student)
    said = words(plain.autograde())
    reason = sandbox.problem(sandbox.Isolation())
    assert reason and said == f"[ERROR] Nothing was graded: {reason}; `grader doctor` says more"
    assert not (plain.root / "autograded" / "ada").exists()
    with plain.api.gradebook as gradebook, pytest.raises(MissingEntry):
        gradebook.find_submission("01_toy", "ada")


def test_without_bubblewrap_an_earlier_grade_stays(ours, student, monkeypatch):
    ours.submit(student)
    before = ours.grade()
    kept = ours.autograded()
    ours.api = course(ours.root)
    monkeypatch.setattr(sandbox, "problem", lambda isolation: "bubblewrap is not installed: get it")
    assert "get it" in words(ours.api.autograde("01_toy", "ada", force=True))
    assert ours.scores() == before and ours.autograded() == kept


def test_an_unknown_kind_is_named(plain, student, monkeypatch):
    plain.submit(student)
    monkeypatch.setenv("GRADER_ISOLATION", "docker")
    assert "GRADER_ISOLATION: isolation 'docker' is not known: choose bubblewrap or none" in words(plain.autograde())


def test_verdicts_that_are_reached_elsewhere_need_no_bubblewrap_here(ours, student, monkeypatch):
    monkeypatch.setattr(sandbox, "problem", lambda isolation: "bubblewrap is not installed")
    ours.submit(student)
    assert ours.grade()["double-hidden"] == 3


@pytest.mark.slow
def test_without_isolation_it_is_said_what_is_lost(plain, student, monkeypatch):
    monkeypatch.setenv("GRADER_ISOLATION", "none")
    plain.submit(student)
    outcome = plain.autograde()
    assert outcome["success"], outcome
    assert outcome["log"].count(" ".join(sandbox.WHAT_IS_LOST)) == 1
    assert plain.scores()["double-hidden"] == 3
