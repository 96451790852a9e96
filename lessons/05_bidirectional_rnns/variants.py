# Right and wrong answers to the exercises of 05_bidirectional_rnns: see docs/AUTHORING.md.

# %% exercise="both-ways" right="NumPy, a slice in place of a flip"
def read_both_ways(x, forward, backward):
    return np.concatenate([np.array(forward(x)), np.array(backward(x))[:, ::-1]], axis=2)

# %% exercise="both-ways" right="Keras layers"
def read_both_ways(x, forward, backward):
    ahead = tf.reverse(tf.convert_to_tensor(backward(x)), axis=[1])
    return layers.Concatenate()([forward(x), ahead])

# %% exercise="both-ways" wrong="no flip" points=0 says="go_backwards returns reversed time: flip"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), backward(x)], axis=-1)

# %% exercise="both-ways" wrong="the forward outputs flipped" points=0 says="You flipped the forward outputs"
def read_both_ways(x, forward, backward):
    return np.concatenate([np.flip(forward(x), axis=1), backward(x)], axis=-1)

# %% exercise="both-ways" wrong="everything flipped" points=0 says="You flipped the time of both together"
def read_both_ways(x, forward, backward):
    return np.flip(np.concatenate([forward(x), backward(x)], axis=-1), axis=1)

# %% exercise="both-ways" wrong="the input flipped" points=0 says="which is forwards again"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), backward(np.flip(x, axis=1))], axis=-1)

# %% exercise="both-ways" wrong="the backward units first" points=0 says="The forward outputs come first"
def read_both_ways(x, forward, backward):
    return np.concatenate([np.flip(backward(x), axis=1), forward(x)], axis=-1)

# %% exercise="both-ways" wrong="joined in time" points=0 says="the outputs side by side has the wrong shape"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), np.flip(backward(x), axis=1)], axis=1)

# %% exercise="both-ways" wrong="np.flip without an axis" points=1 says="what Bidirectional returns is wrong"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), np.flip(backward(x))], axis=-1)

# %% exercise="merge" right="a dictionary of functions"
def merge(forward, backward, mode):
    ways = {
        "concat": lambda f, b: np.concatenate([f, b], axis=-1),
        "sum": np.add,
        "mul": np.multiply,
        "ave": lambda f, b: 0.5 * f + 0.5 * b,
        None: lambda f, b: [f, b],
    }
    if mode not in ways:
        raise ValueError("merge_mode must be one of " + ", ".join(map(repr, ways)))
    return ways[mode](forward, backward)

# %% exercise="merge" right="match and Keras layers"
def merge(forward, backward, mode):
    pair = (forward, backward)
    match mode:
        case None:
            return pair
        case "concat":
            return layers.Concatenate()(list(pair))
        case "sum":
            return layers.Add()(list(pair))
        case "mul":
            return layers.Multiply()(list(pair))
        case "ave":
            return layers.Average()(list(pair))
    raise ValueError(mode)

# %% exercise="merge" wrong="avg in place of ave" points=0 says="`merge` raised ValueError"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "avg":
        return (forward + backward) / 2
    raise ValueError(mode)

# %% exercise="merge" wrong="both spellings accepted" points=0 says="Raise ValueError for any mode that is not one of the five"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode in ("ave", "avg"):
        return (forward + backward) / 2
    raise ValueError(mode)

# %% exercise="merge" wrong="no error for an unknown mode" points=0 says="Raise ValueError for any mode that is not one of the five"
def merge(forward, backward, mode):
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    return forward, backward

# %% exercise="merge" wrong="None as concat" points=0 says="None does not merge"
def merge(forward, backward, mode):
    if mode == "concat" or mode is None:
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    raise ValueError(mode)

# %% exercise="merge" wrong="a matrix product" points=0 says="mul goes element by element"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward @ backward
    if mode == "ave":
        return (forward + backward) / 2
    raise ValueError(mode)

# %% exercise="merge" wrong="joined in time" points=0 says="Side by side is the last axis"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    raise ValueError(mode)

# %% exercise="merge" wrong="only avg is refused" points=1 says="whether a mode that Keras does not have is refused"
def merge(forward, backward, mode):
    if mode == "avg":
        raise ValueError("the mode is spelt 'ave'")
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    return forward, backward

