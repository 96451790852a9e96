"""Whether the loss that a model reports is the cross-entropy of its predictions: logits and probabilities told apart, on either side."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.failure import CheckFailed
from grader.checks.shapes import shape as _shape

TWICE = "A softmax twice: the model ends in one, and from_logits=True applies another."
TWICE_BINARY = "A sigmoid twice: the model ends in one, and from_logits=True applies another."
_SQUASHED = {
    "Nothing is below zero, and some values are exactly zero, as after a relu.": lambda values: values.min() == 0 and (values == 0).mean() > 0.05 and len(np.unique(values)) > 10,
    "All of it lies between 0 and 1, as after a sigmoid.": lambda values: values.min() >= 0 and values.max() <= 1,
    "It comes close to -1 or 1 and never goes beyond, as after a tanh.": lambda values: 0.95 < np.abs(values).max() <= 1,
}
EACH = "All of it lies between 0 and 1 and does not sum to 1 over the classes, as after a sigmoid. Of several classes one is right: a softmax, or logits."
SURE = 100  # times the weights: a softmax is sure of nearly everything then
NONE = "The model returns logits, and the loss takes them for probabilities: from_logits=True."


def probabilities(values) -> bool:
    """Whether each row along the last axis of `values` is a distribution: none negative, and the sum one."""
    values = as_array(values)
    return bool(values.shape[-1] > 1 and values.min() >= 0 and np.allclose(values.sum(axis=-1), 1, atol=1e-3))


def logits(values, name: str = "the output", shape: tuple | None = None) -> None:
    """`values` must be logits: (..., classes) floats that are no distribution over the last axis, and not squashed.

    shape: which they must have, None in it matches any size. Raises CheckFailed.
    """
    if shape is not None:
        _shape(values, shape, name)
    if probabilities(values):
        raise CheckFailed(
            f"{name} is probabilities where logits are asked",
            hint="Each row sums to 1, and nothing is negative: it went through a softmax. Logits are what a Dense layer without an activation returns.",
        )
    values = as_array(values)
    squashed = next((words for words, proved in _SQUASHED.items() if values.size >= 20 and np.ptp(values) and proved(values)), None)
    if squashed:
        raise CheckFailed(f"{name} is squashed where logits are asked", hint=f"{squashed} Logits may be any number: the last Dense layer has no activation.")


def cross_entropy(y, output) -> float:
    """The mean cross-entropy of predictions, in nats, whatever a loss says of them.

    y: integer classes (...,). output: (..., classes), probabilities or logits; which, is seen from the values.
    """
    output = as_array(output)
    output = output.astype(np.result_type(output, "float32"), copy=False)
    if probabilities(output):
        output = np.log(output.clip(1e-12))
    return _surprise(output, np.asarray(as_array(y)))


def reports_cross_entropy(model, x, y, name: str = "the model", said=None) -> None:
    """The loss that `model` was compiled with must be the cross-entropy of its predictions.

    x: what it reads; y: integer classes of the output's shape without its last axis, or, for a model that ends in one unit, 0 and 1 of
    the output's shape. It is asked as it is, and with weights four times as large, so that a model that is unsure of everything proves
    nothing. Probabilities are asked for with weights far larger, whether any can be sure: those of a softmax taken twice cannot. The model keeps
    its weights. said: what it says of x with weights of some size, where a check before has asked it and knows how it is made; it is not asked then.
    Raises CheckFailed that tells a softmax taken twice from logits taken for probabilities, and a sigmoid of each class.
    """
    if getattr(model, "loss", None) is None:
        raise CheckFailed(f"{name} is not compiled", hint="model.compile(optimizer, loss) gives it the loss that it reports.")
    loss = model.loss[0] if isinstance(model.loss, (list, tuple)) and len(model.loss) == 1 else model.loss
    loss = call(keras.losses.get, loss, name="model.compile")
    if said is not None:
        return _compare(loss, y, said, name)
    weights = model.get_weights()
    try:
        for factor in (1, 4):
            model.set_weights([factor * weight for weight in weights])
            output = as_array(call(model, x, name=name))
            _compare(loss, y, output, name)
        if probabilities(output):
            model.set_weights([SURE * weight for weight in weights])
            _sure(as_array(call(model, x, name=name)), name)
    finally:
        model.set_weights(weights)


def _sure(output, name: str) -> None:
    """A softmax of probabilities gives none more than e / (e + classes - 1)."""
    classes = output.shape[-1]
    if classes > 2 and np.isfinite(output).all() and output.max() <= np.e / (np.e + classes - 1) + 1e-3:
        raise CheckFailed(f"{name} can never be sure", hint="A softmax twice: a softmax of probabilities leaves them nearly even, however sure the first was. Leave one out.")


def _compare(loss, y, output, name: str) -> None:
    (_compare_binary if output.shape[-1] == 1 else _compare_classes)(loss, y, output, name)


def _compare_classes(loss, y, output, name: str) -> None:
    reported = _reported(loss, y, output, name, "For integer classes the loss is sparse_categorical_crossentropy.")
    true = cross_entropy(y, output)
    if np.isclose(reported, true, rtol=1e-3, atol=1e-3):
        return
    twice = probabilities(output) and np.isclose(reported, _surprise(np.asarray(output, "float64"), np.asarray(y)), rtol=1e-3)
    taken = float(np.mean(as_array(keras.losses.sparse_categorical_crossentropy(y, output))))
    none = not probabilities(output) and np.isclose(reported, taken, rtol=1e-3)
    each = not probabilities(output) and output.min() >= 0 and output.max() <= 1
    raise _not_its_loss(name, TWICE if twice else EACH if each else NONE if none else None, true, reported)


def _compare_binary(loss, y, output, name: str) -> None:
    """Of a single unit nothing tells a small logit from a probability, but that the one leaves the range from 0 to 1 as weights grow."""
    y, output = np.asarray(as_array(y), "float32"), np.asarray(output, "float32")
    reported = _reported(loss, y, output, name, "For 0 and 1, told by one unit, the loss is binary_crossentropy.")
    p = output.astype("float64")
    sure = p.min() >= 0 and p.max() <= 1
    of_logits = float(np.mean(np.logaddexp(0, p) - y * p))
    true = float(-np.log(np.where(y > 0.5, p, 1 - p).clip(1e-7)).mean()) if sure else of_logits
    if np.isclose(reported, true, rtol=1e-3, atol=1e-3):
        return
    clipped = p.clip(1e-7, 1 - 1e-7)
    hints = {
        TWICE_BINARY: of_logits if sure else None,
        NONE: None if sure else float(-np.log(np.where(y > 0.5, clipped, 1 - clipped)).mean()),
        "That is the squared error of the probabilities. Binary cross-entropy is asked.": float(np.mean((y - p) ** 2)),
        "It is 0 whatever is predicted: a cross-entropy over classes, of which one unit makes only one. binary_crossentropy is for one unit.": 0.0,
    }
    hint = next((words for words, value in hints.items() if value is not None and np.isclose(reported, value, rtol=1e-3, atol=1e-5)), None)
    raise _not_its_loss(name, hint, true, reported)


def _reported(loss, y, output, name: str, hint: str) -> float:
    try:
        return float(np.mean(as_array(loss(y, output))))
    except Exception as error:
        raise CheckFailed(
            f"the loss of {name} cannot be computed of its targets and its output",
            hint=hint,
            actual=f"{type(error).__name__}: {str(error)[:200]}",
        ) from None


def _not_its_loss(name: str, hint: str | None, true: float, reported: float) -> CheckFailed:
    return CheckFailed(
        f"the loss that {name} reports is not the cross-entropy of its predictions",
        hint=hint,
        expected=f"{true:.4g}",
        actual=text(round(reported, 4)),
    )


def _surprise(scores: np.ndarray, y: np.ndarray) -> float:
    """The mean over all of y of the logarithm that a softmax takes away. In the floats that came: of a play there are millions."""
    scores = scores - scores.max(axis=-1, keepdims=True)
    right = np.take_along_axis(scores, y[..., None], axis=-1)[..., 0]
    return float(np.mean(np.log(np.exp(scores).sum(axis=-1)) - right, dtype="float64"))
