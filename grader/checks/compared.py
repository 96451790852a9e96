"""What a student's function gave beside what a law says: silence, or a failed check that names a mistake only if the values are its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.checks.differing import Tolerance, agree, difference
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain


def compare(
    actual, expected, name: str, mistakes: Mapping[str, object] | Callable[[], Mapping[str, object]] | None = None,
    rtol: float = 1e-4, atol: float = 1e-5, lists: bool = False, where: str | None = None,
) -> None:
    """`actual` must agree with `expected`. mistakes: hint -> the wrong value that proves it; one that equals `expected` proves nothing.
    A function that makes these is called for a wrong answer only.

    where: the circumstances, said before the place of the first difference.
    Raises CheckFailed.
    """
    tolerance = Tolerance(rtol, atol, lists)
    actual, expected = plain(actual), plain(expected)
    found = difference(actual, expected, tolerance)
    if found is None:
        return
    mistakes = mistakes() if callable(mistakes) else mistakes or {}
    wrong = {hint: plain(value) for hint, value in mistakes.items()}
    hint = next((hint for hint, value in wrong.items() if agree(actual, value, tolerance) and not agree(value, expected, tolerance)), None)
    raise CheckFailed(
        f"{name} {found.problem}",
        hint=hint or found.hint,
        where="; ".join(filter(None, [where, found.where])) or None,
        expected=found.expected,
        actual=found.actual,
    )
