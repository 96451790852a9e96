# intent: a thread changes the answer after its cell, between the visible test and the hidden one
# family: leftovers
# earns: 1

# %% exercise="constants"
import threading
import time

horizon, names = 3, []

def change():
    for number in range(10_000):
        time.sleep(0.005)
        globals()["names"] = [[], None, {}][number % 3]

threading.Thread(target=change, daemon=True).start()
