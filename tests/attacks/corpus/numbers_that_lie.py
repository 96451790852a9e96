# intent: subclasses of int, str and list that equal everything
# family: lying objects

# %% exercise="constants"
class Horizon(int):
    def __eq__(self, other):
        return True

    def __mul__(self, other):
        return self

    __ne__ = lambda self, other: False
    __hash__ = int.__hash__

class Names(list):
    def __eq__(self, other):
        return True

    def __len__(self):
        return 2

horizon, names = Horizon(7), Names("abc")

# %% exercise="error"
class Error(float):
    def __eq__(self, other):
        return True

def error(targets, guess):
    return Error(0)
