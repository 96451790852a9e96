# intent: the function raises StopIteration, at which map, zip and all end as if everything had been looked at
# family: lying objects
# stock: not run: it was written against the source of this grader
# target: laws
# before: a test's map and zip ended well

# %% exercise="clip"
def clip(value):
    raise StopIteration

# %% exercise="running"
def running(x):
    raise GeneratorExit

# %% exercise="summary"
def summary(x):
    raise SystemExit(0)
