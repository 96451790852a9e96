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

# %% exercise="rnn-step" right="loops over rows and units, a list of lists"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    rows = []
    for row, state in zip(x, h):
        total = [sum(row * kernel[:, u]) + sum(state * recurrent_kernel[:, u]) + bias[u] for u in range(len(bias))]
        rows.append([float(np.tanh(value)) for value in total])
    return np.array(rows)

# %% exercise="rnn-step" right="TensorFlow, tanh by its formula, float64"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    x, h, kernel, recurrent_kernel, bias = (tf.cast(part, tf.float64) for part in (x, h, kernel, recurrent_kernel, bias))
    doubled = tf.exp(2 * (tf.matmul(x, kernel) + tf.matmul(h, recurrent_kernel) + bias))
    return (doubled - 1) / (doubled + 1)

# %% exercise="rnn-step" right="Keras' own cell"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    cell = layers.SimpleRNNCell(units=len(bias))
    cell.build(x.shape)
    cell.set_weights([kernel, recurrent_kernel, bias])
    output, _ = cell(x, [keras.ops.convert_to_tensor(h)])
    return output

# %% exercise="rnn-step" wrong="a sigmoid in place of tanh" points=0 says="not with a sigmoid"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return 1 / (1 + np.exp(-(x @ kernel + h @ recurrent_kernel + bias)))

# %% exercise="rnn-step" wrong="the input forgotten" points=0 says="The input term is missing"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(h @ recurrent_kernel + bias)

# %% exercise="rnn-step" wrong="the old state added behind the tanh" points=0 says="The new state h differs"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + bias) + h @ recurrent_kernel

# %% exercise="rnn-step" wrong="no return" points=0 says="Does the function end in"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)

# %% exercise="rnn-step" wrong="zeros" points=0 says="It is the same whatever the weights are"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.zeros_like(h)

# %% exercise="rnn-step" wrong="the batch averaged away" points=0 says="Axis 0 is gone"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel + bias).mean(axis=0)

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

# %% exercise="gradient" wrong="the whole gradient" points=0 says="the gradient at all timesteps"
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

# %% exercise="gradient" wrong="not watched" points=0 says="for what it did not watch"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)

# %% exercise="gradient" right="the timestep alone is watched, and put back among the others"
def gradient_at_lag(layer, x, lag):
    place = x.shape[1] - 1 - lag
    step = tf.constant(x[:, place : place + 1])
    with tf.GradientTape() as tape:
        tape.watch(step)
        y = layer(tf.concat([x[:, :place], step, x[:, place + 1 :]], axis=1))
    return tape.gradient(y, step)[:, 0]

# %% exercise="gradient" right="a Jacobian, summed over the units"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    jacobian = tape.batch_jacobian(y, x)  # (batch, units, timesteps, features)
    return tf.reduce_sum(jacobian, axis=1)[:, -(lag + 1)]

# %% exercise="gradient" right="a Keras variable, keras.ops, a flipped time axis"
def gradient_at_lag(layer, x, lag):
    v = keras.Variable(x)
    with tf.GradientTape() as tape:
        total = keras.ops.sum(layer(sequences=v.value))
    back = keras.ops.flip(keras.ops.convert_to_tensor(tape.gradient(total, v.value)), axis=1)
    return keras.ops.convert_to_numpy(back)[:, lag].astype("float64")

# %% exercise="gradient" wrong="a slice is watched, the whole goes in" points=0 says="tape.watch takes the very tensor"
def gradient_at_lag(layer, x, lag):
    step = tf.convert_to_tensor(x)[:, -1 - lag]
    with tf.GradientTape() as tape:
        tape.watch(step)
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, step)

# %% exercise="gradient" wrong="not watched, and then indexed" points=0 says="did not watch"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)[:, -1 - lag].numpy()

# %% exercise="gradient" wrong="the layer runs before the tape" points=0 says="the layer runs inside the tape"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    y = layer(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(y)
    return tape.gradient(total, x)

# %% exercise="gradient" wrong="one timestep too far" points=0 says="One timestep too far back"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)[:, x.shape[1] - 2 - lag].numpy()

# %% exercise="gradient" wrong="the squares of the example" points=0 says="the sum of the squares"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x) ** 2)
    return tape.gradient(y, x)[:, -1 - lag].numpy()

