"""Where the referee keeps Keras models from one submission to the next, as their configs describe them: with what was traced of them.

Tracing a model costs more than anything else in most tests, and a class hands in the same few architectures. Only what a checked
config made stands here, of Keras' own classes; weights, and the state of a stateful layer, are set by whoever takes it. What a test did
with one is looked at before it is put back, and where anything but these has changed it is dropped. Nothing that was traced may hold a
number of whoever was before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from grader.checks import noting

MOST_MODELS = 32
MOST_LENT = 200  # of one submission: each is looked at when the next one begins
MOST_NUMBERS = 4_000_000  # in the weights of one
LONGEST_KEY = 100_000  # a model holds its config, and the names in it, many times


@dataclass(frozen=True)
class Lent:
    """A model, and what is to be as it was when it is taken next."""

    key: str
    model: keras.Model
    form: Any
    beside: list[tuple[Any, np.ndarray]]  # variables that are no weights, and their first values: of random generators


_free: OrderedDict[str, list[Lent]] = OrderedDict()
_lent: list[Lent] = []
_offered: list[Lent] = []
_open = False  # as in a student's process, which keeps nothing


def take(key: str) -> keras.Model | None:
    """A model of this form, with whatever weights; None if none stands here. It is the caller's until `take_back`."""
    for one in _offered:
        if one.key == key and _is_as_it_was(one):
            _offered.remove(one)
            return _as_new(one)
    known = _free.get(key) if _open else None
    if not known:
        return None
    found = known.pop(0)  # each test has what it had before, traced for its own sizes
    _lent.append(found)
    return _as_new(found)


@contextmanager
def offering(models: Sequence[Any]) -> Iterator[None]:
    """Within it, those of `models` that were taken here or lent may be taken once more, also if it is closed: nobody needs them now."""
    _offered[:] = [one for one in _lent if any(one.model is model for model in models)]
    try:
        yield
    finally:
        _offered.clear()


def _as_new(found: Lent) -> keras.Model:
    for variable, value in found.beside:
        variable.assign(value)
    if found.model.compiled:
        found.model.reset_metrics()
    found.model.stop_training = False
    vars(found.model).pop("trained_on", None)
    return found.model


def lend(key: str, model: Any) -> None:
    """Note that this is a model of this form, and in use. Before anything is done with it."""
    if not _open or len(_lent) >= MOST_LENT or len(key) > LONGEST_KEY or not _can_stay(model):
        return
    weights = set(map(id, model.weights))
    beside = [(variable, variable.numpy()) for variable in model.variables if id(variable) not in weights]
    _lent.append(Lent(key, model, _form(model), beside))


def take_back() -> None:
    """Nobody uses any of them now: keep those that are as they were, and nothing that was noted of them. It opens the shelf."""
    global _lent, _open
    for one in _lent:
        if _is_as_it_was(one):
            _free.setdefault(one.key, []).append(one)
            _free.move_to_end(one.key)
    _lent, _open = [], True
    noting.forget()
    while sum(map(len, _free.values())) > MOST_MODELS:
        _free.popitem(last=False)


def close() -> None:
    """Neither give nor take until `take_back`. Once hidden arguments are out, which forms stand here would tell of them."""
    global _open
    _open = False


def unnumbered(config: dict) -> dict:
    """The config, with its optimizer named by its class: Keras counts how many a process has made, and its author may have called it anything."""
    compiled = config.get("compile_config")
    optimizer = compiled.get("optimizer") if isinstance(compiled, dict) else None
    if not isinstance(optimizer, dict) or not isinstance(optimizer.get("config"), dict):
        return config
    named = {**optimizer, "config": {**optimizer["config"], "name": str(optimizer.get("class_name")).lower()}}
    return {**config, "compile_config": {**compiled, "optimizer": named}}


def form(config: dict, off_gpu: bool) -> str:
    """The config as a text that tells everything apart: a tuple from a list, and one order of outputs from another. Building changes a config."""
    return repr((config, off_gpu))


def _is_as_it_was(one: Lent) -> bool:
    try:
        return _form(one.model) == one.form and _can_stay(one.model)
    except Exception:  # Keras raises everything there is over a model that it cannot describe any more
        return False


def _can_stay(model: Any) -> bool:
    """Models whose numbers all cross: none in tables, none that was computed from weights.

    A trace keeps the tensors that it met: `Normalization` computes its mean when its weights are set, and what was traced would go on
    with the mean of the submission before.
    """
    if not isinstance(model, keras.Model) or not model.built or sum(prod(weight.shape) for weight in model.weights) > MOST_NUMBERS:
        return False
    layers = model._flatten_layers(include_self=False, recursive=True)
    return not any(hasattr(layer, "get_vocabulary") or _holds_tensors(layer) for layer in layers)


def _holds_tensors(layer: keras.layers.Layer) -> bool:
    """Whether a layer keeps numbers that are no variables."""
    waiting = list(vars(layer).values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, tf.Tensor):
            return True
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)) and len(value) < 100:
            waiting.extend(value)
    return False


def _form(model: keras.Model) -> Any:
    """All of a model but its weights, to compare: config, connections, what hangs at its layers, whether it was trained, and whether it was measured.

    The first labels that a metric sees decide which accuracy it is.
    """
    layers = model._flatten_layers(include_self=True, recursive=True)
    optimizer = getattr(model, "optimizer", None)
    return (
        keras.saving.serialize_keras_object(model),
        [(layer.trainable, len(layer._inbound_nodes), len(layer._outbound_nodes)) for layer in layers],
        [id(value) for layer in layers if layer is not model for value in vars(layer).values() if callable(value)],
        [id(state) for layer in layers if isinstance(layer, keras.layers.RNN) for state in keras.tree.flatten(layer.states or [])],
        None if optimizer is None else (id(optimizer), int(optimizer.iterations)),
        [getattr(vars(model).get(part), "built", None) for part in ("_compile_loss", "_compile_metrics")],
    )
