"""The figures of the lesson on convolutions draw what they are given, with their axes named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from grader.lab import plot
from grader.lab.plot.convolution import DARK, LIT


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def colours(scatter):
    return [to_hex(colour).upper() for colour in scatter.get_facecolors()]


def test_watch_has_a_row_for_each_exercise_and_a_column_for_each_person():
    window = np.arange(600.0).reshape(100, 6)
    fig = plot.watch_windows({"PEN": [window, window], "ROW": [window, -window]}, ["person 1", "person 2"], rate=25)
    assert len(fig.axes) == 4
    assert [line.get_label() for line in fig.axes[0].lines] == ["ax", "ay", "az"]
    assert fig.axes[3].lines[2].get_ydata()[1] == -window[1, 2]
    assert fig.axes[0].lines[0].get_xdata()[25] == 1.0
    assert "(g)" in fig.axes[0].get_ylabel() and fig.axes[2].get_xlabel() == "seconds"


def test_answers_stand_where_the_kernel_ended():
    fig = plot.kernel_answers(np.arange(10.0), {"mean": np.ones(3) / 3}, {"mean": np.arange(8.0)}, rate=2)
    line = fig.axes[3].lines[0]
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == (1.0, 4.5)
    assert len(fig.axes[2].patches) == 3


@pytest.mark.parametrize(
    ("kernel", "dilations", "field"), [(2, (1, 2, 4, 8), 16), (3, (1, 1), 5), (2, (), 1), (3, (1, 3), 9)]
)
def test_the_tree_reaches_the_receptive_field(kernel, dilations, field):
    tree = plot.receptive_field(kernel, dilations, np.zeros(20)).axes[0]
    assert len(tree.collections) == len(dilations) + 1
    assert colours(tree.collections[0]).count(LIT) == field
    assert colours(tree.collections[-1]) == [DARK] * 19 + [LIT]


def test_the_tree_has_holes_where_dilation_leaves_some():
    tree = plot.receptive_field(2, (4,), np.zeros(8)).axes[0]
    assert np.flatnonzero(np.array(colours(tree.collections[0])) == LIT).tolist() == [3, 7]
    assert [text.get_text() for text in tree.get_yticklabels()] == ["input", "dilation 4"]


def test_gradient_bars_hold_the_measurement():
    bars = plot.receptive_field(2, (1,), np.array([0.0, 0.5, 2.0])).axes[1]
    assert [bar.get_height() for bar in bars.patches] == [0.0, 0.5, 2.0]


def test_leak_has_a_bar_for_each_model_and_split():
    axis = plot.leak({"random": {"a": 0.9, "b": 0.8}, "people": {"a": 0.6, "b": 0.7}}, chance=0.1).axes[0]
    assert sorted(bar.get_height() for bar in axis.patches) == [0.6, 0.7, 0.8, 0.9]
    assert [text.get_text() for text in axis.get_xticklabels()] == ["random", "people"]


def test_confusion_shows_shares_of_rows():
    axis = plot.confusion(np.array([[3, 1], [0, 8]]), ["A", "B"]).axes[0]
    assert [text.get_text() for text in axis.texts] == [".75", ".25", "1.00"]
    assert axis.get_xlabel() and axis.get_ylabel()


def test_reach_marks_the_edges_that_it_is_given():
    axis = plot.reach({"conv": np.linspace(1, 0, 9), "GRU": np.ones(9)}, {"conv": 4}, chance=0.25, trained=5).axes[0]
    walls = [line for line in axis.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] == line.get_xdata()[1]]
    assert [wall.get_xdata()[0] for wall in walls] == [3.5]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["conv", "GRU"]


def test_costs_are_multiples_of_the_first_model():
    measured = {"Dense": [2.0, 2.0, 2.0], "LSTM": [8.0, 10.0, 12.0]}
    axis = plot.step_costs(measured, {"Dense": 1, "LSTM": 10}, "CPU").axes[0]
    assert [bar.get_width() for bar in axis.patches] == [1.0, 5.0]
    assert [text.get_text() for text in axis.texts] == ["× 1.0", "× 5.0"]
    assert axis.get_xscale() == "log" and "CPU" in axis.get_xlabel()
