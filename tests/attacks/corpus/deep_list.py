# intent: a list nested a hundred thousand deep, to break whoever walks it
# family: border
# earns: 0

# %% exercise="error"
def error(targets, guess):
    made = []
    for _ in range(100_000):
        made = [made]
    return made

# %% exercise="constants"
horizon = error([], 0)
names = {}
for _ in range(5000):
    names = {"x": names, ("y",): (names,)}
