# intent: lists, dictionaries and object arrays that hold themselves
# family: border

# %% exercise="constants"
horizon = []
horizon.append(horizon)
names = {}
names["names"] = names

# %% exercise="windows"
def windows(series, width):
    made = np.empty((9, 4), dtype=object)
    made[:] = None
    made[0, 0] = made
    return made

# %% exercise="error"
def error(targets, guess):
    return horizon
