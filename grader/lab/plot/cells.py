"""Drawings of the recurrent cells: how the state passes through each, and where its weights lie."""

from __future__ import annotations

from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from grader.lab.plot.style import COLOURS, figure

# One colour for each gate, in every figure of the lesson.
GATE_COLOURS = {
    "i": COLOURS["green"],
    "f": COLOURS["vermillion"],
    "c": COLOURS["sky"],
    "o": COLOURS["purple"],
    "z": COLOURS["vermillion"],
    "r": COLOURS["orange"],
    "h": COLOURS["sky"],
}
ROAD = COLOURS["blue"]
BUS = COLOURS["grey"]


def cell_diagrams():
    """SimpleRNN, GRU and LSTM side by side: the state's road from left to right, with the gates as valves on it."""
    fig, axes = figure(1, 3, size=(10.0, 3.9), width_ratios=[8.2, 11.2, 13.2])
    for axis, draw in zip(axes, (_simple, _gru, _lstm), strict=True):
        draw(axis)
        axis.set(ylim=(-0.9, 10.4), aspect="equal")
        axis.axis("off")
    return fig


def weight_map(features: int, units: int):
    """The kernel, recurrent kernel and bias of the three layers, drawn nearly to scale and cut into their gates' slices."""
    kinds = {"SimpleRNN": ("h", 1), "GRU": ("zrh", 2), "LSTM": ("ifco", 1)}
    margins = [0.9 * units, 0, 0]
    spans = [len(gates) * units + margin for (gates, _), margin in zip(kinds.values(), margins, strict=True)]
    fig, axes = figure(1, 3, size=(10.0, 3.5), width_ratios=spans)
    gap, line = units / 10, units / 12  # a bias is one row; it is drawn thicker to be seen
    for axis, (kind, (gates, biases)), margin in zip(axes, kinds.items(), margins, strict=True):
        width, top = len(gates) * units, 0.0
        for name, height in [("kernel", features), ("recurrent\nkernel", units), *[("bias", line)] * biases]:
            for slot, gate in enumerate(gates):
                style = {"facecolor": GATE_COLOURS[gate], "edgecolor": "white", "linewidth": 1.5}
                axis.add_patch(Rectangle((slot * units, top), units, height, **style))
                if name != "bias":
                    axis.text((slot + 0.5) * units, top + height / 2, f"${gate}$", ha="center", va="center", fontsize=15)
            if margin:
                axis.text(-gap, top + height / 2, name, ha="right", va="center", fontsize=11)
            top += height + (gap if name != "bias" else line / 3)
        shapes = (features, width), (units, width), (width,) if biases == 1 else (biases, width)
        axis.text(width / 2, top + gap, "\n".join(map(str, shapes)), ha="center", va="top", fontsize=12)
        axis.set_title(kind, x=1 - width / (width + margin) / 2)
        axis.set(xlim=(-margin, width), ylim=(features + units * 2.35, -1), aspect="equal")
        axis.axis("off")
    return fig


def _simple(axis):
    axis.set_xlim(-0.6, 7.6)
    axis.set_title("SimpleRNN")
    _bus(axis, 1.2, 5.8)
    _arrow(axis, (3.5, 0.9), (3.5, 4.2))
    _box(axis, 3.5, 4.8, "tanh", COLOURS["sky"])
    _arrow(axis, (3.5, 5.4), (3.5, 8), road=True, head=False)
    _arrow(axis, (3.5, 8), (7.0, 8), road=True)
    axis.text(7.0, 8.5, "$h_t$", ha="right", fontsize=14)
    axis.text(3.5, 9.4, "the state is rewritten\nat every step", ha="center", va="center", fontsize=11)


