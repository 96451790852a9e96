"""Run behind `outer` by `problem`: make one room and tell whether its walls stand."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from grader.engine.sandbox.isolation import Isolation
from grader.engine.sandbox.limits import Limits
from grader.engine.sandbox.spawn import SpawnFailed, spawn

GOOD = "the walls stand"


def main() -> None:
    """Print GOOD, or one line on what is wrong."""
    room = Path("/desk/probe")
    for folder in ("files", "run"):
        (room / folder).mkdir(parents=True)
    reads, writes = os.pipe()

    def child(bound) -> None:
        bound()
        os.write(writes, "; ".join(holes()).encode())

    try:
        kept = spawn(child, room, Limits(), isolation=Isolation(), keep_open=[writes])
    except SpawnFailed as error:
        print(error)
        return
    os.close(writes)
    with open(reads, encoding="utf-8") as said:
        found = said.read()
    end = kept.wait()
    print(found or (GOOD if end == (0, "") else f"the trial room ended with {end}"))


def holes() -> list[str]:
    """What a submission in here could reach and should not."""
    found = []
    names = [name for _, name in socket.if_nameindex()]
    if names not in ([], ["lo"]):
        found.append(f"the network is there: {', '.join(names)}")
    if sum(name.isdigit() for name in os.listdir("/proc")) > 2:
        found.append("other processes can be seen")
    for folder in ("/", "/usr", "/dev", "/desk/run", "/proc/sys/kernel"):
        if os.access(folder, os.W_OK):
            try:
                Path(folder, "trial").touch()
                found.append(f"{folder} can be written to")
            except OSError:
                pass
    try:
        os.kill(1, 9)  # its keeper: without effect, or not permitted
    except PermissionError:
        pass
    return found


if __name__ == "__main__":
    sys.exit(main())
