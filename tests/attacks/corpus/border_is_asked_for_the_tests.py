# intent: the border's object is found by gc and asked, from the student's side, for the referee's names
# family: border
# limits: cell_seconds=2 submission_seconds=6

# %% exercise="windows"
import gc

def windows(series, width):
    for one in gc.get_objects():
        if type(one).__module__.startswith("grader.engine"):
            for method in ("fetch", "request", "ask", "get", "call", "receive"):
                for argument in ("truth", "longer", "In", "get_ipython", "print"):
                    try:
                        print(getattr(one, method)(argument))
                    except BaseException:
                        pass
    return series

windows([1.0], 1)

# %% after="end"
windows([1.0], 1)
