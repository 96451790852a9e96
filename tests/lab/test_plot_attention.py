"""The figures of the lesson on attention draw what they are given, with their axes named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.lab import plot

WEIGHTS = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_lookup_shows_every_weight_and_the_average():
    keys = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    first, second = plot.lookups(keys, "abc", [[np.log(2.0), 0.0], [-2.0, 0.0]]).axes
    words = {text.get_text() for text in first.texts}
    assert {"a 0.57", "b 0.29", "c 0.14"} <= words  # 2, 1 and a half, of three and a half
    assert second.get_title() == "query of length 2.0"
    np.testing.assert_allclose(first.collections[-1].get_offsets()[0], np.array([2, 1, 0.5]) / 3.5 @ keys)


def test_the_ground_is_shaded_beyond_the_longest_training_word():
    shares = {"plain": {5: 0.5, 6: 0.4, 7: 0.1}, "attention": {5: 0.6, 6: 0.5, 7: 0.2}}
    left, right = plot.by_length(shares, shares, longest=6).axes
    assert left.patches[0].get_x() == 6.5
    np.testing.assert_allclose(right.lines[1].get_ydata(), [0.6, 0.5, 0.2])
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["plain", "attention"]


def test_one_model_needs_no_legend_and_no_shade():
    left, right = plot.by_length({"plain": {5: 0.5}}, {"plain": {5: 0.2}}).axes
    assert left.get_legend() is right.get_legend() is None and not left.patches


def test_the_spread_is_on_logarithmic_axes():
    values = {"q · k": {4: 2.0, 16: 4.0}}
    left, right = plot.score_spread(values, {"q · k": {4: 0.4, 16: 0.6}}, even=1 / 6).axes
    assert (left.get_xscale(), left.get_yscale(), right.get_yscale()) == ("log", "log", "linear")


def test_an_alignment_has_letters_across_and_phonemes_down():
    first, second, bar = plot.alignments({"tea": ("tea", ["T", "IY"], WEIGHTS), "eat": ("eat", ["IY", "T"], WEIGHTS)}).axes
    assert first.images[0].get_array().shape == (2, 3)
    assert first.images[0].get_clim() == second.images[0].get_clim() == (0, 1)
    assert [tick.get_text() for tick in first.get_xticklabels()] == ["t", "e", "a"]
    assert [tick.get_text() for tick in second.get_yticklabels()] == ["IY", "T"]
    assert (first.get_xlabel(), first.get_ylabel(), bar.get_ylabel()) == ("letter", "phoneme said", "attention weight")


def test_the_largest_of_each_row_is_marked():
    (axis, _) = plot.alignments({"tea": ("tea", ["T", "IY"], WEIGHTS)}).axes
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in axis.lines] == [(0, 0), (2, 1)]


def test_weights_stand_above_influence_and_have_their_own_scale():
    figure = plot.weight_and_influence({"tea": ("tea", ["T", "IY"], WEIGHTS, 5 * WEIGHTS)})
    above, below = figure.axes[:2]
    assert above.images[0].get_clim() == (0, 1)
    assert below.images[0].get_clim() == (0, 4)


def test_costs_are_in_megabytes():
    (axis,) = plot.costs([10, 100], batch=16, units=128).axes
    additive, dot, memory, state = (line.get_ydata() for line in axis.lines)
    np.testing.assert_allclose(additive, [0.8192, 81.92])
    np.testing.assert_allclose(dot, [0.0064, 0.64])
    np.testing.assert_allclose(memory, [0.08192, 0.8192])
    np.testing.assert_allclose(state, [0.008192, 0.008192])
    assert axis.get_xscale() == axis.get_yscale() == "log"
