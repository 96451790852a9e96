"""Measure what one room can tell another by timing alone: through the page cache, and by how busy the machine is.

    python benchmarks/page_cache.py

A first room reads some pages of files that nobody has read, one bit a page, and ends; a second one feels which are in memory.
Then one room computes or rests, a bit each 50 ms, while another measures its own speed. Both need bubblewrap; only the bits that
came over right are told. Files are put out of memory beforehand from outside, as a page that nobody had read yet would be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from grader.engine.sandbox import Isolation, outer

HERE = Path(__file__).resolve().parents[1]
BITS = 2048
ROOM = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
from grader.engine.sandbox import Isolation, Limits, spawn
task = json.loads(sys.argv[2])

PAGES = '''
def pages(files):
    import mmap
    for path, size in files:
        area = mmap.mmap(os.open(path, os.O_RDONLY), size, prot=mmap.PROT_READ)
        area.madvise(mmap.MADV_RANDOM)
        for at in range(0, size - 4095, 4096):
            yield area, at
'''
exec(PAGES)

def send(bound):
    bound()
    for bit, (area, at) in zip(task["bits"], pages(task["files"])):
        if bit:
            area[at]

def feel(bound):
    bound()
    took = []
    for _, (area, at) in zip(task["bits"], pages(task["files"])):
        began = time.perf_counter_ns()
        area[at]
        took.append(time.perf_counter_ns() - began)
    os.write(writes, json.dumps(took).encode())

def work(bound):
    bound()
    for _ in range(os.cpu_count() - 1):
        if os.fork() == 0:
            break
    for number, bit in enumerate(task["bits"]):
        while time.time() < task["at"] + .05 * (number + 1):
            if not bit:
                time.sleep(.002)

def measure(bound):
    bound()
    done = []
    for number in range(len(task["bits"])):
        while time.time() < task["at"] + .05 * number:
            pass
        count = 0
        while time.time() < task["at"] + .05 * (number + .9):
            count += 1
        done.append(count)
    os.write(writes, json.dumps(done).encode())

reads, writes = os.pipe()
os.makedirs("/desk/a/files"); os.makedirs("/desk/a/run")
kept = spawn(globals()[task["do"]], "/desk/a", Limits(), isolation=Isolation(), keep_open=[writes])
os.close(writes)
print(os.fdopen(reads).read() or "null")
kept.wait()
"""


def room(do: str, **task) -> subprocess.Popen:
    desk = tempfile.mkdtemp(prefix="grader-bench-")
    command = [*outer(desk, Isolation()), sys.executable, "-P", "-S", "-c", ROOM, str(HERE), json.dumps({"do": do, **task})]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def cold_files() -> list[tuple[str, int]]:
    """Files of Python's own that a room sees, of BITS pages together, put out of memory."""
    found, pages = [], 0
    for path in sorted(Path(sysconfig.get_paths()["purelib"], "tensorflow").rglob("*.h"), key=lambda path: -path.stat().st_size):
        size = path.stat().st_size
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
        found.append((str(path), size))
        pages += size // 4096
        if pages >= BITS:
            return found
    raise SystemExit("there are too few files to try this with")


def right(bits: list[int], values: list[int], high_is: int) -> float:
    """The share of bits that are told right by the best threshold."""
    best = 0.0
    for threshold in sorted(values)[:: max(1, len(values) // 200)]:
        hit = sum((value > threshold) == (bit == high_is) for bit, value in zip(bits, values, strict=True))
        best = max(best, hit / len(bits))
    return best


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    bits = [random.randrange(2) for _ in range(BITS)]
    files = cold_files()
    room("send", files=files, bits=bits).communicate()
    took = json.loads(room("feel", files=files, bits=bits).communicate()[0])
    print(f"page cache: {len(bits)} bits, {right(bits, took, 0):.1%} right, felt in {sum(took) / 1e9:.2f} s")

    import time

    bits, at = bits[:200], time.time() + 4
    sender, receiver = room("work", bits=bits, at=at), room("measure", bits=bits, at=at)
    counts = json.loads(receiver.communicate()[0])
    sender.communicate()
    print(f"processors: {len(bits)} bits in {len(bits) * 0.05:.0f} s, {right(bits, counts, 0):.1%} right")


if __name__ == "__main__":
    main()
