"""A function refuses an argument that it cannot take: it raises the error that is asked, and nothing else."""

from __future__ import annotations

from grader.checks.calls import call
from grader.checks.describe import text
from grader.checks.failure import CheckFailed
from grader.checks.raised import RAISED, known_errors


def refuses(fn, *args, error: type[Exception] = ValueError) -> None:
    """`fn(*args)` must raise `error`, or one that derives from it. Raises CheckFailed if it returns, or raises another."""
    name = getattr(fn, "__name__", "the function")
    try:
        found = call(fn, *args, name=name)
    except CheckFailed as failed:
        kind = known_errors().get(failed.problem.rpartition(RAISED)[2]) if RAISED in failed.problem else None
        if kind is None:
            raise  # a stub, or no function
        if issubclass(kind, error):
            return
        raise CheckFailed(
            f"`{name}` raises another error than {error.__name__}",
            hint=f"raise {error.__name__}(...) tells whoever calls it that the value of an argument is none of those allowed.",
            expected=error.__name__,
            actual=failed.actual,
        ) from None
    raise CheckFailed(
        f"`{name}` takes an argument that it should refuse",
        hint=f"Raise {error.__name__} for what is not one of the values that the docstring names: raise {error.__name__}(...).",
        expected=error.__name__,
        actual=f"it returned {text(found)}",
    )
