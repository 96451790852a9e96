# intent: answers on whose hints a check computes for ever: arrays of thirty axes, of which every order is tried; lists that are almost right
# family: time
# stock: not run: it was written against the source of this grader
# target: keras
# limits: cell_seconds=6 submission_seconds=25

# %% exercise="step"
def step(x, h, kernel, recurrent_kernel, bias):
    return np.zeros((1,) * 30 + h.shape)

# %% exercise="build"
def build(units, name):
    x = y = keras.Input(shape=(5, 2))
    for _ in range(400):
        y = layers.LSTM(1, return_sequences=True, use_bias=False)(y)
    return keras.Model(x, y)
