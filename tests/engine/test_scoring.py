"""The scoring table, row by row."""

from __future__ import annotations

import pytest

from grader.engine.scoring import Outcome, ends_in_expression, error_line, score

VALUE, NO_VALUE = "total", "assert True"


def ok(*results: str, complete: bool = True) -> Outcome:
    return Outcome(status="ok", results=results, complete=complete)


@pytest.mark.parametrize("shown, points", [
    ("0", 0), ("2", 2), ("0.5", 0.5), ("1e-1", 0.1), (".25", 0.25), ("1.", 1), ("+1", 1),
    ("np.float64(0.5)", 0.5), ("np.float32(1.5)", 1.5), ("np.int64(2)", 2), ("-0.0", 0),
])  # fmt: skip
def test_one_number_in_range_is_partial_credit(shown, points):
    given = score(VALUE, 2, ok(shown))
    assert given.points == points
    assert (given.reason == "") == (points == 2)


@pytest.mark.parametrize("shown", [
    "nan", "inf", "-inf", "np.float64(nan)", "np.float64(inf)", "1e999", "-1", "-0.01", "2.01",
    "np.float64(3.0)", "True", "False", "np.True_", "np.bool(True)", "None", "'2'", "", "2 points",
    "1_0", "0x1", "1+0j", "[1]", "(1,)", "array(1)", "np.float64(1)(1)", "np.float64(-1)",
    "<tf.Tensor: shape=(), dtype=float32, numpy=1.0>", "١", "1\n2",
])  # fmt: skip
def test_any_other_value_scores_nothing_and_says_why(shown):
    given = score(VALUE, 2, ok(shown))
    assert given.points == 0
    assert given.reason and "\n" not in given.reason


@pytest.mark.parametrize("source, outcome, points", [
    (NO_VALUE, ok(), 3),
    (NO_VALUE, ok(complete=False), 3),
    (NO_VALUE, ok("0"), 3),  # the source cannot give a value: forged, ignored
    (NO_VALUE, ok("0", "1"), 3),
    ("check.shape(x, y)", ok(), 3),
    ("total;", ok("1"), 3),
    (VALUE, ok(complete=False), 0),
    (VALUE, ok("1", "1"), 0),
    (VALUE, Outcome("error", "NameError: x", ("3",), True), 0),
    (VALUE, Outcome("aborted", "", ("3",), True), 0),
    (NO_VALUE, Outcome("aborted"), 0),
    (NO_VALUE, Outcome("OK", complete=True), 0),
    (NO_VALUE, Outcome("ok", "cell a ran longer than 3 s", complete=True), 0),
    (NO_VALUE, Outcome(), 0),
    (NO_VALUE, Outcome(reason="not run: the Python process ended"), 0),
    ("  \n", ok(), 0),
])  # fmt: skip
def test_table(source, outcome, points):
    given = score(source, 3, outcome)
    assert given.points == points
    assert given.max_points == 3
    assert (given.reason == "") == (points == 3)


@pytest.mark.parametrize("source, ends", [
    ("1", True), ("x = 1", False), ("x = 1\nx", True), ("x;", False), ("x; # done", False),
    ("x  # done; really", True), ("'a;'", True), ("for i in y: i", False), ("", False),
    ("# only a comment", False), ("%matplotlib inline", True), ("!ls", True),
    ("x = !ls", False), ("%%time\nx = 1", True), ("def f(", False), ("x\n\n\n", True),
    ("if True:\n    1", False), ("(x :=\n 2)", True), ("assert x", False), ("f'{x}';", False),
])  # fmt: skip
def test_which_sources_can_give_a_value(source, ends):
    assert ends_in_expression(source) is ends


@pytest.mark.parametrize("content, line", [
    ({"ename": "CheckFailed", "evalue": "the output has 2 axes\n  hint  look"}, "the output has 2 axes"),
    ({"ename": "NameError", "evalue": "name 'x' is not defined"}, "NameError: name 'x' is not defined"),
    ({"ename": "AssertionError", "evalue": ""}, "AssertionError"),
    ({"ename": "E", "evalue": "\n\n\x1b[31mred\x1b[0m\x07 line\nnext"}, "E: red line"),
    ({}, "error"),
])  # fmt: skip
def test_error_line(content, line):
    assert error_line(content) == line


def test_error_line_is_bounded():
    assert len(error_line({"ename": "E", "evalue": "x" * 10_000_000})) <= 300
