"""The words that a test cell uses: values in, silence or `CheckFailed` out."""

from grader.quiet import import_keras

import_keras()

from grader.checks.adding_both import adds_both_ways  # noqa: E402
from grader.checks.as_one import reads_as_one  # noqa: E402
from grader.checks.both_ways import reads_both_ways  # noqa: E402
from grader.checks.calls import call, trained  # noqa: E402
from grader.checks.carrying import carries_on, handed_over, in_pieces  # noqa: E402
from grader.checks.casework import cases  # noqa: E402
from grader.checks.cell_step import cell_step  # noqa: E402
from grader.checks.classifying import any_length, classifies  # noqa: E402
from grader.checks.continuing import continues  # noqa: E402
from grader.checks.convolving import convolves, dilated_stack  # noqa: E402
from grader.checks.failure import CheckFailed  # noqa: E402
from grader.checks.gpu import gpu_ready, on_gpu  # noqa: E402
from grader.checks.greedily import writes_greedily  # noqa: E402
from grader.checks.grouping import splits_people  # noqa: E402
from grader.checks.lagging import lag_gradient  # noqa: E402
from grader.checks.holding import holds  # noqa: E402
from grader.checks.language import bits, character_model, foresees  # noqa: E402
from grader.checks.looking_back import looks_back, wired  # noqa: E402
from grader.checks.losses import cross_entropy, logits, reports_cross_entropy  # noqa: E402
from grader.checks.models import layers, parameters, recurrent, weights  # noqa: E402
from grader.checks.noting import once  # noqa: E402
from grader.checks.one_row import one_row  # noqa: E402
from grader.checks.probable import probabilities  # noqa: E402
from grader.checks.reaching import measures_reach  # noqa: E402
from grader.checks.reading_on import reads_on  # noqa: E402
from grader.checks.refusing import refuses  # noqa: E402
from grader.checks.rebuilding import rebuilds  # noqa: E402
from grader.checks.remembering import remembers  # noqa: E402
from grader.checks.resting import rests, trains_in_order  # noqa: E402
from grader.checks.scanning import loop_free, scans  # noqa: E402
from grader.checks.sequences import causal, chronological, ignores_padding, shifted  # noqa: E402
from grader.checks.several import parts  # noqa: E402
from grader.checks.shapes import shape, states  # noqa: E402
from grader.checks.slopes import measures_slopes  # noqa: E402
from grader.checks.splitting import split_by_time  # noqa: E402
from grader.checks.tagging import tagger, tags  # noqa: E402
from grader.checks.taking_steps import takes_steps  # noqa: E402
from grader.checks.training import accuracy, learned  # noqa: E402
from grader.checks.translating import translator  # noqa: E402
from grader.checks.values import close, equal, same_function  # noqa: E402
from grader.checks.writing import writes  # noqa: E402

__all__ = [
    "CheckFailed",
    "accuracy",
    "adds_both_ways",
    "any_length",
    "bits",
    "call",
    "carries_on",
    "cases",
    "causal",
    "character_model",
    "cell_step",
    "chronological",
    "classifies",
    "close",
    "continues",
    "convolves",
    "cross_entropy",
    "dilated_stack",
    "equal",
    "foresees",
    "gpu_ready",
    "handed_over",
    "holds",
    "ignores_padding",
    "in_pieces",
    "lag_gradient",
    "layers",
    "learned",
    "logits",
    "looks_back",
    "loop_free",
    "on_gpu",
    "measures_reach",
    "measures_slopes",
    "once",
    "one_row",
    "parameters",
    "parts",
    "probabilities",
    "reads_as_one",
    "reads_both_ways",
    "reads_on",
    "refuses",
    "rebuilds",
    "recurrent",
    "remembers",
    "reports_cross_entropy",
    "rests",
    "same_function",
    "scans",
    "shape",
    "shifted",
    "split_by_time",
    "splits_people",
    "states",
    "tagger",
    "tags",
    "takes_steps",
    "trained",
    "trains_in_order",
    "translator",
    "weights",
    "wired",
    "writes",
    "writes_greedily",
]
