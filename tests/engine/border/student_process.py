"""A student's process with variables for `test_calls`: `python student_process.py FD`."""

import os
import signal
import socket
import sys
import time

import numpy as np

from grader.engine.border import Peer


def loop():
    while True:
        pass


def sleep(seconds):
    time.sleep(seconds)


def deaf(seconds, pid):
    """Interrupts the process `pid`, and works on through every interrupt, for a while."""
    os.kill(pid, signal.SIGINT)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            time.sleep(0.05)
        except KeyboardInterrupt:
            pass
    return "done"


def large(megabytes):
    return np.zeros(megabytes * 2**20, "u1")


def call(fn, *args):
    return fn(*args)


def wait_for(fn):
    try:
        return fn()
    except KeyboardInterrupt:
        return "interrupted"


def count():
    global counted
    counted += 1
    return counted


def leave():
    os._exit(3)


counted = 0
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a Jupyter kernel does between cells
peer = Peer(socket.socket(fileno=int(sys.argv[1])), globals())
while peer.answer():
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
