"""What a person has read stays read at a regrade, as long as the answer and what was asked are the same; else it is listed."""

import json

import nbformat
import pytest

from grader.nbgrader_plugins import batch

from .test_recording import NAME, Alone


@pytest.fixture
def alone(toy):
    return Alone(toy.plain_verdict)


@pytest.fixture
def read(ours, toy, student, alone):
    """A class of three, graded and read: the written answer, and a test to which a person gave points."""
    for name in ("ada", "bob", "eva"):
        ours.submit(student, name)
    batch.autograde(ours.root, {NAME: ["ada", "bob", "eva"]}, alone)
    by_hand(ours, "ada", "bob", "eva")
    return ours


def by_hand(made, *students, cell="why", points=3.0):
    with made.api.gradebook as gradebook:
        for student in students:
            grade = gradebook.find_grade(cell, NAME, NAME, student)
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def waiting(made):
    with made.api.gradebook as gradebook:
        return sorted((one.student.id, grade.name) for one in gradebook.assignment_submissions(NAME) for grade in one.notebooks[0].grades if grade.needs_manual_grade)


def rebuilt(made, toy, change):
    source = toy.lesson_notebook()
    change(source)
    nbformat.write(source, made.root / "solutions" / NAME / f"{NAME}.ipynb")


def regraded(made, alone):
    return {result.student: result.again for result in batch.autograde(made.root, {NAME: ["ada", "bob", "eva"]}, alone, pages=True)}


def test_a_mended_hidden_test_makes_nobody_read_again(read, toy, alone):
    rebuilt(read, toy, lambda source: setattr(toy.by_name(source, "double-hidden"), "source", toy.by_name(source, "double-hidden").source.replace("1234567", "1234567.0").replace("== 2469134,", "== 2469134.0,")))
    assert regraded(read, alone) == {"ada": (), "bob": (), "eva": ()} and waiting(read) == []
    page = (read.root / "feedback" / "ada" / NAME / f"{NAME}.html").read_text()
    assert "still to read" not in page and "9 of 10 points" in page


def test_text_elsewhere_in_the_lesson_makes_nobody_read_again(read, toy, alone):
    rebuilt(read, toy, lambda source: setattr(source.cells[0], "source", "# A toy lesson\n\nDoubling, and adding."))
    assert regraded(read, alone) == {"ada": (), "bob": (), "eva": ()} and waiting(read) == []


@pytest.mark.slow
def test_another_answer_is_read_again_and_stays_so_until_it_is(read, toy, student, alone):
    read.submit(toy.answered(student, {"why": "Another reason."}), "bob")
    read.submit(toy.answered(student, {"total": "def total(xs):\n    return 6"}), "eva")
    assert regraded(read, alone) == {"ada": (), "bob": ("why",), "eva": ()} and waiting(read) == [("bob", "why")]
    assert [result.again for result in batch.autograde(read.root, {NAME: ["bob"]}, alone, again=True)] == [()]  # listed once
    assert waiting(read) == [("bob", "why")]
    by_hand(read, "bob")
    batch.autograde(read.root, {NAME: ["bob"]}, alone, again=True)
    assert waiting(read) == []


@pytest.mark.parametrize("change", [
    lambda source, toy: setattr(source.cells[-2], "source", "Why does order matter, and when not?"),
    lambda source, toy: setattr(toy.by_name(source, "why"), "source", "Write here.\n### BEGIN SOLUTION\nBecause.\n### END SOLUTION"),
], ids=["the text before it", "its own text"])  # fmt: skip
def test_another_question_is_read_again(read, toy, alone, change):
    rebuilt(read, toy, lambda source: change(source, toy))
    assert regraded(read, alone) == {name: ("why",) for name in ("ada", "bob", "eva")}
    assert len(waiting(read)) == 3


@pytest.mark.slow
def test_points_that_a_person_gave_to_a_test_hold_as_long_as_answer_and_test_do(read, toy, student, alone):
    by_hand(read, "ada", "bob", cell="double-hidden", points=2.5)
    read.submit(toy.answered(student, {"double": "def double(x):\n    return x * 2"}), "bob")
    assert regraded(read, alone) == {"ada": (), "bob": ("double-hidden",), "eva": ()}
    rebuilt(read, toy, lambda source: setattr(toy.by_name(source, "double-hidden"), "source", toy.by_name(source, "double-hidden").source.replace("1234567", "1234567.0")))
    assert regraded(read, alone)["ada"] == ("double-hidden",)


def test_nbgraders_own_command_keeps_readings_too(read, toy, student):
    read.submit(toy.answered(student, {"why": "Another reason."}), "bob")
    for name in ("ada", "bob"):
        read.must(read.api.autograde(NAME, name, force=True))
    assert waiting(read) == [("bob", "why")]


def test_a_notebook_graded_by_an_earlier_edition_keeps_its_readings(read, alone):
    path = read.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    old = json.loads(path.read_text())
    del old["metadata"]["rnn_course"]["asked"]
    path.chmod(0o644)
    path.write_text(json.dumps(old))
    batch.autograde(read.root, {NAME: ["ada"]}, alone, again=True)
    assert waiting(read) == []


def test_where_it_is_not_known_what_was_read_it_is_read_again(read, alone):
    path = read.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    path.chmod(0o644)
    path.write_text("{")
    assert [result.again for result in batch.autograde(read.root, {NAME: ["ada"]}, alone, again=True)] == [("why",)]
