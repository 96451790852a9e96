# %% [markdown]
# # Two layers that read both ways
#
# A lesson of one exercise, for `python -m benchmarks.grading`: the size of notebook with which graders of notebooks are usually tried.

# %% setup=true

# %% given="imports"
import keras
import numpy as np
from keras import layers

# %% given="vowels"
(x_train, _, y_train), (x_test, _, y_test) = lab.data.japanese_vowels()

# %% [markdown]
# Nine men each say two vowels. Which of the nine is speaking?

# %% exercise="who-speaks"
def who_speaks(x, y):
    """Return a compiled, trained classifier of speakers: (batch, 29, 12) -> logits (batch, 9).

    x: float32 (samples, 29 timesteps, 12 features), padded with zeros; y: int (samples,), speakers 0 to 8.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input((29, 12)),
        layers.Masking(),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Bidirectional(layers.LSTM(32)),
        layers.Dense(9),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss=loss, metrics=["accuracy"])
    lab.fit_once(model, x, y, name="who-speaks", epochs=6, batch_size=32, verbose=0)
    return model
    ### END SOLUTION

# %% test="who-speaks" points=2
model = check.call(who_speaks, x_train, y_train)
check.shape(model(x_test[:4]), (4, 9), "the model's output")
check.parameters(model, 11_520 + 24_832 + 585, "your model")
check.gpu_ready(model)

# %% test="who-speaks" points=3 hidden=true
model = check.call(who_speaks, x_train, y_train)
accuracy = check.accuracy(model, x_test, y_test)
check.learned(accuracy, at_least=0.8, metric="accuracy on utterances of the test set", baseline=0.24)
