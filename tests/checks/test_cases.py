"""Frozen cases: what is written is read again, and the call of a visible test explains the first wrong answer."""

import json

import numpy as np
import pytest

from grader import checks as check
from grader.checks.frozen import LARGEST, Case, Cases, FrozenError, dumps, load, loads


def asked(*cases, **about):
    return dumps(Cases("double", "double", tuple(cases), **{"hints": ("Twice, not squared.", "The sign.", "Plus two."), **about}))


TEXT = asked(
    Case((np.array([2.0, 2.0, 2.0]),), np.array([4.0, 4.0, 4.0]), ((1, np.array([-4.0, -4.0, -4.0])),)),
    Case((np.array([1.0, 2.0, 5.0]),), np.array([2.0, 4.0, 10.0]), ((0, np.array([1.0, 4.0, 25.0])), (1, np.array([-2.0, -4.0, -10.0])), (2, np.array([3.0, 4.0, 7.0])))),
)  # fmt: skip


def failure(fn, text=TEXT):
    with pytest.raises(check.CheckFailed) as caught:
        check.cases(fn, "double", text)
    return caught.value


@pytest.mark.parametrize(("fn", "said"), [(lambda n: n + 1, True), (lambda n: n + (n == 3), True), (lambda n: 2 * n - 2, False), (lambda n: n + (-1) ** n, False)])
def test_one_too_many_is_said_of_a_function_that_always_is(fn, said):
    hint = failure(fn, asked(Case((2,), 2), Case((3,), 3), Case((4,), 4))).hint
    assert ("It is one too many" in (hint or "")) == said, hint


@pytest.mark.parametrize(("fn", "words"), [(lambda x: 3 * x, "same factor"), (lambda x: x**2 / 2, None), (lambda x: 2 * x + 1, "same amount"), (lambda x: 2 * x + (x > 2), None)])
def test_a_factor_is_said_if_all_answers_have_one(fn, words):
    """Of numbers that are all alike any function is a factor."""
    some, other = np.array([3.0, 3.0, 6.0]), np.array([1.0, 2.0, 4.0, 8.0])
    text = asked(Case((np.array([3.0, 3.0, 0.0]),), np.array([6.0, 6.0, 0.0])), Case((some,), 2 * some), Case((other,), 2 * other))
    hint = failure(fn, text).hint
    assert hint is None if words is None else words in hint, hint


def test_a_list_of_one_is_not_taken_for_the_answer_where_others_have_more():
    text = asked(Case(([5],), 5), Case(([5, 7],), 12))
    failed = failure(lambda x: list(x), text)
    assert "is not one value" in failed.problem and failed.hint == "One number is asked."
    assert failure(lambda x: [sum(x)], text).problem.endswith("is packed once too often")


def test_of_an_error_the_call_is_told_that_raised_it():
    def fn(x):
        if len(x) > 2 and x[1] == 5:
            raise ValueError("not this one")
        return 2 * x

    text = asked(Case((np.array([1.0, 2.0]),), np.array([2.0, 4.0])), Case((np.array([1.0, 5.0, 2.0]),), np.array([2.0, 10.0, 4.0])))
    failed = failure(fn, text)
    assert failed.where == "in double([1., 5., 2.])" and "own `raise`" in failed.hint


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 0.1, "é\n", [1, [2.5, "x"]], (1, (2,)), {"a": (1, 2), 3: None}, np.arange(6).reshape(2, 3), np.zeros((0, 3), "float32"),
        np.float32(0.1), np.array([0.1, 1e-30], "float32"), np.array([np.nan, np.inf]), np.array([True, False]), np.array(["a", "bc"]),
        np.array(["2012-01-01"], "datetime64[D]"), np.array(5),
    ],
)  # fmt: skip
def test_plain_values_come_back_as_they_were(value):
    text = asked(Case((value,), value))
    [case] = loads(text).cases
    for back in (case.arguments[0], case.expected):
        assert type(back) is type(value) or isinstance(value, np.generic)
        np.testing.assert_equal(back, value)
        assert getattr(back, "dtype", None) == getattr(value, "dtype", None)
    assert asked(Case(case.arguments, case.expected)) == text, "the same cases make the same text"


def test_a_tensor_comes_back_as_a_tensor():
    import keras

    [case] = loads(asked(Case((keras.ops.ones((2, 3)),), 1))).cases
    assert keras.ops.is_tensor(case.arguments[0]) and case.arguments[0].shape == (2, 3)


@pytest.mark.parametrize(("value", "words"), [(len, "cannot be frozen"), (np.array([None]), "dtype object"), ({1, 2}, "set"), (np.zeros(LARGEST), "is the most")])
def test_what_is_no_plain_value_is_not_frozen(value, words):
    with pytest.raises(FrozenError, match=words):
        asked(Case((value,), 1))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 2}', TEXT[:-40], TEXT.replace("float64", "object"), "[" * 100_000])
