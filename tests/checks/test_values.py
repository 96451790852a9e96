"""equal, close, same_function and call: what passes, what fails, and what is said."""

import keras
import numpy as np
import pytest

from grader import checks as check
from grader.checks import CheckFailed


class AlwaysEqual:
    """An object that lies about being equal."""

    shape = (3,)

    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (np.int64(3), 3),
        ("a", "a"),
        ([1, 2], (1, 2)),
        (np.array([[1, 2]]), [[1, 2]]),
        ([[1], [2, 3]], [[1], [2, 3]]),
        ({"a": 1}, {"a": 1}),
        ({"a": np.array([1])}, {"a": [1]}),
        (True, True),
        (np.bool_(True), True),
        (None, None),
    ],
)
def test_equal_by_content(actual, expected):
    check.equal(actual, expected, "it")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (4, 3),
        (True, 1),
        (1, True),
        ("3", 3),
        ([1, 2, 3], [1, 2]),
        ([2, 1], [1, 2]),
        ({"a": 1, "b": 2}, {"a": 1}),
        (None, 3),
        (float("nan"), float("nan")),
        (AlwaysEqual(), 3),
        (AlwaysEqual(), [1, 2, 3]),
        ([AlwaysEqual()], [1]),
        (np.array([AlwaysEqual()], dtype=object), [1]),
    ],
)
def test_unequal(actual, expected):
    with pytest.raises(CheckFailed, match="it is wrong"):
        check.equal(actual, expected, "it")


def test_a_known_mistake_gets_its_hint():
    with pytest.raises(CheckFailed) as failed:
        check.equal(5, 4, "the count", mistakes={"not this": 6, "one too many": 5})
    assert failed.value.hint == "one too many"
    with pytest.raises(CheckFailed) as failed:
        check.equal(None, 4, "the count", mistakes={"one too many": 5})
    assert "return" in failed.value.hint


@pytest.mark.parametrize("value", [1.0, np.float32(1.0), [1.0, 1.0], np.ones((2, 3))])
def test_close_within_tolerance(value):
    check.close(np.asarray(value) + 1e-7, value, "it")


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (1.1, 1.0, "it is wrong"),
        ([1.0, np.nan], [1.0, 1.0], "NaN"),
        (np.ones((2, 3)), np.ones((3, 2)), "wrong shape"),
        ("one", 1.0, "not made of numbers"),
        (None, 1.0, "not made of numbers"),
        ([[1.0], [1.0, 2.0]], [[1.0], [1.0]], "not made of numbers"),
        (float("inf"), 1.0, "it is wrong"),
        (AlwaysEqual(), np.ones(3), "not made of numbers"),
    ],
)
def test_not_close(actual, expected, words):
    with pytest.raises(CheckFailed, match=words):
        check.close(actual, expected, "it")


def test_close_shows_the_furthest_element():
    with pytest.raises(CheckFailed) as failed:
        check.close([1.0, 2.5, 3.01], [1.0, 2.0, 3.0], "it")
    assert failed.value.expected == "2 at index (1,)" and "2 of 3 values differ" in failed.value.actual


def test_close_takes_tensors():
    check.close(keras.ops.ones((2, 2)), np.ones((2, 2)), "it")


def test_same_function_copies_arguments_and_recognises_wrong_functions():
    def greedy(values):
        values.sort()
        return values[-1]

    argument = [3, 1, 2]
    check.same_function(greedy, max, [(argument,)])
    assert argument == [3, 1, 2]
    with pytest.raises(CheckFailed) as failed:
        check.same_function(min, max, [([3, 1],)], "biggest", mistakes={"never": lambda v: 1 / 0, "that is the smallest": min})
    assert failed.value.hint == "that is the smallest"
    assert "3, 1" not in failed.value.problem, "a hidden check shows its problem and must not show its arguments"


