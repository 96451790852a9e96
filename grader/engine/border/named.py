"""Tuples with named fields, and counters: containers whose type a test may ask something of.

The receiver makes a class of its own from the names, once they are checked; nothing else of the
sender's class crosses.
"""

from __future__ import annotations

import re
from collections import Counter, namedtuple
from keyword import iskeyword

from grader.engine.border.codec import reads, writes
from grader.engine.border.errors import require

MAX_FIELDS = 50
MAX_CLASSES = 100  # of one message
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}", re.ASCII)
TAKEN = {"count", "index"}  # methods of every tuple, which a field would hide


def namable(name: object, fields: object) -> bool:
    """Whether a class of tuples may be called `name` and have `fields`."""
    if type(fields) not in (list, tuple) or not 1 <= len(fields) <= MAX_FIELDS:
        return False
    if not all(type(word) is str and NAME.fullmatch(word) and not iskeyword(word) for word in (name, *fields)):
        return False
    return len(set(fields)) == len(fields) and TAKEN.isdisjoint(fields)


def write_named_tuple(writer, value) -> dict | None:
    """`value` with its fields, or None for a tuple that has none, or none that may cross."""
    kind = type(value)
    fields = getattr(kind, "_fields", None)
    if kind is tuple or not namable(kind.__name__, fields) or len(fields) != tuple.__len__(value):
        return None
    return {"namedtuple": [kind.__name__, list(fields), writer.each(value, tuple.__iter__(value))]}


@reads("namedtuple")
def read_named_tuple(reader, content):
    require(type(content) is list and len(content) == 3 and namable(content[0], content[1]), "fields that may not be")
    name, fields, items = content[0], tuple(content[1]), reader.each(content[2])
    require(len(items) == len(fields), "a tuple whose fields and items differ")
    made = reader.tuples.get((name, fields))
    if made is None:
        require(len(reader.tuples) < MAX_CLASSES, "more kinds of tuples than may cross")
        made = reader.tuples[name, fields] = namedtuple(name, fields, module=__name__)
    return made._make(items)


@writes(Counter)
def write_counter(writer, value):
    plain = all(type(count) in (int, float) for count in dict.values(value))
    written = writer.each(value, (part for pair in dict.items(value) for part in pair))
    return {"counter" if plain else "dict": written}


@reads("counter")
def read_counter(reader, items):
    parts = reader.each(items)
    require(len(parts) % 2 == 0 and all(type(count) in (int, float) for count in parts[1::2]), "a count that is no number")
    return Counter(dict(zip(parts[::2], parts[1::2], strict=True)))
