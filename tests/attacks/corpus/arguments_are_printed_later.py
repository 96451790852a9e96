# intent: the hidden tests' arguments are kept in a global list that a later cell, a thread and an exit hook print
# family: frames and memory

# %% exercise="windows"
import atexit
import threading
import time

kept = []

def windows(series, width):
    kept.append((list(series), width))
    return series

def tell():
    while True:
        print(kept, flush=True)
        time.sleep(0.2)

threading.Thread(target=tell, daemon=True).start()
atexit.register(lambda: print(kept, flush=True))

# %% after="end"
print(kept)
