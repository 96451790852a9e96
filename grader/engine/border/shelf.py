"""Where the referee keeps Keras models from one submission to the next, as their configs describe them: with what was traced of them.

Tracing a model costs more than anything else in most tests, and a class hands in the same few architectures. Only what a checked
config made stands here, of Keras' own classes; the weights are set by whoever takes it. What a test did with one is looked at
before it is put back, and where anything but weights has changed it is dropped.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from math import prod
from typing import Any

import keras
import numpy as np

MOST_MODELS = 32
MOST_NUMBERS = 4_000_000  # in the weights of one


@dataclass(frozen=True)
class Lent:
    """A model, and what is to be as it was when it is taken next."""

    key: str
    model: keras.Model
    form: Any
    beside: list[tuple[Any, np.ndarray]]  # variables that are no weights, and their first values: of random generators


_free: OrderedDict[str, list[Lent]] = OrderedDict()
_lent: list[Lent] | None = None  # None: nothing is kept, as in a student's process


def take(config: dict, off_gpu: bool) -> keras.Model | None:
    """A model that `config` describes, with whatever weights; None if none stands here. It is the caller's until `take_back`."""
    known = _free.get(_key(config, off_gpu))
    if _lent is None or not known:
        return None
    found = known.pop()
    for variable, value in found.beside:
        variable.assign(value)
    if found.model.compiled:
        found.model.reset_metrics()
    found.model.stop_training = False
    vars(found.model).pop("trained_on", None)
    _lent.append(found)
    return found.model


def lend(config: dict, off_gpu: bool, model: Any) -> None:
    """Note that `config` made this, and that it is in use. Before anything is done with it."""
    if _lent is None or not _can_stay(model):
        return
    weights = set(map(id, model.weights))
    beside = [(variable, variable.numpy()) for variable in model.variables if id(variable) not in weights]
    _lent.append(Lent(_key(config, off_gpu), model, _form(model), beside))


def take_back() -> None:
    """Nobody uses any of them now: keep those that are as they were. Called first, it opens the shelf."""
    global _lent
    for one in _lent or []:
        if _form(one.model) == one.form:
            _free.setdefault(one.key, []).append(one)
            _free.move_to_end(one.key)
    _lent = []
    while sum(map(len, _free.values())) > MOST_MODELS:
        _free.popitem(last=False)


def _key(config: dict, off_gpu: bool) -> str:
    """The config as a text, but for the optimizer's name, which counts how many a process has made."""
    compiled = config.get("compile_config")
    optimizer = compiled.get("optimizer") if isinstance(compiled, dict) else None
    if isinstance(optimizer, dict) and isinstance(optimizer.get("config"), dict):
        unnamed = {**optimizer, "config": {**optimizer["config"], "name": ""}}
        config = {**config, "compile_config": {**compiled, "optimizer": unnamed}}
    return json.dumps([config, off_gpu], sort_keys=True)


def _can_stay(model: Any) -> bool:
    """Models that have no state but weights: none that is carried over batches, none in tables."""
    if not isinstance(model, keras.Model) or not model.built or sum(prod(weight.shape) for weight in model.weights) > MOST_NUMBERS:
        return False
    layers = model._flatten_layers(include_self=False, recursive=True)
    return not any(getattr(layer, "stateful", False) or hasattr(layer, "get_vocabulary") for layer in layers)


def _form(model: keras.Model) -> Any:
    """All of a model but its weights, to compare: config, connections, what hangs at its layers, and whether it was trained."""
    layers = model._flatten_layers(include_self=True, recursive=True)
    optimizer = getattr(model, "optimizer", None)
    return (
        keras.saving.serialize_keras_object(model),
        [(layer.trainable, len(layer._inbound_nodes), len(layer._outbound_nodes)) for layer in layers],
        [id(value) for layer in layers if layer is not model for value in vars(layer).values() if callable(value)],
        None if optimizer is None else (id(optimizer), int(optimizer.iterations)),
    )
