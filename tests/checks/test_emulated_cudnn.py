"""What a model computes on Keras' cuDNN path and off it: the same, but for what stands at padded timesteps."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check

from .emulated_cudnn import cudnn_on_the_cpu

X = np.random.default_rng(0).normal(size=(3, 6, 2)).astype("float32")
LENGTHS = np.array([6, 4, 1])
MASK = np.arange(6) < LENGTHS[:, np.newaxis]
LAYERS = {
    "LSTM": lambda **more: layers.LSTM(4, **more),
    "GRU": lambda **more: layers.GRU(4, **more),
    "LSTM backwards": lambda **more: layers.LSTM(4, go_backwards=True, **more),
    "GRU backwards": lambda **more: layers.GRU(4, go_backwards=True, **more),
    "LSTM both ways": lambda **more: layers.Bidirectional(layers.LSTM(4, **more)),
    "GRU both ways": lambda **more: layers.Bidirectional(layers.GRU(4, **more), merge_mode="ave"),
}


def both(layer, *args, **kwargs):
    off = layer(*args, **kwargs)
    with cudnn_on_the_cpu():
        on = layer(*args, **kwargs)
    return [[np.asarray(part) for part in keras.tree.flatten(result)] for result in (off, on)]


@pytest.mark.parametrize("name", LAYERS)
def test_the_same_without_a_mask(name):
    for settings in ({}, {"return_sequences": True}, {"return_state": True}):
        off, on = both(LAYERS[name](**settings), X)
        for left, right in zip(off, on, strict=True):
            np.testing.assert_allclose(left, right, atol=1e-6)


@pytest.mark.parametrize("name", LAYERS)
def test_the_same_last_output_and_states_with_a_mask(name):
    off, on = both(LAYERS[name](return_state=True), X, mask=MASK)
    for left, right in zip(off, on, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6)


def test_padded_timesteps_hold_zeros_on_the_path_and_the_last_output_off_it():
    """So nothing may be asked of them; a layer after it that takes the mask does not. Both ways, Keras has zeros everywhere."""
    [off], [on] = both(layers.LSTM(4, return_sequences=True), X, mask=MASK)
    np.testing.assert_allclose(off[MASK], on[MASK], atol=1e-6)
    assert not on[~MASK].any()
    np.testing.assert_allclose(off[1, 4], off[1, 3])
    [off], [on] = both(layers.Bidirectional(layers.LSTM(4, return_sequences=True)), X, mask=MASK)
    np.testing.assert_allclose(off, on, atol=1e-6)


@pytest.mark.slow
def test_a_model_trains_on_the_path_and_predicts_the_same_off_it():
    """What a receipt from a GPU is asked on a CPU."""
    keras.utils.set_random_seed(0)
    tokens = np.where(MASK, 1 + np.arange(6) % 4, 0)
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(5, 3, mask_zero=True),
        layers.Bidirectional(layers.GRU(4, return_sequences=True)),
        layers.LSTM(4),
        layers.Dense(2),
    ])
    model.compile(keras.optimizers.Adam(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    with cudnn_on_the_cpu():
        before = model.evaluate(tokens, np.array([0, 1, 0]), verbose=0)
        model.fit(tokens, np.array([0, 1, 0]), epochs=5, verbose=0)
        on = model.predict(tokens, verbose=0)
        assert model.evaluate(tokens, np.array([0, 1, 0]), verbose=0) < before
        check.ignores_padding(model, tokens)
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    np.testing.assert_allclose(copy.predict(tokens, verbose=0), on, atol=1e-6)
