# intent: a thread reads the kernel's key, subscribes to its messages and keeps the source of every hidden test
# family: forged messages

# %%
import threading
import time

import ipykernel
import zmq
from ipykernel.connect import get_connection_info

heard = []

def listen():
    about = get_connection_info(unpack=True)
    place = f"{about['transport']}://{about['ip']}"
    place += (":" if about["transport"] == "tcp" else "-") + str(about["iopub_port"])
    socket = zmq.Context().socket(zmq.SUB)
    socket.subscribe(b"")
    socket.connect(place)
    while True:
        heard.append(b" ".join(socket.recv_multipart()))

threading.Thread(target=listen, daemon=True).start()
time.sleep(0.5)

# %% after="end"
time.sleep(0.5)
print(b"\n".join(heard).decode(errors="replace"))
