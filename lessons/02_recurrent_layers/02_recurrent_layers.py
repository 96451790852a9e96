# %% [markdown]
# # 2 · Recurrent layers: what is inside a cell
#
# <!-- colab-badge -->
#
# **How can a layer with a fixed number of weights read a sequence of any length, and what decides how long it remembers?**
# A recurrent layer answers with a *state*: a small vector that it hands from each timestep to the next. In this lesson you open
# Keras' three recurrent layers until nothing is hidden: every weight accounted for, every number of their output made again by your own code.
#
# After it you can
#
# * write one step of a `SimpleRNN`, an `LSTM` and a `GRU` in NumPy, and say what each gate is for;
# * tell the weights' shapes and the number of parameters of any stack before you build it;
# * choose `return_sequences` and `return_state`, and know the shapes that come out;
# * say why plain recurrent layers forget, and set an LSTM up so that it does not;
# * write a cell of your own and run it in Keras, and know which options cost you the fast path on a GPU.
#
# *Time:* about 120 minutes to read and solve. *Before this:* lesson 1 (windows, padding and masks, `Embedding`).

# %% setup=true

# %% given="imports"
import keras
import numpy as np
import tensorflow as tf
from keras import layers

# %% [markdown]
# ## 1 · A digit is a movement
#
# Forty-four people wrote digits on a tablet. Each digit is eight positions of the pen along its stroke, in the order in which it was drawn:
# `x` has the shape `(samples, timesteps, features)` with 8 timesteps and 2 features, how far right and how far up. We move the origin to the middle,
# so that positions run from −1 to 1. Thirty writers are for training. The other fourteen are for testing, so no test digit comes from a known hand.

# %% given="digits"
(x_train, y_train), (x_test, y_test) = lab.data.pen_digits()
x_train, x_test = 2 * x_train - 1, 2 * x_test - 1

# %%
first_of_each = [int(np.flatnonzero(y_train == digit)[0]) for digit in range(10)]
print("x_train", x_train.shape, " x_test", x_test.shape)
figure = lab.plot.strokes(x_train[first_of_each], y_train[first_of_each])
alt = "One example of each digit: eight points joined in order, coloured by timestep."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Before any network, a naive baseline. Give each digit the class whose *average* training example is nearest, or the class of the nearest single example.
# Do it twice: with the points in the order in which they were drawn, and with the same eight points sorted from left to right, so that this order is lost.

# %%
def nearest(train, labels, test):
    """The label of the row of `train` nearest to each row of `test`."""
    train, test = train.reshape(len(train), -1), test.reshape(len(test), -1)
    # The squared distance is a² - 2ab + b². Here b² is left out: it is the same for all of a row.
    distance = (train**2).sum(axis=1) - 2 * test @ train.T
    return labels[distance.argmin(axis=1)]


def sorted_points(x):
    """The eight points of each digit from left to right, equal ones from below."""
    from_left = np.lexsort((x[:, :, 1], x[:, :, 0]))  # (samples, 8)
    return np.take_along_axis(x, from_left[:, :, None], axis=1)


digits = np.arange(10)
for order, arrange in {"in the order drawn": np.asarray, "sorted": sorted_points}.items():
    known, new = arrange(x_train), arrange(x_test)
    averages = np.stack([known[y_train == digit].mean(axis=0) for digit in digits])
    by_average = np.mean(nearest(averages, digits, new) == y_test)
    by_example = np.mean(nearest(known, y_train, new) == y_test)
    print(f"points {order}: nearest average {by_average:.3f}, nearest example {by_example:.3f}")

# %% [markdown]
# The same points without their order tell much less: both fall. And in order, the nearest example is honest competition: a method without any training is right on nearly 98% of these digits.
# It can do that because every digit here has exactly eight points, and because it keeps every example it has seen. The recurrent layers of this lesson keep a small part of these numbers
# (section 10 counts them), and read any length. Let us see what they do.
#
# ### What does a layer know of earlier timesteps?
#
# A `Dense` layer treats each timestep alone. A recurrent layer does not. To see the difference, nudge the pen's *first* position and watch how much
# the output at *every* timestep moves. Nothing is trained yet.

# %%
keras.utils.set_random_seed(2)
digit = x_test[:1]  # (1, 8, 2)
nudged = digit.copy()
nudged[0, 0, 0] += 0.5

responses = {}
every = {"return_sequences": True}
for layer in (layers.Dense(32), layers.SimpleRNN(32, **every), layers.LSTM(32, **every)):
    change = np.array(layer(nudged)) - np.array(layer(digit))  # (1, 8, 32)
    responses[type(layer).__name__] = np.linalg.norm(change[0], axis=-1)

figure = lab.plot.echoes(responses)
alt = "A nudge at timestep 0 moves Dense's output there only, the others' at every timestep."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# `Dense` has forgotten the nudge one step later; it never knew. The `SimpleRNN` still feels it plainly at the end of the digit. The LSTM's line falls to 0.01 or 0.02, near the
# axis and not on it: untrained, it halves what it holds in about two steps (section 8 says why). What carries the nudge is the state.
#
# ## 2 · The simplest cell
#
# At each timestep a `SimpleRNN` makes its new state of two things: the input now and the state before.
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b)$$
#
# | | name in Keras | shape |
# |---|---|---|
# | $x_t$ | the input at one timestep | `(batch, features)` |
# | $h_{t-1}$, $h_t$ | the state before and after, and also the output | `(batch, units)` |
# | $W$ | `kernel` | `(features, units)` |
# | $U$ | `recurrent_kernel` | `(units, units)` |
# | $b$ | `bias` | `(units,)` |
#
# The same $W$, $U$ and $b$ serve at every timestep: that is why the number of weights does not depend on the length of the sequence.
# `get_weights()` returns them in the order of the table.

# %%
layer = layers.SimpleRNN(32)
layer.build((None, 8, 2))
for weight in layer.weights:
    print(f"{weight.name:<17}{tuple(weight.shape)}")

# %% [markdown]
# ### Exercise: one step
#
# Write the equation in NumPy. Everything is a matrix product or a sum; `@` is the matrix product.

