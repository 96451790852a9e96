"""Would a model be fast on a GPU: the conditions of the cuDNN path, and where a model was trained.

The conditions are those of `keras.layers.LSTM` and `keras.layers.GRU` (https://keras.io/api/layers/recurrent_layers/)
on the TensorFlow backend, read from the source of Keras 3.14 and 3.15: docs/GPU.md has the list, and
tests/checks/test_gpu.py asks Keras itself.
"""

from __future__ import annotations

import os

import keras
import numpy as np

from grader import hardware
from grader.checks.describe import as_array, text
from grader.checks.failure import CheckFailed
from grader.checks.kinds import is_a, kind, place
from grader.checks.models import inner_layers
from grader.checks.training import NO_MODEL

REQUIRE = "GRADER_REQUIRE_GPU"
# The operations of arithmetic in one timestep of TensorFlow's loop, without biases and dropout, which add more.
ARITHMETIC = {
    keras.layers.LSTM: 12,
    keras.layers.LSTMCell: 12,
    keras.layers.GRU: 13,
    keras.layers.GRUCell: 13,
    keras.layers.SimpleRNN: 4,
    keras.layers.SimpleRNNCell: 4,
}


def gpu_ready(model, mask=None, name: str = "the model") -> None:
    """Every recurrent layer of `model` would take TensorFlow's cuDNN path on a GPU; asked on any machine and backend.

    mask: booleans (batch, timesteps), if the layers will meet one: it must be right-padded and no row empty.
    Raises CheckFailed that says which layer, which argument takes it off the path, and what that costs.
    """
    if not isinstance(model, keras.layers.Layer):
        raise CheckFailed(
            f"{name} is not a Keras model",
            hint=NO_MODEL.get(type(model).__name__),
            actual=text(model),
        )
    for layer in inner_layers(model):
        reason = off_the_path(layer)
        if reason:
            raise CheckFailed(
                f"{place(model, layer)}, would leave the fast path on a GPU",
                hint=f"{_prevented_by(layer, reason)}On a GPU, Keras hands a whole LSTM or GRU to one cuDNN operation, unless it is asked for what cuDNN cannot do. {_cost(layer)}",
                expected="tanh, sigmoid, bias, no unroll, no recurrent_dropout, GRU with reset_after",
                actual=f"`{layer.name}`: {reason}",
            )
        if is_a(layer, keras.layers.LSTM, keras.layers.GRU) and layer.use_cudnn is True:
            raise CheckFailed(
                f"{place(model, layer)}, would run on a GPU only",
                hint='With use_cudnn=True Keras raises an error where there is no GPU, and work is graded there, too. The default, "auto", takes cuDNN where it is.',
                expected='use_cudnn="auto"',
                actual=f"`{layer.name}`: use_cudnn=True",
            )
    if mask is not None:
        _right_padded(mask, name)


def off_the_path(layer) -> str | None:
    """Why a recurrent layer does not use cuDNN on a GPU, or None. Layers that are not recurrent always give None."""
    if not is_a(layer, keras.layers.LSTM, keras.layers.GRU):
        return _looped(layer)
    if layer.use_cudnn is False:
        return "use_cudnn=False"
    if not _is_one_of(layer.activation, "tanh"):
        return f"activation={_name(layer.activation)}"
    if not _is_one_of(layer.recurrent_activation, "sigmoid"):
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
    """Where the backend sees a GPU, the weights of `model` must live on it; elsewhere this is silent.

    With GRADER_REQUIRE_GPU=1 in the environment, `model` must also have been trained on a GPU, as `lab.fit_once`
    or its receipt says, on any machine. A receipt is the student's own file: it can be forged (docs/GPU.md).
    Raises CheckFailed.
    """
    if hardware.gpus():
        strays = [weight.path for weight in hardware.numbers(model) if not hardware.on_gpu(weight)]
        if strays:
            raise CheckFailed(
                f"{name} was trained off the GPU",
                hint="Remove `with tf.device('CPU')`, and build the model after TensorFlow has seen the GPU.",
                expected="all weights on the GPU",
                actual=f"{len(strays)} elsewhere, for example {strays[0]}",
            )
    if os.environ.get(REQUIRE, "").lower() not in ("", "0", "no", "off", "false"):
        _trained_on_gpu(model, name)


