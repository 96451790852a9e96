"""How a room ends: by itself, by a signal, with its keeper, with the sandbox; and what is left then."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from .stand import Stand, give, why_not


@pytest.mark.parametrize("code, ends", [
    ("pass", 0),
    ("raise SystemExit(5)", 5),
    ("raise SystemExit('words')", 1),
    ("raise ValueError", 1),
    ("import os\nos._exit(3)", 3),
    ("import os\nos.kill(os.getpid(), 9)", -9),
    ("import os\nos.abort()", -6),
    ("import ctypes\nctypes.string_at(0)", -11),
])  # fmt: skip
def test_the_end_of_its_process_is_reported_as_it_was(stand, code, ends):
    assert stand.run(code)[:2] == (ends, "")


def test_daemons_end_with_the_process_that_left_them(stand):
    code = (
        "import os, signal, subprocess, time\n"
        "for s in range(1, 32):\n"
        "    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except OSError: pass\n"
        "for i in range(3):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork() == 0: time.sleep(600)\n"
        "        os._exit(0)\n"
        "subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "time.sleep(.2)\n"
    )
    assert stand.run(code)[:2] == (0, "")  # `run` asks that nothing be left


def test_interrupts_reach_it_and_its_group(stand):
    pid = stand.start(
        "import time\nprint('ready', flush=True)\n"
        "try: time.sleep(30)\nexcept KeyboardInterrupt: print('interrupted')\n"
    )
    time.sleep(0.3)
    stand.signal(pid, signal.SIGINT)
    ended = stand.end(pid)
    assert ended.said == "ready\ninterrupted\n" and ended[:2] == (0, "")


def test_it_is_killed_with_its_keeper_whatever_it_ignores(stand):
    pid = stand.start(
        "import os, signal, time\n"
        "for s in range(1, 32):\n"
        "    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except OSError: pass\n"
        "os.fork(); os.setsid() if os.getpid() != os.getsid(0) else None\n"
        "while True:\n"
        "    try: time.sleep(1)\n"
        "    except BaseException: pass\n"
    )
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        time.sleep(0.2)
        stand.signal(pid, signum)
    ended = stand.end(pid)
    assert ended[:2] == (-9, "") and ended.left == [] and not ended.late


def test_a_socket_bound_in_run_is_reached_from_outside_and_run_is_gone(stand):
    run = stand.desk / "student" / "run"
    (run / "kernel.json").write_text("for the kernel")
    pid = stand.start(
        "import os, socket\n"
        "print(open('/desk/run/kernel.json').read())\n"
        "s = socket.socket(socket.AF_UNIX); s.bind('/desk/run/ipc-1'); s.listen()\n"
        "bound()\nbound()\n"  # the second does nothing
        "print(os.listdir('/desk/run'), os.listdir('/proc/self/fd').__len__())\n"
        "for attempt in (lambda: open('/desk/run/x', 'w'), lambda: os.mkdir('/desk/run/x'), lambda: os.unlink('/desk/run/kernel.json'),\n"
        "                lambda: os.chmod('/desk/run', 0o777)):\n"
        "    try: attempt(); print('wrote')\n"
        "    except OSError: pass\n"
        "one, _ = s.accept(); one.sendall(b'hello ' + one.recv(9))\n"
    )
    for _ in range(100):
        if (run / "ipc-1").exists():
            break
        time.sleep(0.05)
    time.sleep(0.3)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(run / "ipc-1"))
        client.sendall(b"outside")
        assert client.recv(99) == b"hello outside"
    ended = stand.end(pid)
    assert ended.said == "for the kernel\n[] 6\n"  # 3 streams, the pipe, the socket, the listing
    assert sorted(path.name for path in run.iterdir()) == ["ipc-1", "kernel.json"]
    for path in run.iterdir():
        path.unlink()


def test_a_room_that_cannot_be_made_is_an_error_and_leaves_nothing(stand):
    answer = stand.ask(do="start", room="/desk/nowhere", code="pass", limits={"disk_bytes": -1})
    assert "no sandbox for the submission" in answer["failed"]
    link = stand.desk / "student" / "files" / "link"
    link.symlink_to("/etc")
    answer = stand.ask(do="start", room="/desk/student", code="pass", limits={})
    link.unlink()
    assert "'link' is neither a file nor a folder" in answer["failed"]
    assert stand.run("print('goes on')").said == "goes on\n"


def test_nothing_on_the_disk_changes(stand):
    def everything():
        return {
            str(path): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.lstat().st_uid)
            for root in (stand.course, stand.desk)
            for path in root.rglob("*")
            if path.name != "run"  # it becomes the room's own when a room is made
        }

    stand.run("pass")
    before = everything()
    stand.run(
        "import os\n"
        "for root in ('/desk', '/tmp', '/dev', '/usr', '/work', '/etc', '/'):\n"
        "    for parent, folders, files in os.walk(root):\n"
        "        folders[:] = folders[:5]\n"
        "        try: open(parent + '/left', 'w')\n"
        "        except OSError: pass\n"
    )
    assert everything() == before


@pytest.mark.parametrize("road", ["root", "user"])
def test_everything_ends_with_the_sandbox(road, course):
    if reason := why_not(road):
        pytest.skip(reason)
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        (desk / "student" / "files").mkdir(parents=True)
        if road == "user":
            for path in desk.rglob("*"):
                give(path)
        stand = Stand(road, course, desk)
        for _ in range(2):
            stand.start("import os, time\nos.fork(); os.setsid() if os.getsid(0) != os.getpid() else 0\ntime.sleep(600)")
        below = psutil.Process(stand.process.pid).children(recursive=True)
        assert len(below) >= 6  # bubblewrap's own, the server, two keepers and what they keep
        os.kill(stand.inner, signal.SIGKILL)
        stand.process.wait(10)
        _, alive = psutil.wait_procs(below, timeout=10)
        assert alive == []
        stand.close()