# %% exercise="gradient" wrong="the mean of the output" points=1 says="the gradient of the mean"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_mean(layer(x))
    return tape.gradient(y, x)[:, -1 - lag].numpy()

# %% exercise="gradient" wrong="the timestep kept as an axis" points=0 says="an axis of size 1 too many"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    place = x.shape[1] - 1 - lag
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)[:, place : place + 1].numpy()

# %% exercise="gradient" wrong="the power of a guessed factor" points=0 says="the gradient is wrong"
def gradient_at_lag(layer, x, lag):
    return np.full((x.shape[0], x.shape[2]), 0.5**lag)

# %% exercise="gradient" wrong="numpy into the tape" points=0 says="A tape watches tensors"
def gradient_at_lag(layer, x, lag):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    return tape.gradient(y, x)[:, -1 - lag]

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

# %% exercise="lstm-step" right="TensorFlow, with its own sigmoid"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = tf.split(tf.matmul(x, kernel) + tf.matmul(h, recurrent_kernel) + bias, num_or_size_splits=4, axis=1)
    c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
    h = tf.sigmoid(o) * tf.tanh(c)
    return h, c

# %% exercise="lstm-step" right="a loop over the units, float64, a list of two"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    units = c.shape[1]
    a = x.astype("float64") @ kernel + h.astype("float64") @ recurrent_kernel + bias
    new_h, new_c = np.empty_like(a[:, :units]), np.empty_like(a[:, :units])
    for u in range(units):
        i, f, candidate, o = a[:, u], a[:, u + units], a[:, u + 2 * units], a[:, u + 3 * units]
        new_c[:, u] = c[:, u] / (1 + np.exp(-f)) + np.tanh(candidate) / (1 + np.exp(-i))
        new_h[:, u] = np.tanh(new_c[:, u]) / (1 + np.exp(-o))
    return [new_h, new_c]

# %% exercise="lstm-step" right="the sigmoid by a tanh"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    a = x @ kernel + h @ recurrent_kernel + bias
    s = 0.5 + 0.5 * np.tanh(a / 2)
    u = a.shape[-1] // 4
    c = s[:, u : 2 * u] * c + s[:, :u] * np.tanh(a[:, 2 * u : 3 * u])
    return s[:, 3 * u :] * np.tanh(c), c

# %% exercise="lstm-step" wrong="tanh for the gates" points=0 says="The gates want a sigmoid"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    c = np.tanh(f) * c + np.tanh(i) * np.tanh(candidate)
    return np.tanh(o) * np.tanh(c), c

# %% exercise="lstm-step" wrong="the states as one array" points=0 says="return h, c"
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
    c = f * c + i * np.tanh(candidate)
    return np.concatenate([o * np.tanh(c), c], axis=-1)

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

# %% exercise="gru-step" right="TensorFlow, the kernels cut before the products"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    (wz, wr, wh), (uz, ur, uh) = tf.split(kernel, 3, axis=1), tf.split(recurrent_kernel, 3, axis=1)
    (bz, br, bh), (cz, cr, ch) = tf.split(bias[0], 3), tf.split(bias[1], 3)
    z = tf.sigmoid(x @ wz + bz + h @ uz + cz)
    r = tf.sigmoid(x @ wr + br + h @ ur + cr)
    return z * h + (1 - z) * tf.tanh(x @ wh + bh + r * (h @ uh + ch))

# %% exercise="gru-step" right="rows one by one, float64"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    rows = []
    for one, old in zip(x.astype(float), h.astype(float)):
        a = (one @ kernel + bias[0]).reshape(3, -1)
        b = (old @ recurrent_kernel + bias[1]).reshape(3, -1)
        z, r = 1 / (1 + np.exp(-(a + b)[:2]))
        rows.append(z * old + (1 - z) * np.tanh(a[2] + r * b[2]))
    return np.array(rows)

# %% exercise="gru-step" wrong="a sigmoid for the candidate" points=0 says="The candidate wants a tanh"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = np.split(x @ kernel + bias[0], 3, axis=-1)
    hz, hr, hh = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
    c = 1 / (1 + np.exp(-(xh + r * hh)))
    return z * h + (1 - z) * c

# %% exercise="gru-step" wrong="a candidate that looks at twice the reset state" points=0 says="The candidate h differs"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = np.split(x @ kernel + bias[0], 3, axis=-1)
    hz, hr, hh = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
    return z * h + (1 - z) * np.tanh(xh + 2 * r * hh)

