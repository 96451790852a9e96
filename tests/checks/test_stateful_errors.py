"""The errors that stateful layers raise are met here as Keras raises them, and explained."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed


def without_a_batch_size():
    return keras.Sequential([keras.Input((5, 3)), layers.GRU(4, stateful=True)])


def another_batch_size():
    model = keras.Sequential([keras.Input((5, 3), batch_size=8), layers.GRU(4, stateful=True)])
    return model(np.zeros((3, 5, 3), "float32"))


def a_last_batch_that_is_too_small():
    model = keras.Sequential([keras.Input((5, 3), batch_size=8), layers.GRU(4, stateful=True)])
    return model.predict(np.zeros((20, 5, 3), "float32"), batch_size=8, verbose=0)


def reset_of_a_model():
    keras.Sequential([keras.Input((5, 3), batch_size=8), layers.GRU(4, stateful=True)]).reset_states()


def reset_of_a_layer_without_a_state():
    layers.Dense(3).reset_state()


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (without_a_batch_size, "batch_size="),
        (another_batch_size, "only batches of the size that it began with"),
        (a_last_batch_that_is_too_small, "a number of samples that it divides"),
        (reset_of_a_model, "A Keras 3 model has no reset"),
        (reset_of_a_layer_without_a_state, r"layer\.reset_state\(\) on each recurrent layer"),
    ],
)
def test_a_stateful_error_is_explained(fn, words):
    with pytest.raises(CheckFailed, match=words):
        check.call(fn)
