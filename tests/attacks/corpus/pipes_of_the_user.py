# intent: pipes are made larger until their user may have no more: pipes of that user's other processes are small then, which tells them something
# family: siblings
# stock: not run: it was written against the source of this grader
# sibling: yes

# %%
import fcntl
import os
import time

F_SETPIPE_SZ, kept = 1031, []
try:
    for _ in range(100):
        kept.append(os.pipe())
        fcntl.fcntl(kept[-1][0], F_SETPIPE_SZ, 1 << 20)
except OSError as error:
    print(len(kept), error)
time.sleep(2)
