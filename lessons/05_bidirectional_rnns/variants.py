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

# %% exercise="both-ways" wrong="the input flipped" points=0 says="Both halves have read forwards"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), backward(np.flip(x, axis=1))], axis=-1)

# %% exercise="both-ways" wrong="the backward units first" points=0 says="The forward outputs come first"
def read_both_ways(x, forward, backward):
    return np.concatenate([np.flip(backward(x), axis=1), forward(x)], axis=-1)

# %% exercise="both-ways" wrong="joined in time" points=0 says="one after the other in time"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), np.flip(backward(x), axis=1)], axis=1)

# %% exercise="both-ways" wrong="np.flip without an axis" points=0 says="time is axis 1"
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

# %% exercise="merge" wrong="avg in place of ave" points=0 says="own `raise` did that"
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

# %% exercise="merge" wrong="both spellings accepted" points=0 says="Raise ValueError for what is not one of the values"
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

# %% exercise="merge" wrong="no error for an unknown mode" points=0 says="Raise ValueError for what is not one of the values"
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

# %% exercise="merge" wrong="a matrix product" points=0 says="For 'mul' that is a matrix product"
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

# %% exercise="merge" wrong="only avg is refused" points=1 says="Raise ValueError for what is not one of the values"
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

# %% exercise="stack" wrong="a layer of twice the units" points=0 says="An LSTM of twice the units is not two"
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

# %% exercise="stack" wrong="the width of one direction" points=0 says="the width is 2 · units"
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

# %% exercise="stack" wrong="sum taken for concat" points=0 says="the width is units, not 2"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        factor, slices, state, biases = {"Embedding": (1, 1, 0, 0), "Dense": (1, 1, 0, 1), "BiLSTM": (2, 4, units, 1), "BiGRU": (2, 3, units, 2)}[kind]
        weights = factor * slices * units * (features + state + biases)
        features = factor * units
        found.append((features, weights))
    return found

# %% exercise="stack" wrong="reset_after forgotten" points=1 says="A GRU has two biases for each gate"
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

# %% exercise="summary" wrong="timesteps taken for units" points=0 says="gives a wrong result"
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

# %% exercise="states" wrong="added in place of joined" points=0 says="The two are added"
def decoder_state(states):
    half = len(states) // 2
    return [f + b for f, b in zip(states[:half], states[half:])]

# %% exercise="states" wrong="joined along the batch" points=0 says="below each other, in the batch"
def decoder_state(states):
    half = len(states) // 2
    return [np.concatenate(pair) for pair in zip(states[:half], states[half:])]

# %% exercise="states" wrong="an LSTM only" points=0 says="another number of values than there are names"
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

# %% exercise="tagger" right="the functional API, and dropout"
def train_tagger(x, y, words, classes):
    codes = keras.Input((None,))
    vectors = layers.Embedding(words, 48, mask_zero=True)(codes)
    read = layers.Bidirectional(layers.LSTM(32, return_sequences=True, dropout=0.1))(vectors)
    model = keras.Model(codes, layers.Dense(classes)(read))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, x, y, name="tagger", epochs=8, batch_size=32)
    return model

# %% exercise="tagger" right="a subclassed model"
class Tagger(keras.Model):
    def __init__(self, words, classes):
        super().__init__()
        self.embed = layers.Embedding(words, 32, mask_zero=True)
        self.read = layers.Bidirectional(layers.LSTM(40, return_sequences=True))
        self.tag = layers.Dense(classes)

    def call(self, codes):
        return self.tag(self.read(self.embed(codes)))

def train_tagger(x, y, words, classes):
    model = Tagger(words, classes)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss)
    lab.fit_once(model, x, y, name="tagger", epochs=8, batch_size=32)
    return model

# %% exercise="tagger" right="tf.keras, a GRU read backwards under an LSTM, named arguments"
def train_tagger(x, y, words, classes):
    tk = tf.keras
    forward = tk.layers.LSTM(units=32, return_sequences=True)
    backward = tk.layers.GRU(units=32, return_sequences=True, go_backwards=True)
    model = tk.models.Sequential()
    model.add(tk.layers.Input(shape=(None,)))
    model.add(tk.layers.Embedding(input_dim=words, output_dim=32, mask_zero=True))
    model.add(tk.layers.Bidirectional(layer=forward, backward_layer=backward, merge_mode="concat"))
    model.add(tk.layers.TimeDistributed(tk.layers.Dense(classes)))
    loss = tk.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=tk.optimizers.Adam(learning_rate=0.01), loss=loss)
    lab.fit_once(model, x, y, name="tagger", epochs=10, batch_size=32)
    return model

# %% exercise="tagger" wrong="one way" points=0 says="What comes after a token changes nothing in its tag" calibrate=true
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

