"""The outer sandbox: the bubblewrap command in front of the warm process."""

from __future__ import annotations

import json
import os
import site
import sys
from collections.abc import Mapping
from glob import glob
from pathlib import Path

from grader.engine.sandbox.isolation import Isolation
from grader.engine.sandbox.namespaces import is_root

PACKAGE = Path(__file__).resolve().parents[2]
ETC = Path(__file__).parent / "etc"

# Of the machine's own /etc; its users, its network and its keys stay outside.
ETC_FILES = ("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts")
# nbgrader's default, inside /usr: what all students handed in.
EXCHANGE = "/usr/local/share/nbgrader"
SYSTEM_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
# What of an environment Python needs, where it shares its folder with other things.
PARTS_OF_PYTHON = ("bin", "lib", "lib64", "share", "pyvenv.cfg")
# For the keepers: to mount, to become nobody, and to look after processes of that user.
CAPABILITIES = (
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_SETGID", "CAP_SETPCAP",
    "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE",
)  # fmt: skip
GPU_DEVICES = ("/dev/nvidia*", "/dev/nvidia-caps", "/dev/dri", "/dev/dxg")
GPU_FOLDERS = (
    "/sys/bus/pci", "/sys/devices/pci*", "/sys/devices/system", "/sys/module/nvidia*",
    "/sys/class/drm",
)  # fmt: skip


def outer(
    desk: str | os.PathLike[str],
    isolation: Isolation,
    *,
    environment: Mapping[str, str] = os.environ,
    status: int | None = None,
) -> list[str]:
    """The words to put before `python -P warm_server.py …`; [] without isolation.

    Inside, `desk` is at /desk and is all that can be written to; Python, the grader's package
    and the course's data are where they are outside, read-only; there is no network.

    environment: the environment of the command, for RNN_COURSE_DATA.
    status: a descriptor for bubblewrap to write to; see `inner_pid`.

    See bwrap(1). --die-with-parent is not used: it means the parent's thread.
    """
    if isolation.kind == "none":
        return []
    words = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--new-session", "--hostname", "grader"]
    if is_root():
        words += ["--cap-drop", "ALL"]
        for capability in CAPABILITIES:
            words += ["--cap-add", capability]
    else:
        words += ["--unshare-user"]
    if status is not None:
        words += ["--json-status-fd", str(status)]
    shown = _system() + _readable(_data(environment))
    words += _parents(shown) + shown
    words += ["--proc", "/proc", "--dev", "/dev"]
    if isolation.gpu:
        for device in _existing(GPU_DEVICES):
            words += ["--dev-bind", device, device]
        for folder in _existing(GPU_FOLDERS):
            words += ["--ro-bind", folder, folder]
    words += ["--dir", "/tmp", "--bind", os.fspath(desk), "/desk", "--chdir", "/desk"]
    return words + ["--remount-ro", "/dev", "--remount-ro", "/", "--"]


def inner_pid(status: int) -> int:
    """The pid, on this machine, of the sandbox's first process, read from `status`.

    SIGKILL to it ends everything in the sandbox; to bubblewrap itself it would not. 0 if
    bubblewrap could not start.
    """
    with open(status, encoding="utf-8", closefd=False) as lines:
        for line in lines:
            pid = json.loads(line).get("child-pid")
            if pid:
                return pid
    return 0


def _system() -> list[str]:
    words = ["--ro-bind", "/usr", "/usr"]
    for name in SYSTEM_LINKS:
        path = f"/{name}"
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            words += ["--ro-bind", path, path]
    for name in ETC_FILES:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for file in sorted(ETC.iterdir()):
        words += ["--ro-bind", str(file), f"/etc/{file.name}"]
    return words


def _readable(data: Path | None) -> list[str]:
    """Python, its packages, ours and the data, and a cover over any course folder among them."""
    trees = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    trees |= {os.path.dirname(os.path.dirname(os.path.realpath(sys.executable)))}
    trees |= set(site.getsitepackages()) | {str(PACKAGE)} | ({str(data)} if data else set())
    trees |= {os.path.realpath(tree) for tree in trees}
    courses = _course_folders(data)
    for tree in trees & (courses | {os.path.expanduser("~")}):  # python -m venv . does that
        trees.remove(tree)
        trees |= {os.path.join(tree, part) for part in PARTS_OF_PYTHON}
    wanted = {tree: "--ro-bind" for tree in trees if os.path.exists(tree) and tree != "/"}
    for course in courses:
        if any(_is_below(course, tree) for tree in (*wanted, "/usr")) and course not in wanted:
            wanted[course] = "--tmpfs"

    words: list[str] = []
    shown = ["/usr"]
    for tree in sorted(wanted):  # what holds another comes before it
        if wanted[tree] == "--tmpfs":
            words += ["--tmpfs", tree]
        elif not any(_is_below(tree, other) for other in shown) or _is_covered(tree, wanted):
            words += ["--ro-bind", tree, tree]
            shown.append(tree)
    return words + [
        word for tree, how in wanted.items() if how == "--tmpfs" for word in ("--remount-ro", tree)
    ]


def _course_folders(data: Path | None) -> set[str]:
    """The folders known here that hold solutions, submissions or a gradebook."""
    candidates = {PACKAGE.parent, Path.cwd(), Path(EXCHANGE)} | ({data.parent} if data else set())
    secret = ("lessons", "solutions", "submitted", "gradebook.db", "nbgrader_config.py", "exchange")
    return {
        str(folder) for folder in candidates if any((folder / name).exists() for name in secret)
    }


def _parents(words: list[str]) -> list[str]:
    """Make the folders above what is shown, for everyone to pass: bubblewrap makes them for root alone."""
    targets = [words[index + 2] for index, word in enumerate(words) if word == "--ro-bind"]
    parents = {str(folder) for target in targets for folder in Path(target).parents} - {"/"}
    return [word for folder in sorted(parents) for word in ("--perms", "0755", "--dir", folder)]


def _is_covered(tree: str, wanted: Mapping[str, str]) -> bool:
    return any(how == "--tmpfs" and _is_below(tree, cover) for cover, how in wanted.items())


def _is_below(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def _data(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("RNN_COURSE_DATA")
    folder = Path(named) if named else PACKAGE.parent / "data"
    return folder.resolve() if folder.is_dir() else None


def _existing(patterns: tuple[str, ...]) -> list[str]:
    return sorted(path for pattern in patterns for path in glob(pattern))
