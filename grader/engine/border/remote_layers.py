"""Keras layers and models of the student's own: proxies that Keras' own words work on.

What can be said without asking is mirrored when the proxy crosses: whether it is built, the shapes
of its weights, the layers inside it. Calling it, and any other public attribute, goes across.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from grader.engine.border.arrays import read_shape
from grader.engine.border.codec import reads, writes
from grader.engine.border.errors import CannotCross, require
from grader.engine.border.proxies import Link, plain_name
from grader.engine.border.trusted import NAME_OF, NAMES, TYPES


@dataclass(frozen=True)
class Mirror:
    """What a proxy says without asking. stands_for: the original's class, or one that derives from what it derives from."""

    name: str
    stands_for: type
    built: bool
    weights: list[tuple]
    layers: list[keras.layers.Layer]


class Look:
    """A layer whose mirror is asked for."""

    def __init__(self, layer):
        self.layer = layer


class RemoteWeight:
    """A weight of a remote layer: its shape, dtype and place; the numbers are asked for when they are needed."""

    def __init__(self, link: Link, index: int, path: str, shape: tuple, dtype: str, trainable: bool, device: str):
        self._link, self._index = link, index
        self.path, self.shape, self.dtype, self.trainable, self.device = path, shape, dtype, trainable, device
        self.name = path.rpartition("/")[2]

    @property
    def value(self) -> RemoteWeight:
        return self

    def numpy(self) -> np.ndarray:
        return self._all()[self._index]

    def assign(self, value) -> RemoteWeight:
        """Give the original other numbers, of the same shape. Raises what its `set_weights` raises."""
        weights = self._all()
        weights[self._index] = np.asarray(value)
        self._link.ask("method", name="set_weights", args=(weights,), kwargs={})
        return self

    def assign_add(self, value) -> RemoteWeight:
        return self.assign(self.numpy() + np.asarray(value))

    def assign_sub(self, value) -> RemoteWeight:
        return self.assign(self.numpy() - np.asarray(value))

    def _all(self) -> list[np.ndarray]:
        """The numbers of all the layer's weights."""
        weights = self._link.ask("method", name="get_weights", args=(), kwargs={})
        if type(weights) is not list or len(weights) <= self._index or type(weights[self._index]) is not np.ndarray:
            raise CannotCross("a layer's weights", "broken")
        if weights[self._index].shape != self.shape:
            raise CannotCross("a layer's weights", "shapes")
        return weights

    def __array__(self, dtype=None, copy=None):
        array = self.numpy()
        return array if dtype is None else array.astype(dtype)


class _Remote:
    """What remote layers and models share.

    stands_for: the original's class where it is Keras' own, else a class of its name that derives from
        the nearest of Keras' own: `grader.checks` asks it in place of `type(layer)`.
    """

    stands_for: type = keras.layers.Layer

    def _attach(self, link: Link, mirror: Mirror) -> None:
        self._link = link
        self._answered = False
        self.stands_for = mirror.stands_for
        self.show(mirror)

    def show(self, mirror: Mirror) -> None:
        """Take over what the original now looks like."""
        self._forget_parts(mirror.layers)
        self._own_weights = [RemoteWeight(self._link, index, *facts) for index, facts in enumerate(mirror.weights)]
        self._parts = mirror.layers  # Keras finds the layers that are kept in attributes
        self.built = mirror.built

    def _forget_parts(self, but: list) -> None:
        """Keras keeps the layers of an attribute that is set anew, beside the new ones."""
        staying = set(map(id, keras.tree.flatten(but)))
        for part in list(self._layers):
            if id(part) not in staying:
                self._tracker.untrack(part)

    def copy(self, newer: _Remote) -> None:
        """Look as `newer`, another proxy of the same original."""
        self._forget_parts(newer._parts)
        self._own_weights, self._parts, self.built = newer._own_weights, newer._parts, newer.built

    @property
    def weights(self):
        return list(self._own_weights)

    @property
    def variables(self):
        return list(self._own_weights)

    @property
    def trainable_weights(self):
        return [weight for weight in self._own_weights if weight.trainable]

    @property
    def non_trainable_weights(self):
        return [weight for weight in self._own_weights if not weight.trainable]

    trainable_variables, non_trainable_variables = trainable_weights, non_trainable_weights

    def get_weights(self):
        numbers = self._link.ask("method", name="get_weights", args=(), kwargs={})
        if type(numbers) is not list or [getattr(one, "shape", None) for one in numbers] != [one.shape for one in self._own_weights]:
            raise CannotCross("a layer's weights", "shapes")
        return numbers

    def set_weights(self, weights) -> None:
        numbers = [np.asarray(weight) for weight in weights]
        self._link.ask("method", name="set_weights", args=(numbers,), kwargs={})

    def build(self, *shapes, **more):
        if not shapes and not more:  # Keras asks before a symbolic call, which builds the original anyway
            return
        self._link.ask("method", name="build", args=shapes, kwargs=more)
        self._refresh()

    def __call__(self, *args, **kwargs):
        if any(isinstance(leaf, keras.KerasTensor) for leaf in keras.tree.flatten((args, kwargs))):
            return super().__call__(*args, **kwargs)
        if any(tf.is_tensor(leaf) and not hasattr(leaf, "numpy") for leaf in keras.tree.flatten((args, kwargs))):
            return self._in_graph(args, kwargs)
        result = self._link.ask("call", args=args, kwargs=kwargs)
        if not self.built or not self._answered:  # weights may come to be in the first call, also where `built` was said before
            self._answered = True
            self._refresh()
        return result

    def call(self, *args, **kwargs):
        return self._link.ask("call", args=args, kwargs=kwargs)

    def compute_output_spec(self, *args, **kwargs):
        """Symbolic tensors cross as their shapes; the original is called on those."""
        return self._link.ask("call", args=args, kwargs=kwargs)

    def _in_graph(self, args, kwargs):
        """A call inside `tf.function`, as `predict` makes: TensorFlow comes back to Python for it."""
        leaves = keras.tree.flatten((args, kwargs))
        places = [index for index, leaf in enumerate(leaves) if tf.is_tensor(leaf)]

        def pack(tensors):
            filled = list(leaves)
            for index, tensor in zip(places, tensors, strict=True):
                filled[index] = tensor
            return keras.tree.pack_sequence_as((args, kwargs), filled)

        def run(*tensors):
            now, named = pack(tensors)
            result = self._link.ask("call", args=now, kwargs=named)
            return [tf.cast(leaf, spec.dtype) for leaf, spec in zip(keras.tree.flatten(result), specs, strict=True)]

        symbols, named = pack([keras.KerasTensor(leaves[index].shape, leaves[index].dtype.name) for index in places])
        shape = self._link.ask("call", args=symbols, kwargs=named)
        specs = keras.tree.flatten(shape)
        results = tf.py_function(run, [leaves[index] for index in places], [spec.dtype for spec in specs])
        for result, spec in zip(results, specs, strict=True):
            result.set_shape(spec.shape)
        return keras.tree.pack_sequence_as(shape, results)

    def _refresh(self) -> None:
        mirror = self._link.ask("mirror")
        if type(mirror) is not Mirror:
            raise CannotCross("a layer", "broken")
        self.show(mirror)

    def __getattr__(self, name: str):
        if name.startswith("_") or "_link" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._link.ask("attribute", name=name)

    def __dir__(self):
        """Keras asks by `dir` whether something is a cell."""
        names = self._link.ask("names")
        return [*super().__dir__(), *(name for name in names if type(name) is str)] if type(names) is list else super().__dir__()

    def __repr__(self) -> str:
        return f"<{self.stands_for.__name__} {self.name}>"


