# intent: input() and the debugger wait for a person who is not there
# family: forged messages
# limits: cell_seconds=2 submission_seconds=8

# %% exercise="windows"
def windows(series, width):
    return input("points? ")

# %%
import pdb

pdb.set_trace()
