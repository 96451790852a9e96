# intent: fifty thousand things are shown, each of which the grader has to look at and keep
# family: output
# limits: cell_seconds=20

# %%
from IPython.display import display

for number in range(50_000):
    display({"text/plain": str(number), "text/html": "<b>"}, raw=True)
