"""A classifier that lets go of what it read is told so; one that holds it passes, and trivial ones do not."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed
from grader.lab.linear import MinGRU

RANDOM = np.random.default_rng(0)
X = np.eye(6, dtype="float32")[RANDOM.integers(3, 6, (200, 40))]
Y = RANDOM.integers(0, 3, 200)
X[:, 0] = np.eye(6)[Y]


def model(gate_bias, holding=True):
    """Holds the first token, or lets every token in: no training, the weights are set."""
    net = keras.Sequential([keras.Input((None, 6)), MinGRU(3), layers.Dense(3)])
    kernel = np.zeros((6, 6))
    kernel[:3, :3] = 12 if holding else 0
    kernel[:3, 3:] = np.eye(3)
    kernel[3:, 3:] = np.eye(3)
    net.set_weights([kernel, np.array([gate_bias] * 3 + [0.0] * 3), np.eye(3), np.zeros(3)])
    return net


def fails(net) -> str:
    with pytest.raises(CheckFailed) as failed:
        check.holds(net, X, Y, 1, at_least=0.95, metric="accuracy")
    return failed.value.hint


def test_what_is_held_passes():
    check.holds(model(-6.0), X, Y, 1, at_least=0.95, metric="accuracy")


def test_what_is_let_go_is_told():
    assert "nothing is left of it" in fails(model(0.0, holding=False))


@pytest.mark.slow
def test_trivial_models_fail_without_that_hint():
    still = model(0.0)
    still.set_weights([np.zeros_like(weight) for weight in still.get_weights()])
    assert "same for every sequence" in fails(still)
    assert "nothing is left" not in fails(keras.Sequential([keras.Input((None, 6)), layers.GlobalMaxPooling1D(), layers.Dense(3)]))
