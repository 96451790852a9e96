# intent: control characters, lone surrogates, a million backspaces and carriage returns
# family: output

# %% exercise="windows"
def windows(series, width):
    raise ValueError("\x1b[2J\x00\ud800\u202e" + "\r" * 1000)

# %%
print("\ud800\x00\x1b[2J\x07\u202e" + "ab\b\b" * 100_000 + "a\r" * 100_000)
