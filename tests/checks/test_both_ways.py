"""Two readings are laid side by side as Keras does: what passes, and what is said of flips and orders that are wrong."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed


def right(x, forward, backward):
    return np.concatenate([forward(x), np.array(backward(x))[:, ::-1]], axis=-1)


def pair(first, second, units=(5, 5)):
    every = {"return_sequences": True}
    return first(units[0], **every), second(units[1], go_backwards=True, **every)


def some():
    return np.random.default_rng(1).normal(size=(3, 6, 4))


@pytest.mark.parametrize(("kinds", "units"), [((layers.LSTM, layers.LSTM), (5, 5)), ((layers.GRU, layers.SimpleRNN), (2, 3))])
def test_a_flip_and_a_join_pass_for_any_two_layers(kinds, units):
    check.reads_both_ways(right, *pair(*kinds, units), some())


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (lambda x, f, b: np.concatenate([f(x), b(x)], -1), "go_backwards returns reversed time"),
        (lambda x, f, b: np.concatenate([np.flip(f(x), 1), b(x)], -1), "You flipped the forward outputs"),
        (lambda x, f, b: np.flip(np.concatenate([f(x), b(x)], -1), 1), "time of both together"),
        (lambda x, f, b: np.concatenate([f(x), np.flip(b(x))], -1), "time is axis 1"),
        (lambda x, f, b: np.concatenate([f(x), np.flip(b(x), 0)], -1), "time is axis 1"),
        (lambda x, f, b: np.concatenate([f(x), np.flip(b(x), 2)], -1), "time is axis 1"),
        (lambda x, f, b: np.concatenate([np.flip(b(x), 1), f(x)], -1), "The forward outputs come first"),
        (lambda x, f, b: np.concatenate([f(x), b(np.flip(x, 1))], -1), "read forwards"),
        (lambda x, f, b: np.concatenate([f(x), f(x)], -1), "read forwards"),
        (lambda x, f, b: f(x), "Only one direction"),
        (lambda x, f, b: np.concatenate([f(x), np.flip(b(x), 1)], 1), "one after the other in time"),
        (lambda x, f, b: f(x) + np.flip(b(x), 1), "The two are added"),
        (lambda x, f, b: (f(x), np.flip(b(x), 1)), "join the two"),
        (lambda x, f, b: None, "return"),
        (lambda x, f, b: np.concatenate([f(x), np.flip(b(x), 1)], 0), "joined along axis 0 (the batch)"),
        (lambda x, f, b: np.concatenate([f(x), np.flip(b(2 * x), 1)], -1), "The forward half is right"),
        (lambda x, f, b: layers.Bidirectional(f, backward_layer=b)(x), "The backward half is right"),
        (lambda x, f, b: np.zeros((3, 6, 10)), "zero everywhere"),
    ],
)
def test_what_goes_wrong_is_named(fn, words):
    keras.utils.set_random_seed(0)
    with pytest.raises(CheckFailed) as failed:
        check.reads_both_ways(fn, *pair(layers.LSTM, layers.LSTM), some())
    assert words in failed.value.hint


@pytest.mark.parametrize("fn", [lambda x, f, b: np.concatenate([x, np.flip(x, 1)], -1), lambda x, f, b: np.random.default_rng(0).normal(size=(3, 6, 10))])
def test_a_copy_and_a_random_answer_are_none(fn):
    with pytest.raises(CheckFailed):
        check.reads_both_ways(fn, *pair(layers.LSTM, layers.LSTM), some())
