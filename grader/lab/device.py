"""Which device trains, and the one line that a lesson prints about it."""

from __future__ import annotations

import importlib.metadata
import os

from grader import hardware


def start() -> None:
    """Print the versions of Keras and its backend, and the device; let a GPU be shared.

    TensorFlow and JAX would take most of a GPU's memory at once. Told to grow, they take what they need
    (https://www.tensorflow.org/guide/gpu, https://docs.jax.dev/en/latest/gpu_memory_allocation.html); PyTorch does anyway.
    Raises RuntimeError for a Keras that this course does not work with, and says what to do.
    """
    import keras

    version = tuple(int(part) for part in keras.__version__.split(".")[:2])
    if version < (3, 14):
        raise RuntimeError(
            f"Keras {keras.__version__} is too old for this course: run `pip install 'keras>=3.14,<3.16'`, "
            "restart the kernel, and run this cell again."
        )
    prepare()
    print(f"Keras {keras.__version__}, {backend()}, {describe()}")


def describe() -> str:
    """The device that trains: `CPU`, or a GPU by name, e.g. `GPU (Tesla T4)`."""
    found = hardware.gpus()
    if not found:
        return "CPU"
    return f"GPU ({found[0]})" if found[0] else "GPU"


def has_gpu() -> bool:
    """Whether Keras' backend sees a GPU."""
    return bool(hardware.gpus())


def of(model) -> str:
    """The device where the weights of `model` are, in the words of `describe`: it trains there."""
    weights = hardware.numbers(model)
    return describe() if weights and all(map(hardware.on_gpu, weights)) else "CPU"


def prepare() -> None:
    """Let a GPU be shared: the backend takes of its memory what it needs. Silent; before anything is computed."""
    import keras

    if keras.backend.backend() == "jax":  # read when JAX first looks for a GPU
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    if keras.backend.backend() != "tensorflow":
        return
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:  # the runtime has started already: the setting can no longer change
            return


def backend() -> str:
    """Keras' backend and its version, e.g. `TensorFlow 2.21.0`."""
    import keras

    package, label = {"tensorflow": ("tensorflow", "TensorFlow"), "jax": ("jax", "JAX"), "torch": ("torch", "PyTorch")}[keras.backend.backend()]
    return f"{label} {importlib.metadata.version(package)}"
