# Right and wrong answers to the exercises of 06_conv1d_alternatives: see docs/AUTHORING.md.

# %% exercise="split" right="a permutation of the people"
def split_by_person(who, count, seed):
    people = np.random.default_rng(seed).permutation(sorted(set(who.tolist())))[:count].tolist()
    test = [place for place, person in enumerate(who) if person in people]
    train = [place for place, person in enumerate(who) if person not in people]
    return np.array(train), np.array(test)

# %% exercise="split" right="a seeded sample, and a set difference"
def split_by_person(who, count, seed):
    import random
    drawn = random.Random(seed).sample(np.unique(who).tolist(), count)
    test = np.where(np.isin(who, drawn))[0]
    return np.setdiff1d(np.arange(len(who)), test), test

# %% exercise="split" wrong="windows drawn at random" points=0 says="Everyone is on both sides"
def split_by_person(who, count, seed):
    order = np.random.default_rng(seed).permutation(len(who))
    cut = len(who) * count // len(np.unique(who))
    return order[cut:], order[:cut]

# %% exercise="split" wrong="the last windows" points=0 says="the number of people to test on"
def split_by_person(who, count, seed):
    order = np.argsort(who, kind="stable")
    cut = len(who) - len(who[np.isin(who, np.unique(who)[-count - 1 :])])
    return order[:cut], order[cut:]

# %% exercise="split" wrong="test and train swapped" points=0 says="return (train, test)"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng(seed).choice(np.unique(who), count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(aside), np.flatnonzero(~aside)

