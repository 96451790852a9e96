"""What crosses by reference, what cannot cross at all, and how a proxy is told what it stands for."""

from __future__ import annotations

import sys
import sysconfig

import keras

from grader.checks.handing import refusal
from grader.engine.border.errors import Uncrossable, require
from grader.engine.border.proxies import OBJECTS, Link, RemoteClass, RemoteFunction, plain_name
from grader.engine.border.remote_layers import RemoteLayer, RemoteModel, read_mirror, write_mirror

# Kinds of Keras objects that are asked from afar if they hold anything of the student's own.
KERAS_OBJECTS = (keras.Loss, keras.Metric, keras.Optimizer, keras.Initializer, keras.Regularizer, keras.callbacks.Callback)
LIBRARIES = tuple(
    path + "/" for name, path in sysconfig.get_paths().items() if name in ("stdlib", "platstdlib", "purelib", "platlib")
)


def describe(writer, value) -> list:
    """What the proxy of `value` needs to know. Raises Uncrossable for what may not leave."""
    kind = type(value)
    if issubclass(kind, keras.Model):
        return ["model", write_mirror(writer, value)]
    if issubclass(kind, keras.layers.Layer):
        return ["layer", write_mirror(writer, value)]
    if reason := refusal(kind):
        raise Uncrossable(reason, value)
    if _own(kind) or issubclass(kind, KERAS_OBJECTS):
        has = [any(name in vars(base) for base in kind.__mro__) for name in ("__call__", "__len__", "__getitem__")]
        return ["object", kind.__name__[:100], *has]
    if issubclass(kind, type):
        return ["class", str(getattr(value, "__name__", ""))[:100]]
    if callable(value):
        return ["function", str(getattr(value, "__name__", ""))[:100]]
    raise Uncrossable("generator" if hasattr(kind, "__next__") else "type", value)


def proxy(content: list, link: Link, reader):
    """The proxy that `describe` asked for. Raises Malformed."""
    require(type(content) is list and len(content) >= 2)
    what, *facts = content
    if what in ("function", "class"):
        return (RemoteFunction if what == "function" else RemoteClass)(link, plain_name(facts[0], f"the {what}"))
    if what == "object":
        require(len(facts) == 4 and all(type(flag) is bool for flag in facts[1:]))
        return OBJECTS[tuple(facts[1:])](link, plain_name(facts[0], "object"))
    require(what in ("layer", "model") and len(facts) == 1)
    mirror = read_mirror(reader, facts[0])
    return (RemoteModel if what == "model" else RemoteLayer)(link, mirror)


def _own(kind: type) -> bool:
    """Whether `kind` was defined in a notebook or a file beside it, and not by a library."""
    name = kind.__module__ if isinstance(kind.__module__, str) else ""
    if name.partition(".")[0] in sys.stdlib_module_names - {"__main__"} or name.startswith("grader."):
        return False
    file = getattr(sys.modules.get(name), "__file__", None)
    return not (isinstance(file, str) and file.startswith(LIBRARIES))
