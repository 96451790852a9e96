"""How much each output of a model depends on each input."""

from __future__ import annotations

import numpy as np


def dependence(model, x) -> np.ndarray:
    """Return |d output t / d input s|, row t and column s, float32 (timesteps, timesteps), the mean over the sequences.

    Outputs are added up over their units, absolute slopes over the features.

    model: called as model(x), returns a tensor (batch, timesteps, units); a sequence's outputs depend on that sequence only.
    x: float32 (batch, timesteps, features).
    """
    import tensorflow as tf  # here: the other lessons also run where there is none

    x = tf.convert_to_tensor(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        sums = tf.reduce_sum(model(x), axis=(0, 2))  # (timesteps,)
    slopes = tape.jacobian(sums, x, experimental_use_pfor=False)  # (timesteps, batch, timesteps, features)
    return np.abs(slopes).sum(axis=-1).mean(axis=1)
