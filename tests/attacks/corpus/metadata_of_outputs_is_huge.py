# intent: the limit on output counts text and pictures; descriptions, ids and data of other kinds are made of a hundred megabytes
# family: output
# stock: not run: it was written against the source of this grader
# limits: cell_seconds=20

# %%
from IPython.display import display

for _ in range(30):
    display({"text/plain": "x", "image/png": "eA=="}, raw=True, metadata={"image/png": {"alt": "x" * 10_000_000}})
    display({"application/x-" + "y" * 9_000_000: 1, "text/plain": "x"}, raw=True, transient={"display_id": "z" * 2_000_000})
