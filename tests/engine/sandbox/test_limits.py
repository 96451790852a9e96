"""Bombs: each ends its own room with the right sentence, or an ordinary error, and leaves nothing."""

from __future__ import annotations

import pytest

from grader.engine.sandbox.limits import MiB

pytestmark = pytest.mark.slow

MEMORY = "it used more than 200 MB of memory"
PROCESSES = "it ran more than 20 processes at once"
CPU = "it used more than 2 s of processor time"
CLOSED = "import ctypes; ctypes.CDLL(None).prctl(4, 0)\n"  # not dumpable: its /proc cannot be read


@pytest.mark.parametrize("code", [
    "held = []\nwhile True: held.append(b'x' * 1_000_000)",
    CLOSED + "held = []\nwhile True: held.append(b'x' * 1_000_000)",
    "b = bytearray(5_000_000_000)",
    "import mmap, time\nm = mmap.mmap(-1, 300_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\nfor i in range(0, len(m), 4096): m[i] = 1\ntime.sleep(9)",
    "import threading, time\nheld = []\n"
    "for i in range(8): threading.Thread(target=lambda: held.append(b'x' * 40_000_000)).start()\n"
    "time.sleep(9)",
], ids=["little by little", "unreadable", "at once", "mapped", "threads"])  # fmt: skip
def test_memory_of_one_process(stand, code):
    assert stand.run(code).reason == MEMORY


@pytest.mark.parametrize("before", ["", CLOSED], ids=["readable", "unreadable"])
def test_memory_of_many_processes(stand, before):
    code = before + (
        "import os, time\n"
        "for i in range(6):\n"
        "    if os.fork() == 0:\n"
        "        held = b'x' * 50_000_000\n"
        "        time.sleep(30)\n"
        "time.sleep(30)\n"
    )
    assert stand.run(code).reason == MEMORY


def test_memory_that_children_copy_when_they_write_to_it(stand):
    code = (
        "import os, time\n"
        "held = bytearray(b'x' * 100_000_000)\n"
        "for i in range(5):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(1)\n"
        "        for j in range(0, len(held), 4096): held[j] = i\n"
        "        time.sleep(30)\n"
        "time.sleep(.7); print('shared', flush=True)\ntime.sleep(30)\n"
    )
    ended = stand.run(code)
    assert ended.said == "shared\n", "what is shared counts once"
    assert ended.reason == MEMORY


def test_memory_that_only_page_tables_hold(stand):
    code = (
        "import mmap, time\n"
        "m = mmap.mmap(-1, 60 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)\n"
        "try: mmap.mmap(-1, 60 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\n"
        "except OSError: print('enough', flush=True)\n"
        "m.madvise(15)\n"  # MADV_NOHUGEPAGE
        "for i in range(0, len(m), 2 << 20): m[i]\n"  # reads one page of zeros in each 2 MiB
        "time.sleep(30)\n"
    )
    ended = stand.run(code, memory_bytes=100 * MiB)
    assert ended.said == "enough\n" and ended.reason == "it used more than 100 MB of memory"


def test_a_large_answer_below_the_limit_is_nobodys_business(stand):
    code = "b = b'x' * 120_000_000\nimport time\ntime.sleep(.5)\nprint(len(b))"
    assert stand.run(code)[:3] == (0, "", "120000000\n")


@pytest.mark.parametrize("code", [
    "import os\nwhile True: os.fork()",
    "import os, time\nwhile True:\n    try:\n        if os.fork() == 0: os.setsid(); time.sleep(30)\n    except OSError: pass",
    "import subprocess\nheld = []\nwhile True: held.append(subprocess.Popen(['sleep', '60'], start_new_session=True))",
    "import signal, os, time\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except OSError: pass\n"
    "while True:\n    try:\n        if os.fork() == 0: time.sleep(60)\n    except BaseException: pass",
], ids=["bomb", "daemons", "programs", "deaf"])  # fmt: skip
def test_fork_bombs(stand, code):
    assert stand.run(code, memory_bytes=2000 * MiB).reason == PROCESSES


def test_threads_without_end_meet_a_wall(stand):
    code = (
        "import threading, time\n"
        "try:\n"
        "    while True: threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
        "except RuntimeError: print('no more', 100 < threading.active_count() < 10_000)\n"
    )
    ended = stand.run(code, memory_bytes=2000 * MiB)
    assert ended.said == "no more True\n" or ended.reason.startswith("it used more than")


