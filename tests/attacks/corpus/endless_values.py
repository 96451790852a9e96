# intent: generators, iterators and sequences without an end, and lengths that lie
# family: border
# limits: cell_seconds=2 submission_seconds=10

# %% exercise="windows"
class Endless(list):
    def __len__(self):
        return 1

    def __iter__(self):
        while True:
            yield 1.0

def windows(series, width):
    return Endless() if width == 4 else (1.0 for _ in iter(int, 1))

# %% exercise="error"
class Mapping(dict):
    def items(self):
        while True:
            yield "a", 1

    keys = values = __iter__ = items

def error(targets, guess):
    return Mapping(a=1)

# %% exercise="constants"
import itertools

horizon, names = itertools.count(), iter(int, 1)
