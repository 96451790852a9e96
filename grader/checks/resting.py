"""When a stateful model is at rest: before each epoch and each validation, seen in the losses.

With a learning rate of zero no weight moves, so the loss of an epoch tells from which state it began, and in which order it
read. With another rate an epoch from rest is the first epoch of a new model that has these weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np
from keras import layers

from grader.checks.calls import call
from grader.checks.compared import compare
from grader.checks.describe import text
from grader.checks.differing import Tolerance, agree
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain

NEAR = Tolerance(1e-4, 0.0, True)
CHUNKS = 4  # batches in an epoch
EPOCHS = 3
EACH_BATCH = "The states are reset before every batch. Within an epoch they are carried on."


def rests(fit, rows: int = 2, depth: int = 1, seed: int = 0) -> None:
    """`fit(model, x, y, epochs, validation)` must begin each epoch and each validation with states of zeros.

    fit: fits a stateful model of `depth` layers in order and returns the history's dictionary. The model comes with a state.
    Raises CheckFailed that says where a state was left.
    """
    name = getattr(fit, "__name__", "the function")
    stream, other = (_data(rows, seed + number) for number in range(2))
    told = plain(_call(fit, _dirty(rows, depth, stream, seed), *stream, EPOCHS, other, name=name))
    if not isinstance(told, Mapping) or not {"loss", "val_loss"} <= told.keys():
        raise CheckFailed(f"`{name}` returns no history with a loss and a val_loss", hint="Leave the function as it was given.", actual=type(told).__name__)
    rest = [_evaluated(rows, depth, seed, [part])[0] for part in (stream, other)]

    def losses():
        going_on = _evaluated(rows, depth, seed, [stream] + [stream, other] * EPOCHS)[1:]
        only_once = _evaluated(rows, depth, seed, [stream, other] * EPOCHS)
        if agree(told["val_loss"], rest[1:] * EPOCHS, NEAR):
            never = "The epochs began with a state, the validations at rest: reset when an epoch begins, too."
        else:
            never = "No epoch began at rest. Are the callback's methods called as Keras calls them, and do they reset self.model, the model that is fitted?"
        return {
            EACH_BATCH: [_from_rest_each_batch(rows, depth, seed, stream)] * EPOCHS,
            never: going_on[::2],
            "Only the first epoch began at rest: reset when each epoch begins, not once.": only_once[::2],
            "The first epoch began with the state that the model brought: reset when an epoch begins, not when it ends.": [going_on[0]] + rest[:1] * (EPOCHS - 1),
        }

    def losses_of_validation():
        behind = _evaluated(rows, depth, seed, [stream, other])[1]
        return {"The validation went on from the end of the training: reset when a validation begins, too.": [behind] * EPOCHS}

    compare(told["loss"], rest[:1] * EPOCHS, "the loss of epochs in which no weight moves, so that all must be the same,", losses, rtol=1e-4, atol=0, lists=True)
    compare(told["val_loss"], rest[1:] * EPOCHS, "the loss of the validation after them", losses_of_validation, rtol=1e-4, atol=0, lists=True)


def trains_in_order(fn, rows: int = 4, depth: int = 1, seed: int = 0) -> None:
    """`fn(model, x, y, epochs)` must train a stateful model in the order of x, each epoch from states of zeros; it returns their losses.

    Raises CheckFailed that says which epoch began elsewhere, or that the order is another one.
    """
    name = getattr(fn, "__name__", "the function")
    x, y = data = _data(rows, seed)
    losses = _losses(call(fn, _dirty(rows, depth, data, seed), x, y, EPOCHS, name=name), name)
    rest = _evaluated(rows, depth, seed, [data])

    def ways():
        going_on = _evaluated(rows, depth, seed, [data] * (EPOCHS + 1))
        known = {
            "Each epoch goes on from the end of the one before: reset the states.": going_on[1:],
            "Only the first epoch begins at rest; each later one goes on from the end of the one before.": going_on[:-1],
            EACH_BATCH: [_from_rest_each_batch(rows, depth, seed, data)] * EPOCHS,
            "The model may come with a state: reset before an epoch, not after it.": [going_on[1], *rest * (EPOCHS - 1)],
        }
        if not any(agree(losses, way, NEAR) for way in known.values()):
            same = [np.repeat(part[:1], len(part), axis=0) for part in data]  # no order can be wrong
            again = _losses(call(fn, _dirty(rows, depth, same, seed), *same, EPOCHS, name=name), name)
            if agree(again, _evaluated(rows, depth, seed, [same]) * EPOCHS, NEAR):
                known["The chunks are read in another order: fit shuffles unless you say shuffle=False, so rows no longer continue."] = losses
        return known

    compare(losses, rest * EPOCHS, "the losses of epochs in which no weight moves, so that all must be the same,", ways, rtol=1e-4, atol=0, lists=True)
    learning = _model(rows, depth, seed, 0.1)
    learned = _losses(call(fn, learning, x, y, EPOCHS, name=name), name)
    compare(learned, _from_rest(rows, depth, seed, data), "the losses of a model that learns", {"No weight has moved: nothing is trained.": rest * EPOCHS}, rtol=1e-3, atol=0, lists=True)


def _call(fit, *arguments, name: str):
    """As `call`. A callback that asks for a name which is nowhere asks for the model."""
    try:
        return call(fit, *arguments, name=name)
    except CheckFailed as failure:
        if not failure.problem.endswith("raised NameError"):
            raise
        hint = "A name is not defined where the callback runs. It knows the model that is fitted as self.model."
        raise CheckFailed(failure.problem, hint=hint, actual=failure.actual) from failure.__cause__


def _losses(value, name: str) -> list[float]:
    value = plain(value)
    found = np.asarray(value, "float64") if isinstance(value, (list, tuple, np.ndarray)) and _numbers(value) else None
    if found is None or found.shape != (EPOCHS,):
        nested = found is not None and found.size == EPOCHS
        hint = "One number for each epoch, side by side: history.history['loss'] is a list already." if nested else "A list with one number for each epoch is asked."
        raise CheckFailed(f"`{name}` does not return one loss for each epoch", hint=hint, expected=f"{EPOCHS} numbers", actual=text(value))
    return found.tolist()


def _numbers(value) -> bool:
    try:
        return np.asarray(value).dtype.kind in "if"
    except ValueError:
        return False


def _model(rows: int, depth: int, seed: int, rate: float = 0.0, run_eagerly: bool = False) -> keras.Model:
    """A stateful model, (rows, 5, 2) -> (rows, 5, 1), whose state matters."""
    stack = [layers.SimpleRNN(4, stateful=True, return_sequences=True) for _ in range(depth)]
    model = keras.Sequential([keras.Input((5, 2), batch_size=rows), *stack, layers.Dense(1)])
    random = np.random.default_rng(seed + 200)
    model.set_weights([random.normal(0, 0.6, weight.shape).astype("float32") for weight in model.get_weights()])
    model.compile(keras.optimizers.SGD(rate), "mse", run_eagerly=run_eagerly)  # which is quicker for so few batches
    return model


def _data(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.normal(1, 1, (CHUNKS * rows, 5, 2)).astype("float32"), random.normal(0, 0.3, (CHUNKS * rows, 5, 1)).astype("float32")


def _evaluated(rows: int, depth: int, seed: int, parts: list) -> list[float]:
    """The losses of a new model that reads one after the other and never rests."""
    model = _model(rows, depth, seed, run_eagerly=True)
    return [float(model.evaluate(*part, batch_size=rows, verbose=0)) for part in parts]


def _from_rest_each_batch(rows: int, depth: int, seed: int, part) -> float:
    """The loss of a new model that is at rest before each batch."""
    model, losses = _model(rows, depth, seed, run_eagerly=True), []
    for begin in range(0, len(part[0]), rows):
        for layer in model.layers[:depth]:
            layer.reset_state()
        losses.append(model.evaluate(*(array[begin : begin + rows] for array in part), batch_size=rows, verbose=0))
    return float(np.mean(losses))


def _dirty(rows: int, depth: int, data, seed: int) -> keras.Model:
    """A model that has read `data`."""
    model = _model(rows, depth, seed)
    for begin in range(0, len(data[0]), rows):
        model(data[0][begin : begin + rows])
    return model


def _from_rest(rows: int, depth: int, seed: int, data) -> list[float]:
    """The losses of epochs of which each is the first of a new model with the weights of the one before."""
    losses, weights = [], _model(rows, depth, seed).get_weights()
    for _ in range(EPOCHS):
        model = _model(rows, depth, seed, 0.1, run_eagerly=True)
        model.set_weights(weights)
        losses.append(model.fit(*data, batch_size=rows, shuffle=False, verbose=0).history["loss"][0])
        weights = model.get_weights()
    return losses
