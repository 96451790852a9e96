"""Figures of text that is written character by character: its surprise, what may come next, what sampling keeps."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np

from grader.lab.plot.style import COLOURS, figure

SIGNS = {" ": "␣", "\n": "↵"}  # what has no ink of its own
SURPRISE = mpl.colormaps["YlGnBu"]  # light to dark blue: in order of brightness for every kind of colour vision
MONO = "DejaVu Sans Mono"  # comes with matplotlib


def surprise_text(texts: dict[str, tuple[str, np.ndarray]], width: int = 64, top: float = 8.0):
    """Texts in which each character stands on the colour of its surprise, under their titles, with a colour bar in bits.

    texts: title -> (text, bits), bits float (characters,); NaN leaves a character uncoloured.
    width: characters a row; a row ends early at a line's end, which is drawn as ↵.
    top: the surprise, in bits, from which on a colour is the darkest.
    Raises ValueError if a text and its bits differ in length.
    """
    grids = {title: _grid(text, bits, width) for title, (text, bits) in texts.items()}
    heights = [len(rows) for rows, _ in grids.values()]
    size = (0.135 * width + 1.0, 0.21 * sum(heights) + 0.36 * len(heights) + 0.1)
    fig, axes = figure(len(grids), 1, size=size, squeeze=False, height_ratios=heights)
    for axis, (title, (rows, bits)) in zip(axes[:, 0], grids.items(), strict=True):
        image = axis.imshow(bits, cmap=SURPRISE, vmin=0, vmax=top, aspect="auto", interpolation="nearest")
        for (row, column), value in np.ndenumerate(bits):
            if column < len(rows[row]):
                dark = np.isfinite(value) and value > 0.55 * top
                sign = SIGNS["\n"] if rows[row][column] == "\n" else rows[row][column]
                letter = axis.text(column, row, sign, color="white" if dark else "black", ha="center", va="center", family=MONO, fontsize=10.5)
                letter.set_in_layout(False)  # the image has room for it; measuring hundreds of them takes longer than drawing them
        axis.set_title(title, loc="left", fontsize=12)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
    bar = fig.colorbar(image, ax=axes, extend="max", pad=0.01, aspect=15, shrink=min(1.0, 2.6 / size[1]))
    bar.set_label("surprise, bits", fontsize=12)
    return fig


def _grid(text: str, bits, width: int) -> tuple[list[str], np.ndarray]:
    """The rows of `text`, and their bits as an array (rows, width), NaN where there is no character."""
    bits = np.asarray(bits, "float64")
    if bits.shape != (len(text),):
        raise ValueError(f"{len(text)} characters and bits of shape {bits.shape}")
    starts, start = [], 0
    while start < len(text):
        line = text.find("\n", start, start + width)
        end = line + 1 if line >= 0 else min(start + width, len(text))
        starts.append((start, end))
        start = end
    grid = np.full((len(starts), width), np.nan)
    for row, (start, end) in enumerate(starts):
        grid[row, : end - start] = bits[start:end]
    return [text[start:end] for start, end in starts], grid


def bits_per_character(scores: dict[str, float], highlight: str = "GRU"):
    """Horizontal bars of bits per character, fewer is better; those whose name holds `highlight` are in colour.

    scores: model -> bits per character.
    """
    fig, axis = figure(size=(7.0, 0.8 + 0.36 * len(scores)))
    colours = [COLOURS["blue"] if highlight in name else "#B5B5B5" for name in scores]
    bars = axis.barh(list(scores), list(scores.values()), color=colours)
    axis.bar_label(bars, fmt="%.2f", padding=3, fontsize=11)
    axis.set(xlabel="bits per character", xlim=(0, 1.12 * max(scores.values())))
    axis.invert_yaxis()
    axis.tick_params(axis="y", length=0)
    return fig


def next_characters(prefixes: list[str], probabilities, symbols, actual: str | None = None, top: int = 6):
    """What may come next, as the text grows: for each prefix the `top` likeliest characters as bars.

    probabilities: (prefixes, symbols); actual: the character that does come after each prefix, drawn in orange.
    """
    columns = len(prefixes)
    fig, axes = figure(1, columns, size=(1.42 * columns + 0.4, 2.9), squeeze=False, sharex=True)
    for number, (axis, prefix, chances) in enumerate(zip(axes[0], prefixes, np.asarray(probabilities), strict=True)):
        order = np.argsort(-chances, kind="stable")[:top]
        came = [actual is not None and symbols[code] == actual[number] for code in order]
        axis.barh(range(len(order)), chances[order], color=[COLOURS["orange"] if hit else COLOURS["blue"] for hit in came])
        axis.set_yticks(range(len(order)), [SIGNS.get(symbols[code], symbols[code]) for code in order], family=MONO, fontsize=12)
        axis.invert_yaxis()
        axis.set_title("…" + "".join(SIGNS.get(letter, letter) for letter in prefix[-7:]), family=MONO, fontsize=11.5)
        axis.set(xlim=(0, 1), xticks=[0, 0.5, 1], xticklabels=["0", "½", "1"])
    fig.supxlabel("probability of the next character", fontsize=12)
    return fig


def temperatures(panels: dict[str, np.ndarray], symbols, curve: tuple[np.ndarray, np.ndarray]):
    """One set of logits at several temperatures, as bars, and the entropy over the temperature.

    panels: title -> probabilities (symbols,); curve: temperatures and the entropies in bits, both (points,).
    """
    fig, axes = figure(1, len(panels) + 1, size=(2.0 * len(panels) + 3.4, 2.9), width_ratios=[1] * len(panels) + [1.5])
    for axis, (title, chances) in zip(axes, panels.items(), strict=False):
        axis.bar(range(len(symbols)), chances, color=COLOURS["blue"])
        axis.set_xticks(range(len(symbols)), [SIGNS.get(symbol, symbol) for symbol in symbols], family=MONO)
        axis.set(title=title, ylim=(0, 1), xlabel="character")
    axes[0].set_ylabel("probability")
    last = axes[-1]
    last.plot(*curve, color=COLOURS["vermillion"])
    last.axhline(np.log2(len(symbols)), color=COLOURS["grey"], linestyle=":")
    last.text(curve[0][-1], np.log2(len(symbols)), "uniform", ha="right", va="bottom", color=COLOURS["grey"], fontsize=11)
    last.set(xlabel="temperature", ylabel="entropy, bits", ylim=(0, 1.2 * np.log2(len(symbols))), title="entropy")
    return fig


def kept_and_cut(panels: dict[str, tuple[np.ndarray, np.ndarray]], symbols, top: int = 14):
    """Distributions from the likeliest character down; what a rule keeps is blue, what it cuts is light grey.

    panels: title -> (probabilities (symbols,), kept, booleans (symbols,)); two panels a row.
    """
    rows = (len(panels) + 1) // 2
    fig, axes = figure(rows, 2, size=(9.0, 2.25 * rows), squeeze=False)
    for axis, (title, (chances, kept)) in zip(axes.flat, panels.items(), strict=False):
        order = np.argsort(-np.asarray(chances), kind="stable")[:top]
        colours = [COLOURS["blue"] if kept[code] else "#C8C8C8" for code in order]
        axis.bar(range(len(order)), np.asarray(chances)[order], color=colours)
        axis.set_xticks(range(len(order)), [SIGNS.get(symbols[code], symbols[code]) for code in order], family=MONO)
        axis.set_title(title, loc="left")
    for axis in axes[:, 0]:
        axis.set_ylabel("probability")
    for axis in axes[-1]:
        axis.set_xlabel(f"the {min(top, len(symbols))} likeliest characters")
    return fig
