# Right and wrong answers to the exercises of 02_recurrent_layers: see docs/AUTHORING.md.

# %% exercise="rnn-step" right="inputs and state side by side, one product"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    both = np.concatenate([x, h], axis=1)
    return np.tanh(both @ np.concatenate([kernel, recurrent_kernel], axis=0) + bias)

# %% exercise="rnn-step" right="Keras ops and einsum"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    total = keras.ops.einsum("bf,fu->bu", x, kernel) + keras.ops.einsum("bv,vu->bu", h, recurrent_kernel)
    return keras.ops.tanh(total + bias)

# %% exercise="rnn-step" wrong="the bias is forgotten" points=0 says="The bias is missing"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel)

# %% exercise="rnn-step" wrong="no look at the old state" points=0 says="The recurrent term is missing"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + bias)

# %% exercise="rnn-step" wrong="a transposed recurrent kernel" points=0 says="The recurrent kernel is transposed"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel.T + bias)

# %% exercise="rnn-step" wrong="no tanh" points=0 says="The tanh is missing"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return x @ kernel + h @ recurrent_kernel + bias

# %% exercise="rnn-step" wrong="elementwise products" points=0 says="Two shapes do not fit"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x * kernel + h * recurrent_kernel + bias)

# %% exercise="gradient" right="a negative index"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    return tape.gradient(y, x)[:, -1 - lag].numpy()

# %% exercise="gradient" right="a Variable, and time reversed"
def gradient_at_lag(layer, x, lag):
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(layer(x))
    return tf.reverse(tf.convert_to_tensor(tape.gradient(y, x)), axis=[1])[:, lag]

# %% exercise="gradient" wrong="the lag counted from the start" points=0 says="The lag counts back"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)[:, lag].numpy()

# %% exercise="gradient" wrong="one timestep too near" points=0 says="One timestep too near"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)[:, -lag].numpy()

# %% exercise="gradient" wrong="the whole gradient" points=0 says="the gradient has the wrong shape"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x).numpy()

# %% exercise="gradient" wrong="summed over time" points=0 says="the sum over all timesteps"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    return tf.reduce_sum(tape.gradient(y, x), axis=1).numpy()

# %% exercise="gradient" wrong="not watched" points=0 says="The value is None"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)

# %% exercise="lstm-step" right="four separate products"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    u = h.shape[1]

    def gate(number):
        columns = slice(number * u, (number + 1) * u)
        return x @ kernel[:, columns] + h @ recurrent_kernel[:, columns] + bias[columns]

    i, f, o = (1 / (1 + np.exp(-gate(number))) for number in (0, 1, 3))
    c = f * c + i * np.tanh(gate(2))
    return o * np.tanh(c), c

# %% exercise="lstm-step" right="Keras ops, a reshape in place of a split"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    a = np.reshape(x @ kernel + h @ recurrent_kernel + bias, (len(x), 4, -1))
    s = keras.ops.sigmoid(a)
    c = s[:, 1] * c + s[:, 0] * keras.ops.tanh(a[:, 2])
    return s[:, 3] * keras.ops.tanh(c), c

# %% exercise="lstm-step" wrong="the slices as i, f, o, c" points=0 says="read in the order i, f, o, c"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, o, candidate = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    c = f * c + i * np.tanh(candidate)
    return o * np.tanh(c), c

# %% exercise="lstm-step" wrong="no tanh on the way out" points=0 says="The last tanh is missing"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    c = f * c + i * np.tanh(candidate)
    return o * c, c

# %% exercise="lstm-step" wrong="h of the old c" points=0 says="h is made of the old c"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    return o * np.tanh(c), f * c + i * np.tanh(candidate)

# %% exercise="lstm-step" wrong="c before h" points=0 says="h and c are swapped"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    c = f * c + i * np.tanh(candidate)
    return c, o * np.tanh(c)

# %% exercise="lstm-step" wrong="a GRU's coupling" points=0 says="1 − f stands where the input gate belongs"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    _, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    f, o = (1 / (1 + np.exp(-a)) for a in (f, o))
    c = f * c + (1 - f) * np.tanh(candidate)
    return o * np.tanh(c), c

