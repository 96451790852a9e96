# intent: files, pipes and sockets are opened without end
# family: bombs
# danger: yes
# stock: not run: the whole system may run out of open files
# limits: cell_seconds=4

# %%
import os
import socket

kept = []
while True:
    try:
        kept.append((os.pipe(), socket.socketpair()))
    except OSError:
        break
