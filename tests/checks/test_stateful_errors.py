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


def another_batch_size_in_training():
    """Which operation fails first differs from run to run: one in the loop, one of its gradients, or the loss."""
    model = keras.Sequential([keras.Input((5, 3), batch_size=4), layers.GRU(4, stateful=True, return_sequences=True)])
    model.compile("sgd", "mse")
    model.fit(np.zeros((24, 5, 3)), np.zeros((24, 5, 4)), batch_size=32, verbose=0)


def the_loss_fails_first():
    raise RuntimeError("Graph execution error:\n\nIncompatible shapes: [24,5,1] vs. [4,5,1]\n\t [[{{node gradient_tape/compile_loss/mse/sub}}]]")


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
        (another_batch_size_in_training, "another number of rows than the state"),
        (the_loss_fails_first, "another number of rows than the state"),
        (reset_of_a_model, "A Keras 3 model has no reset"),
        (reset_of_a_layer_without_a_state, r"layer\.reset_state\(\) on each recurrent layer"),
    ],
)
def test_a_stateful_error_is_explained(fn, words):
    with pytest.raises(CheckFailed, match=words):
        check.call(fn)


def test_other_shapes_that_do_not_fit_are_not_blamed_on_the_batch():
    def fn():
        raise RuntimeError("Graph execution error:\n\nIncompatible shapes: [24,5,1] vs. [24,5,4]\n\t [[{{node compile_loss/mse/sub}}]]")

    with pytest.raises(CheckFailed) as failed:
        check.call(fn)
    assert "Two shapes do not fit" in failed.value.hint