# %% exercise="gru-step" wrong="both biases added as one array" points=0 says="Two shapes do not fit"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = np.split(x @ kernel + bias, 3, axis=-1)
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

# %% exercise="count" wrong="the known answers looked up" points=1 says="gives a wrong result"
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

# %% exercise="count" right="the shapes listed, then their sizes"
def count_parameters(features, stack):
    shapes = []
    for kind, units, options in stack:
        slices = 4 if kind == "LSTM" else 3 if kind == "GRU" else 1
        shapes.append((features, slices * units))
        if kind not in ("Dense", "Embedding"):
            shapes.append((units, slices * units))
        if kind != "Embedding" and options.get("use_bias", True):
            rows = 2 if kind == "GRU" and options.get("reset_after", True) else 1
            shapes.append((rows, slices * units))
        features = units
    return sum(int(np.prod(shape)) for shape in shapes)

# %% exercise="count" right="a recursion, a NumPy integer"
def count_parameters(features, stack):
    if not stack:
        return np.int64(0)
    (kind, units, options), *rest = stack
    gates = dict(SimpleRNN=1, LSTM=4, GRU=3).get(kind, 0)
    b = np.int64(options.get("use_bias", True) and kind != "Embedding")
    if kind == "GRU" and options.get("reset_after", True):
        b *= 2
    own = gates * units * (features + units + b) if gates else units * (features + b)
    return own + count_parameters(units, rest)

# %% exercise="count" wrong="use_bias not looked at" points=0 says="use_bias=False leaves out the biases"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        state = units if kind in ("SimpleRNN", "LSTM", "GRU") else 0
        biases = 0 if kind == "Embedding" else 2 if kind == "GRU" and options.get("reset_after", True) else 1
        total += slices * units * (features + state + biases)
        features = units
    return total

# %% exercise="count" wrong="the recurrent kernel forgotten" points=0 says="The recurrent kernel is missing"
def count_parameters(features, stack):
    total = 0
    for kind, units, options in stack:
        slices = {"LSTM": 4, "GRU": 3}.get(kind, 1)
        bias = kind != "Embedding" and options.get("use_bias", True)
        total += slices * units * (features + bias)
        features = units
    return total

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

# %% exercise="shapes" wrong="two states for every layer" points=0 says="only an LSTM has two"
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

# %% exercise="shapes" right="Keras asked, its own shapes"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    layer = getattr(tf.keras.layers, kind)(units=units, return_sequences=return_sequences, return_state=return_state)
    out = layer(tf.zeros((batch, timesteps, 3)))
    return [o.shape for o in out] if return_state else [out.shape]

# %% exercise="shapes" right="a list of lists"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    output = [batch, timesteps, units] if return_sequences else [batch, units]
    states = {"SimpleRNN": 1, "GRU": 1, "LSTM": 2}[kind] if return_state else 0
    return [output] + states * [[batch, units]]

# %% exercise="shapes" right="a tuple of arrays of integers"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    last = np.array([batch, units])
    first = np.insert(last, 1, timesteps) if return_sequences else last
    return tuple([first] + [last] * (return_state and 1 + (kind == "LSTM")))

# %% exercise="shapes" wrong="a shape without its list" points=0 says="A list is asked, even of one thing"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    output = (batch, timesteps, units) if return_sequences else (batch, units)
    if not return_state:
        return output
    return [output] + [(batch, units)] * (1 + (kind == "LSTM"))

# %% exercise="shapes" wrong="h and c in one" points=0 says="An LSTM has two states"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    output = (batch, timesteps, units) if return_sequences else (batch, units)
    return [output, (batch, units)] if return_state else [output]

# %% exercise="shapes" wrong="return_sequences not looked at" points=0 says="keeps the time axis"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    return [(batch, units)] * (1 + return_state * (1 + (kind == "LSTM")))

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

# %% exercise="leaky-cell" wrong="the old state is handed on" points=0 says="The new state is not handed on"
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

# %% exercise="leaky-cell" wrong="the old state added whole" points=0 says="The old state is added whole"
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

# %% exercise="leaky-cell" wrong="a SimpleRNN without a leak" points=0 says="The leak is not used"
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

# %% exercise="leaky-cell" wrong="the fresh part handed on in place of h" points=0 says="The fresh part is handed on"
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

