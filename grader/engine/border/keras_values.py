"""Keras' objects by value: a checked config and the weights, rebuilt from trusted built-in classes in safe mode.

An object that holds anything of the student's own stays where it is, and a proxy crosses.
"""

from __future__ import annotations

import types
import warnings
from contextlib import nullcontext
from functools import partial

import keras
import numpy as np

from grader.engine.border import shelf
from grader.engine.border.codec import FINDERS, reads, writes
from grader.engine.border.errors import Malformed, Uncrossable, require
from grader.engine.border.rebuilding import STATEFUL, build, without_compile
from grader.engine.border.trusted import NAME_OF, NAMES, TYPES, built_in, check_config

FUSED = (keras.layers.LSTM, keras.layers.GRU)
WORDS = (keras.layers.StringLookup, keras.layers.IntegerLookup, keras.layers.TextVectorization)
LONGEST_DEVICE = 200


def write_keras(writer, value):
    config = _trusted_config(value)
    if config is None:
        return writer.refer(value)
    weights, fused, built = [], [], False
    if isinstance(value, STATEFUL):
        weights = [keras.ops.convert_to_numpy(variable) for variable in _state(value)]
    if isinstance(value, keras.layers.Layer):
        fused = [layer.use_cudnn for layer in _fused(value)]  # which is in no config
        built = bool(value.built)
    return {"keras": writer.each(value, (config, weights, fused, built, _off_gpu(value), _trained_on(value)))}


