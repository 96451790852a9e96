"""What can go wrong at the border: nothing of that name, a value that cannot cross, the other side gone."""

from __future__ import annotations

from grader.checks import handing
from grader.checks.failure import CheckFailed

# Why a value cannot cross, and what to do. The other side sends only the key.
REASONS = handing.REASONS | {
    "cycle": "It holds itself, so it has no end. Return plain lists, dictionaries and arrays.",
    "depth": "It is nested more than 100 deep. Return plain lists, dictionaries and arrays.",
    "items": "It has more than a million parts. Numbers by the million belong into a NumPy array.",
    "size": "It is larger than 256 MiB. Return what is asked for, and no more.",
    "integer": "It holds an integer of more than 4,000 digits.",
    "array": "Arrays may hold numbers, booleans, strings and times; this one holds something else.",
    "symbolic": "A symbolic tensor has no value yet. Return what the model gives for data.",
    "dataset": "A dataset without an end cannot be checked: leave out repeat(), or add take().",
    "keras": "Keras cannot say how it is made. Use Keras' own layers, or a function that returns the values.",
    "type": "Return numbers, strings, lists, dictionaries, arrays, tensors, Keras models or functions.",
    "uneven": "It has another number of items than its length says.",
    "shapes": "Its numbers have other shapes than it says.",
    "broken": "What came is no value that the checks can read.",
}


class Missing(NameError):
    """The student's notebook has no variable of that name."""


class CannotCross(CheckFailed):
    """A value that cannot be handed from the student's process to the checks, or back.

    name: which value, in the course's words. kind: its type's name, the student's text.
    """

    def __init__(self, name: str, reason: str, kind: str = ""):
        super().__init__(
            f"{name} cannot be handed to the checks",
            hint=REASONS.get(reason, REASONS["type"]),
            actual=f"a value of type {kind}" if kind else None,
        )
        self.reason = reason

    def __reduce__(self):
        return CheckFailed, (self.problem,)


class Lost(CheckFailed):
    """The other side is gone, or sends what makes no sense; nothing more can be asked of it."""

    def __init__(self, why: str = "it has ended"):
        super().__init__(
            "the process that ran your notebook cannot be asked any more",
            hint="A cell that ends Python (exit, a crash, too much memory) takes all variables with it.",
            actual=why,
        )

    def __reduce__(self):
        return Lost, (self.actual,)


class Uncrossable(Exception):
    """Inside the writer: why a value cannot be sent, and its type."""

    def __init__(self, reason: str, value: object = None):
        super().__init__(reason)
        self.reason = reason
        self.kind = type(value).__name__[:100]


class Malformed(ValueError):
    """Inside the reader: these bytes are no value."""


def require(condition: object, what: str = "a value that makes no sense") -> None:
    """Raise Malformed unless `condition`."""
    if not condition:
        raise Malformed(what)
