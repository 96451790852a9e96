"""Stands between a kernel's sockets and ours, and lets no message through that is larger than a message may be.

libzmq bounds a frame (ZMQ_MAXMSGSIZE), but not how many frames make a message: it keeps them all until the last has come. A
submission has its kernel's sockets and can write what it likes to them, so what comes from there is followed frame by frame, as
ZMTP 3 lays them out (https://rfc.zeromq.org/spec/23).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

GREETING = 64
MORE, LONG = 1, 2
MOST_FRAMES = 200
PIECE = 1 << 16
POLL_SECONDS = 0.005


class TooMuch(Exception):
    """A peer that speaks another protocol, or sends more than it may."""


class Meter:
    """Follows the bytes that a ZMTP 3 peer sends. Raises TooMuch at the first that may not pass."""

    def __init__(self, most: int):
        self._most = most
        self._head = b""
        self._wanted = GREETING  # bytes of the head that is being read
        self._greeted = False
        self._left = 0  # bytes of the frame's body that are still to come
        self._bytes = self._frames = 0  # of the message

    def follow(self, piece: bytes) -> None:
        at = 0
        while at < len(piece):
            if self._left:
                step = min(self._left, len(piece) - at)
                self._left -= step
            else:
                step = min(self._wanted - len(self._head), len(piece) - at)
                self._head += piece[at : at + step]
                if len(self._head) == self._wanted:
                    self._read_head()
            at += step

    def _read_head(self) -> None:
        head = self._head
        if not self._greeted:
            if head[0] != 0xFF or head[9] != 0x7F or head[10] < 3:
                raise TooMuch("it speaks no ZMTP 3")
            self._greeted = True
        elif len(head) == 1:
            self._wanted = 9 if head[0] & LONG else 2
            return
        else:
            self._left = int.from_bytes(head[1:], "big")
            self._bytes += self._left
            self._frames += 1
            if self._bytes > self._most or self._frames > MOST_FRAMES:
                raise TooMuch("a message without an end")
            if not head[0] & MORE:
                self._bytes = self._frames = 0
        self._head, self._wanted = b"", 1


class Relay:
    """Sockets at `ours`-PORT, each for the kernel's own at `theirs`-PORT, in a thread: whoever talks to the kernel may wait for it."""

    def __init__(self, ours: Path, theirs: Path, most: int):
        self.ours, self._theirs, self._most = ours, theirs, most
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, ports: Iterable[int]) -> None:
        """Listen. Raises OSError."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="kernel relay", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(list(ports)), self._loop).result()

    def close(self) -> None:
        if self._loop is None:
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = None

    async def _listen(self, ports: list[int]) -> None:
        for port in ports:
            self._servers.append(await asyncio.start_unix_server(self._for(port), f"{self.ours}-{port}"))

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _for(self, port: int):
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            self._tasks.add(task)
            try:
                await self._carry(f"{self._theirs}-{port}", reader, writer)
            except (OSError, TooMuch, asyncio.CancelledError):
                pass  # the one that hears nothing more finds out by itself
            finally:
                self._tasks.discard(task)
                writer.transport.abort()

        return serve

    async def _carry(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            with suppress(FileNotFoundError, ConnectionRefusedError):  # the kernel is still coming up
                from_kernel, to_kernel = await asyncio.open_unix_connection(path)
                break
            await asyncio.sleep(POLL_SECONDS)
        both = [
            asyncio.ensure_future(_pass_on(reader, to_kernel, None)),
            asyncio.ensure_future(_pass_on(from_kernel, writer, Meter(self._most))),
        ]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            to_kernel.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, meter: Meter | None) -> None:
    while piece := await reader.read(PIECE):
        if meter:
            meter.follow(piece)
        writer.write(piece)
        await writer.drain()
