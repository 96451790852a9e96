# intent: frames leave the student's process with flipped bytes, wrong lengths, and too short or too many
# family: border
# limits: cell_seconds=2 submission_seconds=6
# target: keras

# %%
def garble():
    try:
        from grader.engine.border.frames import Pipe
    except ImportError:
        return
    send, count = Pipe.send, [0]

    def wrong(self, parts, interrupts):
        data = bytearray(b"".join(bytes(part) for part in parts))
        count[0] += 1
        if count[0] % 4 == 1:
            data[len(data) // 2] ^= 0xFF
        elif count[0] % 4 == 2:
            data = data[: len(data) // 2]
        elif count[0] % 4 == 3:
            data[:8] = b"\xff" * 8
        else:
            data = data * 3
        return send(self, [bytes(data)], interrupts)

    Pipe.send = wrong

# %% exercise="step"
def step(x, h, kernel, recurrent_kernel, bias):
    garble()
    return h

# %% exercise="build"
def build(units, name):
    return units

# %% exercise="train"
def train(x, y):
    return x
