"""Would a model be fast on a GPU: the conditions of the cuDNN path, and where its variables live.

The conditions are those of `keras.layers.LSTM` and `keras.layers.GRU`
(https://keras.io/api/layers/recurrent_layers/) on the TensorFlow backend.
"""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a, kind, place
from grader.checks.models import inner_layers


def gpu_ready(model, mask=None, name: str = "the model") -> None:
    """Every recurrent layer of `model` would take the cuDNN path on a GPU; asked on any machine.

    mask: booleans (batch, timesteps), if the layers will meet one: it must be right-padded and no row empty.
    Raises CheckFailed that says which layer, and which argument takes it off the path.
    """
    if not isinstance(model, keras.layers.Layer):
        raise CheckFailed(
            f"{name} is not a Keras model",
            hint=NOTHING_RETURNED if model is None else None,
            actual=text(model),
        )
    for layer in inner_layers(model):
        reason = off_the_path(layer)
        if reason:
            raise CheckFailed(
                f"{place(model, layer)}, would leave the fast path on a GPU",
                hint="On a GPU, Keras hands LSTM and GRU to one cuDNN kernel, unless an argument asks for what cuDNN cannot do. "
                "Without it every timestep is a separate launch.",
                expected="tanh, sigmoid, bias, no unroll, no recurrent_dropout, GRU with reset_after",
                actual=f"`{layer.name}`: {reason}",
            )
    if mask is not None:
        _right_padded(mask, name)


def off_the_path(layer) -> str | None:
    """Why a recurrent layer does not use cuDNN, or None. Layers that are not recurrent always give None."""
    if kind(layer) is keras.layers.SimpleRNN:
        return "SimpleRNN: cuDNN is used for LSTM and GRU only"
    fused = is_a(layer, keras.layers.LSTM, keras.layers.GRU)
    if is_a(layer, keras.layers.RNN) and not fused:
        return f"RNN({kind(layer.cell).__name__}): a cell in layers.RNN runs step by step; use layers.LSTM or layers.GRU"
    if not fused:
        return None
    if layer.use_cudnn is False:
        return "use_cudnn=False"
    if layer.activation is not keras.activations.tanh:
        return f"activation={_name(layer.activation)}"
    if layer.recurrent_activation is not keras.activations.sigmoid:
        return f"recurrent_activation={_name(layer.recurrent_activation)}"
    if not layer.use_bias:
        return "use_bias=False"
    if layer.unroll:
        return "unroll=True"
    if layer.recurrent_dropout:
        return f"recurrent_dropout={layer.recurrent_dropout:g} (plain dropout is fine)"
    if is_a(layer, keras.layers.GRU) and not layer.reset_after:
        return "reset_after=False"
    return None


def on_gpu(model, name: str = "the model") -> None:
    """Where TensorFlow sees a GPU, the variables of `model` must live on it; elsewhere this is silent.

    Raises CheckFailed.
    """
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow" or not tf.config.list_physical_devices("GPU"):
        return
    strays = [variable.path for variable in model.variables if "GPU" not in (getattr(variable.value, "device", "") or "")]
    if strays:
        raise CheckFailed(
            f"{name} was trained off the GPU",
            hint="Remove `with tf.device('CPU')`, and build the model after TensorFlow has seen the GPU.",
            expected="all variables on the GPU",
            actual=f"{len(strays)} elsewhere, for example {strays[0]}",
        )


def _right_padded(mask, name: str) -> None:
    mask = as_array(mask).astype(bool)
    if not mask.any(axis=1).all():
        raise CheckFailed(
            f"{name} would meet an empty sequence",
            hint="cuDNN wants at least one real timestep in every row.",
            actual=f"row {int(np.argmin(mask.any(axis=1)))} is all padding",
        )
    wrong = (mask[:, 1:] & ~mask[:, :-1]).any(axis=1)
    if wrong.any():
        raise CheckFailed(
            f"{name} would meet sequences that are not right-padded",
            hint='cuDNN wants the real timesteps first: pad_sequences(..., padding="post").',
            actual=f"row {int(np.argmax(wrong))} has padding before data",
        )


def _name(activation) -> str:
    return getattr(activation, "__name__", str(activation))
