"""Layers whose step is linear in the state, read without a loop: what lesson 9 trains, times and compares."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers, ops


class MinGRU(layers.Layer):
    """The minimal GRU of Feng and colleagues (2024), all timesteps at once: (batch, timesteps, features) -> (batch, timesteps, units).

    Gate and candidate come from the input alone. The weights are a kernel (features, 2 units) and a bias (2 units,), the gate's half first.

    units: of the state. return_sequences: False returns the last timestep alone, as Keras' recurrent layers do.
    gate_bias: what the gate's half of the bias begins with, a number.
    """

    def __init__(self, units: int, return_sequences: bool = False, gate_bias: float = 0.0, **kwargs):
        super().__init__(**kwargs)
        self.units, self.return_sequences, self.gate_bias = int(units), return_sequences, float(gate_bias)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 2 * self.units), name="kernel")
        begin = np.repeat([self.gate_bias, 0.0], self.units).astype("float32")
        self.bias = self.add_weight(shape=begin.shape, initializer=lambda shape, dtype=None: ops.convert_to_tensor(begin, dtype), name="bias")

    def call(self, inputs, initial_state=None):
        """initial_state: (batch, units), the state before the first timestep; zeros if there is none."""
        gate, candidate = ops.split(ops.matmul(inputs, self.kernel) + self.bias, 2, axis=-1)
        gate = ops.sigmoid(gate)
        states = _all_states(1 - gate, gate * candidate, initial_state)
        return states if self.return_sequences else states[:, -1]

    def compute_output_shape(self, input_shape, **kwargs):
        return (*input_shape[: 2 if self.return_sequences else 1], self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "return_sequences": self.return_sequences, "gate_bias": self.gate_bias}


class _Decay(layers.Layer):
    """Each unit keeps a fixed share of its state, `shares` (units,), and adds its input."""

    def __init__(self, shares, **kwargs):
        super().__init__(**kwargs)
        self.shares = np.asarray(shares, "float32")

    def build(self, input_shape):
        self.kept = self.add_weight(shape=self.shares.shape, name="kept")
        self.kept.assign(self.shares)

    def call(self, added):
        return _all_states(self.kept + ops.zeros_like(added), added)

    def compute_output_shape(self, input_shape):
        return input_shape


def show_forms(shares, timesteps: int = 64) -> None:
    """Print how far a convolution and a scan, each a layer of Keras, are from the loop, and the weights of each.

    shares: float (units,), what each unit keeps of its state at every timestep. The layers read one random batch of 4 sequences.
    """
    shares = np.asarray(shares, "float32")
    units = len(shares)
    x = np.random.default_rng(0).normal(size=(4, timesteps, units)).astype("float32")
    loop = layers.SimpleRNN(units, activation=None, use_bias=False, return_sequences=True)
    loop.build(x.shape)
    loop.set_weights([np.eye(units), np.diag(shares)])
    # What the loop answers to a single one is what the convolution has to know: nothing is worked out here.
    struck = np.zeros((1, timesteps, units), "float32")
    struck[:, 0] = 1
    echo = np.array(loop(struck))[0]
    sliding = layers.DepthwiseConv1D(timesteps, use_bias=False)
    convolution = keras.Sequential([keras.Input((None, units)), layers.ZeroPadding1D((timesteps - 1, 0)), sliding])
    sliding.set_weights([echo[::-1, :, np.newaxis]])
    scan = _Decay(shares)
    expected = np.array(loop(x))
    print(f"{'form':<13}{'as a layer':<30}{'weights':>8}   largest difference from the loop")
    for form, what, layer in (("loop", "SimpleRNN, no activation", loop), ("convolution", "DepthwiseConv1D, padded left", convolution), ("scan", "one of our own", scan)):
        off = np.abs(np.array(layer(x)) - expected).max()
        print(f"{form:<13}{what:<30}{layer.count_params():>8}   {'below 0.00001' if off < 1e-5 else f'{off:.5f}'}")


def _all_states(kept, added, before=None):
    """Every state of a unit that keeps the share `kept` and adds `added`, (batch, timesteps, units); the number of timesteps is known.

    Each round reaches twice as far back: places that stand `far` apart meet, all at once.
    """
    if before is not None:
        first = added[:, :1] + kept[:, :1] * before[:, None]
        added = ops.concatenate([first, added[:, 1:]], axis=1)
    timesteps, far = added.shape[1], 1
    while far < timesteps:
        late = ((0, 0), (far, 0), (0, 0))
        added = added + kept * ops.pad(added[:, :-far], late)
        kept = kept * ops.pad(kept[:, :-far], late)
        far *= 2
    return added
