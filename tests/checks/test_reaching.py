"""A measure of how far a function looks ahead is asked and watched: right ways pass, and each slip is named by what proves it."""

import numpy as np
import pytest

from grader import checks as check
from grader.checks import CheckFailed
from grader.checks.reaching import PROBE, SLIPS, furthest

AHEAD = [[2], [3], [4], [5], [], []]
SO_FAR = [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]
TO_COME = [[0, 1, 2, 3], [1, 2, 3], [2, 3], [3]]
EARLY = [[4], [1], [2], [3], [4], [5]]
QUESTIONS = [AHEAD, SO_FAR, TO_COME, [[], [], []], EARLY, [[0, 2], [0, 1], [2], [0, 3, 4], [1], [5], [2]]]


def moves(fn, x, change):
    """moved[s, t]: whether output t moves when `change(x, s)` is read in place of x."""
    before = np.array(fn(x))
    return np.stack([(np.array(fn(change(x.copy(), s))) != before).any(axis=(0, 2)) for s in range(x.shape[1])])


def one(x, s):
    x[:, s] += 1
    return x


def measured(choose, change=one, start=0):
    """A measure that takes `choose` over all (s, t) with s - t >= start where an output moved."""

    def fn(f, x):
        return int(choose([(s, t) for s, t in np.argwhere(moves(f, x, change)) if s - t >= start] or [(0, 0)]))

    return fn


def longest(pairs):
    return max(s - t for s, t in pairs)


right = measured(longest)


def dyed(f, x):
    found = 0
    for s in range(x.shape[1]):
        y = x.copy()
        y[:, s] = np.nan
        found = max([found] + [s - t for t in np.argwhere(np.isnan(f(y)))[:, 1]])
    return found


def in_one_call(f, x):
    steps = x.shape[1]
    copies = np.stack([x] + [one(x.copy(), s) for s in range(steps)])
    y = np.array(f(copies.reshape(-1, *x.shape[1:]))).reshape(steps + 1, len(x), steps, -1)
    moved = (y[1:] != y[0]).any(axis=(1, 3))
    return max([0] + [s - t for s, t in np.argwhere(moved)])


@pytest.mark.parametrize("fn", [right, dyed, in_one_call, lambda f, x: np.int64(right(f, x))])
def test_right_ways_to_measure_pass(fn):
    for reads in QUESTIONS:
        check.measures_reach(fn, reads)
    check.measures_reach(fn, AHEAD, only=1, features=2, batch=1)


def in_place(f, x):
    before, found = np.array(f(x)), 0
    for s in range(x.shape[1]):
        x[:, s] += 1
        found = max([found] + [s - t for _, t, _ in np.argwhere(f(x) != before)])
    return found


def from_s_on(x, s):
    x[:, s:] += 1
    return x


def first_feature(x, s):
    x[:, s, 0] += 1
    return x


def _times(x, s, factor):
    x[:, s] *= factor
    return x


def last_only(f, x):
    return max([0] + [x.shape[1] - 1 - t for _, t, _ in np.argwhere(f(one(x.copy(), x.shape[1] - 1)) != f(x))])


@pytest.mark.parametrize(
    ("fn", "reads", "words"),
    [
        (lambda f, x: 2, AHEAD, "shows only when it is called"),
        (measured(longest, from_s_on), AHEAD, "only if a single timestep was changed"),
        (in_place, AHEAD, "fresh copy"),
        (last_only, EARLY, "were never changed"),
        (lambda f, x: int(bool(f(x).any())) * 5, AHEAD, "x was never changed"),
        (lambda f, x: right(f, x) and 0, AHEAD, "called clean"),
        (lambda f, x: right(f, x) > 0, AHEAD, "A number is asked"),
        (lambda f, x: right(f, x) + 1, AHEAD, "one too many"),
        (lambda f, x: -right(f, x), AHEAD, "negative"),
        (lambda f, x: max(right(f, x), 1), SO_FAR, "looks 0 ahead, not 1"),
        (measured(lambda pairs: max(abs(s - t) for s, t in pairs), start=-99), SO_FAR, "depend on the past"),
        (measured(lambda pairs: max(min(s - t for r, t in pairs if r == s) for s, _ in pairs), start=1), TO_COME, "nearest output"),
        (measured(lambda pairs: len({t for _, t in pairs}), start=1), AHEAD, "How far is asked"),
        (measured(lambda pairs: max(s for s, _ in pairs), start=1), AHEAD, "That is a timestep"),
        (lambda f, x: None, AHEAD, "shows only"),
        (measured(lambda pairs: max(0, *(t - s for s, t in pairs)), start=-99), AHEAD, "how far the function looks back"),
        (measured(lambda pairs: max(sum(r == s for r, _ in pairs) for s, _ in pairs), start=1), AHEAD, "how many outputs one change moves"),
        (measured(longest, lambda x, s: _times(x, s, 2)), AHEAD, "2 · 0"),
        (measured(longest, lambda x, s: _times(x, s, 0)), AHEAD, "2 · 0"),
        (measured(longest, lambda x, s: _times(x, s, x[:, s])), AHEAD, "2 · 0"),
    ],
)
def test_each_slip_is_named(fn, reads, words):
    with pytest.raises(CheckFailed) as failed:
        check.measures_reach(fn, reads)
    assert words in failed.value.hint


def test_a_feature_that_was_left_as_it_was_is_told():
    fn = measured(longest, first_feature)
    check.measures_reach(fn, AHEAD)  # each feature has outputs of its own, and the first one's tell it
    with pytest.raises(CheckFailed) as failed:
        check.measures_reach(fn, AHEAD, only=1)
    assert "all features" in failed.value.hint


@pytest.mark.parametrize("fn", [lambda f, x: 0, lambda f, x: x, lambda f, x: int(np.random.default_rng(0).integers(9))])
def test_what_never_asks_is_no_answer_even_where_the_number_is_right(fn):
    with pytest.raises(CheckFailed):
        check.measures_reach(fn, [[], [], []])


def test_the_second_question_tells_the_slips_apart():
    numbers = {words: slip(PROBE) for words, slip in SLIPS.items() if slip(PROBE) != furthest(PROBE)}
    doubled = [words for words, number in numbers.items() if list(numbers.values()).count(number) > 1]
    # Who counts the past as well is right of a function that looks ahead alone, and who counts it alone is not: the first question.
    assert all("one too many" in words or "the past" in words or "looks back" in words for words in doubled), {words: numbers[words] for words in doubled}


def test_a_number_that_no_slip_explains_has_no_hint():
    with pytest.raises(CheckFailed) as failed:
        check.measures_reach(lambda f, x: right(f, x) + 3, AHEAD)
    assert not failed.value.hint
