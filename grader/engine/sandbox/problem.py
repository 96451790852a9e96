"""Whether isolation works on this machine, tried for real, and what to do if it does not."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from grader.engine.sandbox.groups import Groups, groups_for
from grader.engine.sandbox.isolation import Isolation
from grader.engine.sandbox.namespaces import is_root
from grader.engine.sandbox.outer import PACKAGE, outer

TRIAL_SECONDS = 30
TRIAL = (
    "import sys; sys.path.insert(0, sys.argv[1]); from grader.engine.sandbox import probe; "
    "probe.main(sys.argv[2:])"
)
SWITCHES = (
    ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0",
     "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
)  # fmt: skip
CONTAINER = (
    "this is a container that may not make namespaces: start it with --privileged, or with "
    "--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined"
)


def problem(isolation: Isolation) -> str:
    """Why isolation cannot work here and what to do, in words; "" if it works.

    Tries it once in a process's life: a room is made, without TensorFlow.
    """
    return ": ".join(filter(None, diagnose(isolation)))


def diagnose(isolation: Isolation) -> tuple[str, str]:
    """`problem` in its two parts: why, and what to do."""
    if isolation.kind == "none":
        return "", ""
    if not sys.platform.startswith("linux"):
        todo = "grade on Linux (a virtual machine will do), or choose isolation none"
        return "submissions are isolated with bubblewrap, which needs Linux", todo
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed", "sudo apt-get install bubblewrap (or with dnf, pacman)"
    if said := "; ".join(filter(None, walls(isolation).values())):
        return f"isolation does not work here ({said})", _remedy()
    return "", ""


@functools.lru_cache
def walls(isolation: Isolation, with_limits: bool = False) -> dict[str, str]:
    """What is wrong with each wall of a room that is made here on trial, "" for what stands.

    The walls are "network", "system" and "processes", also "limits" on demand, or only "room"
    where none can be made. With "limits" comes "counted by": "the kernel", or "the keeper". For bubblewrap, on Linux.
    """
    groups = groups_for(("trial",), isolation)
    try:
        return _tried(isolation, with_limits, groups)
    finally:
        if groups:
            groups.close()


def _tried(isolation: Isolation, with_limits: bool, groups: Groups | None) -> dict[str, str]:
    told = ["group", json.dumps(groups.of["trial"])] if groups else []
    with tempfile.TemporaryDirectory(prefix="grader-trial-") as desk:
        command = [*outer(desk, isolation), sys.executable, "-P", "-S", "-c", TRIAL, str(PACKAGE.parent)]
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        try:
            done = subprocess.run(
                command + ["limits"] * with_limits + told, env=env, pass_fds=groups.descriptors if groups else (), stdin=subprocess.DEVNULL,
                capture_output=True, text=True, errors="replace", timeout=TRIAL_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"room": f"the trial did not end within {TRIAL_SECONDS} s"}
        except OSError as error:
            return {"room": str(error)}
    try:
        return json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines() or [f"the trial ended with exit code {done.returncode}"]
        return {"room": lines[-1][:300]}


def _remedy() -> str:
    if not is_root():
        for file, value, remedy in SWITCHES:
            if _content(file) == value:
                return f"unprivileged user namespaces are switched off: {remedy}"
    if os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv") or _in_container():
        return CONTAINER
    return "bubblewrap 0.5 or later and Linux 5.11 or later are known to work"


def _in_container() -> bool:
    return bool(_content("/run/systemd/container")) or "container" in os.environ


def _content(file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except OSError:
        return ""