def test_a_neighbour_still_forks_while_a_bomb_goes_off(stand):
    neighbour = stand.start(
        "import os, time\nfor i in range(60):\n    if os.fork() == 0: os._exit(0)\n    os.wait(); time.sleep(.01)\nprint('fine')",
        room="referee",
    )
    for _ in range(3):
        bomb = stand.start("import os\nwhile True: os.fork()", memory_bytes=2000 * MiB)
        assert stand.end(bomb).reason == PROCESSES
    assert stand.end(neighbour).said == "fine\n"


@pytest.mark.parametrize("code", [
    "while True: pass",
    "import threading\nfor i in range(4): threading.Thread(target=lambda: sum(iter(int, 1))).start()\nsum(iter(int, 1))",
    "import os\nwhile True:\n    if os.fork() == 0:\n        for i in range(300_000): pass\n        os._exit(0)\n    os.wait()",
    "import os, time\nfor i in range(3):\n    if os.fork() == 0:\n        os.setsid()\n        while True: pass\ntime.sleep(60)",
    "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
    "while True:\n    if os.fork() == 0:\n        for i in range(10_000_000): pass\n        os._exit(0)\n    time.sleep(.2)",
], ids=["loop", "threads", "short children", "daemons", "children nobody waits for"])  # fmt: skip
def test_processor_time_of_the_whole_tree(stand, code):
    ended = stand.run(code, cpu_seconds=2, processes=500, memory_bytes=2000 * MiB)
    assert ended.reason == CPU


def test_what_sockets_hold_counts_as_memory(stand):
    code = (
        "import socket, time\n"
        "kept = [socket.socketpair() for _ in range(450)]\n"
        "time.sleep(.3)\nprint('held', flush=True)\ntime.sleep(30)\n"
    )
    assert stand.run(code)[:3] == (-9, MEMORY, "")


@pytest.mark.parametrize("folder", ["/desk/work", "/desk/home", "/tmp", "/dev/shm", "/desk"])
def test_disk_bombs_meet_a_full_disk(stand, folder):
    code = (
        "import errno, itertools\n"
        "try:\n"
        "    for i in itertools.count():\n"
        f"        with open('{folder}/%d' % i, 'wb') as f: f.write(b'x' * 1_000_000)\n"
        "except OSError as e: print(errno.errorcode[e.errno], i)\n"
    )
    error, count = stand.run(code).said.split()
    if folder == "/desk" and error == "EACCES":
        return  # as root it belongs to the keeper
    assert error == "ENOSPC" and 15 <= int(count) <= 21


def test_many_empty_files_meet_a_full_disk(stand):
    code = (
        "import errno, itertools, os\n"
        "try:\n"
        "    for i in itertools.count(): os.close(os.open('/tmp/%d' % i, os.O_CREAT))\n"
        "except OSError as e: print(errno.errorcode[e.errno], 1000 < i <= 50_000)\n"
    )
    assert stand.run(code).said == "ENOSPC True\n"


def test_one_huge_file_is_refused(stand):
    code = (
        "import errno, os\n"
        "f = open('/tmp/huge', 'wb', buffering=0)\n"
        "try:\n"
        "    while True: f.write(b'x' * 1_000_000)\n"
        "except OSError as e: print(errno.errorcode[e.errno], os.path.getsize('/tmp/huge'))\n"
    )
    error, size = stand.run(code).said.split()
    assert error == "EFBIG" and int(size) <= 10 * MiB


def test_anonymous_files_and_sockets_do_not_hold_memory_unseen(stand):
    code = (
        "import os, socket\nheld = []\n"
        "for i in range(18):\n"
        "    if os.fork() == 0: break\n"
        "while True:\n"
        "    try: held.append(socket.socketpair())\n"
        "    except OSError: break\n"
        "    try: held[-1][0].send(b'x' * 200_000, socket.MSG_DONTWAIT)\n"
        "    except OSError: pass\n"
        "import time\ntime.sleep(30)\n"
    )
    ended = stand.run(code, memory_bytes=6000 * MiB)
    assert ended.reason == "it held more than 8,192 files and sockets open"
