"""Honest submissions, damaged files and regrading through nbgrader's own API."""

import json
import os
import shutil

import nbformat
import pytest

from grader.engine import Score, Verdict
from grader.nbgrader_plugins import course, jobs
from grader.nbgrader_plugins.scoring import points

FULL = {"double-test": 2, "double-hidden": 3, "total-test": 1, "why": None}
ZERO = {"double-test": 0, "double-hidden": 0, "total-test": 0, "why": 0}


def test_full_marks_and_nothing_to_say(ours, student):
    ours.submit(student)
    assert ours.grade() == FULL
    assert ours.comments() == {"double": None, "total": None, "why": None}


def test_the_untouched_stub_scores_zero(ours, toy):
    ours.submit(toy.release(toy.lesson_notebook()))
    assert ours.grade() == ZERO
    assert set(ours.comments().values()) == {"No response."}


@pytest.mark.parametrize("change", [lambda text: f"\n{text}  \n\n", lambda text: ""], ids=["white space", "emptied"])
def test_a_stub_that_only_lost_or_gained_white_space_is_no_answer(ours, toy, change):
    stub = toy.release(toy.lesson_notebook())
    ours.submit(toy.answered(stub, {name: change(toy.by_name(stub, name).source) for name in toy.SOLVED}))
    assert ours.grade() == ZERO
    assert set(ours.comments().values()) == {"No response."}


def test_a_wrong_answer_costs_its_own_exercise_and_says_why(ours, toy):
    ours.submit(toy.answered(toy.release(toy.lesson_notebook()), {**toy.SOLVED, "double": "def double(x):\n    return 3"}))
    assert ours.grade() == {**FULL, "double-test": 0, "double-hidden": 0}
    said = ours.comments()["double"]
    assert "double-test: AssertionError: double(3) is 6" in said
    assert "double-hidden: AssertionError in a hidden check" in said
    assert "2469134" not in said


BROKEN = {
    "empty": b"",
    "truncated": b'{"cells": [{"cell_type": "co',
    "binary": b"\x00\xff\x80",
    "format 5": b'{"nbformat": 5, "cells": [{}]}',
    "no cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
}


@pytest.mark.slow
def test_a_file_that_is_no_notebook_costs_its_student_alone(ours, toy, student):
    for name, content in BROKEN.items():
        ours.submit(content, name)
    target = ours.submit(student, "linked").rename(ours.root / "elsewhere.ipynb")
    (ours.folder("linked") / f"{toy.LESSON}.ipynb").symlink_to(target)
    os.mkfifo(ours.folder("pipe") / f"{toy.LESSON}.ipynb")
    ours.submit(student, "zoe")
    ours.must(ours.api.autograde(toy.LESSON, "*"))
    for name in [*BROKEN, "linked", "pipe"]:
        assert ours.scores(name) == ZERO
        assert "The notebook could not be graded: it" in ours.comments(name)["double"]
        assert "could not be graded" in ours.feedback(name)
    assert ours.scores("zoe") == FULL
    for name, content in BROKEN.items():
        assert (ours.folder(name) / f"{toy.LESSON}.ipynb").read_bytes() == content


def test_older_formats_are_graded(ours, toy, student):
    ours.submit(b"\xef\xbb\xbf" + json.dumps(student).encode(), "bom")
    for cell in student.cells:
        del cell["id"]
    ours.submit({**student, "nbformat_minor": 0}, "minor")
    for name in ("bom", "minor"):
        assert ours.grade(name) == FULL


def test_a_regrade_changes_nothing_and_keeps_what_a_person_wrote(ours, toy, student):
    ours.submit(student)
    ours.grade()
    with ours.api.gradebook as gradebook:
        gradebook.find_grade("double-test", toy.LESSON, toy.LESSON, "ada").manual_score = 1.5
        gradebook.find_comment("double", toy.LESSON, toy.LESSON, "ada").manual_comment = "See me."
        gradebook.db.commit()
    before = (ours.scores(), ours.comments(), ours.autograded())
    ours.grade()
    assert (ours.scores(), ours.comments(), ours.autograded()) == before
    with ours.api.gradebook as gradebook:
        assert gradebook.find_grade("double-test", toy.LESSON, toy.LESSON, "ada").score == 1.5
        assert gradebook.find_comment("double", toy.LESSON, toy.LESSON, "ada").comment == "See me."


def test_a_stale_gradebook_is_one_clear_error(ours, toy, student):
    for name in ("ada", "zoe"):
        ours.submit(student, name)
    path = ours.root / "solutions" / toy.LESSON / f"{toy.LESSON}.ipynb"
    source = toy.lesson_notebook()
    toy.by_name(source, "double-test").metadata.nbgrader.points = 20
    nbformat.write(source, path)
    result = ours.api.autograde(toy.LESSON, "*")
    assert not result["success"]
    assert result["log"].count("generate_assignment 01_toy --force") == 1
    assert "Traceback" not in result["log"]
    assert not (ours.root / "autograded").exists()