def test_what_is_no_set_of_cases_is_refused(text):
    with pytest.raises(FrozenError):
        loads(text)


@pytest.mark.parametrize("name", ["nothing-of-this-name", "../../checks/frozen/batch-shape", "", "A"])
def test_cases_of_no_such_name(name):
    with pytest.raises(FrozenError, match="no cases called"):
        load(name)


def test_right_answers_are_silent():
    check.cases(lambda x: 2 * x, "double", TEXT)
    check.cases(lambda d, h, f: (d, h, f), "batch-shape")


def test_the_arguments_are_copies():
    def doubled_in_place(x):
        x *= 2
        return x

    check.cases(doubled_in_place, "double", TEXT)


def test_a_known_mistake_is_named_if_every_answer_is_its():
    assert failure(lambda x: x**2).hint == "Twice, not squared."
    assert failure(lambda x: -2 * x).hint == "The sign."


def test_a_mistake_that_fits_one_case_by_chance_is_not_named():
    """x + 2 of 2 is 4; only the second case tells it from the rest. And -4 is given for the wrong reason here."""
    assert failure(lambda x: x + 2).hint == "Plus two."
    assert failure(lambda x: np.full(3, -4.0)).hint != "The sign."


def test_a_mistake_that_an_earlier_answer_rules_out_is_not_named():
    """In the first case squares would have been right by chance, so that they are ruled out by nothing; the sign is."""

    def wrong_at_the_end(x):
        return 2 * x if x[0] == 2 else -2 * x

    assert failure(wrong_at_the_end).hint == "The sign is the opposite everywhere."


def test_an_overflow_elsewhere_does_not_hide_the_mistake():
    text = asked(Case((3.0,), 6.0, ((0, 9.0),)), Case((1e200,), 2e200, ((0, 5.0),)))
    assert failure(lambda x: x**2 if x < 9 else float("nan"), text).hint == "Twice, not squared."


def test_what_no_mistake_foresaw_is_located():
    said = failure(lambda x: 2 * x + (x == 5))
    assert said.where == "in double([1., 2., 5.]); first at index [2], 11 in place of 10; 1 of 3 values differ"
    assert said.hint == "Only the last place in it differs; the others are right."


def test_problem_and_hint_hold_no_value():
    """They are what a student reads of a hidden check."""
    for fn in (lambda x: 2 * x + 7.125, lambda x: np.full(13, 7.125), lambda x: "secret", lambda x: (x,) * 917, lambda x: {"secret": 1}):
        said = failure(fn)
        assert not any(word in f"{said.problem} {said.hint}" for word in ("7.125", "13", "secret", "917"))


def test_a_result_that_never_changes_is_said_so():
    text = asked(*(Case((number,), 10 * number, ()) for number in (1, 3, 7, 9)))
    assert "whatever the arguments are" in failure(lambda x: 77, text).hint


def test_a_result_that_changes_late_is_not_said_to_stay():
    text = asked(*(Case((number, 5), 10 * number, ()) for number in (1, 3, 7, 9)), Case((1, 6), 60, ()))
    assert failure(lambda x, y: 5 if y == 5 else 6, text).hint is None


def test_nothing_about_the_question_is_secret(capsys):
    check.cases(lambda d, h, f: (d, h, f), "batch-shape", show=True)
    assert capsys.readouterr().out == "batch_shape(30, 24, 4)\n    (30, 24, 4)\n"


def test_a_stub_and_an_exception_are_told_as_by_call():
    def stub(x):
        raise NotImplementedError

    assert "not written yet" in failure(stub).problem
    assert failure(lambda x: x.nothing).problem == "`double` raised AttributeError"


def test_stop_iteration_ends_nothing():
    def stops(x):
        raise StopIteration

    assert failure(stops).problem == "`double` raised StopIteration"


def test_the_frozen_files_hold_no_code():
    from grader.checks import frozen

    for path in sorted((frozen.files("grader.checks") / "frozen").iterdir()):
        if path.name.endswith(".json"):
            text = path.read_text(encoding="utf-8")
            told = json.loads(text)
            assert loads(text).cases and set(told) - {"axes"} == {"format", "name", "source", "function", "parts", "rtol", "atol", "lists", "hints", "cases"}
            assert told["source"] == "", "the visible copy says nothing about the lesson's source"


def test_where_a_function_raises_is_told():
    def fails_later(x):
        return 2 * x if x[0] == x[1] else x / None

    found = failure(fails_later)
    assert found.problem == "`double` raised TypeError" and found.where.startswith("in double([1., 2., 5.])")

    def unwritten(x):
        raise NotImplementedError()

    assert failure(unwritten).where is None


COUNTS = asked(Case((3,), 2), Case((4,), 3), Case((9,), 8))


def test_one_too_many_is_said_where_no_other_case_denies_it():
    assert "one too many" in failure(lambda n: n, COUNTS).hint
    assert failure(lambda n: 3 if n == 3 else n - 2, COUNTS).hint is None