# %% exercise="lstm-step" wrong="a second one added to the forget gate" points=0 says="forget gate f differs, slice 2 of 4"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f + 1, o))
    c = f * c + i * np.tanh(candidate)
    return o * np.tanh(c), c

# %% exercise="lstm-step" wrong="an output gate that does not see the state" points=0 says="output gate o differs, slice 4 of 4"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, _ = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    o = np.split(x @ kernel + bias, 4, axis=-1)[3]
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    c = f * c + i * np.tanh(candidate)
    return o * np.tanh(c), c

# %% exercise="lstm-step" wrong="only h comes back" points=0 says="An LSTM hands on h and c"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    return o * np.tanh(f * c + i * np.tanh(candidate))

# %% exercise="gru-step" right="the gates together, the candidate apart"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[1]
    a, b = x @ kernel + bias[0], h @ recurrent_kernel + bias[1]
    gates = 1 / (1 + np.exp(-(a + b)[:, : 2 * u]))
    z, r = gates[:, :u], gates[:, u:]
    return h + (1 - z) * (np.tanh(a[:, 2 * u :] + r * b[:, 2 * u :]) - h)

# %% exercise="gru-step" right="Keras ops"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = keras.ops.split(x @ kernel + bias[0], 3, axis=-1)
    hz, hr, hh = keras.ops.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z, r = keras.ops.sigmoid(xz + hz), keras.ops.sigmoid(xr + hr)
    return z * h + (1 - z) * keras.ops.tanh(xh + r * hh)

# %% exercise="gru-step" wrong="z as the share of the new" points=0 says="z and 1 − z are swapped"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = np.split(x @ kernel + bias[0], 3, axis=-1)
    hz, hr, hh = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
    return (1 - z) * h + z * np.tanh(xh + r * hh)

# %% exercise="gru-step" wrong="the reset before the product" points=0 says="This is reset_after=False"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = np.split(x @ kernel + bias[0] + bias[1], 3, axis=-1)
    uz, ur, uh = np.split(recurrent_kernel, 3, axis=-1)
    z, r = 1 / (1 + np.exp(-xz - h @ uz)), 1 / (1 + np.exp(-xr - h @ ur))
    return z * h + (1 - z) * np.tanh(xh + (r * h) @ uh)

# %% exercise="gru-step" wrong="r before z" points=0 says="read in the order r, z, h"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xr, xz, xh = np.split(x @ kernel + bias[0], 3, axis=-1)
    hr, hz, hh = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
    return z * h + (1 - z) * np.tanh(xh + r * hh)

# %% exercise="gru-step" wrong="the recurrent bias outside the reset" points=0 says="stands outside the reset gate"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = np.split(x @ kernel + bias[0] + bias[1], 3, axis=-1)
    hz, hr, hh = np.split(h @ recurrent_kernel, 3, axis=-1)
    z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
    return z * h + (1 - z) * np.tanh(xh + r * hh)

# %% exercise="gru-step" wrong="no reset gate" points=0 says="The reset gate is not used"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, _, xh = np.split(x @ kernel + bias[0], 3, axis=-1)
    hz, _, hh = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z = 1 / (1 + np.exp(-xz - hz))
    return z * h + (1 - z) * np.tanh(xh + hh)

# %% exercise="gru-step" wrong="one bias row" points=0 says="Only the input's bias[0] is used"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = np.split(x @ kernel + bias[0], 3, axis=-1)
    hz, hr, hh = np.split(h @ recurrent_kernel, 3, axis=-1)
    z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
    return z * h + (1 - z) * np.tanh(xh + r * hh)

# %% exercise="count" right="one formula for each kind"
def count_parameters(features, stack):
    total = 0
    for kind, u, options in stack:
        b = int(options.get("use_bias", True))
        total += {
            "Embedding": features * u,
            "Dense": u * (features + b),
            "SimpleRNN": u * (features + u + b),
            "LSTM": 4 * u * (features + u + b),
            "GRU": 3 * u * (features + u + b * (1 + options.get("reset_after", True))),
        }[kind]
        features = u
    return total

