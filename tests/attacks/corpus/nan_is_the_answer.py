# intent: NaN, infinities, empty arrays and negative zeros, where a comparison may have forgotten them
# family: lying objects
# target: keras

# %% exercise="step"
def step(x, h, kernel, recurrent_kernel, bias):
    return np.full(h.shape, np.nan)

# %% exercise="build"
def build(units, name):
    return float("inf")

# %% exercise="train"
def train(x, y):
    model = keras.Sequential([keras.Input((5, 2)), layers.Flatten(), layers.Dense(1, activation="sigmoid")], name="nan")
    model.set_weights([w * np.nan for w in model.get_weights()])
    return model
