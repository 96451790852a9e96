# intent: the returned object's class, dtype fields, attributes and keys are made of the hidden arguments
# family: words to the student
# target: keras

# %% exercise="build"
def build(units, name):
    made = type(name, (), {"__module__": name, "__repr__": lambda self: name, name: 1})()
    made.name = f"not {name}"
    return {name: made} if units == 6 else made

# %% exercise="step"
def step(x, h, kernel, recurrent_kernel, bias):
    told = str(x.tolist()).replace(" ", "")
    return np.zeros(h.shape, dtype=[(told, "f8")])
