# Right and wrong answers to the exercises of 00_start_here: see docs/AUTHORING.md.

# %% exercise="batch-shape" right="a list made into a tuple"
def batch_shape(days, hours, doors):
    return tuple([days, hours, doors])

# %% exercise="batch-shape" right="the shape of an array of zeros"
def batch_shape(days, hours, doors):
    return np.zeros((days, hours, doors)).shape

# %% exercise="batch-shape" wrong="time before the batch" points=0 says="The batch comes first"
def batch_shape(days, hours, doors):
    return (hours, days, doors)

# %% exercise="batch-shape" wrong="features before time" points=0 says="Features come last"
def batch_shape(days, hours, doors):
    return (days, doors, hours)

# %% exercise="batch-shape" wrong="made for one example" points=0.5 says="does not depend on the arguments"
def batch_shape(days, hours, doors):
    return (30, 24, 4)

# %% exercise="batch-shape" wrong="printed, not returned" points=0 says="Does the function end in `return"
def batch_shape(days, hours, doors):
    print((days, hours, doors))

# %% exercise="batch-shape" wrong="one number" points=0 says="This is of type int"
def batch_shape(days, hours, doors):
    return days * hours * doors
