# intent: the border's own code in the student's process is replaced: it answers everything with what is wanted, or lies
# family: border
# limits: cell_seconds=2 submission_seconds=6

# %%
import gc
import sys

def agree(*args, **kwargs):
    return 3

for name, module in list(sys.modules.items()):
    if name.startswith("grader.engine") and module is not None:
        for word, value in list(vars(module).items()):
            if callable(value) and getattr(value, "__module__", "").startswith("grader.engine"):
                try:
                    setattr(module, word, agree)
                except (AttributeError, TypeError):
                    pass
for one in gc.get_objects():
    kind = type(one)
    if kind.__module__.startswith("grader.engine"):
        for word in dir(kind):
            if not word.startswith("__"):
                try:
                    setattr(kind, word, agree)
                except (AttributeError, TypeError):
                    pass
