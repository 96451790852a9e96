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


def neither(layer, first, second, mask):
    output, *states = layer(second)
    return output, states


def upside_down(layer, first, second, mask):
    return right(layer, first, second, ~mask)


def zeros_at_padding(layer, first, second, mask):
    output, states = right(layer, first, second, mask)
    return output * mask[..., np.newaxis], states


def last_real_output(layer, first, second, mask):
    """No mask: h is looked up afterwards, c is what the padding left."""
    output, (_, *rest) = unmasked(layer, first, second, mask)
    return output, [np.array(output)[np.arange(len(mask)), mask.sum(axis=1) - 1], *rest]


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_what_stands_at_padding_is_not_asked(kind):
    check.reads_on(zeros_at_padding, kind)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_two_parts_joined_are_found_out(kind):
    with pytest.raises(CheckFailed, match="were joined"):
        check.reads_on(joined, kind)


@pytest.mark.parametrize(
    ("fn", "kind", "words"),
    [
        (from_zeros, layers.GRU, "It began from zeros"),
        (unmasked, layers.LSTM, "The padding was read"),
        (unmasked, layers.GRU, "The padding was read"),
        (unmasked, layers.SimpleRNN, "The padding was read"),
        (last_real_output, layers.LSTM, "The padding was read"),
        (neither, layers.GRU, "and the padding was read"),
        (upside_down, layers.GRU, "upside down"),
        (upside_down, layers.LSTM, "upside down"),
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
