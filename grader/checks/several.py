"""The things that a function returns side by side, taken apart for a test that asks for each."""

from __future__ import annotations

from grader.checks.describe import text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed


def parts(value, *names: str) -> tuple:
    """`value` must be a tuple or list of as many things as there are names, in their order. Returns the things; raises CheckFailed."""
    if isinstance(value, (list, tuple)) and len(value) == len(names):
        return tuple(value)
    listed = ", ".join(names[:-1]) + f" and {names[-1]}"
    hint = f"Return {listed}, separated by commas."
    if isinstance(value, (list, tuple)):
        raise CheckFailed("another number of things is returned", hint=hint, expected=str(len(names)), actual=str(len(value)))
    raise CheckFailed("one thing is returned where several are asked", hint=NOTHING_RETURNED if value is None else hint, actual=text(value))