# %% exercise="tagger" wrong="backwards only" points=0 says="What stands before a token changes nothing in its tag"
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

# %% exercise="tagger" wrong="no mask" points=0 says="Padding is not data"
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

# %% exercise="tagger" wrong="padding has no class" points=0 says="as the layer has units"
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

# %% exercise="tagger" wrong="off the fast path" points=0 says="hands a whole LSTM or GRU to one cuDNN operation"
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

# %% exercise="ahead" wrong="only the last input is perturbed" points=0 says="Some timesteps of x were never changed"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    changed = x.copy()
    changed[:, -1] += 1.0
    moved = (np.array(fn(changed)) != before).any(axis=(0, 2))
    if not moved.any():
        return 0
    return x.shape[1] - int(np.flatnonzero(moved)[0])

# %% exercise="ahead" wrong="the past counts as well" points=0 says="these depend on the past"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    found = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = (np.array(fn(changed)) != before).reshape(len(x), x.shape[1], -1).any(axis=(0, 2))
        found = max([found] + [abs(s - int(t)) for t in np.flatnonzero(moved)])
    return found

# %% exercise="ahead" wrong="the nearest output that moves" points=0 says="That is the nearest output that moves"
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

# %% exercise="ahead" wrong="only the first feature is perturbed" points=1 says="Change all features of a timestep"
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

# %% exercise="ahead" wrong="yes or no" points=0 says="A number is asked"
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

# %% exercise="jacobian" wrong="the absolute value after the sum" points=0 says="before you add them up"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, t])
        rows.append(np.abs(tape.gradient(total, x)[0].numpy().sum(axis=-1)))
    return np.stack(rows)

# %% exercise="jacobian" wrong="features left in" points=0 says="The features are still there"
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

# %% exercise="bug-hunt" wrong="the GRU still has 8" points=0 says="the units must match"
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

# %% exercise="bug-hunt" wrong="merged by concat instead" points=0 says="The merge was not broken: keep 'sum'"
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

# %% exercise="bug-hunt" wrong="both with 8 units" points=0 says="the forward layer had, which were right"
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

# %% exercise="bug-hunt" wrong="the sizes written in" points=1 says="features is an argument"
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

# %% exercise="stack" right="NumPy integers, and tuples made lists"
def widths_and_weights(features, stack):
    pairs = []
    for kind, u, mode in stack:
        gates, biases, ways = {"Embedding": (1, 0, 1), "Dense": (1, 1, 1), "BiLSTM": (4, 1, 2), "BiGRU": (3, 2, 2)}[kind]
        state = u if ways == 2 else 0
        width = u * 2 if mode == "concat" else u
        pairs.append((np.int64(width), np.int64(ways * gates * u * (features + state + biases))))
        features = width
    return pairs

# %% exercise="stack" right="one function for each kind"
def widths_and_weights(features, stack):
    count = {
        "Embedding": lambda f, u: f * u,
        "Dense": lambda f, u: f * u + u,
        "BiLSTM": lambda f, u: 8 * u * (f + u + 1),
        "BiGRU": lambda f, u: 6 * u * (f + u + 2),
    }
    result = []
    for kind, units, how in stack:
        result.append(((1 + (how == "concat")) * units, count[kind](features, units)))
        features = result[-1][0]
    return result

# %% exercise="stack" wrong="no biases" points=0 says="The biases are missing"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        ways, gates, state = {"Embedding": (1, 1, 0), "Dense": (1, 1, 0), "BiLSTM": (2, 4, units), "BiGRU": (2, 3, units)}[kind]
        weights = ways * gates * units * (features + state)
        features = 2 * units if mode == "concat" else units
        found.append((features, weights))
    return found

# %% exercise="stack" wrong="weights before widths" points=0 says="A pair is (width, weights)"
def widths_and_weights(features, stack):
    found = []
    for kind, units, mode in stack:
        weights = {"Embedding": features * units, "Dense": units * (features + 1),
                   "BiLSTM": 8 * units * (features + units + 1), "BiGRU": 6 * units * (features + units + 2)}[kind]
        features = 2 * units if mode == "concat" else units
        found.append((weights, features))
    return found

# %% exercise="summary" right="a loop over the batch, float64"
def summary(outputs):
    units = outputs.shape[2] // 2
    return np.array([[*row[-1][:units], *row[0][units:]] for row in outputs.astype("float64")])

# %% exercise="summary" right="TensorFlow"
def summary(outputs):
    forward, backward = tf.split(tf.convert_to_tensor(outputs), 2, axis=-1)
    return tf.concat([forward[:, -1], backward[:, 0]], axis=-1)

