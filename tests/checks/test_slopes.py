"""Derivatives by hand are compared with small changes: right for every kind of layer, and each slip has its words."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

EVERY = {"return_sequences": True}


def gradients(layer, x, reduce=tf.reduce_sum):
    """(outputs, inputs, features): signed."""
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = reduce(layer(x)[:, t])
        rows.append(tape.gradient(total, x)[0].numpy())
    return np.stack(rows)


def right(layer, x):
    return np.abs(gradients(layer, x)).sum(axis=-1)


@pytest.mark.parametrize(
    ("layer", "options"),
    [
        (layers.SimpleRNN(4, **EVERY), {"timesteps": 7, "features": 2}),
        (layers.GRU(1, **EVERY), {"features": 1}),
        (layers.LSTM(3, **EVERY), {}),
        (layers.Bidirectional(layers.LSTM(3, **EVERY), merge_mode="sum"), {"timesteps": 5, "seed": 2}),
        (layers.Bidirectional(layers.GRU(2, **EVERY)), {"timesteps": 6}),
    ],
)
def test_gradients_pass(layer, options):
    check.measures_slopes(right, layer, **options)


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (lambda layer, x: right(layer, x).T, "Rows and columns are swapped"),
        (lambda layer, x: np.tile(right(layer, x)[-1], (4, 1)), "Every row is the last output's"),
        (lambda layer, x: right(layer, x)[-1], "last output's row alone"),
        (lambda layer, x: np.tile(np.abs(gradients(layer, x).sum(axis=0)).sum(axis=-1), (4, 1)), "all outputs together"),
        (lambda layer, x: gradients(layer, x).sum(axis=-1), "The signs are still there"),
        (lambda layer, x: np.abs(gradients(layer, x).sum(axis=-1)), "before you add them up"),
        (lambda layer, x: np.abs(gradients(layer, x).cumsum(axis=0)).sum(axis=-1), "all outputs up to t"),
        (lambda layer, x: np.abs(gradients(layer, x)).sum(axis=1), "Sum over the features"),
        (lambda layer, x: np.abs(gradients(layer, x)), "features are still there. Sum"),
        (lambda layer, x: gradients(layer, x), "and their signs"),
        (lambda layer, x: np.abs(gradients(layer, x)).mean(axis=-1), "The features are averaged"),
        (lambda layer, x: np.abs(gradients(layer, x)).max(axis=-1), "largest of the features"),
        (lambda layer, x: (gradients(layer, x) ** 2).sum(axis=-1), "squared"),
        (lambda layer, x: np.linalg.norm(gradients(layer, x), axis=-1), "length of the gradient"),
        (lambda layer, x: np.abs(gradients(layer, x, tf.reduce_mean)).sum(axis=-1), "The units are averaged"),
        (lambda layer, x: np.abs(gradients(layer, x, lambda y: y[0, 0])).sum(axis=-1), "a single unit"),
        (lambda layer, x: right(layer, x)[np.newaxis], "axis of size 1"),
        (lambda layer, x: None, "return"),
        (lambda layer, x: np.zeros((4, 4)), "zero everywhere"),
        (lambda layer, x: np.ones((4, 4)), "same value everywhere"),
    ],
)
def test_each_slip_is_named(fn, words):
    keras.utils.set_random_seed(0)
    with pytest.raises(CheckFailed) as failed:
        check.measures_slopes(fn, layers.LSTM(4, **EVERY))
    assert words in failed.value.hint


@pytest.mark.parametrize("fn", [lambda layer, x: x[0], lambda layer, x: np.random.default_rng(0).uniform(size=(4, 4))])
def test_a_copy_and_a_random_answer_are_none(fn):
    with pytest.raises(CheckFailed):
        check.measures_slopes(fn, layers.LSTM(4, **EVERY))


def test_means_that_cannot_be_told_apart_are_not_named():
    with pytest.raises(CheckFailed) as failed:
        check.measures_slopes(lambda layer, x: right(layer, x) / 3, layers.LSTM(3, **EVERY), features=3)
    assert "averaged" not in failed.value.hint
