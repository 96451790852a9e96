"""Frames over a socket: eight bytes of length, then that many bytes, never more than the cap.

A pipe can be interrupted (Ctrl-C, a time limit) while it waits, and at no other moment, so that
what was sent and received is always known: the rest of a half-sent frame goes before the next one.
"""

from __future__ import annotations

import select
import socket
from collections import deque
from collections.abc import Iterable

import numpy as np

from grader.engine.border.errors import Lost
from grader.engine.border.interrupts import Interrupts
from grader.engine.border.limits import MAX_BYTES

LENGTH = 8
CHUNK = 1 << 22


class Pipe:
    """One end of a stream socket, read and written in whole frames.

    It writes and reads at once, so that two ends that both send large frames do not wait for
    each other for ever. Raises Lost when the other end is gone or lies about a length.
    """

    def __init__(self, sock: socket.socket):
        sock.setblocking(False)
        self._sock = sock
        self._out: deque[memoryview] = deque()
        self._length = bytearray()
        self._frame: np.ndarray | None = None
        self._filled = 0
        self._ready: deque[np.ndarray] = deque()
        self._lost = ""

    def fileno(self) -> int:
        return self._sock.fileno()

    def close(self) -> None:
        self._lost = self._lost or "it was closed"
        self._sock.close()

    def send(self, parts: Iterable[bytes | memoryview], interrupts: Interrupts) -> None:
        """Send one frame made of `parts`. Raises Lost; KeyboardInterrupt while it waits."""
        parts = [memoryview(part) for part in parts]
        length = sum(part.nbytes for part in parts)
        self._out.append(memoryview(length.to_bytes(LENGTH, "big")))
        self._out.extend(part for part in parts if part.nbytes)
        self._flush()
        while self._out:
            # One whole frame is kept for later; more is left in the socket, so memory is bounded.
            interrupts.wait(lambda: self._select(read=not self._ready, write=True))
            if not self._ready:
                self._fill()
            self._flush()

    def receive(self, interrupts: Interrupts) -> np.ndarray:
        """The next frame, as writable bytes. Raises Lost; KeyboardInterrupt while it waits."""
        while not self._ready:
            self._fill()
            if not self._ready:
                interrupts.wait(lambda: self._select(read=True, write=bool(self._out)))
                self._flush()
        return self._ready.popleft()

    def waiting(self) -> bool:
        """Whether a whole frame has been read ahead."""
        return bool(self._ready)

    def _select(self, read: bool, write: bool) -> None:
        if self._lost:
            raise Lost(self._lost)
        select.select([self._sock] if read else [], [self._sock] if write else [], [])

    def _flush(self) -> None:
        """Send what the socket takes now."""
        try:
            while self._out:
                batch = [self._out[index] for index in range(min(len(self._out), 64))]
                sent = self._sock.sendmsg(batch)
                while sent:
                    first = self._out[0]
                    if sent >= first.nbytes:
                        sent -= first.nbytes
                        self._out.popleft()
                    else:
                        self._out[0] = first[sent:]
                        sent = 0
        except (BlockingIOError, InterruptedError):
            pass
        except (OSError, ValueError):
            if self._ready:  # what it said before it went is still worth reading
                self._out.clear()
                return
            raise self._gone("it has ended") from None

    def _fill(self) -> None:
        """Read what has come, up to the end of one frame."""
        if self._lost:
            raise Lost(self._lost)
        try:
            while True:
                if self._frame is None:
                    piece = self._sock.recv(LENGTH - len(self._length))
                    if not piece:
                        raise self._gone("it has ended")
                    self._length += piece
                    if len(self._length) < LENGTH:
                        continue
                    size = int.from_bytes(self._length, "big")
                    self._length = bytearray()
                    if size > MAX_BYTES:
                        raise self._gone("it sent more than may cross")
                    self._frame, self._filled = np.empty(size, np.uint8), 0
                if self._filled < self._frame.size:
                    view = memoryview(self._frame)[self._filled : self._filled + CHUNK]
                    count = self._sock.recv_into(view)
                    if not count:
                        raise self._gone("it ended in the middle of an answer")
                    self._filled += count
                if self._filled == self._frame.size:
                    self._ready.append(self._frame)
                    self._frame = None
                    return
        except (BlockingIOError, InterruptedError):
            return
        except (OSError, ValueError, MemoryError):
            raise self._gone("it has ended") from None

    def _gone(self, why: str) -> Lost:
        self._lost = why
        self._out.clear()
        return Lost(why)
