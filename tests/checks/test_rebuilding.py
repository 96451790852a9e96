"""A model made again from the shapes of its weights: every kind passes, and each misreading is named."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

SIMPLE, GATED = [(3, 6), (6, 6), (6,)], [(7, 20), (5, 20)]


def built(shapes, kind=None, head=2, functional=False, **options):
    (features, width), (units, _), *bias = shapes
    kind = kind or {1: layers.SimpleRNN, 3: layers.GRU, 4: layers.LSTM}[width // units]
    options = {"use_bias": bool(bias), "return_sequences": True, **options}
    if kind is layers.GRU and bias:
        options.setdefault("reset_after", len(bias[0]) == 2)
    inputs, layer, last = keras.Input((5, features)), kind(options.pop("units", units), **options), layers.Dense(head)
    return keras.Model(inputs, last(layer(inputs))) if functional else keras.Sequential([inputs, layer, last])


@pytest.mark.parametrize("functional", [False, True])
@pytest.mark.parametrize("shapes", [SIMPLE, GATED, [(10, 24), (8, 24)], [(8, 12), (4, 12), (2, 12)], [(8, 12), (4, 12), (12,)], [(8, 16), (4, 16), (16,)], [(3, 4), (4, 4), (4,)]])
def test_what_printed_them_passes(shapes, functional):
    made = []

    def fn(asked):
        made.append(built(asked, functional=functional))
        return made[-1]

    check.rebuilds(fn, shapes, timesteps=5, outputs=2)
    assert np.abs(made[0].get_weights()[-1]).max() == 0  # the bias of Dense is what it was


def fixed(shapes):
    return built(GATED)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda shapes: built([(11, 12), (3, 12)]), "the same whatever the shapes are"),
        (lambda shapes: built([(shapes[0][0] + 1, shapes[0][1]), *shapes[1:]]), "The features are others"),
        (lambda shapes: built(shapes, units=shapes[0][1]), "that of all slices together"),
        (lambda shapes: built(shapes, units=shapes[0][0]), "The rows of the kernel are the features"),
        (lambda shapes: built(shapes, units=9), "The units are others"),
        (lambda shapes: built(shapes, kind=layers.GRU), "the number of its slices"),
        (lambda shapes: built(shapes, use_bias=True), "a bias where none was printed"),
        (lambda shapes: built(shapes, return_sequences=False), "timesteps are missing"),
        (lambda shapes: built(shapes, go_backwards=True), "It reads backwards"),
        (lambda shapes: built(shapes, activation="relu"), "another activation"),
        (lambda shapes: keras.Sequential([*built(shapes).layers, layers.Softmax()]), "A softmax was taken"),
        (lambda shapes: keras.Sequential([*built(shapes).layers, layers.Dense(2)]), "Nothing but Dense"),
        (lambda shapes: keras.Sequential(built(shapes).layers[:1]), "last axis"),
        (lambda shapes: keras.Sequential([layers.LSTM(5), layers.Dense(2)]), "begin with keras.Input"),
        (lambda shapes: keras.Sequential([keras.Input((5, 7)), layers.Dense(2)]), "One SimpleRNN, LSTM or GRU"),
        (lambda shapes: None, "return"),
    ],
)
def test_each_misreading_is_named(wrong, words):
    with pytest.raises(CheckFailed) as failed:
        check.rebuilds(wrong, GATED, timesteps=5, outputs=2)
    assert words in failed.value.hint


def test_a_bias_left_out_and_a_bias_of_another_kind_are_named():
    for wrong, shapes, words in [
        (lambda shapes: built(shapes, use_bias=False), SIMPLE, "there is a bias"),
        (lambda shapes: built(shapes, reset_after=True), [(8, 12), (4, 12), (12,)], "two rows of it with reset_after=True"),
        (fixed, SIMPLE, "the same whatever the shapes are"),
    ]:
        with pytest.raises(CheckFailed) as failed:
            check.rebuilds(wrong, shapes, timesteps=5, outputs=2)
        assert words in failed.value.hint


def test_problem_and_hint_hold_no_size():
    with pytest.raises(CheckFailed) as failed:
        check.rebuilds(lambda shapes: built(shapes, units=129), [(11, 512), (128, 512)], timesteps=5, outputs=2)
    assert not {"128", "129", "512", "11"} & set((failed.value.problem + failed.value.hint).replace(",", " ").split())
