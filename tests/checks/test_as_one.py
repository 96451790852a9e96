"""Two layers with the same weights read as one: what passes, and what is said of states that go astray."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed, as_one


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
        (lambda states: {}, {}, "Nothing of the first sequence"),
        (lambda states: {"initial_state": states[::-1]}, {}, "h and c are swapped"),
        (lambda states: {"initial_state": [states[0]] * 2}, {}, "h twice"),
        (lambda states: {"initial_state": [states[1]] * 2}, {}, "c twice"),
        (lambda states: {"initial_state": [states[0], 0 * states[1]]}, {}, "Only h arrives"),
        (lambda states: {"initial_state": [0 * states[0], states[1]]}, {}, "Only c arrives"),
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


def of_tables(first=9, second=12, reads=("first", "second"), every=False):
    """Both layers read the sequence that is named for them."""
    inputs = {"first": keras.Input((None,)), "second": keras.Input((None,))}
    _, *states = layers.LSTM(6, return_state=True)(layers.Embedding(first, 4)(inputs[reads[0]]))
    last = layers.LSTM(6, return_sequences=every)(layers.Embedding(second, 4)(inputs[reads[1]]), initial_state=states)
    return keras.Model(list(inputs.values()), layers.Dense(3)(last))


def test_tables_that_changed_places_are_found_out():
    """With as many weights as are asked, and right for every number that both tables have a row for."""
    asked(of_tables())
    with pytest.raises(CheckFailed, match="cannot read every number of its second input") as failed:
        asked(of_tables(12, 9))
    assert "as large as the vocabulary" in failed.value.hint


def test_a_table_without_a_row_is_found_out_where_none_is_missed(monkeypatch):
    """On a GPU a number without a row is looked up as zeros, and nothing is raised."""
    model, line = of_tables(12, 9), keras.Sequential([layers.Embedding(12, 4), layers.LSTM(6), layers.Dense(3)])
    run = as_one._run
    monkeypatch.setattr(as_one, "_run", lambda model, a, b, name: run(model, a, np.where(b > 8, 0, b), name))
    with pytest.raises(CheckFailed, match="cannot read every number of its second input"):
        as_one.reads_as_one(model, line, tokens=9)


@pytest.mark.parametrize("every", [False, True])
def test_a_second_layer_that_reads_the_first_sequence_again_did_not_swap_them(every):
    model = of_tables(reads=("first", "first"), second=9, every=every)
    line = keras.Sequential([layers.Embedding(9, 4), layers.LSTM(6, return_sequences=every), layers.Dense(3)])
    with pytest.raises(CheckFailed, match="takes no notice of its second input") as failed:
        check.reads_as_one(model, line, tokens=9)
    assert "Which of the two does the second layer read" in failed.value.hint


def test_a_first_layer_that_reads_the_second_sequence_is_told_no_falsehood():
    model = of_tables(reads=("second", "second"), first=12)
    with pytest.raises(CheckFailed, match="takes no notice of its first input") as failed:
        asked(model)
    assert "a layer that read that sequence" in failed.value.hint


def test_only_weights_that_fit_nowhere_are_shown():
    with pytest.raises(CheckFailed, match="weights of other shapes") as failed:
        asked(of_tables(9, 13))
    assert failed.value.expected.startswith("none but (12, 4), (4, 24)") and failed.value.actual == "also (13, 4)"
