"""A layer is resumed where it stopped: right answers pass for every kind, and each slip is named."""

import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed


def right(layer, first, second, mask):
    _, *states = layer(first)
    output, *states = layer(second, initial_state=states, mask=mask)
    return output, states


def joined(layer, first, second, mask):
    whole = np.concatenate([np.ones(first.shape[:2], bool), mask], axis=1)
    output, *states = layer(np.concatenate([first, second], axis=1), mask=whole)
    return output[:, first.shape[1] :], states


def from_zeros(layer, first, second, mask):
    output, *states = layer(second, mask=mask)
    return output, states


def unmasked(layer, first, second, mask):
    output, *states = layer(second, initial_state=layer(first)[1:])
    return output, states


def swapped_at_the_end(layer, first, second, mask):
    output, states = right(layer, first, second, mask)
    return output, states[::-1]


def too_early(layer, first, second, mask):
    return right(layer, first, second, mask)[0], layer(first)[1:]


def as_it_comes(layer, first, second, mask):
    return layer(second, initial_state=layer(first)[1:], mask=mask)


def zeros(layer, first, second, mask):
    output, states = right(layer, first, second, mask)
    return 0 * output, [0 * state for state in states]


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_reading_on_passes(kind):
    check.reads_on(right, kind)
    check.reads_on(right, kind, batch=2, parts=(7, 3), features=3, units=3, seed=9)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_two_parts_joined_are_found_out(kind):
    with pytest.raises(CheckFailed, match="were joined"):
        check.reads_on(joined, kind)


@pytest.mark.parametrize(
    ("fn", "kind", "words"),
    [
        (from_zeros, layers.GRU, "It began from zeros"),
        (unmasked, layers.LSTM, "The padding was read"),
        (swapped_at_the_end, layers.LSTM, "changed places"),
        (too_early, layers.GRU, "after the first part"),
        (as_it_comes, layers.GRU, "Two things are asked"),
        (as_it_comes, layers.LSTM, "Two things are asked"),
        (zeros, layers.LSTM, "It is zero everywhere"),
        (lambda *given: None, layers.GRU, "return"),
    ],
)
def test_each_slip_is_named(fn, kind, words):
    with pytest.raises(CheckFailed) as failed:
        check.reads_on(fn, kind)
    assert words in failed.value.hint
