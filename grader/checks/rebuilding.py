"""A model made again from the shapes of its weights: the recurrent layer that printed them, and a Dense layer at each timestep."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.compared import compare
from grader.checks.describe import as_array, shape_text, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a, kind
from grader.checks.shapes import shape
from grader.checks.unrolling import at_once

KINDS = (keras.layers.SimpleRNN, keras.layers.GRU, keras.layers.LSTM)
PROBE = [(3, 4), (4, 4), (4,)]  # asked when an answer is wrong: does it depend on the question?
OPTIONS = ("units", "use_bias", "reset_after")


def rebuilds(fn, shapes: list[tuple], timesteps: int, outputs: int, name: str = "the model", seed: int = 0, computes: bool = True) -> None:
    """`fn(shapes)` must return the model whose SimpleRNN, GRU or LSTM has weights of these shapes, in Keras' order.

    The model reads (timesteps, features); Dense(outputs) follows the recurrent layer at every timestep. Beside the shapes, what it
    computes must be what Keras' own layer makes of the same weights; computes=False asks for the shapes alone.
    Raises CheckFailed that says which part of the shapes was read wrongly.
    """
    model = call(fn, list(shapes))
    layer = _recurrent(model, name)
    found = [tuple(weight.shape) for weight in layer.weights]
    wanted = [tuple(size) for size in shapes]
    if found != wanted:
        raise CheckFailed(
            f"the recurrent layer of {name} has weights of other shapes",
            hint=_whatever(fn, found, wanted) or _misread(found, wanted),
            expected=", ".join(map(shape_text, wanted)),
            actual=", ".join(map(shape_text, found)) or "none",
        )
    random = np.random.default_rng(seed)
    x = random.normal(size=(2, timesteps, wanted[0][0])).astype("float32")
    told = call(model.compute_output_shape, x.shape, name="the model") if model.built else call(model, x, name="the model")
    shape(told, (2, timesteps, outputs), f"the output of {name}")
    if [tuple(weight.shape) for weight in model.weights] != [*wanted, (wanted[1][0], outputs), (outputs,)]:
        raise CheckFailed(f"{name} has other weights than those of a recurrent layer and a Dense layer", hint="Nothing but Dense follows the recurrent layer, and Dense has a bias.")
    if computes:
        _computes(model, layer, x, random, name)


def _recurrent(model, name: str):
    if not isinstance(model, keras.Model):
        alone = "It is the layer alone. A model is asked, with an Input before it and a Dense after it." if is_a(model, keras.layers.Layer) else None
        raise CheckFailed(f"{name} is not a Keras model", hint=NOTHING_RETURNED if model is None else alone, actual=text(model))
    found = [layer for layer in model.layers if is_a(layer, *KINDS)]
    if len(found) != 1:
        raise CheckFailed(
            f"{name} has {'more than one' if found else 'no'} recurrent layer",
            hint="One SimpleRNN, LSTM or GRU is asked.",
            actual=" → ".join(kind(layer).__name__ for layer in model.layers) or "no layers",
        )
    if not found[0].weights:
        raise CheckFailed(f"the recurrent layer of {name} has no weights yet", hint="Keras makes them when it knows the features: begin with keras.Input((timesteps, features)).")
    return found[0]


def _whatever(fn, found: list[tuple], wanted: list[tuple]) -> str | None:
    """Whether the same layer comes for other shapes, too."""
    other = PROBE if wanted != PROBE else [(2, 12), (3, 12)]
    try:
        if [tuple(weight.shape) for weight in _recurrent(call(fn, list(other)), "").weights] == found:
            return "The model is the same whatever the shapes are. Work it out from them, not from the code that stands above them."
    except CheckFailed:
        pass
    return None


def _misread(found: list[tuple], wanted: list[tuple]) -> str:
    """The first thing that the shapes tell and the layer does not follow."""
    (features, width), (units, _) = wanted[:2]
    made_features, made_units = found[0][0], found[1][0]
    if made_features != features:
        return "The features are others: they are the rows of the first weight, the kernel."
    if made_units != units:
        misread = {width: "The width of the kernel is that of all slices together.", features: "The rows of the kernel are the features."}
        return misread.get(made_units, "The units are others.") + " The units are the rows of the second weight, the recurrent kernel."
    if found[0][1] != width:
        return "It is another kind of layer: the width of the kernel, divided by the units, is the number of its slices."
    if len(found) > len(wanted):
        return "There is a bias where none was printed: use_bias=False leaves it out."
    if len(found) < len(wanted):
        return "A third shape was printed: there is a bias."
    return "The bias has another shape: a GRU has two rows of it with reset_after=True, and one without."


def _computes(model, layer, x: np.ndarray, random, name: str) -> None:
    """With weights that show everything, the model is Keras' own layer and a product. It keeps its weights."""
    before = model.get_weights()
    drawn = [random.normal(0, 0.6, weight.shape).astype("float32") for weight in before]
    options = {key: value for key, value in layer.get_config().items() if key in OPTIONS}

    def by_keras(**more):
        twin = next(cls for cls in KINDS if is_a(layer, cls))(**options, return_sequences=True, **more)
        twin.build(x.shape)
        twin.set_weights(drawn[:-2])
        with at_once(twin):
            return as_array(twin(x)) @ drawn[-2] + drawn[-1]

    try:
        model.set_weights(drawn)
        found = as_array(call(model, x, name="the model"))
    finally:
        model.set_weights(before)
    compare(found, by_keras(), f"what {name} computes of its weights", lambda: {
        "It reads backwards: nothing says go_backwards=True.": by_keras(go_backwards=True),
        "The recurrent layer has another activation than tanh, which is what it has if none is given.": by_keras(activation="relu"),
    })  # fmt: skip
