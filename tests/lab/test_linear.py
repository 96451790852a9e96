"""The layer that lesson 9 leans on says what its definition says, whole, in chunks and at any length."""

import keras
import numpy as np
import pytest
from keras import layers

from grader.lab import fingerprint, linear


@pytest.fixture
def layer():
    built = linear.MinGRU(5, return_sequences=True, gate_bias=-1.5)
    built.build((None, None, 3))
    return built


def x(timesteps, seed=0):
    return np.random.default_rng(seed).normal(size=(2, timesteps, 3)).astype("float32")


@pytest.mark.parametrize("timesteps", [1, 2, 7, 64])
def test_every_state_follows_from_the_one_before(layer, timesteps):
    inputs = x(timesteps)
    states = np.array(layer(inputs))
    kernel, bias = layer.get_weights()
    gate, candidate = np.split(inputs @ kernel + bias, 2, axis=-1)
    gate = 1 / (1 + np.exp(-gate))
    before = np.concatenate([np.zeros((2, 1, 5)), states[:, :-1]], axis=1)
    np.testing.assert_allclose(states, before + gate * (candidate - before), atol=1e-6)


def test_chunks_from_the_state_before_are_the_whole(layer):
    inputs, state, parts = x(12), np.zeros((2, 5), "float32"), []
    for chunk in np.split(inputs, [5, 6], axis=1):
        parts.append(np.array(layer(chunk, initial_state=state)))
        state = parts[-1][:, -1]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), layer(inputs), atol=1e-6)


def test_weights_and_shapes(layer):
    assert linear.MinGRU(32).compute_output_shape((None, None, 8)) == (None, 32)
    assert layer.count_params() == 2 * 5 * (3 + 1)
    np.testing.assert_array_equal(layer.get_weights()[1], [-1.5] * 5 + [0] * 5)
    assert linear.MinGRU.from_config(layer.get_config()).gate_bias == -1.5


@pytest.mark.slow
def test_it_trains_behind_an_input_of_any_length():
    model = keras.Sequential([keras.Input((None, 3)), linear.MinGRU(4), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x(9), np.ones((2, 1)), verbose=0)
    assert model.predict(x(20), verbose=0).shape == (2, 1)


def test_three_forms_are_one(capsys):
    linear.show_forms([0.5, 0.9, 0.99], timesteps=64)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["form", "loop", "convolution", "scan"]
    assert all("below 0.00001" in line for line in lines[1:])
    assert [int(part) for line in lines[1:] for part in line.split() if part.isdigit()] == [18, 192, 3]


def test_another_gate_bias_is_another_training():
    one, other, again = (keras.Sequential([keras.Input((None, 3)), linear.MinGRU(4, gate_bias=bias)]) for bias in (0.0, -4.0, -4))
    assert fingerprint.architecture(one) != fingerprint.architecture(other) == fingerprint.architecture(again)
