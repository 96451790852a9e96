"""What kind of layer a layer is, and how a message names it: by its place and Keras' own class, never in the student's words."""

from __future__ import annotations

import keras


def kind(layer) -> type:
    """The class of `layer`. A proxy of a layer in another process answers with the class that it stands for."""
    return getattr(type(layer), "stands_for", None) and layer.stands_for or type(layer)


def is_a(layer, *classes: type) -> bool:
    """Whether `layer` is an instance of one of `classes`, or stands for one."""
    return issubclass(kind(layer), classes)


def place(model, layer) -> str:
    """`layer`, somewhere inside `model`, in words: "layer 2, an LSTM". Inputs are not counted."""
    what = _article(_keras_name(layer))
    outer = [part for part in getattr(model, "layers", []) if not isinstance(part, keras.layers.InputLayer)]
    for number, part in enumerate(outer, start=1):
        if any(inner is layer for inner in part._flatten_layers(include_self=True, recursive=True)):
            return f"layer {number}, {what}"
    return f"the layer, {what}"


def _keras_name(layer) -> str:
    """The nearest of Keras' own classes: a class of the student's own has a name of the student's own."""
    return next(cls.__name__ for cls in kind(layer).__mro__ if cls.__module__.startswith("keras."))


def _article(name: str) -> str:
    """English speaks LSTM, RNN letter by letter, and they begin with a vowel."""
    vowel = name[0] in "AEIOU" or name.startswith(("LSTM", "RNN"))
    return f"{'an' if vowel else 'a'} {name}"