def test_a_missing_solution_is_one_clear_error(ours, toy, student):
    ours.submit(student)
    shutil.rmtree(ours.root / "solutions" / toy.LESSON)
    result = ours.autograde()
    assert not result["success"] and "grader build 01_toy" in result["log"]


def test_leftovers_of_a_solution_are_not_released(ours, stock, toy):
    left = ("receipts/digits/model.weights.h5", "scratch.npz", "checkpoints/1", "a.keras", "__pycache__/a.pyc")
    for made in (ours, stock):
        folder = made.root / "solutions" / toy.LESSON
        for name in (*left, "figure.svg"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("x")
        made.release()
    released = {c: sorted(p.name for p in (c.root / "notebooks" / toy.LESSON).rglob("*") if p.is_file()) for c in (ours, stock)}
    assert released[ours] == [f"{toy.LESSON}.ipynb", "figure.svg"]
    assert "scratch.npz" in released[stock] and "model.weights.h5" in released[stock]
    # The converter had a directory of its own; the API's is as it was.
    assert ours.api.coursedir.student_id == "*"


def test_receipts_reach_the_engine_and_hostile_files_reach_nobody(ours, toy, student):
    seen = []

    def watch(job):
        seen.append(job.files)
        return toy.plain_verdict(job)

    folder = ours.folder()
    ours.submit(student)
    (folder / "receipts").mkdir()
    (folder / "receipts" / "digits.json").write_text("{}")
    (folder / "helper.txt").write_text("the student's")
    (folder / "endless").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    (ours.root / "solutions" / toy.LESSON / "helper.txt").write_text("the course's")
    watched = toy.Course(ours.root, course(ours.root, verdicts=watch))
    assert watched.grade() == FULL
    assert seen == [{"helper.txt": b"the course's", "receipts/digits.json": b"{}"}]
    assert [p.name for p in (ours.root / "autograded" / "ada" / toy.LESSON).iterdir()] == [f"{toy.LESSON}.ipynb"]
    assert "`endless` was left out: it is a link." in watched.comments()["double"]


def test_a_newer_submission_is_graded_without_force(ours, toy, student):
    def hand_in(notebook, time):
        ours.submit(notebook)
        (ours.folder() / "timestamp.txt").write_text(time)
        ours.must(ours.api.autograde(toy.LESSON, "ada", force=False))
        return ours.scores()

    stub = toy.release(toy.lesson_notebook())
    assert hand_in(stub, "2026-01-01 12:00:00 UTC") == ZERO
    assert hand_in(student, "2026-01-01 12:00:00 UTC") == ZERO
    assert hand_in(student, "2026-01-02 12:00:00 UTC") == FULL


@pytest.mark.parametrize("timestamp", ["soon", "9" * 400, "\x00", "2026-13-45"])
def test_a_timestamp_that_cannot_be_read_is_none(ours, student, timestamp):
    ours.submit(student)
    (ours.folder() / "timestamp.txt").write_text(timestamp)
    assert ours.grade() == FULL


def test_jobs_are_those_that_autograde_asks_for(ours, toy, student):
    ours.submit(student, "ada")
    student.cells.append(nbformat.v4.new_code_cell("x = 1"))
    for cell in student.cells:
        del cell["id"]
    ours.submit(student, "zoe")
    ours.submit(b"", "none")
    ready = {job.key: toy.plain_verdict(job) for job in jobs(ours.api.coursedir, toy.LESSON)}
    assert len(ready) == 2
    ahead = toy.Course(ours.root, course(ours.root, verdicts=lambda job: ready[job.key]))
    ahead.must(ahead.api.autograde(toy.LESSON, "*"))
    assert ahead.scores("ada") == ahead.scores("zoe") == FULL
    assert ahead.scores("none") == ZERO


@pytest.mark.parametrize(
    "value", [None, float("nan"), float("inf"), -1.0, -0.001, 2.001, 1e9, True, False, "2", [2], 2j]
)
def test_what_is_no_score_is_zero(value):
    assert points(Score(value, 2.0), 2.0) == 0.0


def test_what_is_a_score():
    assert points(Score(2, 2.0), 2.0) == 2.0
    assert points(Score(0.5, 2.0), 2.0) == 0.5
    assert points(None, 2.0) == 0.0


def test_a_test_without_a_score_is_zero_and_says_so(ours, toy, student):
    silent = toy.Course(ours.root, course(ours.root, verdicts=lambda job: Verdict({}, {}, {}, "the kernel died")))
    silent.submit(student)
    assert silent.grade() == {**ZERO, "why": None}
    assert "double-test: the kernel died" in silent.comments()["double"]


def test_an_engine_that_fails_costs_no_grade(ours, toy, student):
    def broken(job):
        raise RuntimeError("no kernel")

    ours.submit(student)
    ours.grade()
    failing = toy.Course(ours.root, course(ours.root, verdicts=broken))
    assert not failing.autograde()["success"]
    assert ours.scores() == FULL
