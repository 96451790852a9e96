# intent: the function takes all memory while a test waits for it
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=6 submission_seconds=12 memory_bytes=1_500_000_000

# %% exercise="windows"
def windows(series, width):
    taken = []
    while True:
        taken.append(np.ones(5_000_000))
