# intent: many processes take a little memory each
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=6 submission_seconds=12 memory_bytes=1_500_000_000
# stops: memory

# %%
import os
import time

for _ in range(60):
    if os.fork() == 0:
        taken = b"x" * 60_000_000
        time.sleep(60)
        os._exit(0)
time.sleep(60)
