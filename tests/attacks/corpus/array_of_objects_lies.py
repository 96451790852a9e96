# intent: an array of dtype object whose items equal everything
# family: lying objects

# %% exercise="windows"
import numpy as np

class Yes:
    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

def windows(series, width):
    made = np.empty((len(series) - width + 1, width), dtype=object)
    made.fill(Yes())
    return made