def _gru(axis):
    axis.set_xlim(-0.6, 10.6)
    axis.set_title("GRU")
    _bus(axis, 0.2, 5.8)
    _bus(axis, 6.5, 8.0, "$h_{t-1}$")
    _bus(axis, 8.4, 9.9, "$x_t$")
    _road(axis, "h", 10.0)
    _arrow(axis, (2.0, 0.9), (2.0, 7.5))
    _gate(axis, 2.0, 3.2, "z")
    _operation(axis, 2.0, 8, "×")
    _arrow(axis, (4.6, 0.9), (4.6, 1.7))
    _gate(axis, 4.6, 2.4, "r")
    _arrow(axis, (5.3, 2.4), (7.4, 2.4), head=False)
    _arrow(axis, (7.4, 0.9), (7.4, 3.6))
    _operation(axis, 7.4, 2.4, "×")  # reset_after: r scales the state's term only; the input joins above
    _arrow(axis, (8.8, 0.9), (8.8, 3.6))
    _box(axis, 8.1, 4.2, "tanh", GATE_COLOURS["h"])
    _arrow(axis, (8.1, 4.8), (8.1, 7.5))
    _operation(axis, 8.1, 6.2, "×")
    axis.text(7.4, 6.2, "$1-z$", ha="right", va="center", fontsize=13)
    _operation(axis, 8.1, 8, "+")


def _lstm(axis):
    axis.set_xlim(-0.6, 12.6)
    axis.set_title("LSTM")
    _bus(axis, 0.2, 10.4)
    _road(axis, "c", 12.0)
    _arrow(axis, (1.8, 0.9), (1.8, 7.5))
    _gate(axis, 1.8, 3.2, "f")
    _operation(axis, 1.8, 8, "×")
    _arrow(axis, (4.0, 0.9), (4.0, 6.2), head=False)
    _arrow(axis, (4.0, 6.2), (5.6, 6.2), head=False)
    _gate(axis, 4.0, 3.2, "i")
    _arrow(axis, (6.1, 0.9), (6.1, 7.5))
    _box(axis, 6.1, 3.2, "tanh", GATE_COLOURS["c"])
    _operation(axis, 6.1, 6.2, "×")
    _operation(axis, 6.1, 8, "+")
    _arrow(axis, (8.6, 0.9), (8.6, 4.6), head=False)
    _gate(axis, 8.6, 3.2, "o")
    _arrow(axis, (8.6, 4.6), (10.0, 4.6), head=False)
    _arrow(axis, (10.5, 8), (10.5, 5.1), road=True)
    _box(axis, 10.5, 6.5, "tanh", "white")
    _operation(axis, 10.5, 4.6, "×")
    _arrow(axis, (11.0, 4.6), (12.0, 4.6), road=True)
    axis.text(12.0, 5.0, "$h_t$", ha="right", fontsize=14)


def _road(axis, state: str, end: float):
    _arrow(axis, (0.0, 8), (end, 8), road=True)
    axis.text(-0.1, 8.5, f"${state}_{{t-1}}$", fontsize=14)
    axis.text(end, 8.5, f"${state}_t$", ha="right", fontsize=14)


def _bus(axis, start: float, end: float, words: str = "$x_t$ and $h_{t-1}$"):
    axis.add_patch(Rectangle((start, 0.3), end - start, 0.6, facecolor=BUS, alpha=0.35, edgecolor="none"))
    axis.text((start + end) / 2, -0.5, words, ha="center", va="center", fontsize=13)


def _arrow(axis, start, end, road: bool = False, head: bool = True):
    style = {"color": ROAD if road else "black", "lw": 3.2 if road else 1.4, "shrinkA": 0, "shrinkB": 0}
    style["arrowstyle"] = "-|>" if head else "-"
    axis.annotate("", xy=end, xytext=start, arrowprops={**style, "mutation_scale": 16 if road else 11})


def _gate(axis, x: float, y: float, letter: str):
    axis.add_patch(Circle((x, y), 0.75, facecolor=GATE_COLOURS[letter], edgecolor="black", zorder=3))
    axis.text(x, y, f"${letter}$", ha="center", va="center", fontsize=15, zorder=4)


def _box(axis, x: float, y: float, words: str, colour: str):
    shape = FancyBboxPatch((x - 0.95, y - 0.55), 1.9, 1.1, boxstyle="round,pad=0.05", facecolor=colour, edgecolor="black", zorder=3)
    axis.add_patch(shape)
    axis.text(x, y, words, ha="center", va="center", fontsize=12, zorder=4)


def _operation(axis, x: float, y: float, sign: str):
    axis.add_patch(Circle((x, y), 0.48, facecolor="white", edgecolor="black", zorder=3))
    axis.text(x, y - 0.03, sign, ha="center", va="center", fontsize=14, zorder=4)
