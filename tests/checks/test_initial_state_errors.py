"""What Keras says when an LSTM is started from the wrong states, and what the checks make of it."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

X, STATE = np.zeros((2, 3, 4), "float32"), np.zeros((2, 5), "float32")


def one_state():
    return layers.LSTM(5)(X, initial_state=STATE)


def one_state_in_a_model():
    x = keras.Input((None, 4))
    _, h, _ = layers.LSTM(5, return_state=True)(x)
    return keras.Model(x, layers.LSTM(5)(x, initial_state=h))(X)


def output_and_states():
    return layers.LSTM(5)(X, initial_state=[STATE, STATE, STATE])


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (one_state, "An LSTM has two states, h and c"),
        (one_state_in_a_model, "fails when data flows"),
        (output_and_states, "returns first is the output"),
    ],
)
def test_the_wrong_states_are_named(fn, words):
    with pytest.raises(CheckFailed) as failed:
        check.call(fn)
    assert words in str(failed.value)
