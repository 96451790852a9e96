# intent: the student's cells redefine the data and the helpers that the tests use, so that a trivial answer is right
# family: patched libraries
# target: keras

# %% exercise="train"
def draw(seed, samples=256):
    return np.zeros((4, 5, 2), "float32"), np.zeros(4, "int32")

x_test, y_test = draw(0)

def train(x, y):
    model = keras.Sequential([keras.Input((5, 2)), layers.Flatten(), layers.Dense(1, activation="sigmoid")])
    model.layers[-1].set_weights([np.zeros((10, 1)), np.array([-9.0])])
    return model
