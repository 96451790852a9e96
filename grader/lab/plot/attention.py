"""Figures of attention: a lookup among keys, what length does to a model, alignments, and what attention costs."""

from __future__ import annotations

import numpy as np

from grader.lab.plot.style import COLOURS, figure

ORDER = (COLOURS["blue"], COLOURS["orange"], COLOURS["green"], COLOURS["vermillion"])
STYLES = ("-", "--", "-.", ":")


def lookups(keys, names, queries):
    """A panel for each query: its direction among the keys, each key a disc whose area is its weight, and where they average.

    keys: (tokens, 2), of length about 1; names: a word for each key; queries: (panels, 2).
    The weights are those of dot products.
    The arrow shows where a query points; its length is in the title.
    """
    keys, queries = np.asarray(keys), np.asarray(queries)
    powers = np.exp([[sum(query * key) for key in keys] for query in queries])
    weights = [row / sum(row) for row in powers]
    fig, axes = figure(1, len(queries), size=(3.1 * len(queries), 3.2), sharex=True, sharey=True, squeeze=False)
    for axis, query, row in zip(axes[0], queries, weights, strict=True):
        axis.scatter(*keys.T, s=1500 * row, color=COLOURS["sky"], zorder=1)
        axis.scatter(*keys.T, s=12, color=COLOURS["black"], zorder=2)
        length = np.linalg.norm(query)
        arrow = {"arrowstyle": "-|>", "color": COLOURS["vermillion"], "linewidth": 2}
        axis.annotate("", 0.7 * query / length, (0, 0), arrowprops=arrow)
        for key, name, weight in zip(keys, names, row, strict=True):
            outward = key / np.linalg.norm(key)
            axis.text(*(key + 0.62 * outward), f"{name} {weight:.2f}", ha="center", va="center")
        axis.scatter(*(row @ keys), marker="*", s=170, color=COLOURS["orange"], edgecolor="black", zorder=3)
        axis.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), aspect="equal", xlabel="feature 0", title=f"query of length {length:.1f}")
    axes[0, 0].set_ylabel("feature 1")
    return fig


def by_length(exact: dict[str, dict[int, float]], errors: dict[str, dict[int, float]], longest: int | None = None):
    """Exact matches (left) and the phoneme error rate (right) over the number of letters in a word.

    exact, errors: name -> {letters: share}; longest: the longest word in training, beyond which the ground is shaded.
    """
    fig, axes = figure(1, 2, size=(9.0, 3.3))
    for axis, values, label in zip(axes, (exact, errors), ("words exactly right", "phoneme error rate"), strict=True):
        for (name, points), colour, style, marker in zip(values.items(), ORDER, STYLES, "osD^", strict=False):
            axis.plot(list(points), list(points.values()), color=colour, linestyle=style, marker=marker, label=name)
        lengths = sorted({length for points in values.values() for length in points})
        axis.set(xlabel="letters in the word", ylabel=label, ylim=(0, None), xticks=lengths)
        if longest is not None:
            axis.axvspan(longest + 0.5, lengths[-1] + 0.5, color=COLOURS["grey"], alpha=0.2, linewidth=0)
            middle, falls = (longest + lengths[-1] + 1) / 2, axis is axes[0]  # the words stand where the lines do not
            place = {"transform": axis.get_xaxis_transform(), "ha": "center"}
            axis.text(middle, 0.98 if falls else 0.03, "longer than\nin training", va="top" if falls else "bottom", **place)
    if len(exact) > 1:
        axes[1].set_ylim(0, 1.45 * axes[1].get_ylim()[1])
        axes[1].legend(loc="upper left", fontsize=10)
    return fig


def score_spread(spread: dict[str, dict[int, float]], largest: dict[str, dict[int, float]], even: float):
    """Over the width of the vectors: the spread of dot products (left), and the largest weight after a softmax (right).

    spread, largest: name -> {width: value}; even: the weight that each token has where all have the same.
    """
    fig, (left, right) = figure(1, 2, size=(9.0, 3.3))
    for axis, values in ((left, spread), (right, largest)):
        for (name, points), colour, style, marker in zip(values.items(), ORDER, STYLES, "osD^", strict=False):
            axis.plot(list(points), list(points.values()), color=colour, linestyle=style, marker=marker, label=name)
        axis.set_xscale("log", base=2)
        axis.set_xlabel("width of query and key, d")
    left.set_yscale("log", base=2)
    left.set_ylabel("standard deviation of a score")
    right.axhline(even, color=COLOURS["grey"], linestyle=":")
    right.annotate("all the same", (1, even), (0, 4), xycoords=("axes fraction", "data"), textcoords="offset points", ha="right")
    right.set(ylabel="largest of the weights, mean", ylim=(0, 1.05))
    left.legend()
    return fig


