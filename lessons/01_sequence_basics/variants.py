# Right and wrong answers to the exercises of 01_sequence_basics: see docs/AUTHORING.md.

# %% exercise="bag" right="a Counter"
from collections import Counter


def bag_of_words(sentence, words):
    counts = Counter(sentence.lower().split())
    return np.array([counts[word] for word in words])

# %% exercise="bag" right="a plain loop and a list"
def bag_of_words(sentence, words):
    bag = [0] * len(words)
    for token in sentence.lower().split():
        if token in words:
            bag[words.index(token)] += 1
    return bag

# %% exercise="bag" right="comparing arrays"
def bag_of_words(sentence, words):
    tokens = np.array(sentence.lower().split(), dtype=str)
    return (tokens[:, np.newaxis] == np.array(words)).sum(axis=0)

# %% exercise="bag" wrong="marks presence, does not count" points=0 says="A bag counts them"
def bag_of_words(sentence, words):
    tokens = sentence.lower().split()
    return np.array([int(word in tokens) for word in words])

# %% exercise="bag" wrong="forgets to lower-case" points=0 says="are one word"
def bag_of_words(sentence, words):
    tokens = sentence.split()
    return np.array([tokens.count(word) for word in words])

# %% exercise="bag" wrong="counts letters in the string" points=0 says="'he' sits inside 'the'"
def bag_of_words(sentence, words):
    return np.array([sentence.lower().count(word) for word in words])

# %% exercise="bag" wrong="shares in place of counts" points=0 says="A bag holds counts"
def bag_of_words(sentence, words):
    tokens = sentence.lower().split()
    return np.array([tokens.count(word) / len(tokens) for word in words])

# %% exercise="bag" wrong="the visible answer by heart" points=0 says="Only axis 0 is too long"
def bag_of_words(sentence, words):
    return np.array([3, 1, 1, 2, 0])

# %% exercise="bag" wrong="in alphabetical order" points=0 says="in the order of `words`"
def bag_of_words(sentence, words):
    tokens = sentence.lower().split()
    return np.array([tokens.count(word) for word in sorted(words)])

# %% exercise="encode" right="index in a loop"
def encode(sentence, words):
    codes = []
    for word in sentence.lower().split():
        codes.append(words.index(word) if word in words else words.index("[UNK]"))
    return codes

# %% exercise="encode" right="TextVectorization"
def encode(sentence, words):
    return layers.TextVectorization(vocabulary=words)([sentence]).numpy()[0].tolist()

# %% exercise="encode" wrong="unknown words vanish" points=0 says="Write 1 for it"
def encode(sentence, words):
    return [words.index(word) for word in sentence.lower().split() if word in words]

# %% exercise="encode" wrong="unknown becomes padding" points=0 says="0 is padding"
def encode(sentence, words):
    place = {word: index for index, word in enumerate(words)}
    return [place.get(word, 0) for word in sentence.lower().split()]

# %% exercise="encode" wrong="case matters" points=0 says="lower-case the sentence first"
def encode(sentence, words):
    place = {word: index for index, word in enumerate(words)}
    return [place.get(word, 1) for word in sentence.split()]

# %% exercise="encode" wrong="counts from one" points=0 says="count from 0"
def encode(sentence, words):
    place = {word: index for index, word in enumerate(words, start=1)}
    return [place.get(word, 2) for word in sentence.lower().split()]

# %% exercise="encode" wrong="fails on unknown words" points=0 says="Ask `in` first"
def encode(sentence, words):
    return [words.index(word) for word in sentence.lower().split()]

# %% exercise="masked-mean" right="numpy's masked arrays"
def masked_mean(x, mask):
    hide = np.broadcast_to(~np.asarray(mask)[..., np.newaxis], np.shape(x))
    return np.ma.array(x, mask=hide).mean(axis=1).filled(0.0)

# %% exercise="masked-mean" right="einsum"
def masked_mean(x, mask):
    count = np.maximum(mask.sum(axis=1), 1)
    return np.einsum("btf,bt->bf", x, mask.astype(x.dtype)) / count[:, np.newaxis]

