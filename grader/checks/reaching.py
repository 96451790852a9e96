"""How far a function looks ahead, measured by another: asked about functions whose reach is known, and watched while it asks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.differing import difference
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain

Reads = list[list[int]]  # for each timestep the timesteps of the input that its output is the sum of
# A second question, in which each of the slips below gives another number than all the others.
PROBE: Reads = [[0], [1, 8], [8], [3], [4], [5, 6], [6], [7], [8, 11], [9], [10], [11, 1]]


def measures_reach(fn, reads: Reads, only: int | None = None, batch: int = 2, features: int = 3, seed: int = 0) -> None:
    """`fn(f, x)` must return how many steps f looks ahead, where f's output at t is the sum of x[s] for all s in reads[t].

    f takes x (batch, timesteps, features) and returns as many outputs. only: the one feature it looks at; None: each feature
    has an output of its own. It keeps a record of what it is given: x, with one timestep changed at a time. It is asked again of zeros and of ones.
    Raises CheckFailed from the record: never asked, several timesteps changed at once, some never or not in all features; and
    from the number: the nearest in place of the furthest, the past counted as well, outputs counted, one too many.
    """
    x = np.random.default_rng(seed).normal(size=(batch, len(reads), features)).astype("float32")
    for asked in (x, 0 * x, 0 * x + 1):  # twice 0 is 0, and 1 squared is 1: such a change would change nothing
        _ask(fn, reads, asked, only)


def _ask(fn, reads: Reads, x: np.ndarray, only: int | None) -> None:
    name = getattr(fn, "__name__", "the function")
    watched = _Watched(reads, x, only)
    found = plain(call(fn, watched, x.copy(), name=name))
    if not watched.calls:
        raise CheckFailed(f"`{name}` never calls `fn`", hint="What a function depends on shows only when it is called: once as it is, then with one timestep changed.", actual=text(found))
    if watched.most > 1:
        raise CheckFailed(
            f"`{name}` changes several timesteps of x at once",
            hint="An output that moves tells which input it depends on only if a single timestep was changed. Begin each time with a fresh copy of x, and change x[:, s] alone.",
        )
    expected = furthest(reads)
    wrong = difference(found, expected)
    if wrong is None:
        return
    raise CheckFailed(
        f"`{name}` gives a wrong result" if wrong.problem == "is wrong" else f"the result of `{name}` {wrong.problem}",
        hint=watched.left_out() or _slip(fn, name, reads, found) if wrong.problem == "is wrong" else wrong.hint,
        where=f"of a function whose output at timestep t is made of x at the timesteps reads[t], reads = {reads}",
        expected=str(expected),
        actual=text(found),
    )


def furthest(reads: Reads) -> int:
    return max([0] + [s - t for t, row in enumerate(reads) for s in row])


def _pairs(reads: Reads) -> list[tuple[int, int]]:
    """(t, s) wherever an output depends on an input after it."""
    return [(t, s) for t, row in enumerate(reads) for s in row if s > t]


def _nearest(reads: Reads) -> int:
    return max([0] + [min(s - t for t, other in _pairs(reads) if other == s) for _, s in _pairs(reads)])


SLIPS: dict[str, Callable[[Reads], int]] = {
    "A function that looks ahead is called clean. Each output before the changed timestep counts, whichever way it moves.": lambda reads: 0,
    "That is how many outputs one change moves. How far the first of them stands before the change is asked: s - t.":
        lambda reads: max([0] + [sum(other == s for _, other in _pairs(reads)) for _, s in _pairs(reads)]),
    "Outputs after the changed timestep count as well, and these depend on the past. Only a change before it is looking ahead.":
        lambda reads: max(abs(s - t) for t, row in enumerate(reads) for s in row) if any(reads) else 0,
    "It is how far the function looks back, t - s. Looking ahead is s - t, of an output at t that stands before the changed input at s.":
        lambda reads: max([0] + [t - s for t, row in enumerate(reads) for s in row]),
    "That is the nearest output that moves. The one that looks furthest is the first that moves.": _nearest,
    "That is the shortest look ahead. The longest is asked.": lambda reads: min([s - t for t, s in _pairs(reads)] or [0]),
    "That is how many outputs look ahead. How far is asked: s - t.": lambda reads: len({t for t, _ in _pairs(reads)}),
    "It is one too many: an output that depends on its own timestep looks 0 ahead.": lambda reads: furthest(reads) + 1,
    "It is one too many where there is something ahead: s - t is the number of steps.": lambda reads: furthest(reads) + (furthest(reads) > 0),
    "An output that depends on its own timestep looks 0 ahead, not 1.": lambda reads: max(furthest(reads), 1),
    "It is negative: the input stands at s, the output at t, and s - t is asked.": lambda reads: -furthest(reads),
    "That is a timestep, the last that an earlier output depends on. How far ahead it stands is asked: s - t.":
        lambda reads: max([0] + [s for _, s in _pairs(reads)]),
    "It holds for the last timestep of the input only. Change each of them in turn.":
        lambda reads: max([0] + [s - t for t, s in _pairs(reads) if s == len(reads) - 1]),
}  # fmt: skip


def _slip(fn, name: str, reads: Reads, found) -> str | None:
    """The slip that gives this number, and the number that the function gives to a second question."""
    if type(found) not in (int, float):
        return None
    suspects = [words for words, slip in SLIPS.items() if slip(reads) == found]
    try:
        again = plain(call(fn, _Watched(PROBE, np.ones((1, len(PROBE), 2), "float32"), None), np.ones((1, len(PROBE), 2), "float32"), name=name))
    except CheckFailed:
        return None
    return next((words for words in suspects if SLIPS[words](PROBE) == again), None)


class _Watched:
    """A function that notes how what it is given differs from x."""

    def __init__(self, reads: Reads, x: np.ndarray, only: int | None):
        self.reads, self.x, self.only = reads, x, only
        self.calls = self.most = 0
        self.whole, self.partly = set(), False

    def __call__(self, x):
        x = np.array(as_array(x), "float32")
        if x.ndim != 3 or x.shape[1:] != self.x.shape[1:]:
            raise ValueError("fn takes (batch, timesteps, features), with as many timesteps and features as x")
        self.calls += 1
        for row in x:
            self._note(row)
        chosen = x if self.only is None else x[..., self.only : self.only + 1]
        return np.stack([chosen[:, row].sum(axis=1) for row in self.reads], axis=1)

    def _note(self, row) -> None:
        differs = row != self.x  # (batch, timesteps, features)
        nearest = differs[differs.any(axis=2).sum(axis=1).argmin()]
        moved = np.flatnonzero(nearest.any(axis=1))
        self.most = max(self.most, len(moved))
        for s in moved:
            if nearest[s].all():
                self.whole.add(int(s))
            else:
                self.partly = True

    def left_out(self) -> str | None:
        """What was never changed."""
        if self.partly:
            return "Change all features of a timestep: an output may depend on one of them only."
        if not self.whole:
            return "x was never changed, so nothing could move. A change must make another number of any number: 2 · 0 is 0, and where x is 0 already nothing is set to 0."
        if not self.whole >= set(range(1, len(self.reads))):
            return "Some timesteps of x were never changed. Each of them, in turn, may be the one that an earlier output depends on."
        return None