# %% exercise="rnn-step"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    """Return the next state of a SimpleRNN, float (batch, units).

    x: (batch, features), the input at one timestep; h: (batch, units), the state before it.
    kernel: (features, units); recurrent_kernel: (units, units); bias: (units,).

    With x = [[1.0]], h = [[0.5]], kernel = [[2.0]], recurrent_kernel = [[-1.0]] and bias = [0.25]
    the result is tanh(2.0 - 0.5 + 0.25) = [[0.9414]].
    """
    ### BEGIN SOLUTION
    return np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    ### END SOLUTION

# %% test="rnn-step" points=1
check.cell_step(rnn_step, layers.SimpleRNNCell(5), features=2)
check.cell_step(rnn_step, layers.SimpleRNNCell(1), features=7, batch=1, seed=1)

# %% [markdown]
# A layer is its cell in a loop: begin with a state of zeros, take the timesteps one by one; the last state is what the layer returns.
# When your step passes, remove the `# ` below and run it over a whole digit. The difference from Keras shrinks from about one to about a ten-millionth.

# %%
layer = layers.SimpleRNN(32)
expected = np.array(layer(digit))  # (1, 32)

h = np.zeros((1, 32))
for t in range(digit.shape[1]):
    # h = rnn_step(digit[:, t], h, *layer.get_weights())
    ...
print(f"largest difference from Keras: {np.abs(h - expected).max():.1e}")

# %% [markdown]
# ## 3 · How far back can it remember?
#
# A network learns from a timestep only if a gradient reaches it: by the chain rule, what timestep *t* adds to a weight's gradient is the derivative of the loss with respect to
# that step's sum, times its input and state. If the first factor is nearly zero, the weights learn nothing from that step. And what blocks it blocks the input's effect, too. So ask: if the input *k* timesteps before the end changes a little, how much does the last
# state change? That derivative is the gradient at **lag** *k*. Lag 0 is the last timestep.
#
# Strip a recurrent layer to its bones to see it: no tanh, no bias, one unit, $h_t = x_t + a\,h_{t-1}$. Each step multiplies what it carries by $a$.
# A number is written into the state once, and then only carried:

# %%
for a in (0.5, 0.9, 1.1):
    state = 1.0
    for _step in range(20):
        state = a * state
    print(f"a = {a}: after 20 steps {state:.3g} is left")

# %% given="linear"
def linear_rnn(a, units=1):
    """A SimpleRNN that is linear, h_t = x_t + a h_(t-1), on as many features as units."""
    layer = layers.SimpleRNN(units, activation=None, use_bias=False)
    layer.build((None, None, units))
    layer.set_weights([np.eye(units), a * np.eye(units)])
    return layer

# %% [markdown]
# ### Exercise: the gradient at a lag
#
# For a real layer, TensorFlow can measure this. A `GradientTape` records a computation and differentiates it. The gradient has the shape of what
# is watched, and is `None` for what is not:
#
# ```python
# v = tf.constant([1.0, 2.0, 3.0])
# with tf.GradientTape() as tape:
#     tape.watch(v)
#     result = tf.reduce_sum(v**2)
# slope = tape.gradient(result, v)      # [2.0, 4.0, 6.0], the shape of v
# ```
#
# Measure the gradient at a lag for any recurrent layer. Count the lag from the *end* of the sequence.

# %% exercise="gradient"
def gradient_at_lag(layer, x, lag):
    """Return how the last output of `layer` depends on the input `lag` timesteps before the end.

    layer: a recurrent layer that returns its last output, (batch, units), called as layer(x).
    x: a NumPy array, float32 (batch, timesteps, features); tf.convert_to_tensor(x) makes of it
    a tensor that a tape can watch.
    lag: int; 0 is the last timestep, timesteps - 1 the first.
    Returns (batch, features): the gradient of the sum of the last output with respect to the
    input at that timestep.

    For linear_rnn(0.5), any x of shape (1, 10, 1) and lag 3 the result is [[0.125]], 0.5 ** 3.
    """
    ### BEGIN SOLUTION
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    gradient = tape.gradient(total, x)
    return gradient[:, x.shape[1] - 1 - lag].numpy()
    ### END SOLUTION

# %% test="gradient" points=1
for a, left in {0.5: 9.5e-7, 0.9: 0.1216, 1.1: 6.73}.items():
    check.lag_gradient(gradient_at_lag, linear_rnn(a), lag=20, timesteps=22, expected=left)

# %% test="gradient" points=1 hidden=true
linear = linear_rnn(-0.7, units=2)
for lag in (0, 4):
    sizes = {"timesteps": 5, "batch": 3, "expected": (-0.7) ** lag}
    check.lag_gradient(gradient_at_lag, linear, lag, **sizes)
keras.utils.set_random_seed(3)
built = layers.GRU(6)
built.build((None, None, 2))
check.lag_gradient(gradient_at_lag, built, lag=2, timesteps=6, batch=3, seed=5)

# %% [markdown]
# What you measured at lag 20 is the number that the loop above left after 20 steps. At lag *k* the gradient of the linear cell is $a^k$:

# %%
lags = np.arange(31)
powers = {f"a = {a}": a**lags for a in (0.5, 0.9, 1.1)}
figure = lab.plot.gradients_by_lag(powers)
alt = "The gradient over the lag: straight lines, falling for 0.5 and 0.9, rising for 1.1."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# At lag 20 it is 0.00000095 for $a = 0.5$, 0.1216 for 0.9 and 6.73 for 1.1. Below one it *vanishes*, above one it *explodes*,
# and only a value very near to one lasts. With many units, $U$ is a matrix: it stretches some directions of the state and shrinks others
# (its *eigenvalues* say by how much), so each direction has its own $a$. And the slope of tanh, at most 1, shrinks
# all of it further. A plain recurrent layer must keep one matrix near that edge for everything it carries. The cells to come solve it in another way: they let each unit
# *choose its own factor at each timestep*.
#
# ## 4 · Gates
#
# A **gate** is a number between 0 and 1 for each unit: the sigmoid, $\sigma(a) = 1 / (1 + e^{-a})$, of a weighted sum of the input and the state. Multiplying by it lets through that share.
# Here are the three cells. The blue road is the state; the coloured circles are gates.

# %%
figure = lab.plot.cell_diagrams()
alt = "SimpleRNN rewrites its state; in GRU and LSTM a gate scales it, then it is added to."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# In a `SimpleRNN` the state goes through a matrix and a tanh at every step. In the other two it runs straight on, scaled by a gate, then added to.
#
# ### LSTM
#
# It keeps two states: $c$, the memory on the road, and $h$, what it shows to the world. ($\odot$ multiplies unit by unit.)
#
# $$\begin{aligned}
# i &= \sigma(x_t W_i + h_{t-1} U_i + b_i) && \text{input gate: how much of the new is written}\\
# f &= \sigma(x_t W_f + h_{t-1} U_f + b_f) && \text{forget gate: how much of the old is kept}\\
# \tilde c &= \tanh(x_t W_c + h_{t-1} U_c + b_c) && \text{candidate: what would be written}\\
# o &= \sigma(x_t W_o + h_{t-1} U_o + b_o) && \text{output gate: how much is shown}\\
# c_t &= f \odot c_{t-1} + i \odot \tilde c \\
# h_t &= o \odot \tanh(c_t)
# \end{aligned}$$
#
# Keras does not keep four matrices $W$. It lays them side by side in one `kernel` of shape `(features, 4 · units)`, **in the order i, f, c, o**, and
# the same for `recurrent_kernel` and `bias`. One large product is faster than four small ones. Here they are nearly to scale (a bias is one row, drawn thicker), for 8 features and 32 units:

# %%
figure = lab.plot.weight_map(features=8, units=32)
alt = "Weights nearly to scale: SimpleRNN one slice; GRU z, r, h; LSTM i, f, c, o."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# You need not take the order on trust. Keras begins every bias with zeros, except the forget gate's, which begins with ones. Look for them:

# %%
layer = layers.LSTM(3)
layer.build((None, 8, 2))
print("bias:", layer.get_weights()[2])

# %% [markdown]
# The ones stand in the second slice of four: that is *f*. (Why ones? Section 8 makes that visible.)
#
# ### Exercise: one LSTM step
#
# If a gate is wrong, the check tells you which one.
# `np.split(a, 4, axis=-1)` cuts an array into four equal slices.

# %% exercise="lstm-step"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    """Return the next states (h, c) of an LSTM, each float (batch, units).

    x: (batch, features); h and c: (batch, units), the states before.
    kernel: (features, 4 * units); recurrent_kernel: (units, 4 * units); bias: (4 * units,);
    the slices are in the order i, f, c, o.

    With all weights 0 each gate is 0.5 and the candidate 0: from h = [[0.0]] and c = [[1.0]]
    come h = 0.5 * tanh(0.5) = [[0.2311]] and c = [[0.5]].
    """
    ### BEGIN SOLUTION
    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
    h = sigmoid(o) * np.tanh(c)
    return h, c
    ### END SOLUTION

# %% test="lstm-step" points=1
check.cell_step(lstm_step, layers.LSTMCell(5), features=2)
check.cell_step(lstm_step, layers.LSTMCell(3), features=8, batch=1, seed=1)

# %% test="lstm-step" points=1 hidden=true
check.cell_step(lstm_step, layers.LSTMCell(17), features=11, batch=6, seed=2)

# %% [markdown]
# ### GRU
#
# The gated recurrent unit has one state and two gates. The update gate $z$ does the work of both *f* and *i*: what is not kept is replaced.
# The reset gate $r$ decides how much of the old state the candidate may look at.
#
# $$\begin{aligned}
# z &= \sigma(x_t W_z + b_z + h_{t-1} U_z + b'_z) && \text{update gate: how much of the old is kept}\\
# r &= \sigma(x_t W_r + b_r + h_{t-1} U_r + b'_r) && \text{reset gate}\\
# \tilde h &= \tanh\big(x_t W_h + b_h + r \odot (h_{t-1} U_h + b'_h)\big) && \text{candidate}\\
# h_t &= z \odot h_{t-1} + (1 - z) \odot \tilde h
# \end{aligned}$$
#
# The slices are **in the order z, r, h**. The bias has the shape `(2, 3 · units)`: `bias[0]`, here $b$, belongs to the input term and `bias[1]`, here $b'$, to the recurrent term.
#
# Two traps. First, the reset gate multiplies the *finished* recurrent term, with its bias: that is `reset_after=True`, the default and what NVIDIA's fast routine computes on a GPU (section 7).
# The paper on GRUs, [as published](https://arxiv.org/abs/1406.1078v3), multiplies $h_{t-1}$ *before* the product (`reset_after=False`, one bias of shape `(3 · units,)`); its
# first version, v1, multiplies after. Keras' page on GRU calls the published form the default; its signature says `reset_after=True`.
# Second, some texts write $(1-z) \odot h_{t-1} + z \odot \tilde h$. That is the same family of functions with the opposite meaning of $z$; weights do not carry over.
#
# ### Exercise: one GRU step
#
# Write it with `reset_after=True`.

# %% exercise="gru-step"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    """Return the next state h of a GRU with reset_after=True, float (batch, units).

    x: (batch, features); h: (batch, units), the state before.
    kernel: (features, 3 * units); recurrent_kernel: (units, 3 * units);
    the slices are in the order z, r, h.
    bias: (2, 3 * units); bias[0] is added to the input term, bias[1] to the recurrent term.

    With all weights 0, z is 0.5 and the candidate 0: from h = [[1.0]] comes [[0.5]].
    """
    ### BEGIN SOLUTION
    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    input_z, input_r, input_h = np.split(x @ kernel + bias[0], 3, axis=-1)
    state_z, state_r, state_h = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z = sigmoid(input_z + state_z)
    r = sigmoid(input_r + state_r)
    candidate = np.tanh(input_h + r * state_h)
    return z * h + (1 - z) * candidate
    ### END SOLUTION

# %% test="gru-step" points=1
check.cell_step(gru_step, layers.GRUCell(5), features=2)
check.cell_step(gru_step, layers.GRUCell(3), features=8, batch=1, seed=1)

# %% test="gru-step" points=1 hidden=true
check.cell_step(gru_step, layers.GRUCell(17), features=11, batch=6, seed=2)

# %% [markdown]
# ## 5 · Count the weights before you build
#
# You have now used every number that these layers hold, so you can count them. Look at the drawing of the slices again. With *f* features and *u* units each slice has a kernel of
# $f \cdot u$ numbers, a recurrent kernel of $u \cdot u$ and a bias of $u$ (two biases, in a GRU with `reset_after=True`). What is left is to know how many slices there are.
#
# In a stack, each layer's features are the units of the layer before. The number of timesteps appears nowhere.
# `Dense` has a kernel and a bias. `Embedding` has one row of units for each of its tokens and no bias; what it "reads" is the size of the vocabulary.
#
# Predict these six stacks.

# %% given="stacks"
NO_BIAS = {"use_bias": False}
stacks = {  # name: (features, or the vocabulary for an Embedding; layers (kind, units, options))
    "word classifier": (1000, [("Embedding", 64, {}), ("LSTM", 128, {}), ("Dense", 10, {})]),
    "GRU, then SimpleRNN": (
        1000,
        [("Embedding", 64, {}), ("GRU", 256, {}), ("SimpleRNN", 128, {}), ("Dense", 10, {})],
    ),
    "SimpleRNN on (5, 3)": (3, [("SimpleRNN", 128, {}), ("Dense", 2, {})]),
    "LSTM on (5, 10)": (10, [("LSTM", 1000, NO_BIAS), ("Dense", 2, {})]),
    "GRU on (5, 10)": (10, [("GRU", 128, NO_BIAS), ("Dense", 2, {})]),
    "two LSTMs": (10, [("LSTM", 32, {}), ("LSTM", 64, {}), ("Dense", 5, {})]),
}

# %% [markdown]
# ### Exercise: count the weights
#
# No Keras here, only arithmetic.

# %% exercise="count"
def count_parameters(features, stack):
    """Return the number of weights in a stack of layers, an int.

    features: int, what the first layer reads (the vocabulary's size, if it is an Embedding).
    stack: a list of (kind, units, options), with kind one of "Embedding", "SimpleRNN", "LSTM",
    "GRU" and "Dense". options is a dictionary that may hold use_bias and, for a GRU, reset_after;
    both are True unless given.

    count_parameters(3, [("Dense", 4, {})]) is 3 * 4 + 4 = 16.
    """
    ### BEGIN SOLUTION
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        inputs = features + units if kind in ("SimpleRNN", "LSTM", "GRU") else features
        biases = 2 if kind == "GRU" and options.get("reset_after", True) else 1
        if kind == "Embedding" or not options.get("use_bias", True):
            biases = 0
        total += slices * units * (inputs + biases)
        features = units
    return total
    ### END SOLUTION

# %% cases="count"
def count(features, stack, lstm=4, gru=3, bias=1, after=2, before=1, state=1, chain=True,
          table=0, once=False):  # fmt: skip
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": lstm, "GRU": gru}.get(kind, 1)
        recurrent = kind in ("SimpleRNN", "LSTM", "GRU")
        biases = bias
        if kind == "GRU":
            biases = bias * (after if options.get("reset_after", True) else before)
        if kind == "Embedding" or not options.get("use_bias", True):
            biases = table * (kind == "Embedding")
        rows = slices * (features + state * recurrent * units)
        total += units * (rows + (1 if once else slices) * biases)
        features = units if chain else features
    return total


def bias_anyway(features, stack):
    return count(features, [(kind, units, {**options, "use_bias": True}) for kind, units, options in stack])


freeze(
    count,
    name="stack-count",
    visible=[
        (8, [("SimpleRNN", 32, {})]),
        (8, [("LSTM", 32, {})]),
        (8, [("GRU", 32, {})]),
        (8, [("GRU", 32, {"reset_after": False})]),
        (8, [("GRU", 32, NO_BIAS)]),
        *stacks.values(),
    ],
    hidden=[
        (50, [("Embedding", 12, {}), ("GRU", 7, {"reset_after": False}), ("Dense", 3, NO_BIAS)]),
        (6, [("GRU", 20, {}), ("SimpleRNN", 9, NO_BIAS), ("Dense", 1, {})]),
        (1, [("LSTM", 4, NO_BIAS), ("LSTM", 4, {})]),
        (9, [("GRU", 10, {"use_bias": False, "reset_after": False})]),
        (16, [("Dense", 16, {}), ("SimpleRNN", 16, {})]),
    ],
    mistakes={
        "The bias is missing: one number for each unit, in each slice.":
            lambda f, s: count(f, s, bias=0),
        "The recurrent kernel is missing: (units, units) for each slice.":
            lambda f, s: count(f, s, state=0, after=1),
        "The recurrent kernel is missing: (units, units) numbers for each slice.":
            lambda f, s: count(f, s, state=0),
        "An Embedding has a row of units for each token, and no bias.":
            lambda f, s: count(f, s, table=1),
        "A GRU has three slices: z, r and h.": lambda f, s: count(f, s, gru=4),
        "A bias belongs to each slice, not once to a layer.": lambda f, s: count(f, s, once=True),
        "That is the last layer alone. Add up all of them.":
            lambda f, s: count(([f] + [units for _, units, _ in s])[len(s) - 1], s[-1:]),
        "A Dense layer may do without a bias, too: use_bias=False.": lambda f, s: count(f, [
            (kind, units, {} if kind == "Dense" else options) for kind, units, options in s
        ]),
        "An LSTM has four slices and a GRU three, each with weights of its own.":
            lambda f, s: count(f, s, lstm=1, gru=1, after=1),
        "With reset_after=True, the default, a GRU has two biases in each slice.":
            lambda f, s: count(f, s, after=1),
        "With reset_after=False a GRU has one bias.": lambda f, s: count(f, s, before=2),
        "use_bias=False leaves out the biases, of a GRU both.": bias_anyway,
        "Each layer reads the units of the layer before, not the first features.":
            lambda f, s: count(f, s, chain=False),
    },
)

# %% test="count" points=1
check.cases(count_parameters, "stack-count")

# %% test="count" points=1 hidden=true
check.cases(count_parameters, "stack-count", hidden["stack-count"])

# %% [markdown]
# Now let Keras count. The last stack now begins with a `Masking` layer; masking has no weights.

# %%
every, no_bias = {"return_sequences": True}, {"use_bias": False}
words, gru = keras.Input((None,)), layers.GRU(256, **every)
built = [
    [words, layers.Embedding(1000, 64), layers.LSTM(128), layers.Dense(10)],
    [words, layers.Embedding(1000, 64), gru, layers.SimpleRNN(128), layers.Dense(10)],
    [keras.Input((5, 3)), layers.SimpleRNN(128, **every), layers.Dense(2)],
    [keras.Input((5, 10)), layers.LSTM(1000, **no_bias, **every), layers.Dense(2)],
    [keras.Input((5, 10)), layers.GRU(128, **no_bias, **every), layers.Dense(2)],
    [keras.Input((None, 10)), layers.Masking(), layers.LSTM(32, **every), layers.LSTM(64)],
]
built[-1].append(layers.Dense(5))

for name, stack in zip(stacks, built, strict=True):
    model = keras.Sequential(stack)
    recurrent = next(layer for layer in model.layers if isinstance(layer, layers.RNN))
    shapes = [tuple(weight.shape) for weight in recurrent.weights]
    print(f"{name:<20}{model.count_params():>10,}   {recurrent.name}:", *shapes)

# %% [markdown]
# ## 6 · What comes out
#
# By default a recurrent layer returns its last output only, `(batch, units)`. Two arguments change that:
#
# * `return_sequences=True`: the output at *every* timestep, `(batch, timesteps, units)`. The next recurrent layer needs it, and so does a model that says something at every timestep.
# * `return_state=True`: the output *and then* the final states. An encoder needs it (lesson 3).

# %%
x = np.zeros((4, 8, 2), "float32")
settings = [(False, False), (True, False), (False, True), (True, True)]
print(f"{'return_sequences':<18}{'return_state':<14}{'layer':<11}what comes out")
for sequences, state in settings:
    for kind in (layers.SimpleRNN, layers.GRU, layers.LSTM):
        result = kind(32, return_sequences=sequences, return_state=state)(x)
        shapes = [tuple(part.shape) for part in (result if state else [result])]
        print(f"{sequences!s:<18}{state!s:<14}{kind.__name__:<11}{', '.join(map(str, shapes))}")

# %% [markdown]
# An LSTM hands over two states, *h* and *c*; a GRU and a SimpleRNN one. And with `return_state=True` you get the last output twice, as *h* **is** the last output:

# %%
output, h, c = layers.LSTM(32, return_sequences=True, return_state=True)(x_test[:4])
print("h equals the last output:", np.array_equal(output[:, -1], h))
print("c equals h:              ", np.array_equal(c, h))

# %% [markdown]
# ### Exercise: predict the shapes
#
# Now for any of the three layers, before it is built.

# %% exercise="shapes"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    """Return the shapes of all that a recurrent layer returns, in order: a list of tuples of ints.

    kind: "SimpleRNN", "GRU" or "LSTM". batch, timesteps, units: ints.
    It is a list even if only one thing comes out.

    output_shapes("GRU", 4, 8, 32) is [(4, 32)].
    """
    ### BEGIN SOLUTION
    output = (batch, timesteps, units) if return_sequences else (batch, units)
    states = 2 if kind == "LSTM" else 1
    return [output] + [(batch, units)] * (states if return_state else 0)
    ### END SOLUTION

# %% cases="shapes"
def all_shapes(kind, batch, timesteps, units, sequences=False, state=False):
    output = (batch, timesteps, units) if sequences else (batch, units)
    return [output] + [(batch, units)] * (state * (1 + (kind == "LSTM")))


def states_in_time(kind, batch, timesteps, units, sequences=False, state=False):
    found = all_shapes(kind, batch, timesteps, units, sequences, state)
    return [found[0]] * len(found)


def two_states(kind, batch, timesteps, units, sequences=False, state=False):
    gated = kind != "SimpleRNN"
    return all_shapes("LSTM" if gated else kind, batch, timesteps, units, sequences, state)


def sliced(kind, batch, timesteps, units, sequences=False, state=False):
    found = all_shapes(kind, batch, timesteps, units, sequences, state)
    slices = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[kind]
    return [(*found[0][:-1], slices * units)] + found[1:]


options = [(sequences, state) for state in (False, True) for sequences in (False, True)]
kinds = ("SimpleRNN", "GRU", "LSTM")
freeze(
    all_shapes,
    name="shapes",
    visible=[("GRU", 4, 8, 32)] + [(kind, 4, 8, 32, *two) for kind in kinds for two in options],
    hidden=[
        (kind, *sizes, *two)
        for sizes in [(2, 5, 3), (1, 1, 7), (6, 4, 4)] for kind in kinds for two in options
    ],
    mistakes={
        "Without return_sequences only the last output comes: no time axis.":
            lambda k, b, t, u, q=False, s=False: [(b, t, u)] + all_shapes(k, b, t, u, q, s)[1:],
        "return_sequences=True keeps the time axis: one vector per timestep.":
            lambda k, b, t, u, q=False, s=False: all_shapes(k, b, t, u, False, s),
        "The last axis is the units: (batch, timesteps, units).":
            lambda k, b, t, u, q=False, s=False:
                [(b, u, t) if q else (b, u)] + all_shapes(k, b, t, u, q, s)[1:],
        "A state is one vector for each sequence: it has no time axis.": states_in_time,
        "A GRU and a SimpleRNN have one state; only an LSTM has two.":
            lambda k, b, t, u, q=False, s=False: all_shapes("LSTM", b, t, u, q, s),
        "A GRU has one state; only an LSTM has two.": two_states,
        "An LSTM has two states: the output, h and c come back.":
            lambda k, b, t, u, q=False, s=False: all_shapes("GRU", b, t, u, q, s),
        "return_state=True returns the output first, then the state.":
            lambda k, b, t, u, q=False, s=False:
                all_shapes(k, b, t, u, q, s)[s and not q:],
        "return_state=True returns the output first, also with return_sequences, then the state.":
            lambda k, b, t, u, q=False, s=False: all_shapes(k, b, t, u, q, s)[s:],
        "A SimpleRNN has a state, too: its h.":
            lambda k, b, t, u, q=False, s=False:
                all_shapes(k, b, t, u, q, s and k != "SimpleRNN"),
        "The batch stands first: (batch, timesteps, units).":
            lambda k, b, t, u, q=False, s=False:
                [(t, b, u) if q else (b, u)] + all_shapes(k, b, t, u, q, s)[1:],
        "What comes out has units places on its last axis: the slices are inside the layer.":
            lambda k, b, t, u, q=False, s=False: sliced(k, b, t, u, q, s),
    },
)

# %% test="shapes" points=1
check.cases(output_shapes, "shapes")

# %% test="shapes" points=1 hidden=true
check.cases(output_shapes, "shapes", hidden["shapes"])

# %% [markdown]
# ## 7 · Cells, layers and their options
#
# Keras keeps the step and the loop apart. A **cell** (`LSTMCell`) knows one step; `layers.RNN` runs any cell over time. `layers.LSTM(10)` is the two in one, made fast.
# With the same weights they compute the same:

# %%
together = layers.LSTM(10)
apart = layers.RNN(layers.LSTMCell(10))
expected = together(x_test)
apart.build(x_test.shape)
apart.set_weights(together.get_weights())
print("largest difference:", np.abs(np.array(apart(x_test)) - np.array(expected)).max())

# %% [markdown]
# So why two? Speed. On a GPU, `layers.LSTM` and `layers.GRU` hand the whole loop to [one routine of NVIDIA's cuDNN library](https://keras.io/api/layers/recurrent_layers/lstm/); a cell in `layers.RNN` is launched step by step.
# Some options also leave that fast path. Here is each option with the same weights (less the bias, in the last row): does it change the output outside training, does it change it in training, and is the
# layer still one for cuDNN? (`check.gpu_ready` asks this on any machine.)

# %%
plain = layers.LSTM(32)
expected = np.array(plain(x_test))
options = [{}, {"go_backwards": True}, {"unroll": True}, {"dropout": 0.5}]
options += [{"recurrent_dropout": 0.5}, {"activation": "relu"}, {"use_bias": False}]
print(f"{'option':<27}{'inference':<11}{'training':<11}on a GPU")
for option in options:
    layer = layers.LSTM(32, **option)
    layer.build(x_test.shape)
    layer.set_weights(plain.get_weights()[: len(layer.weights)])
    changes = []
    for training in (False, True):
        difference = np.abs(np.array(layer(x_test, training=training)) - expected).max()
        changes.append("changes" if difference > 1e-4 else "the same")
    try:
        check.gpu_ready(layer)
        path = "cuDNN"
    except check.CheckFailed:
        path = "step by step"
    print(f"{str(option or 'none'):<27}{changes[0]:<11}{changes[1]:<11}{path}")

# %% [markdown]
# * `go_backwards=True` reads from the last timestep to the first. With `return_sequences=True` the outputs come in that reversed order, too: flip them before you put them beside forward ones.
# * `unroll=True` writes the loop out as one long graph. The numbers stay the same; it can help on short sequences and costs memory on long ones. It needs a fixed length.
# * `dropout` switches off *input* features, only in training, the same ones for all gates. `recurrent_dropout` does the same to the *state*, and with it cuDNN cannot be used.
# * A mask keeps the fast path only if every sequence is padded on the *right*, as Keras' page says; with padding on the left the layer goes step by step.
# * Another activation or a missing bias also leaves the fast path. Nothing tells you: the model trains as before, but each timestep of an LSTM now launches twelve operations or more, where cuDNN is launched once for the whole sequence
#   (counted in TensorFlow's graph: docs/GPU.md of this course).
#
# ### A cell of your own
#
# A cell is a layer with a `state_size` and a `call(x, states)` that returns the output and a *list* of new states. Between the SimpleRNN and the GRU there is room for
# one: a *leaky* cell, whose gate is a constant that you set by hand.
#
# $$h_t = (1 - \alpha)\, h_{t-1} + \alpha \tanh(x_t W + h_{t-1} U + b)$$
#
# The leak $\alpha$ is the share that is replaced at each step. With $\alpha = 1$ this is a SimpleRNN. With a small $\alpha$ it changes slowly and remembers long,
# though it can never choose to hold one thing and drop another.
#
# ### Exercise: a leaky cell
#
# Write `LeakyCell.call`; the rest of the cell is given, and you need not follow it: `__init__` keeps the two settings, `build` makes the weights, once the number of features is known. `run_leaky` puts it into `layers.RNN`; leave that function as it is.

# %% exercise="leaky-cell"
class LeakyCell(layers.Layer):
    """h_t = (1 - leak) * h_(t-1) + leak * tanh(x_t W + h_(t-1) U + b), to be run in layers.RNN."""

    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        """Return the output (batch, units) and the list [new h]; the output is the new h.

        x: (batch, features); states: a list with the old h, (batch, units).
        Its weights are self.kernel, self.recurrent_kernel and self.bias; use keras.ops.tanh and @.
        """
        ### BEGIN SOLUTION
        h = states[0]
        new = keras.ops.tanh(x @ self.kernel + h @ self.recurrent_kernel + self.bias)
        h = (1 - self.leak) * h + self.leak * new
        return h, [h]
        ### END SOLUTION


def run_leaky(x, leak, weights):
    """Run the cell over x (batch, timesteps, features).

    Returns all outputs (batch, timesteps, units) and the last state (batch, units).
    """
    cell = LeakyCell(weights[1].shape[0], leak)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% cases="leaky-cell"
def leaky(x, leak, weights, new=np.tanh, old=lambda leak: 1 - leak, look=1, hand_on=None,
          around=lambda h: h, share=lambda leak: leak):  # fmt: skip
    kernel, recurrent_kernel, bias = weights
    h, outputs = np.zeros((len(x), len(bias)), "float32"), []
    for t in range(x.shape[1]):
        fresh = new(x[:, t] @ kernel + look * h @ recurrent_kernel + bias)
        output = around(old(leak) * h + share(leak) * fresh)
        outputs.append(output)
        h = output if hand_on is None else hand_on(h, fresh)
    return np.stack(outputs, axis=1).astype("float32"), h.astype("float32")


def fresh_out(x, leak, weights):
    kernel, recurrent_kernel, bias = weights
    outputs, h = leaky(x, leak, weights)
    before = np.concatenate([0 * outputs[:, :1], outputs[:, :-1]], axis=1)
    return np.tanh(x @ kernel + before @ recurrent_kernel + bias).astype("float32"), h


def some_weights(features, units, seed):
    random = np.random.default_rng(seed)
    sizes = ((features, units), (units, units), (units,))
    return [random.normal(size=size).round(2).astype("float32") for size in sizes]


impulse = np.array([[[1.0], [0], [0], [0]]], "float32")
alone = [np.eye(1, dtype="float32"), np.zeros((1, 1), "float32"), np.zeros(1, "float32")]
ramps = np.random.default_rng(8).normal(size=(2, 7, 3)).round(2).astype("float32")
freeze(
    leaky,
    function="run_leaky",
    parts=("the outputs", "the last state"),
    visible=[
        (impulse, 0.25, alone),
        (ramps, 0.4, some_weights(3, 4, 1)),
        (ramps, 1.0, some_weights(3, 4, 1)),
        (ramps, 0.0, some_weights(3, 4, 1)),
    ],
    hidden=[(ramps, 0.05, some_weights(3, 4, 9)), (ramps[:1, :5], 0.6, some_weights(3, 2, 3))],
    mistakes={
        "leak and 1 - leak are swapped: (1 - leak) belongs to the old state, leak to the new one.":
            lambda x, leak, w: leaky(x, 1 - leak, w),
        "The cell does not look at its old state, states[0], inside the tanh.":
            lambda x, leak, w: leaky(x, leak, w, look=0),
        "The new state is not handed on: return h, [h], the new h twice.":
            lambda x, leak, w: leaky(x, leak, w, hand_on=lambda h, fresh: h),
        "The fresh part is handed on in place of h: return h, [h], the new h twice.":
            lambda x, leak, w: leaky(x, leak, w, hand_on=lambda h, fresh: fresh),
        "The old state is added whole: it wants the factor (1 - leak).":
            lambda x, leak, w: leaky(x, leak, w, old=lambda leak: 1),
        "The leak is not used: this is a SimpleRNN.": lambda x, leak, w: leaky(x, 1.0, w),
        "The tanh is missing.": lambda x, leak, w: leaky(x, leak, w, new=lambda a: a),
        "The leak stands inside the tanh. It takes a share of what comes out of it.":
            lambda x, leak, w: leaky(x, leak, w, new=lambda a: np.tanh(leak * a) / (leak or 1)),
        "The fresh part is added whole: it wants the factor leak.":
            lambda x, leak, w: leaky(x, leak, w, share=lambda leak: 1),
        "The tanh goes around all of it. It belongs around the fresh part alone.":
            lambda x, leak, w: leaky(x, leak, w, new=lambda a: a, around=np.tanh),
        "The bias is missing.": lambda x, leak, w: leaky(x, leak, [*w[:2], 0 * w[2]]),
        "The output is the fresh part; the new h is asked, which is handed on, too.": fresh_out,
    },
    rtol=1e-4,
    atol=1e-5,
)

# %% test="leaky-cell" points=1
check.cases(run_leaky, "leaky-cell")

# %% test="leaky-cell" points=1 hidden=true
check.cases(run_leaky, "leaky-cell", hidden["leaky-cell"])

# %% [markdown]
# ## 8 · Watch the gates remember
#
# A test of pure memory: at timestep 0 comes one of four cues. Thirty timesteps of faint noise follow. At the end the model must say which cue it was.
# Guessing gets 0.25. The cue has to survive thirty steps, at **lag 30**.
#
# On its road the LSTM multiplies what it holds by the forget gate at each step. Before training the gate is about $\sigma(b_f)$, so about $\sigma(b_f)^{30}$ of the cue is left. Predict
# which of the biases 0, 1 and 3 learn this in six epochs.
#
# (The last `Dense` layer has no activation: it returns raw scores, called *logits*, and `from_logits=True` tells the loss to apply the softmax itself. Section 10 says why.)

# %%
def cues(samples, lag=30, seed=0):
    """Noise (samples, lag + 1, 4 features) after one of four cues, and the cues (samples,)."""
    random = np.random.default_rng(seed)
    x = random.normal(scale=0.2, size=(samples, lag + 1, 4)).astype("float32")
    y = random.integers(4, size=samples)
    x[:, 0] = np.eye(4)[y]
    return x, y


def memory_model(forget_bias, units=16):
    keras.utils.set_random_seed(0)
    lstm = layers.LSTM(units, unit_forget_bias=False)
    model = keras.Sequential([keras.Input((None, 4)), lstm, layers.Dense(4)])
    kernel, recurrent_kernel, bias = lstm.get_weights()
    bias[units : 2 * units] = forget_bias  # the second slice
    lstm.set_weights([kernel, recurrent_kernel, bias])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=["accuracy"])
    return model

# %%
x_cue, y_cue = cues(2000)
held_out = cues(1000, seed=1)
survival, accuracy = {}, {}
for forget_bias in (0, 1, 3):
    model = memory_model(forget_bias)
    settings = {"epochs": 6, "batch_size": 64, "validation_data": held_out, "verbose": 0}
    history = lab.fit_once(model, x_cue, y_cue, name=f"cue-bias-{forget_bias}", **settings)
    name = f"bias {forget_bias}"
    survival[name] = (1 / (1 + np.exp(-forget_bias))) ** np.arange(31)
    accuracy[name] = history.history["val_accuracy"]
    print(f"{name}: {survival[name][-1]:.1e} of the cue is left before training,", end=" ")
    print(f"held-out accuracy {accuracy[name][-1]:.2f} after")

figure = lab.plot.forgetting(survival, accuracy, chance=0.25)
alt = "After 30 steps bias 0 keeps 1e-9, bias 1 1e-4, bias 3 a quarter; bias 3 learns at once."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Bias 1 is the borderline: change the seed in `memory_model` and see when it learns, if it does.
#
# ### In your own words
#
# Explain the figure.
#
# 1. Why does the model with bias 0 stay at chance in these epochs, although it is the same layer with the same number of weights as the one with bias 3? Use the left panel and what you
#    found about the gradient at a lag in section 3.
# 2. What does a bias of 3 cost? Name a task on which it would be a bad beginning.
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-bias" points=2
### BEGIN SOLUTION
# With bias 0 each forget gate begins near σ(0) = 0.5, so each step halves what the cell holds: after 30 steps 0.5³⁰ ≈ 1e-9 of the cue is left.
# The road from the cue to the loss is the product of the same forget gates, so the gradient at lag 30 is also of the order of 1e-9:
# it is the linear cell of section 3 with a = 0.5. The weights that should open the gate get no signal that the cue mattered, and training moves on noise.
# With bias 3 the gates begin near σ(3) = 0.95, and 0.95³⁰ ≈ 0.23 of the cue and of the gradient arrive, so the first epochs can already learn to
# write the cue and keep it. Bias 1 lies between, at 1e-4: it learns late or not, depending on the seed. Nothing but the starting point differs: all three
# could represent the solution. The price: a cell that begins by keeping everything must first learn to forget. Where only the last few inputs count, or
# a memory must be cleared often (a running count that restarts, a tag that depends on the last word), old content drowns the new, and a long sequence fills the cell.
### END SOLUTION

# %% [markdown]
# Now look inside the model that learned. All gates of all timesteps come from one line, because the LSTM's outputs tell what $h_{t-1}$ was at each step.

# %%
lstm, (x, y) = model.layers[0], cues(1, seed=7)
kernel, recurrent_kernel, bias = lstm.get_weights()
every = layers.LSTM(16, return_sequences=True)
every.build(x.shape)
every.set_weights(lstm.get_weights())

h = np.array(every(x))[0]  # (31, 16)
before = np.concatenate([np.zeros((1, 16)), h[:-1]])
i, f, _candidate, o = np.split(x[0] @ kernel + before @ recurrent_kernel + bias, 4, axis=-1)
raw = {"i  input gate": i, "f  forget gate": f, "o  output gate": o}
opened = {name: 1 / (1 + np.exp(-a)) for name, a in raw.items()}
print(f"forget gate, mean over units and timesteps: {opened['f  forget gate'].mean():.2f}")

figure = lab.plot.gates(opened)
alt = "Gates of 16 units over 31 timesteps: forget gates stay near one, the others vary."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# The forget gates stay bright from end to end: that is the memory. They began at $\sigma(3) = 0.95$ and training left them there; what it learned is what to write and what to show.
#
# Keras sets their bias to 1 for you (`unit_forget_bias=True`); [Gers, Schmidhuber and Cummins](https://doi.org/10.1162/089976600300015015) added the gate in 2000, and
# [Jozefowicz and colleagues](https://proceedings.mlr.press/v37/jozefowicz15.html) reported in 2015 that a bias of 1 closes the gap between the LSTM and the GRU on their tasks. For a long lag you may set more.
#
# ## 9 · Sequences of different lengths
#
# Nine men each say two vowels in succession, /ae/ (Kudo, Toyama and Shimbo, 1999). The task: tell which of the nine is speaking. An utterance has 7 to 29 frames of 12 features; shorter ones are padded with zeros on the right, as in lesson 1.
# Watch one unit of an untrained GRU read a short utterance, with a mask and without.

# %%
train, test = lab.data.japanese_vowels()
x_vowel, _, y_vowel = train
x_vowel_test, frames, y_vowel_test = test
shortest = int(frames.argmin())
utterance = x_vowel_test[shortest : shortest + 1]  # (1, 29, 12)

keras.utils.set_random_seed(1)
gru = layers.GRU(32, return_sequences=True)
states = {
    "with a mask": np.array(gru(layers.Masking()(utterance)))[0, :, 0],
    "without": np.array(gru(utterance))[0, :, 0],
}
figure = lab.plot.padded_state(states, length=int(frames[shortest]))
alt = "The lines agree on real frames; in the padding the masked state stays, the other drifts."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Padding is not nothing: each frame of zeros is one more step for the cell. With a mask the state waits. Does it matter for the result? Train the same model twice, and
# test each on the padding it was trained with and on the same utterances padded to 60 frames.

# %%
longer = np.pad(x_vowel_test, ((0, 0), (0, 31), (0, 0)))  # (370, 60, 12)
for name, first in {"with a mask": [layers.Masking()], "without": []}.items():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 12)), *first, layers.GRU(32), layers.Dense(9)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=["accuracy"])
    receipt = "vowels-" + name.replace(" ", "-")
    lab.fit_once(model, x_vowel, y_vowel, name=receipt, epochs=20, batch_size=32, verbose=0)
    for x in (x_vowel_test, longer):
        guess = np.argmax(model(x), axis=-1)
        print(f"{name}, padded to {x.shape[1]}: accuracy {np.mean(guess == y_vowel_test):.3f}")

# %% [markdown]
# The masked model gives the same numbers twice, exactly: padding cannot reach it. The other has learned to read through the padding *it knows*, and fails when a batch happens to be padded further.
#
# How large is the gap at 29 frames? One run does not tell. Over ten seeds of this cell the masked model scored 0.94 to 0.98 and the other 0.83 to 0.93. Trained twice as long at half
# the learning rate, over six seeds, the gap shrank to 0.95 to 0.97 against 0.88 to 0.95, and for one seed it vanished. So on this data a mask is worth some ten points after short training, and a few or none after longer. What it always gives is the
# first property: an answer that does not depend on how long its neighbours in the batch are.
#
# ## 10 · Train one
#
# ### Exercise: read the digits
#
# Back to the digits. Train a recurrent classifier that is right on at least 94% of the digits of the fourteen writers it has never met. Free choice: LSTM or GRU, units, epochs.
#
# * Let the last layer return **logits**, ten raw scores without a softmax, and tell the loss: `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`. It is the numerically
#   safer way, and lesson 7 samples from logits. The hidden check also measures the cross-entropy of your logits on the same digits: at most 0.4.
# * Stay on the fast path: `check.gpu_ready` is part of the check.
# * Train through `lab.fit_once`, which is `model.fit` that remembers: run the cell again and it restores what was learned.
# * A place to begin: 64 units, Adam with a learning rate of 0.01, batches of 128, eight epochs.

# %% exercise="train-digits"
def train_digits(x, y):
    """Return a compiled, trained classifier of pen digits: (batch, 8, 2) -> logits (batch, 10).

    x: float32 (samples, 8 timesteps, 2 features), -1 to 1; y: int (samples,), classes 0 to 9.
    Train it with lab.fit_once(model, x, y, name="pen-digits", epochs=..., batch_size=...).
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=["accuracy"])
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model
    ### END SOLUTION

