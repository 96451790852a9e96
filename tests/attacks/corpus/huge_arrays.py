# intent: arrays that say they have a trillion items, as views of one number
# family: border

# %% exercise="windows"
def windows(series, width):
    if width == 4:
        return np.broadcast_to(np.float64(0), (10**6, 10**6))
    return np.lib.stride_tricks.as_strided(np.zeros(1), shape=(2**40,), strides=(0,))

# %% exercise="error"
def error(targets, guess):
    return np.broadcast_to(np.array("x" * 100), (10**9,)) if len(targets) == 3 else range(10**18)

# %% exercise="constants"
horizon, names = range(10**15), np.broadcast_to(np.float64(0), (10**10,))