# %% exercise="summary" wrong="added" points=0 says="The two boxes are added"
def summary(outputs):
    units = outputs.shape[-1] // 2
    return outputs[:, -1, :units] + outputs[:, 0, units:]

# %% exercise="summary" wrong="the mean over time" points=0 says="mean over the timesteps"
def summary(outputs):
    return outputs.mean(axis=1)

# %% exercise="states" right="TensorFlow"
def decoder_state(states):
    half = len(states) // 2
    return [tf.concat([states[k], states[k + half]], axis=-1) for k in range(half)]

# %% exercise="states" right="hstack of a dictionary"
def decoder_state(states):
    names = dict(zip(("fh", "fc", "bh", "bc") if len(states) == 4 else ("fh", "bh"), states))
    kinds = "hc" if "fc" in names else "h"
    return [np.hstack([names["f" + kind], names["b" + kind]]).astype("float64") for kind in kinds]

# %% exercise="states" wrong="the backward units first" points=0 says="The forward units come first"
def decoder_state(states):
    half = len(states) // 2
    return [np.concatenate([b, f], axis=-1) for f, b in zip(states[:half], states[half:])]

# %% exercise="both-ways" right="a loop over the timesteps, float64"
def read_both_ways(x, forward, backward):
    one, other = (np.array(layer(x), "float64") for layer in (forward, backward))
    last = one.shape[1] - 1
    return np.stack([np.hstack([one[:, t], other[:, last - t]]) for t in range(last + 1)], axis=1)

# %% exercise="both-ways" right="tf.keras layers and named arguments"
def read_both_ways(x, forward, backward):
    from tensorflow import keras as tk
    ahead = tk.layers.Lambda(lambda y: y[:, ::-1])(backward(x))
    return tk.layers.concatenate(inputs=[forward(x), ahead], axis=2)

# %% exercise="both-ways" wrong="the batch flipped" points=0 says="time is axis 1"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), np.flip(backward(x), axis=0)], axis=-1)

# %% exercise="both-ways" wrong="flipped along all axes, one by one" points=0 says="time is axis 1"
def read_both_ways(x, forward, backward):
    ahead = keras.ops.flip(backward(x), axis=-1)
    return keras.ops.concatenate([forward(x), np.flip(ahead, axis=(0, 1))], axis=-1)

# %% exercise="both-ways" wrong="added" points=0 says="The two are added"
def read_both_ways(x, forward, backward):
    return forward(x) + np.flip(backward(x), axis=1)

# %% exercise="both-ways" wrong="two things returned" points=0 says="join the two along the last axis"
def read_both_ways(x, forward, backward):
    return forward(x), keras.ops.flip(backward(x), axis=1)

# %% exercise="both-ways" wrong="the forward layer twice" points=0 says="Both halves have read forwards"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), np.flip(forward(x), axis=1)], axis=-1)

# %% exercise="both-ways" wrong="Bidirectional makes a layer of its own weights" points=0 says="The backward half is right"
def read_both_ways(x, forward, backward):
    keras.utils.set_random_seed(0)
    return layers.Bidirectional(forward, backward_layer=backward)(x)

# %% exercise="both-ways" wrong="the input, flipped and joined" points=0 says="the outputs side by side"
def read_both_ways(x, forward, backward):
    return np.concatenate([x, np.flip(x, axis=1)], axis=-1)

# %% exercise="both-ways" wrong="nothing returned" points=0 says="return"
def read_both_ways(x, forward, backward):
    np.concatenate([forward(x), np.flip(backward(x), axis=1)], axis=-1)

# %% exercise="merge" right="TensorFlow, a list for None"
def merge(forward, backward, mode):
    if mode not in ("concat", "sum", "mul", "ave", None):
        raise ValueError(f"no mode {mode}")
    both = tf.stack([forward, backward])
    if mode == "concat":
        return tf.concat([forward, backward], -1)
    if mode == "sum":
        return tf.reduce_sum(both, 0)
    if mode == "mul":
        return tf.reduce_prod(both, 0)
    return tf.reduce_mean(both, 0) if mode == "ave" else [forward, backward]

# %% exercise="merge" right="keras.ops, an error of its own"
class NoSuchMode(ValueError):
    pass

def merge(forward, backward, mode):
    from keras import ops
    found = {"concat": ops.concatenate([forward, backward], axis=-1), "sum": ops.add(forward, backward),
             "mul": ops.multiply(forward, backward), "ave": ops.mean([forward, backward], axis=0)}
    found[None] = (forward, backward)
    try:
        return found[mode]
    except KeyError:
        raise NoSuchMode(mode) from None