# %% exercise="stack" right="one formula for each kind"
def widths_and_weights(features, stack):
    pairs = []
    for kind, u, mode in stack:
        if kind == "Embedding":
            width, weights = u, features * u
        elif kind == "Dense":
            width, weights = u, features * u + u
        else:
            slices, biases = (4, 1) if kind == "BiLSTM" else (3, 2)
            width = u + u if mode == "concat" else u
            weights = 2 * slices * (features * u + u * u + biases * u)
        pairs.append((width, weights))
        features = width
    return pairs

# %% exercise="stack" right="Keras counts"
def widths_and_weights(features, stack):
    pairs = []
    for kind, units, mode in stack:
        if kind == "Embedding":
            layer, shape = layers.Embedding(features, units), (None, 4)
        elif kind == "Dense":
            layer, shape = layers.Dense(units), (None, 4, features)
        else:
            inner = getattr(layers, kind[2:])(units, return_sequences=True)
            layer, shape = layers.Bidirectional(inner, merge_mode=mode), (None, 4, features)
        layer.build(shape)
        features = int(layer.compute_output_shape(shape)[-1])
        pairs.append((features, layer.count_params()))
    return pairs

# %% exercise="stack" wrong="one direction counted" points=0 says="Two layers, each with its own weights"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        slices, state, biases = {"Embedding": (1, 0, 0), "Dense": (1, 0, 1), "BiLSTM": (4, units, 1), "BiGRU": (3, units, 2)}[kind]
        weights = slices * units * (features + state + biases)
        features = 2 * units if mode == "concat" else units
        found.append((features, weights))
    return found

# %% exercise="stack" wrong="a layer of twice the units" points=0 says="An LSTM of 64 units is not two of 32"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        if kind == "Embedding":
            width, weights = units, features * units
        elif kind == "Dense":
            width, weights = units, units * (features + 1)
        else:
            width = 2 * units
            slices, biases = (4, 1) if kind == "BiLSTM" else (3, 2)
            weights = slices * width * (features + width + biases)
        found.append((width, weights))
        features = width
    return found

# %% exercise="stack" wrong="the width of one direction" points=0 says="the width is 64"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        factor, slices, state, biases = {"Embedding": (1, 1, 0, 0), "Dense": (1, 1, 0, 1), "BiLSTM": (2, 4, units, 1), "BiGRU": (2, 3, units, 2)}[kind]
        found.append((units, factor * slices * units * (features + state + biases)))
        features = units
    return found

# %% exercise="stack" wrong="the next layer reads units" points=0 says="The layer after a 'concat' reads both halves"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        factor, slices, state, biases = {"Embedding": (1, 1, 0, 0), "Dense": (1, 1, 0, 1), "BiLSTM": (2, 4, units, 1), "BiGRU": (2, 3, units, 2)}[kind]
        weights = factor * slices * units * (features + state + biases)
        found.append((2 * units if mode == "concat" else units, weights))
        features = units
    return found

# %% exercise="stack" wrong="sum taken for concat" points=0 says="With 'sum' the outputs are added"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        factor, slices, state, biases = {"Embedding": (1, 1, 0, 0), "Dense": (1, 1, 0, 1), "BiLSTM": (2, 4, units, 1), "BiGRU": (2, 3, units, 2)}[kind]
        weights = factor * slices * units * (features + state + biases)
        features = factor * units
        found.append((features, weights))
    return found

# %% exercise="stack" wrong="reset_after forgotten" points=1 says="widths and weights of another stack is wrong"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        factor, slices, state, biases = {"Embedding": (1, 1, 0, 0), "Dense": (1, 1, 0, 1), "BiLSTM": (2, 4, units, 1), "BiGRU": (2, 3, units, 1)}[kind]
        weights = factor * slices * units * (features + state + biases)
        features = 2 * units if mode == "concat" else units
        found.append((features, weights))
    return found

# %% exercise="summary" right="the halves by a split"
def summary(outputs):
    forward, backward = np.split(outputs, 2, axis=-1)
    return np.hstack([forward[:, -1], backward[:, 0]])

