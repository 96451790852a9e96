"""The tagger that lessons compare with uses what comes after a token."""

import numpy as np
import pytest

from grader import lab


@pytest.mark.slow
def test_it_learns_tags_that_only_the_next_token_tells(monkeypatch):
    monkeypatch.setenv("RNN_COURSE_RECEIPTS", "off")
    x = np.random.default_rng(0).integers(1, 4, size=(300, 6), dtype="int32")
    y = np.concatenate([x[:, 1:], np.ones_like(x[:, :1])], axis=1)
    x[:, 4:] *= np.arange(300)[:, np.newaxis] % 2  # every other sentence ends in two timesteps of padding
    y[x == 0] = 0
    tags = lab.tags_both_ways(x[:200], y[:200], x[200:], words=4, classes=4, epochs=6, batch_size=20, verbose=0)
    assert tags.shape == (100, 6)
    told = x[200:, 1:] > 0
    assert (tags == y[200:])[:, :-1][told].mean() > 0.95