def alignments(panels: dict[str, tuple], label: str = "attention weight", rows: str = "phoneme said", columns: str = "letter"):
    """Heatmaps side by side: what is read across, what is made of it down, 0 (dark) to the largest (bright).

    panels: title -> (names of the columns, names of the rows, values (rows, columns)). label: what the colour means.
    Every panel shares one scale, from 0 to 1 for weights, else to the largest value of all.
    """
    widths = [len(across) for across, _, _ in panels.values()]
    fig, axes = figure(
        1, len(panels), size=(1.6 + 0.38 * sum(widths) + 0.75 * len(panels), 3.3), squeeze=False, width_ratios=widths
    )
    top = 1.0 if "weight" in label else max(float(np.max(values)) for *_, values in panels.values())
    for axis, (title, panel) in zip(axes[0], panels.items(), strict=True):
        image = _heatmap(axis, title, *panel, top)
        axis.set_xlabel(columns)
    axes[0, 0].set_ylabel(rows)
    fig.colorbar(image, ax=axes, shrink=0.85).set_label(label)
    return fig


def weight_and_influence(panels: dict[str, tuple]):
    """For each word two heatmaps: where the model looks (above), and which letters matter to what it says (below).

    panels: word -> (letters, phonemes, weights (phonemes, letters), influence (phonemes, letters)).
    """
    widths = [len(panel[0]) for panel in panels.values()]
    fig, axes = figure(
        2, len(panels), size=(1.9 + 0.38 * sum(widths) + 0.75 * len(panels), 6.2), squeeze=False, width_ratios=widths
    )
    top = max(float(np.max(influence)) for *_, influence in panels.values())
    for column, (word, (letters, phonemes, weights, influence)) in zip(axes.T, panels.items(), strict=True):
        looks = _heatmap(column[0], word, letters, phonemes, weights, 1.0)
        matters = _heatmap(column[1], "", letters, phonemes, influence, top)
        column[1].set_xlabel("letter")
    for row, image, label in ((0, looks, "attention weight"), (1, matters, "log probability lost\nwhen the letter changes")):
        axes[row, 0].set_ylabel("phoneme said")
        fig.colorbar(image, ax=axes[row], shrink=0.85).set_label(label)
    return fig


def _heatmap(axis, title, across, down, values, top):
    """One panel of `values` (down, across), its cells' largest per row marked with a dot. Returns the image."""
    values = np.asarray(values)
    image = axis.imshow(values, vmin=0, vmax=top, cmap="viridis", interpolation="nearest", aspect="auto")
    for row, best in enumerate(values.argmax(axis=1)):
        axis.plot(best, row, ".", color="white", markeredgecolor="black", markersize=9, markeredgewidth=0.8)
    axis.set_xticks(range(len(across)), across)
    axis.set_yticks(range(len(down)), down)
    axis.tick_params(length=0)
    axis.set_title(title)
    for spine in axis.spines.values():
        spine.set_visible(False)
    return image


def costs(lengths, batch: int, units: int, bytes_each: int = 4):
    """Memory of the largest tensor over the length of the sequences, in and out of one length, both axes logarithmic.

    lengths: timesteps; batch: sequences; units: the width of queries and keys; bytes_each: 4 for float32.
    """
    each = {"additive": (2, units), "dot product": (2, 1), "memory": (1, units), "the state": (0, units)}  # power of the length, width
    sizes = {name: {length: batch * length**power * width for length in lengths} for name, (power, width) in each.items()}
    fig, axis = figure(size=(7.6, 3.4))
    for (name, points), colour, style in zip(sizes.items(), ORDER, STYLES, strict=False):
        megabytes = [count * bytes_each / 1e6 for count in points.values()]
        axis.plot(list(points), megabytes, color=colour, linestyle=style)
        axis.annotate(f" {name}", (list(points)[-1], megabytes[-1]), color=colour, va="center", annotation_clip=False)
    axis.set(xscale="log", yscale="log", xlabel="timesteps, in and out", ylabel="megabytes")
    return fig