# %% exercise="summary" right="a mask over units"
def summary(outputs):
    width = outputs.shape[-1]
    return np.where(np.arange(width) < width // 2, outputs[:, -1], outputs[:, 0])

# %% exercise="summary" wrong="the last timestep" points=0 says="At the last timestep the backward layer has read one input"
def summary(outputs):
    return outputs[:, -1]

# %% exercise="summary" wrong="the first timestep" points=0 says="At timestep 0 the forward layer has read one input"
def summary(outputs):
    return outputs[:, 0]

# %% exercise="summary" wrong="the wrong ends" points=0 says="The other way round"
def summary(outputs):
    units = outputs.shape[-1] // 2
    return np.concatenate([outputs[:, 0, :units], outputs[:, -1, units:]], axis=-1)

# %% exercise="summary" wrong="the backward units first" points=0 says="The forward units come first"
def summary(outputs):
    units = outputs.shape[-1] // 2
    return np.concatenate([outputs[:, 0, units:], outputs[:, -1, :units]], axis=-1)

# %% exercise="summary" wrong="timesteps taken for units" points=0 says="the summary of a sequence is wrong"
def summary(outputs):
    half = outputs.shape[1] // 2
    return np.concatenate([outputs[:, -1, :half], outputs[:, 0, half:]], axis=-1)

# %% exercise="states" right="both cases written out"
def decoder_state(states):
    if len(states) == 4:
        fh, fc, bh, bc = states
        return [np.concatenate([fh, bh], axis=1), np.concatenate([fc, bc], axis=1)]
    fh, bh = states
    return [np.concatenate([fh, bh], axis=1)]

# %% exercise="states" right="Keras ops and a step"
def decoder_state(states):
    count = len(states) // 2
    return [keras.ops.concatenate(list(states[kind::count]), axis=-1) for kind in range(count)]

# %% exercise="states" wrong="neighbours joined" points=0 says="The order is fh, fc, bh, bc"
def decoder_state(states):
    if len(states) == 2:
        return [np.concatenate(states, axis=-1)]
    return [np.concatenate(states[:2], axis=-1), np.concatenate(states[2:], axis=-1)]

# %% exercise="states" wrong="all four handed on" points=0 says="lay the two h side by side"
def decoder_state(states):
    return list(states)

# %% exercise="states" wrong="h and c swapped" points=0 says="h and c are swapped"
def decoder_state(states):
    if len(states) == 2:
        return [np.concatenate(states, axis=-1)]
    fh, fc, bh, bc = states
    return [np.concatenate([fc, bc], axis=-1), np.concatenate([fh, bh], axis=-1)]

# %% exercise="states" wrong="added in place of joined" points=0 says="The last axis is the layer's units"
def decoder_state(states):
    half = len(states) // 2
    return [f + b for f, b in zip(states[:half], states[half:])]

# %% exercise="states" wrong="joined along the batch" points=0 says="the decoder's first state (h) has the wrong shape"
def decoder_state(states):
    half = len(states) // 2
    return [np.concatenate(pair) for pair in zip(states[:half], states[half:])]

# %% exercise="states" wrong="an LSTM only" points=0 says="`decoder_state` raised ValueError"
def decoder_state(states):
    fh, fc, bh, bc = states
    return [np.concatenate([fh, bh], axis=-1), np.concatenate([fc, bc], axis=-1)]

# %% exercise="tagger" right="a GRU both ways, summed"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.GRU(48, return_sequences=True), merge_mode="sum"),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=8, batch_size=32)
    return model

# %% exercise="tagger" right="the functional API, dropout, a softmax"
def train_tagger(x, y, words, classes):
    codes = keras.Input((None,))
    vectors = layers.Embedding(words, 48, mask_zero=True)(codes)
    read = layers.Bidirectional(layers.LSTM(32, return_sequences=True, dropout=0.1))(vectors)
    model = keras.Model(codes, layers.Dense(classes, activation="softmax")(read))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="tagger", epochs=8, batch_size=32)
    return model

# %% exercise="tagger" wrong="one way" points=0 says="tagged right is not there yet" calibrate=true
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.LSTM(32, return_sequences=True),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=8, batch_size=32)
    return model

