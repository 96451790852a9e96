# intent: the function ends the process, with success, while a test waits for it
# family: death

# %% exercise="windows"
def windows(series, width):
    import os

    os._exit(0)
