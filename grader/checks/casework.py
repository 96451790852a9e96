"""The one call of a visible test: a function is asked what its cases ask, and the first wrong answer is explained."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import text
from grader.checks.detectors import BY_CHANCE
from grader.checks.differing import ONE_OFF, PACKED, Difference, Tolerance, agree, described, difference
from grader.checks.failure import CheckFailed
from grader.checks.frozen import Case, Cases, load, loads
from grader.checks.plainly import plain
from grader.checks.raised import RAISED


def cases(fn: Callable, name: str, hidden: str | None = None, show: bool = False) -> None:
    """`fn` must give what the cases called `name` expect; they were worked out when the lesson was built.

    hidden: cases to ask in their place, as text. show: print every call and its result first, nothing about the question
    is secret. Arguments are copied for each call. Where floats are expected, a tolerance applies; all else must be equal.
    Raises CheckFailed for the first case that comes out wrong. Its hint names a typical mistake only if all answers are
    those of that mistake, or a relation between the wrong and the right values that these prove.
    """
    asked = loads(hidden) if hidden is not None else load(name)
    if show:
        print(table(asked))
    tolerance = Tolerance(asked.rtol, asked.atol, asked.lists)
    for number, case in enumerate(asked.cases):
        try:
            actual = _answer(fn, asked, case)
        except CheckFailed as failed:
            failed.where = failed.where or (_where(asked, case, None) if failed.actual else None)  # a stub raises whatever it is asked
            raise
        found = difference(actual, case.expected, tolerance, asked.parts, asked.axes)
        if found is None:
            continue
        known = _known_mistake(fn, asked, number, actual, tolerance)
        if not known and found.problem == PACKED:  # a list of one, perhaps, where others have more
            case, found = _unpacked(fn, asked, tolerance) or (case, found)
        raise CheckFailed(
            f"`{asked.function}` gives a wrong result" if found.problem == "is wrong" else f"the result of `{asked.function}` {found.problem}",
            hint=known or _steady(fn, asked, number, found.hint, tolerance) or _same_for_all(fn, asked, number, actual, tolerance),
            where=_where(asked, case, found.where),
            expected=found.expected,
            actual=found.actual,
        )


def table(asked: Cases) -> str:
    """Every call of a set of cases and what it must give, one below the other."""
    lines = []
    for case in asked.cases:
        shown = described(case.expected).replace("\n", "\n    ")
        lines.append(f"{asked.function}({', '.join(map(text, case.arguments))})\n    {shown}")
    return "\n".join(lines)


def _answer(fn, asked: Cases, case: Case):
    try:
        return plain(call(fn, *copy.deepcopy(case.arguments), name=asked.function))
    except CheckFailed as failed:
        if RAISED in failed.problem:  # of which of the calls?
            failed.where = failed.where or _where(asked, case, None)
        raise


def _known_mistake(fn, asked: Cases, number: int, actual, tolerance: Tolerance) -> str | None:
    """The hint of the first mistake that yields this answer and, as far as it can be told, the answers to all other cases."""
    tolerance = Tolerance(tolerance.rtol, tolerance.atol, True)
    before = {hint for case in asked.cases[:number] for hint, _ in case.mistakes}  # would have come out wrong there, and did not
    suspects = [hint for hint, value in asked.cases[number].mistakes if hint not in before and agree(actual, value, tolerance)]
    for case in asked.cases[number + 1 :]:
        if not suspects:
            return None
        try:
            answer = _answer(fn, asked, case)
        except CheckFailed:
            continue
        if undefined(answer):
            continue  # an overflow, say, which is another matter
        yields = dict(case.mistakes)
        suspects = [hint for hint in suspects if agree(answer, yields.get(hint, case.expected), tolerance)]
    return asked.hints[suspects[0]] if suspects else None


def undefined(value) -> bool:
    """Whether there is NaN anywhere in a plain value."""
    if isinstance(value, (list, tuple)):
        return any(map(undefined, value))
    try:
        return bool(np.isnan(value).any())
    except TypeError:
        return False


def _unpacked(fn, asked: Cases, tolerance: Tolerance) -> tuple[Case, Difference] | None:
    """The first case whose answer is wrong otherwise than by being packed."""
    for case in asked.cases:
        try:
            found = difference(_answer(fn, asked, case), case.expected, tolerance, asked.parts, asked.axes)
        except CheckFailed:
            continue
        if found is not None and found.problem != PACKED:
            return case, found
    return None


def _steady(fn, asked: Cases, number: int, hint: str | None, tolerance: Tolerance) -> str | None:
    """A hint of the first wrong answer. What one answer may be by chance, one too many, say, is said only if each wrong answer is."""
    if hint not in (*ONE_OFF, *BY_CHANCE):
        return hint
    for case in asked.cases[number + 1 :]:
        try:
            found = difference(_answer(fn, asked, case), case.expected, tolerance, asked.parts, asked.axes)
        except CheckFailed:
            continue
        if found is not None and found.hint != hint:
            return None
    return hint


def _same_for_all(fn, asked: Cases, number: int, actual, tolerance: Tolerance) -> str | None:
    """Whether the answer is the same to every question, although other answers are expected."""
    others = [case for place, case in enumerate(asked.cases) if place != number and not agree(case.expected, asked.cases[number].expected, tolerance)]
    if len(others) < 2:
        return None
    try:
        if all(agree(_answer(fn, asked, case), actual, tolerance) for case in others):
            return "The result is the same whatever the arguments are. Does it read a name of the notebook in place of its argument?"
    except CheckFailed:
        pass
    return None


def _where(asked: Cases, case: Case, within: str | None) -> str | None:
    """The call that came out wrong, if it is short enough to read, and the place in its result."""
    called = f"{asked.function}({', '.join(map(text, case.arguments))})"
    return "; ".join(filter(None, [f"in {called}" if len(called) <= 200 else "", within])) or None
