# intent: a process that ends itself late has the whole notebook played again, with its time all over
# family: time
# limits: cell_seconds=14 submission_seconds=15
# stock: not run: it would only show that a minute is a minute
# before: 34 s of 20

# %% exercise="windows"
import os
import time

time.sleep(13)

def windows(series, width):
    time.sleep(13)

# %% after="end"
import os

os.kill(os.getpid(), 9)