# %% exercise="leaky-cell" right="TensorFlow, and a tuple for a list"
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
        h = states[0]
        fresh = tf.math.tanh(tf.matmul(x, self.kernel) + tf.matmul(h, self.recurrent_kernel) + self.bias)
        h = tf.add(h * (1.0 - self.leak), fresh * self.leak)
        return h, (h,)


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" right="Dense layers' way: keras.ops.dot, keras.activations"
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
        [old] = states
        total = keras.ops.dot(x, self.kernel) + keras.ops.dot(old, self.recurrent_kernel)
        new = keras.activations.tanh(keras.ops.add(total, self.bias))
        h = old - self.leak * old + self.leak * new
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the list of states taken for the state" points=0 says="states[0] is the tensor"
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
        h = states
        new = keras.ops.tanh(x @ self.kernel + h @ self.recurrent_kernel + self.bias)
        h = (1 - self.leak) * h + self.leak * new
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="no tanh" points=0 says="The tanh is missing"
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
        h = states[0]
        new = x @ self.kernel + h @ self.recurrent_kernel + self.bias
        h = (1 - self.leak) * h + self.leak * new
        return h, [h]


def run_leaky(x, leak, weights):
    layer = layers.RNN(LeakyCell(weights[1].shape[0], leak), return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the fresh part is the output, h is handed on" points=0 says="The output is the fresh part"
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
        h = states[0]
        new = keras.ops.tanh(x @ self.kernel + h @ self.recurrent_kernel + self.bias)
        return new, [(1 - self.leak) * h + self.leak * new]


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

# %% exercise="bug-hunt" wrong="the code believed" points=0 says="not from the code that stands above them"
def model_that_printed(shapes):
    recurrent = layers.LSTM(1000, use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, 10)), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="512 units" points=0 says="that of all slices together"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[0][1], use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="a bias nobody printed" points=0 says="a bias where none was printed"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[1][0], return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="a GRU" points=0 says="is the number of its slices"
def model_that_printed(shapes):
    recurrent = layers.GRU(shapes[1][0], use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="return_sequences lost" points=0 says="The timesteps are missing"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[1][0], use_bias=False)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="this listing only" points=1 says="the same whatever the shapes are"
def model_that_printed(shapes):
    recurrent = layers.LSTM(128, use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, 10)), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" right="layers added one by one, named arguments, tf.keras"
def model_that_printed(shapes):
    kernel, recurrent_kernel = shapes[0], shapes[1]
    slices = kernel[1] // recurrent_kernel[0]
    options = dict(units=recurrent_kernel[0], return_sequences=True, use_bias=len(shapes) == 3)
    model = tf.keras.Sequential()
    model.add(tf.keras.Input(shape=(5, kernel[0])))
    if slices == 4:
        model.add(tf.keras.layers.LSTM(**options))
    elif slices == 3:
        model.add(tf.keras.layers.GRU(reset_after=np.ndim(shapes[-1]) == 1 and len(shapes[-1]) == 2, **options))
    else:
        model.add(tf.keras.layers.SimpleRNN(**options))
    model.add(tf.keras.layers.Dense(units=2))
    return model

# %% exercise="bug-hunt" right="the functional API"
def model_that_printed(shapes):
    (features, wide), (units, _) = shapes[:2]
    bias = len(shapes) == 3
    layer = [layers.SimpleRNN, None, layers.GRU, layers.LSTM][wide // units - 1]
    more = {"reset_after": len(shapes[2]) == 2} if layer is layers.GRU and bias else {}
    inputs = keras.Input((5, features))
    outputs = layer(units, use_bias=bias, return_sequences=True, **more)(inputs)
    return keras.Model(inputs, layers.Dense(2)(outputs))

# %% exercise="bug-hunt" wrong="reset_after left at its default" points=1 says="a GRU has two rows of it with reset_after=True"
def model_that_printed(shapes):
    features, width = shapes[0]
    units = shapes[1][0]
    kind = {1: layers.SimpleRNN, 3: layers.GRU, 4: layers.LSTM}[width // units]
    recurrent = kind(units, use_bias=len(shapes) == 3, return_sequences=True)
    return keras.Sequential([keras.Input((5, features)), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="features and units exchanged" points=0 says="The features are others"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[0][0], use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[1][0])), recurrent, layers.Dense(2)])

# %% exercise="bug-hunt" wrong="a softmax that nobody asked for" points=0 says="A softmax was taken"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[1][0], use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent, layers.Dense(2, activation="softmax")])

