"""What stays with the student and is asked from afar: functions and objects of their own.

Keras layers and models of the student's own are in `remote_layers`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from grader.engine.border.errors import CannotCross

LONGEST_NAME = 100


class Link:
    """The thread from a proxy to its original: ask(what, **details) sends one request about it."""

    def __init__(self, ask: Callable[..., Any], number: int):
        self.ask, self.number = ask, number


class RemoteFunction:
    """A function on the other side. Arguments and results cross by value, exceptions as facts."""

    def __init__(self, link: Link, name: str):
        self._link = link
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args, **kwargs):
        return self._link.ask("call", args=args, kwargs=kwargs)

    def _again_(self, *args, **kwargs):
        """What this very call returned last, made anew from what was sent, if nothing of the other side's ran since; else a call."""
        return self._link.ask("call again", args=args, kwargs=kwargs)

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


class RemoteClass(RemoteFunction):
    """A class on the other side: called, it gives what an instance is there; where a value is asked, a check says that it is a class."""

    of_a_class = True


class RemoteObject:
    """An instance of a class that the other side defined: its public attributes and methods.

    Whether it can be called, has a length, or items, is said by which of the classes below it has.
    """

    def __init__(self, link: Link, name: str):
        vars(self).update(_link=link, _class_name=name)

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(f"{vars(self)['_class_name']!r} object has no attribute {name!r}")
        return self._link.ask("attribute", name=name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an object of the student's own can be read here, not changed")

    def __repr__(self) -> str:
        return f"<{self._class_name} object>"


class _Calls:
    def __call__(self, *args, **kwargs):
        return self._link.ask("call", args=args, kwargs=kwargs)


class _Length:
    def __len__(self) -> int:
        length = self._link.ask("length")
        if type(length) is not int or not 0 <= length < 2**60:
            raise CannotCross("its length", "broken")
        return length


class _Items:
    def __getitem__(self, key):
        return self._link.ask("item", key=key)

    def __iter__(self):
        """From item 0 on, as Python does it. Nothing but an IndexError ends it, and not before the length that is told."""
        wanted = len(self) if isinstance(self, _Length) else None
        for number in count():
            try:
                item = self[number]
            except IndexError:
                if wanted is not None and number != wanted:
                    raise CannotCross("what it yields", "uneven") from None
                return
            yield item


# (can be called, has a length, has items) -> the class of its proxy.
OBJECTS: dict[tuple[bool, bool, bool], type[RemoteObject]] = {}
for _flags in [(a, b, c) for a in (False, True) for b in (False, True) for c in (False, True)]:
    _bases = tuple(base for base, wanted in zip((_Calls, _Length, _Items), _flags, strict=True) if wanted)
    OBJECTS[_flags] = type("RemoteObject", (*_bases, RemoteObject), {"__module__": __name__})


def plain_name(name: object, otherwise: str) -> str:
    """`name` if it is an identifier of moderate length, so that it can stand in a message."""
    good = type(name) is str and len(name) <= LONGEST_NAME and name.isidentifier()
    return name if good else otherwise
