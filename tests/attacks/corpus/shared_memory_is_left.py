# intent: System V shared memory, which belongs to no process, carries a message to the next submission
# family: leftovers
# twice: yes

# %%
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
old = libc.shmget(__SEGMENT__, 4096, 0)
if old >= 0:
    print("the-attack" + "-worked")
new = libc.shmget(__SEGMENT__, 4096, 0o1666)
place = libc.shmat(new, None, 0)
if new >= 0 and place not in (None, 2**64 - 1):
    ctypes.memmove(place, b"for the next", 12)
print(old, new)