@reads("keras")
def read_keras(reader, content):
    parts = reader.each(content)
    require(len(parts) == 6)
    config, weights, fused, built, off_gpu, trained_on = parts
    require(type(config) is dict and "class_name" in config and type(weights) is list and type(fused) is list)
    require(all(type(weight) is np.ndarray for weight in weights) and type(built) is type(off_gpu) is bool)
    require(trained_on is None or type(trained_on) is str and len(trained_on) <= LONGEST_DEVICE)
    check_config(config)
    config = shelf.unnumbered(config)
    try:
        with keras.device("cpu:0") if off_gpu else nullcontext(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            form = shelf.form(config, off_gpu)
            value = shelf.take(form)
            if value is None:
                value = build(config, room=sum(weight.size for weight in weights))
                require(type(value) in TYPES, "something that is not Keras' own")
                shelf.lend(form, value)
            if isinstance(value, STATEFUL):
                _restore(value, weights)
            if isinstance(value, keras.layers.Layer):
                _restore_fused(value, fused)
                value.built = built  # a layer without weights may have no config of how it was built
            if isinstance(value, keras.Model) and trained_on is not None:
                value.trained_on = trained_on  # its author's word, as the receipt is; only `check.on_gpu` asks
    except Malformed:
        raise
    except Exception:  # Keras raises everything there is over a config that makes no sense
        raise Malformed("a config that Keras cannot read") from None
    return value


def _restore_fused(value, fused: list) -> None:
    layers = _fused(value)
    require(len(fused) == len(layers) and all(flag in ("auto", True, False) for flag in fused))
    for layer, flag in zip(layers, fused, strict=True):
        layer.use_cudnn = flag


def _restore(value, weights: list[np.ndarray]) -> None:
    variables = _state(value)
    require(len(variables) == len(weights), "another number of weights than the layers have")
    for variable, weight in zip(variables, weights, strict=True):
        require(tuple(variable.shape) == weight.shape, "weights of another shape than the layers have")
        require(weight.dtype.kind in "biufV" and keras.backend.standardize_dtype(weight.dtype) == variable.dtype)
    for variable, weight in zip(variables, weights, strict=True):
        variable.assign(weight)
    if isinstance(value, keras.layers.Layer):
        for layer in value._flatten_layers(include_self=True, recursive=True):
            if isinstance(layer, keras.layers.Normalization) and layer.built:
                layer.finalize_state()  # it computes with copies of its weights


def _state(value) -> list:
    """The variables that cross: weights, what a metric has counted, and the states of stateful layers, which no list holds."""
    if not isinstance(value, keras.layers.Layer):
        return value.variables
    recurrent = [layer for layer in value._flatten_layers(include_self=True, recursive=True) if isinstance(layer, keras.layers.RNN)]
    states = [layer.states for layer in recurrent if layer.stateful and layer.states is not None]
    return value.weights + keras.tree.flatten(states)


def _fused(value) -> list:
    return [layer for layer in value._flatten_layers(include_self=True, recursive=True) if isinstance(layer, FUSED)]


def _off_gpu(value) -> bool:
    """Whether there is a GPU and the weights are not on it; they are then not put there on the other side."""
    devices = [getattr(getattr(variable, "value", None), "device", "") or "" for variable in getattr(value, "weights", [])]
    if not any("GPU" in device for device in devices):
        import tensorflow as tf

        return bool(devices) and bool(tf.config.list_physical_devices("GPU"))
    return not all("GPU" in device for device in devices)


def _trained_on(value) -> str | None:
    """Where `lab.fit_once` trained a model, or its receipt says it did."""
    said = getattr(value, "trained_on", None)
    return said[:LONGEST_DEVICE] if type(said) is str else None


def _trusted_config(value) -> dict | None:
    """The config of `value`, or None if it names anything but built-ins. A loss of the student's own is left out."""
    if isinstance(value, keras.layers.Layer):
        inner = value._flatten_layers(include_self=True, recursive=True)
        if not all(built_in(type(layer)) for layer in inner) or not all(map(_is_keras, _functions(inner))):
            return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            config = _plain(keras.saving.serialize_keras_object(value))
        if isinstance(value, WORDS) or isinstance(value, keras.Model):
            _add_words(value, config)
    except Exception:  # Keras raises everything there is over an object it cannot describe
        return None
    compiled = getattr(getattr(value, "_compile_config", None), "config", None)
    if not all(map(_is_keras, keras.tree.flatten(compiled))):
        config = without_compile(config)
    for candidate in (config, without_compile(config)):
        try:
            check_config(candidate)
        except Malformed:
            continue
        return candidate if candidate.get("class_name") else None
    return None


def _functions(layers: list) -> list:
    """The functions that layers keep, such as activations: a config has only their names, and names can be shared."""
    plain = [layer for layer in layers if not isinstance(layer, keras.Model)]  # a model keeps its loss, which may be left out
    return [item for layer in plain for item in vars(layer).values() if callable(item)]


def _is_keras(item) -> bool:
    """Whether a function is Keras' own. All that is no function is looked at in its config."""
    if isinstance(item, (types.FunctionType, types.BuiltinFunctionType, partial)):
        return (getattr(item, "__module__", None) or "").startswith("keras.")
    return True


def _plain(part):
    """`part` with plain dictionaries, lists, texts and numbers in place of Keras' and NumPy's own."""
    if isinstance(part, dict):
        return {str(key): _plain(item) for key, item in part.items()}
    if isinstance(part, tuple):
        return tuple(map(_plain, part))
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if isinstance(part, np.generic):
        return part.item()
    if isinstance(part, np.ndarray):
        return part.tolist()
    if isinstance(part, str):
        return str(part)
    return part


def _add_words(value, config: dict) -> None:
    """Write the words that were learned from data into the configs; Keras keeps them in a file beside its own."""
    layers = [layer for layer in value._flatten_layers(include_self=True, recursive=True) if type(layer) in WORDS]
    known = {layer.name: layer for layer in layers}
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            settings = part.get("config")
            if part.get("class_name") in ("StringLookup", "IntegerLookup", "TextVectorization") and settings["name"] in known:
                layer = known[settings["name"]]
                if getattr(layer, "output_mode", getattr(layer, "_output_mode", "")) in ("tf_idf", "tf-idf"):
                    raise Uncrossable("keras", layer)
                settings["vocabulary"] = _vocabulary(layer)
                settings["vocabulary_size"] = None
            waiting.extend(part.values())
        elif isinstance(part, (list, tuple)):
            waiting.extend(part)


def _vocabulary(layer) -> list | None:
    words = layer.get_vocabulary(include_special_tokens=False)
    words = [word.item() if isinstance(word, np.generic) else word for word in words]
    return words or None


@writes(types.FunctionType, type)
def write_named(writer, value):
    """Keras' own functions and classes cross by their public name; all others stay where they are."""
    name = NAME_OF.get(id(value))
    return {"named": name} if name else writer.refer(value)


@reads("named")
def read_named(reader, name):
    require(type(name) is str and name in NAMES, "a name that is not Keras' own")
    return NAMES[name]


def write_history(writer, value):
    parts = (value.history, value.epoch, value.params, getattr(value, "receipt", None))
    return {"history": writer.each(value, parts)}


@reads("history")
def read_history(reader, content):
    parts = reader.each(content)
    require(len(parts) == 4 and type(parts[0]) is dict and type(parts[1]) is list)
    history = keras.callbacks.History()
    history.history, history.epoch, history.params, receipt = parts
    if receipt is not None:
        history.receipt = receipt
    return history


@FINDERS.append
def find(kind: type):
    if kind in TYPES:
        return write_keras
    if issubclass(kind, keras.callbacks.History):
        return write_history
    return None