# %% exercise="masked-mean" right="tf.where"
def masked_mean(x, mask):
    total = tf.reduce_sum(tf.where(mask[..., tf.newaxis], x, 0.0), axis=1)
    return tf.math.divide_no_nan(total, tf.reduce_sum(tf.cast(mask, "float32"), axis=1)[:, tf.newaxis])

# %% exercise="masked-mean" wrong="ignores the mask" points=0 says="The padding is in the mean"
def masked_mean(x, mask):
    return x.mean(axis=1)

# %% exercise="masked-mean" wrong="divides by all timesteps" points=0 says="not by all of them"
def masked_mean(x, mask):
    return (x * mask[..., np.newaxis]).mean(axis=1)

# %% exercise="masked-mean" wrong="zero over zero" points=0 says="0/0"
def masked_mean(x, mask):
    weights = mask[..., np.newaxis].astype("float32")
    return (x * weights).sum(axis=1) / weights.sum(axis=1)

# %% exercise="masked-mean" wrong="over the features" points=0 says="mean over the features, axis 2"
def masked_mean(x, mask):
    return (x * mask[..., np.newaxis]).mean(axis=2)

# %% exercise="masked-mean" wrong="sums only" points=0 says="These are the sums"
def masked_mean(x, mask):
    return (x * mask[..., np.newaxis]).sum(axis=1)

# %% exercise="masked-mean" wrong="takes the first timesteps" points=1 says="need not stand at the beginning"
def masked_mean(x, mask):
    lengths = mask.sum(axis=1)
    means = [row[:n].mean(axis=0) if n else np.zeros(x.shape[2]) for row, n in zip(x, lengths)]
    return np.stack(means)

# %% exercise="recall" right="an LSTM" calibrate=true
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.LSTM(32), layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    lab.fit_once(model, x, y, name="recall", epochs=6, batch_size=64)
    return model

# %% exercise="recall" right="a GRU, functional" calibrate=true
def train_recall(x, y):
    tokens = keras.Input((None,), dtype="int32")
    state = layers.GRU(24)(layers.Embedding(11, 8, mask_zero=True)(tokens))
    model = keras.Model(tokens, layers.Dense(10, activation="softmax")(state))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="recall", epochs=8, batch_size=64)
    return model

# %% exercise="recall" wrong="no mask" points=0 says="tells the layers after it which timesteps are real" calibrate=true
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16), layers.GRU(32), layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    lab.fit_once(model, x, y, name="recall", epochs=6, batch_size=64)
    return model

# %% exercise="recall" wrong="Masking after an embedding that is not zero" points=0 says="tells the layers after it which timesteps are real" calibrate=true
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16), layers.Masking(), layers.GRU(32),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    lab.fit_once(model, x, y, name="recall", epochs=6, batch_size=64)
    return model

# %% exercise="recall" wrong="an average of word vectors" points=1 says="what the model makes of a sequence is a bag" calibrate=true
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.GlobalAveragePooling1D(),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    lab.fit_once(model, x, y, name="recall", epochs=6, batch_size=64)
    return model

# %% exercise="recall" wrong="returns the history" points=0 says="Return the model"
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.GRU(32),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return lab.fit_once(model, x, y, name="recall", epochs=6, batch_size=64)

# %% exercise="recall" wrong="one output per timestep" points=0 says="return_sequences"
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.GRU(32, return_sequences=True),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, np.repeat(y[:, np.newaxis], x.shape[1], axis=1), name="recall", epochs=2, batch_size=64)
    return model

# %% exercise="prefixes" right="padding by hand"
def ngram_prefixes(tokens, length, vocabulary_size):
    xs = np.zeros((len(tokens) - 1, length), int)
    ys = np.zeros((len(tokens) - 1, vocabulary_size))
    for row in range(len(tokens) - 1):
        prefix = tokens[max(0, row + 1 - length) : row + 1]
        xs[row, length - len(prefix) :] = prefix
        ys[row, tokens[row + 1]] = 1
    return xs, ys

