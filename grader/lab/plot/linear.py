"""Figures of recurrences that are linear in their state: what a stretch does to a state, doubling, memory, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Circle
from matplotlib.ticker import NullFormatter, NullLocator, ScalarFormatter

from grader.lab.plot.style import COLOURS, figure

ORDER = ("blue", "orange", "vermillion", "green")
STYLES = ("-", "--", "-.", ":")
MARKS = "osD^"


def in_and_out(before: np.ndarray, after: Mapping[str, Mapping[str, np.ndarray]]):
    """The state after some timesteps over the state before them: a panel for each layer, a line for each number of timesteps.

    before: float (values,); after: layer -> (label -> float (values,)).
    """
    fig, axes = figure(1, len(after), size=(8.0, 3.1), sharey=True, squeeze=False)
    for axis, (name, lines) in zip(axes[0], after.items(), strict=True):
        for (label, values), colour, style in zip(lines.items(), ORDER, STYLES, strict=False):
            axis.plot(before, values, color=COLOURS[colour], linestyle=style, label=label)
        axis.set(title=name, xlabel="state before")
    axes[0, 0].set_ylabel("state after")
    axes[0, -1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def doubling(timesteps: int):
    """The rounds of a doubling scan: what each place holds, and which two places meet; the timesteps across, the rounds down."""
    rounds = max(int(np.ceil(np.log2(timesteps))), 0)
    fig, axis = figure(size=(8.0, 0.85 * (rounds + 1) + 0.5))
    for row in range(rounds + 1):
        reach = 2**row
        for place in range(timesteps):
            first = max(0, place - reach + 1)
            done = first == 0
            axis.text(
                place, -row, f"{first}–{place}" if first < place else f"{place}", ha="center", va="center", fontsize=11, zorder=3,
                bbox={"boxstyle": "round,pad=0.25", "facecolor": COLOURS["yellow"] if done else "white", "edgecolor": COLOURS["grey"]},
            )  # fmt: skip
            if row < rounds:
                style = {"color": COLOURS["grey"], "linewidth": 1.2, "zorder": 1}
                axis.plot([place, place], [-row, -row - 1], **style)
                if place + reach < timesteps:
                    axis.plot([place, place + reach], [-row, -row - 1], **{**style, "color": COLOURS["blue"]})
    axis.set(xlim=(-0.6, timesteps - 0.4), ylim=(-rounds - 0.5, 0.5), xlabel="timestep")
    axis.set_yticks(range(0, -rounds - 1, -1), ["before", *(f"round {row + 1}" for row in range(rounds))])
    axis.set_xticks(range(timesteps))
    axis.tick_params(length=0)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)
    return fig


def diagonal(values: np.ndarray, lags: int, marked: Sequence[int] = ()):
    """Left: the numbers of a complex diagonal in the plane, with the unit circle. Right: what is left of an input over its lag.

    values: complex (units,). marked: which of them are drawn as lines of their own, in both panels.
    """
    values = np.asarray(values)
    fig, (plane, traces) = figure(1, 2, size=(8.0, 3.4), width_ratios=(1, 1.6))
    plane.add_patch(Circle((0, 0), 1, fill=False, color=COLOURS["grey"], linewidth=1.2))
    plane.scatter(values.real, values.imag, s=14, color=COLOURS["grey"], alpha=0.7, linewidths=0)
    k = np.arange(lags + 1)
    for number, colour, style, mark in zip(marked, ORDER, STYLES, MARKS, strict=False):
        a = values[number]
        plane.scatter(a.real, a.imag, s=70, color=COLOURS[colour], marker=mark, edgecolors="black", zorder=3)
        traces.plot(k, (a**k).real, color=COLOURS[colour], linestyle=style, linewidth=1.6, label=f"|a| = {abs(a):.2f}")
        traces.plot(k, abs(a) ** k, color=COLOURS[colour], linewidth=0.8)
    plane.set(xlim=(-1.12, 1.12), ylim=(-1.12, 1.12), xlabel="real part", ylabel="imaginary part", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    plane.set_aspect("equal")
    traces.axhline(0, color=COLOURS["grey"], linewidth=0.8)
    traces.set(xlabel="lag, in timesteps", ylabel="what is left of a 1", ylim=(-1.05, 1.05))
    traces.legend(loc="lower center", bbox_to_anchor=(0.5, 0.98), ncols=len(marked))
    return fig


def seconds_by_length(seconds: Mapping[str, Mapping[int, Sequence[float]]], device: str):
    """The time of a training step over the length of the sequences, both logarithmic: medians, with quartiles.

    seconds: layer -> (timesteps -> seconds of single steps).
    """
    fig, axis = figure(size=(7.5, 3.4))
    for (name, lengths), colour, style, mark in zip(seconds.items(), ORDER, STYLES, MARKS, strict=False):
        low, middle, high = (np.array([np.percentile(taken, share) for taken in lengths.values()]) * 1000 for share in (25, 50, 75))
        axis.errorbar(list(lengths), middle, yerr=[middle - low, high - middle], color=COLOURS[colour], linestyle=style, marker=mark, capsize=4, label=name)
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xticks(list(lengths))
    axis.xaxis.set_minor_locator(NullLocator())
    for which in (axis.xaxis, axis.yaxis):
        which.set_major_formatter(ScalarFormatter())
        which.set_minor_formatter(NullFormatter())
    axis.set(xlabel=f"timesteps   (on: {device})", ylabel="milliseconds a step")
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def right_by_timestep(scores: Mapping[str, Mapping[str, np.ndarray]], trained: int):
    """The share of right answers at each timestep: a panel for each task, a line for each layer.

    scores: task -> (layer -> float (timesteps,)). trained: how many timesteps the training sequences had.
    """
    fig, axes = figure(1, len(scores), size=(8.0, 3.1), sharey=True, squeeze=False)
    for axis, (task, lines) in zip(axes[0], scores.items(), strict=True):
        for (name, values), colour, style in zip(lines.items(), ORDER, STYLES, strict=False):
            axis.plot(np.arange(len(values)), values, color=COLOURS[colour], linestyle=style, label=name)
        axis.axhline(0.5, color=COLOURS["grey"], linewidth=1)
        axis.axvspan(trained - 0.5, len(values) - 0.5, color="#EEEEEE", zorder=0)
        axis.text(trained, 0.03, "longer than trained", fontsize=11, color="#444444")
        axis.set(title=task, xlabel="timestep", ylim=(0, 1.05), xlim=(-0.5, len(values) - 0.5))
    axes[0, 0].set_ylabel("right answers, share")
    axes[0, -1].legend(loc="lower left", bbox_to_anchor=(0.0, 0.12))
    return fig
