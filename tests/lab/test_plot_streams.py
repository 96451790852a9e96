"""The figures of streams draw what they are given, with their axes named and a line at each border."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.lab import plot


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def borders(axis):
    return [line.get_xdata()[0] for line in axis.lines if line.get_linestyle() == ":" and len(set(line.get_xdata())) == 1]


def test_a_bar_joins_only_rows_that_continue():
    rows_first = np.arange(24).reshape(2, 4, 3).transpose(1, 0, 2)  # (4 batches, 2 rows, 3 timesteps)
    in_reading_order = np.arange(24).reshape(4, 2, 3)
    left, right = plot.batches_of_a_stream({"right": rows_first, "wrong": in_reading_order}).axes
    assert [text.get_text() for text in left.texts][:2] == ["0 … 2", "12 … 14"]
    assert len(left.patches) == 8 + 6 and len(right.patches) == 8
    assert (left.get_xlabel(), left.get_ylabel()) == ("batch", "row")


def test_a_line_of_the_drawing_is_a_row_of_the_stream():
    rows_first = np.arange(24).reshape(2, 4, 3).transpose(1, 0, 2)  # (4 batches, 2 rows, 3 timesteps)
    (axis,) = plot.batches_of_a_stream({"rows continue": rows_first}).axes
    top = [text.get_text() for text in sorted(axis.texts, key=lambda text: text.get_position()) if text.get_position()[1] == 0.5]
    assert top == ["0 … 2", "3 … 5", "6 … 8", "9 … 11"]
    bottom, above = axis.get_ylim()
    assert above < bottom  # row 0 is drawn above row 1


def test_a_trace_has_a_line_at_each_border_and_its_symbols():
    (axis,) = plot.state_trace({"whole": np.zeros(9), "in chunks": np.ones(9)}, every=3, symbols="to be\nor ").axes
    assert borders(axis) == [2.5, 5.5]
    assert [label.get_text() for label in axis.get_xticklabels()][5] == "↵"
    np.testing.assert_array_equal(axis.lines[1].get_ydata(), np.ones(9))


def test_a_panel_for_each_reader_of_the_lamp():
    presses = np.zeros((20, 2))
    presses[[3, 12], [0, 1]] = 1
    on = (np.arange(20) >= 3) & (np.arange(20) < 12)
    figure = plot.lamp(presses, on.astype(int), {"stateless": np.full(20, 0.5), "stateful": on.astype(float)}, every=10)
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["stateless", "stateful"]
    assert borders(figure.axes[0]) == [9.5]
    assert [list(line.get_xdata()) for line in figure.axes[1].lines[1:3]] == [[3], [12]]


def test_losses_stand_over_the_positions_with_their_levels():
    (axis,) = plot.loss_by_position({"stateless": np.arange(5.0), "stateful": np.ones(5)}, {"bigrams": 2.5}).axes
    np.testing.assert_array_equal(axis.lines[0].get_ydata(), np.arange(5))
    assert axis.texts[0].get_text() == "bigrams" and axis.get_xlabel() and axis.get_ylabel()
