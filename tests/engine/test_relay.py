"""The relay between a kernel's sockets and ours: messages pass, and what would fill our memory does not."""

from __future__ import annotations

import socket
import threading
import time

import pytest
import zmq

from grader.engine.relay import Meter, Relay, TooMuch

GREETING = b"\xff" + b"\0" * 8 + b"\x7f\x03\x00NULL" + b"\0" * 48
MOST = 1000


def frame(size, more=False, long=False):
    head = bytes([more | 2]) + size.to_bytes(8, "big") if long or size > 255 else bytes([more]) + bytes([size])
    return head + b"x" * size


@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_messages_up_to_the_bound_pass_however_they_are_cut(piece):
    meter = Meter(MOST)
    stream = GREETING + frame(3) + frame(0, more=True) + frame(400, more=True) + frame(600) + frame(1000, long=True) + frame(0)
    for at in range(0, len(stream), piece):
        meter.follow(stream[at : at + piece])


@pytest.mark.parametrize("stream", [
    GREETING + frame(1001), GREETING + frame(600, more=True) + frame(401), GREETING + b"\x02" + b"\xff" * 8, GREETING + frame(0, more=True) * 201,
    b"\x01\x00hello" * 20, GREETING.replace(b"\x03", b"\x01"),
], ids=["one frame", "two frames", "a length", "many frames", "no greeting", "an old protocol"])  # fmt: skip
def test_what_is_more_than_a_message_may_be_is_stopped(stream):
    with pytest.raises(TooMuch):
        Meter(MOST).follow(stream)


@pytest.fixture
def relayed(tmp_path):
    relay = Relay(tmp_path / "ours", tmp_path / "theirs", MOST)
    relay.open([1])
    yield tmp_path
    relay.close()


def test_zeromq_speaks_through_it_in_both_directions(relayed):
    with zmq.Context() as context, context.socket(zmq.REP) as kernel, context.socket(zmq.REQ) as client:
        client.connect(f"ipc://{relayed}/ours-1")
        client.send_multipart([b"a", b"b" * 900])
        time.sleep(0.05)
        kernel.bind(f"ipc://{relayed}/theirs-1")  # a kernel that comes up later
        assert kernel.recv_multipart() == [b"a", b"b" * 900]
        kernel.send(b"c")
        assert client.recv() == b"c"


def test_a_peer_that_sends_frames_without_end_is_cut_off(relayed):
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(f"{relayed}/theirs-1")
        listener.listen()
        client.connect(f"{relayed}/ours-1")
        kernel, _ = listener.accept()
        got = []
        reader = threading.Thread(target=lambda: got.extend(iter(lambda: client.recv(1 << 16), b"")))
        reader.start()
        with kernel, pytest.raises(OSError):
            kernel.sendall(GREETING)
            while True:
                kernel.sendall(frame(300, more=True))
        reader.join()
        assert sum(map(len, got)) < 200_000
