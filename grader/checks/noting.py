"""What a function of the course's makes of a trained model, noted: two tests of an exercise that ask for it have it computed once."""

from __future__ import annotations

import copy
import hashlib

import keras
import numpy as np

_last: tuple | None = None  # the function, what it was given as a digest, and what it made of that


def once(fn, model, *args: np.ndarray):
    """`fn(model, *args)`, or a copy of what it was, if the last call was of the same function, arrays, layers and weights.

    fn: of the course's own, without chance in it. A model with a class of the reader's own, or with a state, is asked anew at every call.
    """
    global _last
    given = _digest(model, args)
    if given is None:
        return fn(model, *args)
    if _last is None or _last[0] is not fn or _last[1] != given:
        _last = fn, given, fn(model, *args)
    return copy.deepcopy(_last[2])


def forget() -> None:
    """Hold nothing of what was computed."""
    global _last
    _last = None


def _digest(model, args: tuple) -> bytes | None:
    if not isinstance(model, keras.Model):
        return None
    layers = model._flatten_layers(include_self=True, recursive=True)
    if not all(type(layer).__module__.startswith("keras.") and not getattr(layer, "stateful", False) for layer in layers):
        return None
    digest = hashlib.blake2b(repr(keras.saving.serialize_keras_object(model)).encode(), digest_size=16)
    for array in (*model.get_weights(), *map(np.asarray, args)):
        digest.update(f"{array.dtype} {array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return digest.digest()