# %% exercise="count" right="Keras counts"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        if kind == "Embedding":
            layer = layers.Embedding(features, units)
            layer.build((None, None))
        else:
            layer = getattr(layers, kind)(units, **options)
            layer.build((None, features) if kind == "Dense" else (None, None, features))
        total += layer.count_params()
        features = units
    return total

# %% exercise="count" wrong="reset_after forgotten" points=0 says="two biases in each slice"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        state = units if kind in ("SimpleRNN", "LSTM", "GRU") else 0
        bias = kind != "Embedding" and options.get("use_bias", True)
        total += slices * units * (features + state + bias)
        features = units
    return total

# %% exercise="count" wrong="two biases whatever reset_after says" points=0 says="With reset_after=False a GRU has one bias"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        state = units if kind in ("SimpleRNN", "LSTM", "GRU") else 0
        bias = 0 if kind == "Embedding" or not options.get("use_bias", True) else 1 + (kind == "GRU")
        total += slices * units * (features + state + bias)
        features = units
    return total

# %% exercise="count" wrong="no biases" points=0 says="The bias is missing"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        total += slices * units * (features + (units if kind in ("SimpleRNN", "LSTM", "GRU") else 0))
        features = units
    return total

# %% exercise="count" wrong="no gates" points=0 says="An LSTM has four slices"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        state = units if kind in ("SimpleRNN", "LSTM", "GRU") else 0
        total += units * (features + state + (kind != "Embedding" and options.get("use_bias", True)))
        features = units
    return total

# %% exercise="count" wrong="every layer reads the first features" points=0 says="reads the units of the layer before"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        inputs = features + units if kind in ("SimpleRNN", "LSTM", "GRU") else features
        biases = 2 if kind == "GRU" and options.get("reset_after", True) else 1
        if kind == "Embedding" or not options.get("use_bias", True):
            biases = 0
        total += slices * units * (inputs + biases)
    return total

# %% exercise="count" wrong="no recurrent kernel" points=0 says="The recurrent kernel is missing"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        total += slices * units * (features + (kind != "Embedding" and options.get("use_bias", True)))
        features = units
    return total

# %% exercise="count" wrong="the known answers looked up" points=1 says="the count of another stack"
def count_parameters(features, stack):
    single = {"SimpleRNN": 1312, "LSTM": 5248, "GRU": 4032}
    if len(stack) == 1 and features == 8:
        kind, _, options = stack[0]
        return 3840 if "use_bias" in options else 3936 if "reset_after" in options else single[kind]
    known = {(1000, 3): 164106, (1000, 4): 361866, (3, 2): 17154, (10, 3): 30661}
    if len(stack) > 1 and stack[0][0] == "LSTM" and stack[0][1] == 1000:
        return 4042002
    if len(stack) > 1 and stack[0][0] == "GRU":
        return 53250
    return known.get((features, len(stack)), 0)

# %% exercise="shapes" right="a list that grows"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    shapes = [(batch, timesteps, units)] if return_sequences else [(batch, units)]
    if return_state:
        shapes.append((batch, units))
        if kind == "LSTM":
            shapes.append((batch, units))
    return shapes

# %% exercise="shapes" right="ask Keras"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    layer = getattr(layers, kind)(units, return_sequences=return_sequences, return_state=return_state)
    result = layer(np.zeros((batch, timesteps, 1), "float32"))
    return [tuple(part.shape) for part in (result if return_state else [result])]

# %% exercise="shapes" wrong="two states for every layer" points=0 says="A GRU has one state"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    output = (batch, timesteps, units) if return_sequences else (batch, units)
    if return_state and kind != "SimpleRNN":
        return [output, (batch, units), (batch, units)]
    return [output, (batch, units)] if return_state else [output]

# %% exercise="shapes" wrong="one state for every layer" points=0 says="An LSTM has two states"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    output = (batch, timesteps, units) if return_sequences else (batch, units)
    return [output] + [(batch, units)] * return_state

