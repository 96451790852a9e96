"""`dependence` is the absolute slope of outputs to inputs, added over features, averaged over sequences."""

import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from grader.lab import jacobians as lab


def test_a_fading_sum_gives_a_triangle_of_its_powers():
    layer = layers.SimpleRNN(1, activation=None, use_bias=False, return_sequences=True)
    layer.build((None, None, 1))
    layer.set_weights([np.eye(1), 0.5 * np.eye(1)])
    found = lab.dependence(layer, np.ones((3, 4, 1), "float32"))
    lag = np.subtract.outer(np.arange(4), np.arange(4))
    assert found == pytest.approx(np.where(lag >= 0, 0.5 ** np.abs(lag), 0.0))


def test_rows_are_outputs_and_columns_inputs():
    found = lab.dependence(lambda x: tf.roll(x, -1, axis=1), np.ones((2, 5, 1), "float32"))
    assert found == pytest.approx(np.roll(np.eye(5), 1, axis=1))


def test_signs_of_features_do_not_cancel_and_sequences_are_averaged():
    x = np.array([[[1.0, -2.0]], [[3.0, 4.0]]], "float32")  # (2, 1, 2)
    assert lab.dependence(tf.square, x) == pytest.approx(np.array([[(2 * 3 + 2 * 7) / 2]]))


def test_the_figure_is_drawn_and_nothing_is_handed_out(monkeypatch, capsys):
    drawn = []
    monkeypatch.setattr(lab.plot, "sensitivities", lambda matrices, **options: drawn.append((matrices, options)))
    monkeypatch.setattr(lab.plot, "show", lambda figure, alt: None)
    models = {"ahead": lambda x: tf.roll(x, -2, axis=1), "now": lambda x: x}
    assert lab.show_dependence(models, np.ones((2, 6, 1), "float32"), alt="", ahead=2, decades=2) is None
    assert drawn[0][0]["now"] == pytest.approx(np.eye(6)) and drawn[0][1] == {"decades": 2}
    assert capsys.readouterr().out.split("\n")[:2] == ["ahead      share of a row at s = t + 2: 1.00", "now        share of a row at s = t + 2: 0.00"]
