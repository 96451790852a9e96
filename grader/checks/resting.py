"""When a stateful model is at rest: before each epoch and each validation, seen in the losses.

With a learning rate of zero no weight moves, so the loss of an epoch tells from which state it began, and in which order it
read. In one more epoch the model learns. What the losses must be, a twin of the model in TensorFlow's own operations says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from grader.checks.calls import call
from grader.checks.compared import compare
from grader.checks.describe import text
from grader.checks.differing import Tolerance, agree
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain

NEAR = Tolerance(1e-4, 0.0, True)
TIMESTEPS, FEATURES, UNITS = 2, 2, 4
CHUNKS = 4  # batches in an epoch
EPOCHS = 2
RATE = 0.1
EACH_BATCH = "The states are reset before every batch. Within an epoch they are carried on."


def rests(fit, rows: int = 2, depth: int = 1, seed: int = 0) -> None:
    """`fit(model, x, y, epochs, validation)` must begin each epoch and each validation with states of zeros.

    fit: fits a stateful model of `depth` layers in order and returns the history's dictionary. The model comes with a state.
    Raises CheckFailed that says where a state was left.
    """
    name = getattr(fit, "__name__", "the function")
    stream, other = (_data(rows, seed + number) for number in range(2))
    model = _model(rows, depth, seed, stream)
    twin = _Twin(model)
    told = plain(_call(fit, model, *stream, EPOCHS, other, name=name))
    if not isinstance(told, Mapping) or not {"loss", "val_loss"} <= told.keys():
        raise CheckFailed(f"`{name}` returns no history with a loss and a val_loss", hint="Leave the function as it was given.", actual=type(told).__name__)
    rest = [twin.losses([part], from_rest=True)[0] for part in (stream, other)]

    validations_rest = agree(told["val_loss"], rest[1:] * EPOCHS, NEAR)

    def without_a_reset(first_at_rest: bool) -> list[float]:
        """The losses of epochs that begin where the validation before them ended."""
        if not validations_rest:
            return twin.losses([stream, other] * EPOCHS, first_at_rest)[::2]
        later = twin.losses([other, stream], from_rest=True)[1]
        return [*twin.losses([stream], first_at_rest), *[later] * (EPOCHS - 1)]

    def losses():
        if validations_rest:
            never = "The epochs began with a state, the validations at rest: reset when an epoch begins, too."
        else:
            never = "No epoch began at rest. Are the callback's methods called as Keras calls them, and do they reset self.model, the model that is fitted?"
        going_on = without_a_reset(first_at_rest=False)
        return {
            EACH_BATCH: [twin.loss_of_batches_at_rest(stream)] * EPOCHS,
            never: going_on,
            "Only the first epoch began at rest: reset when each epoch begins, not once.": without_a_reset(first_at_rest=True),
            "The first epoch began with the state that the model brought: reset when an epoch begins, not when it ends.": [going_on[0]] + rest[:1] * (EPOCHS - 1),
        }

    def losses_of_validation():
        behind = twin.losses([stream, other], from_rest=True)[1]
        return {"The validation went on from the end of the training: reset when a validation begins, too.": [behind] * EPOCHS}

    compare(told["loss"], rest[:1] * EPOCHS, "the loss of epochs in which no weight moves, so that all must be the same,", losses, rtol=1e-4, atol=0, lists=True)
    compare(told["val_loss"], rest[1:] * EPOCHS, "the loss of the validation after them", losses_of_validation, rtol=1e-4, atol=0, lists=True)


def trains_in_order(fn, rows: int = 4, depth: int = 1, seed: int = 0) -> None:
    """`fn(model, x, y, epochs)` must train a stateful model in the order of x, each epoch from states of zeros; it returns their losses.

    The model begins to learn with the last epoch.
    Raises CheckFailed that says which epoch began elsewhere, or that the order is another one.
    """
    name = getattr(fn, "__name__", "the function")
    x, y = data = _data(rows, seed)

    def asked(data) -> tuple[list[float], _Twin]:
        model = _model(rows, depth, seed, data)
        twin = _Twin(model)
        return _losses(call(fn, model, *data, EPOCHS + 1, name=name), name), twin

    (*losses, learned), twin = asked(data)
    rest = twin.losses([data], from_rest=True)

    def ways():
        going_on = twin.losses([data] * (EPOCHS + 1))
        only_once = twin.losses([data] * EPOCHS, from_rest=True)
        known = {
            "Each epoch goes on from the end of the one before: reset the states.": going_on[:-1],
            "Only the first epoch begins at rest; each later one goes on from the end of the one before.": only_once,
            EACH_BATCH: [twin.loss_of_batches_at_rest(data)] * EPOCHS,
            "The model may come with a state: reset before an epoch, not after it.": [going_on[0], *rest * (EPOCHS - 1)],
        }
        if not any(agree(losses, way, NEAR) for way in known.values()):
            same = [np.repeat(part[:1], len(part), axis=0) for part in data]  # no order can be wrong
            (*again, _), unordered = asked(same)
            if agree(again, unordered.losses([same], from_rest=True) * EPOCHS, NEAR):
                known["The chunks are read in another order: fit shuffles unless you say shuffle=False, so rows no longer continue."] = losses
        return known

    compare(losses, rest * EPOCHS, "the losses of epochs in which no weight moves, so that all must be the same,", ways, rtol=1e-4, atol=0, lists=True)
    moved = twin.losses([data], from_rest=True, rate=RATE)
    compare([learned], moved, "the loss of an epoch in which the model learns", {"No weight has moved: nothing is trained.": rest}, rtol=1e-3, atol=0, lists=True)


class _Twin:
    """What a model of `_model` loses, without Keras. It begins where the model stands."""

    def __init__(self, model: keras.Model):
        recurrent = [layer for layer in model.layers if isinstance(layer, keras.layers.RNN)]
        self._layers = [layer.get_weights() for layer in model.layers if layer.weights]
        self._brought = [np.array(layer.states[0]) for layer in recurrent]
        self._rows = model.input_shape[0]

    def losses(self, parts: Sequence, from_rest: bool = False, rate: float = 0.0) -> list[float]:
        """The loss over each part, (x, y), read one after the other: from zeros, or from the state that the model brought."""
        weights = [[tf.constant(weight) for weight in layer] for layer in self._layers]
        states = [tf.zeros_like(state) if from_rest else tf.constant(state) for state in self._brought]
        found = []
        for x, y in parts:
            losses = []
            for begin in range(0, len(x), self._rows):
                batch = slice(begin, begin + self._rows)
                with tf.GradientTape() as tape:
                    tape.watch(weights)
                    said, states = _read(x[batch], weights, states)
                    losses.append(tf.reduce_mean((said - y[batch]) ** 2))
                if rate:
                    slopes = tape.gradient(losses[-1], weights)
                    weights = [[weight - rate * slope for weight, slope in zip(*pair, strict=True)] for pair in zip(weights, slopes, strict=True)]
            found.append(float(np.mean(losses)))
        return found

    def loss_of_batches_at_rest(self, part) -> float:
        """The loss over a part whose every batch is read from zeros."""
        x, y = part
        batches = [slice(begin, begin + self._rows) for begin in range(0, len(x), self._rows)]
        return float(np.mean([self.losses([(x[batch], y[batch])], from_rest=True) for batch in batches]))


def _read(x, weights: list, states: list) -> tuple[tf.Tensor, list]:
    """What layers of SimpleRNN and a Dense behind them make of x (rows, timesteps, features), and the states that they leave."""
    *recurrent, (kernel, bias) = weights
    said = []
    for timestep in range(x.shape[1]):
        h = x[:, timestep]
        after = []
        for (inward, onward, shift), state in zip(recurrent, states, strict=True):
            h = tf.tanh(h @ inward + state @ onward + shift)
            after.append(h)
        states = after
        said.append(h @ kernel + bias)
    return tf.stack(said, axis=1), states


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
    if found is None or found.shape != (EPOCHS + 1,):
        nested = found is not None and found.size == EPOCHS + 1
        hint = "One number for each epoch, side by side: history.history['loss'] is a list already." if nested else "A list with one number for each epoch is asked."
        raise CheckFailed(f"`{name}` does not return one loss for each epoch", hint=hint, expected=f"{EPOCHS + 1} numbers", actual=text(value))
    return found.tolist()


def _numbers(value) -> bool:
    try:
        return np.asarray(value).dtype.kind in "if"
    except ValueError:
        return False


def _model(rows: int, depth: int, seed: int, data) -> keras.Model:
    """A stateful model, (rows, timesteps, features) -> (rows, timesteps, 1), whose state matters, and which has read the last batch of `data`."""
    options = {"kernel_initializer": "zeros", "recurrent_initializer": "zeros", "unroll": True}  # the weights are set below
    stack = [layers.SimpleRNN(UNITS, stateful=True, return_sequences=True, **options) for _ in range(depth)]
    model = keras.Sequential([keras.Input((TIMESTEPS, FEATURES), batch_size=rows), *stack, layers.Dense(1)])
    random = np.random.default_rng(seed + 200)
    model.set_weights([random.normal(0, 0.6, weight.shape).astype("float32") for weight in model.get_weights()])
    late = keras.optimizers.schedules.PiecewiseConstantDecay([EPOCHS * CHUNKS - 1], [0.0, RATE])
    model.compile(keras.optimizers.SGD(late), "mse")
    model(data[0][-rows:])
    return model


def _data(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.normal(1, 1, (CHUNKS * rows, TIMESTEPS, FEATURES)).astype("float32")
    return x, random.normal(0, 0.3, (CHUNKS * rows, TIMESTEPS, 1)).astype("float32")
