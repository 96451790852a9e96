"""New namespaces for one room, entered between two forks."""

from __future__ import annotations

import os

from grader.engine.sandbox import linux

OWN = (
    linux.CLONE_NEWNS
    | linux.CLONE_NEWPID
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWNET
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWCGROUP
)


def is_root() -> bool:
    """Whether this process may mount and unshare without a user namespace of its own."""
    CAP_SYS_ADMIN = 21
    if os.geteuid() != 0:
        return False
    with open("/proc/self/status") as file:
        effective = next(line for line in file if line.startswith("CapEff:"))
    return bool(int(effective.split()[1], 16) & (1 << CAP_SYS_ADMIN))


def enter() -> None:
    """Leave the namespaces of the parent. The next fork is pid 1 of the new ones.

    Raises OSError where the machine does not allow it, or the process has several threads.
    """
    if is_root():
        # Where bubblewrap ran as root it covers /proc/sys, and a user namespace below would not
        # be let mount a /proc of its own: so the keeper stays root, and its child does not.
        linux.unshare(OWN)
    else:
        uid, gid = os.getuid(), os.getgid()
        linux.unshare(OWN | linux.CLONE_NEWUSER)
        map_only(uid, gid)


def lock_user_namespaces(inside: int) -> bool:
    """Enter a user namespace below which none can be made; False where the machine forbids it.

    inside: the number that its user, and group, has in it.
    RLIMIT_NPROC then counts this room's processes only (Linux 5.14). Raises OSError.
    """
    uid, gid = os.getuid(), os.getgid()
    try:
        linux.unshare(linux.CLONE_NEWUSER)
    except OSError:
        return False
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # else its own /proc/self belongs to root
    map_only(uid, gid, inside)
    _write("/proc/sys/user/max_user_namespaces", "0")
    return True


def map_only(uid: int, gid: int, inside: int | None = None) -> None:
    """Map one user and one group to themselves, or to the number `inside`, in the user namespace just entered; user_namespaces(7)."""
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid if inside is None else inside} {uid} 1")
    _write("/proc/self/gid_map", f"{gid if inside is None else inside} {gid} 1")


def _write(path: str, text: str) -> None:
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)
