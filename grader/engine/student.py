"""In the student's kernel: answer what the referee asks, whenever no cell is running."""

from __future__ import annotations

import socket

from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop

from grader.engine.border import Peer


def attend(app: IPKernelApp, border: socket.socket) -> None:
    """Serve the border from the kernel's own event loop, on its main thread.

    So a student's function runs on the thread that their cells run on, an interrupt reaches
    it as it reaches a cell, and nothing of theirs runs while a cell of theirs does.
    """
    peer = Peer(border, app.shell.user_ns)
    loop = IOLoop.current()

    def answer(*_: object) -> None:
        while peer.answer():
            if not peer.pending():
                return
        loop.remove_handler(border.fileno())
        border.close()

    loop.add_handler(border.fileno(), answer, IOLoop.READ)
