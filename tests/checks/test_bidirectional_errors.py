"""The errors that bidirectional layers raise are explained in the words of the lesson on them."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check

x = np.zeros((2, 5, 3), "float32")


def misspelt():
    layers.Bidirectional(layers.GRU(4), merge_mode="avg")


def one_with_sequences():
    backward = layers.GRU(4, go_backwards=True)
    layers.Bidirectional(layers.LSTM(4, return_sequences=True), backward_layer=backward)


def both_forwards():
    layers.Bidirectional(layers.LSTM(4), backward_layer=layers.GRU(4))


def four_states():
    _, *states = layers.Bidirectional(layers.LSTM(4, return_state=True))(x)
    layers.LSTM(4)(x, initial_state=states)


def one_answer_where_every_timestep_has_a_target():
    model = keras.Sequential([keras.Input((5, 3)), layers.Bidirectional(layers.LSTM(2)), layers.Dense(4)])
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.train_on_batch(x, np.zeros((2, 5)))


@pytest.mark.parametrize(
    "attempt, words",
    [
        (misspelt, "The average is spelt 'ave'"),
        (one_with_sequences, "the two directions must agree"),
        (both_forwards, "go_backwards=True in backward_layer only"),
        (four_states, "An LSTM takes two states"),
        (one_answer_where_every_timestep_has_a_target, "needs return_sequences=True"),
    ],
)
def test_what_keras_says_is_explained(attempt, words):
    with pytest.raises(check.CheckFailed, match="raised ValueError") as failed:
        check.call(attempt)
    assert words in failed.value.hint


def test_four_states_where_an_lstm_keeps_two_are_recognised():
    with pytest.raises(check.CheckFailed) as failed:
        check.states([np.zeros((2, 4))] * 4, "LSTM", 2, 8)
    assert "what a bidirectional LSTM returns" in failed.value.hint
