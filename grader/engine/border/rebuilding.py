"""Make a Keras object of a checked config without giving it more memory than its weights take.

`Dense(10_000_000)` twice is a short config and 400 TB of weights. So variables are first only declared
(`keras.StatelessScope`), counted, and then initialised.
"""

from __future__ import annotations

import copy
from math import prod

import keras
from keras.src.backend.common import global_state

from grader.engine.border.errors import require
from grader.engine.border.trusted import CLASSES

STATEFUL = (keras.layers.Layer, keras.Metric)
SLACK = 100_000  # numbers that are state and not weights: of random generators, of a metric
DECLARED = "uninitialized_variables"  # where Keras keeps what it has declared


def build(config: dict, room: int):
    """The object that `config`, which names only built-ins, describes.

    room: how many numbers its weights may hold. Raises Malformed if they would be more, and whatever
    Keras raises over a config that makes no sense.
    """
    if not issubclass(CLASSES[config["module"], config["class_name"]], STATEFUL):
        return keras.saving.deserialize_keras_object(config, safe_mode=True)
    compiled, bare = config.get("compile_config"), without_compile(config)
    stateless = _without_state(bare, room)
    scope = keras.StatelessScope(initialize_variables=False)
    try:
        with scope:
            value = keras.saving.deserialize_keras_object(copy.deepcopy(stateless), safe_mode=True)
            numbers = sum(prod(variable.shape) for variable in value.variables)
            require(numbers <= room + SLACK, "more weights than came")
            scope.initialize_variables = stateless == bare
    finally:
        global_state.set_global_attribute(DECLARED, [])
    if stateless != bare:  # now that it is known to be small
        value = keras.saving.deserialize_keras_object(bare, safe_mode=True)
    if compiled and isinstance(value, keras.Model):
        value.compile_from_config(compiled)
    return value


def _without_state(part, room: int):
    """`part` with stateful=False: a state is made of numbers, which cannot be declared. It is (batch, units)."""
    if isinstance(part, dict):
        if part.get("stateful"):
            part = {**part, "stateful": False}
        batch = part.get("batch_shape") or [None]
        require(type(batch) in (list, tuple) and (type(batch[0]) is not int or batch[0] <= room + SLACK), "a batch too large")
        return {key: _without_state(item, room) for key, item in part.items()}
    if isinstance(part, (list, tuple)):
        return type(part)(_without_state(item, room) for item in part)
    return part


def without_compile(part):
    """`part` uncompiled, at any depth: an optimizer's variables cannot be declared before they are made."""
    if isinstance(part, dict):
        return {key: without_compile(item) for key, item in part.items() if key != "compile_config"}
    if isinstance(part, (list, tuple)):
        return type(part)(map(without_compile, part))
    return part
