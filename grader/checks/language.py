"""A model of the next character: what it maps to what, what it may not see, what it may weigh, and its bits."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.classifying import any_length, unfitting_loss
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.gpu import gpu_ready, on_gpu
from grader.checks.losses import cross_entropy, logits
from grader.checks.sequences import causal
from grader.checks.shapes import shape
from grader.checks.training import learned

SKIPPED = "Code 0 is a character here, and the model skips it as padding: no mask_zero."
FORGETS = "What stands before the newest character changes nothing in what it expects: a layer with a state carries the past on."
UNLEARNED = "It expects nearly every character alike, as before training. Is it this model that was trained, and did its loss fall?"


def character_model(model, codes, size: int, most: int | None = None, name: str = "the model") -> None:
    """`model` must map codes (batch, timesteps) to logits (batch, timesteps, size), each made of the past alone, on the fast path.

    codes: int (batch, timesteps), 0 to size - 1, of a text. most: how many weights it may have, None for any number.
    Raises CheckFailed: one length only, probabilities, a look ahead, too many weights, a loss that takes the logits for something else,
    a model that learned to repeat what it reads.
    """
    if not isinstance(model, keras.Model):
        raise CheckFailed("there is no trained model", hint=NOTHING_RETURNED if model is None else None, actual=text(model))
    any_length(model, name)
    output = as_array(call(model, codes, name=name))
    shape(output, (*np.shape(codes), size), f"the output of {name}")
    gpu_ready(model)
    on_gpu(model)
    logits(output, f"the output of {name}")
    causal(lambda changed: output if np.array_equal(changed, codes) else model(changed % size), codes, name, together=True)
    if most is not None and model.count_params() > most:
        raise CheckFailed(
            f"{name} has more weights than the budget",
            hint="Most weights are in the recurrent layer, and grow with the square of its units; those of Embedding and Dense with their width.",
            expected=f"at most {most:,}",
            actual=f"{model.count_params():,}",
        )
    if hint := unfitting_loss(model, output):
        raise CheckFailed(f"the loss of {name} does not fit what it gives", hint=hint)
    if np.mean(output.argmax(axis=-1) == codes) > 0.5:
        raise CheckFailed(
            f"{name} repeats what it reads",
            hint="It expects each character to be followed by itself. Was y, which stands one ahead, the target in training, or x?",
        )


def bits(model, x, y) -> float:
    """The mean surprise of `model` over a text, in bits per character: its cross-entropy divided by ln 2.

    x and y: codes (batch, timesteps), y one ahead. Raises CheckFailed where it predicts NaN or infinity.
    """
    output = as_array(call(model.predict_on_batch, x, name="model.predict"))  # in one batch: `predict` would first make a data set of it
    shape(output, (*np.shape(y), None), "the model's predictions")
    if not np.isfinite(output).all():
        raise CheckFailed("the model predicts NaN or infinity", hint="Training diverged. Lower the learning rate, or clip gradients with clipnorm=1.0.")
    return cross_entropy(y, output) / float(np.log(2))


def foresees(model, x, y, *, at_most: float, metric: str, baseline: float) -> None:
    """`model` must need at most `at_most` bits per character on a text it was not trained on.

    x and y: codes (batch, timesteps), y one ahead. baseline: what a table of pairs needs there. If the bar is missed, the hint is one that an
    experiment on the model proves: code 0 is skipped, the past changes nothing, all is expected alike. Raises CheckFailed.
    """
    needed = bits(model, x, y)
    learned(needed, at_most=at_most, metric=metric, baseline=baseline, hint=None if needed <= at_most else _evidence(model, np.asarray(as_array(x)), needed))


def _evidence(model, x, needed: float) -> str | None:
    x = x[:8].copy()
    x[:, -1] = 0
    past = np.concatenate([np.roll(x[:, :-1], 1, axis=0), x[:, -1:]], axis=1)
    said, of_another_past = (as_array(call(model.predict, codes, verbose=0, name="model.predict")) for codes in (x, past))
    if abs(needed - np.log2(said.shape[-1])) < 0.1:
        return UNLEARNED
    near = 1e-5 * np.ptp(said)
    if np.allclose(said[:, -1], said[:, -2], atol=near):
        return SKIPPED
    return FORGETS if np.allclose(of_another_past[:, -1], said[:, -1], atol=near) else None
