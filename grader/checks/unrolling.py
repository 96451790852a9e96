"""Recurrent layers that a check calls on a few timesteps: written out one after the other they take half the time of a loop."""

from __future__ import annotations

from contextlib import contextmanager

import keras

from grader.checks.kinds import kind
from grader.checks.models import inner_layers


@contextmanager
def at_once(*parts: keras.layers.Layer):
    """Within it, every recurrent layer in `parts`, layers or models, runs without a loop; what it computes is the same.

    For a check's own layers and arrays of few timesteps, not for a student's model: a loop refuses states that do not fit, and without
    it some of them pass. All of a model that may make masks is left as it is, since Keras 3.14 and 3.15 mask the outputs of an unrolled
    layer that reads backwards from the wrong end.
    """
    found = [layer for part in parts for layer in _loops(part)]
    for layer in found:
        layer.unroll = True
    try:
        yield
    finally:
        for layer in found:
            layer.unroll = False


def _loops(part) -> list[keras.layers.RNN]:
    inner = inner_layers(part)
    if any(_may_mask(layer) for layer in inner):
        return []
    return [layer for layer in inner if isinstance(layer, keras.layers.RNN) and not layer.unroll]


def _may_mask(layer) -> bool:
    return isinstance(layer, keras.layers.Masking) or getattr(layer, "mask_zero", False) or not kind(layer).__module__.startswith("keras.")
