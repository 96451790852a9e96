"""The words that a test cell uses: values in, silence or `CheckFailed` out."""

from grader.checks.calls import call
from grader.checks.failure import CheckFailed
from grader.checks.gpu import gpu_ready, on_gpu
from grader.checks.models import layers, parameters, weights
from grader.checks.sequences import causal, chronological, ignores_padding, shifted
from grader.checks.shapes import shape, states
from grader.checks.training import accuracy, learned
from grader.checks.values import close, equal, same_function

__all__ = [
    "CheckFailed",
    "accuracy",
    "call",
    "causal",
    "chronological",
    "close",
    "equal",
    "gpu_ready",
    "ignores_padding",
    "layers",
    "learned",
    "on_gpu",
    "parameters",
    "same_function",
    "shape",
    "shifted",
    "states",
    "weights",
]
