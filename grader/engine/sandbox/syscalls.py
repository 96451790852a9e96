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

# name: (x86_64, aarch64); from the kernel's syscall tables.
FORBIDDEN = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "memfd_secret": (447, 447),
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
CLONE, CLONE3 = (56, 220), (435, 435)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
NEW_NAMESPACE = (
    linux.CLONE_NEWNS | linux.CLONE_NEWCGROUP | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNET
)  # fmt: skip

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, low word
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


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
