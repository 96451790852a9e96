"""Which GPUs Keras' backend sees, and whether a variable lives on one: TensorFlow, JAX and PyTorch, asked alike."""

from __future__ import annotations

import re


def gpus() -> list[str]:
    """The names of the GPUs that the backend sees, such as "Tesla T4"; "" for one that has none. Starts no runtime of TensorFlow's."""
    import keras

    return {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}[keras.backend.backend()]()


def on_gpu(variable) -> bool:
    """Whether a Keras variable lives on a GPU. A proxy of one in another process answers with that one's place.

    TensorFlow says "/job:localhost/replica:0/task:0/device:GPU:0", JAX and PyTorch "cuda:0".
    """
    return bool(re.search("gpu|cuda|rocm", str(getattr(variable.value, "device", "") or ""), re.IGNORECASE))


def numbers(model) -> list:
    """The weights of `model` that are floating-point numbers: counters and seeds may live beside the GPU."""
    return [weight for weight in model.weights if "float" in str(weight.dtype)]


def _tensorflow() -> list[str]:
    import tensorflow as tf

    found = tf.config.list_physical_devices("GPU")
    return [tf.config.experimental.get_device_details(gpu).get("device_name", "") for gpu in found]


def _jax() -> list[str]:
    import jax

    return [device.device_kind for device in jax.local_devices() if device.platform == "gpu"]


def _torch() -> list[str]:
    import torch

    return [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