# %% exercise="shapes" wrong="every timestep, always" points=0 says="only the last output comes"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    return [(batch, timesteps, units)] + [(batch, units)] * (return_state * (1 + (kind == "LSTM")))

# %% exercise="shapes" wrong="states with a time axis" points=0 says="A state is one vector for each sequence"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    output = (batch, timesteps, units) if return_sequences else (batch, units)
    return [output] * (1 + return_state * (1 + (kind == "LSTM")))

# %% exercise="shapes" wrong="units and timesteps swapped" points=0 says="The last axis is the units"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    output = (batch, units, timesteps) if return_sequences else (batch, units)
    return [output] + [(batch, units)] * (return_state * (1 + (kind == "LSTM")))

# %% exercise="shapes" wrong="the state in place of the output" points=0 says="the output first, then the state"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    if return_sequences:
        return [(batch, timesteps, units)] + [(batch, units)] * (return_state * (1 + (kind == "LSTM")))
    return [(batch, units)] * (1 + (return_state and kind == "LSTM"))

# %% exercise="leaky-cell" right="a step towards the new state"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        (h,) = states
        total = keras.ops.matmul(x, self.kernel) + keras.ops.matmul(h, self.recurrent_kernel)
        h = h + self.leak * (keras.ops.tanh(total + self.bias) - h)
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" right="a SimpleRNNCell inside"
class LeakyCell(layers.SimpleRNNCell):
    def __init__(self, units, leak, **kwargs):
        super().__init__(units, **kwargs)
        self.leak = leak

    def call(self, x, states, training=False):
        new, _ = super().call(x, states, training=training)
        h = (1 - self.leak) * states[0] + self.leak * new
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="leak and 1 - leak swapped" points=0 says="(1 - leak) belongs to the old state"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        new = keras.ops.tanh(x @ self.kernel + states[0] @ self.recurrent_kernel + self.bias)
        h = self.leak * states[0] + (1 - self.leak) * new
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the old state is handed on" points=0 says="does not look at its old state"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        new = keras.ops.tanh(x @ self.kernel + states[0] @ self.recurrent_kernel + self.bias)
        h = (1 - self.leak) * states[0] + self.leak * new
        return h, states


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the old state added whole" points=0 says="the output with leak 1, a SimpleRNN"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        new = keras.ops.tanh(x @ self.kernel + states[0] @ self.recurrent_kernel + self.bias)
        h = states[0] + self.leak * new
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="no look at the old state" points=0 says="does not look at its old state"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        new = keras.ops.tanh(x @ self.kernel + self.bias)
        h = (1 - self.leak) * states[0] + self.leak * new
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="a SimpleRNN without a leak" points=0 says="with leak 0"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        new = keras.ops.tanh(x @ self.kernel + states[0] @ self.recurrent_kernel + self.bias)
        return new, [new]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the state is not in a list" points=0 says="A cell returns its output and a list"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        new = keras.ops.tanh(x @ self.kernel + states[0] @ self.recurrent_kernel + self.bias)
        h = (1 - self.leak) * states[0] + self.leak * new
        return h


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the fresh part handed on in place of h" points=0 says="with leak 0"
class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        units = self.state_size
        self.kernel = self.add_weight(shape=(input_shape[-1], units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(units,), name="bias")

    def call(self, x, states):
        new = keras.ops.tanh(x @ self.kernel + states[0] @ self.recurrent_kernel + self.bias)
        h = (1 - self.leak) * states[0] + self.leak * new
        return h, [new]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="bug-hunt" right="the kinds tried one after another"
def model_that_printed(shapes):
    shapes = [tuple(shape) for shape in shapes]
    features, units, bias = shapes[0][0], shapes[1][0], len(shapes) == 3
    for kind in (layers.LSTM, layers.GRU, layers.SimpleRNN):
        for more in ({}, {"reset_after": False}) if kind is layers.GRU else ({},):
            layer = kind(units, use_bias=bias, return_sequences=True, **more)
            model = keras.Sequential([keras.Input((5, features)), layer, layers.Dense(2)])
            if [tuple(weight.shape) for weight in layer.weights] == shapes:
                return model

# %% exercise="bug-hunt" right="the functional way"
def model_that_printed(shapes):
    features, width = shapes[0]
    units = shapes[1][0]
    bias = len(shapes) > 2
    inputs = keras.Input((5, features))
    if width == 4 * units:
        layer = layers.LSTM(units, use_bias=bias, return_sequences=True)
    elif width == 3 * units:
        after = not bias or len(shapes[2]) == 2
        layer = layers.GRU(units, use_bias=bias, reset_after=after, return_sequences=True)
    else:
        layer = layers.SimpleRNN(units, use_bias=bias, return_sequences=True)
    model = keras.Sequential([inputs, layer])
    model.add(layers.Dense(2))
    return model

# %% exercise="bug-hunt" wrong="the code believed" points=0 says="trust the output, not the code"
def model_that_printed(shapes):
    recurrent = layers.LSTM(1000, use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, 10)), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="512 units" points=0 says="512 is the width of all slices together"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[0][1], use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="a bias nobody printed" points=0 says="there is no bias"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[1][0], return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="a GRU" points=0 says="Which layer has four slices"
