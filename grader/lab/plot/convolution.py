"""Figures of what a convolution sees: signals, kernels that slide, receptive fields, splits, lags and costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import NullFormatter, ScalarFormatter

from grader.lab.plot.style import COLOURS, figure

LIT, DARK = COLOURS["vermillion"], "#C8C8C8"
ORDER = ("blue", "orange", "green", "purple")


def watch_windows(windows: Mapping[str, Sequence[np.ndarray]], people: Sequence[str], rate: float):
    """A row for each exercise, a column for each person, a line for each axis of the acceleration.

    windows: exercise -> one array for each person, (timesteps, features), of which the first three are ax, ay, az in g.
    rate: timesteps a second.
    """
    fig, axes = figure(len(windows), len(people), size=(8.0, 1.25 * len(windows) + 0.9), sharex=True, sharey=True, squeeze=False)
    for row, (name, row_windows) in zip(axes, windows.items(), strict=True):
        for axis, window in zip(row, row_windows, strict=True):
            seconds = np.arange(len(window)) / rate
            for values, label, colour, style in zip(window.T[:3], ("ax", "ay", "az"), ORDER, ("-", "--", "-."), strict=False):
                axis.plot(seconds, values, style, color=COLOURS[colour], linewidth=1.5, label=label)
        row[0].set_ylabel(f"{name}\n(g)")
    for axis, person in zip(axes[0], people, strict=True):
        axis.set_title(person)
    for axis in axes[-1]:
        axis.set_xlabel("seconds")
    axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.05), frameon=False)
    return fig


def kernel_answers(signal: np.ndarray, kernels: Mapping[str, np.ndarray], outputs: Mapping[str, np.ndarray], rate: float):
    """A signal over its kernels' answers: each kernel left, in the same scale of time, and its output right.

    signal: (timesteps,); kernels: name -> (kernel size,); outputs: the same names -> (timesteps - kernel size + 1,).
    rate: timesteps a second. An output is drawn at the last timestep that it saw.
    """
    rows = len(kernels) + 1
    fig, axes = figure(rows, 2, size=(8.0, 1.35 * rows + 0.4), width_ratios=(1, 4.5), sharex="col")
    axes[0, 0].axis("off")
    axes[0, 1].plot(np.arange(len(signal)) / rate, signal, color=COLOURS["black"], linewidth=1.5)
    axes[0, 1].set_ylabel("input")
    for (left, right), (name, kernel), colour in zip(axes[1:], kernels.items(), ORDER, strict=False):
        kernel = np.asarray(kernel)
        left.bar(np.arange(len(kernel)), kernel, color=COLOURS[colour], width=0.85)
        left.axhline(0, color="black", linewidth=0.8)
        left.set(ylabel=name, yticks=[0])
        steps = np.arange(len(kernel) - 1, len(kernel) - 1 + len(outputs[name]))
        right.plot(steps / rate, outputs[name], color=COLOURS[colour], linewidth=1.5)
        right.axhline(0, color=COLOURS["grey"], linewidth=0.8)
        right.set_ylabel("output")
    fig.align_ylabels(axes[:, 1])
    axes[-1, 0].set_xlabel("kernel, timesteps")
    axes[-1, 1].set_xlabel("seconds")
    return fig


def receptive_field(kernel: int, dilations: Sequence[int], gradient: np.ndarray):
    """The tree of everything that reaches the last output of a causal stack, over what a gradient measured.

    kernel: every layer's kernel size; dilations: one for each layer, the first layer first.
    gradient: (timesteps,), the size of the last output's derivative with respect to the input at each timestep.
    """
    gradient = np.asarray(gradient, "float64")
    steps, depth = len(gradient), len(dilations)
    fig, (tree, bars) = figure(2, 1, size=(8.0, 1.6 + 0.8 * depth), sharex=True, height_ratios=(1.0 * depth, 1.5))
    lit = [set() for _ in range(depth)] + [{steps - 1}]
    for level in range(depth, 0, -1):
        for step in lit[level]:
            for tap in range(kernel):
                source = step - tap * dilations[level - 1]
                if source >= 0:
                    lit[level - 1].add(source)
                    tree.plot([source, step], [level - 1, level], color=LIT, linewidth=1.4, zorder=2)
    for level, reached in enumerate(lit):
        style = {"s": 60, "zorder": 3, "edgecolors": "white", "linewidths": 0.8}
        tree.scatter(np.arange(steps), np.full(steps, level), c=[LIT if s in reached else DARK for s in range(steps)], **style)
    tree.set_yticks(range(depth + 1), ["input", *(f"dilation {d}" for d in dilations)])
    tree.tick_params(length=0)
    for side in ("left", "bottom"):
        tree.spines[side].set_visible(False)
    bars.bar(np.arange(steps), gradient, color=[LIT if value > 0 else DARK for value in gradient])
    bars.set(xlabel="timestep of the input", ylabel="|gradient|", xlim=(-0.8, steps - 0.2))
    bars.xaxis.get_major_locator().set_params(integer=True)
    return fig


def leak(scores: Mapping[str, Mapping[str, float]], chance: float):
    """Accuracy by way of splitting: a group of bars for each way, a bar for each model.

    scores: way of splitting -> model -> accuracy, 0 to 1.
    """
    fig, axis = figure(size=(7.0, 3.2))
    models, place = list(next(iter(scores.values()))), np.arange(len(scores))
    for index, (model, colour) in enumerate(zip(models, ORDER, strict=False)):
        width = 0.8 / len(models)
        heights = [row[model] for row in scores.values()]
        bars = axis.bar(place + width * (index - (len(models) - 1) / 2), heights, 0.92 * width, color=COLOURS[colour], label=model)
        axis.bar_label(bars, fmt="%.2f", padding=2, fontsize=11)
    axis.axhline(chance, color="black", linestyle=":", linewidth=1.5, label="chance")
    axis.set_xticks(place, scores)
    axis.set(ylabel="accuracy", ylim=(0, 1.3), yticks=(0, 0.25, 0.5, 0.75, 1))
    axis.legend(loc="upper center", ncols=len(models) + 1, frameon=False)
    return fig


def confusion(counts: np.ndarray, names: Sequence[str]):
    """How often each class (down) was taken for each class (across), as shares of the row.

    counts: int (classes, classes).
    """
    counts = np.asarray(counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    fig, axis = figure(size=(5.4, 4.2))
    image = axis.imshow(np.maximum(shares, 0.005), norm=LogNorm(0.005, 1), cmap="cividis")
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.005:
            axis.text(column, row, f"{share:.2f}"[0 if share >= 0.995 else 1:], ha="center", va="center",
                      color="black" if share > 0.25 else "white", fontsize=11)
    axis.set_xticks(range(len(names)), names)
    axis.set_yticks(range(len(names)), names)
    axis.set(xlabel="the model says", ylabel="the exercise was")
    fig.colorbar(image, ax=axis, ticks=[0.01, 0.1, 1], format="%g").set_label("share of the row")
    return fig


def reach(curves: Mapping[str, np.ndarray], edges: Mapping[str, int], chance: float, trained: int):
    """Accuracy over how far back the cue lies; a dotted line where each model's receptive field ends.

    curves: model -> (lags,), lag 0 first; edges: model -> first lag that the model cannot see.
    trained: the longest lag in training.
    """
    fig, axis = figure(size=(8.0, 3.2))
    for (name, values), colour, style in zip(curves.items(), ORDER, ("-", "--", "-."), strict=False):
        axis.plot(values, style, color=COLOURS[colour], label=name)
        if name in edges:
            axis.axvline(edges[name] - 0.5, color=COLOURS[colour], linestyle=":", linewidth=1.5)
    axis.axhline(chance, color=COLOURS["grey"], linewidth=1)
    axis.text(len(values) - 1, chance + 0.02, "chance", ha="right", va="bottom", fontsize=11, color="#444444")
    axis.axvspan(trained + 0.5, len(values) - 0.5, color="#EEEEEE", zorder=0)
    axis.text(len(values) - 1, 0.03, "lags never trained on", ha="right", fontsize=11, color="#444444")
    axis.set(xlabel="lag of the cue: timesteps between it and the answer", ylabel="accuracy", ylim=(0, 1.05))
    axis.set_xlim(-0.5, len(values) - 0.5)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=len(curves), frameon=False)
    return fig


def step_costs(measured: Mapping[str, Sequence[float]], claimed: Mapping[str, float], device: str):
    """How long a training step takes, as a multiple of the first model's median: bars, quartiles, and the claim.

    measured: model -> seconds of single steps; claimed: model -> multiple. The axis is logarithmic.
    """
    unit = np.median(next(iter(measured.values())))
    fig, axis = figure(size=(7.5, 0.62 * len(measured) + 1.5))
    for row, (name, seconds) in enumerate(measured.items()):
        low, middle, high = np.percentile(np.asarray(seconds) / unit, [25, 50, 75])
        spread = [[middle - low], [high - middle]]
        axis.barh(row, middle, color=COLOURS["sky"], xerr=spread, ecolor="black", capsize=4, label="measured" if not row else None)
        axis.scatter(claimed[name], row, marker="D", s=75, color=COLOURS["vermillion"], edgecolors="black", zorder=3,
                     label="claimed" if not row else None)
        axis.text(1.02, row, f"× {middle:.1f}", transform=axis.get_yaxis_transform(), va="center", fontsize=12)
    axis.set_xscale("log")
    axis.set_xticks([0.5, 1, 2, 5, 10, 20, 50])
    axis.xaxis.set_major_formatter(ScalarFormatter())
    axis.xaxis.set_minor_formatter(NullFormatter())
    top = max(max(np.percentile(seconds, 75) / unit for seconds in measured.values()), *claimed.values())
    axis.set(xlim=(0.4, 1.4 * top), xlabel=f"time of a training step, {next(iter(measured))} = 1   (on: {device})")
    axis.set_yticks(range(len(measured)), measured)
    axis.tick_params(axis="y", length=0)
    axis.invert_yaxis()
    axis.legend(loc="lower center", bbox_to_anchor=(0.45, 0.98), ncols=2, frameon=False)
    return fig
