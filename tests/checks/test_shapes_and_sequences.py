"""Shapes, states, masks and time: what passes, what fails, and the misconception that is named."""

import numpy as np
import pytest

from grader import checks as check
from grader.checks import CheckFailed


def hint_of(call) -> str:
    with pytest.raises(CheckFailed) as failed:
        call()
    return str(failed.value)


@pytest.mark.parametrize("expected", [(4, 7, 3), (None, 7, 3), (4, None, None)])
def test_shape_passes(expected):
    check.shape(np.zeros((4, 7, 3)), expected, "x")
    check.shape((4, 7, 3), expected, "x")


@pytest.mark.parametrize(
    ("found", "expected", "words"),
    [
        ((4, 16), (4, 7, 16), "return_sequences=True"),
        ((4, 7, 16), (4, 16), "remove return_sequences=True"),
        ((4, 7), (4, 7, 1), "np.newaxis"),
        ((7, 4, 3), (4, 7, 3), "(batch, timesteps, features)"),
        ((7, 3), (4, 7, 3), "Axis 0 is gone"),
        ((7, 3), (1, 7, 3), "batch axis is missing"),
        ((4, 8, 3), (4, 7, 3), "one too long"),
        ((4, 6, 3), (4, 7, 3), "one too short"),
        ((4, 7, 9), (4, 7, 3), "units"),
        ((4, 1), (4,), "last axis of size 1"),
        ((5, 5, 5, 5), (4, 7), "wrong shape"),
    ],
)
def test_a_wrong_shape_says_what_it_means(found, expected, words):
    assert words in hint_of(lambda: check.shape(np.zeros(found), expected, "x"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "return"),
        ([np.zeros((4, 16))] * 3, "return_state=True"),
        ("text", "array or a tensor"),
        ([[1], [2, 3]], "Python list"),
    ],
)
def test_what_has_no_shape(value, words):
    assert words in hint_of(lambda: check.shape(value, (4, 16), "x"))


def test_a_shape_is_a_tuple():
    import tensorflow as tf

    for given in [(np.int64(4), 16), (None, 16), tf.TensorShape([4, 16]), tf.TensorShape([None, 16])]:
        check.shape(given, (None, 16), "x")
    assert "Python list" in hint_of(lambda: check.shape([4, 16], (4, 16), "x"))
    assert "Python list" in hint_of(lambda: check.shape([1, 2, 3], (3,), "x"))
    assert "no shape" in hint_of(lambda: check.shape(tf.TensorShape(None), (4, 16), "x"))
    assert "no shape" in hint_of(lambda: check.shape((True, 16), (1, 16), "x"))


def test_states():
    h = np.zeros((4, 16))
    check.states([h, h], "LSTM", 4, 16)
    check.states([h], "GRU", 4, 16)
    check.states(h, "SimpleRNN", 4, 16)
    assert "[h, c]" in hint_of(lambda: check.states([h], "LSTM", 4, 16))
    assert "ignores it" in hint_of(lambda: check.states([h, h], "GRU", 4, 16))
    output = np.ones((4, 7, 16))
    assert "The first of them is the layer's output" in hint_of(lambda: check.states([h, h, 2 * h + 1], "LSTM", 4, 16))
    assert "The first of them is the layer's output" in hint_of(lambda: check.states([output, h], "GRU", 4, 16))
    assert "[h, c]" in hint_of(lambda: check.states([h, h + 1, h], "LSTM", 4, 16))
    assert "wrong shape" in hint_of(lambda: check.states([h, h[:, :3]], "LSTM", 4, 16))
    with pytest.raises(ValueError, match="LSTM"):
        check.states(h, "Dense", 4, 16)


def test_causal():
    x = np.random.default_rng(0).normal(size=(3, 9, 2))
    check.causal(lambda x: np.cumsum(x, axis=1), x)
    check.causal(lambda x: x * 2, x)
    assert "future" in hint_of(lambda: check.causal(lambda x: x[:, ::-1], x))
    assert "future" in hint_of(lambda: check.causal(lambda x: np.roll(x, -1, axis=1), x))
    assert "future" in hint_of(lambda: check.causal(lambda x: x + x.mean(axis=1, keepdims=True), x))
    assert "one output per timestep" in hint_of(lambda: check.causal(lambda x: x.sum(axis=1), x))


