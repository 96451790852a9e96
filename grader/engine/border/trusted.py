"""Which Keras classes and functions may be rebuilt from a config, and whether a config names any other.

The tables are made from Keras' own public modules, and from the operations behind `keras.ops`, which
a functional model may hold. Left out is all that carries code or reads files: Lambda, the wrappers
around other frameworks, operations that take a function, and whatever is registered.
"""

from __future__ import annotations

import importlib
import re
import sys

import keras

from grader.engine.border.errors import require
from grader.engine.border.limits import MAX_AXES

NEVER = {
    "Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer",
    "Map", "Scan", "AssociativeScan", "While", "WhileLoop", "Cond", "ForiLoop", "VectorizedMap", "Vectorize",
    "Switch", "CustomGradient", "JVP", "Function", "Operation", "Layer",
    "map", "scan", "associative_scan", "while_loop", "cond", "fori_loop", "vectorized_map", "vectorize", "switch",
    "custom_gradient", "jvp",
    "get", "serialize", "deserialize", "load_model", "save_model", "clone_model", "model_from_json", "model_from_config",
}  # fmt: skip
CLASS_MODULES = """
    keras keras.layers keras.models keras.initializers keras.regularizers keras.constraints keras.losses keras.metrics
    keras.optimizers keras.optimizers.schedules keras.dtype_policies keras.mixed_precision keras.quantizers
""".split()
FUNCTION_MODULES = """
    keras.activations keras.losses keras.metrics keras.ops keras.ops.numpy keras.ops.nn keras.ops.linalg keras.ops.image
""".split()
OPERATION_MODULES = [f"keras.src.ops.{name}" for name in "core einops image linalg math nn numpy".split()]
SPECIAL = {"__keras_tensor__", "__numpy__", "__tensor__", "__slice__", "__ellipsis__", "__bytes__"}
NUMBERS = re.compile(r"bool|bfloat16|u?int(8|16|32|64)|float(16|32|64)|complex(64|128)", re.ASCII)
# Some settings become lists of that length before anything is checked: AUC(num_thresholds=...).
LARGEST = 1_000_000
ANY_NUMBER = {"seed", "salt", "vocabulary"}
# What takes the path of a file when it is a text, and the words themselves when it is a list.
PATHS = {"vocabulary", "idf_weights"}


def _classes() -> dict[tuple[str, str], type]:
    bases = (
        keras.layers.Layer, keras.Operation, keras.Initializer, keras.Regularizer, keras.constraints.Constraint,
        keras.Loss, keras.Metric, keras.Optimizer, keras.optimizers.schedules.LearningRateSchedule,
        keras.DTypePolicy, keras.dtype_policies.DTypePolicyMap, keras.Quantizer,
    )  # fmt: skip
    found = {}
    for module in CLASS_MODULES + OPERATION_MODULES + ["keras.src.models.functional"]:
        for name, value in _public(module).items():
            if isinstance(value, type) and issubclass(value, bases) and value.__module__.startswith("keras.src."):
                if value.__name__ not in NEVER and (module in CLASS_MODULES or value.__module__ == module):
                    found[module, name] = value
    return found


def _functions() -> dict[str, object]:
    found = {}
    for module in FUNCTION_MODULES:
        for name, value in _public(module).items():
            if callable(value) and not isinstance(value, type) and getattr(value, "__module__", "").startswith("keras.src."):
                found[f"{module}.{name}"] = value
    return found


def _public(module: str) -> dict[str, object]:
    try:
        names = vars(importlib.import_module(module))
    except ImportError:
        return {}
    return {name: value for name, value in names.items() if not name.startswith("_") and name not in NEVER}


CLASSES = _classes()
FUNCTIONS = _functions()
TYPES = frozenset(CLASSES.values())
# A class or function by its public name, as a value of its own.
NAMES: dict[str, object] = {".".join(key): cls for key, cls in CLASSES.items()} | FUNCTIONS
NAME_OF: dict[int, str] = {}
for _name, _value in NAMES.items():
    NAME_OF.setdefault(id(_value), _name)
# Those that Keras finds by their name alone; the same names in `keras.ops` would be Python's own (`all`, `round`).
BUILT_IN_FUNCTIONS = {name.rpartition(".")[2] for name in FUNCTIONS if not name.startswith("keras.ops.")}


def built_in(cls: type) -> bool:
    """Whether `cls` is Keras' own: one of the table, or one that only another of Keras' classes makes."""
    if cls in TYPES:
        return True
    own = cls.__module__.startswith("keras.src.") and cls.__name__ not in NEVER
    return own and getattr(sys.modules.get(cls.__module__), cls.__name__, None) is cls


def check_config(config: object) -> None:
    """Raise Malformed if `config`, of lists and dictionaries, names anything but trusted built-ins, at any depth."""
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if type(part) in (list, tuple):
            waiting.extend(part)
        elif type(part) is dict:
            require(all(type(key) is str for key in part), "a setting without a name")
            require(not any(type(part.get(key)) is str for key in PATHS), "a path where words are expected")
            # Keras takes a dictionary with either for something to be made.
            if "class_name" in part or "module" in part or "registered_name" in part or "spec_name" in part:
                _check_named(part)
            waiting.extend(item for key, item in part.items() if key not in ANY_NUMBER or _holds_settings(item))
        else:
            require(part is None or type(part) in (bool, int, float, str), "a setting that is no plain value")
            require(type(part) is not int or abs(part) <= LARGEST, "a number too large")


def _holds_settings(part: object) -> bool:
    """False for a number, and for a list of texts and numbers such as a vocabulary."""
    if type(part) in (list, tuple):
        return not {int, str}.issuperset(map(type, part))
    return type(part) is not int


def _check_named(part: dict) -> None:
    name, module = part.get("class_name"), part.get("module")
    require(type(name) is str and "spec_name" not in part, "something that is not Keras' own")
    if name in SPECIAL:
        require(module is None and "registered_name" not in part and type(part.get("config")) is dict)
        if name in ("__numpy__", "__tensor__"):
            dtype = part["config"].get("dtype")
            require(type(dtype) is str and NUMBERS.fullmatch(dtype), "an array of something else than numbers")
        if name == "__keras_tensor__":
            shape = part["config"].get("shape")
            require(type(shape) in (list, tuple) and len(shape) <= MAX_AXES)
        return
    require(type(module) is str, "something that is not Keras' own")
    if name == "function":
        function = part.get("config")
        require(type(function) is str and part.get("registered_name") in (None, "function", function))
        known = function in BUILT_IN_FUNCTIONS if module == "builtins" else f"{module}.{function}" in FUNCTIONS
        require(known, "a function that is not Keras' own")
        return
    require((module, name) in CLASSES, "a class that is not Keras' own")
    require(part.get("registered_name") in (None, name), "a registered class")
    require(type(part.get("config")) is dict, "a class without its settings")
