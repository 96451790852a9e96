"""The figures of the lesson on linear recurrence draw what they are given, with their axes named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.lab import plot

RISE = np.linspace(0, 1, 9)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_panel_for_each_layer():
    left, right = plot.in_and_out(RISE, {"linear": {"1": RISE, "4": RISE / 2}, "GRU": {"1": RISE, "4": RISE**2}}).axes
    np.testing.assert_allclose(left.lines[1].get_ydata(), RISE / 2)
    assert (left.get_xlabel(), left.get_ylabel(), right.get_title()) == ("state before", "state after", "GRU")
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["1", "4"]


@pytest.mark.parametrize(("timesteps", "rounds"), [(8, 3), (6, 3), (2, 1), (1, 0)])
def test_each_place_reaches_twice_as_far_every_round(timesteps, rounds):
    (axis,) = plot.doubling(timesteps).axes
    words = [text.get_text() for text in axis.texts]
    assert len(words) == timesteps * (rounds + 1)
    assert words[-1] == (f"0–{timesteps - 1}" if timesteps > 1 else "0")
    assert [label.get_text() for label in axis.get_yticklabels()][-1] == (f"round {rounds}" if rounds else "before")


def test_traces_are_powers():
    a = np.array([0.9 * np.exp(1j), 0.5, -0.8])
    plane, traces = plot.diagonal(a, 10, marked=(0, 2)).axes
    np.testing.assert_allclose(traces.lines[0].get_ydata(), (a[0] ** np.arange(11)).real)
    np.testing.assert_allclose(traces.lines[3].get_ydata(), 0.8 ** np.arange(11))
    assert len(plane.collections) == 3 and plane.get_xlabel() == "real part"


def test_seconds_are_medians_in_milliseconds():
    fig = plot.seconds_by_length({"GRU": {64: [0.1, 0.3, 0.2], 256: [0.4]}, "scan": {64: [0.1], 256: [0.9]}}, "CPU")
    (axis,) = fig.axes
    np.testing.assert_allclose(axis.containers[0][0].get_ydata(), [200, 400])
    assert axis.get_xscale() == axis.get_yscale() == "log" and "CPU" in axis.get_xlabel()


def test_what_is_longer_than_trained_is_shaded():
    scores = {"lamp": {"GRU": RISE, "minGRU": RISE}, "parity": {"GRU": RISE, "minGRU": RISE}}
    left, right = plot.right_by_timestep(scores, trained=4).axes
    assert left.patches[0].get_x() == 3.5
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["GRU", "minGRU"]