# %% exercise="prefixes" right="an identity matrix"
def ngram_prefixes(tokens, length, vocabulary_size):
    line = [0] * length + list(tokens)
    xs = np.array([line[end : end + length] for end in range(1, len(tokens))])
    return xs, np.eye(vocabulary_size)[np.array(tokens[1:])]

# %% exercise="prefixes" wrong="padded on the right" points=0 says="Pad on the left"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    xs = keras.utils.pad_sequences(prefixes, maxlen=length, padding="post")
    return xs, keras.utils.to_categorical(tokens[1:], vocabulary_size)

# %% exercise="prefixes" wrong="the label inside its prefix" points=0 says="copying it is enough"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[: end + 1] for end in range(1, len(tokens))]
    xs = keras.utils.pad_sequences(prefixes, maxlen=length)
    return xs, keras.utils.to_categorical(tokens[1:], vocabulary_size)

# %% exercise="prefixes" wrong="integer labels" points=0 says="one-hot"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    return keras.utils.pad_sequences(prefixes, maxlen=length), np.array(tokens[1:])

# %% exercise="prefixes" wrong="classes guessed from the labels" points=0 says="num_classes=vocabulary_size"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    return keras.utils.pad_sequences(prefixes, maxlen=length), keras.utils.to_categorical(tokens[1:])

# %% exercise="prefixes" wrong="long prefixes keep their first tokens" points=0 says="keeps its last tokens"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    xs = keras.utils.pad_sequences(prefixes, maxlen=length, truncating="post")
    return xs, keras.utils.to_categorical(tokens[1:], vocabulary_size)

# %% exercise="shift" right="cut with one more token"
def next_token_pairs(stream, length):
    starts = range(0, len(stream) - length, length)
    pieces = np.stack([stream[start : start + length + 1] for start in starts])
    return pieces[:, :-1], pieces[:, 1:]

# %% exercise="shift" right="tf.data"
def next_token_pairs(stream, length):
    inputs = tf.data.Dataset.from_tensor_slices(stream[:-1]).batch(length, drop_remainder=True)
    targets = tf.data.Dataset.from_tensor_slices(stream[1:]).batch(length, drop_remainder=True)
    return np.stack(list(inputs.as_numpy_iterator())), np.stack(list(targets.as_numpy_iterator()))

# %% exercise="shift" wrong="the target equals the input" points=0 says="copying is enough"
def next_token_pairs(stream, length):
    pieces = (len(stream) - 1) // length
    x = stream[: pieces * length].reshape(pieces, length)
    return x, x

# %% exercise="shift" wrong="shifted backwards" points=0 says="not at t - 1"
def next_token_pairs(stream, length):
    pieces = (len(stream) - 1) // length
    x = stream[1 : pieces * length + 1].reshape(pieces, length)
    return x, stream[: pieces * length].reshape(pieces, length)

# %% exercise="shift" wrong="rolled around" points=0 says="next piece's first token"
def next_token_pairs(stream, length):
    pieces = (len(stream) - 1) // length
    x = stream[: pieces * length].reshape(pieces, length)
    return x, np.roll(x, -1, axis=1)

# %% exercise="shift" wrong="cut first, shifted inside" points=0 says="each lost a step"
def next_token_pairs(stream, length):
    pieces = (len(stream) - 1) // length
    x = stream[: pieces * length].reshape(pieces, length)
    return x[:, :-1], x[:, 1:]

# %% exercise="shift" wrong="overlapping pieces" points=0 says="These pieces overlap"
def next_token_pairs(stream, length):
    pieces = np.stack([stream[start : start + length + 1] for start in range(len(stream) - length)])
    return pieces[:, :-1], pieces[:, 1:]

# %% exercise="shift" wrong="no token left for the last target" points=0 says="raised ValueError"
def next_token_pairs(stream, length):
    pieces = len(stream) // length
    x = stream[: pieces * length].reshape(pieces, length)
    return x, stream[1 : pieces * length + 1].reshape(pieces, length)

