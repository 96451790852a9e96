"""Short descriptions of values, for messages: a shape, a type, a few numbers."""

from __future__ import annotations

import functools
import types

import numpy as np

LONGEST = 300
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial)


def shape_of(value) -> tuple | None:
    """The shape of an array, tensor or KerasTensor, as a tuple with None for unknown axes; None if it has none."""
    shape = getattr(value, "shape", None)
    if shape is None or callable(shape):
        return None
    try:
        return tuple(None if axis is None else int(axis) for axis in shape)
    except (TypeError, ValueError):
        return None


def as_array(value) -> np.ndarray:
    """`value` as a NumPy array: tensors of any backend, lists, numbers.

    Raises TypeError or ValueError where NumPy cannot.
    """
    if isinstance(value, np.ndarray):
        return value
    if shape_of(value) is not None and (not hasattr(value, "__array__") or hasattr(value, "requires_grad")):
        import keras

        return keras.ops.convert_to_numpy(value)  # PyTorch's tensors do not become arrays by themselves while they have gradients
    return np.asarray(value)


def text(value) -> str:
    """A description of `value` that fits in a message."""
    if value is None:
        return "None"
    if isinstance(value, (list, tuple)) and value and all(shape_of(item) for item in value):
        kind = type(value).__name__
        return f"a {kind} of {len(value)} arrays of shapes " + ", ".join(shape_text(shape_of(item)) for item in value)
    shape = shape_of(value)
    if shape is not None:
        try:
            array = as_array(value)
        except Exception:  # a symbolic tensor has a shape and no values
            return f"{type(value).__name__} of shape {shape_text(shape)}"
        if array.ndim == 0:
            return _clip(repr(array.item()))
        if array.size <= 64:
            return _clip(np.array2string(array, precision=5, separator=", ", threshold=64))
        return f"array of shape {shape_text(shape)} and dtype {array.dtype}"
    if is_class(value):
        return "a class"
    if isinstance(value, FUNCTIONS) or hasattr(type(value), "_again_"):
        return "a function"
    if type(value).__repr__ is object.__repr__:
        return f"<{type(value).__name__} object>"  # no address: it is another in every process
    return _clip(repr(value))


def is_class(value) -> bool:
    """Whether `value` is a class, or stands for one of the student's."""
    return isinstance(value, type) or getattr(type(value), "of_a_class", False) is True


def shape_text(shape) -> str:
    """`(4, None, 16)`, for a message."""
    return "(" + ", ".join(str(axis) for axis in shape) + ("," if len(shape) == 1 else "") + ")"


def _clip(string: str) -> str:
    return string if len(string) <= LONGEST else string[: LONGEST - 1] + "…"
