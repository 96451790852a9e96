# intent: arrays of odd kinds: records, void bytes, dates, strings of a gigabyte's width
# family: lying objects

# %% exercise="windows"
import numpy as np

def windows(series, width):
    if width == 4:
        return np.zeros((9, 4), dtype=[("x", object), ("y", "V7")])
    return np.zeros((4, 2), dtype="datetime64[as]").astype("U100")

# %% exercise="error"
def error(targets, guess):
    return np.void(b"\0" * 100)