# %% exercise="windows" right="sliding_window_view"
def make_windows(series, width, horizon=1):
    view = np.lib.stride_tricks.sliding_window_view(series, width + horizon)
    return view[:, :width, np.newaxis], view[:, -1]

# %% exercise="windows" right="a plain loop"
def make_windows(series, width, horizon=1):
    x, y = [], []
    for end in range(width, len(series) - horizon + 1):
        x.append([[value] for value in series[end - width : end]])
        y.append(series[end + horizon - 1])
    return np.array(x), np.array(y)

# %% exercise="windows" right="a table of indices"
def make_windows(series, width, horizon=1):
    starts = np.arange(len(series) - width - horizon + 1)
    x = np.asarray(series)[starts[:, np.newaxis] + np.arange(width)]
    return np.expand_dims(x, -1), np.asarray(series)[starts + width + horizon - 1]

# %% exercise="windows" wrong="the target is inside the window" points=0 says="inside its own input"
def make_windows(series, width, horizon=1):
    samples = len(series) - width - horizon + 1
    x = np.stack([series[start : start + width] for start in range(samples)])
    return x[..., np.newaxis], x[:, -1]

# %% exercise="windows" wrong="the last window is missing" points=0 says="The last window is missing"
def make_windows(series, width, horizon=1):
    samples = len(series) - width - horizon
    x = np.stack([series[start : start + width] for start in range(samples)])
    y = np.array([series[start + width + horizon - 1] for start in range(samples)])
    return x[..., np.newaxis], y

# %% exercise="windows" wrong="the horizon is ignored" points=0 says="`horizon` is not used"
def make_windows(series, width, horizon=1):
    x = np.stack([series[start : start + width] for start in range(len(series) - width)])
    return x[..., np.newaxis], series[width:]

# %% exercise="windows" wrong="always the next day" points=0 says="The target is the day after the window"
def make_windows(series, width, horizon=1):
    samples = len(series) - width - horizon + 1
    x = np.stack([series[start : start + width] for start in range(samples)])
    return x[..., np.newaxis], series[width : width + samples]

# %% exercise="windows" wrong="no feature axis" points=0 says="the features"
def make_windows(series, width, horizon=1):
    view = np.lib.stride_tricks.sliding_window_view(series, width + horizon)
    return view[:, :width], view[:, -1]

# %% exercise="windows" wrong="one day too far" points=0 says="a day too far"
def make_windows(series, width, horizon=1):
    samples = len(series) - width - horizon
    x = np.stack([series[start : start + width] for start in range(samples)])
    return x[..., np.newaxis], series[width + horizon :]

# %% exercise="windows" wrong="windows that do not overlap" points=0 says="do not overlap"
def make_windows(series, width, horizon=1):
    starts = range(0, len(series) - width - horizon + 1, width)
    x = np.stack([series[start : start + width] for start in starts])
    return x[..., np.newaxis], np.array([series[start + width + horizon - 1] for start in starts])

# %% exercise="baseline" right="a loop"
def seasonal_mae(series, lag, start):
    errors = [abs(float(series[step]) - float(series[step - lag])) for step in range(start, len(series))]
    return sum(errors) / len(errors)

# %% exercise="baseline" right="keras.metrics"
def seasonal_mae(series, lag, start):
    metric = keras.metrics.MeanAbsoluteError()
    metric.update_state(series[start:], series[start - lag : -lag])
    return float(metric.result())

# %% exercise="baseline" wrong="signed errors" points=0 says="opposite sign cancel"
def seasonal_mae(series, lag, start):
    return np.mean(series[start:] - series[start - lag : -lag])

# %% exercise="baseline" wrong="the root of the mean square" points=0 says="RMSE"
def seasonal_mae(series, lag, start):
    return np.sqrt(np.mean((series[start:] - series[start - lag : -lag]) ** 2))

# %% exercise="baseline" wrong="np.roll wraps around" points=0 says="wraps around"
def seasonal_mae(series, lag, start):
    return np.mean(np.abs(series - np.roll(series, lag)))

# %% exercise="baseline" wrong="scores the training years too" points=0 says="Score from `start` on only"
def seasonal_mae(series, lag, start):
    return np.mean(np.abs(series[lag:] - series[:-lag]))

