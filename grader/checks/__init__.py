"""The words that a test cell uses: values in, silence or `CheckFailed` out."""

from grader.quiet import import_keras

import_keras()

from grader.checks.calls import call  # noqa: E402
from grader.checks.cell_step import cell_step  # noqa: E402
from grader.checks.failure import CheckFailed  # noqa: E402
from grader.checks.gpu import gpu_ready, on_gpu  # noqa: E402
from grader.checks.models import layers, parameters, weights  # noqa: E402
from grader.checks.sequences import causal, chronological, ignores_padding, shifted  # noqa: E402
from grader.checks.shapes import shape, states  # noqa: E402
from grader.checks.training import accuracy, learned  # noqa: E402
from grader.checks.values import close, equal, same_function  # noqa: E402

__all__ = [
    "CheckFailed",
    "accuracy",
    "call",
    "causal",
    "cell_step",
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
