"""What a model gives for a few rows, with its trace and without."""

import keras
import numpy as np
import pytest
from keras import layers

from grader.checks import CheckFailed
from grader.checks.answering import answer

X = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")


def made():
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((None, 2)), layers.GRU(3), layers.Dropout(0.5)])


@pytest.mark.slow
def test_a_model_that_has_predicted_gives_the_same_through_its_trace(monkeypatch):
    model = made()
    called = np.array(answer(model, X))
    assert model.predict_function is None  # it was not traced for three rows
    model.predict_on_batch(X[:1])
    monkeypatch.setattr(model, "call", None)  # what runs no Python of it, from now on
    np.testing.assert_allclose(answer(model, X[:1]), called[:1], rtol=1e-5, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("traced", [False, True])
def test_what_it_cannot_read_is_explained(traced):
    model = made()
    if traced:
        model.predict_on_batch(X)
    with pytest.raises(CheckFailed, match="the speller"):
        answer(model, X[..., :1], "the speller")


def test_what_is_no_model_is_called():
    assert answer(lambda x: x + 1, 1) == 2
