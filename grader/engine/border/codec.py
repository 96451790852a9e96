"""Values to JSON and array segments, and back: no pickle, no eval, nothing that runs what was sent.

In JSON, null, true, numbers, short strings and lists stand for themselves. All else is an object with
one key, which says what it is: {"tuple": [...]}, {"array": ["<f4", [2, 3], 0]}. Each kind of value has a
writer, found by `type(x)` and never by what the value says of itself, and a reader, found by that key.
The reader takes nothing on trust: it checks every field, and raises Malformed where one makes no sense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.engine.border.errors import Malformed, Uncrossable, require
from grader.engine.border.limits import MAX_BYTES, MAX_DEPTH, MAX_ITEMS, MAX_NUMBERS

FLAT = {int, float, bool, type(None)}
SMALL = 2**63

# type -> writer(Writer, value); for types and, failing that, for what derives from them.
WRITERS: dict[type, Callable[[Writer, Any], Any]] = {}
# tried in order for a type that stands in no table: test(type) -> writer or None.
FINDERS: list[Callable[[type], Callable[[Writer, Any], Any] | None]] = []
# key -> reader(Reader, what stands under the key).
READERS: dict[str, Callable[[Reader, Any], Any]] = {}


def writes(*types: type):
    """Register a writer for these types and what derives from them."""

    def register(writer):
        WRITERS.update(dict.fromkeys(types, writer))
        return writer

    return register


def reads(key: str):
    """Register the reader of {key: ...}."""

    def register(reader):
        READERS[key] = reader
        return reader

    return register


class Writer:
    """Writes the values of one message.

    refer: writes a reference to a value that stays where it is; raises Uncrossable if it may not.
    """

    def __init__(self, refer: Callable[[Writer, Any], Any]):
        self.segments: list[memoryview] = []
        self._refer = refer
        self._items = 0
        self._numbers = 0
        self._bytes = 0
        self._open: set[int] = set()

    def put(self, value: Any) -> Any:
        """`value` as JSON. Raises Uncrossable."""
        self._items += 1
        if self._items > MAX_ITEMS:
            raise Uncrossable("items", value)
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        return (WRITERS.get(kind) or self._find(kind))(self, value)

    def each(self, owner: Any, items: Iterable[Any]) -> list:
        """`items`, which are inside `owner`, as JSON. Raises Uncrossable for what holds itself or has no bottom."""
        if id(owner) in self._open:
            raise Uncrossable("cycle", owner)
        if len(self._open) >= MAX_DEPTH:
            raise Uncrossable("depth", owner)
        self._open.add(id(owner))
        written = [self.put(item) for item in items]
        self._open.discard(id(owner))
        return written

    def flat(self, items: list) -> bool:
        """Whether `items` stand for themselves in JSON, all of them; counted, if so."""
        kinds = set(map(type, items))
        if not kinds <= FLAT or int in kinds and any(abs(item) > SMALL for item in items if type(item) is int):
            return False
        self._items += len(items)
        return self._items <= MAX_ITEMS

    def count_numbers(self, count: int, value: Any) -> None:
        """Make sure that the other side may make `count` more objects for lists that cross as arrays."""
        self._numbers += count
        if self._numbers > MAX_NUMBERS:
            raise Uncrossable("items", value)

    def segment(self, data: bytes | memoryview) -> int:
        """The number of a new segment that holds `data`."""
        self.reserve(len(data))
        self.segments.append(memoryview(data))
        return len(self.segments) - 1

    def reserve(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MAX_BYTES:
            raise Uncrossable("size")

    def refer(self, value: Any) -> Any:
        return self._refer(self, value)

    def _find(self, kind: type) -> Callable:
        for find in FINDERS:
            writer = find(kind)
            if writer:
                return writer
        for base in kind.__mro__:
            if base in WRITERS:
                return WRITERS[base]
        return Writer.refer


class Reader:
    """Reads the values of one message.

    resolve: what a reference means on this side.
    """

    def __init__(self, segments: list[np.ndarray], resolve: Callable[[str, Any, Reader], Any]):
        self._segments = segments
        self._resolve = resolve
        self._items = 0
        self._numbers = 0
        self._depth = 0
        self.tuples: dict[tuple, type] = {}  # the classes of named tuples that were made

    def get(self, written: Any) -> Any:
        """The value. Raises Malformed."""
        self._items += 1
        require(self._items <= MAX_ITEMS, "more items than may cross")
        kind = type(written)
        if kind is list:
            if {list, dict}.isdisjoint(map(type, written)):
                self._items += len(written)
                require(self._items <= MAX_ITEMS, "more items than may cross")
                return written
            self._deeper()
            items = [self.get(item) for item in written]
            self._depth -= 1
            return items
        if kind is not dict:
            return written
        require(len(written) == 1, "an object of more than one kind")
        ((key, content),) = written.items()
        if key in ("ref", "yours"):
            return self._resolve(key, content, self)
        reader = READERS.get(key)
        if reader is None:
            raise Malformed("a kind of value that nobody knows")
        return reader(self, content)

    def count_numbers(self, count: int, depth: int) -> None:
        """Make sure that a list may be made of `count` numbers and rows, `depth` deep. Raises Malformed."""
        self._numbers += count
        require(self._numbers <= MAX_NUMBERS, "more numbers than may cross")
        require(self._depth + depth <= MAX_DEPTH + 1, "a value that is nested too deep")

    def _deeper(self) -> None:
        self._depth += 1
        require(self._depth <= MAX_DEPTH + 1, "a value that is nested too deep")

    def each(self, written: Any) -> list:
        """The list that a container is written as."""
        require(type(written) is list)
        return self.get(written)

    def segment(self, number: Any) -> np.ndarray:
        require(type(number) is int and 0 <= number < len(self._segments), "a segment that does not exist")
        return self._segments[number]
