# intent: all names are deleted and the modules with them, so that nothing that a test needs is there
# family: death
# limits: cell_seconds=2 submission_seconds=6

# %%
import sys

for name in list(sys.modules):
    if name.split(".")[0] not in ("sys", "builtins", "ipykernel", "IPython", "zmq", "asyncio", "threading", "logging"):
        sys.modules[name] = None
%reset -f