# %% test="train-digits" points=2
tested = check.trained(train_digits, x_train, y_train)
check.gpu_ready(tested)
check.recurrent(tested)
check.logits(check.call(tested, x_test[:50], name="the model"), "the model's output")
check.classifies(tested, x_test, y_test, at_least=0.94, metric="accuracy on unseen writers")

# %% test="train-digits" points=1 hidden=true
tested = check.trained(train_digits, x_train, y_train)
check.on_gpu(tested)
check.recurrent(tested)
logits = check.call(tested, x_test, name="the model")
check.shape(logits, (len(x_test), 10), "the model's output")
check.logits(logits, "the model's output")
surprise = check.cross_entropy(y_test, logits)
metric = "cross-entropy of the logits on unseen writers"
check.learned(surprise, at_most=0.4, metric=metric, baseline=2.303)

# %% [markdown]
# Compare with section 1. When your function passes, remove the `# ` below to see your network's score; it is restored from its receipt, not trained again.

# %%
print(f"nearest example: {x_train.size:,} numbers, accuracy 0.977")
# model = train_digits(x_train, y_train)
# accuracy = check.accuracy(model, x_test, y_test)
# print(f"your network: {model.count_params():,} numbers, accuracy {accuracy:.3f}")

# %% [markdown]
# Over twenty seeds an LSTM with 64 units, trained as suggested, scores 0.966 to 0.981, with a median of 0.973: about the same as the nearest example, with a seventh of the numbers.
# And behind a `keras.Input((None, 2))` the same weights would read nine points, or ninety.
#
# Does the kind of layer matter here? `lab` trains all three with one recipe, 64 units and six epochs:

