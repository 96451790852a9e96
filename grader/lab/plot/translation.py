"""Figures of an encoder and its decoder: the graph unrolled, errors by position, what the state knows, a beam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import FancyBboxPatch

from grader.lab.plot.style import COLOURS, figure

READS, WRITES, STATE = COLOURS["sky"], COLOURS["orange"], COLOURS["blue"]
MARKS = ("blue", "orange", "green", "vermillion", "purple", "sky", "black", "grey")


def unrolled(read: Sequence[str], given: Sequence[str], written: Sequence[str], fed_back: bool = False):
    """An encoder that reads and a decoder that writes, one box a timestep, the state handed over between them.

    read: what the encoder reads; given: what goes into the decoder; written: what comes out of it, as long as given.
    fed_back: draw each output going back in as the next input.
    """
    gap = len(read) + 0.9
    places = [*range(len(read)), *(gap + step for step in range(len(given)))]
    fig, axis = figure(size=(1.0 * (places[-1] + 2), 3.5))
    for place, words in zip(places, [*read, *given], strict=True):
        reads = place < len(read)
        _cell(axis, place, READS if reads else WRITES)
        _arrow(axis, (place, -0.75), (place, -0.33))
        axis.text(place, -0.95, words, ha="center", va="center", fontsize=13)
    for left, right in zip(places, places[1:], strict=False):
        _arrow(axis, (left + 0.33, 0), (right - 0.33, 0), STATE, 3.2)
    for place, words in zip(places[len(read) :], written, strict=True):
        _arrow(axis, (place, 0.33), (place, 0.75))
        axis.text(place, 0.95, words, ha="center", va="center", fontsize=13)
    if fed_back:
        dashes = {"linestyle": "--", "color": COLOURS["vermillion"], "linewidth": 1.4}
        for left, right in zip(places[len(read) :], places[len(read) + 1 :], strict=False):
            between = (left + right) / 2
            axis.plot([left + 0.3, between, between, right, right], [0.95, 0.95, -1.0, -1.0, -0.75], **dashes)
    middle = (len(read) - 1 + gap) / 2
    axis.text(middle, 0.28, "the state", ha="center", va="bottom", color=STATE, fontsize=12)
    axis.text((len(read) - 1) / 2, 1.45, "encoder", ha="center", fontsize=13)
    axis.text(gap + (len(given) - 1) / 2, 1.45, "decoder", ha="center", fontsize=13)
    axis.set(xlim=(-0.7, places[-1] + 0.7), ylim=(-1.3, 1.75))
    axis.axis("off")
    return fig


def errors_by_position(errors: Mapping[str, np.ndarray], count: np.ndarray):
    """The share of wrong phonemes at each position of the output, one line for each way to run the decoder.

    errors: name -> (positions,), shares 0 to 1; count: (positions,), how many words have a phoneme there.
    """
    fig, axis = figure(size=(7.0, 3.4))
    places = np.arange(1, len(count) + 1)
    for (name, share), colour, style in zip(errors.items(), (COLOURS["vermillion"], COLOURS["blue"]), ("-o", "--s"), strict=False):
        axis.plot(places, share, style, color=colour, label=name)
    axis.set(xlabel="position in the output (below it: how many words have a phoneme there)", ylabel="share of phonemes that are wrong", ylim=(0, None))
    axis.set_xticks(places, [f"{place}\n{number:,}" for place, number in zip(places, count, strict=True)])
    axis.legend()
    return fig


def state_map(maps: Mapping[str, np.ndarray], labels: Sequence[str], shown: Sequence[str]):
    """States as dots in a plane, a panel for each kind, coloured by a label that stands at the middle of its dots.

    maps: title -> (states, 2); labels: one for each state; shown: at most eight labels to colour, the others are grey.
    """
    fig, axes = figure(1, len(maps), size=(5.0 * len(maps), 4.4), squeeze=False)
    labels = np.asarray(labels)
    for axis, (title, points) in zip(axes[0], maps.items(), strict=True):
        points = np.asarray(points)
        axis.scatter(*points[~np.isin(labels, shown)].T, s=8, color="#D0D0D0", linewidths=0)
        for label, mark in zip(shown, MARKS, strict=False):
            own, colour = points[labels == label], COLOURS[mark]
            axis.scatter(*own.T, s=16, color=colour, linewidths=0, alpha=0.8)
            box = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": colour, "linewidth": 2}
            axis.text(*own.mean(axis=0), label, ha="center", va="center", fontsize=13, bbox=box, zorder=3)
        axis.set(xlabel="first principal component", title=title)
        axis.set_aspect("equal", "datalim")
    axes[0, 0].set_ylabel("second principal component")
    return fig


def knowledge(shares: Mapping[str, np.ndarray], baseline: np.ndarray, positions: Sequence[str]):
    """How well each letter of a word can be read out of a state, against the most frequent letter at that place.

    shares: name of the state -> (positions,), shares 0 to 1; baseline: (positions,).
    """
    fig, axis = figure(size=(7.0, 3.2))
    width = 0.8 / len(shares)
    places = np.arange(len(positions))
    for number, ((name, share), colour) in enumerate(zip(shares.items(), ("blue", "orange", "green"), strict=False)):
        axis.bar(places + (number - (len(shares) - 1) / 2) * width, share, width * 0.92, color=COLOURS[colour], label=name)
    for place, share in zip(places, baseline, strict=True):
        axis.plot([place - 0.43, place + 0.43], [share, share], color="black", linewidth=2)
    axis.plot([], [], color="black", linewidth=2, label="most frequent letter")
    axis.set(xlabel="which letter of the word", ylabel="read correctly", ylim=(0, 1.02))
    axis.set_xticks(places, positions)
    axis.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return fig


def beam(steps: Sequence[Sequence[tuple[str, str, float]]]):
    """The hypotheses a beam search keeps, a column for each step; what the last step's best one grew from is in colour.

    steps: for each step, best first, (hypothesis, the one it grew from, log-probability); symbols are joined by blanks.
    """
    fig, axis = figure(size=(1.9 * len(steps) + 1.2, 0.8 * max(map(len, steps)) + 1.0))
    line, place = set(), {"": (-0.75, 0.0)}
    wanted = steps[-1][0][0]
    for step in reversed(steps):
        line.add(wanted)
        wanted = next((parent for words, parent, _ in step if words == wanted), wanted)
    for column, step in enumerate(steps):
        here = {}
        for row, (words, parent, score) in enumerate(step):
            best = words in line
            colour = COLOURS["blue"] if best else COLOURS["grey"]
            box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": colour, "linewidth": 2.2 if best else 1.2}
            short = words.split(" ")[-1]
            axis.text(column, -row, f"{short}   {score:.2f}", ha="center", va="center", fontsize=11, bbox=box, zorder=3)
            if parent in place:
                axis.plot([place[parent][0], column], [place[parent][1], -row], color=colour, lw=2.2 if best else 1.0, zorder=1)
            here[words] = (column, -row)
        place = here
    axis.set(xlim=(-0.8, len(steps) - 0.4), ylim=(0.6 - max(map(len, steps)), 0.6))
    axis.set_xticks(range(len(steps)), [f"step {number + 1}" for number in range(len(steps))])
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.set_xlabel("newest symbol, and log-probability of all so far; best on top")
    return fig


def _cell(axis, place: float, colour: str):
    axis.add_patch(FancyBboxPatch((place - 0.26, -0.26), 0.52, 0.52, boxstyle="round,pad=0.07", facecolor=colour, edgecolor="black"))


def _arrow(axis, start, end, colour: str = "black", width: float = 1.4):
    style = {"arrowstyle": "-|>", "color": colour, "lw": width, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 10 + 2 * width}
    axis.annotate("", xy=end, xytext=start, arrowprops=style)