# %% exercise="baseline" wrong="yesterday, whatever the lag" points=0 says="one step before"
def seasonal_mae(series, lag, start):
    return np.mean(np.abs(np.diff(series)[start - 1 :]))

# %% exercise="split" right="shuffles the training part afterwards"
def split_windows(x, y, train_size):
    order = np.random.default_rng(0).permutation(train_size)
    return x[:train_size][order], y[:train_size][order], x[train_size:], y[train_size:]

# %% exercise="split" right="np.split"
def split_windows(x, y, train_size):
    x_train, x_test = np.split(x, [train_size])
    y_train, y_test = np.split(y, [train_size])
    return x_train, y_train, x_test, y_test

# %% exercise="split" wrong="shuffled, then split, as found" points=0 says="Shuffling comes after the split"
def split_windows(x, y, train_size):
    order = np.random.default_rng(0).permutation(len(x))
    x, y = x[order], y[order]
    return x[:train_size], y[:train_size], x[train_size:], y[train_size:]

# %% exercise="split" wrong="the past as the test" points=0 says="before the training set"
def split_windows(x, y, train_size):
    return x[-train_size:], y[-train_size:], x[:-train_size], y[:-train_size]

# %% exercise="split" wrong="x and y shuffled apart" points=0 says="one permutation"
def split_windows(x, y, train_size):
    rng = np.random.default_rng(0)
    return (rng.permutation(x[:train_size]), rng.permutation(y[:train_size]), x[train_size:], y[train_size:])

# %% exercise="split" wrong="every fifth sample tests" points=0 says="Split by time"
def split_windows(x, y, train_size):
    test = np.arange(len(x)) % 5 == 4
    return x[~test], y[~test], x[test], y[test]

# %% exercise="split" wrong="x_train, x_test, y_train, y_test" points=0 says="scikit-learn's order"
def split_windows(x, y, train_size):
    return x[:train_size], x[train_size:], y[:train_size], y[train_size:]

# %% exercise="split" wrong="train_size taken for the test's size" points=0 says="not the test samples"
def split_windows(x, y, train_size):
    return x[:-train_size], y[:-train_size], x[-train_size:], y[-train_size:]

# %% exercise="split" wrong="80 percent, whatever is asked" points=1 says="training samples"
def split_windows(x, y, train_size):
    cut = int(0.8 * len(x))
    return x[:cut], y[:cut], x[cut:], y[cut:]

# %% exercise="bag" right="TensorFlow"
def bag_of_words(sentence, words):
    tokens = tf.strings.split(tf.strings.lower(sentence))
    return tf.stack([tf.reduce_sum(tf.cast(tokens == word, "int32")) for word in words])

# %% exercise="bag" wrong="only the first letter in lower case" points=0 says="Lower-case the whole sentence"
def bag_of_words(sentence, words):
    tokens = (sentence[0].lower() + sentence[1:]).split() if sentence else []
    return np.array([tokens.count(word) for word in words])

# %% exercise="bag" wrong="the counts of the sentence's own words" points=0 says="first at index [0], 1 in place of 3"
def bag_of_words(sentence, words):
    return np.unique(sentence.lower().split(), return_counts=True)[1]

# %% exercise="bag" wrong="one for each token" points=0 says="Only axis 0 is too long"
def bag_of_words(sentence, words):
    return np.array([words.index(w) if w in words else -1 for w in sentence.lower().split()])

# %% exercise="encode" right="a NumPy array"
def encode(sentence, words):
    table = np.array(words)
    return np.array([np.flatnonzero(table == w)[0] if w in words else 1 for w in sentence.lower().split()])

# %% exercise="encode" right="try and except"
def encode(sentence, words):
    result = []
    for word in sentence.lower().split(" "):
        try:
            result.append(words.index(word))
        except ValueError:
            result.append(1)
    return result

# %% exercise="encode" wrong="only the first letter in lower case" points=0 says="in any word"
def encode(sentence, words):
    place = {word: index for index, word in enumerate(words)}
    return [place.get(word, 1) for word in (sentence[0].lower() + sentence[1:]).split()]

