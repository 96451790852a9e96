"""Points, misconceptions and what is for a person to judge, by small frames whose figures are plain to see."""

import json
import math

import pandas as pd

from grader.report.distribution import distribution, points_of
from grader.report.material import frame, material
from grader.report.matters import repairs, same_answers, same_weights, training, waiting
from grader.report.misconceptions import excerpt, gist, misconceptions
from grader.report.reckoning import as_json, reckon

L = "01"
CELLS = [(L, "x-test", "x", "test", False, 2.0), (L, "x-hidden", "x", "test", True, 2.0), (L, "y-test", "y", "test", False, 1.0), (L, "why", "why", "question", False, 4.0)]


def grades(*students, points=1.0, cells=("x-test", "x-hidden", "y-test")):
    return [(L, student, cell, points, False) for student in students for cell in cells]


def failed(student, cell, exercise, problem, hint="", expected="", actual=""):
    return L, student, cell, exercise, problem, hint, expected, actual


# Points


def test_points_are_summed_and_what_has_none_yet_is_nothing():
    kept = frame("grades", [(L, "a", "x", 1.5, False), (L, "a", "why", None, True), (L, "b", "x", 2.0, False)])
    assert points_of(kept).to_dict() == {"a": 1.5, "b": 2.0}


def test_the_spread_of_points():
    spread = distribution(pd.Series([0, 5, 10, 10, 20.0]), 20.0, waiting=1)
    assert (spread.students, spread.mean, spread.median, spread.lower, spread.upper) == (5, 9.0, 10.0, 5.0, 10.0)
    assert (spread.full, spread.none, spread.waiting, spread.lowest, spread.highest) == (1, 1, 1, 0.0, 20.0)
    assert [count for _, _, count in spread.bins] == [1, 0, 1, 0, 0, 2, 0, 0, 0, 1]
    assert spread.bins[0][:2] == (0.0, 2.0) and spread.bins[-1][:2] == (18.0, 20.0)


def test_few_points_have_a_bar_each():
    spread = distribution(pd.Series([0, 1, 3.0]), 3.0)
    assert spread.bins == [(0.0, 1.0, 1), (1.0, 2.0, 1), (2.0, 3.0, 1)]


def test_extra_credit_is_in_the_last_bar_and_no_points_at_all_are_no_error():
    assert distribution(pd.Series([12.0]), 10.0).bins[-1] == (9.0, 12.0, 1)
    assert distribution(pd.Series([0.0, 0.0]), 0.0).full == 0
    assert distribution(pd.Series(dtype=float), 10.0) is None


# Misconceptions


def test_a_hint_is_counted_by_students_and_not_by_tests():
    made = material(cells=CELLS, grades=grades("a", "b", "c", "d"), failures=[
        failed("a", "x-test", "x", "shape", "The timesteps are missing."), failed("a", "y-test", "y", "shape", "The timesteps are missing."),
        failed("b", "x-test", "x", "shape", "The timesteps are missing."), failed("c", "y-test", "y", "y is wrong"),
    ])  # fmt: skip
    first, second = misconceptions(made, L)
    assert (first.words, first.students, first.of, first.exercises) == ("The timesteps are missing.", 2, 4, ["x", "y"])
    assert (second.words, second.students, second.exercises) == ("y is wrong", 1, ["y"])


def test_numbers_do_not_part_what_is_the_same():
    assert gist("Near chance: 35 steps, 0.091 not 1e-3") == gist("near  chance: 8 steps, 0.5 not 2.5")
    made = material(cells=CELLS, grades=grades("a", "b"), failures=[failed("a", "x-test", "x", "off by 3"), failed("b", "x-test", "x", "off by 12")])
    (only,) = misconceptions(made, L)
    assert only.students == 2 and only.words == "off by 12"


def test_what_the_same_students_were_told_in_one_exercise_is_one_thing():
    failures = [failed(s, cell, "x", problem, hint) for s in "ab" for cell, problem, hint in (("x-hidden", "`x` is wrong", ""), ("x-test", "shape", "Pad left."))]
    (only,) = misconceptions(material(cells=CELLS, grades=grades("a", "b", "c"), failures=failures), L)
    assert (only.words, only.students, only.of, only.also) == ("Pad left.", 2, 3, ["`x` is wrong", "shape"])


def test_the_example_is_of_one_who_was_shown_what_was_expected():
    made = material(
        cells=CELLS, grades=grades("a", "b"), answers=[(L, "b", "x", True, "def x():\n    return 2", "p", 5)],
        failures=[failed("a", "x-hidden", "x", "`x` is wrong", "Pad left."), failed("b", "x-test", "x", "`x` is wrong", "Pad left.", "3", "2")],
    )  # fmt: skip
    example = misconceptions(made, L)[0].example
    assert (example.student, example.expected, example.actual, example.answer) == ("b", "3", "2", "def x():\n    return 2")


def test_those_whose_notebook_could_not_be_read_are_not_counted_among_the_class():
    made = material(
        cells=CELLS, grades=grades("a", "b", "c"), failures=[failed("a", "x-test", "x", "wrong")],
        unreadable=[(L, "b", "submission", "cut off"), (L, "c", "receipt", "broken")],
    )  # fmt: skip
    assert misconceptions(made, L)[0].of == 2


