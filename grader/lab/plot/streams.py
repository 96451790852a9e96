"""Figures of long streams read in chunks: who continues whom, and what is known after a chunk's border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from grader.lab.plot.style import COLOURS, figure

STYLES = (("grey", "-", 5.0), ("vermillion", "-", 2.0), ("blue", "--", 2.0))


def batches_of_a_stream(batches: Mapping[str, np.ndarray]):
    """Which timesteps stand in which row of which batch; time runs right. A row that continues the same row one batch earlier is joined to it by a bar.

    batches: title -> (batches, rows, timesteps), where each number is its own place in the stream.
    """
    fig, axes = figure(1, len(batches), size=(4.6 * len(batches), 3.3), squeeze=False)
    for axis, (title, places) in zip(axes[0], batches.items(), strict=True):
        places = np.asarray(places)
        for (batch, row), first in np.ndenumerate(places[:, :, 0]):
            follows = batch > 0 and first == places[batch - 1, row, -1] + 1
            colour = _shade(first / max(1, places.max()))
            axis.add_patch(Rectangle((batch + 0.08, row + 0.14), 0.84, 0.72, color=colour))
            axis.text(batch + 0.5, row + 0.5, f"{first} … {places[batch, row, -1]}", ha="center", va="center", fontsize=12)
            if follows:
                axis.add_patch(Rectangle((batch - 0.08, row + 0.44), 0.16, 0.12, color="black"))
        axis.set(xlim=(0, len(places)), ylim=(places.shape[1], 0), title=title, xlabel="batch")
        axis.set_xticks(np.arange(len(places)) + 0.5, range(len(places)))
        axis.set_yticks(np.arange(places.shape[1]) + 0.5, range(places.shape[1]))
        axis.spines[:].set_visible(False)
        axis.tick_params(length=0)
    axes[0, 0].set_ylabel("row")
    return fig


def state_trace(traces: Mapping[str, np.ndarray], every: int, symbols: Sequence[str] | None = None):
    """One unit's state over time, with a line where each chunk begins.

    traces: name -> (timesteps,), the one that is right first; every: timesteps in a chunk.
    symbols: what was read at each timestep, written below the axis.
    """
    fig, axis = figure(size=(8.4, 3.2))
    for (name, values), (colour, line, width) in zip(traces.items(), STYLES, strict=False):
        axis.plot(values, color=COLOURS[colour], linestyle=line, linewidth=width, label=name)
    _borders(axis, len(values), every)
    axis.set(ylabel="state of one unit", xlim=(-0.5, len(values) - 0.5))
    if symbols is not None:
        axis.set_xticks(range(len(values)), ["↵" if symbol == "\n" else symbol for symbol in symbols], fontsize=11)
        axis.tick_params(axis="x", length=0)
    axis.set_xlabel("timestep" if symbols is None else "what is read, one character a timestep")
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(traces), frameon=False)
    return fig


def lamp(presses: np.ndarray, on: np.ndarray, outputs: Mapping[str, np.ndarray], every: int):
    """The presses of two buttons, when the lamp is on, and for each model how sure it is that it is on.

    presses: (timesteps, 2), the buttons on and off; on: (timesteps,), 0 or 1.
    outputs: name -> (timesteps,) probabilities; every: timesteps in a chunk.
    """
    fig, axes = figure(len(outputs), 1, size=(8.4, 1.75 * len(outputs) + 0.5), sharex=True, squeeze=False)
    steps = np.arange(len(on))
    for axis, (name, values), (colour, _, _) in zip(axes[:, 0], outputs.items(), STYLES[1:], strict=False):
        axis.fill_between(np.arange(len(on) + 1) - 0.5, np.append(on, on[-1]), step="post", color=COLOURS["yellow"], alpha=0.55, linewidth=0, label="the lamp is on")
        axis.plot(steps, values, color=COLOURS[colour], marker=".", markersize=6, linewidth=1.5, label="the model's output")
        for button, marker, words in ((0, "^", "“on” pressed"), (1, "v", "“off” pressed")):
            pressed = np.flatnonzero(presses[:, button])
            axis.plot(pressed, np.full(len(pressed), 1.12), marker, color="black", markersize=7, label=words)
        _borders(axis, len(on), every)
        axis.set(ylim=(-0.06, 1.24), yticks=[0, 0.5, 1], xlim=(-0.5, len(on) - 0.5), ylabel="P(on)")
        axis.set_title(name, loc="left")
    axes[-1, 0].set_xlabel("timestep")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper center", ncols=len(labels), frameon=False)
    return fig


def loss_by_position(losses: Mapping[str, np.ndarray], levels: Mapping[str, float] | None = None):
    """The loss at each timestep of a chunk, averaged over chunks; dotted lines for what needs no network.

    losses: name -> (timesteps,), in nats a character; levels: name -> one loss.
    """
    fig, axis = figure(size=(7.4, 3.4))
    for (name, values), (colour, line, _), marker in zip(losses.items(), STYLES[1:], "os", strict=False):
        axis.plot(values, color=COLOURS[colour], linestyle=line, marker=marker, label=name)
    for name, level in (levels or {}).items():
        axis.axhline(level, color="black", linestyle=":", linewidth=1.5)
        axis.annotate(name, (len(values) - 1, level), va="bottom", ha="right", fontsize=11)
    axis.set(xlabel="position in the chunk, timesteps", ylabel="loss, nats a character")
    axis.set_xticks(range(len(values)))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=len(losses), frameon=False)
    return fig


def _borders(axis, steps: int, every: int) -> None:
    for border in range(every, steps, every):
        axis.axvline(border - 0.5, color=COLOURS["grey"], linewidth=1, linestyle=":")


def _shade(share: float) -> tuple:
    """A light colour, from sky at the stream's beginning to orange at its end, on which black text is legible."""
    first, last = (np.array([0.75, 0.88, 0.97]), np.array([0.98, 0.80, 0.45]))
    return tuple(first + share * (last - first))
