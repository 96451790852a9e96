"""A filter over system calls: those that no course work needs and that reach around the other walls.

It answers EPERM, so honest code gets an ordinary OSError. Kernel keys and System V shared
memory are here because namespaces and RSS do not cover them; the rest shrinks what of the
kernel can be attacked. On an architecture without a table there is no filter; see seccomp(2).
"""

from __future__ import annotations

import errno
import os
import struct

from grader.engine.sandbox import linux

NONE = 0xFFFFFFFF  # the number of a call that an architecture does not have
# name: (x86_64, aarch64); from the kernel's syscall tables.
FORBIDDEN = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    # They tell or change what the machine holds of a file in memory, which all rooms share.
    "fadvise64": (221, 223),
    "readahead": (187, 213),
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "process_madvise": (440, 440),
    "sysinfo": (99, 179),  # how much memory is free in all; see `numbers`
    # A lock on a read-only file is seen by every other room that shows this file; locks are memory that counts for nobody.
    "flock": (73, 32),
    "memfd_secret": (447, 447),
    # Memory of the kernel's, or kept by it, that is seen at no process: watches, rules, filters, queues, pages in pipes.
    "inotify_init": (253, NONE),
    "inotify_init1": (294, 26),
    "landlock_create_ruleset": (444, 444),
    "seccomp": (317, 277),
    # They have the whole machine's disks written out, for as long as it takes.
    "sync": (162, 81),
    "syncfs": (306, 267),
    "io_setup": (206, 0),  # their number is the whole machine's
    "vmsplice": (278, 75),  # a page in a pipe may be one of 2 MB, which its process has let go of
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "syslog": (103, 116),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "quotactl": (179, 60),
}
# Anonymous files in memory that no process has mapped would count for nobody; CUDA may want one.
FORBIDDEN_WITHOUT_GPU = {"memfd_create": (319, 279)}
# Pages that processes share count for none that has let go of them; CUDA may want some.
MMAP, SHARED_ANONYMOUS = (9, 222), 0x01 | 0x20
# Commands of fcntl that set, or ask for, locks and leases: F_GETLK to F_SETLKW, F_OFD_GETLK to F_OFD_SETLKW, F_SETLEASE.
FCNTL, LOCKS = (72, 25), (5, 6, 7, 36, 37, 38, 1024)
# Families of sockets that belong to a room's own network: unix, IPv4, IPv6, netlink. Others are the whole machine's.
SOCKET, SOCKETPAIR, FAMILIES = (41, 198), (53, 199), (1, 2, 10, 16)
# Options of any socket that let it hold more than it may by itself: SO_SNDBUF, SO_RCVBUF, both by force, filters.
SETSOCKOPT, SOL_SOCKET, ROOM_FOR_MORE = (54, 208), 1, (7, 8, 26, 32, 33, 50, 51, 52)
PRCTL, SET_SECCOMP = (157, 167), (22,)
# Advice on memory that puts pages out where others can feel it: MADV_COLD, MADV_PAGEOUT.
MADVISE, PAGEOUT = (28, 233), (20, 21)
# A read that tells whether it would have had to wait for the disk: RWF_NOWAIT. Python reads by this call without it.
PREADV2, NOWAIT = (327, 286), 0x08
# Limits of a process that is named: where there is one user, the keeper is this user's, too. 0 is whoever asks.
PRLIMIT, ONESELF = (302, 261), (0,)
CLONE, CLONE3 = (56, 220), (435, 435)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
NEW_NAMESPACE = (
    linux.CLONE_NEWNS | linux.CLONE_NEWCGROUP | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNET
)  # fmt: skip

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
AND = 0x54
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, low word; arguments are 8 bytes apart
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def forbid(gpu: bool) -> None:
    """Install the filter for this process and everything it starts. Raises OSError."""
    program = build(os.uname().machine, gpu)
    if program:
        linux.install_filter(program)