# %% exercise="tagger" wrong="backwards only" points=0 says="tagged right is not there yet"
def train_tagger(x, y, words, classes):
    codes = keras.Input((None,))
    vectors = layers.Embedding(words, 32, mask_zero=True)(codes)
    _, read = layers.Bidirectional(layers.LSTM(32, return_sequences=True), merge_mode=None)(vectors)
    model = keras.Model(codes, layers.Dense(classes)(read))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=8, batch_size=32)
    return model

# %% exercise="tagger" wrong="no return_sequences" points=0 says="needs return_sequences=True"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="no mask" points=0 says="is changed by padding"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="padding has no class" points=0 says="The last axis is the layer's units"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes - 2),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, np.minimum(y, classes - 3), name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="off the fast path" points=0 says="would leave the fast path on a GPU"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True, recurrent_dropout=0.2)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="the loss misspelt" points=0 says="That name is misspelt"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_cross_entropy")
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="merge_mode misspelt" points=0 says="merge_mode"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True), merge_mode="avg"),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="ahead" right="one comparison for each pair"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    steps = x.shape[1]
    found = [0]
    for s in range(steps):
        nudged = np.array(x)
        nudged[:, s] = nudged[:, s] * 2 + 3
        after = np.array(fn(nudged))
        found += [s - t for t in range(s) if not np.allclose(before[:, t], after[:, t], rtol=0, atol=1e-9)]
    return max(found)

# %% exercise="ahead" right="from the farthest to the nearest"
def how_far_ahead(fn, x):
    steps, before = x.shape[1], np.array(fn(x))
    noise = np.random.default_rng(3).normal(size=x.shape).astype(x.dtype)
    moved = []
    for s in range(steps):
        after = np.array(fn(np.where(np.arange(steps)[:, None] == s, x + noise, x)))
        moved.append([np.any(after[:, t] != before[:, t]) for t in range(steps)])
    for k in range(steps - 1, 0, -1):
        if any(moved[t + k][t] for t in range(steps - k)):
            return k
    return 0

# %% exercise="ahead" wrong="only the last input is perturbed" points=0 says="is wrong"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    changed = x.copy()
    changed[:, -1] += 1.0
    moved = (np.array(fn(changed)) != before).any(axis=(0, 2))
    if not moved.any():
        return 0
    return x.shape[1] - int(np.flatnonzero(moved)[0])

# %% exercise="ahead" wrong="the past counts as well" points=0 says="The sum so far depends on the past"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    found = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = (np.array(fn(changed)) != before).reshape(len(x), x.shape[1], -1).any(axis=(0, 2))
        found = max([found] + [abs(s - int(t)) for t in np.flatnonzero(moved)])
    return found

# %% exercise="ahead" wrong="the nearest output that moves" points=0 says="That is the nearest one"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    found = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = (np.array(fn(changed)) != before).reshape(len(x), x.shape[1], -1).any(axis=(0, 2))
        earlier = np.flatnonzero(moved[:s])
        if len(earlier):
            found = max(found, s - int(earlier[-1]))
    return found

# %% exercise="ahead" wrong="counts outputs, not steps" points=0 says="An output that depends on its own timestep looks 0 ahead"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    found = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = (np.array(fn(changed)) != before).reshape(len(x), x.shape[1], -1).any(axis=(0, 2))
        at = np.flatnonzero(moved[: s + 1])
        if len(at):
            found = max(found, s - int(at[0]) + (0 if s - int(at[0]) else 1))
    return found

# %% exercise="ahead" wrong="only the first feature is perturbed" points=1 says="how far a model that looks ahead in one feature looks ahead is wrong"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    found = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s, 0] += 1.0
        moved = (np.array(fn(changed)) != before).any(axis=(0, 2))
        at = np.flatnonzero(moved[:s])
        if len(at):
            found = max(found, s - int(at[0]))
    return found

# %% exercise="ahead" wrong="yes or no" points=0 says="looks ahead is wrong"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    changed = x.copy()
    changed[:, -1] += 1.0
    return bool((np.array(fn(changed))[:, :-1] != before[:, :-1]).any())

# %% exercise="jacobian" right="tape.jacobian"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        sums = tf.reduce_sum(layer(x), axis=(0, 2))
    return tf.reduce_sum(tf.abs(tape.jacobian(sums, x, experimental_use_pfor=False)[:, 0]), axis=-1).numpy()

