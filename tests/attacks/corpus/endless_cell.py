# intent: a cell that never ends
# family: time
# limits: cell_seconds=2
# stops: ran longer than 2 s

# %% exercise="windows"
while True:
    pass
