"""A split by time: what passes, and the words for each way of getting it wrong."""

import numpy as np
import pytest

from grader import checks as check


def cut(x, y, n):
    return x[:n], y[:n], x[n:], y[n:]


def shuffled_after(x, y, n):
    order = np.random.default_rng(0).permutation(n)
    return x[:n][order], y[:n][order], x[n:], y[n:]


def shuffled_before(x, y, n):
    order = np.random.default_rng(0).permutation(len(x))
    return cut(x[order], y[order], n)


@pytest.mark.parametrize("split", [cut, shuffled_after, lambda x, y, n: [part.tolist() for part in cut(x, y, n)]])
@pytest.mark.parametrize(("samples", "size"), [(50, 40), (31, 7), (60, 59)])
def test_right_splits_pass(split, samples, size):
    check.split_by_time(split, samples, size)
    check.split_by_time(split, samples, size, features=(3,))


def lossy(x, y, n):
    return x[:n], y[:n], x[n:-1], y[n:-1]


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (shuffled_before, "Shuffling comes after the split"),
        (lambda x, y, n: ((x[:n], y[:n]), (x[n:], y[n:])), "without inner brackets"),
        (lambda x, y, n: (x[:n], x[n:], y[:n], y[n:]), "scikit-learn's order"),
        (lambda x, y, n: (y[:n], x[:n], y[n:], x[n:]), "in another order"),
        (lambda x, y, n: (x[n:], y[n:], x[:n], y[:n]), "before the training set"),
        (lambda x, y, n: cut(x, y, len(x) - n), "not the test samples"),
        (lambda x, y, n: cut(x, y, 20), "whatever their number is"),
        (lossy, "Samples are lost"),
        (lambda x, y, n: (x[:n][::-1], y[:n], x[n:], y[n:]), "In the training set"),
        (lambda x, y, n: (x[:n], y[:n], x[n:][::-1], y[n:]), "In the test set"),
        (lambda x, y, n: (x[:n], np.repeat(y[:1], n), x[n:], y[n:]), "with its own target"),
        (lambda x, y, n: (x[:n, 0], y[:n], x[n:, 0], y[n:]), "with the axes of x and y"),
        (lambda x, y, n: (x[:n, :2], y[:n], x[n:, :2], y[n:]), "stays as it is"),
        (lambda x, y, n: None, "Does the function end in"),
        (lambda x, y, n: (x, y), "Return four things"),
        (lambda x, y, n: 0 * np.ones(4), "Return four things"),
        (lambda x, y, n: (x[:0], y[:0], x[:0], y[:0]), "Samples are lost"),
    ],
)
def test_a_wrong_split_says_why(split, words):
    with pytest.raises(check.CheckFailed) as failed:
        check.split_by_time(split, 50, 40)
    assert words in failed.value.hint