# %% exercise="encode" wrong="a generator" points=0 says="can be read only once"
def encode(sentence, words):
    place = {word: index for index, word in enumerate(words)}
    return (place.get(word, 1) for word in sentence.lower().split())

# %% exercise="encode" wrong="the words, not their places" points=0 says="asked"
def encode(sentence, words):
    return [word if word in words else "[UNK]" for word in sentence.lower().split()]

# %% exercise="encode" wrong="words of a list of its own" points=0 says="first at index 0; 5 of 5 differ"
def encode(sentence, words):
    known = sorted(set(sentence.lower().split()))
    return [known.index(word) + 2 for word in sentence.lower().split()]

# %% exercise="masked-mean" right="a loop over sequences, float64"
def masked_mean(x, mask):
    means = np.zeros((x.shape[0], x.shape[2]))
    for row in range(len(x)):
        if mask[row].any():
            means[row] = x[row][mask[row]].mean(axis=0)
    return means

# %% exercise="masked-mean" right="keras.ops"
def masked_mean(x, mask):
    weights = keras.ops.expand_dims(keras.ops.cast(mask, "float32"), -1)
    total = keras.ops.sum(keras.ops.multiply(x, weights), axis=1)
    return total / keras.ops.maximum(keras.ops.sum(weights, axis=1), 1.0)

# %% exercise="masked-mean" right="Keras pools with a mask"
def masked_mean(x, mask):
    means = layers.GlobalAveragePooling1D()(tf.constant(x), mask=tf.constant(mask))
    return np.nan_to_num(np.array(means))

# %% exercise="masked-mean" wrong="a real value of zero taken for padding" points=0 says="A value of 0 may be real"
def masked_mean(x, mask):
    real = (x != 0) & mask[..., np.newaxis]
    return (x * real).sum(axis=1) / np.maximum(real.sum(axis=1), 1)

# %% exercise="masked-mean" wrong="one mean for all" points=0 says="Each sequence has its own"
def masked_mean(x, mask):
    return x[mask].mean(axis=0)

# %% exercise="masked-mean" wrong="one mean for all, the axis kept" points=0 says="Each sequence"
def masked_mean(x, mask):
    return x[mask].mean(axis=0, keepdims=True)

# %% exercise="masked-mean" wrong="a list of arrays" points=0 says="np.stack"
def masked_mean(x, mask):
    return [row[m].mean(axis=0) if m.any() else np.zeros(x.shape[2]) for row, m in zip(x, mask)]

# %% exercise="masked-mean" wrong="a list of lists" points=0 says="This is a Python list"
def masked_mean(x, mask):
    return [(row[m].mean(axis=0) if m.any() else np.zeros(x.shape[2])).tolist() for row, m in zip(x, mask)]

# %% exercise="masked-mean" wrong="True taken for padding" points=0 says="the wrong way round"
def masked_mean(x, mask):
    weights = (~mask)[..., np.newaxis]
    return (x * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)

# %% exercise="recall" right="a subclassed model"
class Recaller(keras.Model):
    def __init__(self):
        super().__init__()
        self.embed = layers.Embedding(11, 16, mask_zero=True)
        self.read = layers.GRU(32)
        self.name_it = layers.Dense(10, activation="softmax")

    def call(self, tokens):
        return self.name_it(self.read(self.embed(tokens)))


def train_recall(x, y):
    model = Recaller()
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="recall", epochs=6, batch_size=64)
    return model

# %% exercise="recall" right="tf.keras, and named arguments"
def train_recall(x, y):
    model = keras.Sequential([
        tf.keras.Input(shape=(None,)), tf.keras.layers.Embedding(input_dim=11, output_dim=24, mask_zero=True), tf.keras.layers.LSTM(units=24),
        tf.keras.layers.Dense(units=10)])
    model.compile(keras.optimizers.Adam(0.01), tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="recall", epochs=8, batch_size=64)
    return model

