"""Figures of what a recurrent layer does over time: pen strokes, echoes of an input, gradients, gates, states."""

from __future__ import annotations

import numpy as np

from grader.lab.plot.cells import GATE_COLOURS
from grader.lab.plot.style import COLOURS, figure

ORDER = (COLOURS["blue"], COLOURS["orange"], COLOURS["vermillion"], COLOURS["green"])


def strokes(x, y):
    """Pen digits as the pen drew them: each point coloured by its timestep.

    x: (digits, timesteps, 2 features), to the right and up; y: (digits,) classes.
    """
    columns = (len(x) + 1) // 2
    fig, axes = figure(2, columns, size=(1.55 * columns, 3.6), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, points, label in zip(axes.flat, np.asarray(x), y, strict=False):
        axis.plot(*points.T, color=COLOURS["grey"], linewidth=1.5, zorder=1)
        dots = axis.scatter(*points.T, c=np.arange(len(points)), cmap="viridis", s=45, zorder=2)
        axis.set_title(str(label), fontsize=13)
        axis.set_aspect("equal")
        axis.margins(0.12)
    bar = fig.colorbar(dots, ax=axes, ticks=[0, len(points) - 1], shrink=0.8)
    bar.set_label("timestep", fontsize=12)
    return fig


def echoes(responses: dict[str, np.ndarray]):
    """How much each timestep's output moves when the input at timestep 0 is nudged.

    responses: layer name -> (timesteps,), the norm of the change of the output.
    """
    fig, axis = figure()
    for (name, response), colour, marker in zip(responses.items(), ORDER, "osD^", strict=False):
        axis.plot(response, color=colour, marker=marker, label=name)
    axis.set(xlabel="timestep of the output", ylabel="change of the output", ylim=(0, None))
    axis.set_xticks(range(len(response)))
    axis.legend()
    return fig


def gradients_by_lag(gradients: dict[str, np.ndarray]):
    """The size of the gradient that reaches back to an input, over its lag; the vertical axis is logarithmic.

    gradients: name -> (lags,), lag 0 first; all positive.
    """
    fig, axis = figure()
    for (name, values), colour, style in zip(gradients.items(), ORDER, ("-", "--", "-.", ":"), strict=False):
        axis.semilogy(values, color=colour, linestyle=style)
        axis.annotate(f" {name}", (len(values) - 1, values[-1]), color=colour, va="center", fontsize=12, annotation_clip=False)
    axis.axhline(1, color=COLOURS["grey"], linewidth=1)
    axis.set(xlabel="lag: timesteps between the input and the last output", ylabel="gradient")
    return fig


def forgetting(survival: dict[str, np.ndarray], accuracy: dict[str, list[float]], chance: float):
    """Left: the share of a cell state that survives, before training. Right: held-out accuracy while training.

    survival: name -> (steps + 1,); accuracy: the same names -> one value per epoch.
    """
    fig, (left, right) = figure(1, 2, size=(8.0, 3.2))
    for name, colour, marker in zip(survival, ORDER[::-1][1:], "osD", strict=False):
        left.semilogy(survival[name], color=colour)
        left.annotate(f" {name}", (len(survival[name]) - 1, survival[name][-1]), color=colour, va="center", annotation_clip=False)
        right.plot(range(1, len(accuracy[name]) + 1), accuracy[name], color=colour, marker=marker, label=name)
    right.axhline(chance, color=COLOURS["grey"], linestyle=":", label="chance")
    left.set(xlabel="steps since it was written", ylabel="share of the state left", title="before training", ylim=(1e-10, 3))
    right.set(xlabel="epoch", ylabel="held-out accuracy", title="while training", ylim=(0, 1.05))
    right.xaxis.get_major_locator().set_params(integer=True)
    right.legend()
    return fig


def gates(values: dict[str, np.ndarray]):
    """Heatmaps of the gates of one sequence: units down, timesteps across, 0 (shut, dark) to 1 (open, bright).

    values: gate name, beginning with its letter -> (timesteps, units).
    """
    fig, axes = figure(1, len(values), size=(10.0, 3.4), sharey=True)
    for axis, (name, value) in zip(np.atleast_1d(axes), values.items(), strict=True):
        image = axis.imshow(np.asarray(value).T, vmin=0, vmax=1, cmap="viridis", aspect="auto", interpolation="nearest")
        axis.set_title(name, fontsize=13)
        axis.set_xlabel("timestep")
        for spine in axis.spines.values():
            spine.set(visible=True, color=GATE_COLOURS.get(name[0], "black"), linewidth=3)
    np.atleast_1d(axes)[0].set_ylabel("unit")
    bar = fig.colorbar(image, ax=axes, ticks=[0, 0.5, 1])
    bar.set_label("share let through", fontsize=12)
    return fig


def padded_state(states: dict[str, np.ndarray], length: int):
    """One unit's state over time, through the real frames and into the padding.

    states: name -> (timesteps,); length: how many timesteps are real.
    """
    fig, axis = figure()
    for (name, values), colour, style in zip(states.items(), ORDER, ("--", "-"), strict=False):
        axis.plot(values, color=colour, linestyle=style, label=name)
    axis.axvspan(length - 0.5, len(values) - 0.5, color=COLOURS["grey"], alpha=0.2, linewidth=0)
    axis.text(length + 0.2, 0.97, "padding", transform=axis.get_xaxis_transform(), va="top", fontsize=12)
    axis.set(xlabel="frame", ylabel="state of one unit", xlim=(-0.5, len(values) - 0.5))
    axis.legend(loc="center right")
    return fig
