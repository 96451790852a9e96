"""Lesson 1's forecasts print and draw what the lesson says, whatever split and network they are given."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from grader.lab import forecasts  # noqa: E402


def by_time(x, y, n):
    return x[:n], y[:n], x[n:], y[n:]


def shuffled(x, y, n):
    order = np.random.default_rng(0).permutation(len(x))
    return by_time(x[order], y[order], n)


@pytest.fixture
def drawn(monkeypatch):
    """What each figure was given."""
    given = []
    for name in ("split_leak", "error_bars"):
        monkeypatch.setattr(forecasts.plot, name, lambda *arguments, **options: given.append(arguments))
    monkeypatch.setattr(forecasts.plot, "show", lambda figure, alt: None)
    return given


def test_the_baselines_are_those_of_the_last_three_years(capsys):
    assert forecasts.baselines() is None
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split("MAE")[1].split()[0]) for line in lines[:2]] == [1678, 448]


def test_only_the_shuffled_split_beats_the_best_possible(capsys):
    errors = {}
    for name, split in (("shuffled", shuffled), ("by time", by_time)):
        assert forecasts.random_walk(split) is None
        best, found = (float(line.split(":")[1]) for line in capsys.readouterr().out.splitlines())
        errors[name] = found / best
    assert errors["shuffled"] < 0.5 and errors["by time"] > 1


def test_the_shuffled_split_picks_the_other_model(drawn):
    assert forecasts.two_splits(shuffled) is None
    tests, scores = drawn[0]
    assert scores["shuffled"]["nearest neighbours"] < scores["shuffled"]["linear"]
    assert scores["by time"]["nearest neighbours"] > scores["by time"]["linear"]
    assert np.flatnonzero(tests["by time"]).min() > len(tests["by time"]) * 0.79


def test_the_network_is_trained_on_the_past_alone(drawn):
    asked = []

    class Last:
        def predict(self, x, verbose):
            return x[:, -1]

    def train(x, y, name):
        asked.append((name, x.shape, y.shape, float(y.mean()), float(y.std())))
        return Last()

    assert forecasts.compare(train) is None
    assert [name for name, *_ in asked] == ["births-12-years", "births-3-years"]
    assert [shape for _, shape, *_ in asked] == [(4383 - 28, 28, 1), (1096 - 28, 28, 1)]
    for table in drawn[0][0].values():
        assert table["GRU(32), 28 days"] == pytest.approx(table["yesterday"], rel=1e-5)
        assert table["linear, 28 days"] < table["a week ago"] < table["yesterday"]
