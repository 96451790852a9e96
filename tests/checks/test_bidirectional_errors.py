"""The errors that bidirectional layers raise are explained in the words of the lesson on them."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
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


def no_largest():
    max([step for step in range(3) if step > 5])


def no_largest_in_an_array():
    np.max(x[:0])


def half_an_index():
    x[..., : x.shape[-1] / 2]


def half_a_count():
    range(x.shape[-1] / 2)


def beyond_the_end():
    [1, 2][2]


def one_number():
    math.tanh(x)


def numpy_in_a_tape():
    v = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(v)
        total = np.array(v).sum()
    tape.gradient(total, v)


def four_parts_of_five():
    np.split(x, 4, axis=1)


def a_class_below_zero():
    model = keras.Sequential([keras.Input((5, 3)), layers.Dense(4)])
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.train_on_batch(x, np.full((2, 5), -1))


def another_axis():
    tf.constant(x)[-4]


def no_such_key():
    {}["use_bias"]


def refused():
    if x.ndim:
        raise ValueError("no such mode")


def after_the_tape():
    v = keras.ops.convert_to_tensor(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(v)
        y = 2 * v
    return tape.gradient(y[:, 0], v)[0]


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
        (no_largest, "max(found, default=0)"),
        (no_largest_in_an_array, "nothing to take the largest"),
        (half_an_index, "// gives an int"),
        (half_a_count, "// gives an int"),
        (beyond_the_end, "beyond the end"),
        (one_number, "one number is wanted"),
        (numpy_in_a_tape, "stay with tensors"),
        (four_parts_of_five, "into equal parts"),
        (a_class_below_zero, "A target is negative"),
        (another_axis, "another axis than was meant"),
        (no_such_key, "lacks that key"),
        (refused, "own `raise` did that"),
        (after_the_tape, "after the tape's `with` block"),
        (one_answer_where_every_timestep_has_a_target, "needs return_sequences=True"),
    ],
)
def test_what_keras_says_is_explained(attempt, words):
    with pytest.raises(check.CheckFailed, match=r"raised (Value|Type|Index|Key|Attribute|InvalidArgument)Error") as failed:
        check.call(attempt)
    assert words in failed.value.hint


def test_four_states_where_an_lstm_keeps_two_are_recognised():
    with pytest.raises(check.CheckFailed) as failed:
        check.states([np.zeros((2, 4))] * 4, "LSTM", 2, 8)
    assert "what a bidirectional LSTM returns" in failed.value.hint
