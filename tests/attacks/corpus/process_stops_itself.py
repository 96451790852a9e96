# intent: the process stops itself with SIGSTOP, neither dead nor running
# family: time
# limits: cell_seconds=2
# stops: ran longer than 2 s

# %%
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
