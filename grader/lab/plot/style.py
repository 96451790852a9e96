"""How figures look: colour-blind-safe, legible at half size, and never without words for those who cannot see them."""

from __future__ import annotations

import base64
import html
import io

import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg

# Okabe & Ito (2008), "Color Universal Design": told apart by readers with any common colour vision.
COLOURS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
    "grey": "#7F7F7F",
}

WIDE = (7.0, 3.0)  # inches
DPI = 90

RC = {
    "figure.figsize": WIDE,
    "figure.dpi": DPI,
    "figure.constrained_layout.use": True,
    "axes.prop_cycle": plt.cycler(color=[COLOURS[name] for name in ("blue", "orange", "green", "vermillion", "purple", "sky")]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.fontsize": 11,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "image.cmap": "viridis",
    "font.size": 11,
}


def figure(rows: int = 1, columns: int = 1, size: tuple[float, float] = WIDE, **kwargs):
    """A new matplotlib figure in the course's style, and its axes, as `plt.subplots` gives them. Size in inches."""
    with plt.rc_context(RC):
        return plt.subplots(rows, columns, figsize=size, **kwargs)


def show(fig, alt: str) -> None:
    """Display `fig` as a PNG whose text alternative is `alt`, one sentence that says what the figure shows.

    Raises ValueError for a figure without words.
    """
    if not alt.strip():
        raise ValueError("a figure needs alt text: one sentence that says what it shows")
    from IPython.display import display

    picture = io.BytesIO()
    with plt.rc_context(RC):
        fig.savefig(picture, format="png", dpi=DPI, bbox_inches=_placed(fig), facecolor="white", metadata={"Software": None})
    plt.close(fig)
    display(_with_words(picture.getvalue(), alt))


def _with_words(png: bytes, alt: str):
    """What shows a picture and tells `alt` to those who cannot see it, in any IPython: Colab's 7.34 has pictures without words."""
    from IPython.display import HTML, Image

    try:
        return Image(png, format="png", alt=alt)
    except TypeError:
        return HTML(f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">')


def _placed(fig):
    """Put everything in `fig` where it belongs, and return the box around it, in inches.

    `bbox_inches="tight"` finds the same places and the same box, and draws all of it once more on the way.
    """
    fig.set_dpi(DPI)
    renderer = FigureCanvasAgg(fig).get_renderer()
    if fig.get_layout_engine() is not None:
        fig.get_layout_engine().execute(fig)
        with plt.rc_context({"figure.constrained_layout.use": False}):
            fig.set_layout_engine(None)  # not "none": that leaves a placeholder, and savefig would draw twice for its sake
    return fig.get_tightbbox(renderer).padded(plt.rcParams["savefig.pad_inches"])
