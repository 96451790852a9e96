"""Shapes, and what a wrong one says about the layer that made it."""

from __future__ import annotations

import numpy as np

from grader.checks.describe import as_array, is_class, shape_of, shape_text, text
from grader.checks.detectors import in_order
from grader.checks.failure import NOTHING_RETURNED, CheckFailed

# How many state tensors a layer keeps: Hochreiter & Schmidhuber's LSTM has h and c, the others h alone.
STATES = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}


def shape(actual, expected: tuple, name: str) -> None:
    """`actual` (an array, a tensor, or a shape tuple) must have the shape `expected`; None in it matches any size.

    Raises CheckFailed, and says what a lost, added or swapped axis means.
    """
    expected = tuple(expected)
    found = _shape(actual)
    if found is None:
        raise CheckFailed(
            f"{name} has no shape",
            hint=_no_shape_hint(actual),
            expected=shape_text(expected),
            actual=text(actual),
        )
    if _matches(found, expected):
        return
    raise CheckFailed(
        f"{name} has the wrong shape",
        hint=shape_hint(found, expected),
        expected=shape_text(expected),
        actual=shape_text(found),
    )


def states(value, layer: str, batch: int, units: int, name: str = "the state") -> None:
    """`value` must be the state of a `layer` ("LSTM", "GRU" or "SimpleRNN"): one or two tensors of shape (batch, units).

    A GRU or SimpleRNN state may stand alone or in a list of one, as Keras accepts both.
    Raises CheckFailed; ValueError for a layer that is not listed.
    """
    if layer not in STATES:
        raise ValueError(f"layer must be one of {', '.join(STATES)}, not {layer!r}")
    wanted = STATES[layer]
    tensors = list(value) if isinstance(value, (list, tuple)) else [value]
    if len(tensors) != wanted:
        hint = {
            "LSTM": "An LSTM has two states, h and c: initial_state=[h, c].",
            "GRU": "A GRU has one state, h. Keras takes a second one without a word and ignores it.",
            "SimpleRNN": "A SimpleRNN has one state, h, and it equals its last output.",
        }[layer]
        if layer == "LSTM" and len(tensors) == 4:
            hint = "Four are what a bidirectional LSTM returns: lay the two h side by side, and the two c, for [h, c]."
        if len(tensors) == wanted + 1 and _leads_with_output(tensors):
            hint = "The first of them is the layer's output, which return_state=True puts before the states: leave it out."
        raise CheckFailed(
            f"{name} has {len(tensors)} tensor{'s' * (len(tensors) != 1)}; this layer keeps {wanted}",
            hint=hint,
            expected=f"{wanted} of shape ({batch}, {units})",
            actual=text(value),
        )
    for tensor, letter in zip(tensors, "hc", strict=False):
        shape(tensor, (batch, units), f"{name} ({letter})")


def _leads_with_output(tensors: list) -> bool:
    """Whether the first has timesteps, or is the last output: h, which comes after it, once more."""
    if any(shape_of(tensor) is None for tensor in tensors):
        return False
    if len(shape_of(tensors[0])) == 3:
        return len(shape_of(tensors[1])) == 2
    try:
        return len(tensors) == 3 and bool(np.allclose(as_array(tensors[0]), as_array(tensors[1])))
    except (TypeError, ValueError):  # symbolic, or of two shapes
        return False


def _shape(value) -> tuple | None:
    """The shape that `value` has or, as a tuple or TensorShape, is. A list of integers is data, and has none."""
    if type(value).__name__ == "TensorShape":
        value = tuple(value) if value.rank is not None else None
    if isinstance(value, tuple) and all(axis is None or _is_size(axis) for axis in value):
        return tuple(None if axis is None else int(axis) for axis in value)
    return shape_of(value)


def _is_size(axis) -> bool:
    return isinstance(axis, (int, np.integer)) and not isinstance(axis, bool)


def _matches(found: tuple, expected: tuple) -> bool:
    return len(found) == len(expected) and all(e is None or f == e for f, e in zip(found, expected, strict=True))


def _no_shape_hint(value) -> str:
    if value is None:
        return NOTHING_RETURNED
    if isinstance(value, (list, tuple)) and value and all(shape_of(item) is not None for item in value):
        if all(len(shape_of(item)) >= 2 for item in value):
            return (
                "This is several tensors where one is asked. If they come of a layer with return_state=True, they are its output "
                "and its states: unpack them, and hand on only what is asked."
            )
        return "It is a list of arrays; one array is asked: np.stack(...) or np.array(...) makes one of rows of the same shape."
    if is_class(value):
        return "A class stands where an instance of it, or what it makes, is expected: call it."
    if isinstance(value, (list, tuple)):
        return "This is a Python list. np.array(...) makes it an array, if all rows have one length."
    return "An array or a tensor is expected."


def shape_hint(found: tuple, expected: tuple, axes: tuple[str, ...] = ()) -> str | None:
    """What a wrong shape says for sure, in words without a size; None if nothing.

    axes: what the axes are called, where they are not those of sequences.
    """
    if len(expected) == 3 and len(found) == 2 and not axes:
        batch, steps, features = expected
        if _matches(found, (batch, steps)) and not (steps == features and features not in (1, None)):
            return (
                "The feature axis is missing. x[..., np.newaxis] makes (batch, timesteps, features) of (batch, timesteps)."
                if features == 1
                else "The feature axis is missing: shapes are (batch, timesteps, features)."
            )
        if _matches(found, (batch, features)):
            return (
                "The timesteps are missing: there is one vector per sequence. "
                "If a recurrent layer made it: return_sequences=True returns one vector per timestep."
            )
    if len(expected) == 2 and len(found) == 3 and not axes and _matches((found[0], found[2]), expected):
        return (
            "There is one vector per timestep where one per sequence is expected. "
            "If a recurrent layer made it: remove return_sequences=True from the last one."
        )
    if len(found) == len(expected):
        if None not in expected and sorted(map(str, found)) == sorted(map(str, expected)):
            return f"The sizes are right and their order is not. {in_order(axes)}"
        wrong = [axis for axis, (f, e) in enumerate(zip(found, expected, strict=True)) if e is not None and f != e]
        if len(wrong) == 1 and found[wrong[0]] is not None:
            axis = wrong[0]
            off = found[axis] - expected[axis]
            if abs(off) == 1:
                return f"Axis {axis} is {'one too long' if off > 0 else 'one too short'}."
            if axis == len(expected) - 1 and len(expected) > 1 and not axes:
                return "Only the last axis differs. If a layer made it: the last axis has as many places as the layer has units."
            return f"Only axis {axis} is {'too long' if off > 0 else 'too short'}."
    if len(found) == len(expected) + 1 and _matches(found[:-1], expected) and found[-1] == 1:
        return "There is a last axis of size 1 too many: np.squeeze(..., axis=-1) or [..., 0] removes it."
    if expected and expected[0] == 1 and _matches(found, expected[1:]):
        return "The batch axis is missing: a single example still needs a first axis of 1."
    if len(found) == len(expected) - 1:
        gone = [axis for axis in range(len(expected)) if _matches(found, expected[:axis] + expected[axis + 1 :])]
        if len(gone) == 1:
            return f"Axis {gone[0]} is gone: was it averaged or summed away, or one place of it taken?"
    if len(found) == len(expected) + 1:
        more = [axis for axis in range(len(found)) if _matches(found[:axis] + found[axis + 1 :], expected)]
        if len(more) == 1:
            return f"Axis {more[0]} is one too many."
    return None