# %%
figure = lab.readers.three_readers((x_train, y_train), (x_test, y_test))
alt = "SimpleRNN, GRU and LSTM all rise above 0.9 within six epochs and end close together."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# This is one seed for each, and another may change the order. Here the SimpleRNN, with about a quarter of the LSTM's weights, lands between the two gated layers: on eight timesteps there is
# little to forget, so gates earn little. The memory test of section 8 is where they pay. Which of the two your data resembles is the question to ask first.
#
# ### An option on a GPU: half precision
#
# Without a GPU you lose nothing by going on to section 11. Recent GPUs multiply numbers of 16 bits faster than numbers of 32 ([mixed precision](https://keras.io/api/mixed_precision/)). `lab.device.precision` builds models that *compute* in `float16` and *keep* their weights in `float32`. Here are the same weights in both:

# %%
stack = [keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)]
whole = keras.Sequential(stack)
with lab.device.precision("mixed_float16"):
    half = keras.Sequential([stack[0], layers.LSTM(64), layers.Dense(10, dtype="float32")])
half.set_weights(whole.get_weights())
print("the LSTM computes in", half.layers[0].compute_dtype, end=" ")
print("and keeps its weights in", half.layers[0].variable_dtype)
difference = np.abs(np.array(half(x_test)) - np.array(whole(x_test))).max()
print(f"largest difference of a logit: {difference:.4f}")

