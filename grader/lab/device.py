"""Which device trains, and the one line that a lesson prints about it."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterator
from contextlib import contextmanager

from grader import hardware
from grader.lab.page import on_colab


def start() -> None:
    """Print the versions of Keras and its backend, and the device, and on Colab how to get a GPU; let a GPU be shared.

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
    if on_colab() and not has_gpu():
        print(
            "This runtime has no GPU. To train on one choose Runtime → Change runtime type → T4 GPU, and run this cell again. "
            "Without one every lesson runs as well; training takes longer."
        )


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
    """Let a GPU be shared, compute in float32 what is float32, and on a CPU begin to train sooner. Silent; before anything is computed.

    On NVIDIA's GPUs from Ampere on, TensorFlow by default rounds the factors of matrix products to ten bits
    (https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_tensor_float_32_execution), JAX and PyTorch may, too.
    The course compares with NumPy's float32: a right answer would fail there and nowhere else.
    """
    import keras

    {"tensorflow": _prepare_tensorflow, "jax": _prepare_jax, "torch": _prepare_torch}[keras.backend.backend()]()


@contextmanager
def precision(policy: str) -> Iterator[None]:
    """Build and compile models with another dtype policy, "mixed_float16" for example, and go back to the one before.

    Keras then computes in half precision and keeps the weights in float32 (https://keras.io/api/mixed_precision/),
    so receipts hold float32. Give the last layer dtype="float32". Whether it is quicker depends on the device: time it.
    """
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _prepare_tensorflow() -> None:
    import tensorflow as tf

    tf.config.experimental.enable_tensor_float_32_execution(False)
    gpus = tf.config.list_physical_devices("GPU")
    # Grappler, which rewrites graphs (https://www.tensorflow.org/guide/graph_optimization), costs models of this size more than it saves
    # on a CPU (benchmarks/rewriting.py). What is computed is the same, bit for bit.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not gpus})
    for gpu in gpus:
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:  # the runtime has started already: the setting can no longer change
            return


def _prepare_jax() -> None:
    import jax

    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # read when JAX first looks for a GPU
    jax.config.update("jax_default_matmul_precision", "float32")


def _prepare_torch() -> None:
    import torch

    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


def backend() -> str:
    """Keras' backend and its version, e.g. `TensorFlow 2.21.0`."""
    import keras

    package, label = {"tensorflow": ("tensorflow", "TensorFlow"), "jax": ("jax", "JAX"), "torch": ("torch", "PyTorch")}[keras.backend.backend()]
    return f"{label} {importlib.metadata.version(package)}"
