# intent: modules, locks, open files, threads, frames and the shell itself as answers
# family: border

# %% exercise="windows"
import sys
import threading

def windows(series, width):
    return sys._getframe() if width == 4 else threading.Lock()

# %% exercise="error"
def error(targets, guess):
    return get_ipython() if len(targets) == 3 else sys.modules

# %% exercise="constants"
horizon, names = open("/dev/null"), threading.current_thread()
