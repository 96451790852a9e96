"""What the process of a room gives up for good before it runs a line of a submission."""

from __future__ import annotations

import os
import resource
import secrets
import signal

from grader.engine.sandbox import groups, linux, namespaces, syscalls
from grader.engine.sandbox.limits import Limits

NOBODY = 65534
# As root each room has a user of its own, a number beyond those that systems and containers give away: pipes, watches and
# messages on their way are counted by user. Inside it is nobody.
FIRST_OWN, OWN = 1_900_000_000, 240_000_000
OPEN_FILES = 1024
PENDING_SIGNALS = 1024
ADDRESS_SPACE = 64 * 1024**3


def own_user() -> int:
    """A user for a room that no other process has; nobody where this machine's root may not be just anyone."""
    with open("/proc/self/uid_map") as file:
        ranges = [[int(part) for part in line.split()] for line in file]
    chosen = FIRST_OWN + secrets.randbelow(OWN)
    return chosen if any(first <= chosen < first + length for first, _, length in ranges) else NOBODY


def confine(limits: Limits, gpu: bool, user: int | None) -> None:
    """Drop user, capabilities and system calls, and set limits. Raises OSError: then nothing may run.

    user: whom to become, as root; None to stay who one is.

    Follows capabilities(7), setrlimit(2), seccomp(2) and, for the order, bubblewrap's own.
    """
    if user is not None:
        linux.drop_bounding_set()
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)
    # Best effort: what it keeps out, the filter of system calls does as well.
    own_namespace = namespaces.lock_user_namespaces(NOBODY if user is not None else os.getuid())
    if own_namespace or user is None:
        linux.drop_bounding_set()
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.drop_capabilities()
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # should memory run out, this goes first, not the grader
    os.umask(0o022)
    _set_limits(limits, gpu, own_namespace and _kernel() >= (5, 14) or user not in (None, NOBODY))
    syscalls.forbid(gpu)


def _set_limits(limits: Limits, gpu: bool, own_count: bool) -> None:
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: PENDING_SIGNALS,  # timers too, which else are counted for one user of all rooms
        resource.RLIMIT_MEMLOCK: resource.RLIM_INFINITY if gpu else 64 * 1024,
        # The keeper counts for the whole room and says why. This is for one process, a little later.
        resource.RLIMIT_CPU: int(limits.cpu_seconds) + 5,
    }
    if not gpu:  # CUDA reserves address space by the terabyte
        wanted[resource.RLIMIT_AS] = ADDRESS_SPACE + limits.memory_bytes
    if own_count:
        wanted[resource.RLIMIT_NPROC] = limits.processes + groups.most_threads()
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        if hard != resource.RLIM_INFINITY and (value == resource.RLIM_INFINITY or value > hard):
            value = hard
        resource.setrlimit(which, (value, value))


def _kernel() -> tuple[int, ...]:
    """The version of Linux; since 5.14 RLIMIT_NPROC counts by user namespace."""
    return tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])


def close_descriptors(kept: set[int]) -> None:
    """Close every descriptor but `kept`; standard input, output and error become /dev/null."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        if stream not in kept:
            os.dup2(nowhere, stream)
    for descriptor in map(int, os.listdir("/dev/fd")):
        if descriptor > 2 and descriptor not in kept:
            try:
                os.close(descriptor)
            except OSError:
                pass  # the one that listed them


def plain_signals() -> None:
    """Every signal as a fresh process has it, and none blocked."""
    signal.set_wakeup_fd(-1)
    for signum in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if signum in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores these and raises OSError
            signal.signal(signum, signal.SIG_IGN)
        elif signum < getattr(signal, "SIGRTMIN", 64):
            signal.signal(signum, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
