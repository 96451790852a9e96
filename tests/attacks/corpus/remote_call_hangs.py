# intent: the function sleeps for ever when a test calls it, and again in the except of the interrupt
# family: time
# limits: cell_seconds=2 submission_seconds=20
# stops: ran longer than 2 s

# %% exercise="windows"
def windows(series, width):
    import time

    while True:
        try:
            time.sleep(3600)
        except BaseException:
            pass
