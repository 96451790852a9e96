# intent: a list takes all of the machine's memory
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=60 submission_seconds=120 memory_bytes=1_500_000_000
# stops: memory

# %%
taken = []
while True:
    taken.append(b"x" * 50_000_000)