# %% exercise="jacobian" right="output_gradients in place of a sum"
def jacobian(layer, x):
    x = tf.Variable(x)
    with tf.GradientTape(persistent=True) as tape:
        y = layer(x)
    steps = y.shape[1]
    found = np.zeros((steps, steps), "float32")
    for t in range(steps):
        chosen = np.zeros(y.shape, "float32")
        chosen[:, t] = 1
        slope = tape.gradient(y, x, output_gradients=tf.constant(chosen))
        found[t] = np.abs(np.array(tf.convert_to_tensor(slope)))[0].sum(axis=1)
    return found

# %% exercise="jacobian" wrong="rows and columns swapped" points=0 says="Rows and columns are swapped"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    columns = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, t])
        columns.append(np.abs(tape.gradient(total, x)[0]).sum(axis=-1))
    return np.stack(columns, axis=1)

# %% exercise="jacobian" wrong="only the last output" points=0 says="Every row is the last output's"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x)[:, -1])
    row = np.abs(tape.gradient(total, x)[0]).sum(axis=-1)
    return np.tile(row, (x.shape[1], 1))

# %% exercise="jacobian" wrong="all outputs together" points=0 says="the gradient of all outputs together"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    row = np.abs(tape.gradient(y, x)[0]).sum(axis=-1)
    return np.tile(row, (x.shape[1], 1))

# %% exercise="jacobian" wrong="signs kept" points=0 says="The signs are still there"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, t])
        rows.append(tape.gradient(total, x)[0].numpy().sum(axis=-1))
    return np.stack(rows)

# %% exercise="jacobian" wrong="the absolute value after the sum" points=1 says="before you add them up"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, t])
        rows.append(np.abs(tape.gradient(total, x)[0].numpy().sum(axis=-1)))
    return np.stack(rows)

# %% exercise="jacobian" wrong="features left in" points=0 says="the Jacobian of a linear layer"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, t])
        rows.append(np.abs(tape.gradient(total, x)[0]))
    return np.stack(rows)

# %% exercise="bug-hunt" right="the functional API and a loss object"
def mended(features=10, units=32):
    x = keras.Input((None, features))
    backward = layers.GRU(units, return_sequences=True, go_backwards=True)
    forward = layers.LSTM(units, return_sequences=True)
    y = layers.Bidirectional(forward, merge_mode="sum", backward_layer=backward)(x)
    model = keras.Model(x, layers.Dense(1, activation="sigmoid")(y))
    model.compile(loss=keras.losses.BinaryCrossentropy(), optimizer=keras.optimizers.Adam())
    return model

# %% exercise="bug-hunt" right="batch_shape, and accuracy too"
def mended(features=10, units=32):
    both = layers.Bidirectional(
        layers.LSTM(units, return_sequences=True),
        backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
        merge_mode="sum",
    )
    model = keras.Sequential([
        keras.Input(batch_shape=(None, None, features)), both, layers.Dense(1, "sigmoid"),
    ])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model

# %% exercise="bug-hunt" wrong="the GRU still has 8" points=0 says="32 and 8 numbers cannot be added"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(8, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="return_sequences forgotten" points=0 says="the two directions must agree"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="the loss still misspelt" points=0 says="That name is misspelt"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_cross_entropy")
    return model

# %% exercise="bug-hunt" wrong="the Input still as it was" points=0 says="A name is used before it exists"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input(shape(None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="merged by concat instead" points=0 says="A 'concat' hides that the units differ"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="the backward layer left out" points=0 says="The GRU is not broken"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(layers.LSTM(units, return_sequences=True), merge_mode="sum"),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="both with 8 units" points=0 says="the forward layer was right"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(8, return_sequences=True),
            backward_layer=layers.GRU(8, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="the squared error as loss" points=0 says="That is the squared error"
def mended(features=10, units=32):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="mean_squared_error")
    return model

# %% exercise="bug-hunt" wrong="the sizes written in" points=1 says="the model for other sizes has the wrong number of parameters"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, 10)),
        layers.Bidirectional(
            layers.LSTM(32, return_sequences=True),
            backward_layer=layers.GRU(32, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model
