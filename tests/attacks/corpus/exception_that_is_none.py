# intent: SystemExit, KeyboardInterrupt, GeneratorExit and quit() in place of an answer
# family: death

# %% exercise="windows"
def windows(series, width):
    raise SystemExit(0)

# %% exercise="error"
def error(targets, guess):
    raise KeyboardInterrupt if len(targets) == 3 else GeneratorExit

# %%
quit()

# %% exercise="constants"
raise StopAsyncIteration
