# intent: exceptions whose class has no readable name, no order of bases and no text, to break whoever tells of them
# family: death
# stock: not run: it was written against the source of this grader
# limits: cell_seconds=4 submission_seconds=10

# %% exercise="error"
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __mro__ = property(lambda cls: ())

class Nameless(Exception, metaclass=Meta):
    def __str__(self):
        raise self

    __repr__ = __getattribute__ = __str__

def error(targets, guess):
    raise Nameless

# %% exercise="windows"
def windows(series, width):
    raise BaseExceptionGroup("x" * 1_000_000, [ExceptionGroup("y", [Nameless()] * 1000)] * 1000)