small, unlikely = np.float16(0.0004), np.float16(1e-5)
print(f"in float16, 1 + {small:.4f} is", np.float16(1) + small)
print("in float16, a probability of 1e-5 is", unlikely, " and 1e-8 is", np.float16(1e-8))

# %% [markdown]
# The logits agree to three decimals. The last lines say why not everything is halved. A weight near 1 would not notice a small update, so the weights stay in `float32`. And a probability of one in a hundred million is
# zero in `float16`, with an infinite loss, so the last layer stays in `float32`, too.
#
# If you have a GPU, put `with lab.device.precision("mixed_float16"):` around the model and its `compile` in your `train_digits`. It keeps the fast path and the checks; it is another training with a receipt of its own. Whether it is quicker for a model this small is a question for your GPU: time it. None was at hand where this page was built.
#
# ## 11 · Bug hunt: the output that could not be
#
# Somebody wrote a model, printed the shapes of its weights, and shared both:
#
# ```python
# model = keras.Sequential([
#     keras.Input((5, 10)),
#     layers.LSTM(1000, use_bias=False, return_sequences=True),
#     layers.Dense(2),
# ])
# for weight in model.layers[0].weights:
#     print(weight.shape)
# ```
#
# ```
# (10, 512)
# (128, 512)
# ```
#
# The code is sound and the output is real, and they do not belong together: the cell was edited after it had run, and the old output stayed below it. In a notebook this happens
# to everyone. An output is evidence only after *Restart and run all*. But weights do not lie: from the two shapes you can tell which layer printed them. (Which parts of `(10, 512)` and `(128, 512)` are features,
# which are units, and how many slices make 512?)
#
# ### Exercise: which model printed it?
#
# Work it out for any list of shapes, and build that model.

