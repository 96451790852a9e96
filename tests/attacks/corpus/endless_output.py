# intent: output without end fills the grader's memory and the notebook
# family: output
# limits: cell_seconds=5 output_bytes=50_000

# %%
while True:
    print("x" * 10_000)
