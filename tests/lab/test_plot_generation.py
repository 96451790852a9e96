"""The figures of the lesson on text generation draw what they are given, with their axes named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.lab import plot

SYMBOLS = list("\n .abc")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_each_character_stands_on_its_surprise():
    text = "ab\nabcabc"
    panel, bar = plot.surprise_text({"a text": (text, np.arange(9.0))}, width=4).axes
    grid = panel.images[0].get_array()
    np.testing.assert_array_equal(np.ma.filled(grid, np.nan), [[0, 1, 2, np.nan], [3, 4, 5, 6], [7, 8, np.nan, np.nan]])
    assert "".join(sign.get_text() for sign in panel.texts) == "ab↵abcabc"
    assert panel.get_title(loc="left") == "a text"
    assert bar.get_ylabel() == "surprise, bits"


def test_a_sign_is_legible_on_light_and_dark():
    panel, _ = plot.surprise_text({"": ("xyz", [0.0, 9.0, np.nan])}).axes
    assert [sign.get_color() for sign in panel.texts] == ["black", "white", "black"]


def test_surprise_needs_a_number_for_each_character():
    with pytest.raises(ValueError, match="3 characters and bits of shape"):
        plot.surprise_text({"": ("abc", [1.0, 2.0])})


def test_the_character_that_comes_is_orange():
    figure = plot.next_characters(["x", "xa"], [[0, 0, 0, 0.1, 0.6, 0.3], [0.5, 0.1, 0.4, 0, 0, 0]], SYMBOLS, "c\n", top=2)
    first, second = figure.axes
    assert [label.get_text() for label in first.get_yticklabels()] == ["b", "c"]
    assert [label.get_text() for label in second.get_yticklabels()] == ["↵", "."]
    orange = plt.matplotlib.colors.to_rgba(plot.COLOURS["orange"])
    assert [bar.get_facecolor() == orange for bar in first.patches] == [False, True]
    assert [bar.get_facecolor() == orange for bar in second.patches] == [True, False]


def test_temperatures_beside_their_entropy():
    heat = np.linspace(0.1, 5, 9)
    *panels, curve = plot.temperatures({"T = 1": np.full(6, 1 / 6)}, SYMBOLS, (heat, heat / 2)).axes
    assert [bar.get_height() for bar in panels[0].patches] == [1 / 6] * 6
    np.testing.assert_array_equal(curve.lines[0].get_ydata(), heat / 2)
    assert curve.lines[1].get_ydata()[0] == np.log2(6)
    assert (curve.get_xlabel(), curve.get_ylabel()) == ("temperature", "entropy, bits")


def test_what_is_cut_is_grey():
    p = np.array([0.1, 0.5, 0.05, 0.2, 0.1, 0.05])
    (axis, _) = plot.kept_and_cut({"top-k": (p, p >= 0.2)}, SYMBOLS, top=4).axes
    assert [bar.get_height() for bar in axis.patches] == [0.5, 0.2, 0.1, 0.1]
    blue = plt.matplotlib.colors.to_rgba(plot.COLOURS["blue"])
    assert [bar.get_facecolor() == blue for bar in axis.patches] == [True, True, False, False]


def test_networks_stand_out_among_the_baselines():
    (axis,) = plot.bits_per_character({"uniform": 6.0, "GRU(96), epoch 1": 3.0}).axes
    assert [bar.get_width() for bar in axis.patches] == [6.0, 3.0]
    assert len({bar.get_facecolor() for bar in axis.patches}) == 2
    assert axis.get_xlabel() == "bits per character"
