"""Two readings that are added up and told as a probability: any make of it passes, and each fault has its words."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed
from grader.checks.adding_both import CELLS, _read

EVERY = {"return_sequences": True}


def built(units=(6, 6), steps=None, features=4, kinds=(layers.LSTM, layers.GRU), activation="sigmoid", **options):
    backward = kinds[1](units[1], go_backwards=True, **EVERY)
    both = layers.Bidirectional(kinds[0](units[0], **EVERY), backward_layer=backward, **{"merge_mode": "sum"} | options)
    return keras.Sequential([keras.Input((steps, features)), both, layers.Dense(1, activation=activation)])


def by_hand():
    x = keras.Input((None, 4))
    back = layers.Lambda(lambda y: y[:, ::-1])(layers.GRU(6, go_backwards=True, **EVERY)(x))
    return keras.Model(x, layers.Dense(1, "sigmoid")(layers.add([layers.LSTM(6, **EVERY)(x), back])))


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.both = built().layers[0]
        self.say = layers.Dense(1)

    def call(self, x):
        return keras.ops.sigmoid(self.say(self.both(x)))


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_reads_as_its_layer_does(kind):
    layer, cell, x = kind(5, **EVERY), CELLS[kind](5), np.random.default_rng(1).normal(size=(3, 4, 2)).astype("float32")
    expected = np.array(layer(x))
    cell.build((3, 2))
    cell.set_weights(layer.get_weights())
    np.testing.assert_allclose(_read(cell, x), expected, rtol=1e-5, atol=1e-6)


def asked(model, units=6, features=4):
    check.adds_both_ways(model, layers.LSTM, layers.GRU, units, np.random.default_rng(0).normal(size=(3, 6, features)))


@pytest.mark.parametrize("make", [built, by_hand, Own])
def test_any_make_of_it_passes_and_keeps_its_weights(make):
    model = make()
    model(np.zeros((1, 2, 4)))
    before = model.get_weights()
    asked(model)
    assert all(np.array_equal(one, other) for one, other in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize(("loss", "words"), [("binary_crossentropy", None), (keras.losses.BinaryCrossentropy(from_logits=True), "A sigmoid twice"), ("mse", "squared error")])
def test_its_loss_is_told_from_what_it_said(loss, words):
    model, x = built(), np.random.default_rng(0).normal(size=(3, 2, 4))
    model.compile("adam", loss)
    said = check.adds_both_ways(model, layers.LSTM, layers.GRU, 6, x)
    assert said.shape == (3, 2, 1) and np.ptp(said) > 0.1
    model.call = None  # it is not asked again
    if words is None:
        check.reports_cross_entropy(model, x, (x[..., :1] > 0) * 1.0, said=said)
    else:
        with pytest.raises(CheckFailed, match=words):
            check.reports_cross_entropy(model, x, (x[..., :1] > 0) * 1.0, said=said)


def test_the_weights_are_its_own_again_after_a_failure():
    model = built(merge_mode="ave")
    before = model.get_weights()
    with pytest.raises(CheckFailed):
        asked(model)
    assert all(np.array_equal(one, other) for one, other in zip(before, model.get_weights(), strict=True))


def forwards_only():
    return keras.Sequential([keras.Input((None, 4)), layers.LSTM(6, **EVERY), layers.Dense(1, "sigmoid")])


def unflipped():
    x = keras.Input((None, 4))
    parts = [layers.LSTM(6, **EVERY)(x), layers.GRU(6, go_backwards=True, **EVERY)(x)]
    return keras.Model(x, layers.Dense(1, "sigmoid")(layers.add(parts)))


def both_forwards():
    x = keras.Input((None, 4))
    return keras.Model(x, layers.Dense(1, "sigmoid")(layers.add([layers.LSTM(6, **EVERY)(x), layers.GRU(6, **EVERY)(x)])))


def changed_places():
    x = keras.Input((None, 4))
    back = layers.Lambda(lambda y: y[:, ::-1])(layers.LSTM(6, go_backwards=True, **EVERY)(x))
    return keras.Model(x, layers.Dense(1, "sigmoid")(layers.add([layers.GRU(6, **EVERY)(x), back])))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (changed_places, "changed places"),
        (lambda: built((6, 2)), "the units must match"),
        (lambda: built((2, 2)), "units is an argument"),
        (lambda: built(features=5), "features is an argument"),
        (lambda: built(kinds=(layers.LSTM, layers.LSTM)), "no GRU in it"),
        (lambda: built(kinds=(layers.GRU, layers.GRU)), "no LSTM in it"),
        (forwards_only, "no GRU in it"),
        (lambda: built(merge_mode="concat"), "keep 'sum'"),
        (lambda: built(merge_mode="ave"), "averaged"),
        (lambda: built(merge_mode="mul"), "multiplied"),
        (unflipped, "flip them"),
        (both_forwards, "read forwards"),
        (lambda: built(activation=None), "as logits are"),
        (lambda: built(steps=6), "any number of them"),
        (lambda: built(activation="softmax"), "same value everywhere"),
        (lambda: None, "return"),
    ],
)
def test_each_fault_has_its_words(make, words):
    with pytest.raises(CheckFailed) as failed:
        asked(make())
    assert words in failed.value.hint


def test_zeros_are_no_answer():
    x = keras.Input((None, 4))
    whole = built()(x)
    with pytest.raises(CheckFailed):
        asked(keras.Model(x, 0 * whole))