class RemoteLayer(_Remote, keras.layers.Layer):
    """A layer or cell that the other side defined."""

    def __init__(self, link: Link, mirror: Mirror):
        keras.layers.Layer.__init__(self, name=mirror.name)
        self._attach(link, mirror)


class RemoteModel(_Remote, keras.Model):
    """A model that the other side defined, or that holds layers of its own."""

    def __init__(self, link: Link, mirror: Mirror):
        keras.Model.__init__(self, name=mirror.name)
        self._attach(link, mirror)

    def predict(self, *args, **kwargs):
        return self._link.ask("method", name="predict", args=args, kwargs=kwargs)

    def predict_on_batch(self, *args, **kwargs):
        return self._link.ask("method", name="predict_on_batch", args=args, kwargs=kwargs)

    def evaluate(self, *args, **kwargs):
        return self._link.ask("method", name="evaluate", args=args, kwargs=kwargs)

    @property
    def loss(self):
        """What the original was compiled with; None if it was not."""
        return self._link.ask("attribute", name="loss")

    @loss.setter
    def loss(self, value) -> None:
        """Keras sets None on every new model; what the original has stays its own."""

    @property
    def layers(self):
        return list(self._parts)


def write_mirror(writer, layer) -> list:
    """What a proxy of `layer` says without asking."""
    kind = type(layer)
    base = next((NAME_OF[id(cls)] for cls in kind.__mro__ if cls in TYPES), "")
    weights = [
        (
            str(weight.path)[:200],
            list(map(int, weight.shape)),
            keras.backend.standardize_dtype(weight.dtype),
            bool(weight.trainable),
            str(getattr(weight.value, "device", "") or "")[:200],
        )
        for weight in layer.weights
    ]
    if isinstance(layer, keras.Model):
        inner = list(layer.layers)
    else:
        inner = list(layer._flatten_layers(include_self=False, recursive=False))
    return writer.each(layer, (str(layer.name), kind.__name__, base, kind in TYPES, bool(layer.built), weights, inner))


def read_mirror(reader, content) -> Mirror:
    """The mirror, checked."""
    parts = reader.each(content)
    require(len(parts) == 7)
    name, kind, base, exact, built, weights, inner = parts
    require(type(name) is str and 0 < len(name) <= 500 and "/" not in name and type(built) is bool)
    require(type(weights) is list and type(inner) is list and all(isinstance(layer, keras.layers.Layer) for layer in inner))
    cls = NAMES.get(base) if type(base) is str else None
    cls = cls if isinstance(cls, type) else keras.layers.Layer
    if exact is not True:
        cls = type(plain_name(kind, "Layer"), (_Unnamed, cls), {})
    return Mirror(name, cls, built, [_read_weight(weight) for weight in weights], inner)


@writes(Look)
def write_look(writer, value):
    return {"mirror": write_mirror(writer, value.layer)}


@reads("mirror")
def read_look(reader, content):
    return read_mirror(reader, content)


def _read_weight(facts) -> tuple:
    require(type(facts) is tuple and len(facts) == 5)
    path, shape, dtype, trainable, device = facts
    require(type(path) is str and len(path) <= 200 and type(device) is str and len(device) <= 200)
    require(type(dtype) is str and len(dtype) <= 20 and type(trainable) is bool)
    return path, read_shape(shape), dtype, trainable, device


class _Unnamed:
    """Marks a class that stands for one of the student's own: asked what it derives from, never made."""
