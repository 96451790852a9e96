"""Run a student's function; an exception in it becomes a failed check that explains."""

from __future__ import annotations

from grader.checks.failure import CheckFailed
from grader.checks.handing import handed
from grader.checks.raised import ErrorFacts, explain, facts

__all__ = ["ErrorFacts", "call", "explain", "facts", "trained"]

# Where an exception that was raised in another process keeps its `ErrorFacts`.
ATTACHED = "grader_facts"


def call(fn, *args, name: str | None = None, **kwargs):
    """Return `fn(*args, **kwargs)`; an exception in it becomes a `CheckFailed` that explains.

    Raises CheckFailed if `fn` is missing, is not callable, is still the stub, or raises.
    A `CheckFailed` raised inside (by a check that the student uses) passes through.
    """
    return _ask(fn, fn, args, kwargs, name)


def trained(fn, *args, name: str | None = None, **kwargs):
    """As `call`, for a function that trains a model and that more than one test of an exercise asks for.

    A grader that was given the model for one test has it for the next, in a copy that no test has touched, if nothing of
    the student's ran between. In the student's own notebook it is a call like any other.
    """
    return _ask(fn, fn._again_ if hasattr(type(fn), "_again_") else fn, args, kwargs, name)


def _ask(fn, ask, args: tuple, kwargs: dict, name: str | None):
    name = name or getattr(fn, "__name__", None) or "the function"
    if not callable(fn):
        raise CheckFailed(
            f"`{name}` is not a function",
            hint="Run the cell that defines it, and keep the name that the stub had.",
            actual=type(fn).__name__,
        )
    try:
        return handed(ask(*args, **kwargs), name)
    except CheckFailed:
        raise
    except (Exception, SystemExit) as error:
        raised = error
    told = getattr(raised, ATTACHED, None)
    told = told if type(told) is ErrorFacts else facts(raised, fn)
    # A stub, and a recursion of a thousand frames, have no cause worth showing.
    raise explain(name, told) from (None if told.stub or told.kind == "RecursionError" else raised)