def test_an_excerpt_is_short():
    assert excerpt("\n\n" + "x = 1\n\n" * 40).splitlines() == ["x = 1"] * 16 + ["…"]
    assert len(excerpt("y" * 5000)) == 160


# For a person to judge


def answer(student, exercise, alike, size, written=True):
    return L, student, exercise, written, "…", alike, size


def test_same_answers_are_gathered_by_who_shares_them():
    made = material(cells=CELLS, grades=grades("a", "b", "c", "d"), answers=[
        answer("a", "x", "p", 50), answer("b", "x", "p", 50), answer("c", "x", "q", 50),
        answer("a", "y", "r", 70), answer("b", "y", "r", 70), answer("c", "y", "r2", 70),
    ])  # fmt: skip
    (only,) = same_answers(made)
    assert (only.students, only.exercises, only.size, only.of) == (["a", "b"], ["x", "y"], 120, 4)


def test_short_answers_stubs_and_empty_ones_are_alike_by_nature():
    made = material(cells=CELLS, grades=grades("a", "b"), answers=[
        *(answer(s, "x", "p", 29) for s in "ab"), *(answer(s, "y", "", 0) for s in "ab"), *(answer(s, "why", "t", 11) for s in "ab"),
    ])  # fmt: skip
    assert same_answers(made) == []
    longer = material(cells=CELLS, grades=grades("a", "b"), answers=[answer(s, "why", "t", 12) for s in "ab"])
    assert same_answers(longer)[0].exercises == ["why"]


def receipt(student, weights, written="2026-01-01T10:00:00", seconds=12.5, device="CPU", name="net"):
    return L, student, name, device, seconds, written, weights


def test_one_run_is_told_from_the_same_weights():
    made = material(receipts=[receipt("a", "w"), receipt("b", "w"), receipt("c", "w", seconds=13.0), receipt("d", "v"), receipt("e", "", seconds=1.0), receipt("f", "")])
    first, second = same_weights(made)
    assert (first.students, first.one_run, first.of) == (["a", "b"], True, 4)
    assert (second.students, second.one_run) == (["a", "b", "c"], False)


def test_a_students_own_two_receipts_are_nothing_to_remark():
    assert same_weights(material(receipts=[receipt("a", "w"), receipt("a", "w", name="copy")])) == []


def test_time_and_device_are_those_that_receipts_name():
    made = material(receipts=[receipt("a", "w", seconds=10), receipt("b", "v", seconds=30, device="GPU"), receipt("c", "u", seconds=math.nan), receipt("a", "t", name="alone")])
    first, second = training(made)
    assert (first.name, first.receipts, first.devices, first.median, first.shortest, first.longest) == ("net", 3, [("CPU", 2), ("GPU", 1)], 20.0, 10.0, 30.0)
    assert second.name == "alone"


def test_many_repairs_of_one_kind_are_one():
    made = material(notes=[(L, "a", "x-test", "Test cell `x-test` was missing and was put back."), (L, "a", "y-test", "Test cell `y-test` was missing and was put back."), (L, "a", "", "Odd.")])
    (only,) = repairs(made)
    assert only.kinds == [("Test cell `…` was missing and was put back.", ["x-test", "y-test"]), ("Odd.", [])]


def test_what_waits_is_counted_by_question():
    made = material(cells=CELLS, grades=[(L, "a", "why", None, True), (L, "b", "why", 3.0, True), (L, "c", "why", 4.0, False)])
    (only,) = waiting(made)
    assert (only.cell, only.waiting, only.of, only.max_points) == ("why", 2, 3, 4.0)


# The whole


def test_a_lesson_that_was_never_graded_and_one_that_waits():
    made = reckon(material(students=[("a", "a", ())], lessons=[(L, "One", 0), ("02", "Two", 3)], cells=CELLS))
    assert [(lesson.distribution, lesson.ungraded) for lesson in made.lessons] == [(None, 0), (None, 3)]
    assert [headline.words for headline in made.headlines] == ["3 submissions of 02 not graded yet: grader autograde 02"]


def test_one_hint_in_several_lessons_is_one_headline():
    rows = {"cells": [], "grades": [], "failures": [], "lessons": []}
    for lesson in ("01", "02"):
        rows["lessons"].append((lesson, lesson, 0))
        rows["cells"].append((lesson, "x-test", "x", "test", False, 1.0))
        rows["grades"] += [(lesson, student, "x-test", 0.0, False) for student in "abc"]
        rows["failures"] += [(lesson, student, "x-test", "x", "wrong", "Pad left.", "", "") for student in ("ab" if lesson == "01" else "abc")]
    words = [headline.words for headline in reckon(material(**rows)).headlines]
    assert words == ["3 of 3 in 02, and in 1 other lesson: Pad left."]


def test_the_figures_are_json():
    made = reckon(material(students=[("a", "A", ())], lessons=[(L, "One", 0)], cells=CELLS, grades=grades("a"), receipts=[receipt("a", "w", seconds=math.nan)]))
    figures = json.loads(json.dumps(as_json(made), allow_nan=False))
    assert figures["lessons"][0]["distribution"]["median"] == 3.0 and figures["labels"] == {"a": "A"}
    assert figures["lessons"][0]["questions"][0]["discrimination"] is None and figures["training"][0]["median"] is None
