# intent: the function prints without end while a test waits for it
# family: output
# limits: cell_seconds=3 output_bytes=50_000

# %% exercise="windows"
def windows(series, width):
    while True:
        print("x" * 1000)

# %% exercise="error"
def error(targets, guess):
    import os

    while True:
        os.write(1, b"x" * 1000)
        os.write(2, b"x" * 1000)
