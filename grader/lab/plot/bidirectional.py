"""Figures of reading both ways: two chains, what an output depends on, where states and padding show, what a tagger says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.patches import FancyArrowPatch, Rectangle

from grader.lab.plot.style import COLOURS, figure

FORWARD, BACKWARD = COLOURS["blue"], COLOURS["orange"]
DARK_IS_STRONG = LinearSegmentedColormap.from_list("dark is strong", ["#CFDDE8", "#56B4E9", COLOURS["blue"], "#0A1626"])


def both_ways(tokens: Sequence[str]):
    """Two chains of steps over the same tokens, one to the right and one to the left, joined at each timestep."""
    fig, axis = figure(size=(7.0, 3.3))
    for t, token in enumerate(tokens):
        axis.text(t, -0.05, token, ha="center", va="center", fontsize=12)
        for level, colour in ((1, FORWARD), (2, BACKWARD)):
            axis.add_patch(Rectangle((t - 0.23, level - 0.2), 0.46, 0.4, color=colour))
        axis.add_patch(Rectangle((t - 0.3, 2.85), 0.3, 0.35, color=FORWARD))
        axis.add_patch(Rectangle((t, 2.85), 0.3, 0.35, color=BACKWARD))
        for start, end, colour, bend in [
            ((t - 0.08, 0.15), (t - 0.08, 0.8), FORWARD, 0.0),
            ((t + 0.14, 0.15), (t + 0.14, 1.8), BACKWARD, 0.35),
            ((t - 0.16, 1.2), (t - 0.16, 2.85), FORWARD, -0.35),
            ((t + 0.1, 2.2), (t + 0.1, 2.85), BACKWARD, 0.0),
        ]:
            _arrow(axis, start, end, colour, bend)
        if t:
            _arrow(axis, (t - 0.77, 1), (t - 0.23, 1), FORWARD, 0.0, width=2.5)
            _arrow(axis, (t - 0.23, 2), (t - 0.77, 2), BACKWARD, 0.0, width=2.5)
    for level, words in ((1, "forward"), (2, "backward"), (3.02, "side by side")):
        axis.text(-0.5, level, words, ha="right", va="center", fontsize=12)
    axis.set(xlim=(-1.4, len(tokens) - 0.5), ylim=(-0.3, 3.35))
    axis.axis("off")
    return fig


def sensitivities(matrices: Mapping[str, np.ndarray], decades: float = 3):
    """How strongly each output depends on each input, on a logarithmic scale: dark is strong, nothing at all is white.

    matrices: title -> (timesteps, timesteps), row t the output and column s the input; none negative.
    decades: how many powers of ten below each panel's largest value are told apart.
    """
    fig, axes = figure(1, len(matrices), size=(3.0 * len(matrices) + 1.2, 3.6), squeeze=False)
    for axis, (title, matrix) in zip(axes[0], matrices.items(), strict=True):
        share = np.asarray(matrix, "float64") / np.max(matrix)
        shown = np.ma.masked_where(share <= 0, np.maximum(share, 10.0**-decades))
        image = axis.imshow(shown, norm=LogNorm(10.0**-decades, 1), cmap=DARK_IS_STRONG, interpolation="nearest")
        ticks = range(0, len(share), max(1, len(share) // 5))
        axis.set(title=title, xlabel="s, timestep of the input", xticks=ticks, yticks=ticks)
        axis.spines[:].set_visible(True)
    axes[0, 0].set_ylabel("t, timestep of the output")
    bar = fig.colorbar(image, ax=axes, shrink=0.85)
    bar.set_label("share of the largest (white: nothing)", fontsize=12)
    return fig


def output_maps(maps: Mapping[str, np.ndarray], boxes: Mapping[str, tuple[int, slice]] | None = None, real: int | None = None):
    """The outputs of layers as heatmaps: timesteps across, units down; zero is white.

    maps: title -> (timesteps, units). boxes: what to outline, label -> (timestep, slice of units).
    real: timesteps from this one on are padding, and marked.
    """
    steps = len(next(iter(maps.values())))
    fig, axes = figure(1, len(maps), size=(1.2 + max(0.28 * steps, 2.6) * len(maps), 3.3), squeeze=False)
    for axis, (title, values) in zip(axes[0], maps.items(), strict=True):
        values = np.asarray(values)
        most = np.abs(values).max()
        image = axis.imshow(values.T, vmin=-most, vmax=most, cmap="PuOr", aspect="auto", interpolation="nearest")
        axis.set(title=title, xlabel="timestep")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.yaxis.get_major_locator().set_params(integer=True)
        axis.spines[:].set_visible(True)
        if real is not None:
            axis.axvline(real - 0.5, color="black", linestyle="--", linewidth=1.5)
            axis.text(real - 0.3, -0.35, "padding", fontsize=11, va="top", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        for label, (step, units) in (boxes or {}).items():
            height = units.stop - units.start
            axis.add_patch(Rectangle((step - 0.5, units.start - 0.5), 1, height, fill=False, edgecolor="black", linewidth=3, clip_on=False))
            left = step > len(values) / 2
            axis.annotate(label, (step, units.start + height / 2 - 0.5), (step + (-1.6 if left else 1.6), units.start + height / 2 - 0.5),
                          ha="right" if left else "left", va="center", fontsize=13, arrowprops={"arrowstyle": "->"},
                          bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2})
    axes[0, 0].set_ylabel("unit")
    bar = fig.colorbar(image, ax=axes, ticks=[-most, 0, most])
    bar.ax.set_yticklabels(["−", "0", "+"])
    return fig


def tagged(tokens: Sequence[str], rows: Mapping[str, Sequence[str]]):
    """A sentence and its tags, a row for each reader: first the true ones, then guesses, the wrong ones in colour and crossed.

    rows: reader -> one tag for each token; the first row is the truth.
    """
    count = len(tokens)
    fig, axis = figure(size=(1.3 + 1.18 * count, 0.8 + 0.75 * len(rows)))
    truth = next(iter(rows.values()))
    for t, token in enumerate(tokens):
        axis.text(t + 0.5, -0.25, token, ha="center", va="center", fontsize=13, fontweight="bold")
    for row, (reader, tags) in enumerate(rows.items()):
        axis.text(-0.1, row + 0.5, reader, ha="right", va="center", fontsize=12)
        for t, (tag, true) in enumerate(zip(tags, truth, strict=True)):
            wrong = tag != true
            colour = "#E8E8E8" if row == 0 else COLOURS["vermillion"] if wrong else "#CBE5F3"
            axis.add_patch(Rectangle((t + 0.03, row + 0.05), 0.94, 0.9, color=colour, linewidth=0))
            axis.text(t + 0.5, row + 0.5, _in_lines(tag), ha="center", va="center", fontsize=10,
                      color="white" if wrong else "black", linespacing=1.05)
            if wrong:
                axis.text(t + 0.94, row + 0.08, "✗", ha="right", va="top", color="white", fontsize=11)
    axis.set(xlim=(0, count), ylim=(len(rows), -0.5))
    axis.axis("off")
    return fig


def gains(shares: Mapping[str, tuple[float, float, int]], labels: tuple[str, str]):
    """For each class two shares of right answers, joined by a line.

    shares: class -> (share of the first, share of the second, how many there are). labels: the names of the two.
    """
    fig, axis = figure(size=(7.0, 0.9 + 0.33 * len(shares)))
    for row, (first, second, _) in enumerate(shares.values()):
        axis.plot((first, second), (row, row), color="#BBBBBB", linewidth=3, zorder=1)
    places = range(len(shares))
    axis.scatter([share[0] for share in shares.values()], places, color=FORWARD, marker="o", s=55, label=labels[0], zorder=2)
    axis.scatter([share[1] for share in shares.values()], places, color=BACKWARD, marker="D", s=45, label=labels[1], zorder=3)
    axis.set_yticks(places, [f"{name} ({count})" for name, (_, _, count) in shares.items()])
    axis.set(xlabel="share of these tokens tagged right", xlim=(None, 1.02))
    axis.invert_yaxis()
    axis.grid(axis="x", color="#E5E5E5")
    axis.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.2)
    return fig


def _arrow(axis, start, end, colour, bend, width=1.5):
    style = f"arc3,rad={bend}"
    axis.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=11, color=colour, linewidth=width, connectionstyle=style))


def _in_lines(tag: str, longest: int = 12) -> str:
    """A tag such as StreetNamePostType over as few lines as its words allow."""
    lines = [""]
    for word in re.findall(r"[A-Z]+(?=[A-Z][a-z]|$)|[A-Z][a-z]+\d*|[a-z]+", tag) or [tag]:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
