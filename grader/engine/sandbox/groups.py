"""Control groups, where this machine lets some be made: the kernel then counts a room's memory, its own for the room included.

Two groups for each warm process, one for a room of each role, made outside of the sandbox. What goes in are descriptors:
a room's process puts itself into its group by one, and its keeper reads by the others what the kernel counted.
Only version 2 of control groups will do, with the controllers memory and pids; see cgroups(7). Elsewhere the keeper counts alone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from grader.engine.sandbox.isolation import Isolation
from grader.engine.sandbox.limits import Limits, MiB

PREFIX = "grader-"
CONTROLLERS = {"memory", "pids"}
# Who opened the file decides who may move a process with it, not who writes to it: Linux 5.16.
LEAST_LINUX = (5, 16)
BURST_BYTES = 64 * MiB
GONE_SECONDS = 2.0


class Group(NamedTuple):
    """A room's control group, as its keeper has it: descriptors of cgroup.procs, memory.stat and memory.events."""

    procs: int
    stat: int
    events: int

    def join(self) -> bool:
        """Put the calling process into it; whether that went well."""
        try:
            os.write(self.procs, b"0")
            return True
        except OSError:
            return False

    def memory_bytes(self, scratch: int) -> int:
        """What the kernel counts for it that can be given to nobody else. scratch: what its scratch, which has a limit of its own, holds."""
        found = _fields(os.pread(self.stat, 16_384, 0))
        kernel = found.get("kernel")
        if kernel is None:  # before Linux 5.18
            kernel = sum(found.get(part, 0) for part in ("kernel_stack", "pagetables", "percpu", "slab"))
        return (
            found.get("anon", 0) + found.get("sock", 0) + kernel - found.get("slab_reclaimable", 0)
            + max(0, found.get("shmem", 0) - scratch)
        )  # fmt: skip

    def kills(self) -> int:
        """How often the kernel has ended processes of it for their memory."""
        return _fields(os.pread(self.events, 4096, 0)).get("oom_kill", 0)


class Groups:
    """The groups of one warm process: `of` gives the descriptors for each role, `limit` sets what a room may use, `close` removes them."""

    def __init__(self, roles: tuple[str, ...]):
        """Raises OSError where none can be made, with the reason."""
        self._folder = _make()
        self._open: list[int] = []
        self.of: dict[str, Group] = {}
        try:
            for role in roles:
                folder = self._folder / role
                folder.mkdir()
                files = (("cgroup.procs", os.O_WRONLY), ("memory.stat", os.O_RDONLY), ("memory.events", os.O_RDONLY))
                opened = [os.open(folder / name, how | os.O_CLOEXEC) for name, how in files]
                self._open += opened
                self.of[role] = Group(*opened)
                self.limit(role, Limits())
        except OSError:
            self.close()
            raise

    @property
    def descriptors(self) -> list[int]:
        return list(self._open)

    def limit(self, role: str, limits: Limits) -> None:
        """Set what the next room of this role may use. A limit's reason is the keeper's to give, so the kernel's is a little higher."""
        folder = self._folder / role
        most = limits.memory_bytes + limits.disk_bytes + BURST_BYTES
        wanted = {"memory.max": most, "memory.swap.max": 0, "memory.oom.group": 1, "pids.max": limits.processes + most_threads()}
        for name, value in wanted.items():
            try:
                (folder / name).write_text(str(value))
            except FileNotFoundError:  # there is no swap here
                if name != "memory.swap.max":
                    raise

    def close(self) -> None:
        for descriptor in self._open:
            os.close(descriptor)
        self._open, self.of = [], {}
        _remove(self._folder, time.monotonic() + GONE_SECONDS)


def groups_for(roles: tuple[str, ...], isolation: Isolation) -> Groups | None:
    """Make the groups of a warm process; None where this machine lets none be made, or nothing is isolated."""
    if isolation.kind == "none":
        return None
    try:
        return Groups(roles)
    except OSError:
        return None


def most_threads() -> int:
    """How many threads TensorFlow may start beside the processes: its pools grow with the cores."""
    return 64 * max(4, os.cpu_count() or 1)


def why_no_groups() -> str:
    """Why no control groups can be made here, in words; "" if they can. Makes one on trial."""
    try:
        Groups(("trial",)).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


_numbers = count(1)


def _make() -> Path:
    """A new group below which others can be made, each with both controllers. Raises OSError."""
    if tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2]) < LEAST_LINUX:
        raise OSError(0, "Linux is older than 5.16")
    problem = "no control groups of version 2 are mounted"
    for parent in _places():
        try:
            _remove_abandoned(parent)
            if not CONTROLLERS <= set((parent / "cgroup.controllers").read_text().split()):
                problem = "version 2 of control groups has no memory controller here"
                continue
            _enable(parent)
            made = parent / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
            made.mkdir()
            try:
                _enable(made)
                os.close(os.open(parent / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC))  # needed to move what is above into what is below
            except OSError:
                made.rmdir()
                raise
            return made
        except OSError as error:
            problem = f"none may be made beside the one that the grader runs in: {os.strerror(error.errno)}"
    raise OSError(0, problem)


def _places() -> Iterator[Path]:
    """The folders to try: of the group that this process is in, and of those above it, as far as they can be seen."""
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    own = next((line.removeprefix("0::") for line in lines if line.startswith("0::")), None)
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        root, mounted = before.split()[3:5]
        if after.split()[0] == "cgroup2" and own and root == "/":
            here = Path(mounted) / own.strip("/")
            yield from [folder for folder in (here, *here.parents) if folder.is_relative_to(mounted)]


def _enable(folder: Path) -> None:
    """Have both controllers in the groups below this one. Raises OSError where that may not be, as in a group that holds processes."""
    enabled = set((folder / "cgroup.subtree_control").read_text().split())
    if not CONTROLLERS <= enabled:
        (folder / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in sorted(CONTROLLERS - enabled)))


def _remove_abandoned(parent: Path) -> None:
    """Remove the groups that a killed grader left."""
    for folder in parent.glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            _remove(folder, 0.0)


def _remove(folder: Path, deadline: float) -> None:
    """Remove a group and those in it; it stays if it holds a process until then."""
    while True:
        try:
            for inner in [*folder.glob("*/"), folder]:
                inner.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() >= deadline:
                return
            time.sleep(0.01)


def _fields(text: bytes) -> dict[str, int]:
    return {name.decode(): int(value) for name, value in (line.split()[:2] for line in text.splitlines() if line.count(b" ") == 1)}
