# intent: rules, filters and queues that the kernel keeps for a process, each without a limit of its own or with the whole machine's
# family: bombs
# stock: not run: it was written against the source of this grader

# %%
import ctypes
import os
import platform
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)
intel = platform.machine() == "x86_64"
ruleset, context = struct.pack("Q", 1), ctypes.c_ulong()
one = socket.socket()

def larger(option):
    one.setsockopt(socket.SOL_SOCKET, option, 4_000_000)

for name, attempt in {
    "landlock": lambda: libc.syscall(444, ruleset, 8, 0), "seccomp": lambda: libc.syscall(317 if intel else 277, 2, 0, b"\0" * 4),
    "aio": lambda: libc.syscall(206 if intel else 0, 60_000, ctypes.byref(context)), "sync": lambda: libc.syncfs(os.open("/usr", os.O_RDONLY)),
    "buffers": lambda: larger(socket.SO_SNDBUF) or larger(socket.SO_RCVBUF) or 0,
}.items():
    try:
        if attempt() >= 0:
            print("the-attack" + "-worked", name)
    except OSError as error:
        print(name, error)
