"""What a function may not hand to the checks: what can be read only once, or is no value at all.

The grader's border refuses the same, in the same words, so that a notebook reads at home what it will read when it is graded.
"""

from __future__ import annotations

import io
import socket
import subprocess
import threading
import types
from collections.abc import Iterable

from grader.checks.failure import CheckFailed

# Why a value cannot be handed over, and what to do.
REASONS = {
    "generator": "A generator or iterator can be read only once. Return a list or an array of what it yields.",
    "file": "Return what is in the file, not the open file.",
    "module": "A module is not a value. Return what you need of it.",
    "thread": "Threads, locks and processes cannot be checked. Return their result.",
}
NEVER = (
    ((types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType), "generator"),
    ((io.IOBase, socket.socket), "file"),
    ((types.ModuleType,), "module"),
    ((threading.Thread, type(threading.Lock()), type(threading.RLock()), subprocess.Popen), "thread"),
)
DEEPEST = 20
FLAT = {type(None), bool, int, float, str}


def refusal(kind: type) -> str | None:
    """Which of REASONS forbids to hand over what is of this type; None if none does. What a notebook's own classes make is another matter."""
    if kind.__module__ in ("builtins", "itertools") and hasattr(kind, "__next__"):  # map, zip, iter(...), itertools.chain
        return "generator"
    return next((reason for types_, reason in NEVER if issubclass(kind, types_)), None)


def handed(value, name: str):
    """`value`, which `name` returned. Raises CheckFailed if it, or something in its lists and dictionaries, may not be handed over."""
    found = next(_refused(value), None)
    if found is None:
        return value
    raise CheckFailed(f"what `{name}` returns cannot be handed to the checks", hint=REASONS[refusal(found)], actual=f"a value of type {found.__name__}")


def _refused(value, depth: int = 0) -> Iterable[type]:
    """The types of what may not be handed over, as they come."""
    if refusal(type(value)):
        yield type(value)
    elif type(value) in (list, tuple, dict) and depth < DEEPEST:
        items = list(value.values()) if type(value) is dict else value
        if not set(map(type, items)) <= FLAT:
            for item in items:
                yield from _refused(item, depth + 1)
