"""A scan is watched through a combination it does not know: rounds, order, ends; and a loop is named as one."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed


def doubled(combine, pair, swap=False, rounds=None, neutral=None, used=True):
    """A doubling scan, and with other arguments its mistakes."""
    far, done = 1, 0
    while far < pair[0].shape[1] and done != rounds:
        first, then = tuple(part[:, :-far] for part in pair), tuple(part[:, far:] for part in pair)
        met = combine(then, first) if swap else combine(first, then)
        if used:
            pair = tuple(np.concatenate([old[:, :far], new], axis=1) for old, new in zip(pair, met))
        far, done = 2 * far, done + 1
    return pair


def looped(combine, pair):
    found = [tuple(part[:, :1] for part in pair)]
    for t in range(1, pair[0].shape[1]):
        found.append(combine(found[-1], tuple(part[:, t : t + 1] for part in pair)))
    return tuple(np.concatenate(parts, axis=1) for parts in zip(*found))


def padded(combine, pair, before=1):
    """Stands one and zero, or two zeros, in for a step before the first, as if the combination were known."""
    far = 1
    while far < pair[0].shape[1]:
        late = ((0, 0), (far, 0), (0, 0))
        first = np.pad(pair[0][:, :-far], late, constant_values=before), np.pad(pair[1][:, :-far], late)
        pair, far = combine(first, pair), 2 * far
    return pair


def backwards(combine, pair):
    turned = tuple(part[:, ::-1] for part in pair)
    return tuple(part[:, ::-1] for part in doubled(lambda one, other: combine(other, one), turned))


def along(combine, pair, axis):
    """Scans another axis than the timesteps."""
    turned = doubled(combine, tuple(np.swapaxes(part, axis, 1) for part in pair))
    return tuple(np.swapaxes(part, axis, 1) for part in turned)


def growing(combine, pair):
    """Reaches one place further each round."""
    for far in range(1, int(np.ceil(np.log2(pair[0].shape[1]))) + 1):
        met = combine(tuple(part[:, :-far] for part in pair), tuple(part[:, far:] for part in pair))
        pair = tuple(np.concatenate([old[:, :far], new], axis=1) for old, new in zip(pair, met))
    return pair


@pytest.mark.parametrize("timesteps", [(8, 6), (1, 2, 3), (64, 33)])
def test_a_doubling_scan_passes(timesteps):
    check.scans(doubled, timesteps)


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (looped, "it is a loop"),
        (lambda c, p: doubled(c, p, swap=True), "The order is turned round|None"),
        (lambda c, p: doubled(c, p, rounds=2), "too few rounds"),
        (lambda c, p: doubled(c, p, used=False), "as they were"),
        (padded, "nothing is known of `merge`"),
        (lambda c, p: padded(c, p, before=0), "nothing is known of `merge`"),
        (lambda c, p: along(c, p, 0), "along axis 0, the sequences of the batch"),
        (lambda c, p: along(c, p, 2), "along axis 2, the units"),
        (growing, "Each doubles how far"),
        (backwards, "those after it"),
        (lambda c, p: (p[0].cumsum(1), p[1].cumsum(1)), "It is an argument"),
        (lambda c, p: c(p[0], p[1]), "two pairs"),
        (lambda c, p: c(tuple(part[:, :-1] for part in p), p), "one shape"),
        (lambda c, p: doubled(c, p)[1], "Both parts are asked"),
        (lambda c, p: tuple(part[:, -1] for part in doubled(c, p)), "Each place keeps its result"),
        (lambda c, p: None, "None"),
        (lambda c, p: (np.zeros_like(p[0]), c(p, p)[1] * 0), ""),
        (lambda c, p: c(p, p) and p, "as they were"),
        (lambda c, p: (c(p, p)[0] * 0 + 7, np.random.default_rng(0).normal(size=p[0].shape)), ""),
    ],
)
def test_each_slip_is_named(fn, words):
    with pytest.raises(CheckFailed) as failed:
        check.scans(fn)
    assert any(part in str(failed.value.hint) for part in words.split("|"))


def test_where_a_scan_differs_first_and_from_what_is_told():
    with pytest.raises(CheckFailed) as failed:
        check.scans(growing)
    assert failed.value.where.startswith("in b, first at index [") and "in place of" in failed.value.where
    assert failed.value.expected and failed.value.expected != failed.value.actual


def test_a_layer_that_loops_is_named():
    inputs = keras.Input((None, 3))
    check.loop_free(keras.Sequential([inputs, layers.Conv1D(4, 2), layers.GlobalMaxPooling1D()]))
    for layer in (layers.GRU(4), layers.SimpleRNN(4), layers.Bidirectional(layers.LSTM(2)), layers.RNN(layers.GRUCell(3))):
        with pytest.raises(CheckFailed, match="reads in a loop"):
            check.loop_free(keras.Sequential([keras.Input((None, 3)), layers.Dense(3), layer]))
    with pytest.raises(CheckFailed):
        check.loop_free(None)
