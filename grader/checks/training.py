"""Whether a model learned: a number on data that the student never had, and a bar for it."""

from __future__ import annotations

from contextlib import contextmanager

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, shape_text, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a

NO_MODEL = {
    "NoneType": NOTHING_RETURNED,
    "History": "That is the history of the training. Return the model.",
}
_listeners: list[list[dict]] = []


@contextmanager
def listening():
    """Collect what `learned` measures: dictionaries with metric, value, at_least, at_most. For calibration."""
    heard: list[dict] = []
    _listeners.append(heard)
    try:
        yield heard
    finally:
        _listeners.remove(heard)


def accuracy(model, x, y) -> float:
    """The share of `x` that `model` classifies as `y`: 0.0 to 1.0.

    y: integer classes (n,) or one-hot (n, classes); or (n, timesteps) for a class per timestep.
    The model may end in softmax or in logits (n, classes), or in one unit: a probability if
    its activation is sigmoid, else a logit.
    Raises CheckFailed for a model that cannot predict `x`, predicts NaN, or gives the wrong shape.
    """
    require_model(model)
    y = as_array(y)
    scores = as_array(call(model.predict, x, batch_size=1024, verbose=0, name="model.predict"))
    if not np.isfinite(scores).all():
        raise CheckFailed(
            "the model predicts NaN or infinity",
            hint="Training diverged. Lower the learning rate, or clip gradients with clipnorm=1.0.",
        )
    if y.ndim == scores.ndim and y.shape == scores.shape and y.shape[-1] > 1:
        y = y.argmax(axis=-1)
    single = scores.shape[-1] == 1
    guesses = _single_unit(model, scores[..., 0]) if single else scores.argmax(axis=-1)
    y = y[..., 0] if y.ndim == guesses.ndim + 1 and y.shape[-1] == 1 else y
    if guesses.shape != y.shape:
        hint = None
        if guesses.ndim == y.ndim + 1:
            hint = (
                "There is one prediction per timestep where one per sequence is expected. "
                "Remove return_sequences=True from the last recurrent layer: Keras would broadcast and train without a word."
            )
        elif guesses.ndim == y.ndim - 1:
            hint = "There is one prediction per sequence where one per timestep is expected: return_sequences=True."
        raise CheckFailed(
            "the predictions have the wrong shape",
            hint=hint,
            expected=shape_text(y.shape) + " classes",
            actual=shape_text(guesses.shape) + " classes",
        )
    return float(np.mean(guesses == y))


def require_model(model) -> None:
    """Raises CheckFailed for what is no Keras model: nothing, a history."""
    if not isinstance(model, keras.Model):
        raise CheckFailed("there is no trained model", hint=NO_MODEL.get(type(model).__name__), actual=text(model))


def _single_unit(model, scores: np.ndarray) -> np.ndarray:
    threshold = 0.5 if _last_activation(model) is keras.activations.sigmoid else 0.0
    return (scores > threshold).astype("int64")


def _last_activation(model):
    """The activation that makes the model's output. It looks inside wrappers and inner models, and past a Reshape at the end."""
    for layer in reversed(getattr(model, "layers", [])):
        while is_a(layer, keras.layers.Wrapper):
            layer = layer.layer
        if isinstance(layer, keras.Model):
            return _last_activation(layer)
        activation = getattr(layer, "activation", None)
        if activation is not None:
            return activation
        if layer.weights:  # what it makes is no longer a probability
            return None
    return None


def learned(
    value: float,
    *,
    metric: str,
    at_least: float | None = None,
    at_most: float | None = None,
    baseline: float | None = None,
    hint: str | None = None,
) -> None:
    """`value`, measured on data that the model was not trained on, must reach the bar.

    metric: what was measured, with its data and unit, e.g. "accuracy on held-out digits".
    baseline: what a naive answer scores, said when the model does no better.
    Raises CheckFailed; ValueError unless exactly one bar is given.
    """
    if (at_least is None) == (at_most is None):
        raise ValueError("give either at_least or at_most")
    for heard in _listeners:
        heard.append({"metric": metric, "value": float(value), "at_least": at_least, "at_most": at_most})
    passed = value >= at_least if at_least is not None else value <= at_most
    if passed:  # NaN compares false, so it never passes
        return
    if hint is None and baseline is not None:
        no_better = not (value > baseline if at_least is not None else value < baseline)
        hint = (
            f"No better than the baseline, {baseline:.4g}: the model has not learned what the order tells."
            if no_better
            else f"Better than the baseline, {baseline:.4g}, and not yet enough: more epochs, more units, or another layer."
        )
    raise CheckFailed(
        f"the {metric} is not there yet",
        hint=hint,
        expected=f"at least {at_least:.4g}" if at_least is not None else f"at most {at_most:.4g}",
        actual=f"{value:.4g}",
    )