# %% exercise="bug-hunt"
def model_that_printed(shapes):
    """Return the Sequential model whose recurrent layer has weights of these shapes.

    shapes: a list of tuples, in Keras' order: kernel, recurrent kernel and, if there is one, bias.
    The model is keras.Input((5, features)), then a SimpleRNN, LSTM or GRU with
    return_sequences=True, then Dense(2).

    For [(3, 6), (6, 6), (6,)] the recurrent layer is SimpleRNN(6) on 3 features.
    """
    ### BEGIN SOLUTION
    (features, width), (units, _), *bias = [tuple(shape) for shape in shapes]
    options = {"use_bias": bool(bias), "return_sequences": True}
    kind = {1: layers.SimpleRNN, 3: layers.GRU, 4: layers.LSTM}[width // units]
    if kind is layers.GRU and bias:
        options["reset_after"] = len(bias[0]) == 2
    return keras.Sequential([keras.Input((5, features)), kind(units, **options), layers.Dense(2)])
    ### END SOLUTION

# %% test="bug-hunt" points=1
printed = [(10, 512), (128, 512)]
check.rebuilds(model_that_printed, printed, timesteps=5, outputs=2)

# %% test="bug-hunt" points=1 hidden=true
name = "the model for other shapes"
for shapes in [
    [(10, 36), (12, 36)],
    [(3, 12), (12, 12), (12,)],
    [(5, 24), (8, 24), (24,)],
    [(7, 32), (8, 32), (32,)],
]:
    check.rebuilds(model_that_printed, shapes, 5, 2, name, computes=False)
check.rebuilds(model_that_printed, [(6, 24), (8, 24), (2, 24)], 5, 2, name)
check.parameters(check.call(model_that_printed, [(10, 384), (128, 384)]), 53_250, name)

# %% [markdown]
# ## What you can do now
#
# You can open a recurrent layer and account for every number in it: one slice in a SimpleRNN, three in a GRU, four in an LSTM. You know that what is carried over time is
# multiplied at each step, why a factor below one forgets, and how a gate makes that factor a choice. You can say what shape comes out before you run it, write a
# cell and run it, and keep a model on the fast path. In lesson 3 the final state of one LSTM becomes the first state of another.
#
# To read on:
#
# * S. Hochreiter and J. Schmidhuber, [Long Short-Term Memory](https://doi.org/10.1162/neco.1997.9.8.1735), *Neural Computation* 9 (1997). The road called *c* is its "constant error carousel".
# * Keras, [Working with RNNs](https://keras.io/guides/working_with_rnns/).
# * C. Olah, [Understanding LSTM Networks](https://colah.github.io/posts/2015-08-Understanding-LSTMs/) (2015). The classic essay. Its GRU writes *z* the other way round, as you can now check.
