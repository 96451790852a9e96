"""Measures what all processes of a room use together, from the keeper's own /proc."""

from __future__ import annotations

import os
import resource
import time
from typing import NamedTuple

PAGE = os.sysconf("SC_PAGE_SIZE")
# A process may forbid that its descriptors be looked at (prctl PR_SET_DUMPABLE): it has the most then.
HIDDEN_DESCRIPTORS = 1024
# What a socket can hold at most that counts for no process: the data on their way from it, and its options.
SOCKET_BYTES = 212_992 + 131_072
TICKS = os.sysconf("SC_CLK_TCK")
# An exact count of memory walks all page tables, so it may take this part of the time at most.
EXACT_SHARE = 0.05


class Process(NamedTuple):
    """One process, as /proc tells it; see proc(5)."""

    pid: int
    started: int
    resident_bytes: int
    table_bytes: int  # page tables: an untouched page of zeros costs nothing but its entry
    faults: int  # pages that it has touched for the first time
    own_ticks: int
    children_ticks: int  # of those that ended and that it waited for
    descriptors: int

    @property
    def memory_bytes(self) -> int:
        """What it holds at most."""
        return self.resident_bytes + self.table_bytes


def processes() -> list[Process]:
    """Every process of this pid namespace but its first, the caller."""
    found = (_look(int(name)) for name in os.listdir("/proc") if name.isdigit() and name != "1")
    return [process for process in found if process]


def sockets() -> int:
    """How many sockets there are in the room's network, also those whose descriptors are themselves on their way through a socket."""
    return int(_read("/proc/net/sockstat").split(maxsplit=3)[2])


def _look(pid: int) -> Process | None:
    """None if it ended meanwhile."""
    try:
        folder, fields = f"/proc/{pid}", _stat(f"/proc/{pid}")
        if fields[0] == b"Z" and int(fields[17]) > 1:  # its first thread has ended; the others hold memory and descriptors on
            folder = next((task for task in _tasks(pid) if _stat(task)[0] != b"Z"), folder)
            fields = _stat(folder)
        tables = 0
        for line in _read(f"{folder}/status").splitlines():
            if line.startswith(b"VmPTE:"):
                tables = int(line.split()[1]) * 1024
        is_ending = fields[20] == b"0"  # it holds no memory any more
        descriptors = 0 if is_ending else _descriptors(folder)
    except (FileNotFoundError, ProcessLookupError):
        return None
    minor, major = int(fields[7]), int(fields[9])
    user, system, children_user, children_system = (int(field) for field in fields[11:15])
    return Process(
        pid=pid,
        started=int(fields[19]),
        resident_bytes=int(fields[21]) * PAGE,
        table_bytes=tables,
        faults=minor + major,
        own_ticks=user + system,
        children_ticks=children_user + children_system,
        descriptors=descriptors,
    )


def _stat(folder: str) -> list[bytes]:
    # A process chooses its own name, parentheses and all: it ends at the last one.
    return _read(f"{folder}/stat").rpartition(b") ")[2].split()


def _tasks(pid: int) -> list[str]:
    return [f"/proc/{pid}/task/{task}" for task in os.listdir(f"/proc/{pid}/task")]


def _descriptors(folder: str) -> int:
    try:
        return len(os.listdir(f"{folder}/fd"))
    except PermissionError:
        return HIDDEN_DESCRIPTORS


class CpuMeter:
    """Counts CPU seconds of all processes, also of those that have ended.

    Two counts, because each alone can be dodged: the kernel's for children that were waited
    for, and the sum over every process that was ever seen.
    """

    def __init__(self):
        self._seen: dict[tuple[int, int], int] = {}
        self._ended = 0

    def seconds(self, now: list[Process]) -> float:
        waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
        kernel = waited_for.ru_utime + waited_for.ru_stime
        kernel += sum(process.own_ticks + process.children_ticks for process in now) / TICKS

        alive = {(process.pid, process.started): process.own_ticks for process in now}
        self._ended += sum(ticks for key, ticks in self._seen.items() if key not in alive)
        self._seen = alive
        return max(kernel, (self._ended + sum(alive.values())) / TICKS)


class MemoryMeter:
    """Tells whether all processes together hold more than a limit, shared pages counted once.

    The sum of resident sizes is cheap and too high, because forks share pages. Only where it is
    over the limit are shares counted exactly (PSS), and again only once that count could be over:
    memory grows by resident pages or by pages touched (a shared page that is written to is copied).
    """

    def __init__(self, limit: int):
        self._limit = limit
        self._exact = 0
        self._at: dict[tuple[int, int], Process] = {}
        self._next = 0.0

    def is_over(self, now: list[Process], beside: int = 0) -> bool:
        """beside: what is held for them that is seen at no process."""
        limit = self._limit - beside
        if sum(process.memory_bytes for process in now) <= limit:
            return False
        if self._exact + self._growth(now) <= limit and time.monotonic() < self._next:
            return False
        began = time.monotonic()
        self._exact = sum(_proportional(process) for process in now)
        self._at = {(process.pid, process.started): process for process in now}
        ended = time.monotonic()
        self._next = ended + (ended - began) / EXACT_SHARE
        return self._exact > limit

    def _growth(self, now: list[Process]) -> int:
        growth = 0
        for process in now:
            before = self._at.get((process.pid, process.started))
            if before is None:
                growth += process.memory_bytes
            else:
                growth += max(0, process.memory_bytes - before.memory_bytes)
                growth += (process.faults - before.faults) * PAGE
        return growth


def _proportional(process: Process) -> int:
    """Its share of memory, in bytes; all of it if the process forbids to look; 0 if it has ended."""
    try:
        for line in _read(f"/proc/{process.pid}/smaps_rollup").splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024 + process.table_bytes
        if _stat(f"/proc/{process.pid}")[0] == b"Z":
            return process.memory_bytes  # without its first thread nothing says what it shares
    except PermissionError:
        return process.memory_bytes
    except (FileNotFoundError, ProcessLookupError):
        return process.memory_bytes if os.path.exists(f"/proc/{process.pid}") and len(_tasks(process.pid)) > 1 else 0
    return 0


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 16_384)
    finally:
        os.close(file)
