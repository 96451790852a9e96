"""The figures of the lessons: each function takes arrays and returns a matplotlib Figure; `show` displays it."""

from grader.lab.plot.attention import alignments, by_length, costs, lookups, score_spread, weight_and_influence
from grader.lab.plot.batches import batch
from grader.lab.plot.bidirectional import both_ways, gains, output_maps, sensitivities, tagged
from grader.lab.plot.cells import cell_diagrams, weight_map
from grader.lab.plot.convolution import confusion, kernel_answers, leak, reach, receptive_field, step_costs, watch_windows
from grader.lab.plot.generation import bits_per_character, kept_and_cut, next_characters, surprise_text, temperatures
from grader.lab.plot.linear import diagonal, doubling, in_and_out, right_by_timestep, seconds_by_length
from grader.lab.plot.recurrence import echoes, forgetting, gates, gradients_by_lag, padded_state, strokes
from grader.lab.plot.sequences import (
    bags_and_sequences,
    daily,
    error_bars,
    gap_before_test,
    padded,
    padding_waste,
    sliding_windows,
    split_leak,
    state_distances,
)
from grader.lab.plot.streams import batches_of_a_stream, lamp, loss_by_position, state_trace
from grader.lab.plot.style import COLOURS, figure, show
from grader.lab.plot.training import history
from grader.lab.plot.translation import beam, errors_by_position, knowledge, state_map, unrolled

__all__ = [
    "COLOURS",
    "alignments",
    "bags_and_sequences",
    "batch",
    "batches_of_a_stream",
    "beam",
    "bits_per_character",
    "both_ways",
    "by_length",
    "cell_diagrams",
    "confusion",
    "costs",
    "daily",
    "diagonal",
    "doubling",
    "echoes",
    "error_bars",
    "errors_by_position",
    "figure",
    "forgetting",
    "gains",
    "gap_before_test",
    "gates",
    "gradients_by_lag",
    "history",
    "in_and_out",
    "kept_and_cut",
    "kernel_answers",
    "knowledge",
    "lamp",
    "leak",
    "lookups",
    "loss_by_position",
    "next_characters",
    "output_maps",
    "padded",
    "padded_state",
    "padding_waste",
    "reach",
    "receptive_field",
    "right_by_timestep",
    "score_spread",
    "seconds_by_length",
    "sensitivities",
    "show",
    "sliding_windows",
    "split_leak",
    "state_distances",
    "state_map",
    "state_trace",
    "step_costs",
    "strokes",
    "surprise_text",
    "tagged",
    "temperatures",
    "unrolled",
    "watch_windows",
    "weight_and_influence",
    "weight_map",
]
