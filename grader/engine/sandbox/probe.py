"""Run behind `outer` by `problem`: makes a room and tries its walls from inside."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

from grader.engine.sandbox.groups import Group
from grader.engine.sandbox.isolation import Isolation
from grader.engine.sandbox.limits import Limits, MiB
from grader.engine.sandbox.spawn import Kept, SpawnFailed, spawn


def main(words: list[str]) -> None:
    """Print as JSON what is wrong with each wall, "" for what stands, or {"room": words}.

    words: "limits" to try those too; "group" and a control group's descriptors as JSON.
    """
    group = Group(*json.loads(words[words.index("group") + 1])) if "group" in words else None
    room = Path("/desk/probe")
    for folder in ("files", "run"):
        (room / folder).mkdir(parents=True)
    try:
        print(json.dumps(try_walls(room) | (try_limits(room, group) if "limits" in words else {})))
    except SpawnFailed as error:
        print(json.dumps({"room": str(error)}))


def try_walls(room: Path) -> dict[str, str]:
    """What a submission could reach and should not."""
    reads, writes = os.pipe()

    def child(bound) -> None:
        bound()
        walls = {"network": network(), "system": system(), "processes": processes()}
        os.write(writes, json.dumps(walls).encode())

    kept = spawn(child, room, Limits(), isolation=Isolation(), keep_open=[writes])
    os.close(writes)
    with open(reads, encoding="utf-8") as said:
        found = said.read()
    end = kept.wait()
    return json.loads(found) if end == (0, "") else {"room": f"the trial room ended with {end}"}


def try_limits(room: Path, group: Group | None) -> dict[str, str]:
    """Break one limit after the other and ask whether it held; and who counted."""

    def take_memory(bound) -> None:
        bound()
        held = []
        while len(held) < 300:
            held.append(b"x" * MiB)
        time.sleep(2)

    def breed(bound) -> None:
        bound()
        for _ in range(20):
            if os.fork() == 0:
                break
        time.sleep(2)

    tight = Limits(memory_bytes=100 * MiB, processes=8)
    for attempt, limit in ((take_memory, "memory"), (breed, "processes")):
        kept: Kept = spawn(attempt, room, tight, isolation=Isolation(), group=group)
        if limit not in kept.wait().reason:
            return {"limits": f"the limit on {limit} does not hold"}
    return {"limits": "", "counted by": "the kernel" if kept.grouped else "the keeper"}


def network() -> str:
    names = [name for _, name in socket.if_nameindex() if name != "lo"]
    return f"it can be seen: {', '.join(names)}" if names else ""


def system() -> str:
    for folder in ("/", "/usr", "/dev", "/desk/run", "/proc/sys/kernel"):
        try:
            Path(folder, "trial").touch()
        except OSError:
            continue
        return f"{folder} can be written to"
    return ""


def processes() -> str:
    """It sees its keeper and itself, and may signal its keeper without effect or not at all."""
    try:
        os.kill(1, 9)
    except PermissionError:
        pass
    count = sum(name.isdigit() for name in os.listdir("/proc"))
    return "" if count == 2 else f"{count} can be seen, 2 are its own"


if __name__ == "__main__":
    main(sys.argv[1:])
