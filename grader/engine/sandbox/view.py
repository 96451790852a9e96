"""What the process of a room sees of the disk: a scratch of its own in memory, and nothing else to write to."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path

from grader.engine.sandbox import linux, numbers
from grader.engine.sandbox.limits import Limits

BUILD = "/dev/shm"  # where the scratch is put together, before it covers the desk it is copied from
RUN = "/desk/run"
PLAIN = linux.MS_NOSUID | linux.MS_NODEV
# Files and folders that a submission may make; each costs the kernel about a kilobyte.
INODES = 50_000
TERMINALS = 32


def lay(room: str, limits: Limits, owner: int | None) -> None:
    """Mount the room's own /desk, /tmp, /dev/shm and /proc. For the keeper, as pid 1.

    room: the folder whose files/ are copied into the scratch and whose run/ is let in.
    owner: the number of the user, and group, to give everything to; None leaves it to the present user.
    Raises OSError.
    """
    linux.mount("none", "/", flags=linux.MS_PRIVATE | linux.MS_REC)
    files = Path(room, "files")
    size, count = _measure(files)
    options = f"size={limits.disk_bytes + size},nr_inodes={INODES + count},mode=755"
    linux.mount("scratch", BUILD, "tmpfs", PLAIN, options)

    shutil.copytree(files, f"{BUILD}/work", copy_function=shutil.copyfile)
    for name, mode in (("home", 0o700), ("tmp", 0o1777), ("shm", 0o1777), ("run", 0o755)):
        os.mkdir(f"{BUILD}/{name}")
        os.chmod(f"{BUILD}/{name}", mode)
    if owner:
        for folder in ("work", "home", "tmp", "shm"):
            _give(f"{BUILD}/{folder}", owner)
        _give(os.path.join(room, "run"), owner)

    # Below the run folder lies an empty one that cannot be written: what is left when it goes.
    linux.mount("nothing", f"{BUILD}/run", "tmpfs", PLAIN | linux.MS_RDONLY, "size=4k,mode=555")
    linux.mount(os.path.join(room, "run"), f"{BUILD}/run", flags=linux.MS_BIND)
    linux.mount(BUILD, "/desk", flags=linux.MS_MOVE)
    _keep_what_is_in_tmp()
    linux.mount("/desk/tmp", "/tmp", flags=linux.MS_BIND | linux.MS_REC)
    linux.mount("/desk/shm", "/dev/shm", flags=linux.MS_BIND)
    linux.mount("proc", "/proc", "proc", PLAIN | linux.MS_NOEXEC)
    _cover(numbers.still(), numbers.NOTHING)
    linux.mount("devpts", "/dev/pts", "devpts", linux.MS_NOSUID | linux.MS_NOEXEC, f"newinstance,ptmxmode=0666,mode=620,max={TERMINALS}")
    linux.mount("/dev/full", "/dev/zero", flags=linux.MS_BIND)  # it reads the same, and no memory can be shared by it
    os.chdir("/desk/work")


def _cover(still: dict[str, str], nothing: tuple[str, ...]) -> None:
    """Cover files of /proc: by what is given for them, or by nothing."""
    for name, content in still.items():
        with open("/desk/still", "w", encoding="ascii") as file:
            file.write(content)
        os.chmod("/desk/still", 0o444)
        linux.mount("/desk/still", f"/proc/{name}", flags=linux.MS_BIND)
        os.unlink("/desk/still")  # it goes on below /proc
    for name in nothing:
        if os.path.exists(f"/proc/{name}"):
            linux.mount("/dev/null", f"/proc/{name}", flags=linux.MS_BIND)


def scratch_bytes() -> int:
    """How much the scratch holds, which is memory too."""
    scratch = os.statvfs("/desk")
    return (scratch.f_blocks - scratch.f_bfree) * scratch.f_frsize


def close_run() -> None:
    """Take the run folder away. Sockets that are bound in it go on working."""
    linux.unmount(RUN)


def _keep_what_is_in_tmp() -> None:
    """Let in again what the outer sandbox shows below /tmp: a course or a Python may be installed there."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        # The fifth field; blanks and backslashes are written as \\040 and the like, see proc(5).
        escaped = [line.split()[4] for line in file]
    points = sorted(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), one) for one in escaped)
    kept: list[str] = []
    for point in points:
        if point.startswith("/tmp/") and not any(point.startswith(f"{one}/") for one in kept):
            kept.append(point)
            inside = f"/desk{point}"
            os.makedirs(inside, exist_ok=True)
            linux.mount(point, inside, flags=linux.MS_BIND | linux.MS_REC)


def _measure(folder: Path) -> tuple[int, int]:
    """Bytes, in whole pages, and number of everything below `folder`. ValueError unless plain files."""
    page = os.sysconf("SC_PAGE_SIZE")
    size = count = 0
    for parent, folders, names in os.walk(folder):
        for name in folders + names:
            status = os.lstat(os.path.join(parent, name))
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                raise ValueError(f"{name!r} is neither a file nor a folder")
            size += -(-status.st_size // page) * page
            count += 1
    return size, count


def _give(folder: str, owner: int) -> None:
    os.chown(folder, owner, owner)
    for parent, folders, names in os.walk(folder):
        for name in folders + names:
            os.chown(os.path.join(parent, name), owner, owner, follow_symlinks=False)
