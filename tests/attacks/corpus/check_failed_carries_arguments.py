# intent: the student's function raises the course's own CheckFailed, with the hidden arguments in its problem and hint
# family: words to the student
# target: keras

# %% exercise="step"
def step(x, h, kernel, recurrent_kernel, bias):
    said = str(x.tolist())
    raise check.CheckFailed(said, hint=said, expected=said, actual=said)

# %% exercise="build"
def build(units, name):
    class Told(check.CheckFailed):
        problem = hint = name

        def __str__(self):
            return name

    Told.__name__ = Told.__qualname__ = name.replace("-", "_")
    raise Told(name)
