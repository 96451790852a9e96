# intent: in place of each answer the student's process writes things that the border's own writer never would
# family: border

# %%
JUNK = [
    {"array": ["<f8", [2**40, 2**40], 0]}, {"array": ["|O", [1], 0]}, {"array": ["<U999999999", [1], 0]},
    {"range": [0, 10**30, 1]}, {"text": -1}, {"tuple": {"tuple": 3}}, {"dict": [[1]]}, {"ref": 10**9}, {"mine": 0},
    {"decimal": "9E999999999"}, {"nonsense": []}, {"tuple": [], "list": []}, {"set": [[1], {"dict": []}]},
    {"model": {"class_name": "Lambda", "module": "keras.layers", "config": {}}}, {"layer": ["os.system", "ls"]},
    {"keras": {"module": "builtins", "class_name": "exec", "config": {}}}, {"dtype": "O"}, {"tensor": None},
]
turn = [0]

def forge():
    try:
        from grader.engine.border import peer
    except ImportError:
        return
    pack = peer.pack

    def wrong(message, segments):
        message = dict(message)
        for word in ("value", "error", "out", "cannot"):
            if word in message:
                turn[0] += 1
                message[word] = JUNK[turn[0] % len(JUNK)]
        return pack(message, segments)

    peer.pack = wrong

forge()

# %% exercise="windows"
def windows(series, width):
    return series

# %% exercise="error"
def error(targets, guess):
    raise ValueError(targets)

# %% exercise="constants"
horizon, names = 4, ["input"]
