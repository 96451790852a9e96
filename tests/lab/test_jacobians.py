"""`dependence` is the absolute slope of outputs to inputs, added over features, averaged over sequences."""

import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from grader import lab


def test_a_fading_sum_gives_a_triangle_of_its_powers():
    layer = layers.SimpleRNN(1, activation=None, use_bias=False, return_sequences=True)
    layer.build((None, None, 1))
    layer.set_weights([np.eye(1), 0.5 * np.eye(1)])
    found = lab.dependence(layer, np.ones((3, 4, 1), "float32"))
    lag = np.subtract.outer(np.arange(4), np.arange(4))
    assert found == pytest.approx(np.where(lag >= 0, 0.5 ** np.abs(lag), 0.0))


def test_rows_are_outputs_and_columns_inputs():
    found = lab.dependence(lambda x: tf.roll(x, -1, axis=1), np.ones((2, 5, 1), "float32"))
    assert found == pytest.approx(np.roll(np.eye(5), 1, axis=1))


def test_signs_of_features_do_not_cancel_and_sequences_are_averaged():
    x = np.array([[[1.0, -2.0]], [[3.0, 4.0]]], "float32")  # (2, 1, 2)
    assert lab.dependence(tf.square, x) == pytest.approx(np.array([[(2 * 3 + 2 * 7) / 2]]))
