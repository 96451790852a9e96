"""Chunks keep every row's order of time, and the twin that lesson 4 leans on is trained in that order, from zeros."""

import numpy as np
import pytest

from grader.lab import receipts, streams


def test_row_by_row_the_chunks_are_what_was_cut():
    rows = np.arange(2 * 11 * 3).reshape(2, 11, 3)
    chunks = streams.in_chunks(rows, 4)
    assert chunks.shape == (2, 2, 4, 3)
    np.testing.assert_array_equal(np.concatenate(list(chunks), axis=1), rows[:, :8])
    with pytest.raises(ValueError):
        streams.in_chunks(rows, 12)


def test_the_stateful_twin_is_trained_in_order_and_from_zeros(monkeypatch):
    seen = {}

    def fit_once(model, x, y, **options):
        seen.update(x=x, y=y, **options)
        model(x[: options["batch_size"]])  # so that there is a state to reset

    monkeypatch.setattr(receipts, "fit_once", fit_once)
    x = np.random.default_rng(0).random((5, 3, 4, 2)).astype("float32")
    y = np.ones((5, 3, 4, 1), "float32")
    model = streams._stateful_lamps(x, y)
    assert model.input_shape == (3, 4, 2) and model.output_shape == (3, 4, 1)
    np.testing.assert_array_equal(seen["x"], np.concatenate(list(x)))
    assert seen["y"].shape == (15, 4, 1)
    assert (seen["shuffle"], seen["batch_size"], seen["name"]) == (False, 3, "lamp-stateful")

    (state,) = model.layers[0].states
    assert np.abs(state.numpy()).max() > 0
    (rest,) = seen["callbacks"]
    rest.on_epoch_begin(0, {})
    assert np.abs(state.numpy()).max() == 0
