"""Writing step by step: a function that loops over a step model is watched through a step that keeps a record."""

from __future__ import annotations

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, shape_of, shape_text, text
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain
from grader.checks.shapes import shape
from grader.checks.values import equal


def writes_greedily(fn, script: list[list[int]], longest: int, start: int, end: int, symbols: int = 12, seed: int = 0) -> None:
    """`fn(step, states, longest)` must write `script`: the step says its next symbol if it is given the last one and the last states.

    script: for each row of the batch the symbols that the step will say, each row to its `end`, or longer than `longest`.
    Raises CheckFailed from what the step was given: the wrong first symbol, the same states again, a symbol that was not the
    last one said; and from what was written: on after the end, without the end, only until one row has ended.
    """
    name = getattr(fn, "__name__", "the function")
    step = _Step(script, start, end, symbols, seed)
    found = plain(call(fn, step, step.begin(), longest, name=name))
    expected = np.zeros((len(script), longest), int)
    for row, said in zip(expected, script, strict=True):
        row[: len(said)] = said[:longest]
    if not step.fault and _same(found, expected):
        return
    if step.fault:
        raise CheckFailed(f"`{name}` gives the step something else than it should", hint=step.fault, actual=step.seen)
    if not step.calls:
        raise CheckFailed(f"`{name}` never calls its step", hint="Each symbol comes of a call step(token, states).", actual=text(found))
    if shape_of(found) == (len(script), longest + 1) and _same(found[:, 1:], expected):
        raise CheckFailed("what was written is one too long", hint="START is not returned: it is given, not written.", actual=text(found))
    shape(found, expected.shape, "what was written")
    equal(found, expected, "what was written", _misprints(script, expected, longest, end))


def _same(found, expected) -> bool:
    return isinstance(found, np.ndarray) and found.dtype.kind in "iuf" and np.array_equal(found, expected)


def _misprints(script, expected, longest, end) -> dict:
    """Hint -> what is written if the loop is right and its record is not."""
    after, once, short, least = expected.copy(), expected.copy(), np.where(expected == end, 0, expected), min(map(len, script))
    for row, other, said in zip(after, once, script, strict=True):
        row[len(said) :] = _Step.AFTER
        other[len(said) : len(said) + 1] = _Step.AFTER
    ends = np.where(after == expected, expected, end)
    first = expected.copy()
    first[:, least:] = 0
    return {
        "It writes on after END. From there on a row is 0.": after,
        "After END stand zeros, not END again.": ends,
        "It writes one symbol more after END. From there on a row is 0.": once,
        "END is missing: it belongs to the row.": short,
        "It stops as soon as one row has ended. The others go on.": first,
        "END itself was replaced by 0, and what comes after it was kept.": np.where(expected == end, 0, after),
    }


class _Step:
    """A step model that knows its lines. Its states are two: the row's number, and how many steps it has made."""

    AFTER = 9  # what it says once a row has ended

    def __init__(self, script, start, end, symbols, seed):
        self.script, self.start, self.end, self.symbols = script, start, end, symbols
        self.random = np.random.default_rng(seed)
        self.calls, self.fault, self.seen = 0, None, None

    def begin(self) -> list[np.ndarray]:
        rows = np.arange(len(self.script), dtype="float32")[:, None]
        return [rows, np.zeros_like(rows)]

    def __call__(self, token, states):
        if not isinstance(states, (list, tuple)) or len(states) != 2:
            self._note("The states are a list; hand on the whole list that came back.", states)
            states = self.begin()
        given = np.asarray(as_array(token))
        if given.shape != (len(self.script), 1):
            self._note("A token has a row for each sequence and one timestep: (batch, 1).", shape_text(given.shape))
        made = np.asarray(as_array(states[1])).reshape(-1).astype(int)
        tokens = np.resize(given.reshape(-1), len(self.script))
        said = [self._line(row, int(count)) for row, count in enumerate(made)]
        self._watch(tokens, made)
        self.calls += 1
        logits = self.random.uniform(0, 0.5, size=(len(said), 1, self.symbols)).astype("float32")
        logits[np.arange(len(said)), 0, said] = 1.0  # the most probable, and not by much: who draws at random is found out
        return logits, [np.asarray(as_array(states[0])), np.asarray(as_array(states[1])) + 1]

    def _line(self, row: int, count: int) -> int:
        return self.script[row][count] if count < len(self.script[row]) else self.AFTER

    def _watch(self, tokens, made) -> None:
        """Whether a row that goes on is given what it said last."""
        going = [row for row, said in enumerate(self.script) if self.calls < len(said) and self.end not in said[: self.calls]]
        if self.calls == 0:
            if any(made):
                self._note("The first call is given the states that came from the encoder, as they are.", made)
            if any(tokens[row] != self.start for row in going):
                self._note("The first token is START, for every row.", tokens)
            return
        if not going:
            return
        if all(made[row] < self.calls for row in going):
            self._note("The old state goes back in. Feed back the new states that step returned.", made)
        last = [self.script[row][self.calls - 1] for row in going]
        given = [int(tokens[row]) for row in going]
        if given != last:
            again = all(token == self.start for token in given)
            self._note("START goes in at each step. Feed back the symbol that was written." if again else "What goes back in is not the most probable symbol of the step before.", tokens)

    def _note(self, words: str, seen) -> None:
        if self.fault is None:
            self.fault, self.seen = words, text(seen)