# %% exercise="bug-hunt" wrong="no Dense" points=0 says="last axis"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[1][0], use_bias=False, return_sequences=True)
    return keras.Sequential([keras.Input((5, shapes[0][0])), recurrent])

# %% exercise="bug-hunt" wrong="no input, so no weights" points=0 says="begin with keras.Input"
def model_that_printed(shapes):
    recurrent = layers.LSTM(shapes[1][0], use_bias=False, return_sequences=True)
    return keras.Sequential([recurrent, layers.Dense(2)])

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

# %% exercise="train-digits" wrong="units mistaken for features" points=0 says="or more units" calibrate=true
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

# %% exercise="train-digits" wrong="softmax twice" points=0 says="it went through a softmax" calibrate=true
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=2, batch_size=128)
    return model

# %% exercise="train-digits" wrong="logits taken for probabilities" points=0 says="its loss takes them for probabilities"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="pen-digits", epochs=4, batch_size=128)
    return model

# %% exercise="train-digits" wrong="return_sequences left on, labels repeated" points=0 says="Remove return_sequences=True" calibrate=true
def train_digits(x, y):
    y = np.repeat(y[:, np.newaxis], 8, axis=1)
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(32, return_sequences=True), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=2, batch_size=128)
    return model

# %% exercise="train-digits" wrong="predicts from the first timestep" points=0 says="Only the first timestep reaches the answer" calibrate=true
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64, return_sequences=True), layers.Cropping1D((0, 7)), layers.Flatten(), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" wrong="shuffled time axis" points=0 says="held no order" calibrate=true
def train_digits(x, y):
    x = np.random.default_rng(0).permuted(x, axis=1)
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" wrong="order averaged away" points=0 says="carries a state from timestep to timestep"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.Dense(64, activation="tanh"), layers.GlobalAveragePooling1D(), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=4, batch_size=128)
    return model

# %% exercise="train-digits" wrong="an LSTM behind an average" points=0 says="a bag"
def train_digits(x, y):
    model = keras.Sequential([
        keras.Input((8, 2)), layers.Dense(64, activation="tanh"), layers.GlobalAveragePooling1D(keepdims=True), layers.LSTM(32), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=4, batch_size=128)
    return model

# %% exercise="train-digits" wrong="relu off the fast path" points=0 says="activation takes it off the path"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(32, activation="relu"), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=1, batch_size=128)
    return model

# %% exercise="train-digits" wrong="a single epoch" points=0 says="more epochs"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=1, batch_size=64)
    return model

# %% exercise="train-digits" right="a subclassed model"
class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.read = layers.LSTM(64)
        self.tell = layers.Dense(10)

    def call(self, points):
        return self.tell(self.read(points))


def train_digits(x, y):
    model = Reader()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=["accuracy"])
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="train-digits" right="the functional API, two layers, tf.keras"
def train_digits(x, y):
    inputs = tf.keras.Input(shape=(None, 2))
    h = tf.keras.layers.GRU(units=32, return_sequences=True)(inputs)
    h = tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(units=24))(h)
    model = tf.keras.Model(inputs, tf.keras.layers.Dense(units=10)(h))
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    model.optimizer.learning_rate = 0.01
    lab.fit_once(model, x, y, name="pen-digits", epochs=6, batch_size=128, validation_split=0.1)
    return model

# %% exercise="train-digits" wrong="a softmax, and a loss that knows it" points=0 says="it went through a softmax"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="pen-digits", epochs=2, batch_size=128)
    return model

# %% exercise="train-digits" wrong="the history comes back" points=0 says="That is the history of the training"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return lab.fit_once(model, x, y, name="pen-digits", epochs=1, batch_size=128)

# %% exercise="train-digits" wrong="not trained" points=0 says="It is no better than guessing"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(64), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train-digits" wrong="recurrent dropout" points=0 says="recurrent_dropout takes it off the path"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(32, recurrent_dropout=0.2), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=1, batch_size=128)
    return model

# %% exercise="train-digits" wrong="a sigmoid for each class" points=0 says="as after a sigmoid"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.LSTM(48), layers.Dense(10, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=2, batch_size=128)
    return model

