"""The figures of the lesson on encoder and decoder draw what they are given, with their axes named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.lab import plot


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def words_of(axis):
    return [text.get_text() for text in axis.texts if text.get_text()]


@pytest.mark.parametrize("fed_back", [False, True])
def test_the_graph_has_a_cell_for_each_symbol_read_and_written(fed_back):
    (axis,) = plot.unrolled(["a", "b"], ["start", "X", "Y"], ["X", "Y", "end"], fed_back=fed_back).axes
    assert sum(type(patch).__name__ == "FancyBboxPatch" for patch in axis.patches) == 5
    assert words_of(axis)[:8] == ["a", "b", "start", "X", "Y", "X", "Y", "end"]
    assert len(axis.lines) == (2 if fed_back else 0)  # one from each output but the last


def test_errors_are_drawn_by_position_with_their_counts():
    (axis,) = plot.errors_by_position({"free": np.array([0.1, 0.3]), "forced": np.array([0.1, 0.2])}, np.array([50, 40])).axes
    np.testing.assert_allclose(axis.lines[0].get_ydata(), [0.1, 0.3])
    assert [label.get_text() for label in axis.get_xticklabels()] == ["1\n50", "2\n40"]
    assert axis.get_xlabel() and axis.get_ylabel()


def test_a_label_stands_at_the_middle_of_its_states():
    points = np.array([[0.0, 0.0], [2.0, 4.0], [9.0, 9.0]])
    (axis,) = plot.state_map({"h": points}, ["a", "a", "z"], "a").axes
    (label,) = axis.texts
    assert label.get_text() == "a" and label.get_position() == (1.0, 2.0)
    assert sum(len(dots.get_offsets()) for dots in axis.collections) == 3


def test_knowledge_has_a_bar_for_each_state_and_place():
    shares = {"h": np.array([0.9, 0.5]), "c": np.array([0.8, 0.6])}
    (axis,) = plot.knowledge(shares, np.array([0.1, 0.2]), ["1st", "2nd"]).axes
    assert [bar.get_height() for bar in axis.patches] == [0.9, 0.5, 0.8, 0.6]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["most frequent letter", "h", "c"]


def test_the_beam_marks_what_the_best_one_grew_from():
    steps = [
        [("A", "", -0.5), ("B", "", -0.9)],
        [("B D", "B", -1.0), ("A C", "A", -1.2)],
        [("B D end", "B D", -1.1), ("A C end", "A C", -1.4)],
    ]
    (axis,) = plot.beam(steps).axes
    marked = [text.get_text() for text in axis.texts if text.get_bbox_patch().get_linewidth() > 2]
    assert marked == ["B   -0.90", "D   -1.00", "end   -1.10"]
    assert len(axis.lines) == 6
