# intent: address 0 is read, and the stack of C overflows
# family: death
# stops: signal 11

# %% exercise="windows"
import ctypes

def windows(series, width):
    return series

ctypes.string_at(0)
