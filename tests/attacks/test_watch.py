"""That gains and traces would be noticed: each watcher sees what it watches for."""

import base64
import os
import socket
import subprocess
import sys
import time

import pytest

from . import canaries
from .classroom import leaks, page_leaks
from .watch import Listener, Watch, clean_up

HIDDEN = canaries.SECRETS["a hidden test"]


@pytest.fixture
def watch(tmp_path):
    listener = Listener()
    (tmp_path / "course" / "submitted" / "mallory").mkdir(parents=True)
    (tmp_path / "course" / "solution").write_text("right")
    home = tmp_path / "home"
    home.mkdir()
    watch = Watch(tmp_path / "course", listener, [home])
    watch.begin("mallory")
    yield watch
    clean_up()
    listener.close()


@pytest.mark.parametrize("text", [
    f"print({HIDDEN!r})", HIDDEN[::-1], HIDDEN.encode().hex(), " ".join(HIDDEN),
    *(base64.b64encode(b"x" * shift + HIDDEN.encode() + b"more").decode() for shift in range(3)),
    f"[{canaries.NUMBER}.0, 2.0]", "array([8.39214657e+11])", "839,214,657,031",
])  # fmt: skip
def test_a_hidden_test_is_recognised(text):
    assert canaries.found(text) == ["a hidden test"]


def test_ordinary_text_is_no_secret():
    assert canaries.found("the hidden tests want 83921 windows; canary 12839214657031") == []


def test_what_an_attack_says_of_itself_is_heard():
    assert leaks("its outputs", "the-attack-worked 7") == ["did what it may not, and said so in its outputs"]


@pytest.mark.parametrize("page, complaint", [
    ("<script>alert('left-by-an-attack')</script>", ["put a script into the feedback"]),
    ("<b onclick=\"x('left-by-an-attack')\">", ["put a script into the feedback"]),
    ("<a href=' JavaScript:alert(1)'>", ["put a script into the feedback"]),
    ("<img src='http://127.0.0.1:80/x'>", ["had the feedback load something"]),
    ("&lt;script&gt;left-by-an-attack&lt;/script&gt; <a href='http://127.0.0.1'>x</a> <script>ours</script>", []),
])  # fmt: skip
def test_a_hostile_page_is_recognised(page, complaint):
    assert page_leaks(page) == complaint


def test_nothing_is_said_of_nothing(watch, tmp_path):
    (tmp_path / "course" / "submitted" / "mallory" / "own").touch()
    (tmp_path / "course" / "gradebook.db").touch()
    assert watch.effects() == []


def test_changed_and_new_files_are_seen(watch, tmp_path):
    (tmp_path / "course" / "solution").write_text("wrong")
    os.mkfifo(tmp_path / "course" / "pipe")
    assert watch.effects() == ["changed the course's pipe", "changed the course's solution"]


def test_what_is_left_in_public_places_and_homes_is_seen(watch, tmp_path):
    for place in ("/tmp", tmp_path / "home"):
        with open(f"{place}/{canaries.MARK}", "w"):
            pass
    left = watch.effects()
    assert f"left {canaries.MARK} in /tmp" in left and f"left {canaries.MARK} in a home folder" in left
    clean_up()
    assert f"left {canaries.MARK} in /tmp" not in watch.effects()


def test_a_process_that_is_left_is_seen_and_ended(watch, monkeypatch):
    monkeypatch.setattr(sys.modules[Watch.__module__], "PATIENCE", 0.3)
    left = subprocess.Popen([canaries.MARK, "60"], executable="/bin/sleep")
    assert any(effect.startswith("left processes behind") for effect in watch.effects())
    clean_up()
    assert left.wait(10) == -9


@pytest.mark.parametrize("kind", ["tcp", "udp", "unix"])
def test_calls_are_heard(kind):
    listener = Listener()
    try:
        if kind == "udp":
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
                one.sendto(b"x", ("127.0.0.1", listener.port))
        elif kind == "tcp":
            socket.create_connection(("127.0.0.1", listener.port)).close()
        else:
            with socket.socket(socket.AF_UNIX) as one:
                one.connect(f"\0{canaries.MARK}-{listener.port}")
        deadline = time.monotonic() + 10
        while not (heard := listener.heard()) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert heard == [f"reached {'an abstract socket' if kind == 'unix' else 'the loopback'} of the host"]
        assert listener.heard() == []
    finally:
        listener.close()
