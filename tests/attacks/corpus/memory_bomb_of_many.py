# intent: many processes take a little memory each
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=15 submission_seconds=20 memory_bytes=1_500_000_000
# stops: memory

# %%
import os
import time

for _ in range(12):
    if os.fork() == 0:
        taken = b"x" * 250_000_000
        time.sleep(60)
        os._exit(0)
time.sleep(60)