def test_causal_is_not_fooled_by_nan():
    x = np.random.default_rng(0).normal(size=(3, 9, 2))
    assert "NaN" in hint_of(lambda: check.causal(lambda x: x * np.nan, x))
    assert "NaN" in hint_of(lambda: check.causal(lambda x: np.where(x > 3, np.nan, x), np.minimum(x, 2) * 0 + 2.0))


def test_causal_names_the_first_timestep_that_is_off():
    x = np.random.default_rng(0).normal(size=(3, 9, 2))
    weight = np.where(np.arange(9) < 4, 1e-9, 1.0)[:, None]  # before timestep 4 the future weighs less than rounding
    message = hint_of(lambda: check.causal(lambda x: x + weight * x[:, -1:], x))
    assert "the output at timestep 4 depends" in message


@pytest.mark.parametrize("side", ["left", "right"])
def test_ignores_padding(side):
    x = np.random.default_rng(0).normal(size=(3, 6, 2)) + 5
    check.ignores_padding(lambda x: x.sum(axis=1), x, side=side)
    assert "changed by padding" in hint_of(lambda: check.ignores_padding(lambda x: x.mean(axis=1), x, side=side))
    assert "changes its shape" in hint_of(lambda: check.ignores_padding(lambda x: x[..., 0], x, side=side))
    assert "changed by padding" in hint_of(lambda: check.ignores_padding(lambda x: x.sum(axis=1) * np.nan, x, side=side))


def test_shifted():
    s = np.arange(20).reshape(2, 10)
    check.shifted(s[:, :-1], s[:, 1:])
    assert "equal the inputs" in hint_of(lambda: check.shifted(s, s))
    assert "wrong way" in hint_of(lambda: check.shifted(s[:, 1:], s[:, :-1]))
    assert "shape" in hint_of(lambda: check.shifted(s, s[:, 1:]))
    assert "wrong" in hint_of(lambda: check.shifted(s[:, :-2], s[:, 2:]))


def test_shifted_forgives_rounding():
    s = np.random.default_rng(0).normal(size=(2, 10)) * 100
    check.shifted(s[:, :-1].astype("float32"), s[:, 1:])
    assert "equal the inputs" in hint_of(lambda: check.shifted(s.astype("float32"), s))
    assert "wrong way" in hint_of(lambda: check.shifted(s[:, 1:].astype("float32"), s[:, :-1]))
    assert "wrong" in hint_of(lambda: check.shifted(s[:, :-2].astype("float32"), s[:, 2:]))
    words = np.array([list("abcd")])
    check.shifted(words[:, :-1], words[:, 1:])


def test_times_of_two_kinds():
    days = np.arange("2000-01-01", "2000-02-01", dtype="datetime64[D]")
    assert "cannot be compared" in hint_of(lambda: check.chronological([1, 2], days))
    assert "cannot be compared" in hint_of(lambda: check.chronological(["2000-01-01"], days))
    check.chronological([1, 2], [2.5])


def test_chronological():
    days = np.arange("2000-01-01", "2000-02-01", dtype="datetime64[D]")
    check.chronological(days[:20], days[20:])
    shuffled = np.random.default_rng(0).permutation(days)
    assert "see the future" in hint_of(lambda: check.chronological(shuffled[:20], shuffled[20:]))
    assert "before the training" in hint_of(lambda: check.chronological(days[20:], days[:20]))
    assert "see the future" in hint_of(lambda: check.chronological(days[:20], days[19:]))
    assert "no test times" in hint_of(lambda: check.chronological(days, days[:0]))


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (lambda x, y, n: (x[:n], y[:n], x[n - 1 :], y[n - 1 :]), "in the training set and in the test set"),
        (lambda x, y, n: (x[:n], y[:n], x[n:], y), "cut x and y at the same place"),
        (lambda x, y, n: (x[-n:], y[-n:], x[:-n], y[:-n]), "The test set lies before the training set"),
        (lambda x, y, n: (np.delete(x, slice(0, None, 5), 0), np.delete(y, slice(0, None, 5)), x[::5], y[::5]), "everything before a date trains"),
    ],
)
def test_a_split_that_is_not_by_time_is_told_what_it_is(split, words):
    with pytest.raises(CheckFailed, match=words):
        check.split_by_time(split, 50, 40)
