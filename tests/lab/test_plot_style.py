"""A figure is shown as matplotlib would save it, in less time."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.display import Image

from grader.lab import plot
from grader.lab.plot.style import DPI, RC


def the_rows():
    return plot.surprise_text({"one": ("to be,\nor not", np.arange(13.0)), "two": ("gjpqy", np.zeros(5))}, width=6)


def bars():
    return plot.next_characters(["x", "xa"], [[0, 0, 0, 0.1, 0.6, 0.3], [0.5, 0.1, 0.4, 0, 0, 0]], list("\n .abc"), "c\n", top=2)


def panels():
    fig = plot.sensitivities({"forward": np.tril(np.ones((6, 6))), "both": np.full((6, 6), 0.5)})
    fig.axes[0].text(-5, -2, "far out")  # the box grows with it
    return fig


def without_layout():
    fig, axis = plt.subplots()
    axis.plot([1, 2], label="a line")
    axis.legend(bbox_to_anchor=(1.4, 1))
    return fig


def shown(fig, monkeypatch):
    pictures = []
    monkeypatch.setattr("IPython.display.display", pictures.append)
    plot.show(fig, alt="A figure.")
    assert isinstance(pictures[0], Image)
    return pictures[0].data


@pytest.mark.parametrize("make", [the_rows, bars, panels, without_layout])
def test_a_figure_is_the_one_that_savefig_makes(make, monkeypatch):
    expected, fig = io.BytesIO(), make()
    with plt.rc_context(RC):
        fig.savefig(expected, format="png", dpi=DPI, bbox_inches="tight", facecolor="white", metadata={"Software": None})
    plt.close(fig)
    assert shown(make(), monkeypatch) == expected.getvalue()


def test_a_figure_is_drawn_once(monkeypatch):
    fig, drawn = bars(), []
    draw = type(fig).draw
    monkeypatch.setattr(type(fig), "draw", lambda self, renderer: drawn.append(self) or draw(self, renderer))
    shown(fig, monkeypatch)
    assert drawn == [fig]


def test_characters_are_not_measured_for_the_layout():
    assert not any(letter.get_in_layout() for letter in the_rows().axes[0].texts)
    plt.close("all")
