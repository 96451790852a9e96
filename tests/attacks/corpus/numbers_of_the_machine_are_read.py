# intent: how much memory is free, how many files are open: numbers of the whole machine, by which one submission can talk to another
# family: siblings
# stock: not run: it was written against the source of this grader

# %%
import ctypes
import glob
import mmap
import os
import subprocess
import time

names = [name for name in "meminfo vmstat stat loadavg buddyinfo zoneinfo locks slabinfo interrupts softirqs schedstat diskstats cgroups uptime".split()]
names += ["sys/fs/file-nr", "sys/fs/inode-nr", "sys/fs/inode-state", "sys/fs/dentry-state", "sys/fs/aio-nr", "sys/kernel/pty/nr", "pressure/cpu", "pressure/memory"]

def read(name):
    try:
        with open(f"/proc/{name}") as file:
            return file.read()
    except OSError:
        return ""

before = {name: read(name) for name in names}
kept = [os.pipe() for _ in range(200)] + [bytearray(b"x" * 150_000_000)]
for _ in range(200):
    os.listdir("/usr/lib")
time.sleep(1)
for name in names:
    if read(name) != before[name]:
        print("the-attack" + "-worked", name)
if ctypes.CDLL(None).sysinfo(ctypes.create_string_buffer(200)) == 0:
    print("the-attack" + "-worked", "sysinfo")