def test_same_function_compares_structures():
    def right(n):
        return np.arange(n), np.ones((n, 2))

    check.same_function(lambda n: [list(range(n)), np.ones((n, 2), "float32")], right, [(3,)])
    with pytest.raises(CheckFailed):
        check.same_function(lambda n: (np.arange(n),), right, [(3,)])
    with pytest.raises(CheckFailed, match="wrong result"):
        check.same_function(lambda n: (np.arange(n), np.zeros((n, 2))), right, [(3,)])


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (("w", 0.1 + 0.2), ("w", 0.3)),
        ([[0.1 + 0.2], [1.0, 2.0]], [[0.3], [1.0, 2.0]]),
        ({"a": 0.1 + 0.2, "b": [1]}, {"a": 0.3, "b": (1,)}),
        ([{"a": np.float32(0.3)}], [{"a": 0.3}]),
        (np.array([[0.1 + 0.2]]), [[0.3]]),
        ([], []),
    ],
)
def test_same_function_is_tolerant_wherever_a_float_stands(actual, expected):
    check.same_function(lambda: actual, lambda: expected, [()], "f")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (("w", 0.31), ("w", 0.3)),
        (("v", 0.3), ("w", 0.3)),
        ([[0.3], [1.0]], [[0.3], [1.0, 2.0]]),
        ({"a": 0.3}, {"b": 0.3}),
        ({"a": 0.3, "b": 1}, {"a": 0.3}),
        ([("a", 0.3)], {"a": 0.3}),
        ((1, True), (1, 1)),
        (None, ("w", 0.3)),
        ("ab", ["a", "b"]),
    ],
)
def test_same_function_still_sees_what_differs(actual, expected):
    with pytest.raises(CheckFailed, match="wrong result"):
        check.same_function(lambda: actual, lambda: expected, [()], "f")


def stub(x):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (stub, "is not written yet"),
        (None, "is not a function"),
        (lambda x: x["a"], "raised TypeError"),
        (lambda: 1, "Keep the signature"),
        (lambda x: undefined_name, "Restart the kernel"),  # noqa: F821
        (lambda x: exit(), "raised SystemExit"),
        (lambda x: np.ones(3) + np.ones(4), "Two shapes do not fit"),
    ],
)
def test_call_says_what_an_exception_means(fn, words):
    with pytest.raises(CheckFailed) as failed:
        check.call(fn, 3)
    assert words in str(failed.value)


def three_values():
    a, b = [1, 2, 3]


def states_of_a_lstm():
    output, state = keras.layers.LSTM(2, return_state=True)(np.zeros((1, 3, 2), "float32"))


def states_of_a_kept_lstm():
    results = keras.layers.LSTM(2, return_state=True)(np.zeros((1, 3, 2), "float32"))
    output, state = results


def zeros_of_shapes():
    return np.zeros(shapes=3)


def numpy_of_a_symbol():
    import tensorflow as tf

    return tf.function(lambda x: np.array(x))(tf.zeros(3))


def a_library_that_is_not_written():
    return keras.layers.Layer().get_config() and keras.Loss().call(1, 2)


@pytest.mark.parametrize(
    ("fn", "words", "never"),
    [
        (three_values, "names on the left", "LSTM"),
        (states_of_a_lstm, "an LSTM returns output, h, c", "names on the left"),
        (states_of_a_kept_lstm, "an LSTM returns output, h, c", "names on the left"),
        (zeros_of_shapes, "raised TypeError", "Keep the signature"),
        (numpy_of_a_symbol, "raised NotImplementedError", "is not written yet"),
        (a_library_that_is_not_written, "raised NotImplementedError", "is not written yet"),
    ],
)
def test_call_does_not_mislead(fn, words, never):
    with pytest.raises(CheckFailed) as failed:
        check.call(fn)
    assert words in str(failed.value) and never not in str(failed.value)


def test_call_knows_a_stub_inside_a_layer():
    class Cell(keras.layers.Layer):
        units = state_size = 2

        def call(self, inputs, states):
            raise NotImplementedError

    with pytest.raises(CheckFailed, match="is not written yet"):
        check.call(lambda: keras.layers.RNN(Cell())(np.zeros((1, 3, 2), "float32")))


def test_call_knows_a_changed_signature_of_a_class():
    class Cell:
        def __init__(self, units):
            self.units = units

    with pytest.raises(CheckFailed, match="Keep the signature"):
        check.call(Cell, 3, leak=0.1)


def test_call_shows_the_students_own_line():
    def mine(x):
        return np.zeros((2, 3)) @ x

    with pytest.raises(CheckFailed) as failed:
        check.call(mine, np.zeros(2))
    assert "at the line: return np.zeros((2, 3)) @ x" in failed.value.actual


def test_call_survives_endless_recursion():
    def again(x):
        return again(x)

    with pytest.raises(CheckFailed, match="without end"):
        check.call(again, 1)


def test_a_failure_reads_well_and_survives_pickling():
    import pickle

    failure = CheckFailed("it is wrong", hint="try this", expected="1\n2", actual=3)
    assert str(failure).splitlines() == ["it is wrong", "  hint      try this", "  expected  1", " " * 12 + "2", "  actual    3"]
    assert str(pickle.loads(pickle.dumps(failure))) == str(failure)
    shown = failure._render_traceback_()
    assert "Check failed" in shown[0] and len(shown) == 4 and not any("File" in line for line in shown)
