# intent: a hundred processes compute for ever and leave nothing for the others
# family: bombs
# danger: yes
# stock: not run: it would slow this machine down for minutes
# sibling: yes
# limits: cell_seconds=4 submission_seconds=20

# %%
import os

for _ in range(100):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
while True:
    pass
