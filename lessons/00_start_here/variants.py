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

# %% exercise="batch-shape" wrong="one number" points=0 says="how many numbers there are in all"
def batch_shape(days, hours, doors):
    return days * hours * doors

# %% exercise="batch-shape" right="the shape of a Keras input"
def batch_shape(days, hours, doors):
    return keras.Input((hours, doors), batch_size=days).shape

# %% exercise="batch-shape" right="numpy integers"
def batch_shape(days, hours, doors):
    return tuple(np.array([days, hours, doors]))

# %% exercise="batch-shape" wrong="the batch left out, as keras.Input wants it" points=0 says="Fewer things are returned than are asked"
def batch_shape(days, hours, doors):
    return (hours, doors)

# %% exercise="batch-shape" wrong="a text" points=0 says="One thing is returned"
def batch_shape(days, hours, doors):
    return f"({days}, {hours}, {doors})"

# %% exercise="batch-shape" wrong="the array in place of its shape" points=0 says="Its shape is asked"
def batch_shape(days, hours, doors):
    return np.zeros((days, hours, doors))

# %% exercise="batch-shape" wrong="a dictionary" points=0 says="in a dictionary"
def batch_shape(days, hours, doors):
    return {"batch": days, "timesteps": hours, "features": doors}

# %% exercise="batch-shape" wrong="one sequence of all days" points=0 says="batch is wrong"
def batch_shape(days, hours, doors):
    return 1, days * hours, doors
