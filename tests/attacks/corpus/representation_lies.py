# intent: a __repr__ and __str__ that raise, never end or are a gigabyte, for whoever writes the failure's message
# family: lying objects
# target: keras
# limits: cell_seconds=2 submission_seconds=10

# %% exercise="step"
class Endless:
    def __repr__(self):
        while True:
            pass

    __str__ = __format__ = __repr__

def step(x, h, kernel, recurrent_kernel, bias):
    return Endless()

# %% exercise="build"
class Long:
    def __repr__(self):
        return "x" * 2_000_000_000

    def __getattr__(self, name):
        raise type("AttributeError" * 1000, (AttributeError,), {})(self)

def build(units, name):
    return Long()
