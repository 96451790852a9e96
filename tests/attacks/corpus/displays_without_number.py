# intent: fifty thousand things are shown, each of which the grader has to look at and keep
# family: output
# stock: not run: it was written against the source of this grader
# limits: cell_seconds=20
# before: 14.6 s to tidy what was shown

# %%
from IPython.display import display

for number in range(50_000):
    display({"text/plain": str(number), "text/html": "<b>"}, raw=True)
