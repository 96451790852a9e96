# intent: objects that raise, exit or never end in every attribute that a border might ask for
# family: border
# limits: cell_seconds=2 submission_seconds=10

# %% exercise="windows"
class Mine:
    def __getattribute__(self, name):
        raise SystemExit(0) if name.startswith("_") else KeyboardInterrupt

    def __del__(self):
        raise SystemExit

def windows(series, width):
    return Mine()

# %% exercise="error"
class Reduced:
    def __reduce_ex__(self, protocol):
        return exec, ("import sys; sys.exit(0)",)

    __getstate__ = __copy__ = __deepcopy__ = lambda self, *args: 1 / 0
    __dict__ = property(lambda self: 1 / 0)

def error(targets, guess):
    return Reduced()

# %% exercise="constants"
class Slow:
    def __getattr__(self, name):
        while True:
            pass

    __len__ = __iter__ = __float__ = __index__ = lambda self: self.anything

horizon = names = Slow()
