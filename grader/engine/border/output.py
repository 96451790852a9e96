"""What a function prints while the other side waits for its result; the beginning of it."""

from __future__ import annotations

import io
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from grader.engine.border.limits import MAX_OUTPUT


class Beginning(io.TextIOBase):
    """Keeps the first characters that are written to it, and takes the rest without a word."""

    def __init__(self, longest: int = MAX_OUTPUT):
        self._pieces: list[str] = []
        self._left = longest

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._left > 0:
            self._pieces.append(text[: self._left])
            self._left -= len(text)
        return len(text)

    @property
    def text(self) -> str:
        return "".join(self._pieces)


@contextmanager
def captured():
    """Catch stdout and stderr of the block, in the order they are written."""
    beginning = Beginning()
    with redirect_stdout(beginning), redirect_stderr(beginning):
        yield beginning