def build(machine: str, gpu: bool) -> bytes:
    """The filter as a BPF program; b"" for an architecture without a table."""
    if machine not in ARCHITECTURES:
        return b""
    column, architecture = ARCHITECTURES[machine]
    calls = FORBIDDEN if gpu else FORBIDDEN | FORBIDDEN_WITHOUT_GPU
    steps = [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, architecture, 1, 0),
        _step(RETURN, KILL),  # 32-bit calls have other numbers
        _step(LOAD, NUMBER),
    ]
    if machine == "x86_64":
        X32 = 0x40000000  # the same calls again under other numbers
        steps += [_step(AT_LEAST, X32, 0, 1), _step(RETURN, ERROR | errno.ENOSYS)]
    for numbers in calls.values():
        steps += [_step(EQUAL, numbers[column], 0, 1), _step(RETURN, ERROR | errno.EPERM)]
    for call in (SOCKET, SOCKETPAIR):
        steps += _if_argument(call[column], 0, FAMILIES, errno.EAFNOSUPPORT, unless=True)
    steps += _if_argument(FCNTL[column], 1, LOCKS, errno.EPERM)
    steps += _if_argument(PRCTL[column], 0, SET_SECCOMP, errno.EPERM)
    steps += _if_option(SETSOCKOPT[column], SOL_SOCKET, ROOM_FOR_MORE)
    steps += _if_argument(MADVISE[column], 2, PAGEOUT, errno.EPERM)
    steps += _if_argument(PRLIMIT[column], 0, ONESELF, errno.EPERM, unless=True)
    steps += _if_bits(PREADV2[column], 5, NOWAIT)
    if not gpu:
        steps += _if_bits(MMAP[column], 3, SHARED_ANONYMOUS)
    steps += [
        # Its flags lie in memory, where no filter can look. The C library falls back to clone.
        _step(EQUAL, CLONE3[column], 0, 1),
        _step(RETURN, ERROR | errno.ENOSYS),
        _step(EQUAL, CLONE[column], 0, 3),
        _step(LOAD, FIRST_ARGUMENT),
        _step(ANY_BIT, NEW_NAMESPACE, 0, 1),
        _step(RETURN, ERROR | errno.EPERM),
        _step(RETURN, ALLOW),
    ]
    return b"".join(steps)


def _if_argument(call: int, argument: int, values: tuple[int, ...], error: int, unless: bool = False) -> list[bytes]:
    """Answer `error` to a call whose argument is one of these values, or none of them."""
    checks = [_step(EQUAL, value, len(values) - index - 1 + unless, 0) for index, value in enumerate(values)]
    if not unless:
        checks[-1] = _step(EQUAL, values[-1], 0, 1)
    return [
        _step(EQUAL, call, 0, len(values) + 3),
        _step(LOAD, FIRST_ARGUMENT + 8 * argument),
        *checks,
        _step(RETURN, ERROR | error),
        _step(LOAD, NUMBER),
    ]


def _if_option(call: int, level: int, options: tuple[int, ...]) -> list[bytes]:
    """Answer EPERM to a call whose second argument is this level and whose third is one of these options."""
    inner = [
        _step(LOAD, FIRST_ARGUMENT + 16),
        *(_step(EQUAL, option, len(options) - index - 1, int(option == options[-1])) for index, option in enumerate(options)),
        _step(RETURN, ERROR | errno.EPERM),
    ]
    return [
        _step(EQUAL, call, 0, len(inner) + 3),
        _step(LOAD, FIRST_ARGUMENT + 8),
        _step(EQUAL, level, 0, len(inner)),
        *inner,
        _step(LOAD, NUMBER),
    ]


def _if_bits(call: int, argument: int, bits: int) -> list[bytes]:
    """Answer EPERM to a call whose argument has all of these bits."""
    return [
        _step(EQUAL, call, 0, 5),
        _step(LOAD, FIRST_ARGUMENT + 8 * argument),
        _step(AND, bits),
        _step(EQUAL, bits, 0, 1),
        _step(RETURN, ERROR | errno.EPERM),
        _step(LOAD, NUMBER),
    ]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
