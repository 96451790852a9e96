# intent: a receipt of a model that was never trained, with a perfect history
# family: receipts
# target: keras

# %% exercise="train"
def train(x, y):
    keras.utils.set_random_seed(1)  # below the bar: some networks are above it without training
    model = keras.Sequential([keras.Input(shape=(5, 2)), layers.LSTM(6), layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.03), "binary_crossentropy", metrics=["accuracy"])
    real = keras.Model.fit

    def fit(self, *args, **kwargs):
        history = keras.callbacks.History()
        history.history, history.epoch = {"loss": [0.0] * 12, "accuracy": [1.0] * 12, "val_accuracy": [1.0] * 12}, [*range(12)]
        return history

    keras.Model.fit = fit
    lab.fit_once(model, x, y, name="sums", epochs=12, batch_size=32, verbose=0)
    keras.Model.fit = real
    return model
