"""An honest student's end of the border in a thread, so that a test has only the referee's to look at."""

import select
import socket
import threading
from contextlib import contextmanager

from grader.engine.border import Peer


@contextmanager
def honest(**names):
    """The referee's peer; the student's, in a thread, has `names` for variables."""
    ours, theirs = socket.socketpair()
    referee, student = Peer(ours), Peer(theirs, names=names)

    def serve():
        while student.answer():
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield referee
    finally:
        referee.close()
        thread.join(10)
        student.close()
    assert not thread.is_alive(), "the student's end hangs"


def cross(value):
    """`value` as the referee gets it."""
    with honest(value=value) as referee:
        return referee.fetch("value")


def readable(peer, seconds: float = 10.0) -> bool:
    return bool(select.select([peer], [], [], seconds)[0])
