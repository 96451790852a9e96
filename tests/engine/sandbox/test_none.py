"""Without isolation: a process of its own in the ordinary folder, and plain words on what that gives up."""

from __future__ import annotations

import os
import signal
import time

import pytest

from grader.engine.sandbox import (
    WHAT_IS_LOST, End, Isolation, Limits, SpawnFailed, outer, places, problem, spawn,
)  # fmt: skip

NONE = Isolation("none")

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


@pytest.fixture
def room(tmp_path):
    for name in ("files", "home", "tmp", "run"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_nothing_is_put_before_the_command_and_it_always_works():
    assert outer("/desk", NONE) == [] and problem(NONE) == ""
    assert all(line.endswith((".", ";", ":", ",")) or line for line in WHAT_IS_LOST)
    text = " ".join(WHAT_IS_LOST)
    for lost in ("solutions", "gradebook", "network", "memory"):
        assert lost in text


def test_it_runs_in_the_rooms_files_and_its_end_is_told(room):
    def child(bound):
        bound()
        with open("seen", "w") as file:
            file.write(f"{os.getcwd()} {os.getsid(0) == os.getpid()}")
        raise SystemExit(4)

    assert spawn(child, room, Limits(), isolation=NONE).wait() == End(4, "")
    work = places(room, NONE).work
    assert (work / "seen").read_text() == f"{work} True"


def test_it_inherits_only_what_it_is_told_to_keep(room):
    kept, closed = os.open(room, os.O_RDONLY), os.open(room, os.O_RDONLY)
    os.set_inheritable(closed, True)

    def child(bound):
        os.fstat(kept)
        try:
            os.fstat(closed)
        except OSError:
            return
        raise SystemExit(9)

    try:
        assert spawn(child, room, Limits(), isolation=NONE, keep_open=[kept]).wait() == End(0, "")
    finally:
        os.close(kept)
        os.close(closed)


def test_signals_reach_its_group(room):
    def child(bound):
        with open("ready", "w"):
            pass
        try:
            time.sleep(30)
        except KeyboardInterrupt:
            raise SystemExit(3) from None

    kept = spawn(child, room, Limits(), isolation=NONE)
    while not (room / "files" / "ready").exists():
        assert kept.poll() is None
        time.sleep(0.01)
    kept.signal(signal.SIGINT)
    assert kept.wait() == kept.poll() == End(3, "")
    kept.signal(signal.SIGKILL)  # nothing happens: it has ended

    deaf = spawn(lambda bound: time.sleep(30), room, Limits(), isolation=NONE)
    assert deaf.kill() == End(-9, "")


def test_a_room_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SpawnFailed, match="could not start"):
        spawn(lambda bound: None, tmp_path / "nowhere", Limits(), isolation=NONE)


def test_bubblewrap_is_never_left_out_by_mistake(room):
    """`spawn` outside of the outer sandbox fails, and harms nothing."""
    if os.path.exists("/desk"):
        pytest.skip("this machine has a folder /desk of its own")
    with pytest.raises(SpawnFailed, match="no sandbox for the submission"):
        spawn(lambda bound: None, room, Limits(), isolation=Isolation())
    assert os.listdir("/tmp")
