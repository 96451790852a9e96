# intent: an integer of ten million digits, a text of 400 MB, a list of thirty million
# family: border
# limits: cell_seconds=4 submission_seconds=12

# %% exercise="constants"
horizon, names = 1 << 33_000_000, "x" * 400_000_000

# %% exercise="error"
def error(targets, guess):
    return [0.0] * 30_000_000

# %% exercise="windows"
def windows(series, width):
    return b"x" * 400_000_000 if width == 4 else {i: i for i in range(2_000_000)}
