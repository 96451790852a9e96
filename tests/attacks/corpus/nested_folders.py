# intent: folders nested ten thousand deep, which a careless cleaner cannot remove
# family: bombs
# limits: cell_seconds=4

# %%
import os

here = os.getcwd()
for _ in range(10_000):
    try:
        os.mkdir("d")
        os.chdir("d")
    except OSError:
        break
os.chdir(here)
os.mkdir("locked")
open("locked/file", "w").close()
os.chmod("locked", 0)
