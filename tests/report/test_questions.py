"""Success and discrimination, by numbers that were reckoned by hand."""

import math

import pandas as pd
import pytest

from grader.report.material import material
from grader.report.questions import FINE, LOOK, NOTE, correlation, questions, what_to_look_at

SIX = ["a", "b", "c", "d", "e", "f"]


def lesson(points, cells=None, **rows):
    """A lesson by {cell: the points of a, b, c ...}; None is nobody's yet, and waits."""
    cells = cells or [("01", cell, cell, "test", False, max(1.0, *(value or 0 for value in values))) for cell, values in points.items()]
    grades = [("01", student, cell, value, value is None) for cell, values in points.items() for student, value in zip(SIX, values, strict=False)]
    return material(cells=cells, grades=grades, **rows)


def by_cell(made):
    return {question.cell: question for question in questions(made, "01")}


def test_the_point_biserial_correlation_with_the_rest():
    # share - 0.5 is +-0.5, rest - 3.5 is 2.5 1.5 0.5 -0.5 -1.5 -2.5: the products sum to 4.5, the squares to 1.5 and 17.5.
    found = by_cell(lesson({"one": [1, 1, 1, 0, 0, 0], "other": [6, 5, 4, 3, 2, 1]}))
    assert found["one"].discrimination == pytest.approx(4.5 / math.sqrt(1.5 * 17.5))
    assert (found["one"].tried, found["one"].passed, found["one"].rate, found["one"].share) == (6, 3, 0.5, 0.5)
    assert (found["other"].passed, found["other"].share) == (1, pytest.approx(3.5 / 6))


def test_the_rest_leaves_the_question_itself_out():
    found = by_cell(lesson({"one": [1, 1, 1, 0, 0, 0], "two": [1, 0, 1, 0, 1, 0], "three": [2, 2, 0, 0, 0, 1]}))
    rest = pd.Series([3, 2, 1, 0, 1, 1], dtype=float)  # two + three
    assert found["one"].discrimination == pytest.approx(pd.Series([1, 1, 1, 0, 0, 0]).corr(rest))


def test_a_question_that_is_turned_round_stands_first():
    made = lesson({"good": [1, 1, 1, 0, 0, 0], "all": [1] * 6, "turned": [0, 0, 0, 1, 1, 1], "rest": [9, 8, 7, 3, 2, 1], "none": [0] * 6})
    found = questions(made, "01")
    assert [question.cell for question in found] == ["turned", "none", "good", "rest", "all"]
    assert [question.mark for question in found] == [LOOK, LOOK, FINE, FINE, FINE]
    assert "did worse here" in found[0].words and "Nobody passed" in found[1].words
    assert found[1].discrimination is None and found[1].why_none == "all have the same points here"
    assert found[4].words == "Everybody passed."


def test_everybody_with_full_marks_has_no_discrimination():
    found = questions(lesson({"one": [1] * 6, "two": [2] * 6}), "01")
    assert [(question.rate, question.discrimination, question.mark) for question in found] == [(1.0, None, FINE)] * 2


def test_without_spread_elsewhere_it_is_said():
    found = by_cell(lesson({"one": [1, 0, 1, 0, 1, 0], "two": [2] * 6}))
    assert found["one"].discrimination is None and found["one"].why_none == "all have the same points elsewhere"


@pytest.mark.parametrize("students", [1, 4])
def test_of_few_students_there_is_none(students):
    made = lesson({"one": [1, 0, 1, 0][:students], "two": [4, 3, 2, 1][:students]})
    assert {(question.discrimination, question.why_none) for question in questions(made, "01")} == {(None, "fewer than 5 students")}


def test_of_nobody_nothing_is_said():
    found = questions(material(cells=[("01", "one", "one", "test", False, 1.0)]), "01")
    assert [(question.tried, question.passed, question.discrimination, question.mark) for question in found] == [(0, 0, None, FINE)]
    assert math.isnan(found[0].rate)


def test_what_could_not_be_read_or_did_not_run_says_nothing_of_a_question():
    made = lesson(
        {"one": [1, 1, 1, 0, 0, 0], "two": [6, 5, 4, 3, 2, 0]},
        unreadable=[("01", "f", "submission", "cut off")], unreached=[("01", "e", "two")],
    )  # fmt: skip
    found = by_cell(made)
    assert (found["one"].tried, found["one"].passed) == (5, 3)  # f could not be read
    assert (found["two"].tried, found["two"].passed) == (4, 1)  # e was stopped before
    assert found["one"].discrimination is None and found["one"].why_none == "fewer than 5 students"  # whose lessons ran to the end


def test_an_answer_that_waits_counts_neither_as_tried_nor_in_the_rest():
    made = lesson({"one": [1, 1, 1, 0, 0, 0], "two": [1, 1, 0, 0, 1, 0], "written": [4, None, None, None, None, None]})
    found = by_cell(made)
    assert (found["written"].tried, found["written"].waiting, found["written"].mark) == (1, 5, FINE)
    assert found["one"].discrimination == pytest.approx(pd.Series([1, 1, 1, 0, 0, 0]).corr(pd.Series([1, 1, 0, 0, 1, 0])))


def test_empty_answers_do_not_make_a_question_hard_while_others_wait():
    made = lesson({"one": [1, 0, 1, 0, 1, 0], "written": [0, 0, 0, 0, 0, None]}, [("01", "one", "one", "test", False, 1.0), ("01", "written", "written", "question", False, 4.0)])
    assert by_cell(made)["written"].mark == FINE


def test_a_hidden_test_that_refuses_what_the_visible_one_takes():
    cells = [("01", "seen", "x", "test", False, 1.0), ("01", "secret", "x", "test", True, 1.0)]
    found = by_cell(lesson({"seen": [1, 1, 1, 1, 1, 0], "secret": [1, 1, 0, 0, 0, 0]}, cells))
    assert found["secret"].seen == (3, 5) and found["secret"].mark == LOOK
    assert "3 of 5 who passed all they could see" in found["secret"].words


def test_empty_answers_are_counted():
    answers = [("01", student, "one", student in "ab", "", "", 0) for student in SIX]
    found = by_cell(lesson({"one": [1, 0, 0, 0, 0, 0], "rest": [5, 4, 3, 2, 1, 0]}, answers=answers))
    lost = lesson({"one": [1, 0, 0, 0, 0, 0], "rest": [5, 4, 3, 2, 1, 0]}, answers=answers, unreadable=[("01", "f", "submission", "cut off")])
    assert by_cell(lost)["one"].blank == 3  # what could not be read is no empty answer
    assert (found["one"].blank, found["one"].mark, found["one"].words) == (4, NOTE, "Hard: 4 of 6 left it empty.")


@pytest.mark.parametrize(("discrimination", "tried", "mark"), [(-0.5, 9, LOOK), (-0.2, 9, NOTE), (-0.2, 100, LOOK), (0.05, 100, NOTE), (0.3, 9, FINE)])
def test_a_small_class_is_not_alarmed_by_chance(discrimination, tried, mark):
    about = {"kind": "test", "tried": tried, "passed": tried // 2, "share": 0.5, "why_none": "", "blank": 0, "waiting": 0, "seen": None}
    assert what_to_look_at(discrimination=discrimination, **about)[0] == mark


def test_what_does_not_vary_has_no_correlation():
    assert correlation(pd.Series([1.0, 1.0]), pd.Series([1.0, 2.0])) is None
    assert correlation(pd.Series([1.0]), pd.Series([1.0])) is None
    assert correlation(pd.Series([0.0, 1.0]), pd.Series([1.0, 2.0])) == pytest.approx(1.0)
