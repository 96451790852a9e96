"""An exception crosses as facts, and is raised again as the nearest class that both sides know."""

from __future__ import annotations

from functools import cache

from grader.checks.calls import ATTACHED
from grader.checks.failure import CheckFailed
from grader.checks.raised import LINE, MESSAGE, NAME, WORDS, ErrorFacts, known_errors
from grader.engine.border.errors import require

CONTROL = (StopIteration, StopAsyncIteration, GeneratorExit, SystemExit)
FIELDS = ("kind", "own", "message", "meaning", "line", "stub")


def write_facts(facts: ErrorFacts) -> list:
    return [getattr(facts, field) for field in FIELDS]


def read_facts(content: object) -> ErrorFacts:
    """The facts, checked: known names, short texts. Raises Malformed."""
    require(type(content) is list and len(content) == len(FIELDS))
    kind, own, message, meaning, line, stub = content
    require(type(kind) is str and kind in known_errors(), "an exception that nobody knows")
    for text, longest in ((own, NAME), (message, MESSAGE), (line, LINE)):
        require(type(text) is str and len(text) <= longest, "a text that is too long")
    require(meaning is None or type(meaning) is str and meaning in WORDS)
    require(type(stub) is bool)
    return ErrorFacts(kind, own.partition("\n")[0], message, meaning, line, stub)


def rebuild(facts: ErrorFacts) -> BaseException:
    """An exception of class `facts.kind` that says `facts.message` and carries the facts for `check.call`."""
    cls = _speaking(known_errors()[facts.kind])
    error = cls.__new__(cls)
    error.args = (facts.message,)
    setattr(error, ATTACHED, facts)
    return error


@cache
def _speaking(known: type[BaseException]) -> type[BaseException]:
    """`known`, whose instances say their first argument: a KeyError would quote it, a UnicodeDecodeError wants five.

    A CheckFailed of the student's own is no failed check here: it becomes an AssertionError of that name. And what Python
    takes for the end of a loop, a generator or a process is an error like any other: `all(map(f, data))` does not end well
    because `f` raised StopIteration.
    """

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    base = AssertionError if issubclass(known, CheckFailed) else RuntimeError if issubclass(known, CONTROL) else known
    body = {"__str__": __str__, "__module__": known.__module__, "message": property(__str__)}
    return type(known.__name__, (base,), body)
