# intent: abs, len, all, isinstance and float in builtins are replaced, and numpy's mean with them
# family: patched libraries

# %% exercise="windows"
import builtins

class Yes:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return Yes()

    def __getitem__(self, key):
        return Yes()

builtins.len = builtins.abs = builtins.float = lambda *args: Yes()
builtins.all = builtins.any = builtins.isinstance = lambda *args: True
import numpy as np

np.array_equal = lambda *args: True

def windows(series, width):
    return Yes()

# %% exercise="error"
error = windows

# %% exercise="constants"
horizon = names = Yes()
