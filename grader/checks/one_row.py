"""A trained stateful model moved to batches of one row: the same weights, a state of its own."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.compared import compare
from grader.checks.failure import CheckFailed
from grader.checks.kinds import kind
from grader.checks.unrolling import at_once

STEPS = 4


def one_row(fn, make, rows: int, symbols: int, seed: int = 0) -> None:
    """`fn(trained)` must return the same model as `make(rows)` for one row: stateful, with its weights, from zeros.

    make: rows -> a stateful model, integers below `symbols` (rows, timesteps) -> (rows, timesteps, n).
    Raises CheckFailed.
    """
    name = getattr(fn, "__name__", "the function")
    random = np.random.default_rng(seed)
    trained = make(rows)
    trained.set_weights([random.normal(0, 0.5, weight.shape).astype("float32") for weight in trained.get_weights()])
    read = random.integers(symbols, size=(rows, STEPS))
    with at_once(trained):
        expected = np.array(trained(read))[-1:]  # which leaves a state
    model = call(fn, trained, name=name)
    if _kinds(model) != _kinds(trained):
        raise CheckFailed(f"`{name}` returns no model with the layers of `trained`", hint="The same layers, in the same order, are asked: a new model, with the old one's weights.")
    if model.input_shape[0] != 1:
        hint = {
            rows: "That is still the number of the model that was trained. It is fixed when a model is built: build a new one.",
            None: "None is any number of rows, and a stateful layer needs to know: batch_size=1.",
        }.get(model.input_shape[0])
        raise CheckFailed("the number of rows that the new model takes is wrong", hint=hint, expected=1, actual=model.input_shape[0])
    if any(not np.allclose(old, new) for old, new in zip(trained.get_weights(), model.get_weights(), strict=True)):
        raise CheckFailed("the new model has other weights than `trained`", hint="A new model has new weights: move the old ones, all of them, with set_weights.")
    half = STEPS // 2
    found = np.concatenate([np.array(call(model, read[-1:, part], name="the new model")) for part in (slice(0, half), slice(half, None))], axis=1)
    compare(found[:, :half], expected[:, :half], "what the new model says of its first chunk", where="it must begin with a state of zeros")
    compare(found[:, half:], expected[:, half:], "what the new model says of its second chunk", {"It begins each chunk with zeros: the new layer must be stateful, too.": _afresh(make, trained, rows, read, half)})


def _kinds(model) -> list[type]:
    kinds = [kind(layer) for layer in getattr(model, "layers", [])]
    return [found for found in kinds if not issubclass(found, keras.layers.InputLayer)]


def _afresh(make, trained, rows: int, read: np.ndarray, half: int) -> np.ndarray:
    twin = make(rows)
    twin.set_weights(trained.get_weights())
    return np.array(twin(read[:, half:]))[-1:]
