"""A model of the next character: what it maps to what, what it may not see, what it may weigh, and its bits."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.gpu import gpu_ready, on_gpu
from grader.checks.losses import cross_entropy, logits
from grader.checks.sequences import causal
from grader.checks.shapes import shape


def character_model(model, codes, size: int, most: int | None = None, name: str = "the model") -> None:
    """`model` must map codes (batch, timesteps) to logits (batch, timesteps, size), each made of the past alone, on the fast path.

    codes: int (batch, timesteps), 0 to size - 1. most: how many weights it may have, None for any number.
    Raises CheckFailed.
    """
    if not isinstance(model, keras.Model):
        raise CheckFailed("there is no trained model", hint=NOTHING_RETURNED if model is None else None, actual=text(model))
    output = as_array(call(model, codes, name=name))
    shape(output, (*np.shape(codes), size), f"the output of {name}")
    gpu_ready(model)
    on_gpu(model)
    logits(output, f"the output of {name}")
    causal(lambda changed: model(changed % size), codes, name)
    if most is not None and model.count_params() > most:
        raise CheckFailed(
            f"{name} has more weights than the budget",
            hint="Most weights are in the recurrent layer, and grow with the square of its units; those of Embedding and Dense with their width.",
            expected=f"at most {most:,}",
            actual=f"{model.count_params():,}",
        )


def bits(model, x, y) -> float:
    """The mean surprise of `model` over a text, in bits per character: its cross-entropy divided by ln 2.

    x and y: codes (batch, timesteps), y one ahead. Raises CheckFailed where it predicts NaN or infinity.
    """
    output = as_array(call(model.predict, x, batch_size=256, verbose=0, name="model.predict"))
    shape(output, (*np.shape(y), None), "the model's predictions")
    if not np.isfinite(output).all():
        raise CheckFailed("the model predicts NaN or infinity", hint="Training diverged. Lower the learning rate, or clip gradients with clipnorm=1.0.")
    return cross_entropy(y, output) / float(np.log(2))
