"""What a model is made of: its layers, their weights, and how many numbers it learns."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.describe import as_array, shape_of, shape_text, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a, kind, place


def parameters(model, expected: int, name: str = "the model") -> None:
    """`model` (a model, a layer, or a count) must have `expected` parameters.

    Raises CheckFailed with the count of each layer, and names a forgotten bias or a
    forgotten `reset_after` where that explains the difference.
    """
    layer = model if isinstance(model, keras.layers.Layer) else None
    if layer is None:
        found = _count(model)
        if found is None:
            raise CheckFailed(
                f"{name} has no parameters to count",
                hint=_no_count_hint(model),
                actual=text(model),
            )
    else:
        if not layer.built:
            raise CheckFailed(
                f"{name} has no weights yet",
                hint="Keras makes them when the input shape is known: begin with keras.Input(shape=(timesteps, features)).",
            )
        found = layer.count_params()
    if found == expected:
        return
    raise CheckFailed(
        f"{name} has the wrong number of parameters",
        hint=_miscount(layer, found, expected) if layer is not None else None,
        expected=f"{expected:,}",
        actual=f"{found:,}" + (f"\n{_table(layer)}" if layer is not None else ""),
    )


def weights(layer, shapes: list[tuple], name: str = "the layer") -> None:
    """The weights of `layer` must have these shapes, in Keras' order: kernel, recurrent kernel, bias.

    Raises CheckFailed.
    """
    if not isinstance(layer, keras.layers.Layer):
        raise CheckFailed(f"{name} is not a Keras layer or model", actual=text(layer))
    found = [tuple(weight.shape) for weight in layer.weights]
    wanted = [tuple(shape) for shape in shapes]
    if found == wanted:
        return
    hint = None
    if not found:
        hint = "It has no weights yet: call it on data, or begin the model with keras.Input(...)."
    elif len(found) == len(wanted) - 1 and found == wanted[:-1]:
        hint = "The last weight, the bias, is missing: use_bias=True."
    elif len(wanted) == len(found) - 1 and wanted == found[:-1]:
        hint = "There is one weight too many, the bias: use_bias=False."
    raise CheckFailed(
        f"the weights of {name} have the wrong shapes",
        hint=hint,
        expected=", ".join(map(shape_text, wanted)),
        actual=", ".join(map(shape_text, found)) or "none",
    )


def layers(model, classes: list[type], name: str = "the model") -> None:
    """The layers of `model`, without its inputs, must be of these classes, in order.

    Raises CheckFailed.
    """
    if not isinstance(model, keras.Model):
        raise CheckFailed(f"{name} is not a Keras model", hint=_no_model_hint(model), actual=text(model))
    found = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    if len(found) == len(classes) and all(kind(layer) is cls for layer, cls in zip(found, classes, strict=True)):
        return
    raise CheckFailed(
        f"{name} has other layers than were asked for",
        expected=" → ".join(cls.__name__ for cls in classes),
        actual=" → ".join(kind(layer).__name__ for layer in found) or "none",
    )


def recurrent(model, name: str = "the model") -> None:
    """Something in `model` must go from timestep to timestep: a recurrent layer, or a layer of the reader's own class, which may.

    Raises CheckFailed.
    """
    if not isinstance(model, keras.Model):
        raise CheckFailed(f"{name} is not a Keras model", hint=_no_model_hint(model), actual=text(model))
    found = inner_layers(model)
    if any(is_a(layer, keras.layers.RNN) or not kind(layer).__module__.startswith("keras.") for layer in found):
        return
    raise CheckFailed(
        f"{name} has no recurrent layer",
        hint="Nothing in it carries a state from timestep to timestep. A recurrent layer is asked, an LSTM or a GRU.",
        actual=" → ".join(kind(layer).__name__ for layer in found) or "none",
    )


def inner_layers(model) -> list[keras.layers.Layer]:
    """All layers inside `model`, wrappers opened, each once; `model` itself if it is a plain layer."""
    found = model._flatten_layers(include_self=True, recursive=True)
    return [layer for layer in found if not isinstance(layer, (keras.Model, keras.layers.InputLayer))]


def _no_model_hint(value) -> str | None:
    return NOTHING_RETURNED if value is None else None


def _count(value) -> int | None:
    """`value` as a whole number: an int, a float such as 480.0, NumPy's or a tensor's; None if it is none."""
    if not isinstance(value, (int, float)) and shape_of(value) != ():
        return None
    try:
        number = as_array(value).item()
    except Exception:
        return None
    whole = isinstance(number, int) or isinstance(number, float) and number.is_integer()
    return int(number) if whole and not isinstance(number, bool) else None


def _no_count_hint(value) -> str:
    if value is None:
        return NOTHING_RETURNED
    if isinstance(value, (int, float, np.generic)):
        return "A count is an integer."
    return "A Keras model or layer is expected, or a count, which is an integer."


def _table(layer) -> str:
    rows = [
        (f"{inner.name} ({kind(inner).__name__})", inner.count_params())
        for inner in getattr(layer, "layers", [layer])
        if inner.built and inner.count_params()
    ]
    width = max((len(label) for label, _ in rows), default=0)
    return "\n".join(f"{label:<{width}}  {count:>12,}" for label, count in rows)


def _miscount(layer, found: int, expected: int) -> str | None:
    """Which common slip changes the count by just this difference."""
    parts = inner_layers(layer)
    biased = [part for part in parts if _bias(part)]
    gap = expected - found
    bare = any(is_a(part, keras.layers.Attention) and not part.count_params() for part in parts)  # Keras' AdditiveAttention is one, too
    if bare and any(_bias(part) == gap and not part.use_bias for part in biased):  # a bias that was not asked has as many
        return "An attention layer here has nothing to learn. AdditiveAttention has one number for each unit, its scale."
    for part in parts:
        if is_a(part, keras.layers.GRU) and part.use_bias and abs(gap) == 3 * part.units:
            now = "has" if part.reset_after else "lacks"
            return f"A GRU with reset_after=True keeps two biases a gate, 3u more; {place(layer, part)}, {now} them."
    for part in biased:
        if -_bias(part) == gap and part.use_bias:
            return f"The difference is the bias of {place(layer, part)}: use_bias=False leaves it out."
        if _bias(part) == gap and not part.use_bias:
            return f"The difference is the bias of {place(layer, part)}: it has use_bias=False."
    if len(biased) > 1 and sum(_bias(part) for part in biased) == abs(gap):
        return "The difference is the bias of all the layers together."
    recurrent = {keras.layers.LSTM: 4, keras.layers.GRU: 3, keras.layers.SimpleRNN: 1}
    for part in parts:
        if kind(part) not in recurrent:
            continue
        features = int(part.weights[0].shape[0])
        for cls, gates in recurrent.items():
            if cls is kind(part):
                continue
            extra = 2 if cls is keras.layers.GRU else 1
            if gates * part.units * (features + part.units + extra) - part.count_params() == gap:
                return f"With {cls.__name__} in place of {kind(part).__name__} the count would be right."
    return None


def _bias(layer) -> int:
    """How many numbers the bias of `layer` has, or would have."""
    if is_a(layer, keras.layers.LSTM):
        return 4 * layer.units
    if is_a(layer, keras.layers.GRU):
        return (6 if layer.reset_after else 3) * layer.units
    if is_a(layer, keras.layers.SimpleRNN, keras.layers.Dense):
        return layer.units
    return 0
