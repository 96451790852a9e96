# intent: an exit hook and a thread that is no daemon keep the process from ending
# family: time
# limits: cell_seconds=2 submission_seconds=10

# %%
import atexit
import threading
import time

def never():
    while True:
        time.sleep(1)

atexit.register(never)
threading.Thread(target=never).start()