# %% exercise="split" wrong="always the same people" points=1 says="that other seeds draw the same people"
def split_by_person(who, count, seed):
    aside = np.isin(who, np.unique(who)[-count:])
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="the seed is not used" points=1 says="that the same seed draws the same people"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng().choice(np.unique(who), count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="drawn with replacement" points=0 says="the number of people to test on"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng(seed).choice(np.unique(who), 1).repeat(count)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="people are numbered from 1 to 10" points=1 says="the number of other people to test on"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng(seed).choice(np.arange(1, 11), count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="convolve" right="a loop over the places"
def convolve(x, kernel, bias):
    k = kernel.shape[0]
    rows = [np.tensordot(x[:, t : t + k], kernel, axes=([1, 2], [0, 1])) + bias for t in range(x.shape[1] - k + 1)]
    return np.stack(rows, axis=1)

# %% exercise="convolve" right="windows and einsum"
def convolve(x, kernel, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(kernel), axis=1)
    return np.einsum("btck,kcf->btf", windows, kernel) + bias

# %% exercise="convolve" wrong="the kernel reversed" points=0 says="kernel[0] meets the earliest timestep"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] @ kernel[len(kernel) - 1 - j] for j in range(len(kernel))) + bias

# %% exercise="convolve" wrong="one place too few" points=0 says="one too short"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel)
    return sum(x[:, j : j + places] @ kernel[j] for j in range(len(kernel))) + bias

# %% exercise="convolve" wrong="the bias forgotten" points=0 says="The bias is missing"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] @ kernel[j] for j in range(len(kernel)))

# %% exercise="convolve" wrong="the bias in every term" points=0 says="add it once"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] @ kernel[j] + bias for j in range(len(kernel)))

# %% exercise="convolve" wrong="windows that do not overlap" points=0 says="the output for 12 timesteps and a kernel of 3 has the wrong shape"
def convolve(x, kernel, bias):
    k = len(kernel)
    rows = [np.tensordot(x[:, t : t + k], kernel, axes=([1, 2], [0, 1])) + bias for t in range(0, x.shape[1] - k + 1, k)]
    return np.stack(rows, axis=1)

# %% exercise="convolve" wrong="a Python sum of the wrong axis" points=0 says="raised"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] * kernel[j] for j in range(len(kernel))) + bias

# %% exercise="convolve" wrong="kernels of three only" points=1 says="the output for another kernel"
def convolve(x, kernel, bias):
    return x[:, :-2] @ kernel[0] + x[:, 1:-1] @ kernel[1] + x[:, 2:] @ kernel[2 % len(kernel)] + bias

# %% exercise="length" right="range counts"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    padded = length if padding == "valid" else length + (kernel - 1) * dilation
    return len(range(0, padded - (kernel - 1) * dilation, stride))

# %% exercise="length" right="Keras answers"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    layer = layers.Conv1D(1, kernel, padding=padding, strides=stride, dilation_rate=dilation)
    return layer.compute_output_shape((1, length, 1))[1]

# %% exercise="length" wrong="one too few" points=0 says="count the last one"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - (kernel - 1) * dilation - 1 if padding == "valid" else length
    return -(-places // stride)

# %% exercise="length" wrong="the stride rounds down" points=0 says="26 / 4, rounded up"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - (kernel - 1) * dilation if padding == "valid" else length
    return places // stride

# %% exercise="length" wrong="the dilation is not used" points=0 says="reaches over (k - 1) * 4 + 1 = 9"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - kernel + 1 if padding == "valid" else length
    return -(-places // stride)

# %% exercise="length" wrong="k times d" points=0 says="not over k * 4"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - kernel * dilation + 1 if padding == "valid" else length
    return -(-places // stride)

# %% exercise="length" wrong="causal shortens" points=0 says="padding='causal' keeps the length, too"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length if padding == "same" else length - (kernel - 1) * dilation
    return -(-places // stride)

# %% exercise="length" wrong="same whatever the padding" points=0 says="the length for 10 timesteps, kernel 3"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    return -(-length // stride)

# %% exercise="length" wrong="the stride forgets the kernel" points=0 says="With valid padding the kernel must fit"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - (kernel - 1) * dilation if padding == "valid" and stride == 1 else length
    return -(-places // stride)

# %% exercise="length" wrong="the lengths of this page" points=1 says="the length for other numbers"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    if length != 10:
        return {33: 29, 29: 7}.get(length, length)
    return {("valid", 1, 1): 8, ("valid", 2, 1): 4, ("valid", 1, 4): 2, ("same", 2, 1): 5}.get((padding, stride, dilation), 10)

# %% exercise="count" right="a formula for each kind"
def count_parameters(features, stack):
    total = 0
    for kind, u, *more in stack:
        f = features
        weights, features = {
            "Embedding": lambda: (f * u, u),
            "Conv1D": lambda: (u * (more[0] * f + 1), u),
            "MaxPooling1D": lambda: (0, f),
            "LSTM": lambda: (4 * u * (f + u + 1), u),
            "Bidirectional LSTM": lambda: (8 * u * (f + u + 1), 2 * u),
            "Dense": lambda: (u * (f + 1), u),
        }[kind]()
        total += weights
    return total

# %% exercise="count" right="Keras counts"
def count_parameters(features, stack):
    total = 0
    for kind, size, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            layer = layers.Embedding(features, size)
            layer.build((None, 9))
        elif kind == "Bidirectional LSTM":
            layer = layers.Bidirectional(layers.LSTM(size))
            layer.build((None, 9, features))
        else:
            layer = getattr(layers, kind)(size, *kernel)
            layer.build((None, 9, features))
        total += layer.count_params()
        features = 2 * size if kind == "Bidirectional LSTM" else size
    return total

# %% exercise="count" wrong="the kernel size forgotten" points=0 says="The kernel has k timesteps"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind in ("Conv1D", "Dense"):
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="a kernel for all features" points=0 says="reads all features"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="no bias in a convolution" points=0 says="The bias is missing"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * kernel[0] * features
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="one direction" points=0 says="Bidirectional has two LSTMs"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] * features + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            total += 4 * units * (features + units + 1)
        features = units
    return total

# %% exercise="count" wrong="Dense reads one direction" points=0 says="Bidirectional returns both directions side by side"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] * features + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
        features = units
    return total

# %% exercise="count" wrong="pooling changes the features" points=0 says="Pooling has no weights"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] * features + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        elif kind != "MaxPooling1D":
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="the known answers looked up" points=1 says="the count of another stack"
def count_parameters(features, stack):
    return {8: 1312, 120: 23680}.get(features, 0)

# %% exercise="causal" right="a loop over the places"
def causal_convolve(x, kernel, bias, dilation=1):
    output = np.zeros((x.shape[0], x.shape[1], kernel.shape[2])) + bias
    for t in range(x.shape[1]):
        for j in range(len(kernel)):
            s = t - (len(kernel) - 1 - j) * dilation
            if s >= 0:
                output[:, t] += x[:, s] @ kernel[j]
    return output

# %% exercise="causal" right="Keras ops on a padded sequence"
def causal_convolve(x, kernel, bias, dilation=1):
    padded = keras.ops.pad(x, [[0, 0], [(len(kernel) - 1) * dilation, 0], [0, 0]])
    return keras.ops.conv(padded, kernel, dilation_rate=dilation) + bias

# %% exercise="causal" wrong="zeros after the sequence" points=0 says="The zeros stand after the sequence"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), (0, (k - 1) * dilation), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="padding same" points=0 says="that is padding='same'"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    zeros = (k - 1) * dilation
    padded = np.pad(x, ((0, 0), (zeros // 2, zeros - zeros // 2), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="the kernel reversed" points=0 says="its last weight meets the present timestep"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), ((k - 1) * dilation, 0), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[k - 1 - j] for j in range(k)) + bias

# %% exercise="causal" wrong="the dilation is not used" points=0 says="The dilation is not used"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), (k - 1, 0), (0, 0)))
    return sum(padded[:, j : j + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="no padding" points=0 says="has the wrong shape"
def causal_convolve(x, kernel, bias, dilation=1):
    steps = x.shape[1] - (len(kernel) - 1) * dilation
    return sum(x[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(len(kernel))) + bias

# %% exercise="causal" wrong="kernels of three only" points=2 says="the output for another dilation"
def causal_convolve(x, kernel, bias, dilation=1):
    padded = np.pad(x, ((0, 0), (2 * dilation, 0), (0, 0)))
    steps = x.shape[1]
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j % len(kernel)] for j in range(3)) + bias

# %% exercise="field" right="from the last layer back"
def receptive_field(stack):
    field = 1
    for kernel, stride, dilation in reversed(stack):
        field = (field - 1) * stride + (kernel - 1) * dilation + 1
    return field

# %% exercise="field" right="a sum and a product"
def receptive_field(stack):
    return 1 + sum((k - 1) * d * int(np.prod([s for _, s, _ in stack[:i]])) for i, (k, _, d) in enumerate(stack))

# %% exercise="field" wrong="without the output's own timestep" points=0 says="Count the output's own timestep"
def receptive_field(stack):
    field, jump = 0, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump *= stride
    return field

# %% exercise="field" wrong="k in place of k - 1" points=0 says="A kernel of k has k - 1 gaps"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += kernel * dilation * jump
        jump *= stride
    return field

# %% exercise="field" wrong="the dilation is not used" points=0 says="The dilation is not used"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, _dilation in stack:
        field += (kernel - 1) * jump
        jump *= stride
    return field

# %% exercise="field" wrong="the last layer alone" points=0 says="That is the last layer alone"
def receptive_field(stack):
    kernel, _stride, dilation = stack[-1] if stack else (1, 1, 1)
    return (kernel - 1) * dilation + 1

# %% exercise="field" wrong="the stride is not used" points=0 says="one step is four steps of input"
def receptive_field(stack):
    return 1 + sum((kernel - 1) * dilation for kernel, _stride, dilation in stack)

# %% exercise="field" wrong="a layer's own stride counts" points=0 says="only for the layers after it"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        jump *= stride
        field += (kernel - 1) * dilation * jump
    return field

# %% exercise="field" wrong="only the stride just before" points=1 says="All strides before a layer multiply"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump = stride
    return field

# %% exercise="train" right="a convolution, pooling and a GRU" calibrate=true
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(32, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.Dropout(0.3),
        layers.GRU(32),
        layers.Dropout(0.3),
        layers.Dense(7),
    ])
    model.compile(keras.optimizers.Adam(0.007), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=30, batch_size=128)
    return model

# %% exercise="train" right="three convolutions"
def train_watch(x, y):
    model = keras.Sequential([keras.Input((100, 6))])
    for filters in (24, 32, 32):
        model.add(layers.Conv1D(filters, 5, padding="same", activation="relu"))
        model.add(layers.MaxPooling1D(2))
        model.add(layers.Dropout(0.3))
    model.add(layers.GlobalAveragePooling1D())
    model.add(layers.Dense(7))
    model.compile(keras.optimizers.Adam(0.007), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=30, batch_size=128)
    return model

# %% exercise="train" wrong="over the budget" points=0 says="12,000 weights are the most"
def train_watch(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(128, 5, activation="relu"),
        layers.Conv1D(128, 5, activation="relu"),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="no pooling over time" points=0 says="the model's output has the wrong shape"
def train_watch(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((100, 6)), layers.Conv1D(32, 5, activation="relu"), layers.Dense(7)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="softmax twice" points=0 says="the model ends in a softmax"
def train_watch(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(32, 5, activation="relu"),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7, activation="softmax"),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="off the fast path" points=0 says="would leave the fast path on a GPU"
def train_watch(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(32, 5, strides=2, activation="relu"),
        layers.LSTM(24, recurrent_dropout=0.3),
        layers.Dense(7),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="the history comes back" points=0 says="`the model` is not a function"
def train_watch(x, y):
    model = keras.Sequential([keras.Input((100, 6)), layers.Conv1D(2, 5), layers.GlobalMaxPooling1D(), layers.Dense(7)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return lab.fit_once(model, x[:64], y[:64], name="watch", epochs=1, batch_size=64)

# %% exercise="train" wrong="labels in another order" points=0 says="accuracy on the windows of unseen people is not there yet" calibrate=true
def train_watch(x, y):
    y = np.random.default_rng(0).permutation(y)
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(16, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7),
    ])
    model.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=3, batch_size=64)
    return model

# %% exercise="train" wrong="a single epoch" points=0 says="accuracy on the windows of unseen people is not there yet" calibrate=true
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(32, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=1, batch_size=64)
    return model

# %% exercise="bug-hunt" right="arguments by place"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, padding="causal", dilation_rate=d, activation="relu"))
    model.add(layers.Conv1D(1, kernel, 1, "causal"))
    return model

# %% exercise="bug-hunt" right="the functional way"
def forecaster(filters, kernel, dilations):
    h = inputs = keras.Input((None, 1))
    for d in dilations:
        h = layers.Conv1D(filters, kernel, padding="causal", dilation_rate=d, activation="relu")(h)
    return keras.Model(inputs, layers.Conv1D(1, kernel, padding="causal")(h))

# %% exercise="bug-hunt" wrong="the listing" points=0 says="looks into the future"
def forecaster(filters, kernel, dilations):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="same", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="same"))
    return model

# %% exercise="bug-hunt" wrong="the last layer overlooked" points=0 says="looks into the future"
def forecaster(filters, kernel, dilations):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="same"))
    return model

# %% exercise="bug-hunt" wrong="no padding" points=0 says="the output for 60 timesteps has the wrong shape"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, activation="relu"))
    model.add(layers.Conv1D(1, kernel))
    return model

# %% exercise="bug-hunt" wrong="the dilation lost" points=0 says="the list of dilations"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for _ in dilations:
        model.add(layers.Conv1D(filters, kernel, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="a recurrent layer instead" points=0 says="other layers than were asked for"
def forecaster(filters, kernel, dilations):
    return keras.Sequential([keras.Input((None, 1)), layers.GRU(filters, return_sequences=True), layers.Dense(1)])

# %% exercise="bug-hunt" wrong="a last layer that sees one timestep" points=0 says="the mended forecaster has the wrong number of parameters"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, 1))
    return model

# %% exercise="bug-hunt" wrong="this listing only" points=1 says="the edge of its field"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in (1, 2, 4, 8):
        model.add(layers.Conv1D(16, 3, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, 3, padding="causal"))
    return model
