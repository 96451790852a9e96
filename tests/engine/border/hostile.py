"""A student's end that sends whatever a test wants, and asks whether the referee lives through it."""

import json
import socket
import threading
from contextlib import contextmanager

from grader.engine.border import CannotCross, Lost, Missing, Peer


def payload(header, *segments, sizes=None) -> bytes:
    """A frame's payload of a header (JSON, or bytes as they are) and segments."""
    if not isinstance(header, bytes):
        sizes = [len(segment) for segment in segments] if sizes is None else sizes
        header = json.dumps({"v": header, "s": sizes}).encode()
    data = len(header).to_bytes(8, "big") + header
    for segment in segments:
        data += bytes(-len(data) % 16) + segment
    return data


def frame(data: bytes, length: int | None = None) -> bytes:
    return (len(data) if length is None else length).to_bytes(8, "big") + data


def value(written, *segments, **options) -> bytes:
    """The reply to the first request: a value, as JSON that no honest writer may have written."""
    return frame(payload({"reply": 1, "value": written}, *segments, **options))


@contextmanager
def attacked(data: bytes, hold: bool = False):
    """A referee whose first request is met by `data`, and then by the end of the stream, unless it is held open."""
    ours, theirs = socket.socketpair()

    def send():
        try:
            theirs.sendall(data)
        except OSError:
            return
        if not hold:
            theirs.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    referee = Peer(ours)
    try:
        yield referee
    finally:
        referee.close()
        thread.join(10)
        theirs.close()


def outcome(data: bytes):
    """What the referee makes of `data`: the class of what it raises, or the value it takes."""
    with attacked(data) as referee:
        try:
            return referee.fetch("x")
        except (CannotCross, Lost, Missing) as refused:
            return type(refused)
