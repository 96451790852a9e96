"""How much each output of a model depends on each input."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grader.lab import plot


def dependence(model, x) -> np.ndarray:
    """Return |d output t / d input s|, row t and column s, float32 (timesteps, timesteps), the mean over the sequences.

    Outputs are added up over their units, absolute slopes over the features.

    model: called as model(x), returns a tensor (batch, timesteps, units); a sequence's outputs depend on that sequence only.
    x: float32 (batch, timesteps, features).
    """
    import tensorflow as tf  # here: the other lessons also run where there is none

    sequences, timesteps, features = x.shape
    # One copy of a sequence for each of its outputs: then a single gradient asks for all of them.
    copies = tf.constant(np.repeat(x, timesteps, axis=0))
    asked = np.tile(np.eye(timesteps, dtype="float32"), (sequences, 1))
    with tf.GradientTape() as tape:
        tape.watch(copies)
        total = tf.reduce_sum(tf.reduce_sum(model(copies), axis=2) * asked)
    slopes = tape.gradient(total, copies).numpy().reshape(sequences, timesteps, timesteps, features)
    return np.abs(slopes).sum(axis=-1).mean(axis=0)


def show_dependence(models: Mapping[str, object], x, *, alt: str, ahead: int | None = None, **options) -> None:
    """Draw how much each output of each model depends on each input, the mean over the sequences.

    models: name -> model, see `dependence`. options: of `plot.sensitivities`.
    ahead: print, too, which share of an output's dependence lies at the input so many steps later.
    """
    matrices = {name: dependence(model, x) for name, model in models.items()}
    plot.show(plot.sensitivities(matrices, **options), alt=alt)
    for name, matrix in matrices.items() if ahead is not None else ():
        share = np.mean([matrix[t, t + ahead] / matrix[t].sum() for t in range(len(matrix) - ahead)])
        print(f"{name:<10} share of a row at s = t + {ahead}: {share:.2f}")
