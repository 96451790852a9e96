"""The figures of lesson 1 say what their arrays say."""

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex

matplotlib.use("Agg")

from grader.lab.plot import sequences  # noqa: E402
from grader.lab.plot.style import COLOURS  # noqa: E402


@pytest.fixture(autouse=True)
def close_figures():
    yield
    matplotlib.pyplot.close("all")


def test_equal_bags_are_drawn_equal_and_sequences_in_their_order():
    fig = sequences.bags_and_sequences(["a b b".split(), "b a b".split()])
    first, first_bag, second, second_bag = fig.axes
    assert [text.get_text() for text in first.texts] == ["a", "b", "b"]
    assert [text.get_text() for text in second.texts] == ["b", "a", "b"]
    assert [bar.get_height() for bar in first_bag.patches] == [bar.get_height() for bar in second_bag.patches] == [1, 2]


def test_padding_is_grey_and_data_is_not():
    axis = sequences.padded({"right": np.array([[3, 0]])}).axes[0]
    assert [to_hex(cell.get_facecolor()).upper() for cell in axis.patches] == [COLOURS["blue"], "#D9D9D9"]


def test_daily_marks_saturdays_and_sundays():
    dates = np.arange("2013-12-01", "2014-01-01", dtype="datetime64[D]")
    fig = sequences.daily(dates, np.arange(31.0), zoom=("2013-12-23", "2013-12-31"), ylabel="births a day")
    weekend = next(line for line in fig.axes[1].lines if line.get_label() == "weekend")
    assert [str(day)[:10] for day in np.asarray(weekend.get_xdata(), "datetime64[D]")] == ["2013-12-28", "2013-12-29"]


def test_windows_are_as_many_as_fit_and_hold_no_target():
    axis = sequences.sliding_windows(steps=10, width=4, horizon=3).axes[0]
    letters = [text.get_text() for text in axis.texts]
    assert letters.count("y") == 10 - 4 - 3 + 1
    assert letters.count("x") == 4 * letters.count("y")
    targets = [text.get_position() for text in axis.texts if text.get_text() == "y"]
    assert targets == [(row + 6, row) for row in range(4)]


def test_only_the_lowest_error_is_in_colour():
    axis = sequences.error_bars({"2012": {"yesterday": 3.0, "linear": 1.0, "GRU": 2.0}}, xlabel="MAE").axes[0]
    coloured = [to_hex(bar.get_facecolor()).upper() == COLOURS["green"] for bar in axis.patches]
    assert coloured == [False, True, False]


def test_zero_distances_are_left_out_of_the_logarithmic_axis():
    axis = sequences.state_distances({"left, no mask": np.array([0.0, 0.0, 0.5])}, real=1).axes[0]
    assert np.isnan(axis.lines[0].get_ydata()).tolist() == [True, True, False]


def test_split_leak_draws_each_model_once_for_each_split():
    rows = {"shuffled": np.array([True, False, True]), "by time": np.array([False, False, True])}
    errors = {"shuffled": {"nearest": 1.0, "linear": 2.0}, "by time": {"nearest": 4.0, "linear": 3.0}}
    top, bottom = sequences.split_leak(rows, errors, ylabel="MAE").axes
    assert [to_hex(cell.get_facecolor()).upper() == COLOURS["orange"] for cell in top.patches] == [True, False, True, False, False, True]
    assert [bar.get_height() for bar in bottom.patches] == [1.0, 4.0, 2.0, 3.0]


def test_without_a_gap_the_last_training_target_is_not_known_yet():
    axis = sequences.gap_before_test(width=56, horizon=28).axes[0]
    colours = [to_hex(bars.get_facecolor()[0]).upper() for bars in axis.collections]
    widths = [int(bars.get_paths()[0].get_extents().width) for bars in axis.collections]
    unknown = [width for width, colour in zip(widths, colours, strict=True) if colour == COLOURS["vermillion"]]
    assert unknown == [27, 0, 0]


def test_padding_waste_says_its_share():
    fig = sequences.padding_waste(np.array([3, 5, 40]), {"buckets": 0.19})
    assert [text.get_text() for text in fig.axes[1].texts] == ["19% padding"]
