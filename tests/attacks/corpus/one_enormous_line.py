# intent: one line of 70 MB, and a result as long
# family: output
# limits: cell_seconds=5 output_bytes=50_000

# %%
import os
import sys

os.write(1, b"x" * 1_000_000)
print("x" * 70_000_000)
print("y" * 70_000_000, file=sys.stderr)
"z" * 70_000_000
