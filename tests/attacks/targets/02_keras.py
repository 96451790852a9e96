# %% [markdown]
# # Networks
# A lesson for attackers: Keras models, the course's checks, receipts.

# %% setup=true
import keras
import numpy as np
from keras import layers

from grader import checks as check
from grader import lab

# %% given="data"
def draw(seed, samples=256):
    x = np.random.default_rng(seed).normal(size=(samples, 5, 2)).astype("float32")
    return x, (x[:, :, 0].sum(axis=1) > 0).astype("int32")

x_train, y_train = draw(1)
x_test, y_test = draw(2)

# %% exercise="step"
def step(x, h, kernel, recurrent_kernel, bias):
    """One step of a simple recurrent layer: the new state (batch, units)."""
    ### BEGIN SOLUTION
    # __SOLUTION__
    return np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    ### END SOLUTION

# %% test="step" points=1
x = np.array([[1.0, 2.0]])
h = np.array([[0.5, -0.5]])
eye = np.eye(2)
check.close(check.call(step, x, h, eye, eye, 0.1), np.tanh(x + h + 0.1), "the new state")

# %% test="step" points=2 hidden=true
x = np.array([[0.25, __NUMBER__], [0.1, -0.2]])
h = np.array([[0.2, -0.4], [0.3, 0.7]])
w, u, b = np.array([[0.5, -0.3], [0.0, 1.0]]), np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([0.1, -0.1])
check.close(check.call(step, x, h, w, u, b), np.tanh(x @ w + h @ u + b), "the new state")

# %% exercise="build"
def build(units, name):
    """A classifier of (samples, 5 timesteps, 2 features): one LSTM, then the logit. `name` is the model's."""
    ### BEGIN SOLUTION
    return keras.Sequential([keras.Input(shape=(5, 2)), layers.LSTM(units), layers.Dense(1)], name=name)
    ### END SOLUTION

# %% test="build" points=2
model = check.call(build, 4, "small")
check.shape(model(x_test[:3]), (3, 1), "the model's output")
check.parameters(model, 117, "your model")

# %% test="build" points=2 hidden=true
model = check.call(build, 6, "__HIDDEN__")
check.equal(model.name, "__HIDDEN__", "the model's name")
check.parameters(model, 223, "your model")
check.gpu_ready(model)

# %% exercise="train"
def train(x, y):
    """A classifier that was trained with lab.fit_once: probabilities (samples, 1)."""
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input(shape=(5, 2)), layers.LSTM(6), layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.03), "binary_crossentropy")
    lab.fit_once(model, x, y, name="sums", epochs=12, batch_size=32, verbose=0)
    return model
    ### END SOLUTION

# %% test="train" points=1
model = check.call(train, x_train, y_train)
check.learned(check.accuracy(model, x_test, y_test), at_least=0.85, metric="accuracy on held-out data")

# %% test="train" points=2 hidden=true
x_new, y_new = draw(__NUMBER__)
check.learned(check.accuracy(check.call(train, x_train, y_train), x_new, y_new), at_least=0.85, metric="accuracy")
