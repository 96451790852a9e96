# intent: locks and leases on read-only files that every room shows are seen by the other workers' submissions, and are memory that counts for nobody
# family: siblings
# stock: not run: it was written against the source of this grader
# before: locks told two workers' submissions of each other, and a million of them took 186 MB

# %%
import fcntl
import os
import struct

shared = os.open(os.__file__, os.O_RDONLY)
GETLK, SETLK, OFD_SETLK, SETLEASE = 5, 6, 37, 1024
lock = struct.pack("hhqqi", 0, 0, 0, 1, 0)
for name, take in {
    "flock": lambda: fcntl.flock(shared, fcntl.LOCK_SH | fcntl.LOCK_NB), "lock": lambda: fcntl.fcntl(shared, SETLK, lock),
    "question": lambda: fcntl.fcntl(shared, GETLK, lock), "lock of a file": lambda: fcntl.fcntl(shared, OFD_SETLK, lock),
    "lease": lambda: fcntl.fcntl(shared, SETLEASE, 0), "many": lambda: [fcntl.lockf(open("own", "a+b"), 2, 1, 2 * n) for n in range(99)],
}.items():
    try:
        take()
        print("the-attack" + "-worked", name)
    except OSError as error:
        print(name, error)