# %% exercise="recall" wrong="softmax twice" points=1 says="which takes a second one"
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.GRU(32),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="recall", epochs=1, batch_size=64)
    return model

# %% exercise="recall" wrong="logits taken for probabilities" points=1 says="takes them for probabilities"
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.GRU(32),
        layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="recall", epochs=1, batch_size=64)
    return model

# %% exercise="recall" wrong="one fixed length" points=0 says="Write None for the timesteps"
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((40,)), layers.Embedding(11, 16, mask_zero=True), layers.GRU(32),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="recall", epochs=1, batch_size=64)
    return model

# %% exercise="recall" wrong="too few epochs" points=1 says="no better than guessing"
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.GRU(4),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="recall", epochs=1, batch_size=64)
    return model

# %% exercise="recall" wrong="off the fast path" points=2 says="recurrent_dropout"
def train_recall(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(11, 16, mask_zero=True), layers.GRU(32, recurrent_dropout=0.05),
        layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="recall", epochs=12, batch_size=64)
    return model

# %% exercise="prefixes" right="lists all through"
def ngram_prefixes(tokens, length, vocabulary_size):
    xs, ys = [], []
    for end in range(1, len(tokens)):
        row = tokens[:end][-length:]
        xs.append([0] * (length - len(row)) + row)
        ys.append([float(k == tokens[end]) for k in range(vocabulary_size)])
    return xs, ys

# %% exercise="prefixes" right="tf.one_hot"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    xs = tf.keras.preprocessing.sequence.pad_sequences(prefixes, maxlen=length)
    return xs, tf.one_hot(tokens[1:], vocabulary_size)

# %% exercise="prefixes" wrong="the whole sentence as well" points=0 says="no token follows it"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens) + 1)]
    return keras.utils.pad_sequences(prefixes, maxlen=length), keras.utils.to_categorical(tokens[1:], vocabulary_size)

# %% exercise="prefixes" wrong="the label is the last token of the prefix" points=0 says="not its last token"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    return keras.utils.pad_sequences(prefixes, maxlen=length), keras.utils.to_categorical(tokens[:-1], vocabulary_size)

# %% exercise="prefixes" wrong="ys before xs" points=0 says="in another order"
def ngram_prefixes(tokens, length, vocabulary_size):
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    return keras.utils.to_categorical(tokens[1:], vocabulary_size), keras.utils.pad_sequences(prefixes, maxlen=length)

# %% exercise="prefixes" wrong="not padded" points=0 says="different lengths"
def ngram_prefixes(tokens, length, vocabulary_size):
    return [tokens[:end] for end in range(1, len(tokens))], keras.utils.to_categorical(tokens[1:], vocabulary_size)

# %% exercise="shift" right="a list of pieces, stacked"
def next_token_pairs(stream, length):
    x, y, start = [], [], 0
    while start + length < len(stream):
        x.append(stream[start : start + length])
        y.append(stream[start + 1 : start + length + 1])
        start += length
    return np.array(x), np.array(y)

# %% exercise="shift" right="an index table, float64"
def next_token_pairs(stream, length):
    count = (len(stream) - 1) // length
    index = np.arange(count * length).reshape(count, length)
    return np.float64(stream)[index], np.float64(stream)[index + 1]

# %% exercise="shift" right="TensorFlow tensors"
def next_token_pairs(stream, length):
    n = (len(stream) - 1) // length * length
    return tf.reshape(stream[:n], (-1, length)), tf.reshape(stream[1 : n + 1], (-1, length))

# %% exercise="shift" wrong="the too short last piece stays" points=0 says="the short ones are left out"
def next_token_pairs(stream, length):
    x = [stream[start : start + length] for start in range(0, len(stream) - 1, length)]
    y = [stream[start + 1 : start + length + 1] for start in range(0, len(stream) - 1, length)]
    return np.array(x), np.array(y)

# %% exercise="shift" wrong="lists of arrays of unequal lengths" points=0 says="different lengths"
def next_token_pairs(stream, length):
    x = [stream[start : start + length] for start in range(0, len(stream) - 1, length)]
    y = [stream[start + 1 : start + length + 1] for start in range(0, len(stream) - 1, length)]
    return x, y

