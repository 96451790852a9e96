"""The figures of lesson 1: what order, padding, masks, windows, splits and batches look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.dates import DateFormatter
from matplotlib.patches import Rectangle

from grader.lab.plot.style import COLOURS, figure

WEEKEND = (5, 6)  # Saturday and Sunday, counted from Monday = 0


def bags_and_sequences(sentences: Sequence[Sequence[str]]):
    """Each sentence twice: as words in their order, and as a bar chart of how often each word occurs.

    sentences: lists of words. A word has the same colour everywhere.
    """
    words = sorted({word for sentence in sentences for word in sentence})
    colours = dict(zip(words, _palette(len(words)), strict=True))
    fig, axes = figure(len(sentences), 2, size=(7.0, 1.5 * len(sentences)), squeeze=False)
    longest = max(map(len, sentences))
    for (left, right), sentence in zip(axes, sentences, strict=True):
        for step, word in enumerate(sentence):
            left.add_patch(Rectangle((step + 0.04, 0.15), 0.92, 0.7, color=colours[word]))
            left.text(step + 0.5, 0.5, word, ha="center", va="center", color=_ink(colours[word]), fontsize=12)
        left.set(xlim=(0, longest), ylim=(0, 1), yticks=[], xticks=np.arange(longest) + 0.5, xticklabels=range(longest))
        left.spines[:].set_visible(False)
        left.tick_params(length=0)
        right.bar(words, [sentence.count(word) for word in words], color=[colours[word] for word in words])
        right.set(ylabel="count", yticks=range(max(sentence.count(word) for word in words) + 1))
    axes[0, 0].set_title("a sequence")
    axes[0, 1].set_title("a bag of words")
    axes[-1, 0].set_xlabel("timestep")
    return fig


def padded(arrays: Mapping[str, np.ndarray]):
    """Integer batches side by side, padding in grey.

    arrays: title -> (batch, timesteps) integers; 0 is padding.
    """
    arrays = {title: np.asarray(array) for title, array in arrays.items()}
    rows = max(len(array) for array in arrays.values())
    fig, axes = figure(1, len(arrays), size=(7.0, 0.9 + 0.45 * rows), squeeze=False)
    for axis, (title, array) in zip(axes[0], arrays.items(), strict=True):
        for (row, step), value in np.ndenumerate(array):
            colour = COLOURS["blue"] if value else "#D9D9D9"
            axis.add_patch(Rectangle((step + 0.04, row + 0.06), 0.92, 0.88, color=colour))
            axis.text(step + 0.5, row + 0.5, str(value), ha="center", va="center", color=_ink(colour), fontsize=12)
        axis.set(xlim=(0, array.shape[1]), ylim=(len(array), 0), title=title, xlabel="timestep", yticks=[])
        axis.set_xticks(np.arange(array.shape[1]) + 0.5, range(array.shape[1]))
        axis.spines[:].set_visible(False)
        axis.tick_params(length=0)
    axes[0, 0].set_ylabel("sentence")
    return fig


def state_distances(distances: Mapping[str, np.ndarray], real: int):
    """How far apart the states of two sentences are, at every timestep, on a logarithmic axis.

    distances: label -> (timesteps,) distances between states; zeros are not drawn.
    real: the sentences occupy timesteps 0 to real-1 when padded on the right; the rest is shaded as padding.
    """
    fig, axis = figure(size=(7.0, 3.4))
    styles = [("blue", "-", "o"), ("vermillion", "--", "s"), ("black", ":", "^")]
    for (label, values), (colour, line, marker) in zip(distances.items(), styles, strict=False):
        values = np.asarray(values, "float64")
        steps = np.arange(len(values))
        axis.plot(steps, np.where(values > 0, values, np.nan), line, marker=marker, markersize=4, color=COLOURS[colour], label=label)
    axis.axvspan(real - 0.5, len(values) - 0.5, color="#EEEEEE", zorder=0)
    axis.set(yscale="log", xlabel="timestep", ylabel="distance of the states")
    axis.set_xlim(-0.5, len(values) - 0.5)
    axis.text((real + len(values)) / 2 - 0.5, 0.04, "padding, where it is on the right", transform=axis.get_xaxis_transform(),
              ha="center", fontsize=11, color="#444444")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, 1.17), ncols=len(distances), columnspacing=1.2, handlelength=1.8, frameon=False)
    return fig


def daily(dates: np.ndarray, values: np.ndarray, zoom: tuple[str, str], ylabel: str):
    """A daily series twice: all of it, and a few weeks with the weekends marked.

    dates: datetime64[D] (days,). values: float (days,). zoom: first and last day of the lower panel, ISO dates.
    """
    fig, (top, bottom) = figure(2, 1, size=(7.0, 4.6))
    top.plot(dates, values, ".", markersize=1.5, color=COLOURS["sky"], label="a day")
    week = np.convolve(values, np.ones(7) / 7, mode="valid")
    top.plot(dates[3:-3], week, color=COLOURS["black"], linewidth=1, label="mean of 7 days")
    _legend_above(top, markerscale=5)
    first, last = (np.searchsorted(dates, np.datetime64(day)) for day in zoom)
    near, level = dates[first : last + 1], values[first : last + 1]
    weekend = np.isin((near.astype("datetime64[D]").astype(int) + 3) % 7, WEEKEND)  # 1 January 1970 was a Thursday
    bottom.plot(near, level, color=COLOURS["blue"], linewidth=1.5)
    bottom.plot(near[~weekend], level[~weekend], "o", markersize=5, color=COLOURS["blue"], label="Monday to Friday")
    bottom.plot(near[weekend], level[weekend], "s", markersize=5, color=COLOURS["vermillion"], label="weekend")
    _legend_above(bottom)
    for axis in (top, bottom):
        axis.set_ylabel(ylabel)
    bottom.set_xlabel(f"date, {near[0].astype(object):%B %Y} to {near[-1].astype(object):%B %Y}")
    bottom.set_xticks(near[::14])
    bottom.xaxis.set_major_formatter(DateFormatter("%d %b"))
    return fig


def sliding_windows(steps: int, width: int, horizon: int):
    """All windows over a short series, one a row: inputs in blue, the target in orange, the steps between in grey."""
    count = steps - width - horizon + 1
    fig, axis = figure(size=(7.0, 0.9 + 0.36 * count))
    for row in range(count):
        for step in range(steps):
            offset = step - row
            target = offset == width + horizon - 1
            between = width <= offset < width + horizon - 1
            colour = "#B5B5B5" if between else "#EFEFEF"
            colour = COLOURS["blue"] if 0 <= offset < width else COLOURS["orange"] if target else colour
            axis.add_patch(Rectangle((step - 0.46, row - 0.42), 0.92, 0.84, color=colour))
            if target:
                axis.text(step, row, "y", ha="center", va="center", fontsize=12)
            elif 0 <= offset < width:
                axis.text(step, row, "x", ha="center", va="center", color="white", fontsize=12)
    axis.set(xlim=(-0.5, steps - 0.5), ylim=(count - 0.5, -0.5), xlabel="timestep of the series", ylabel="sample")
    axis.set_xticks(range(steps))
    axis.set_yticks(range(count))
    axis.spines[:].set_visible(False)
    axis.tick_params(length=0)
    return fig


def gap_before_test(width: int, horizon: int):
    """Why a split by time leaves a gap: the last training sample, without a gap and with one, above the first test sample.

    Windows in blue, the days that a target averages in orange; those that the first test window does not know yet in vermillion.
    """
    rows = {"training, no gap": -1, "training, with a gap": -horizon, "first test sample": 0}
    fig, axis = figure(size=(7.0, 2.4))
    for row, (name, start) in enumerate(rows.items()):
        axis.broken_barh([(start, width)], (row - 0.3, 0.6), color=COLOURS["blue"])
        known = horizon if row == 2 else max(0, min(horizon, -start))
        axis.broken_barh([(start + width, known)], (row - 0.3, 0.6), color=COLOURS["orange"])
        axis.broken_barh([(start + width + known, horizon - known)], (row - 0.3, 0.6), color=COLOURS["vermillion"])
    axis.axvline(width, color="black", linestyle=":")
    axis.text(width + 0.6, -0.62, "known  |  not yet", ha="center", va="bottom", fontsize=11)
    axis.set(xlim=(-horizon - 1, width + horizon + 1), ylim=(2.6, -0.6), xlabel="days after the first test window begins")
    axis.set_yticks(range(len(rows)), rows)
    axis.tick_params(axis="y", length=0)
    return fig


def split_leak(rows: Mapping[str, np.ndarray], errors: Mapping[str, Mapping[str, float]], ylabel: str):
    """Two ways to split: which samples are tests, in time order, and what each model then scores.

    rows: split -> boolean (samples,), True where the sample is a test. errors: split -> model -> error.
    """
    fig, (top, bottom) = figure(2, 1, size=(7.0, 4.2), height_ratios=(1, 1.7))
    for level, tests in enumerate(rows.values()):
        picture = np.asarray(tests)[:: max(1, len(tests) // 350)]
        for step, test in enumerate(picture):
            top.add_patch(Rectangle((step, level + 0.12), 1, 0.76, color=COLOURS["orange" if test else "blue"], linewidth=0))
    top.set(xlim=(0, len(picture)), ylim=(len(rows), 0), xticks=[], xlabel="samples in the order of time   (blue trains, orange tests)")
    top.set_yticks(np.arange(len(rows)) + 0.5, rows)
    top.spines[:].set_visible(False)
    top.tick_params(length=0)
    models = list(next(iter(errors.values())))
    place = np.arange(len(errors))
    for index, (model, colour) in enumerate(zip(models, ("sky", "green", "purple"), strict=False)):
        heights = [scores[model] for scores in errors.values()]
        bars = bottom.bar(place + 0.38 * (index - (len(models) - 1) / 2), heights, 0.34, color=COLOURS[colour], label=model)
        bottom.bar_label(bars, fmt="%.0f", padding=2, fontsize=11)
    bottom.set_xticks(place, errors)
    bottom.set(ylabel=ylabel, ylim=(0, 1.35 * max(max(scores.values()) for scores in errors.values())))
    bottom.legend(loc="upper center", ncols=len(models), frameon=False)
    return fig


def error_bars(tables: Mapping[str, Mapping[str, float]], xlabel: str):
    """Horizontal bars of each forecaster's error, a panel for each test period; the lowest is in colour.

    tables: test period -> forecaster -> error.
    """
    rows = len(next(iter(tables.values())))
    fig, axes = figure(1, len(tables), size=(7.0, 1.2 + 0.42 * rows), squeeze=False, sharey=True)
    for axis, (period, table) in zip(axes[0], tables.items(), strict=True):
        best = min(table, key=table.get)
        bars = axis.barh(list(table), list(table.values()), color=[COLOURS["green"] if name == best else "#B5B5B5" for name in table])
        axis.bar_label(bars, fmt="%.0f", padding=3, fontsize=11)
        axis.set(title=period, xlabel=xlabel, xlim=(0, 1.22 * max(table.values())))
        axis.tick_params(axis="y", length=0)
    axes[0, 0].invert_yaxis()
    return fig


def padding_waste(lengths: np.ndarray, waste: Mapping[str, float]):
    """How long the sequences are, and which share of the timesteps in their batches is padding.

    lengths: int (sequences,). waste: way of batching -> share of padding, 0 to 1.
    """
    fig, (left, right) = figure(1, 2, size=(7.0, 2.9), width_ratios=(1, 1.25))
    left.hist(lengths, bins=range(0, int(max(lengths)) + 5, 4), color=COLOURS["blue"])
    left.set(xlabel="tokens in a sentence", ylabel="sentences")
    shares = np.array(list(waste.values()))
    right.barh(list(waste), 1 - shares, color=COLOURS["blue"])
    right.barh(list(waste), shares, left=1 - shares, color="#D0D0D0")
    for row, share in enumerate(shares):
        right.text(1.02, row, f"{share:.0%} padding", va="center", fontsize=11)
    right.set(xlabel="share of the timesteps", xlim=(0, 1))
    right.invert_yaxis()
    right.tick_params(axis="y", length=0)
    return fig


def _legend_above(axis, **kwargs):
    axis.legend(loc="lower left", bbox_to_anchor=(0, 0.98), ncols=2, frameon=False, borderaxespad=0, **kwargs)


def _palette(count: int) -> list[str]:
    names = ("blue", "orange", "green", "vermillion", "purple", "sky", "yellow", "grey")
    return [COLOURS[names[index % len(names)]] for index in range(count)]


def _ink(colour: str) -> str:
    """Black on light colours, white on dark ones (relative luminance as in WCAG 2)."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return "white" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.25 else "black"
