"""What a student added to a cell that is locked in Jupyter and nowhere else: which lines, and whether they can stand alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher

from grader.engine.names import defines, uses

MOST_LINES = 2_000  # of a cell that is compared line by line


def added(theirs: str, released: str, is_test: bool) -> tuple[list[str], list[str]]:
    """Return the blocks of lines that were added between statements: those to run before the released cell, and those after it.

    A test runs where the student's code does not: of what stands in one only that is kept which binds names without using the test's own.
    """
    before, after = [], []
    lines, end = _lines(theirs), len(_lines(released))
    for tag, at, _, start, stop in _changes(theirs, released):
        text = "\n".join(lines[start:stop]).strip("\n")
        if tag != "insert" or not _stands_alone(text) or _within_a_statement(released, at):
            continue
        if is_test and (not defines(text) or uses(text) & defines(released)):
            continue
        (before if at == 0 or (is_test and at < end) else after).append(text)
    return before, after


def changes(what: str, theirs: str, released: str, kept: list[str]) -> str:
    """Say in one sentence what was done about a changed cell, with the numbers of the released cell's lines."""
    touched = [number for tag, start, stop, *_ in _changes(theirs, released) if tag != "insert" for number in range(start + 1, stop + 1)]
    where = f" in {_numbers(touched)}" if touched and len(_lines(theirs)) <= MOST_LINES else ""
    saved = sum(len(text.split("\n")) for text in kept)
    lines = f"{saved} line{'s' * (saved != 1)} that you added {'were' if saved != 1 else 'was'} kept as a cell of your own: `{_first(kept)}`" if kept else ""
    if lines and not touched:
        return f"{what} was restored; {lines}."
    return f"{what} had been changed{where} and was restored{f'; {lines}' if lines else ''}."


def holds(theirs: str, released: str) -> bool:
    """Whether every line of the released cell still stands in theirs, in order."""
    rest = iter(_lines(theirs))
    return bool(released.strip()) and all(line in rest for line in _lines(released))


def _changes(theirs: str, released: str) -> Iterator[tuple[str, int, int, int, int]]:
    old, new = _lines(released), _lines(theirs)
    if max(len(old), len(new)) > MOST_LINES:
        return iter([("replace", 0, len(old), 0, len(new))])
    return (code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal")


def _stands_alone(text: str) -> bool:
    """Whether these lines are whole statements that do something."""
    try:
        return bool(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _within_a_statement(released: str, at: int) -> bool:
    try:
        body = ast.parse("\n".join(_lines(released))).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(node.lineno - 1 < at < (node.end_lineno or 0) for node in body)


def _numbers(lines: list[int]) -> str:
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines[:8]))}{', …' if len(lines) > 8 else ''}"


def _first(kept: list[str]) -> str:
    line = kept[0].strip().split("\n")[0].replace("`", "'")
    return line if len(line) <= 60 else f"{line[:57]}…"


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").split("\n")]
