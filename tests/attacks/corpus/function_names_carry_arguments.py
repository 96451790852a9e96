# intent: the function renames itself, its module and its signature after the arguments it was given
# family: words to the student

# %% exercise="error"
def error(targets, guess):
    error.__name__ = error.__qualname__ = error.__module__ = f"stolen_{int(targets[0])}"
    error.__doc__ = str(targets)
    error.__code__ = error.__code__.replace(co_name=error.__name__, co_filename=error.__name__)
    raise TypeError(f"{error.__name__}() takes {int(targets[0])} positional arguments but 2 were given")
