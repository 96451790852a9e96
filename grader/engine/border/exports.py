"""What one side lets the other ask about: its own objects, by number."""

from __future__ import annotations

from typing import Any

from grader.engine.border.errors import require


class Exports:
    """Objects that were sent by reference. They live until the other side has let go of them, or `cut`."""

    def __init__(self):
        self._objects: dict[int, list] = {}  # number -> [object, how often it was sent]
        self._numbers: dict[int, int] = {}  # id(object) -> number
        self._next = 1

    def add(self, value: Any) -> int:
        """The number of `value`; the same for the same object."""
        number = self._numbers.get(id(value))
        if number is None:
            number, self._next = self._next, self._next + 1
            self._objects[number] = [value, 0]
            self._numbers[id(value)] = number
        self._objects[number][1] += 1
        return number

    def get(self, number: Any) -> Any:
        """The object. Raises Malformed."""
        require(type(number) is int and number in self._objects, "an object that was never sent")
        return self._objects[number][0]

    def drop(self, number: int, count: int) -> None:
        """The other side has let go of what it was sent `count` times."""
        entry = self._objects.get(number)
        if entry:
            entry[1] -= count
            if entry[1] <= 0:
                self._remove(number)

    def mark(self) -> int:
        return self._next

    def cut(self, mark: int) -> None:
        """Take back everything that was added since `mark`."""
        for number in [number for number in self._objects if number >= mark]:
            self._remove(number)

    def _remove(self, number: int) -> None:
        value, _ = self._objects.pop(number)
        self._numbers.pop(id(value), None)