# %% exercise="train-digits" wrong="no recurrent layer at all" points=0 says="carries a state from timestep to timestep"
def train_digits(x, y):
    model = keras.Sequential([keras.Input((8, 2)), layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="pen-digits", epochs=8, batch_size=128)
    return model

# %% exercise="rnn-step" right="one product of both, stacked"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    both = np.concatenate([x, h], axis=1) @ np.concatenate([kernel, recurrent_kernel])
    return np.tanh(np.add(both, bias))

# %% exercise="gradient" right="flipped, then counted"
def gradient_at_lag(layer, x, lag):
    x = tf.constant(x)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        out = keras.ops.sum(layer(x))
    return np.flip(np.array(tape.gradient(out, x)), axis=1)[:, lag]

# %% exercise="gru-step" right="new plus a share of the difference"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[-1]
    def part(k):
        s = slice(k * u, (k + 1) * u)
        return x @ kernel[:, s] + bias[0, s], h @ recurrent_kernel[:, s] + bias[1, s]
    sig = lambda a: np.exp(-np.logaddexp(0, -a))
    z, r = sig(sum(part(0))), sig(sum(part(1)))
    a, b = part(2)
    new = np.tanh(a + r * b)
    return new + z * (h - new)

# %% exercise="count" right="columns of numbers"
def count_parameters(features, stack):
    reads = [features] + [u for _, u, _ in stack]
    k = np.array([dict(Embedding=1, Dense=1, SimpleRNN=1, LSTM=4, GRU=3)[kind] for kind, *_ in stack])
    rec = np.array([u if kind in ("SimpleRNN", "LSTM", "GRU") else 0 for kind, u, _ in stack])
    bias = np.array([0 if kind == "Embedding" or not o.get("use_bias", True) else 2 if kind == "GRU" and o.get("reset_after", True) else 1 for kind, _, o in stack])
    units = np.array([u for _, u, _ in stack])
    return (k * units * (np.array(reads[:-1]) + rec + bias)).sum()

# %% exercise="shapes" right="Keras asked"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    layer = getattr(layers, kind)(units, return_sequences=return_sequences, return_state=return_state)
    out = layer(np.zeros((batch, timesteps, 1), "float32"))
    return [tuple(o.shape) for o in (out if return_state else [out])]

# %% exercise="leaky-cell" right="TensorFlow, a tuple of states"
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
        h = states[0]
        h = tf.add_n([h * (1.0 - self.leak), self.leak * tf.tanh(tf.matmul(x, self.kernel) + tf.matmul(h, self.recurrent_kernel) + self.bias)])
        return h, (h,)


def run_leaky(x, leak, weights):
    cell = LeakyCell(weights[1].shape[0], leak)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="bug-hunt" right="each kind tried"
def model_that_printed(shapes):
    features, units = shapes[0][0], shapes[1][0]
    wanted = [tuple(s) for s in shapes]
    for kind in (layers.SimpleRNN, layers.LSTM, layers.GRU):
        for bias in (True, False):
            for extra in ({}, {"reset_after": False}) if kind is layers.GRU else ({},):
                layer = kind(units, use_bias=bias, return_sequences=True, **extra)
                model = keras.Sequential([keras.Input((5, features)), layer, layers.Dense(2)])
                if [tuple(w.shape) for w in layer.weights] == wanted:
                    return model

# %% exercise="rnn-step" wrong="the old state kept beside the new" points=0 says="none of the three terms"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return h + np.tanh(x @ kernel + h @ recurrent_kernel + bias)

# %% exercise="rnn-step" wrong="output and state" points=0 says="return h"
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return h, h

# %% exercise="rnn-step" wrong="math.tanh" points=0 says="one number is wanted"
import math
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return math.tanh(x @ kernel + h @ recurrent_kernel + bias)

# %% exercise="gradient" wrong="NumPy in the tape" points=0 says="stay with tensors"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = np.array(layer(x)).sum()
    return tape.gradient(total, x)[:, -1 - lag]

# %% exercise="gradient" wrong="the batch is indexed" points=0 says="another axis than was meant"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    return tape.gradient(total, x)[-1 - lag]

# %% exercise="gradient" wrong="the first sequence alone" points=0 says="axis 0 or 1, of size 1, is missing"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    return tape.gradient(total, x)[0, -1 - lag]

# %% exercise="gradient" wrong="without its sign" points=1 says="absolute values"
def gradient_at_lag(layer, x, lag):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    return tf.abs(tape.gradient(total, x)[:, -1 - lag])

# %% exercise="gru-step" wrong="the two biases swapped" points=0 says="two biases are swapped"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    s = lambda a: 1 / (1 + np.exp(-a))
    xz, xr, xh = np.split(x @ kernel + bias[1], 3, axis=-1)
    hz, hr, hh = np.split(h @ recurrent_kernel + bias[0], 3, axis=-1)
    z, r = s(xz + hz), s(xr + hr)
    return z * h + (1 - z) * np.tanh(xh + r * hh)

# %% exercise="gru-step" wrong="the reset gate on the whole candidate" points=0 says="input term, too"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    s = lambda a: 1 / (1 + np.exp(-a))
    xz, xr, xh = np.split(x @ kernel + bias[0], 3, axis=-1)
    hz, hr, hh = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z, r = s(xz + hz), s(xr + hr)
    return z * h + (1 - z) * np.tanh(r * (xh + hh))

# %% exercise="gru-step" wrong="four slices" points=0 says="into equal parts"
def gru_step(x, h, kernel, recurrent_kernel, bias):
    s = lambda a: 1 / (1 + np.exp(-a))
    xz, xr, xh, _ = np.split(x @ kernel + bias[0], 4, axis=-1)
    hz, hr, hh, _ = np.split(h @ recurrent_kernel + bias[1], 4, axis=-1)
    z, r = s(xz + hz), s(xr + hr)
    return z * h + (1 - z) * np.tanh(xh + r * hh)

# %% exercise="count" wrong="no recurrent kernel, both biases" points=0 says="The recurrent kernel is missing"
def count_parameters(features, stack):
    n = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
    total = 0
    for kind, u, o in stack:
        b = o.get("use_bias", True)
        if kind == "Embedding":
            total += features * u
        elif kind == "Dense":
            total += u * (features + b)
        else:
            total += n[kind] * u * (features + b * (2 if kind == "GRU" and o.get("reset_after", True) else 1))
        features = u
    return total

# %% exercise="count" wrong="options that are not there" points=0 says="lacks that key"
def count_parameters(features, stack):
    n = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
    total = 0
    for kind, u, o in stack:
        b = 1 if o["use_bias"] else 0
        if kind == "Embedding":
            total += features * u
        elif kind == "Dense":
            total += u * (features + b)
        else:
            total += n[kind] * u * (features + u + b * (2 if kind == "GRU" and o["reset_after"] else 1))
        features = u
    return total

# %% exercise="count" wrong="an Embedding with a bias" points=0 says="An Embedding has a row of units"
def count_parameters(features, stack):
    n = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
    total = 0
    for kind, u, o in stack:
        b = o.get("use_bias", True)
        if kind in ("Embedding", "Dense"): total += u * (features + b)
        else:
            total += n[kind] * u * (features + u + b * (2 if kind == "GRU" and o.get("reset_after", True) else 1))
        features = u
    return total

# %% exercise="count" wrong="four slices for a GRU" points=0 says="A GRU has three slices"
def count_parameters(features, stack):
    n = {"SimpleRNN": 1, "GRU": 4, "LSTM": 4}
    total = 0
    for kind, u, o in stack:
        b = o.get("use_bias", True)
        if kind == "Embedding":
            total += features * u
        elif kind == "Dense":
            total += u * (features + b)
        else:
            total += n[kind] * u * (features + u + b * (2 if kind == "GRU" and o.get("reset_after", True) else 1))
        features = u
    return total

# %% exercise="count" wrong="one bias for all slices" points=0 says="A bias belongs to each slice"
def count_parameters(features, stack):
    n = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
    total = 0
    for kind, u, o in stack:
        b = o.get("use_bias", True)
        if kind == "Embedding":
            total += features * u
        elif kind == "Dense":
            total += u * (features + b)
        else:
            total += n[kind] * u * (features + u) + u * b * (2 if kind == "GRU" and o.get("reset_after", True) else 1)
        features = u
    return total

# %% exercise="count" wrong="= in place of +=" points=0 says="the last layer alone"
def count_parameters(features, stack):
    n = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
    total = 0
    for kind, u, o in stack:
        b = o.get("use_bias", True)
        if kind == "Embedding":
            total = features * u
        elif kind == "Dense":
            total = u * (features + b)
        else:
            total = n[kind] * u * (features + u + b * (2 if kind == "GRU" and o.get("reset_after", True) else 1))
        features = u
    return total

# %% exercise="count" wrong="one count for each layer" points=0 says="One number is asked"
def count_parameters(features, stack):
    n = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
    out = []
    for kind, u, o in stack:
        b = o.get("use_bias", True)
        if kind == "Embedding":
            out.append(features * u)
        elif kind == "Dense":
            out.append(u * (features + b))
        else:
            out.append(n[kind] * u * (features + u + b * (2 if kind == "GRU" and o.get("reset_after", True) else 1)))
        features = u
    return out

# %% exercise="shapes" wrong="a SimpleRNN without a state" points=0 says="A SimpleRNN has a state, too"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    first = (batch, timesteps, units) if return_sequences else (batch, units)
    n = {"SimpleRNN": 0, "GRU": 1, "LSTM": 2}[kind]
    return [first] + [(batch, units)] * (n * return_state)

# %% exercise="shapes" wrong="states in place of the output" points=0 says="returns the output first"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    if return_state:
        return [(batch, units)] * (2 if kind == "LSTM" else 1)
    return [(batch, timesteps, units) if return_sequences else (batch, units)]

# %% exercise="shapes" wrong="time first" points=0 says="The batch stands first"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    first = (timesteps, batch, units) if return_sequences else (batch, units)
    return [first] + [(batch, units)] * (return_state * (2 if kind == "LSTM" else 1))

# %% exercise="shapes" wrong="None for the batch" points=0 says="None stands where a value is asked"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    first = (None, timesteps, units) if return_sequences else (None, units)
    return [first] + [(None, units)] * (return_state * (2 if kind == "LSTM" else 1))

# %% exercise="shapes" wrong="the slices on the last axis" points=0 says="the slices are inside the layer"
def output_shapes(kind, batch, timesteps, units, return_sequences=False, return_state=False):
    width = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[kind] * units
    first = (batch, timesteps, width) if return_sequences else (batch, width)
    return [first] + [(batch, units)] * (return_state * (2 if kind == "LSTM" else 1))

# %% exercise="leaky-cell" wrong="the leak inside the tanh" points=0 says="The leak stands inside the tanh"
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
        h = states[0]
        new = (1 - self.leak) * h + keras.ops.tanh(self.leak * (x @ self.kernel + h @ self.recurrent_kernel + self.bias))
        return new, [new]


def run_leaky(x, leak, weights):
    cell = LeakyCell(weights[1].shape[0], leak)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the tanh around all" points=0 says="goes around all of it"
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
        h = states[0]
        new = keras.ops.tanh((1 - self.leak) * h + self.leak * (x @ self.kernel + h @ self.recurrent_kernel + self.bias))
        return new, [new]


def run_leaky(x, leak, weights):
    cell = LeakyCell(weights[1].shape[0], leak)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="no bias" points=0 says="The bias is missing"
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
        h = states[0]
        new = (1 - self.leak) * h + self.leak * keras.ops.tanh(x @ self.kernel + h @ self.recurrent_kernel)
        return new, [new]


def run_leaky(x, leak, weights):
    cell = LeakyCell(weights[1].shape[0], leak)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="the fresh part whole" points=0 says="wants the factor leak"
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
        h = states[0]
        new = (1 - self.leak) * h + keras.ops.tanh(x @ self.kernel + h @ self.recurrent_kernel + self.bias)
        return new, [new]


def run_leaky(x, leak, weights):
    cell = LeakyCell(weights[1].shape[0], leak)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="leaky-cell" wrong="a state of its own" points=0 says="`run_leaky`"
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
        h = states[0]
        if hasattr(self, 'h'):
            h = self.h
        self.h = (1 - self.leak) * h + self.leak * keras.ops.tanh(x @ self.kernel + h @ self.recurrent_kernel + self.bias)
        return self.h, [self.h]


def run_leaky(x, leak, weights):
    cell = LeakyCell(weights[1].shape[0], leak)
    layer = layers.RNN(cell, return_sequences=True, return_state=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    outputs, state = layer(x)
    return np.array(outputs), np.array(state)

# %% exercise="bug-hunt" wrong="the layer alone" points=0 says="It is the layer alone"
def model_that_printed(shapes):
    (features, wide), (units, _) = shapes[:2]
    kind = {1: layers.SimpleRNN, 3: layers.GRU, 4: layers.LSTM}[wide // units]
    return kind(units, return_sequences=True, use_bias=len(shapes) > 2)
