"""The figures of the lesson on recurrent layers draw what they are given, with their axes named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.lab import plot

RISE = np.linspace(0.1, 1, 8)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_lines_hold_the_values():
    figure = plot.echoes({"Dense": RISE, "LSTM": RISE[::-1]})
    (axis,) = figure.axes
    np.testing.assert_allclose(axis.lines[1].get_ydata(), RISE[::-1])
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["Dense", "LSTM"]
    assert axis.get_xlabel() and axis.get_ylabel()


def test_gradients_are_on_a_logarithmic_axis():
    (axis,) = plot.gradients_by_lag({"a = 0.5": 0.5 ** np.arange(9)}).axes
    assert axis.get_yscale() == "log"
    assert axis.lines[0].get_ydata()[3] == 0.125


def test_forgetting_draws_the_same_names_on_both_sides():
    left, right = plot.forgetting({"bias 0": RISE, "bias 3": RISE}, {"bias 0": [0.2, 0.3], "bias 3": [0.4, 1.0]}, chance=0.25).axes
    assert len(left.lines) == 2
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["bias 0", "bias 3", "chance"]


def test_gates_have_units_down_and_timesteps_across():
    figure = plot.gates({"i  input": np.zeros((31, 4)), "f  forget": np.ones((31, 4))})
    first = figure.axes[0]
    assert first.images[0].get_array().shape == (4, 31)
    assert first.images[0].get_clim() == (0, 1)
    assert (first.get_xlabel(), first.get_ylabel()) == ("timestep", "unit")


def test_padding_is_shaded_from_the_first_padded_frame():
    (axis,) = plot.padded_state({"with a mask": RISE, "without": RISE}, length=5).axes
    assert axis.patches[0].get_x() == 4.5


def test_one_panel_for_each_digit():
    figure = plot.strokes(np.random.default_rng(0).random((5, 8, 2)), [3, 1, 4, 1, 5])
    assert [axis.get_title() for axis in figure.axes][:5] == ["3", "1", "4", "1", "5"]


@pytest.mark.parametrize("units", [8, 32])
def test_the_weight_map_names_the_shapes_that_keras_has(units):
    from keras import layers

    words = " ".join(text.get_text() for axis in plot.weight_map(5, units).axes for text in axis.texts)
    for kind in (layers.SimpleRNN, layers.GRU, layers.LSTM):
        layer = kind(units)
        layer.build((None, 3, 5))
        assert "\n".join(str(tuple(weight.shape)) for weight in layer.weights) in words


def test_three_cells_are_drawn():
    assert [axis.get_title() for axis in plot.cell_diagrams().axes] == ["SimpleRNN", "GRU", "LSTM"]
