"""A figure is shown as matplotlib would save it, in less time."""

import base64
import html
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


def test_its_words_go_with_the_picture(monkeypatch):
    pictures = []
    monkeypatch.setattr("IPython.display.display", pictures.append)
    plot.show(bars(), alt="Two bars.")
    assert pictures[0]._repr_mimebundle_()[1]["image/png"]["alt"] == "Two bars."


def test_an_ipython_whose_pictures_have_no_words_gets_a_page_that_has(monkeypatch):
    """As Colab's 7.34: https://github.com/ipython/ipython/blob/7.34.0/IPython/core/display.py"""

    class Old(Image):
        def __init__(self, data=None, url=None, filename=None, format=None, embed=None, width=None, height=None, retina=False, unconfined=False, metadata=None):
            super().__init__(data, format=format)

    picture, pages = shown(bars(), monkeypatch), []
    monkeypatch.setattr("IPython.display.Image", Old)
    monkeypatch.setattr("IPython.display.display", pages.append)
    alt = 'Bars: "x" < "xa" & more.'
    plot.show(bars(), alt=alt)
    said = pages[0]._repr_html_()
    assert said.startswith(f'<img alt="{html.escape(alt)}" src="data:image/png;base64,')
    assert base64.b64decode(said.split("base64,")[1].split('"')[0]) == picture


@pytest.mark.slow
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