# %% exercise="shift" wrong="pieces of length + 1 that share nothing" points=0 says="the first input of the next"
def next_token_pairs(stream, length):
    pieces = stream[: len(stream) // (length + 1) * (length + 1)].reshape(-1, length + 1)
    return pieces[:, :-1], pieces[:, 1:]

# %% exercise="shift" wrong="one target for each piece" points=0 says="Every timestep has one"
def next_token_pairs(stream, length):
    pieces = (len(stream) - 1) // length
    x = stream[: pieces * length].reshape(pieces, length)
    return x, stream[length : pieces * length + 1 : length]

# %% exercise="windows" right="keras.utils"
def make_windows(series, width, horizon=1):
    data = keras.utils.timeseries_dataset_from_array(
        np.asarray(series), np.asarray(series)[width + horizon - 1 :], sequence_length=width, batch_size=100000)
    x, y = next(iter(data))
    return x[..., tf.newaxis], y

# %% exercise="windows" wrong="the windows are not cut" points=0 says="x has more windows than y has targets"
def make_windows(series, width, horizon=1):
    x = np.lib.stride_tricks.sliding_window_view(series, width)
    return x[..., np.newaxis], series[width + horizon - 1 :]

# %% exercise="windows" wrong="a target for each day ahead" points=0 says="There is one target"
def make_windows(series, width, horizon=1):
    view = np.lib.stride_tricks.sliding_window_view(series, width + horizon)
    return view[:, :width, np.newaxis], view[:, width:]

# %% exercise="windows" wrong="features before timesteps" points=0 says="another order"
def make_windows(series, width, horizon=1):
    view = np.lib.stride_tricks.sliding_window_view(series, width + horizon)
    return view[:, np.newaxis, :width], view[:, -1]

# %% exercise="baseline" right="float64 and tensors"
def seasonal_mae(series, lag, start):
    values = tf.cast(series, "float64")
    return tf.reduce_mean(tf.abs(values[start:] - values[start - lag : len(series) - lag]))

# %% exercise="baseline" right="all errors, then those from start"
def seasonal_mae(series, lag, start):
    errors = np.abs(np.asarray(series)[lag:] - np.asarray(series)[:-lag])
    return errors[start - lag :].mean()

# %% exercise="baseline" wrong="an index that is off by the lag" points=0 says="element 0 belongs to step `lag`"
def seasonal_mae(series, lag, start):
    errors = np.abs(series[lag:] - series[:-lag])
    return errors[start:].mean()

# %% exercise="baseline" wrong="the mean square" points=0 says="MSE"
def seasonal_mae(series, lag, start):
    return np.mean((series[start:] - series[start - lag : -lag]) ** 2)

# %% exercise="baseline" wrong="the sum" points=0 says="Take their mean"
def seasonal_mae(series, lag, start):
    return np.abs(series[start:] - series[start - lag : -lag]).sum()

# %% exercise="baseline" wrong="the errors, no mean" points=0 says="Take their mean"
def seasonal_mae(series, lag, start):
    return np.abs(series[start:] - series[start - lag : -lag])

# %% exercise="split" right="a mask of times, lists"
def split_windows(x, y, train_size):
    first = np.arange(len(y)) < train_size
    return [x[first], y[first], x[~first], y[~first]]

# %% exercise="split" right="shuffles both parts, each by one permutation"
def split_windows(x, y, train_size):
    rng = np.random.default_rng(1)
    one, two = rng.permutation(train_size), train_size + rng.permutation(len(x) - train_size)
    return x[one], y[one], x[two], y[two]

# %% exercise="split" wrong="in pairs, as Keras' own data sets" points=0 says="without inner brackets"
def split_windows(x, y, train_size):
    return (x[:train_size], y[:train_size]), (x[train_size:], y[train_size:])

# %% exercise="split" wrong="a gap of its own" points=0 says="Samples are lost"
def split_windows(x, y, train_size):
    return x[: train_size - 3], y[: train_size - 3], x[train_size:], y[train_size:]
