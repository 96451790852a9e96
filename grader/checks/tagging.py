"""A model that tags each token of a sentence: what it must be whatever it learned, and what explains that it learned too little."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.classifying import any_length, distance_loss, unfitting_loss
from grader.checks.describe import as_array
from grader.checks.failure import CheckFailed
from grader.checks.kinds import is_a
from grader.checks.losses import logits
from grader.checks.sequences import NO_DATA, ignores_padding
from grader.checks.shapes import shape
from grader.checks.training import learned, require_model

MASKED = (
    "There is a mask, and padding still moves what is said of real tokens: a layer does not get it, or an output stands at another timestep than its own. "
    "go_backwards=True returns reversed time; Bidirectional flips it back."
)
SHORT = 0.25  # of all sentences: those that are asked about once more, without their padding
NOTHING_BESIDE = "The tag of a token depends on that token alone: nothing that stands beside it reaches it. A recurrent layer carries on what it has read."
NOTHING_AFTER = "What comes after a token changes nothing in its tag: the model has read only what stands before it."
NOTHING_BEFORE = "What stands before a token changes nothing in its tag: the model has read only what comes after it."


def tagger(model, x, classes: int, name: str = "the model") -> np.ndarray:
    """`model(x)` must be logits (batch, timesteps, classes), the same for a token however far its sentence is padded.

    x: int (sentences, timesteps), 0 is padding on the right. Returns what the model says of x, as far as its longest sentence reaches.
    Raises CheckFailed: one answer for a sentence, a fixed length, probabilities, a loss that takes the output for something
    else, padding that is read, the same answer for all.
    """
    any_length(model, name)
    x = _trimmed(np.asarray(as_array(x)))
    output = _output(model, x, name)
    shape(output, (*x.shape, classes), f"the output of {name}")
    if not np.isfinite(output).all():
        raise CheckFailed(f"{name} gives NaN or infinity", hint="Training diverged. Lower the learning rate, or clip gradients with clipnorm=1.0.")
    logits(output, f"the output of {name}")
    if unfitting_loss(model, output):
        raise CheckFailed(
            f"the loss of {name} takes logits for probabilities",
            hint="The loss is told nothing of logits: SparseCategoricalCrossentropy(from_logits=True).",
        )
    if np.allclose(output, np.roll(output, 1, axis=0), atol=1e-6):
        raise CheckFailed(f"{name} says the same whatever it reads", hint="Nothing of the tokens reaches the output.")
    _padded(model, x, output, name)
    return output


def tags(model, x, y, *, at_least: float, metric: str, whole: bool = False, said=None) -> None:
    """The share of tokens that `model` tags as y says must reach `at_least`; whole: of sentences without a mistake.

    x, y: int (sentences, timesteps), token and tag codes, both 0 where there is padding. said: what `tagger` returned for x; None: the model is asked.
    If it does not, the hint is one that an experiment on the model proves. Raises CheckFailed.
    """
    require_model(model)
    x = _trimmed(np.asarray(as_array(x)))
    y = np.asarray(as_array(y))[:, : x.shape[1]]
    scores = _output(model, x, "the model") if said is None else said
    shape(scores, (*y.shape, None), "the model's predictions")
    right, real = scores.argmax(axis=-1) == y, y > 0
    share = float((right | ~real).all(axis=1).mean() if whole else right[real].mean())
    learned(share, at_least=at_least, metric=metric, hint=None if share >= at_least else _evidence(model, x, scores))


def _output(model, x, name: str) -> np.ndarray:
    return as_array(call(model, x, name=name))


def _trimmed(x) -> np.ndarray:
    """Without the timesteps at which every sentence is padded: every timestep costs."""
    return x[:, : (x != 0).sum(axis=1).max()]


def _padded(model, x, output, name: str) -> None:
    """output: what the model says of x. The shortest sentences, a quarter of all, are asked about without their padding, or with little of it."""
    lengths = (x != 0).sum(axis=1)
    length = max(1, int(np.quantile(lengths, SHORT)))
    chosen = lengths <= length
    short, real = x[chosen, :length], (x[chosen, :length] != 0)[..., np.newaxis]

    beyond = x.shape[1] - length  # is there no padding in x, it is asked with some

    def said(codes):
        return (output[chosen] if beyond and codes.shape != short.shape else _output(model, codes, name))[:, :length] * real

    ignores_padding(said, short, f"what {name} says of real tokens", amount=beyond or 4, hint=MASKED if _makes_a_mask(model) else NO_DATA)


def _makes_a_mask(model) -> bool:
    layers = getattr(model, "layers", None) or []
    return any(is_a(layer, keras.layers.Masking) or getattr(layer, "mask_zero", False) is True or _makes_a_mask(layer) for layer in layers)


def _evidence(model, x, scores) -> str:
    scores = np.array(scores, dtype="float64")
    if hint := unfitting_loss(model, scores) or distance_loss(model):
        return hint
    if np.ptp(scores[x != 0].argmax(axis=-1)) == 0:
        return "All tokens have the same tag. Do the inputs and the targets that it was trained on belong together, and did the loss fall in training?"
    x = x[(x != 0).sum(axis=1) >= 4][:64]
    before, after = (_moves(model, x, side) for side in ("before", "after"))
    if not before and not after:
        return NOTHING_BESIDE
    if not after:
        return NOTHING_AFTER
    if not before:
        return NOTHING_BEFORE
    return "It reads what stands before a token and what comes after it, and has not learned enough yet: more epochs, another learning rate, or more units."


def _moves(model, x, side: str) -> bool:
    """Whether other tokens on one side of a place in the middle change what the model says from there on, away from them."""
    random, middle = np.random.default_rng(0), 1
    place = np.arange(x.shape[1])
    there = (place < middle if side == "before" else place > middle + 1) & (x != 0)
    changed = np.where(there, random.permutation(x[x != 0])[np.arange(x.size) % (x != 0).sum()].reshape(x.shape), x)
    far = slice(middle, None) if side == "before" else slice(None, middle + 2)
    one, other = (_output(model, codes, "the model")[:, far] for codes in (x, changed))
    real = (x[:, far] != 0)[..., np.newaxis]
    return bool(np.abs((one - other) * real).max() > 1e-5 * (1 + np.abs(one).max()))