# %% exercise="merge" wrong="a dictionary without a look first" points=0 says="the value of an argument is none of those allowed"
def merge(forward, backward, mode):
    return {"concat": np.concatenate([forward, backward], axis=-1), "sum": forward + backward, "mul": forward * backward,
            "ave": (forward + backward) / 2, None: (forward, backward)}[mode]

# %% exercise="merge" wrong="the words of an error returned" points=0 says="Raise ValueError for what is not one of the values"
def merge(forward, backward, mode):
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    if mode is None:
        return forward, backward
    return "ValueError: no such mode"

# %% exercise="merge" wrong="brackets forgotten" points=0 says="mind the brackets"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return forward + backward / 2
    raise ValueError(mode)

# %% exercise="merge" wrong="None gives the forward outputs" points=0 says="only one of them came back"
def merge(forward, backward, mode):
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    if mode is None:
        return forward
    raise ValueError(mode)

# %% exercise="tagger" wrong="a softmax at the end" points=0 says="it went through a softmax"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="from_logits forgotten" points=0 says="told nothing of logits"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="made for 19 timesteps" points=0 says="takes any number of them"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((x.shape[1],)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="each token by itself" points=0 says="depends on that token alone"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(words, 32, mask_zero=True), layers.Dense(32, "relu"), layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=2, batch_size=32)
    return model

# %% exercise="tagger" wrong="hardly trained" points=0 says="has not learned enough yet"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=64)
    return model

# %% exercise="tagger" wrong="targets of nothing but padding" points=0 says="All tokens have the same tag"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, np.zeros_like(y), name="tagger", epochs=1, batch_size=32)
    return model

# %% exercise="tagger" wrong="the history returned" points=0 says="Return the model"
def train_tagger(x, y, words, classes):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return lab.fit_once(model, x, y, name="tagger", epochs=1, batch_size=32)

# %% exercise="ahead" right="all copies in one batch, one call"
def how_far_ahead(fn, x):
    rows, steps, features = x.shape
    copies = np.repeat(x[np.newaxis], steps + 1, axis=0)
    for s in range(steps):
        copies[s, :, s] += 1.0
    y = np.asarray(fn(copies.reshape(-1, steps, features))).reshape(steps + 1, rows, steps, -1)
    moved = (y[:-1] != y[-1]).any(axis=(1, 3))  # (changed, output)
    return max(s - t for s in range(steps) for t in range(steps) if s == t or (s > t and moved[s, t]))

# %% exercise="ahead" right="not-a-number as a dye"
def how_far_ahead(fn, x):
    furthest = 0
    for s in range(x.shape[1]):
        dyed = np.copy(x)
        dyed[:, s] = np.nan
        for t in range(s):
            if np.isnan(np.asarray(fn(dyed)))[:, t].any():
                furthest = max(furthest, s - t)
    return furthest

# %% exercise="ahead" wrong="zeros, where zeros may stand already" points=0 says="2 · 0 is 0"
def how_far_ahead(fn, x):
    y = tf.convert_to_tensor(fn(x))
    looks = np.zeros(x.shape[1], int)
    for s in range(1, x.shape[1]):
        other = np.where(np.arange(x.shape[1])[None, :, None] == s, np.float32(0), x)
        differs = tf.reduce_any(tf.not_equal(tf.convert_to_tensor(fn(other)), y), axis=[0, 2]).numpy()
        looks[s] = s - differs[:s].argmax() if differs[:s].any() else 0
    return looks.max()

# %% exercise="ahead" wrong="all from s on are changed" points=0 says="only if a single timestep was changed"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    furthest = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s:] += 1.0
        moved = (np.array(fn(changed)) != before).any(axis=(0, 2))
        if moved[:s].any():
            furthest = max(furthest, s - int(np.argmax(moved)))
    return furthest

# %% exercise="ahead" wrong="x itself is changed" points=0 says="Begin each time with a fresh copy"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    furthest = 0
    for s in range(x.shape[1]):
        x[:, s] += 1.0
        moved = (np.array(fn(x)) != before).any(axis=(0, 2))
        at = np.flatnonzero(moved)
        if len(at):
            furthest = max(furthest, s - int(at[0]))
    return furthest

# %% exercise="ahead" wrong="the first that is found" points=0 says="Some timesteps of x were never changed"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        at = np.flatnonzero((np.array(fn(changed)) != before).any(axis=(0, 2)))
        if len(at) and at[0] < s:
            return s - int(at[0])
    return 0

# %% exercise="ahead" wrong="how many outputs look ahead" points=0 says="How far is asked"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    outputs = set()
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = (np.array(fn(changed)) != before).any(axis=(0, 2))
        outputs |= set(np.flatnonzero(moved[:s]).tolist())
    return len(outputs)

# %% exercise="ahead" wrong="a guess" points=0 says="What a function depends on shows only when it is called"
def how_far_ahead(fn, x):
    return 2

