"""A loop over a step is watched: what it feeds back, and what it writes."""

import numpy as np
import pytest

from grader import checks as check
from grader.checks import CheckFailed

START, END = 1, 2
SCRIPT = [[3, 4, END], [END], [3, 4, 5, 6, END]]


def decode(step, states, longest, first=START, feed=True, hand_on=True, after=0, keep_end=True, stop=False, return_start=False, late=False):
    """Greedy decoding, and with other arguments its mistakes."""
    token, rows, done = np.full((len(states[0]), 1), first), [], np.zeros(len(states[0]), bool)
    for _ in range(longest):
        logits, new = step(token, states)
        states = new if hand_on else states
        best = np.argmax(logits[:, 0], axis=-1)
        rows.append(np.where(done & (after in (0, END)), after, best if keep_end else np.where(best == END, 0, best)))
        done = done | ((token[:, 0] if late else best) == END)
        token = best[:, None] if feed else token
        if done.any() and stop:
            break
    written = np.zeros((len(states[0]), longest), int)
    written[:, : len(rows)] = np.stack(rows, axis=1)
    return np.hstack([np.full((len(written), 1), START), written]) if return_start else written


def asked(longest=6, **options):
    check.writes_greedily(lambda *given: decode(*given, **options), SCRIPT, longest, START, END)


def test_greedy_decoding_passes_also_when_it_is_cut():
    asked()
    asked(longest=3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"first": END}, "The first token is START"),
        ({"first": 0}, "The first token is START"),
        ({"feed": False}, "START goes in at each step"),
        ({"hand_on": False}, "The old state goes back in"),
        ({"after": 9}, "It writes on after END"),
        ({"after": END}, "not END again"),
        ({"late": True}, "one symbol more after END"),
        ({"keep_end": False}, "END is missing"),
        ({"stop": True}, "as soon as one row has ended"),
        ({"return_start": True}, "START is not returned"),
    ],
)
def test_each_slip_is_named(options, words):
    with pytest.raises(CheckFailed) as failed:
        asked(**options)
    assert words in failed.value.hint


def test_a_step_that_is_never_called_is_noticed():
    with pytest.raises(CheckFailed, match="comes of a call"):
        check.writes_greedily(lambda step, states, longest: np.zeros((3, longest), int), SCRIPT, 6, START, END)
