"""The words that a test cell uses: values in, silence or `CheckFailed` out."""

from grader.quiet import import_keras

import_keras()

from grader.checks.calls import call  # noqa: E402
from grader.checks.carrying import handed_over, in_pieces, reads_on  # noqa: E402
from grader.checks.casework import cases  # noqa: E402
from grader.checks.cell_step import cell_step  # noqa: E402
from grader.checks.continuing import continues  # noqa: E402
from grader.checks.failure import CheckFailed  # noqa: E402
from grader.checks.gpu import gpu_ready, on_gpu  # noqa: E402
from grader.checks.models import layers, parameters, weights  # noqa: E402
from grader.checks.one_row import one_row  # noqa: E402
from grader.checks.probable import probabilities  # noqa: E402
from grader.checks.remembering import remembers  # noqa: E402
from grader.checks.resting import rests, trains_in_order  # noqa: E402
from grader.checks.sequences import causal, chronological, ignores_padding, shifted  # noqa: E402
from grader.checks.shapes import shape, states  # noqa: E402
from grader.checks.training import accuracy, learned  # noqa: E402
from grader.checks.values import close, equal, same_function  # noqa: E402

__all__ = [
    "CheckFailed",
    "accuracy",
    "call",
    "cases",
    "causal",
    "cell_step",
    "chronological",
    "close",
    "continues",
    "equal",
    "gpu_ready",
    "handed_over",
    "ignores_padding",
    "in_pieces",
    "layers",
    "learned",
    "on_gpu",
    "one_row",
    "parameters",
    "probabilities",
    "reads_on",
    "remembers",
    "rests",
    "same_function",
    "shape",
    "shifted",
    "states",
    "trains_in_order",
    "weights",
]