# %% exercise="ahead" wrong="t - s" points=0 says="It is negative"
def how_far_ahead(fn, x):
    before = np.array(fn(x))
    found = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = (np.array(fn(changed)) != before).any(axis=(0, 2))
        for t in np.flatnonzero(moved[:s]):
            found = min(found, int(t) - s)
    return found

# %% exercise="jacobian" right="batch_jacobian, in float64"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x), axis=-1)
    slopes = tape.batch_jacobian(total, x, experimental_use_pfor=False)
    return np.abs(slopes[0].numpy().astype("float64")).sum(axis=2)

# %% exercise="jacobian" right="a variable, and a matrix filled entry by entry"
def jacobian(layer, x):
    steps = x.shape[1]
    v, matrix = tf.Variable(x), np.empty((steps, steps))
    for row in range(steps):
        with tf.GradientTape() as tape:
            outputs = layer(v)
            total = keras.ops.sum(outputs[0, row])
        slope = tf.convert_to_tensor(tape.gradient(total, v, unconnected_gradients="zero"))
        for column in range(steps):
            matrix[row, column] = sum(abs(float(g)) for g in slope[0, column])
    return matrix

# %% exercise="jacobian" wrong="the tape does not watch" points=0 says="tape"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(layer(x)[:, t])
        rows.append(np.abs(tape.gradient(total, x)[0]).sum(axis=-1))
    return np.stack(rows)

# %% exercise="jacobian" wrong="the first unit only" points=0 says="a single unit"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = layer(x)[0, t, 0]
        rows.append(np.abs(tape.gradient(total, x)[0]).sum(axis=-1))
    return np.stack(rows)

# %% exercise="jacobian" wrong="the units averaged" points=0 says="The units are averaged"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_mean(layer(x)[:, t])
        rows.append(np.abs(tape.gradient(total, x)[0]).sum(axis=-1))
    return np.stack(rows)

# %% exercise="jacobian" wrong="a list of rows with the batch axis" points=0 says="axis of size 1"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, t])
        rows.append(np.abs(tape.gradient(total, x)).sum(axis=-1))
    return np.stack(rows)

# %% exercise="jacobian" wrong="the last row alone" points=0 says="the last output's row alone"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x)[:, -1])
    return np.abs(tape.gradient(total, x)[0]).sum(axis=-1)

# %% exercise="jacobian" wrong="how much it moves, in place of the slope" points=0 says="what each output depends on is wrong"
def jacobian(layer, x):
    before, steps = np.array(layer(x)), x.shape[1]
    found = np.zeros((steps, steps))
    for s in range(steps):
        moved = x.copy()
        moved[:, s] += 1.0
        found[:, s] = np.abs(np.array(layer(moved)) - before)[0].sum(axis=-1)
    return found

# %% exercise="bug-hunt" right="a subclassed model"
class Events(keras.Model):
    def __init__(self, units):
        super().__init__()
        forward = layers.LSTM(units, return_sequences=True)
        backward = layers.GRU(units, return_sequences=True, go_backwards=True)
        self.both = layers.Bidirectional(forward, backward_layer=backward, merge_mode="sum")
        self.say = layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.say(self.both(x))

def mended(features=10, units=32):
    model = Events(units)
    model.build((None, None, features))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" right="tf.keras, the sigmoid as a layer, from_logits=False"
def mended(features=10, units=32):
    from tensorflow.keras import Input, Sequential, layers, losses
    model = Sequential()
    model.add(Input(shape=(None, features)))
    model.add(layers.Bidirectional(
        layer=layers.LSTM(units=units, return_sequences=True),
        backward_layer=layers.GRU(units=units, go_backwards=True, return_sequences=True),
        merge_mode="sum",
    ))
    model.add(layers.Dense(units=1))
    model.add(layers.Activation("sigmoid"))
    model.compile(optimizer="adam", loss=losses.BinaryCrossentropy(from_logits=False))
    return model

# %% exercise="bug-hunt" wrong="logits, and from_logits=True" points=0 says="as logits are. Probabilities are asked"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1),
    ])
    model.compile(optimizer="adam", loss=keras.losses.BinaryCrossentropy(from_logits=True))
    return model

# %% exercise="bug-hunt" wrong="a sigmoid, and from_logits=True" points=0 says="A sigmoid twice"
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
    model.compile(optimizer="adam", loss=keras.losses.BinaryCrossentropy(from_logits=True))
    return model

# %% exercise="bug-hunt" wrong="a softmax over one unit" points=0 says="It is the same value everywhere"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="a cross-entropy over classes" points=0 says="It is 0 whatever is predicted"
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
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="not compiled" points=0 says="model.compile"
def mended(features=10, units=32):
    return keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])

