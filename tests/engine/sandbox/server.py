"""Stands in for the warm process: spawns rooms that run a piece of Python, and answers JSON lines.

    {"do": "start", "room", "code", "limits"}  ->  {"pid": 5} or {"failed": words}
    {"do": "end", "pid", "seconds"}            ->  {"code", "reason", "said", "left"}
    {"do": "signal", "pid", "signum"}          ->  {}

`said` is what the code printed, `left` the processes that there still are beside this one, once no room runs.
"""

import json
import os
import select
import socket
import sys
import time

sys.path.insert(0, sys.argv[2])

from grader.engine.sandbox import Isolation, Limits, SpawnFailed, spawn  # noqa: E402

ISOLATION = Isolation(sys.argv[3])
rooms = {}


def start(room, code, limits):
    os.makedirs(f"{room}/run", exist_ok=True)
    reads, writes = os.pipe()

    def child(bound):
        os.environ.clear()
        sys.stdout = sys.stderr = open(writes, "w", buffering=1)
        names = {"bound": bound}
        if "bound()" not in code:
            bound()
        exec(compile(code, "submission", "exec"), names)

    try:
        kept = spawn(child, room, Limits(**limits), isolation=ISOLATION, keep_open=[writes])
    except SpawnFailed as error:
        os.close(reads)
        return {"failed": str(error)}
    finally:
        os.close(writes)
    rooms[kept.pid] = kept, reads
    return {"pid": kept.pid}


def end(pid, seconds):
    kept, reads = rooms.pop(pid)
    said, deadline, late = b"", time.monotonic() + seconds, False
    while True:
        left = deadline - time.monotonic()
        late = late or left <= 0 or not select.select([reads], [], [], left)[0]
        if late:
            kept.kill()
        data = os.read(reads, 65536)
        if not data:
            break
        said += data
    os.close(reads)
    code, reason = kept.wait()
    others = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    others = [pid for pid in others if pid not in (1, os.getpid()) and not rooms]
    told = said.decode(errors="replace")
    return {"code": code, "reason": reason, "said": told, "left": [open(f"/proc/{o}/status").read()[:150] for o in others], "late": late}


def main(channel):
    with channel.makefile("r") as requests:
        for line in requests:
            request = json.loads(line)
            do = request.pop("do")
            if do == "start":
                answer = start(**request)
            elif do == "end":
                answer = end(**request)
            else:
                rooms[request["pid"]][0].signal(request["signum"])
                answer = {}
            channel.sendall(json.dumps(answer).encode() + b"\n")


main(socket.socket(fileno=int(sys.argv[1])))
