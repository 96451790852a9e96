"""Whether a trained classifier reaches its bar, and if not, what about it explains that."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array
from grader.checks.failure import CheckFailed
from grader.checks.training import accuracy, learned, require_model


def any_length(model, name: str = "the model") -> None:
    """`model` must take sequences of any number of timesteps: its input says None where they are counted.

    A model of the student's own class has no declared input and passes. Raises CheckFailed, also for what is no model.
    """
    require_model(model)
    try:
        shape = model.input_shape
    except AttributeError:
        return
    if isinstance(shape, tuple) and len(shape) > 1 and isinstance(shape[1], int):
        raise CheckFailed(
            f"{name} is made for sequences of one length",
            hint="Write None for the timesteps in keras.Input(...): it then takes any number of them.",
            expected="input (None, None, …)",
            actual=f"input {shape}",
        )


def classifies(model, x, y, *, at_least: float, metric: str) -> None:
    """The accuracy of `model` on (x, y), which it was not trained on, must reach `at_least`.

    x: (samples, timesteps) tokens, 0 is padding, or (samples, timesteps, features). y: classes.
    If it does not, the hint is one that an experiment on the model proves: the loss does not fit the output, the order of
    the timesteps makes no difference, all answers are the same. Raises CheckFailed.
    """
    share = accuracy(model, x, y)
    learned(share, at_least=at_least, metric=metric, hint=None if share >= at_least else _evidence(model, x, as_array(y), share))


def _evidence(model, x, y, share: float) -> str:
    x = np.asarray(as_array(x))[:256]
    scores = _scores(model, x)
    if scores.ndim > 1 and scores.shape[-1] > 1:
        mirrored = unfitting_loss(model, scores) or distance_loss(model)
        if mirrored:
            return mirrored
    if np.ptp(scores, axis=0).max() <= 1e-5 * (1 + np.abs(scores).max()):
        return SAME_FOR_ALL + (KILLED if _tells_apart(model, x) else "")
    other = _scores(model, _reordered(x))
    if other.shape == scores.shape and np.allclose(other, scores, rtol=1e-3, atol=1e-4):
        return "The answer stays the same when the timesteps stand in another order: what the model makes of a sequence is a bag. A recurrent layer reads in order, and so does a kernel of several timesteps."
    guess = np.bincount(y.ravel().astype(int)).max() / y.size if y.dtype.kind in "iu" else 0.0
    if share <= guess + 0.05:
        return "It is no better than guessing. Do the inputs and the targets that it was trained on belong together, and did the loss fall in training?"
    if x.ndim == 3 and (blind := _blind_to_order(model, x, y[: len(x)], scores)):
        return blind
    return "It beats guessing, and has not learned enough yet: more epochs, another learning rate, or more units."


SAME_FOR_ALL = "The answer is the same for every sequence: nothing of the input reaches it."
KILLED = " A copy of it with new weights tells them apart: steps that were too large have shut this one. Lower the learning rate."


def _tells_apart(model, x: np.ndarray) -> bool:
    """Whether a copy of the model with new weights answers different sequences differently."""
    try:
        scores = _scores(keras.models.clone_model(model), x)
    except Exception:  # a class of the student's own may not be one that can be copied
        return False
    return bool(np.ptp(scores, axis=0).max() > 1e-3 * (1 + np.abs(scores).max()))


def _blind_to_order(model, x: np.ndarray, y: np.ndarray, scores: np.ndarray) -> str | None:
    """What two experiments with sequences of vectors prove: another rest, and the timesteps of each sequence shuffled."""
    other = x.copy()
    other[:, 1:] = np.roll(x[:, 1:], 1, axis=0)
    if np.allclose(_scores(model, other), scores, rtol=1e-3, atol=1e-4):
        return "Only the first timestep reaches the answer: with another rest of the sequence it stays the same."
    shuffled = np.random.default_rng(0).permuted(np.broadcast_to(np.arange(x.shape[1]), x.shape[:2]), axis=1)
    mixed = np.take_along_axis(x, shuffled[:, :, None], axis=1)
    if accuracy(model, mixed, y) >= accuracy(model, x, y) - 0.03:
        return (
            "It is as good on sequences whose timesteps are shuffled: either what it was trained on held no order (is the time axis of its inputs still as it came?), "
            "or it has not learned enough yet to tell anything from it."
        )
    return None


def unfitting_loss(model, scores: np.ndarray) -> str | None:
    """Whether the loss of a compiled model takes its outputs, (..., classes), for what they are not; None if it fits or cannot be told."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, str) and "crossentropy" in loss:
        expects_logits = False
    elif isinstance(loss, (keras.losses.SparseCategoricalCrossentropy, keras.losses.CategoricalCrossentropy)):
        expects_logits = bool(loss.get_config().get("from_logits", False))
    else:
        return None
    probabilities = bool(scores.min() >= 0 and np.allclose(scores.sum(axis=-1), 1, atol=1e-3))
    if expects_logits and probabilities:
        return "The model ends in a softmax and its loss has from_logits=True, which takes a second one. Leave one of the two out."
    if not expects_logits and not probabilities:
        return "The model gives logits and its loss takes them for probabilities: from_logits=True in the loss, or, if probabilities are asked, a softmax at the end."
    return None


DISTANCES = ("mean_squared_error", "mean_absolute_error", "mean_squared_logarithmic_error", "mean_absolute_percentage_error", "huber", "log_cosh")


def distance_loss(model) -> str | None:
    """Whether a compiled model that tells classes was trained with a loss of how far numbers lie apart."""
    loss = getattr(model, "loss", None)
    try:
        loss = keras.losses.get(loss) if isinstance(loss, str) else loss
    except ValueError:
        return None
    if getattr(loss, "name", getattr(loss, "__name__", None)) in DISTANCES:
        return "Its loss measures how far numbers lie apart, and classes are no numbers: 7 is not nearer to 8 than to 2. A cross-entropy over classes is what trains a classifier."
    return None


def _scores(model, x) -> np.ndarray:
    return np.asarray(as_array(call(model.predict, x, batch_size=256, verbose=0, name="model.predict")), "float64")


def _reordered(x: np.ndarray) -> np.ndarray:
    """Each sequence backwards; padding with 0 on the right stays where it is."""
    if x.ndim != 2 or x.dtype.kind not in "iu":
        return x[:, ::-1]
    return np.stack([np.concatenate([row[: (row != 0).sum()][::-1], row[(row != 0).sum() :]]) for row in x])
