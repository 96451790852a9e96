"""When SIGINT may break in: while waiting, or while a function of the notebook runs; never in between."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Interrupts:
    """Holds SIGINT back while its block runs, except inside `wait` and `run`.

    What was there before is put back at the end: a Jupyter kernel ignores SIGINT between cells.
    An interrupt that came meanwhile is raised at the next `wait` or `run`; at the end of the block
    it is raised if the kernel was executing a cell, and forgotten if it was not.
    Signals belong to the main thread; in any other this does nothing.
    """

    def __init__(self):
        self._pending = False
        self._open = False
        self._before = None
        self._main = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Interrupts:
        if self._main:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, kind, *_: object) -> None:
        if not self._main:
            return
        self._restore(self._before)
        if self._pending and kind is None and callable(self._before):
            self._pending = False
            self._before(signal.SIGINT, None)

    def wait(self, until: Callable[[], T]) -> T:
        """`until()`, which may be interrupted and must then have changed nothing."""
        self._open = True
        try:
            self._raise_pending()
            return until()
        finally:
            self._open = False

    def run(self, work: Callable[[], T]) -> T:
        """`work()` under Python's own handler: code of the notebook, interrupted as in a cell."""
        if not self._main:
            return work()
        try:
            self._raise_pending()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            return work()
        finally:
            self._restore(self._note)

    def _restore(self, handler) -> None:
        """Set the handler; interrupts that come in that very moment are kept."""
        while True:
            try:
                signal.signal(signal.SIGINT, handler)
                return
            except KeyboardInterrupt:
                self._pending = True

    def _note(self, signum, frame) -> None:
        if self._open:
            self._open = False
            raise KeyboardInterrupt
        self._pending = True

    def _raise_pending(self) -> None:
        if self._pending:
            self._pending = False
            raise KeyboardInterrupt