# %% exercise="bug-hunt" wrong="averaged" points=0 says="The two directions are averaged"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="ave",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="five timesteps" points=0 says="takes any number of them"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((5, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="bug-hunt" wrong="one answer for the sequence" points=0 says="return_sequences=True returns one vector per timestep"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.LSTM(units),
            backward_layer=layers.GRU(units, go_backwards=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="merge" wrong="backward and forward change places" points=0 says="Forward and backward have changed places"
def merge(forward, backward, mode):
    if mode is None:
        return backward, forward
    if mode == "concat":
        return np.concatenate([backward, forward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    raise ValueError(mode)

# %% exercise="bug-hunt" wrong="the GRU forwards, the LSTM backwards" points=0 says="The two have changed places"
def mended(features=10, units=32):
    model = keras.Sequential([
        keras.Input((None, features)),
        layers.Bidirectional(
            layers.GRU(units, return_sequences=True),
            backward_layer=layers.LSTM(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model

# %% exercise="jacobian" wrong="all outputs up to t" points=0 says="all outputs up to t"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, : t + 1])
        rows.append(np.abs(tape.gradient(total, x)[0]).sum(axis=-1))
    return np.stack(rows)

# %% exercise="both-ways" right="timestep by timestep"
def read_both_ways(x, forward, backward):
    f, b = np.asarray(forward(x)), np.asarray(backward(x))
    last = x.shape[1] - 1
    return np.stack([np.hstack([f[:, t], b[:, last - t]]) for t in range(x.shape[1])], 1)

# %% exercise="merge" right="a table of functions and a KeyError turned"
def merge(forward, backward, mode):
    ways = {
        "concat": lambda *p: np.concatenate(p, axis=-1),
        "sum": lambda f, b: f + b,
        "mul": lambda f, b: f * b,
        "ave": lambda f, b: 0.5 * f + 0.5 * b,
        None: lambda *p: p,
    }
    try:
        return ways[mode](forward, backward)
    except KeyError:
        raise ValueError(f"unknown merge mode {mode!r}") from None

# %% exercise="merge" right="a table of Keras layers"
def merge(forward, backward, mode):
    if mode is None:
        return (forward, backward)
    kinds = dict(concat=layers.Concatenate, sum=layers.Add, mul=layers.Multiply, ave=layers.Average)
    if mode not in kinds:
        raise ValueError("concat, sum, mul, ave or None")
    return np.array(kinds[mode]()([keras.ops.convert_to_tensor(forward), keras.ops.convert_to_tensor(backward)]))

# %% exercise="stack" right="a generator, NumPy integers"
def _each(f, stack):
    for kind, u, m in stack:
        w = np.int64(u) * (2 if m == "concat" else 1)
        k = {"Embedding": f, "Dense": f + 1, "BiLSTM": 8 * (f + u + 1), "BiGRU": 6 * (f + u + 2)}[kind]
        yield w, k * u
        f = w
def widths_and_weights(features, stack):
    return list(_each(features, stack))

# %% exercise="summary" right="a place for each unit"
def summary(outputs):
    _, steps, width = outputs.shape
    rows = [steps - 1] * (width // 2) + [0] * (width // 2)
    return outputs[:, rows, list(range(width))]

# %% exercise="states" right="every second state"
def decoder_state(states):
    kinds = len(states) // 2
    return [np.concatenate(states[k::kinds], 1) for k in range(kinds)]

# %% exercise="ahead" right="the first that moves, a NumPy integer"
def how_far_ahead(fn, x):
    T = x.shape[1]
    y0 = np.asarray(fn(x))
    best = np.int64(0)
    for s in range(1, T):
        z = x + np.eye(T, dtype=x.dtype)[s][None, :, None]
        d = np.any(np.asarray(fn(z))[:, :s] != y0[:, :s], axis=(0, -1))
        if d.any():
            best = max(best, s - np.argmax(d))
    return best

# %% exercise="jacobian" right="output gradients, a norm"
def jacobian(layer, x):
    x = tf.constant(x)
    T = x.shape[1]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = layer(x)
    result = np.zeros((T, T))
    for t in range(T):
        pick = np.zeros(y.shape, "float32")
        pick[0, t] = 1
        result[t] = np.linalg.norm(tape.gradient(y, x, output_gradients=tf.constant(pick))[0], ord=1, axis=-1)
    return result

# %% exercise="bug-hunt" right="layers added one by one"
def mended(features=10, units=32):
    model = keras.models.Sequential()
    model.add(keras.layers.InputLayer(shape=(None, features)))
    options = {"return_sequences": True}
    model.add(layers.Bidirectional(layers.LSTM(units, **options), "sum",
        backward_layer=layers.GRU(units, go_backwards=True, **options)))
    model.add(layers.TimeDistributed(layers.Dense(1, activation="sigmoid")))
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.binary_crossentropy)
    return model

# %% exercise="both-ways" wrong="np.concatenate's own axis" points=0 says="joined along axis 0 (the batch)"
def read_both_ways(x, forward, backward):
    return np.concatenate([forward(x), np.flip(backward(x), axis=1)])

# %% exercise="both-ways" wrong="one layer reads the other" points=0 says="The forward half is right"
def read_both_ways(x, forward, backward):
    f = forward(x)
    return np.concatenate([f, np.flip(backward(f), axis=1)], axis=-1)

# %% exercise="both-ways" wrong="backward without its own timestep" points=0 says="The forward half is right"
def read_both_ways(x, forward, backward):
    b = np.flip(backward(x), axis=1)
    b = np.concatenate([b[:, 1:], np.zeros_like(b[:, :1])], axis=1)
    return np.concatenate([forward(x), b], axis=-1)

# %% exercise="merge" wrong="every timestep against every other" points=0 says="a matrix product. It goes element by element"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward @ backward.transpose(0, 2, 1)
    if mode == "ave":
        return (forward + backward) / 2
    raise ValueError("no such mode")

# %% exercise="merge" wrong="a mean and a sum of everything" points=0 says="one number where several are asked"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return np.sum([forward, backward])
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return np.mean([forward, backward])
    raise ValueError("no such mode")

# %% exercise="merge" wrong="backward flipped once more" points=0 says="turned around once more"
def merge(forward, backward, mode):
    backward = np.flip(backward, axis=1)
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    raise ValueError("no such mode")

# %% exercise="merge" wrong="None taken for a text" points=0 says="own `raise` did that"
def merge(forward, backward, mode):
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    if mode == "None":
        return forward, backward
    raise ValueError("no such mode")

# %% exercise="merge" wrong="a text as a condition" points=0 says="A text alone"
def merge(forward, backward, mode):
    if mode is None:
        return forward, backward
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    if mode == "sum" or "add":
        return forward + backward
    if mode == "mul":
        return forward * backward
    if mode == "ave":
        return (forward + backward) / 2
    raise ValueError("no such mode")

# %% exercise="stack" wrong="the first features throughout" points=0 says="as if it read what the first one reads"
def widths_and_weights(features, stack):
    out = []
    for kind, u, m in stack:
        k = {"Embedding": features, "Dense": features + 1, "BiLSTM": 8 * (features + u + 1), "BiGRU": 6 * (features + u + 2)}[kind]
        w = 2 * u if m == "concat" else u
        out.append((w, k * u))
    return out

# %% exercise="stack" wrong="counted as one layer of twice the units" points=0 says="one layer of twice the units"
def widths_and_weights(features, stack):
    out = []
    for kind, u, m in stack:
        w = 2 * u if m == "concat" else u
        v = 2 * u if kind.startswith("Bi") else u
        k = {"Embedding": features, "Dense": features + 1, "BiLSTM": 4 * (features + v + 1), "BiGRU": 3 * (features + v + 2)}[kind]
        out.append((w, k * v))
        features = w
    return out

# %% exercise="stack" wrong="the features twice" points=0 says="it is the second that is wrong"
def widths_and_weights(features, stack):
    out = []
    for kind, u, m in stack:
        k = {"Embedding": features, "Dense": features + 1, "BiLSTM": 8 * (2 * features + u + 1), "BiGRU": 6 * (2 * features + u + 2)}[kind]
        w = 2 * u if m == "concat" else u
        out.append((w, k * u))
        features = w
    return out

# %% exercise="stack" wrong="half the weights where outputs are joined" points=0 says="still come of two layers"
def widths_and_weights(features, stack):
    out = []
    for kind, u, m in stack:
        w = 2 * u if m == "concat" else u
        k = {"Embedding": features, "Dense": features + 1, "BiLSTM": 4 * (features + u + 1), "BiGRU": 3 * (features + u + 2)}[kind]
        out.append((w, k * w))
        features = w
    return out

# %% exercise="stack" wrong="a Dense without its bias" points=0 says="A Dense layer has a bias"
def widths_and_weights(features, stack):
    out = []
    for kind, u, m in stack:
        w = 2 * u if m == "concat" else u
        k = {"Embedding": features, "Dense": features, "BiLSTM": 8 * (features + u + 1), "BiGRU": 6 * (features + u + 2)}[kind]
        out.append((w, k * u))
        features = w
    return out

# %% exercise="stack" wrong="running totals" points=0 says="added up from layer to layer"
def widths_and_weights(features, stack):
    out, total = [], 0
    for kind, u, m in stack:
        w = 2 * u if m == "concat" else u
        k = {"Embedding": features, "Dense": features + 1, "BiLSTM": 8 * (features + u + 1), "BiGRU": 6 * (features + u + 2)}[kind]
        total += k * u
        out.append((w, total))
        features = w
    return out

# %% exercise="stack" wrong="an Embedding that falls through to Dense" points=0 says="a table without a bias"
def widths_and_weights(features, stack):
    out = []
    for kind, u, m in stack:
        if kind == "Embedding":
            n = features * u
        if kind == "BiLSTM":
            n = 8 * u * (features + u + 1)
        elif kind == "BiGRU":
            n = 6 * u * (features + u + 2)
        else:
            n = u * (features + 1)
        w = 2 * u if m == "concat" else u
        out.append((w, n))
        features = w
    return out

# %% exercise="summary" wrong="/ for an index" points=0 says="// gives an int"
def summary(outputs):
    u = outputs.shape[-1] / 2
    return np.concatenate([outputs[:, -1, :u], outputs[:, 0, u:]], axis=-1)

# %% exercise="summary" wrong="the six units of the cell above" points=0 says="cut at a fixed place"
def summary(outputs):
    return np.concatenate([outputs[:, -1, :6], outputs[:, 0, 6:]], axis=-1)

# %% exercise="summary" wrong="joined below each other" points=0 says="joined along axis 0"
def summary(outputs):
    u = outputs.shape[-1] // 2
    return np.concatenate([outputs[:, -1, :u], outputs[:, 0, u:]])

# %% exercise="states" wrong="a GRU's state without its list" points=0 says="A list is asked, even of one thing"
def decoder_state(states):
    if len(states) == 2:
        return np.concatenate(states, -1)
    fh, fc, bh, bc = states
    return [np.concatenate([fh, bh], -1), np.concatenate([fc, bc], -1)]

# %% exercise="states" wrong="h alone" points=0 says="stands alone"
def decoder_state(states):
    k = len(states) // 2
    return np.concatenate([np.stack(states[:k]), np.stack(states[k:])], axis=-1)[0]

# %% exercise="ahead" wrong="times two" points=0 says="2 · 0 is 0"
def how_far_ahead(fn, x):
    base = np.array(fn(x))
    far = 0
    for s in range(x.shape[1]):
        other = x.copy()
        other[:, s] *= 2
        moved = (np.array(fn(other)) != base).any(axis=(0, 2))
        far = max([far] + [s - t for t in range(s) if moved[t]])
    return far

# %% exercise="ahead" wrong="how far back" points=0 says="how far the function looks back"
def how_far_ahead(fn, x):
    base = np.array(fn(x))
    far = 0
    for s in range(x.shape[1]):
        other = x.copy()
        other[:, s] += 1
        for t in np.flatnonzero((np.array(fn(other)) != base).any(axis=(0, 2))):
            far = max(far, int(t - s))
    return far

# %% exercise="ahead" wrong="how many outputs move" points=0 says="how many outputs one change moves"
def how_far_ahead(fn, x):
    base = np.array(fn(x))
    far = 0
    for s in range(x.shape[1]):
        other = x.copy()
        other[:, s] += 1
        moved = (np.array(fn(other)) != base).any(axis=(0, 2))
        far = max(far, int(moved[:s].sum()))
    return far

# %% exercise="ahead" wrong="turned in sign, and added up" points=0 says="2 · 0 is 0"
def how_far_ahead(fn, x):
    base = np.array(fn(x))
    far = 0
    for s in range(x.shape[1]):
        other = x.copy()
        other[:, s] = -other[:, s]
        moved = (np.array(fn(other)) - base).sum(axis=(0, 2))
        far = max([far] + [s - t for t in range(s) if moved[t] > 0])
    return far

# %% exercise="ahead" wrong="no largest of none" points=0 says="max(found, default=0)"
def how_far_ahead(fn, x):
    base = np.array(fn(x))
    found = []
    for s in range(x.shape[1]):
        other = x.copy()
        other[:, s] += 1
        moved = (np.array(fn(other)) != base).any(axis=(0, 2))
        found += [s - t for t in range(s) if moved[t]]
    return max(found)

# %% exercise="jacobian" wrong="cut out after the tape" points=0 says="after the tape's `with` block"
def jacobian(layer, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = layer(x)
    return np.array([np.abs(tape.gradient(tf.reduce_sum(y[:, t]), x)[0]).sum(-1) for t in range(x.shape[1])])

# %% exercise="summary" wrong="units that alternate" points=0 says="do not alternate"
def summary(outputs):
    return np.concatenate([outputs[:, -1, ::2], outputs[:, 0, 1::2]], axis=-1)
