"""Control groups: who counts, what is counted, and the words where there are none."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from grader.engine.sandbox import Group, Isolation, Limits, groups_for, why_no_groups
from grader.engine.sandbox.limits import MiB

MODULE = sys.modules["grader.engine.sandbox.groups"]
STAT = "anon 5000000\nfile 900000000\nkernel 700000\nsock 30000\nshmem 2000000\nslab_reclaimable 400000\nslab 600000\n"


def group_of(folder: Path) -> Group:
    for name, text in (("cgroup.procs", ""), ("memory.stat", STAT), ("memory.events", "low 0\noom 3\noom_kill 2\n")):
        (folder / name).write_text(text)
    how = {"cgroup.procs": os.O_WRONLY}
    return Group(*(os.open(folder / name, how.get(name, os.O_RDONLY)) for name in ("cgroup.procs", "memory.stat", "memory.events")))


def test_what_the_kernel_can_take_back_and_the_scratch_do_not_count(tmp_path):
    group = group_of(tmp_path)
    try:
        assert group.memory_bytes(scratch=1_500_000) == 5_000_000 + 30_000 + 700_000 - 400_000 + 500_000
        assert group.memory_bytes(scratch=9_000_000) == 5_000_000 + 30_000 + 700_000 - 400_000
        assert group.kills() == 2 and group.join() and (tmp_path / "cgroup.procs").read_text() == "0"
    finally:
        for descriptor in group:
            os.close(descriptor)
    assert not group.join(), "what cannot be done is said, not raised"


def test_an_older_kernel_names_the_parts(tmp_path):
    group = group_of(tmp_path)
    (tmp_path / "memory.stat").write_text("anon 100\nkernel_stack 10\npagetables 20\npercpu 30\nslab 40\nslab_reclaimable 5\nsock 1\nshmem 0\n")
    assert group.memory_bytes(scratch=0) == 100 + 10 + 20 + 30 + 40 - 5 + 1
    for descriptor in group:
        os.close(descriptor)


def test_without_isolation_there_are_none():
    assert groups_for(("student",), Isolation("none")) is None


@pytest.mark.parametrize("controllers, parent_may, says", [
    ("cpu io", True, "no memory controller"), ("cpu memory pids", False, "none may be made"),
])  # fmt: skip
def test_why_none_can_be_made_is_said(tmp_path, monkeypatch, controllers, parent_may, says):
    (tmp_path / "cgroup.controllers").write_text(controllers)
    monkeypatch.setattr(MODULE, "_places", lambda: iter([tmp_path]))
    monkeypatch.setattr(MODULE, "LEAST_LINUX", (5, 0))
    assert says in why_no_groups()  # a plain folder makes no group: cgroup.subtree_control is missing
    assert groups_for(("student",), Isolation()) is None and not list(tmp_path.glob("grader-*"))


def test_an_old_linux_is_said_to_be_too_old(monkeypatch):
    monkeypatch.setattr(MODULE, "LEAST_LINUX", (99, 0))
    assert "older than" in why_no_groups()


@pytest.mark.skipif(bool(why_no_groups()), reason="no control groups of version 2 can be made on this machine")
def test_a_group_is_made_limited_and_removed():
    made = groups_for(("student", "referee"), Isolation())
    folder = made._folder
    made.limit("student", replace(Limits(), memory_bytes=100 * MiB, disk_bytes=50 * MiB))
    assert int((folder / "student" / "memory.max").read_text()) == 150 * MiB + MODULE.BURST_BYTES
    pid = os.fork()
    if pid == 0:
        os._exit(not made.of["student"].join() or "student" not in Path("/proc/self/cgroup").read_text())
    assert os.waitpid(pid, 0)[1] == 0
    made.close()
    deadline = time.monotonic() + 5
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not folder.exists()