def model_that_printed(shapes):
    recurrent = layers.GRU(shapes[1][0], use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="return_sequences lost" points=0 says="returned only its last timestep"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[1][0], use_bias=False)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="this listing only" points=1 says="the recurrent layer for other shapes"
def model_that_printed(shapes):
    recurrent = layers.LSTM(128, use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, 10)), recurrent, layers.Dense(2)])

# %% exercise="train-digits" right="an LSTM"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(32), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" right="a GRU, one-hot labels" calibrate=true
def train_digits(x, y):
    y = keras.utils.to_categorical(y, 10)
    model = keras.Sequential([keras.Input((8, 2)), layers.GRU(48), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.CategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" wrong="units mistaken for features" points=0 says="accuracy on the digits of unseen writers is not there yet" calibrate=true
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(2), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" wrong="features mistaken for timesteps" points=0 says="Two shapes do not fit" calibrate=true
def train_digits(x, y):
    x = np.transpose(x, (0, 2, 1))
    model = keras.Sequential([keras.Input((2, 8)), layers.LSTM(64), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=2, batch_size=128)
    return model

# %% exercise="train-digits" wrong="softmax twice" points=0 says="the model ends in a softmax" calibrate=true
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=2, batch_size=128)
    return model

# %% exercise="train-digits" wrong="logits taken for probabilities" points=0 says="accuracy on the digits of unseen writers is not there yet"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="pen-digits", epochs=4, batch_size=128)
    return model

# %% exercise="train-digits" wrong="return_sequences left on, labels repeated" points=0 says="the model's output has the wrong shape" calibrate=true
def train_digits(x, y):
    y = np.repeat(y[:, np.newaxis], 8, axis=1)
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(32, return_sequences=True), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=2, batch_size=128)
    return model

# %% exercise="train-digits" wrong="predicts from the first timestep" points=0 says="accuracy on the digits of unseen writers is not there yet" calibrate=true
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64, return_sequences=True), layers.Cropping1D((0, 7)), layers.Flatten(), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" wrong="shuffled time axis" points=0 says="accuracy on the digits of unseen writers is not there yet" calibrate=true
def train_digits(x, y):
    x = np.random.default_rng(0).permuted(x, axis=1)
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" wrong="order averaged away" points=0 says="accuracy on the digits of unseen writers is not there yet"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.Dense(64, activation="tanh"), layers.GlobalAveragePooling1D(), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=4, batch_size=128)
    return model

# %% exercise="train-digits" wrong="relu off the fast path" points=0 says="would leave the fast path on a GPU"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(32, activation="relu"), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=1, batch_size=128)
    return model

# %% exercise="train-digits" wrong="a single epoch" points=0 says="accuracy on the digits of unseen writers is not there yet"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=1, batch_size=64)
    return model
