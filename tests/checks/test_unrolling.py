"""A recurrent layer that is written out gives what its loop gives, and is left as it was."""

import keras
import numpy as np
import pytest
from keras import layers

from grader.checks.unrolling import at_once

EVERY = {"return_sequences": True}


@pytest.mark.parametrize("layer", [
    lambda: layers.LSTM(3, **EVERY), lambda: layers.GRU(3), lambda: layers.SimpleRNN(2, go_backwards=True, **EVERY),
    lambda: layers.Bidirectional(layers.GRU(2, **EVERY), backward_layer=layers.LSTM(2, go_backwards=True, **EVERY)),
    lambda: keras.Sequential([layers.LSTM(3, **EVERY), layers.RNN(layers.GRUCell(2)), layers.Dense(2)]),
])  # fmt: skip
def test_the_same_comes_with_and_without_the_loop(layer, monkeypatch):
    layer, x = layer(), np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    expected = np.array(layer(x))
    loops = [part for part in layer._flatten_layers() if isinstance(part, layers.RNN)]
    with at_once(layer):
        assert loops and all(part.unroll for part in loops)
        np.testing.assert_allclose(np.array(layer(x)), expected, atol=1e-6)
    assert not any(part.unroll for part in loops)


def test_what_fails_within_it_leaves_the_layer_as_it_was():
    layer = layers.LSTM(2)
    with pytest.raises(RuntimeError), at_once(layer):
        raise RuntimeError
    assert not layer.unroll


@pytest.mark.parametrize("first", [
    lambda: [keras.Input((None, 3)), layers.Masking()],
    lambda: [keras.Input((None,)), layers.Embedding(5, 3, mask_zero=True)],
])  # fmt: skip
def test_a_model_that_masks_keeps_its_loop(first):
    model = keras.Sequential([*first(), layers.Bidirectional(layers.LSTM(2, **EVERY))])
    codes = np.array([[1, 2, 0, 0, 0], [3, 3, 4, 1, 2]])
    x = codes if model.input_shape[1:] == (None,) else np.eye(5, 3, k=-1, dtype="float32")[codes]
    expected = np.array(model(x))
    with at_once(model):
        np.testing.assert_allclose(np.array(model(x)), expected, atol=1e-6)


def test_a_layer_that_was_unrolled_stays_so():
    layer = layers.GRU(2, unroll=True)
    with at_once(layer):
        pass
    assert layer.unroll


def test_a_layer_of_the_readers_own_may_mask():
    @keras.saving.register_keras_serializable("tests")
    class Own(layers.Layer):
        def call(self, x):
            return x

    model = keras.Sequential([keras.Input((None, 3)), Own(), layers.LSTM(2)])
    with at_once(model):
        assert not model.layers[-1].unroll
