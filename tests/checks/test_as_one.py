"""Two layers with the same weights read as one: what passes, and what is said of states that go astray."""

import keras
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed


def built(hand_over, kind=layers.LSTM, swap=False, activation=None):
    a, b = keras.Input((None,)), keras.Input((None,))
    _, *states = kind(6, return_state=True)(layers.Embedding(9, 4)(a))
    last = kind(6)(layers.Embedding(12, 4)(b), **hand_over(states))
    return keras.Model([b, a] if swap else [a, b], layers.Dense(3, activation=activation)(last))


def asked(model, kind=layers.LSTM):
    check.reads_as_one(model, keras.Sequential([layers.Embedding(12, 4), kind(6), layers.Dense(3)]), tokens=9)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_states_that_arrive_pass(kind):
    asked(built(lambda states: {"initial_state": states}, kind), kind)


@pytest.mark.parametrize(
    ("hand_over", "options", "words"),
    [
        (lambda states: {}, {}, "Nothing of what the first layer reads"),
        (lambda states: {"initial_state": states[::-1]}, {}, "h and c are swapped"),
        (lambda states: {"initial_state": [states[0]] * 2}, {}, "h twice"),
        (lambda states: {"initial_state": [states[1]] * 2}, {}, "c twice"),
        (lambda states: {"initial_state": states}, {"swap": True}, "changed places"),
        (lambda states: {"initial_state": states}, {"activation": "softmax"}, "logits are asked, not probabilities"),
    ],
)
def test_states_that_go_astray_are_named(hand_over, options, words):
    with pytest.raises(CheckFailed) as failed:
        asked(built(hand_over, **options))
    assert words in failed.value.hint


def test_zeros_are_no_answer():
    a, b = keras.Input((None,)), keras.Input((None,))
    _, *states = layers.LSTM(6, return_state=True)(layers.Embedding(9, 4)(a))
    last = layers.LSTM(6)(layers.Embedding(12, 4)(b), initial_state=states)
    with pytest.raises(CheckFailed, match="neither of its inputs"):
        asked(keras.Model([a, b], 0 * layers.Dense(3)(last)))


def test_a_line_whose_weights_cannot_be_told_apart_is_the_lessons_mistake():
    with pytest.raises(ValueError, match="one shape"):
        check.reads_as_one(built(lambda states: {}), keras.Sequential([layers.Embedding(9, 6), layers.LSTM(6)]), tokens=9)


def test_states_as_inputs_are_named():
    a, b = keras.Input((None, 3)), keras.Input((None, 3))
    _, h, c = layers.LSTM(4, return_state=True)(a)
    model = keras.Model([h, c, b], layers.LSTM(4)(b, initial_state=[h, c]))
    with pytest.raises(CheckFailed, match="not data that somebody has"):
        check.reads_as_one(model, keras.Sequential([layers.LSTM(4)]), features=3)
