"""Which device trains, and the one line that a lesson prints about it."""

from __future__ import annotations

import importlib.metadata


def start() -> None:
    """Print the versions of Keras and its backend, and the device; let a GPU be shared.

    Memory growth is switched on, so that TensorFlow takes what it needs of a GPU and not all of it
    (https://www.tensorflow.org/guide/gpu).
    Raises RuntimeError for a Keras that this course does not work with, and says what to do.
    """
    import keras

    version = tuple(int(part) for part in keras.__version__.split(".")[:2])
    if version < (3, 14):
        raise RuntimeError(
            f"Keras {keras.__version__} is too old for this course: run `pip install 'keras>=3.14,<3.16'`, "
            "restart the kernel, and run this cell again."
        )
    _let_others_use_the_gpu()
    backend = keras.backend.backend()
    print(f"Keras {keras.__version__}, {_backend_version(backend)}, {describe()}")


def describe() -> str:
    """The device that trains: `CPU`, or a GPU by name, e.g. `GPU (Tesla T4)`."""
    gpus = _gpus()
    if not gpus:
        return "CPU"
    import tensorflow as tf

    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "")
    return f"GPU ({name})" if name else "GPU"


def has_gpu() -> bool:
    """Whether TensorFlow sees a GPU."""
    return bool(_gpus())


def _gpus() -> list:
    import tensorflow as tf

    return tf.config.list_physical_devices("GPU")


def _let_others_use_the_gpu() -> None:
    import tensorflow as tf

    for gpu in _gpus():
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:  # the runtime has started already: the setting can no longer change
            return


def _backend_version(backend: str) -> str:
    package, label = {"tensorflow": ("tensorflow", "TensorFlow"), "jax": ("jax", "JAX"), "torch": ("torch", "PyTorch")}[backend]
    return f"{label} {importlib.metadata.version(package)}"
