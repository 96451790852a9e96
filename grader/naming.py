"""Which lessons a person means by a few letters or a number."""

from __future__ import annotations

import re
from collections.abc import Sequence


def fitting(name: str, known: Sequence[str]) -> list[str]:
    """Return the lessons that `name` can stand for, the first of these ways that fits any.

    Its whole name; its number (`1`, `01`); its beginning; words of it (`sequence`, `encoder decoder`). One is clear, several are not.
    """
    name = name.strip().rstrip("/").split("/")[-1].removesuffix(".py").removesuffix(".ipynb")
    words = _plain(name)
    ways = (
        lambda one: one == name,
        lambda one: name.isascii() and name.isdigit() and (number := re.match(r"\d+", one)) is not None and int(number[0]) == int(name),
        lambda one: bool(name) and one.startswith(name),
        lambda one: bool(words) and f"_{words}" in f"_{_plain(one)}",
    )
    return next((found for fits in ways if (found := [one for one in known if fits(one)])), [])


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")
