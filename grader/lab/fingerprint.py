"""Hashes that tell whether a model and its data are the ones a receipt was written for.

They must agree between Keras versions, so nothing of a raw config goes in: layer classes,
connections, weight shapes, and those settings whose names and values Keras has kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import keras
import numpy as np

# Settings that change what a layer computes, under names that are the same in all supported versions.
SETTINGS = (
    "activation",
    "axis",
    "dilation_rate",
    "dropout",
    "filters",
    "go_backwards",
    "kernel_size",
    "mask_value",
    "mask_zero",
    "merge_mode",
    "padding",
    "pool_size",
    "rate",
    "recurrent_activation",
    "recurrent_dropout",
    "reset_after",
    "return_sequences",
    "return_state",
    "stateful",
    "strides",
    "units",
    "use_bias",
)


def architecture(model: keras.Model) -> str:
    """A hash of what `model` computes, apart from the values of its weights."""
    layers = list(model._flatten_layers(include_self=True, recursive=True))
    return _digest(
        {
            "layers": [_layer(layer) for layer in layers],
            "connections": [_connections(layer) for layer in layers],
            "weights": [list(weight.shape) for weight in model.weights],
        }
    )


def training(model: keras.Model, fit_kwargs: Mapping) -> str:
    """A hash of how `model` is trained: loss, optimizer, learning rate, and the arguments of `fit`."""
    optimizer = getattr(model, "optimizer", None)
    rate = None
    if optimizer is not None:
        schedule = getattr(optimizer, "_learning_rate", None)
        if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
            rate = [type(schedule).__name__, float(schedule(0)), float(schedule(1000))]
        else:
            rate = float(f"{float(optimizer.learning_rate):.6g}")
    settings = {key: _setting(value) for key, value in sorted(fit_kwargs.items()) if key not in ("verbose", "validation_data")}
    return _digest([_name(getattr(model, "loss", None)), type(optimizer).__name__, rate, settings])


def data(*values) -> str:
    """A hash of arrays, nested structures of arrays, or `tf.data.Dataset`s.

    A dataset may be shuffled or batched anew each time, so it is hashed by what does not
    depend on order: element structure, number of values, their sum and sum of squares.
    Raises ValueError for an endless dataset.
    """
    return _digest([_values(value) for value in values])


def _layer(layer) -> list:
    try:
        config = layer.get_config()
    except NotImplementedError:  # a custom layer without a config is known by its class and weights
        config = {}
    settings = {key: _setting(config[key]) for key in SETTINGS if key in config and not isinstance(config[key], dict)}
    return [type(layer).__name__, settings, [list(weight.shape) for weight in layer.weights]]


def _connections(layer) -> list | None:
    """Which operation feeds which in a functional or sequential model; None for other layers."""
    graph = getattr(layer, "_functional", layer)
    operations = getattr(graph, "operations", None)
    if operations is None or not hasattr(graph, "_nodes"):
        return None
    number = {id(operation): index for index, operation in enumerate(operations)}
    own = {id(node) for node in graph._nodes}

    def sources(tensors) -> list[int]:
        return [number.get(id(tensor._keras_history.operation), -1) for tensor in tensors]

    return [
        sources(graph.inputs),
        sources(graph.outputs),
        [sources(node.input_tensors) for operation in operations for node in operation._inbound_nodes if id(node) in own],
    ]


def _values(value) -> object:
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return [_values(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _values(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if hasattr(value, "element_spec"):
        return _dataset(value)
    array = np.ascontiguousarray(keras.ops.convert_to_numpy(value) if not isinstance(value, np.ndarray) else value)
    content = array.tobytes() if array.dtype.kind != "O" else repr(array.tolist()).encode()
    return [str(array.dtype), list(array.shape), hashlib.sha256(content).hexdigest()]


def _dataset(dataset) -> object:
    import tensorflow as tf

    if int(dataset.cardinality()) == tf.data.INFINITE_CARDINALITY:
        raise ValueError("an endless dataset cannot be fitted once: bound it with .take(n) instead of .repeat()")
    totals: dict[int, list[float]] = {}
    for element in dataset.as_numpy_iterator():
        for index, leaf in enumerate(tf.nest.flatten(element)):
            array = np.asarray(leaf)
            numbers = array.astype("float64") if array.dtype.kind in "fiub" else np.frompyfunc(len, 1, 1)(array).astype("float64")
            total = totals.setdefault(index, [0.0, 0.0])
            total[0] += float(numbers.sum())
            total[1] += float((numbers**2).sum())
    return [
        str(tf.nest.map_structure(lambda spec: spec.dtype.name, dataset.element_spec)),
        {index: [f"{number:.5g}" for number in total] for index, total in totals.items()},
    ]


def _setting(value) -> object:
    if isinstance(value, (list, tuple)):
        return [_setting(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _setting(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    return _name(value)


def _name(value) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return getattr(value, "__name__", None) or type(value).__name__


def _digest(value) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
