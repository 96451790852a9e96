"""The figures of the lesson on bidirectional layers draw what they are given, with their axes named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.lab import plot
from grader.lab.plot.style import COLOURS


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_chains_name_their_tokens():
    (axis,) = plot.both_ways(["N", "Main", "St"]).axes
    words = [text.get_text() for text in axis.texts]
    assert words[:3] == ["N", "Main", "St"]
    assert {"forward", "backward"} <= set(words)


def test_no_dependence_is_left_white_and_the_rest_is_a_share_of_the_largest():
    first = plot.sensitivities({"one way": np.tril(np.full((6, 6), 4.0)), "both": np.ones((6, 6))}).axes[0]
    shown = first.images[0].get_array()
    assert shown.mask[0, 5] and not shown.mask[5, 0]
    assert shown[5, 0] == 1
    assert first.get_xlabel().startswith("s") and first.get_ylabel().startswith("t")


def test_output_maps_have_timesteps_across_and_outline_what_is_asked():
    figure = plot.output_maps({"both": np.ones((8, 6))}, boxes={"h": (7, slice(0, 3))}, real=5)
    axis = figure.axes[0]
    assert axis.images[0].get_array().shape == (6, 8)
    assert axis.images[0].get_clim() == (-1, 1)
    assert (axis.patches[0].get_x(), axis.patches[0].get_height()) == (6.5, 3)
    assert list(axis.lines[0].get_xdata()) == [4.5, 4.5]


def test_a_wrong_tag_is_crossed_and_coloured_and_the_truth_is_neither():
    (axis,) = plot.tagged(["100", "Main"], {"truth": ["AddressNumber", "StreetName"], "guess": ["AddressNumber", "PlaceName"]}).axes
    assert [patch.get_facecolor() == plt.matplotlib.colors.to_rgba(COLOURS["vermillion"]) for patch in axis.patches] == [False] * 3 + [True]
    assert [text.get_text() for text in axis.texts].count("✗") == 1


def test_gains_hold_both_shares_of_each_class():
    (axis,) = plot.gains({"ZipCode": (0.5, 0.9, 12), "StateName": (0.8, 0.7, 3)}, labels=("one way", "both ways")).axes
    assert [list(dots.get_offsets()[:, 0]) for dots in axis.collections] == [[0.5, 0.8], [0.9, 0.7]]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["ZipCode (12)", "StateName (3)"]
    assert axis.get_xlabel()


@pytest.mark.parametrize(
    "tag, lines",
    [("StreetNamePreDirectional", "Street Name\nPre\nDirectional"), ("USPSBoxType", "USPS Box\nType"), ("ZipPlus4", "Zip Plus4"), ("x", "x")],
)
def test_long_tags_are_broken_between_their_words(tag, lines):
    (axis,) = plot.tagged(["a"], {"truth": [tag]}).axes
    assert lines in [text.get_text() for text in axis.texts]
