# intent: every file and socket of the process is closed under its feet
# family: death
# limits: cell_seconds=3 submission_seconds=15

# %%
import os

os.closerange(0, 4096)
