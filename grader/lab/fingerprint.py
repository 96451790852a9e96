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
LAYER = """
    activation activity_regularizer attention_axes axis bias_constraint bias_regularizer center cropping depth_multiplier
    dilation_rate dims dropout epsilon filters gate_bias go_backwards groups interpolation kernel_constraint kernel_regularizer
    kernel_size key_dim mask_value mask_zero max_value merge_mode momentum n negative_slope num_heads padding pool_size rate
    recurrent_activation recurrent_constraint recurrent_dropout recurrent_regularizer reset_after return_sequences
    return_state scale size stateful stddev strides target_shape threshold units use_bias value_dim zero_output_for_mask
""".split()
LOSS = "alpha axis delta dtype from_logits gamma ignore_class label_smoothing reduction".split()
METRIC = "axis class_id from_logits ignore_class k label_smoothing name num_classes num_thresholds threshold thresholds".split()
OPTIMIZER = """
    amsgrad beta_1 beta_2 centered clipnorm clipvalue ema_momentum ema_overwrite_frequency epsilon global_clipnorm
    gradient_accumulation_steps initial_accumulator_value momentum nesterov rho use_ema weight_decay
""".split()
# A callback keeps its state beside its settings: what changes while it runs is not listed.
CALLBACK = """
    baseline cooldown factor min_delta min_lr mode monitor patience restore_best_weights schedule start_from_epoch
""".split()


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
    """A hash of how `model` is trained: what `compile` was given, and the arguments of `fit`, arrays by their values.

    Left out: verbose, which changes nothing, and validation_data, which `data` hashes.
    """
    compiled = _compiled(model)
    optimizer = getattr(model, "optimizer", None)
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # Keras wraps it for mixed_float16
    settings = {key: value for key, value in fit_kwargs.items() if key not in ("verbose", "validation_data", "callbacks")}
    return _digest(
        [
            _objects(getattr(model, "loss", None), LOSS),
            _objects(compiled.get("loss_weights"), ()),
            _objects(compiled.get("metrics"), METRIC),
            _objects(compiled.get("weighted_metrics"), METRIC),
            _objects(optimizer, OPTIMIZER),
            _rate(optimizer),
            _objects(list(fit_kwargs.get("callbacks") or []), CALLBACK),
            _objects(settings, ()),
            *_precisions(model),
        ]
    )


def _precisions(model) -> list[str]:
    """The dtype policies of the layers where there is any but float32, of which the hashes have never spoken."""
    policies = {layer.dtype_policy.name for layer in model._flatten_layers()}
    return sorted(policies - {"float32"})


def data(*values) -> str:
    """A hash of arrays, nested structures of arrays, or `tf.data.Dataset`s.

    A dataset may be shuffled and batched anew each time. So its rows are hashed one by one, and the
    hashes added: order and batches change nothing, while pairing and the order of timesteps do.
    `padded_batch` pads a row by the length of its neighbours, so zeros at a row's end do not count.
    Elements whose parts all share a leading size are batches, as `fit` takes them; others are rows.
    Raises ValueError for an endless dataset.
    """
    return _digest([_values(value) for value in values])


