"""What a submission can see from its room: itself, the course's public parts, and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from .stand import SECRETS


def test_its_files_lie_in_its_working_directory(stand):
    ended = stand.run(
        "import os\nprint(os.getcwd(), open('receipts/history.json').read())\n"
        "open('receipts/history.json', 'w').write('changed')\n"
    )
    assert ended.said == "/desk/work handed in\n" and ended[:2] == (0, "")
    kept = stand.desk / "student" / "files" / "receipts" / "history.json"
    assert kept.read_text() == "handed in"
    assert stand.run("print(open('receipts/history.json').read())").said == "handed in\n"


def test_only_the_public_parts_of_the_course_are_there(stand):
    listed = stand.run(f"import os\nprint(sorted(os.listdir({str(stand.course)!r})))").said
    assert listed == "['data', 'grader']\n"
    assert "public" in stand.run(f"print(open('{stand.course}/data/CHECKSUMS').read())").said
    for secret in SECRETS:
        assert (stand.course / secret).exists()
        assert "FileNotFoundError" in stand.run(
            f"try: open({str(stand.course / secret)!r})\nexcept OSError as e: print(repr(e))"
        ).said


def test_no_file_that_is_nobodys_business_is_there(stand):
    outside = [str(Path.home()), "/root", "/home", "/var", "/run", "/sys", "/etc/shadow",
               "/etc/hostname", "/etc/resolv.conf", "/etc/ssh", "/boot", "/mnt", "/srv",
               str(stand.desk)]  # fmt: skip
    prefixes = {sys.prefix, sys.base_prefix, os.path.realpath(sys.prefix)}
    code = (
        "import os\n"
        f"for path in {outside!r}:\n"
        "    for parent, folders, files in os.walk(path):\n"
        "        for name in files: print(os.path.join(parent, name))\n"
        f"        folders[:] = [f for f in folders if os.path.join(parent, f) not in {prefixes!r}]\n"
        "    if os.path.isfile(path): print(path)\n"
    )
    assert stand.run(code).said == ""


def test_the_other_room_cannot_be_seen(stand):
    code = "import os\nprint(sorted(os.listdir('/desk')))\n"
    assert stand.run(code).said == "['home', 'run', 'shm', 'tmp', 'work']\n"
    assert "hidden" in stand.run("import os\nprint(os.listdir('.'))", room="referee").said
    search = (
        "import os\n"
        "for root in ('/desk', '/tmp', '/dev/shm', '/proc/self/cwd', '/proc/1/root', '/proc/1/cwd'):\n"
        "    for parent, _, files in os.walk(root):\n"
        "        if 'hidden' in files: print(parent)\n"
    )
    assert stand.run(search).said == ""


def test_what_one_submission_writes_the_next_does_not_find(stand):
    places = ["/desk/work", "/desk/home", "/tmp", "/dev/shm", "/desk", "/var/tmp", "/run/user"]
    write = (
        "import os\n"
        f"for place in {places!r}:\n"
        "    try: open(place + '/left', 'w').write('x')\n"
        "    except OSError: pass\n"
    )
    stand.run(write)
    look = f"import os\nprint([p for p in {places!r} if os.path.exists(p + '/left')])"
    assert stand.run(look).said == stand.run(look, room="referee").said == "[]\n"


def test_it_sees_its_keeper_and_itself_and_no_other_process(stand):
    neighbour = stand.start("import time\ntime.sleep(30)", room="referee")
    said = stand.run("import os\nprint(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()))").said
    stand.signal(neighbour, 9)
    stand.end(neighbour)
    assert said == "[1, 2]\n"


def test_the_keepers_memory_and_descriptors_are_closed_to_it(stand):
    code = (
        "import os\n"
        "for name in ('mem', 'environ', 'maps', 'fd', 'root', 'cwd', 'fdinfo', 'map_files', 'syscall', 'stack'):\n"
        "    path = f'/proc/1/{name}'\n"
        "    try:\n"
        "        print(name, os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(10))\n"
        "    except OSError: pass\n"
        "    try: os.readlink(path); print('link', name)\n"
        "    except OSError: pass\n"
    )
    assert stand.run(code).said == ""


def test_it_inherits_no_descriptor_and_no_environment(stand):
    code = (
        "import os\n"
        "print(sorted(os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in os.listdir('/proc/self/fd')\n"
        "      if os.path.lexists(f'/proc/self/fd/{n}')))\n"
        "print(dict(os.environ), b'secret' in open('/proc/self/environ', 'rb').read())\n"
    )
    descriptors, environment = stand.run(code).said.splitlines()
    assert descriptors == "['/dev/null', '/dev/null', '/dev/null', 'pipe']"  # the pipe is what we read
    assert environment.startswith("{}")


def test_there_is_no_network(stand):
    with socket.create_server(("127.0.0.1", 0)) as listener, abstract_listener() as name:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), connected(name):
            pass  # they answer, out here
        code = (
            "import socket\n"
            f"for family, address in ((socket.AF_INET, ('127.0.0.1', {port})),\n"
            f"        (socket.AF_INET, ('8.8.8.8', 53)), (socket.AF_UNIX, {name!r})):\n"
            "    with socket.socket(family) as s:\n"
            "        s.settimeout(3)\n"
            "        try: s.connect(address); print('connected to', address)\n"
            "        except OSError: pass\n"
            "print([name for _, name in socket.if_nameindex()])\n"
        )
        assert stand.run(code).said == "['lo']\n"


def test_rooms_do_not_meet_in_abstract_sockets_or_shared_memory(stand):
    listen = stand.start(
        "import socket, time\n"
        "s = socket.socket(socket.AF_UNIX); s.bind('\\0meeting'); s.listen()\n"
        "open('/dev/shm/meeting', 'w').close()\nopen('/tmp/meeting', 'w').close()\n"
        "print('ready')\ntime.sleep(30)\n",
        room="referee",
    )
    code = (
        "import socket, os, time\ntime.sleep(.3)\n"
        "try: socket.socket(socket.AF_UNIX).connect('\\0meeting'); print('met')\n"
        "except ConnectionRefusedError: pass\n"
        "print(os.listdir('/dev/shm'), os.path.exists('/tmp/meeting'))\n"
    )
    assert stand.run(code).said == "[] False\n"
    stand.signal(listen, 9)
    assert stand.end(listen).said == "ready\n"


def test_it_is_nobody_with_no_name_of_the_machine(stand):
    code = (
        "import os, pwd, socket\n"
        "print(os.getuid() != 0, os.getgroups(), socket.gethostname(), [u.pw_name for u in pwd.getpwall()])\n"
    )
    right, *rest = stand.run(code).said.split(" ", 1)
    assert right == "True" and "grader ['root', 'nobody']" in rest[0]


class abstract_listener:
    """A listener in the abstract namespace of this machine; gives its name."""

    def __enter__(self) -> str:
        self._socket = socket.socket(socket.AF_UNIX)
        name = f"\0grader-test-{os.getpid()}-{threading.get_native_id()}"
        self._socket.bind(name)
        self._socket.listen()
        return name

    def __exit__(self, *_) -> None:
        self._socket.close()


def connected(name: str) -> socket.socket:
    one = socket.socket(socket.AF_UNIX)
    one.connect(name)
    return one
