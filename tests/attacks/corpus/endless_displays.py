# intent: displays without end, each cleared by the next, with pictures and metadata
# family: output
# limits: cell_seconds=5 output_bytes=50_000

# %%
from IPython.display import clear_output, display

while True:
    display({"image/png": "iVBORw0KGgo=" * 1000, "text/html": "<b>" * 1000}, raw=True, metadata={"x": "y" * 1000})
    clear_output()