def _layer(layer) -> list:
    kind = type(layer)
    own = hasattr(kind.call, "__code__") and not str(kind.call.__module__).startswith("keras.")
    return [
        kind.__name__,
        _settings(_config(layer), LAYER),
        bool(layer.trainable),
        [list(weight.shape) for weight in layer.weights],
        *([_function(kind.call)] if own else []),  # of a class of the reader's own, `call` is part of what it computes
    ]


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
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return [_values(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _values(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if hasattr(value, "element_spec"):
        return _dataset(value)
    return _array(value if isinstance(value, np.ndarray) else keras.ops.convert_to_numpy(value))


def _array(array: np.ndarray) -> list:
    text = array.dtype.kind in "OSU"
    content = repr(array.tolist()).encode() if text else np.ascontiguousarray(array).tobytes()
    return ["text" if text else str(array.dtype), list(array.shape), hashlib.sha256(content).hexdigest()]


def _dataset(dataset) -> object:
    import tensorflow as tf

    if int(dataset.cardinality()) == tf.data.INFINITE_CARDINALITY:
        raise ValueError("an endless dataset cannot be fitted once: bound it with .take(n) instead of .repeat()")
    rows, total = 0, 0
    for element in dataset.as_numpy_iterator():
        leaves = [_leaf(leaf) for leaf in tf.nest.flatten(element)]
        sizes = {leaf.shape[0] if leaf.ndim else None for leaf in leaves}
        batched = len(sizes) == 1 and None not in sizes
        for row in zip(*leaves, strict=True) if batched else [leaves]:
            rows += 1
            total += int(_digest([_array(_unpadded(_leaf(part))) for part in row])[:16], 16)
    kinds = tf.nest.map_structure(lambda spec: getattr(getattr(spec, "dtype", None), "name", "none"), dataset.element_spec)
    return [str(kinds), rows, total % 2**64]


def _leaf(value) -> np.ndarray:
    """`value` as an array; text stays Python's own, since NumPy's cuts zero bytes off its end."""
    if hasattr(value, "to_list"):  # a ragged tensor: one list a row
        rows = value.to_list()
        array = np.empty(len(rows), dtype=object)
        for index, row in enumerate(rows):
            array[index] = row
        return array
    return np.array(value, dtype=object) if isinstance(value, (bytes, str, list)) else np.asarray(value)


def _unpadded(row: np.ndarray) -> np.ndarray:
    """`row` (timesteps, ...) without the zeros, or empty strings, that end it."""
    if not row.ndim or not row.size:
        return row
    filled = (row != (b"" if row.dtype.kind == "O" else 0)).reshape(len(row), -1).any(axis=1)
    return row[: np.flatnonzero(filled).max(initial=-1) + 1]


def _compiled(model) -> Mapping:
    """What `compile` was given, by argument; {} before it was called."""
    kept = getattr(model, "_compile_config", None)
    return getattr(kept, "config", None) or {}


def _rate(optimizer) -> object:
    if optimizer is None:
        return None
    rate = getattr(optimizer, "_learning_rate", None)
    if not isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
        return _plain(float(optimizer.learning_rate))
    settings = _config(rate) or vars(rate)
    return [type(rate).__name__, _settings(settings, sorted(key for key in settings if key != "name" and key[0] != "_"))]


def _objects(value, keys) -> object:
    """Names, numbers, arrays, functions and Keras objects, in any nesting; of an object its class and the settings `keys`."""
    if isinstance(value, (list, tuple)):
        return [_objects(item, keys) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _objects(item, keys) for key, item in value.items()}
    if hasattr(value, "shape") or hasattr(value, "element_spec"):
        return _values(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return _plain(value)
    if hasattr(value, "__code__"):
        return _function(value)
    # Huber's delta is in no config: a loss made of a function keeps the function's arguments apart.
    settings = {**getattr(value, "__dict__", {}), **_config(value), **getattr(value, "_fn_kwargs", {})}
    if isinstance(settings.get("min_delta"), (int, float)):
        settings["min_delta"] = abs(settings["min_delta"])  # EarlyStopping turns its sign when it has run
    return [getattr(value, "__name__", type(value).__name__), _settings(settings, keys)]


def _function(function) -> list:
    """A function by its name; one of the student's own by what it names and its numbers too."""
    if str(function.__module__).startswith("keras."):
        return [function.__name__]
    code = function.__code__
    return [function.__name__, list(code.co_names), [_plain(value) for value in code.co_consts if isinstance(value, (int, float))]]


def _settings(settings: Mapping, keys) -> dict:
    return {key: _plain(settings[key]) for key in keys if key in settings}


def _plain(value) -> object:
    """A setting as JSON: floats to six digits, which float32 keeps; what Keras serialised as its class and settings."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        if "class_name" in value:
            return [value["class_name"], _plain(value.get("config"))]
        return {str(key): _plain(item) for key, item in value.items() if key not in ("name", "dtype", "seed")}
    if hasattr(value, "__code__"):
        return _function(value)
    return getattr(value, "__name__", type(value).__name__)


def _config(value) -> dict:
    try:
        return dict(value.get_config())
    except Exception:  # what has no config is known by its class (and a layer by its weights)
        return {}


def _digest(value) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
