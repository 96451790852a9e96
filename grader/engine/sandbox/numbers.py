"""What /proc tells of the whole machine from moment to moment, and what a room is told in its place.

By a number that one room can change and another can read, the two can talk: how much memory is free, how many files are open.
"""

from __future__ import annotations

import os

# Covered by an empty file.
NOTHING = (
    "buddyinfo", "cgroups", "diskstats", "interrupts", "key-users", "keys", "locks", "pagetypeinfo", "sched_debug", "schedstat", "slabinfo",
    "softirqs", "swaps", "timer_list", "vmallocinfo", "zoneinfo", "pressure/cpu", "pressure/io", "pressure/irq", "pressure/memory",
    "sys/fs/aio-nr", "sys/fs/dentry-state", "sys/fs/file-nr", "sys/fs/inode-nr", "sys/fs/inode-state", "sys/kernel/pty/nr",
)  # fmt: skip
_MEMORY = "Buffers Cached SwapCached Active Inactive SwapTotal SwapFree Shmem Slab SReclaimable SUnreclaim".split()


def still() -> dict[str, str]:
    """What stands in the files that programs read, as of a machine on which nothing else happens."""
    total, booted = _first("meminfo", "MemTotal:"), _first("stat", "btime")
    idle = " ".join("0" * 10)
    cores = "".join(f"cpu{core} {idle}\n" for core in range(os.cpu_count() or 1))
    return {
        "meminfo": "".join(f"{name + ':':<15} {kilobytes} kB\n" for name, kilobytes in [
            ("MemTotal", total), ("MemFree", total), ("MemAvailable", total), *((name, 0) for name in _MEMORY),
        ]),
        "stat": f"cpu  {idle}\n{cores}intr 0\nctxt 0\nbtime {booted}\nprocesses 1\nprocs_running 1\nprocs_blocked 0\nsoftirq 0\n",
        "vmstat": "nr_free_pages 0\npswpin 0\npswpout 0\n",
        "loadavg": "0.00 0.00 0.00 1/1 1\n",
        "uptime": "1.00 0.00\n",
    }  # fmt: skip


def _first(file: str, name: str) -> int:
    """The number that a line of a file of /proc begins with."""
    with open(f"/proc/{file}", encoding="ascii") as lines:
        return next((int(line.split()[1]) for line in lines if line.split()[:1] == [name]), 0)
