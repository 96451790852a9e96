# intent: os._exit(0) in the student's own cell: is a test that never ran a test that did not fail?
# family: death
# stops: ended with exit code 0

# %%
import os

os._exit(0)
