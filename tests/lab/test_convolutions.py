"""Lesson 6's experiments print and draw what the lesson says."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from grader.lab import convolutions, data  # noqa: E402


@pytest.fixture
def drawn(monkeypatch):
    given = []
    monkeypatch.setattr(convolutions.plot, "leak", lambda *arguments, **options: given.append((*arguments, options)))
    monkeypatch.setattr(convolutions.plot, "show", lambda figure, alt: None)
    return given


def test_the_lengths_are_those_that_keras_computes(capsys):
    assert convolutions.lengths(10, 3) is None
    assert [int(line.split("->")[1]) for line in capsys.readouterr().out.splitlines()] == [8, 4, 2, 10, 5, 10, 10]


@pytest.mark.slow
def test_a_random_split_flatters_the_nearest_example(drawn, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    watch = data.exercises()
    starts = [(number, first) for number, samples in enumerate(watch.samples) for first in range(0, len(samples) - 99, 50)]
    x = np.stack([watch.samples[number][first : first + 100] for number, first in starts])
    recording = np.array([number for number, first in starts])
    assert convolutions.three_splits(x, watch.exercise[recording], recording, watch.subject[recording]) is None
    (scores, options), = drawn
    assert options == {"chance": pytest.approx(1 / 7)}
    assert list(scores) == ["windows at random", "recordings at random", "people 8, 9 and 10"]
    nearest = [round(row["nearest example"], 3) for row in scores.values()]
    assert nearest[0] == 0.954 and nearest[2] == 0.716
    assert scores["people 8, 9 and 10"]["linear"] == pytest.approx(0.785, abs=0.02)
    assert "nearest example 0.954" in capsys.readouterr().out
