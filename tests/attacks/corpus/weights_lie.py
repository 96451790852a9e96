# intent: a model whose weights say other shapes, a trillion numbers, objects or a new answer each time
# family: models
# target: keras
# limits: cell_seconds=4 submission_seconds=12

# %% exercise="build"
def build(units, name):
    model = keras.Sequential([keras.Input((5, 2)), layers.Flatten(), layers.Dense(1)], name=name)
    if units == 4:
        keras.Model.get_weights = lambda self: [np.broadcast_to(np.float32(0), (10**7, 10**6))]
        keras.Layer.get_weights = keras.Model.get_weights
    else:
        keras.Model.get_weights = keras.Layer.get_weights = lambda self: [np.array([object()] * 9), iter(int, 1)]
    return model
