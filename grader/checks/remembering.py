"""What a stateful model knows of earlier chunks: its answers where nothing in the chunk tells them."""

from __future__ import annotations

import numpy as np

from grader.checks.calls import call
from grader.checks.kinds import is_a
from grader.checks.probable import probabilities
from grader.checks.shapes import shape
from grader.checks.training import learned, require_model

import keras  # isort: skip

BASELINE, CHANCE = 0.5, 0.693  # of one who says one half


def remembers(model, x, y, masks, *, at_least: float | None = None, at_most: float | None = None) -> None:
    """A stateful model reads x, (chunks, rows, timesteps, features), in order and from zeros, and must know y where only its state tells it.

    y: (chunks, rows, timesteps, 1), 0 or 1. masks: two of (chunks, rows, timesteps), where the state is needed, and where it is not.
    at_least: the accuracy, or at_most: the cross-entropy where it is needed.
    Raises CheckFailed that says whether it is the memory that lacks.
    """
    require_model(model)
    recurrent = [layer for layer in getattr(model, "layers", []) if is_a(layer, keras.layers.RNN)]
    for layer in recurrent:
        if layer.stateful:
            layer.reset_state()
    rows = x.shape[1]
    # Traced, a chunk costs far less than in a call, where Python goes from timestep to timestep.
    said = call(model.predict, x.reshape(-1, *x.shape[2:]), batch_size=rows, verbose=0, name="the model")
    shape(said[:rows], y[0].shape, "the model's output")
    said = said.reshape(y.shape)
    probabilities(said)
    needed, told = masks
    right = (said > 0.5)[..., 0] == (y > 0.5)[..., 0]
    hint = None
    if recurrent and not any(layer.stateful for layer in recurrent):
        hint = "It begins each chunk with zeros: no layer of it is stateful=True."
    elif right[told].mean() > 0.95:
        hint = (
            "It knows what a chunk tells and not what came before it, so it has not learned to trust the state it gets: does training read the batches in "
            "their order, with rows that continue, and does each epoch begin with zeros?"
        )
    if at_least is not None:
        accuracy = float(right[needed].mean())
        learned(accuracy, at_least=at_least, metric="accuracy before the first press of a chunk, on unseen lamps", baseline=BASELINE, hint=hint)
    else:
        sure = np.clip(np.where(y > 0.5, said, 1 - said)[..., 0], 1e-6, 1)
        metric = "cross-entropy before the first press of a chunk, on unseen lamps"
        learned(float(-np.log(sure[needed]).mean()), at_most=at_most, metric=metric, baseline=CHANCE, hint=hint)
