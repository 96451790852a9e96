"""The gradient at a lag: right ways of measuring it pass for every layer, and each slip is named."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed


def linear(a, units=1):
    layer = layers.SimpleRNN(units, activation=None, use_bias=False)
    layer.build((None, None, units))
    layer.set_weights([np.eye(units), a * np.eye(units)])
    return layer


def measured(of=tf.reduce_sum, at=lambda gradient, lag: gradient[:, -1 - lag]):
    """A way of measuring: `of` the output, `at` a place of the gradient."""

    def fn(layer, x, lag):
        x = tf.convert_to_tensor(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            result = of(layer(x))
        return at(tape.gradient(result, x).numpy(), lag)

    return fn


def nudged(layer, x, lag):
    """Another way: central differences, coarse enough for float32."""
    found = np.zeros((len(x), x.shape[2]))
    for feature in range(x.shape[2]):
        step = np.zeros_like(x)
        step[:, -1 - lag, feature] = 0.02
        found[:, feature] = (np.array(layer(x + step)) - np.array(layer(x - step))).sum(axis=1) / 0.04
    return found


def a_slice(layer, x, lag):
    step = tf.convert_to_tensor(x)[:, -1 - lag]
    with tf.GradientTape() as tape:
        tape.watch(step)
        total = tf.reduce_sum(layer(x))
    return tape.gradient(total, step)


def unwatched(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(x))
    return tape.gradient(total, x)[:, -1 - lag]


def an_array(layer, x, lag):
    with tf.GradientTape() as tape:
        tape.watch(x)
    return tape.gradient(layer(x), x)


@pytest.mark.parametrize("a", [0.5, 0.9, 1.1, -0.7])
def test_a_linear_layer_has_the_power_of_its_factor(a):
    check.lag_gradient(measured(), linear(a), lag=20, timesteps=31, expected=a**20)
    check.lag_gradient(measured(), linear(a, units=2), lag=0, timesteps=5, batch=3)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_what_a_tape_says_is_what_nudges_show(kind):
    keras.utils.set_random_seed(0)  # with some weights nudges of this size say something else
    layer = kind(6)
    layer.build((None, None, 2))
    before = [weight.copy() for weight in layer.get_weights()]
    for lag in (0, 4, 11):
        check.lag_gradient(measured(), layer, lag, timesteps=12, batch=3)
    check.lag_gradient(nudged, layer, 1, timesteps=6, batch=2)
    assert all(np.array_equal(*pair) for pair in zip(before, layer.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (a_slice, "tape.watch takes the very tensor"),
        (lambda layer, x, lag: None, "without `return`"),
        (unwatched, "did not watch"),
        (an_array, "convert_to_tensor"),
        (measured(at=lambda gradient, lag: gradient[:, lag]), "counted from the start"),
        (measured(at=lambda gradient, lag: gradient[:, -lag]), "too near"),
        (measured(at=lambda gradient, lag: gradient[:, -2 - lag]), "too far back"),
        (measured(at=lambda gradient, lag: gradient.sum(axis=1)), "sum over all timesteps"),
        (measured(at=lambda gradient, lag: gradient.mean(axis=1)), "mean over all timesteps"),
        (measured(at=lambda gradient, lag: gradient), "at all timesteps"),
        (measured(at=lambda gradient, lag: gradient[:, -1 - lag].mean(axis=0)), "axis 0"),
        (measured(tf.reduce_mean), "mean of the output"),
        (measured(lambda y: tf.reduce_sum(y**2)), "sum of the squares"),
        (measured(lambda y: y[:, -1]), "last unit"),
        (measured(lambda y: y[:, 0]), "first unit"),
        (lambda layer, x, lag: np.zeros((3, 2)), "zero everywhere"),
    ],
)
def test_each_slip_is_named(wrong, words):
    layer = layers.GRU(6)
    layer.build((None, None, 2))
    with pytest.raises(CheckFailed) as failed:
        check.lag_gradient(wrong, layer, lag=4, timesteps=12, batch=3, seed=5)
    assert words in failed.value.hint


@pytest.mark.parametrize("wrong", [lambda layer, x, lag: np.full((3, 2), 0.1), lambda layer, x, lag: x[:, -1 - lag], lambda layer, x, lag: np.random.default_rng(9).normal(size=(3, 2))])
def test_a_constant_a_copy_and_chance_do_not_pass(wrong):
    layer = layers.LSTM(6)
    layer.build((None, None, 2))
    with pytest.raises(CheckFailed, match="the gradient is wrong"):
        check.lag_gradient(wrong, layer, lag=4, timesteps=12, batch=3)
