"""What a submission may not do in its room: write outside its scratch, gain rights, reach the keeper."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.engine.sandbox import syscalls

TRY = """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
def refused(function, *arguments):
    "Whether the C function answers that it is not permitted."
    ctypes.set_errno(0)
    return function(*arguments) == -1 and ctypes.get_errno() in (errno.EPERM, errno.EACCES, errno.EINVAL)
"""


@pytest.mark.slow
def test_it_can_write_only_to_its_scratch(stand):
    code = (
        "import os, time\n"
        "def walk():\n"
        "    for parent, folders, files in os.walk('/', onerror=None):\n"
        "        folders[:] = [f for f in folders if os.path.join(parent, f) not in ('/proc', '/usr/lib', '/desk', '/tmp')\n"
        "                      and 'site-packages' not in f and not os.path.islink(os.path.join(parent, f))]\n"
        "        yield parent\n"
        "        yield from (os.path.join(parent, f) for f in files)\n"
        "def writable(path):\n"
        "    try:\n"
        "        if os.path.isdir(path):\n"
        "            os.close(os.open(path, os.O_TMPFILE | os.O_WRONLY))\n"
        "        else:\n"
        "            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))\n"
        "        return True\n"
        "    except OSError: return False\n"
        "print([path for path in walk() if writable(path)])\n"
        "print([writable(p) for p in ('/desk/work', '/desk/home', '/desk/tmp', '/tmp', '/dev/shm', '/usr/lib', '/desk/run')])\n"
    )
    elsewhere, own = stand.run(code).said.splitlines()
    assert set(eval(elsewhere)) <= {
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
        "/dev/ptmx", "/dev/pts/ptmx", "/dev/shm", "/dev/stdin", "/dev/stdout", "/dev/stderr",
    }  # fmt: skip
    assert own == "[True, True, True, True, True, False, False]"


def test_the_course_and_python_are_read_only(stand):
    package, data = stand.course / "grader" / "engine" / "sandbox", stand.course / "data"
    code = (
        "import os, sys\n"
        f"for path in ({str(package)!r}, {str(data)!r}, sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), '/usr/lib'):\n"
        "    for attempt in (lambda: open(path + '/left', 'w'), lambda: os.mkdir(path + '/left'), lambda: os.chmod(path, 0o777),\n"
        "                    lambda: os.rename(path, path + '2'), lambda: os.utime(path)):\n"
        "        try: attempt(); print('changed', path)\n"
        "        except OSError: pass\n"
        f"try: os.unlink({str(package / 'spawn.py')!r}); print('deleted')\n"
        "except OSError: pass\n"
    )
    assert stand.run(code).said == ""


@pytest.mark.parametrize("path", [
    "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches",
    "/proc/sys/user/max_user_namespaces", "/proc/sysrq-trigger", "/proc/self/uid_map",
    "/proc/sys/kernel/shmmax", "/proc/sys/net/ipv4/ip_forward", "/proc/1/oom_score_adj",
    "/proc/1/mem", "/proc/self/loginuid",
])  # fmt: skip
def test_it_cannot_turn_the_kernels_knobs(stand, path):
    code = (
        f"try:\n    with open({path!r}, 'r+b', buffering=0) as f: f.write(b'1'); print('wrote')\n"
        "except OSError: print('refused')\n"
    )
    assert stand.run(code).said == "refused\n"


@pytest.mark.parametrize("call", [
    "libc.mount(b'x', b'/tmp', b'tmpfs', 0, None)",
    "libc.mount(b'/', b'/tmp', None, 4096, None)",
    "libc.mount(None, b'/', None, 32 | 4096, None)",
    "libc.umount2(b'/desk', 2)",
    "libc.umount2(b'/tmp', 2)",
    "libc.umount2(b'/proc', 2)",
    "libc.chroot(b'/tmp')",
    *(f"libc.unshare({flag:#x})" for flag in
      (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x08000000, 0x10020000)),
    "libc.setns(os.open('/proc/self/ns/mnt', 0), 0)",
    "libc.setns(os.open('/proc/self/ns/user', 0), 0)",
    "libc.syscall(56 if os.uname().machine == 'x86_64' else 220, 0x10000000 | 17, 0, 0, 0, 0)",
    "libc.ptrace(16, 1, 0, 0)",
    "libc.ptrace(0, 0, 0, 0)",
    "libc.process_vm_readv(1, None, 0, None, 0, 0)",
    "libc.setuid(0)",
    "libc.setgid(0)",
    "libc.setresuid(0, 0, 0)",
    "libc.setgroups(0, None)",
    "libc.shmget(0, 4096, 0o1666)",
    "libc.memfd_create(b'x', 0)",
    "libc.sethostname(b'x', 1)",
    "libc.mknod(b'/tmp/disk', 0o60666, ctypes.c_ulong(0x800))",
    "libc.setpriority(0, 0, -5)",
    "libc.setpriority(0, 1, 19)",
    "libc.prlimit(1, 7, (ctypes.c_ulong * 2)(1, 1), None)",
    "libc.prlimit(1, 0, (ctypes.c_ulong * 2)(1, 1), None)",
    "libc.syscall(251 if os.uname().machine == 'x86_64' else 30, 1, 1, 3 << 13)",
    "libc.sched_setscheduler(1, 3, (ctypes.c_int * 1)(0))",
    "libc.sched_setaffinity(1, 8, (ctypes.c_ulong * 1)(1))",
    "libc.reboot(0)",
    "libc.syscall(250 if os.uname().machine == 'x86_64' else 219, 0, -4, 1)",
    "libc.syscall(425, 8, 0)",
    "libc.prctl(24, 0)",
])  # fmt: skip
def test_system_calls_that_are_refused(stand, call):
    function, _, arguments = call.partition("(")
    said = stand.run(f"{TRY}\nprint(refused({function}, {arguments})").said
    assert said == "True\n", call


def test_it_has_no_capability_and_can_gain_none(stand):
    code = (
        "status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)\n"
        "print({status[n] for n in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb')}, status['NoNewPrivs'], status['Seccomp'])\n"
        "import subprocess\n"
        "print(subprocess.run(['grep', '-h', 'CapEff', '/proc/self/status'], capture_output=True).stdout)\n"
    )
    assert stand.run(code).said == (
        "{'0000000000000000'} 1 2\nb'CapEff:\\t0000000000000000\\n'\n"
    )


@pytest.mark.slow
def test_programs_that_would_become_root_do_not(stand):
    code = (
        "import os, subprocess\n"
        "for name in ('/usr/bin/su', '/usr/bin/mount', '/usr/bin/newgrp', '/usr/bin/passwd'):\n"
        "    if os.path.exists(name):\n"
        "        run = subprocess.run(['/bin/sh', '-c', 'exec \"$0\" </dev/null', name], capture_output=True, timeout=20)\n"
        "print([flag for line in open('/proc/self/mounts') if line.split()[1] == '/usr' for flag in line.split()[3].split(',')\n"
        "       if flag in ('ro', 'nosuid')], os.getuid() == os.geteuid() != 0)\n"
    )
    assert stand.run(code).said == "['ro', 'nosuid'] True\n"


def test_it_cannot_raise_its_limits(stand):
    code = (
        "import resource as r\n"
        "for name in ('CORE', 'FSIZE', 'NOFILE', 'NPROC', 'CPU', 'AS', 'MSGQUEUE', 'MEMLOCK'):\n"
        "    which = getattr(r, 'RLIMIT_' + name, 12)\n"
        "    soft, hard = r.getrlimit(which)\n"
        "    if hard == r.RLIM_INFINITY: print(name, 'is not limited')\n"
        "    for more in (hard + 1, r.RLIM_INFINITY):\n"
        "        try: r.setrlimit(which, (more, more)); print(name, 'was raised')\n"
        "        except (ValueError, OSError): pass\n"
    )
    assert stand.run(code).said == ""


def test_it_may_set_its_own_limits_and_processors(stand):
    code = (
        "import os, resource as r, threading\n"
        "r.setrlimit(r.RLIMIT_CORE, (0, 0)); os.nice(1); os.setpriority(os.PRIO_PROCESS, 0, 2)\n"
        "os.sched_setaffinity(0, os.sched_getaffinity(0)); os.sched_setaffinity(threading.get_native_id(), os.sched_getaffinity(0))\n"
        "child = os.fork()\n"
        "if child == 0: os._exit(0)\n"
        "os.sched_setscheduler(child, os.SCHED_BATCH, os.sched_param(0)); os.waitpid(child, 0)\n"
        "print(os.getpriority(os.PRIO_PROCESS, 0))\n"
    )
    assert stand.run(code).said == "2\n"


def test_it_cannot_signal_or_stop_its_keeper(stand):
    code = (
        "import os, signal, time\n"
        "for signum in sorted(signal.valid_signals()):\n"
        "    if signum in (signal.SIGINT, signal.SIGTERM): continue\n"
        "    try: os.kill(1, signum)\n"
        "    except PermissionError: pass\n"
        "time.sleep(.3)\n"
        "print(open('/proc/1/stat').read().rpartition(') ')[2][0] in 'SRD')\n"
    )
    ended = stand.run(code)
    assert ended.said == "True\n" and ended[:2] == (0, "")


def test_interrupting_the_keeper_interrupts_itself_at_most(stand):
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "for _ in range(2000):\n"
        "    for signum in (signal.SIGINT, signal.SIGTERM):\n"
        "        try: os.kill(1, signum)\n"
        "        except PermissionError: pass\n"
        "held = []\n"
        "while True: held.append(b'x' * 10_000_000)\n"
    )
    assert stand.run(code).reason == "it used more than 200 MB of memory"


@pytest.mark.slow
def test_it_cannot_kill_by_killing_everything(stand):
    neighbour = stand.start("import time\ntime.sleep(1)\nprint('alive')", room="referee")
    code = (
        "import os\n"
        "if os.fork() == 0:\n"
        "    os.kill(-1, 9)\n"  # everything but itself and the keeper
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    ended = stand.run(code)
    assert ended[:2] == (-9, "")
    assert stand.end(neighbour).said == "alive\n"


def test_what_the_whole_machine_shares_is_refused(stand):
    """Memory that counts for nobody, locks and the page cache that other rooms see, sockets of no network, terminals and timers."""
    code = (
        "import fcntl, mmap, os, resource, socket, sys\n"
        "def refused(fn, *arguments):\n"
        "    try: fn(*arguments)\n"
        "    except OSError: return True\n"
        "def call(intel, arm, *arguments):\n"
        "    import ctypes, platform\n"
        "    libc = ctypes.CDLL(None, use_errno=True)\n"
        "    if libc.syscall(intel if platform.machine() == 'x86_64' else arm, *arguments) < 0 and ctypes.get_errno() == 1: raise OSError\n"
        "def terminals():\n"
        "    for _ in range(100): os.openpty()\n"
        "shared = os.open(os.__file__, os.O_RDONLY)\n"
        "lock = os.open('/tmp/own', os.O_RDWR | os.O_CREAT)\n"
        "print([name for name, done in {\n"
        "    'shared anonymous': refused(mmap.mmap, -1, 4096),\n"
        "    'zero': refused(lambda: mmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)),\n"
        "    'flock': refused(fcntl.flock, shared, fcntl.LOCK_SH), 'lockf': refused(fcntl.lockf, lock, fcntl.LOCK_EX),\n"
        "    'fadvise': refused(os.posix_fadvise, shared, 0, 0, os.POSIX_FADV_DONTNEED),\n"
        "    'nowait': refused(os.preadv, shared, [bytearray(9)], 0, os.RWF_NOWAIT),\n"
        "    'vsock': refused(socket.socket, 40, socket.SOCK_STREAM), 'alg': refused(socket.socket, 38, socket.SOCK_SEQPACKET),\n"
        "    'larger': refused(socket.socket().setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 9999), 'filter': refused(call, 317, 277, 2, 0, 0),\n"
        "    'vmsplice': refused(call, 278, 75, 1, 0, 0, 0), 'watch': refused(call, 294, 26, 0), 'landlock': refused(call, 444, 444, 0, 0, 1),\n"
        "    'aio': refused(call, 206, 0, 1, 0), 'sync': refused(call, 306, 267, shared), 'sysinfo': refused(call, 99, 179, 0),\n"
        "    'prctl': refused(call, 157, 167, 22, 2, 0),\n"
        "    'terminals': refused(terminals), 'timers': resource.getrlimit(resource.RLIMIT_SIGPENDING)[1] <= 1024,\n"
        "}.items() if not done])\n"
        "mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS); socket.socket(); socket.socketpair()\n"
        "print(open('/dev/zero', 'rb').read(3), os.preadv(shared, [bytearray(9)], 0))\n"
    )
    assert stand.run(code).said == "[]\nb'\\x00\\x00\\x00' 9\n"


def test_numbers_of_the_whole_machine_stand_still(stand):
    code = (
        "import os, time\n"
        "names = 'meminfo vmstat stat loadavg uptime locks zoneinfo interrupts sys/fs/file-nr sys/fs/inode-state'.split()\n"
        "def read():\n"
        "    return [open('/proc/' + name).read() for name in names]\n"
        "before = read()\n"
        "held = [os.pipe() for _ in range(99)], b'x' * 50_000_000\n"
        "time.sleep(.3)\n"
        "print(before == read(), before[0].split()[0], before[3].split()[0])\n"
    )
    assert stand.run(code).said == "True MemTotal: 0.00\n"


def test_as_root_each_room_has_a_user_of_its_own(stand):
    if stand.road != "root":
        pytest.skip("another user than root has only itself to give to rooms")
    number = "import os\nprint(os.getuid(), open('/proc/self/uid_map').read().split()[1])"
    inside, outside = zip(*(stand.run(number).said.split() for _ in range(2)), strict=True)
    assert set(inside) == {"65534"} and len({*outside, "0", "65534"}) == 4


def test_32_bit_calls_are_not_a_way_around_the_filter(stand):
    # mov eax, 20; int 0x80; ret: getpid by its 32-bit number
    code = (
        "import ctypes, mmap, os\n"
        "page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)\npage.write(bytes.fromhex('b814000000cd80c3'))\n"
        "start = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
        "print('answered', ctypes.CFUNCTYPE(ctypes.c_int)(start)())\n"
    )
    if not syscalls.build("x86_64", False) or sys.platform != "linux" or machine() != "x86_64":
        pytest.skip("only 64-bit Intel and AMD processors have them")
    ended = stand.run(code)
    assert "answered" not in ended.said and ended.code in (-31, -11)  # SIGSYS; SIGSEGV without 32-bit


def machine() -> str:
    return subprocess.run(["uname", "-m"], capture_output=True, text=True).stdout.strip()
