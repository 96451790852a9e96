"""Holds one running cell to its limits: interrupts it, and kills what does not yield."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

# One alone can be lost: Python ignores a KeyboardInterrupt inside a destructor or a callback.
INTERRUPTS = 4


class Guard:
    """While its block runs, a thread watches one cell.

    send: sends a signal to the kernel; called from the thread, must not raise.
    seconds: how long the cell may run.
    late: the reason to give if it runs longer.
    grace: seconds between the first interrupt and the kill.

    A thread, because a kernel that floods its sockets starves the event loop that reads them.
    """

    def __init__(self, send: Callable[[int], None], seconds: float, late: str, grace: float):
        self.reason = ""
        self._send, self._seconds, self._late, self._grace = send, seconds, late, grace
        self._tripped = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="cell guard", daemon=True)

    def trip(self, reason: str) -> None:
        """Stop the cell now. The first reason stays."""
        self.reason = self.reason or reason
        self._tripped.set()

    def __enter__(self) -> Guard:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._tripped.set()
        self._thread.join()

    def _watch(self) -> None:
        in_time = self._tripped.wait(self._seconds)
        if self._over.is_set():
            return
        if not in_time:
            self.trip(self._late)
        for _ in range(INTERRUPTS):
            self._send(signal.SIGINT)
            if self._over.wait(self._grace / INTERRUPTS):
                return
        self._send(signal.SIGKILL)