def _trained_on_gpu(model, name: str) -> None:
    device = getattr(model, "trained_on", None)
    if not isinstance(device, str):
        raise CheckFailed(
            f"nothing tells where {name} was trained",
            hint="This course asks for a GPU. Train with lab.fit_once, whose receipt says on what, and hand in receipts/ with the notebook.",
        )
    if not device.startswith("GPU"):
        raise CheckFailed(
            f"{name} was not trained on a GPU, and this course asks for one",
            hint="On Colab: Runtime → Change runtime type → a GPU. Delete the receipt, run the notebook again there, "
            "and hand in receipts/ with it: a receipt that is missing or stale means training again where it is graded.",
            expected="GPU",
            actual=text(device),
        )


def _looped(layer) -> str | None:
    if is_a(layer, keras.layers.SimpleRNN):
        return "SimpleRNN: cuDNN is used for LSTM and GRU only"
    if is_a(layer, keras.layers.RNN):
        cell = kind(layer.cell).__name__
        if kind(layer) is keras.layers.RNN:
            return f"RNN({cell}): a cell in layers.RNN runs step by step; use layers.LSTM or layers.GRU"
        return f"{kind(layer).__name__}: it runs step by step; cuDNN is used for LSTM and GRU only"
    return None


def _prevented_by(layer, reason: str) -> str:
    """The argument of an LSTM or GRU that takes it off the path, by its name alone: values may be the student's words."""
    return f"{reason.partition('=')[0]} takes it off the path. " if is_a(layer, keras.layers.LSTM, keras.layers.GRU) else ""


def _cost(layer) -> str:
    """What leaving the path costs, in operations that can be counted; seconds depend on the GPU."""
    step = _arithmetic(layer)
    steps = _timesteps(layer)
    if step is None:
        return "Off it, TensorFlow launches the operations of every timestep one by one."
    if steps is None:
        return f"Off it, TensorFlow launches at least {step} operations at every timestep, one by one."
    return f"Off it, TensorFlow launches at least {step} operations at each of {steps} timesteps, {step * steps:,} in place of one."


def _arithmetic(layer) -> int | None:
    """How many operations a timestep has at least; None for a cell that is not Keras' own."""
    cells = []
    if kind(layer) is keras.layers.RNN:
        cells = layer.cell.cells if is_a(layer.cell, keras.layers.StackedRNNCells) else [layer.cell]
    counts = [ARITHMETIC.get(kind(part)) for part in cells or [layer]]
    return None if None in counts else sum(counts)


def _timesteps(layer) -> int | None:
    """The timesteps that `layer`, of Keras' own classes, was built for; None if it takes any number."""
    if not kind(layer).__module__.startswith("keras."):
        return None
    config = layer.get_build_config() or {}
    shape = config.get("input_shape") or next(iter(config.get("shapes_dict", {}).values()), None)
    return shape[1] if isinstance(shape, (list, tuple)) and len(shape) > 1 else None


def _right_padded(mask, name: str) -> None:
    """What Keras asserts of a mask before it calls cuDNN (`_assert_valid_mask`); in `fit` and `predict` nothing catches it."""
    mask = as_array(mask).astype(bool)
    if not mask.any(axis=1).all():
        raise CheckFailed(
            f"{name} would meet an empty sequence",
            hint="cuDNN wants at least one real timestep in every row; on a GPU, Keras stops `fit` and `predict` with an error.",
            actual=f"row {int(np.argmin(mask.any(axis=1)))} is all padding",
        )
    wrong = (mask[:, 1:] & ~mask[:, :-1]).any(axis=1)
    if wrong.any():
        raise CheckFailed(
            f"{name} would meet sequences that are not right-padded",
            hint='cuDNN wants the real timesteps first: pad_sequences(..., padding="post"). On a GPU, Keras stops `fit` and `predict` with an error.',
            actual=f"row {int(np.argmax(wrong))} has padding before data",
        )


def _is_one_of(activation, name: str) -> bool:
    """Whether `activation` is one of the functions that Keras takes for tanh or sigmoid: `keras.activations`', `keras.ops`' or TensorFlow's."""
    if activation is getattr(keras.activations, name) or activation is getattr(keras.ops, name):
        return True
    return getattr(activation, "__name__", "") == name and (getattr(activation, "__module__", None) or "").startswith("tensorflow.")


def _name(activation) -> str:
    return getattr(activation, "__name__", str(activation))
