# intent: shared anonymous pages that the process lets go of again: they stay, and count for none that is looked at
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: memory_bytes=1_000_000_000 cell_seconds=20
# before: 2.2 GB under a limit of 1.5

# %%
import mmap
import time

kept = []
for _ in range(12):  # 1,560 MB
    try:
        kept.append(mmap.mmap(-1, 130_000_000))
    except OSError as error:
        print(error)
        break
    for at in range(0, len(kept[-1]), 4096):
        kept[-1][at] = 1
    kept[-1].madvise(mmap.MADV_DONTNEED)
    time.sleep(0.1)
if len(kept) == 12:
    print("the-attack" + "-worked")
