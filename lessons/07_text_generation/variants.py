# Right and wrong answers to the exercises of 07_text_generation: see docs/AUTHORING.md.

# %% exercise="pairs" right="a list index, and one slice for each piece"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    codes = [symbols.index(character) for character in text]
    x, y = [], []
    for start in range(0, len(codes) - length, step):
        x.append(codes[start : start + length])
        y.append(codes[start + 1 : start + length + 1])
    return symbols, np.array(x), np.array(y)

# %% exercise="pairs" right="np.unique and sliding windows"
def text_pairs(text, length, step):
    symbols, codes = np.unique(list(text), return_inverse=True)
    windows = np.lib.stride_tricks.sliding_window_view(codes, length + 1)[::step]
    return symbols.tolist(), windows[:, :-1], windows[:, 1:]

# %% exercise="pairs" right="the symbols as an array, codes by searchsorted, int32"
def text_pairs(text, length, step):
    symbols = np.array(sorted(set(text)))
    codes = np.searchsorted(symbols, list(text)).astype("int32")
    rows = np.arange(0, len(codes) - length, step)[:, None] + np.arange(length)
    return symbols, codes[rows], codes[rows + 1]

# %% exercise="pairs" right="TensorFlow frames the codes"
def text_pairs(text, length, step):
    import tensorflow as tf
    symbols = sorted(set(text))
    codes = tf.constant([symbols.index(character) for character in text])
    framed = tf.signal.frame(codes, length + 1, step)
    return symbols, framed[:, :-1], framed[:, 1:]

# %% exercise="pairs" wrong="a set in no order" points=0 says="Sort them"
def text_pairs(text, length, step):
    symbols = list(dict.fromkeys(text))
    codes = np.array([symbols.index(character) for character in text])
    windows = np.lib.stride_tricks.sliding_window_view(codes, length + 1)[::step]
    return symbols, windows[:, :-1], windows[:, 1:]

# %% exercise="pairs" wrong="the target equals the input" points=0 says="copying is enough"
def text_pairs(text, length, step):
    symbols, codes = np.unique(list(text), return_inverse=True)
    windows = np.lib.stride_tricks.sliding_window_view(codes, length + 1)[::step]
    return symbols.tolist(), windows[:, :-1], windows[:, :-1]

# %% exercise="pairs" wrong="rolled inside the piece" points=0 says="not the piece's own first"
def text_pairs(text, length, step):
    symbols, codes = np.unique(list(text), return_inverse=True)
    windows = np.lib.stride_tricks.sliding_window_view(codes, length + 1)[::step]
    return symbols.tolist(), windows[:, :-1], np.roll(windows[:, :-1], -1, axis=1)

# %% exercise="pairs" wrong="shifted the wrong way" points=0 says="x and y are exchanged"
def text_pairs(text, length, step):
    symbols, codes = np.unique(list(text), return_inverse=True)
    windows = np.lib.stride_tricks.sliding_window_view(codes, length + 1)[::step]
    return symbols.tolist(), windows[:, 1:], windows[:, :-1]

# %% exercise="pairs" wrong="lower-cased" points=0 says="different characters here"
def text_pairs(text, length, step):
    symbols, codes = np.unique(list(text.lower()), return_inverse=True)
    windows = np.lib.stride_tricks.sliding_window_view(codes, length + 1)[::step]
    return symbols.tolist(), windows[:, :-1], windows[:, 1:]

# %% exercise="pairs" wrong="the package's pieces, which follow each other" points=0 says="`step` is not used"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    return symbols, *lab.data.pieces(lab.data.encode(text, symbols), length)

# %% exercise="pairs" wrong="the last piece forgotten" points=0 says="The last piece is missing"
def text_pairs(text, length, step):
    symbols, codes = np.unique(list(text), return_inverse=True)
    starts = range(0, len(codes) - length - 1, step)
    x = np.array([codes[start : start + length] for start in starts])
    y = np.array([codes[start + 1 : start + length + 1] for start in starts])
    return symbols.tolist(), x, y

# %% exercise="pairs" wrong="lists, not arrays" points=0 says="This is a Python list"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    codes = [symbols.index(character) for character in text]
    starts = range(0, len(codes) - length, step)
    return symbols, [codes[s : s + length] for s in starts], [codes[s + 1 : s + length + 1] for s in starts]

# %% exercise="pairs" right="a table of places"
def text_pairs(text, length, step):
    symbols = []
    for c in text:
        if c not in symbols:
            symbols.append(c)
    symbols.sort()
    codes = np.array([symbols.index(c) for c in text], dtype="int64")
    pieces = (len(text) - 1 - length) // step + 1
    where = step * np.arange(pieces)[:, None] + np.arange(length)
    return symbols, codes[where], codes[where + 1]

# %% exercise="pairs" wrong="one target for a piece" points=0 says="only the last of the targets"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    codes = np.array([symbols.index(c) for c in text])
    starts = range(0, len(text) - length, step)
    return symbols, np.array([codes[i:i + length] for i in starts]), np.array([codes[i + length] for i in starts])

# %% exercise="pairs" wrong="the piece after this one" points=0 says="the piece after this one"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    codes = np.array([symbols.index(c) for c in text])
    starts = range(0, len(text) - 2 * length + 1, step)
    return symbols, np.array([codes[i:i + length] for i in starts]), np.array([codes[i + length:i + 2 * length] for i in starts])

# %% exercise="pairs" wrong="codes from 1 on" points=0 says="from 0 on"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    codes = np.array([symbols.index(c) + 1 for c in text])
    starts = range(0, len(text) - length, step)
    return symbols, np.array([codes[i:i + length] for i in starts]), np.array([codes[i + 1:i + 1 + length] for i in starts])

# %% exercise="pairs" wrong="the characters themselves" points=0 says="these are texts"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    starts = range(0, len(text) - length, step)
    return symbols, [text[i:i + length] for i in starts], [text[i + 1:i + 1 + length] for i in starts]

# %% exercise="pairs" wrong="one-hot vectors" points=0 says="one-hot vectors"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    codes = np.array([symbols.index(c) for c in text])
    starts = range(0, len(text) - length, step)
    hot = np.eye(len(symbols))[codes]
    return symbols, np.array([hot[i:i + length] for i in starts]), np.array([hot[i + 1:i + 1 + length] for i in starts])

# %% exercise="pairs" wrong="ord" points=0 says="not the numbers that ord gives"
def text_pairs(text, length, step):
    symbols = sorted(set(text))
    codes = np.array([ord(c) for c in text])
    starts = range(0, len(text) - length, step)
    return symbols, np.array([codes[i:i + length] for i in starts]), np.array([codes[i + 1:i + 1 + length] for i in starts])

# %% exercise="bits" right="the loss of Keras"
def bits_per_character(logits, targets):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return float(loss(np.asarray(targets), np.asarray(logits, "float32"))) / np.log(2)

# %% exercise="bits" right="np.logaddexp, and plain indexing"
def bits_per_character(logits, targets):
    rows = np.reshape(logits, (-1, np.shape(logits)[-1]))
    chosen = rows[np.arange(len(rows)), np.ravel(targets)]
    return np.mean(np.logaddexp.reduce(rows, axis=-1) - chosen) / np.log(2)

# %% exercise="bits" wrong="nats" points=0 says="These are nats"
def bits_per_character(logits, targets):
    rows = np.reshape(logits, (-1, np.shape(logits)[-1]))
    chosen = rows[np.arange(len(rows)), np.ravel(targets)]
    return np.mean(np.logaddexp.reduce(rows, axis=-1) - chosen)

# %% exercise="bits" wrong="the sum" points=0 says="This is the sum"
def bits_per_character(logits, targets):
    rows = np.reshape(logits, (-1, np.shape(logits)[-1]))
    chosen = rows[np.arange(len(rows)), np.ravel(targets)]
    return np.sum(np.logaddexp.reduce(rows, axis=-1) - chosen) / np.log(2)

# %% exercise="bits" wrong="the mean before the logarithm" points=0 says="the surprise of the mean probability"
def bits_per_character(logits, targets):
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return -np.log2(np.take_along_axis(p, np.asarray(targets)[..., None], axis=-1).mean())

# %% exercise="bits" wrong="the entropy of the predictions" points=0 says="The targets decide"
def bits_per_character(logits, targets):
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return -(p * np.log2(p)).sum(axis=-1).mean()

# %% exercise="bits" wrong="overflow" points=0 says="NaN"
def bits_per_character(logits, targets):
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return -np.log2(np.take_along_axis(p, np.asarray(targets)[..., None], axis=-1)).mean()

# %% exercise="bits" wrong="no softmax" points=0 says="apply the softmax first"
def bits_per_character(logits, targets):
    values = np.take_along_axis(np.asarray(logits), np.asarray(targets)[..., None], axis=-1)
    return -np.log2(values).mean()

# %% exercise="bigram" right="a loop"
def bigram_table(codes, size):
    table = np.ones((size, size))
    for before, after in zip(codes[:-1], codes[1:]):
        table[before, after] += 1
    return table / table.sum(axis=1)[:, None]

# %% exercise="bigram" right="bincount of pair numbers"
def bigram_table(codes, size):
    codes = np.asarray(codes)
    numbers = codes[:-1] * size + codes[1:]
    counts = np.bincount(numbers, minlength=size * size).reshape(size, size) + 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="row and column swapped" points=0 says="Row and column are swapped"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    np.add.at(counts, (codes[1:], codes[:-1]), 1)
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="no smoothing" points=0 says="Every count begins at one"
def bigram_table(codes, size):
    counts = np.zeros((size, size))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="columns sum to one" points=0 says="The columns sum to 1"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts / counts.sum(axis=0)

# %% exercise="bigram" wrong="fancy indexing counts once" points=0 says="adds a pair only once"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    counts[codes[:-1], codes[1:]] += 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="temperature" right="Keras' softmax"
def tempered(logits, temperature):
    logits = np.asarray(logits, "float64") - np.max(logits)
    if temperature == 0:
        return (logits == 0).astype(float)
    return np.asarray(keras.ops.softmax(keras.ops.convert_to_tensor(logits / temperature, dtype="float64")))

# %% exercise="temperature" right="zero as a very small number"
def tempered(logits, temperature):
    logits = np.asarray(logits, "float64")
    powers = np.exp((logits - logits.max()) / max(temperature, 1e-12))
    return powers / np.sum(powers)

# %% exercise="temperature" wrong="multiplied" points=0 says="The logits are multiplied by T"
def tempered(logits, temperature):
    powers = np.exp(np.asarray(logits) * temperature)
    return powers / powers.sum()

# %% exercise="temperature" wrong="after the softmax" points=0 says="Dividing probabilities changes nothing"
def tempered(logits, temperature):
    p = np.exp(logits) / np.exp(logits).sum() / temperature
    return p / p.sum()

# %% exercise="temperature" wrong="not scaled to one" points=0 says="They do not sum to 1"
def tempered(logits, temperature):
    return np.exp(logits) / np.exp(logits).sum() / temperature

# %% exercise="temperature" wrong="divides by zero" points=0 says="There is NaN in it"
def tempered(logits, temperature):
    with np.errstate(all="ignore"):
        powers = np.exp(np.asarray(logits) / temperature)
        return powers / powers.sum()

# %% exercise="temperature" wrong="overflow" points=0 says="There is NaN in it"
def tempered(logits, temperature):
    logits = np.asarray(logits)
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    with np.errstate(all="ignore"):
        powers = np.exp(logits / temperature)
        return powers / powers.sum()

# %% exercise="truncate" right="a loop"
def truncated(probabilities, k=None, share=None):
    p, kept = np.asarray(probabilities), np.zeros(len(probabilities))
    for rank, code in enumerate(np.argsort(-p)):
        if (k is not None and rank >= k) or (share is not None and kept.sum() >= share):
            break
        kept[code] = p[code]
    return kept / kept.sum()

# %% exercise="truncate" right="ranks"
def truncated(probabilities, k=None, share=None):
    p = np.asarray(probabilities)
    if share is not None:
        k = int(np.sum(np.cumsum(np.sort(p)[::-1]) < share)) + 1
    rank = np.argsort(np.argsort(-p))
    kept = np.where(rank < (k or len(p)), p, 0)
    return kept / kept.sum()

# %% exercise="truncate" wrong="not scaled" points=0 says="Scale what is left"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities)
    order = np.argsort(-p)
    if k is not None:
        p[order[k:]] = 0
    if share is not None:
        p[order[np.cumsum(p[order]) - p[order] >= share]] = 0
    return p

# %% exercise="truncate" wrong="the crossing symbol is cut" points=0 says="belongs to the nucleus"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities)
    order = np.argsort(-p)
    if k is not None:
        p[order[k:]] = 0
    if share is not None:
        p[order[np.cumsum(p[order]) > share]] = 0
    return p / max(p.sum(), 1e-9)

# %% exercise="truncate" wrong="the sorted list comes back" points=0 says="Every symbol keeps its place"
def truncated(probabilities, k=None, share=None):
    p = np.sort(probabilities)[::-1].copy()
    if k is not None:
        p[k:] = 0
    if share is not None:
        p[np.cumsum(p) - p >= share] = 0
    return p / p.sum()

# %% exercise="truncate" wrong="argsort from the smallest" points=0 says="The likeliest are to be kept"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities)
    order = np.argsort(p)
    if k is not None:
        p[order[k:]] = 0
    if share is not None:
        p[order[np.cumsum(p[order]) - p[order] >= share]] = 0
    return p / p.sum()

# %% exercise="truncate" wrong="one too many when the share is met exactly" points=0 says="is reached already"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities)
    order = np.argsort(-p)
    if k is not None:
        p[order[k:]] = 0
    if share is not None:
        p[order[np.cumsum(p[order]) - p[order] > share]] = 0
    return p / p.sum()

# %% exercise="generate" right="the prompt one code at a time"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        for code in prompt:
            logits = writer(np.array([[code]]))
        row = []
        for step in range(length):
            row.append(choose(np.array(logits)[0, 0]))
            if step < length - 1:
                logits = writer(np.array([[row[-1]]]))
        rows.append(row)
    return np.array(rows)

# %% exercise="generate" right="predict, and every layer reset"
def generate(writer, prompts, length, choose):
    rows = np.zeros((len(prompts), length), int)
    for row, prompt in zip(rows, prompts):
        for layer in writer.layers:
            if hasattr(layer, "reset_state"):
                layer.reset_state()
        logits = writer.predict(np.array([prompt]), verbose=0)
        for step in range(length):
            row[step] = choose(logits[0, -1])
            logits = writer.predict(row[None, step : step + 1], verbose=0)
    return rows

# %% exercise="generate" wrong="no reset" points=0 says="reset_state() before each prompt"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        heard, row = prompt, []
        while len(row) < length:
            row.append(int(choose(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row)
    return np.array(rows)

# %% exercise="generate" wrong="the whole text again to a model that remembers" points=0 says="feed it the new code only"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        text = list(prompt)
        for _ in range(length):
            text.append(int(choose(np.array(writer(np.array([text])))[0, -1])))
        rows.append(text[len(prompt) :])
    return np.array(rows)

# %% exercise="generate" wrong="no feedback" points=0 says="feed your choice back"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        row = []
        for _ in range(length):
            writer.layers[1].reset_state()
            row.append(int(choose(np.array(writer(np.array([prompt])))[0, -1])))
        rows.append(row)
    return np.array(rows)

# %% exercise="generate" wrong="only the last code of the prompt" points=0 says="Only the last code of the prompt"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        heard, row = prompt[-1:], []
        while len(row) < length:
            row.append(int(choose(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row)
    return np.array(rows)

# %% exercise="generate" wrong="argmax, whatever choose says" points=0 says="Ask `choose` for each new character"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        heard, row = prompt, []
        while len(row) < length:
            row.append(int(np.argmax(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row)
    return np.array(rows)

# %% exercise="generate" wrong="reset on the model" points=0 says="reset_state"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        writer.reset_state()
        heard, row = prompt, []
        while len(row) < length:
            row.append(int(choose(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row)
    return np.array(rows)

# %% exercise="period" right="comparing the tail with itself, shifted"
def loop_period(codes, repeats=3):
    codes = np.asarray(codes)
    for p in range(1, len(codes) // repeats + 1):
        tail = codes[len(codes) - repeats * p :]
        if np.array_equal(tail[p:], tail[:-p]):
            return p
    return 0

# %% exercise="period" right="text backwards, next"
def loop_period(codes, repeats=3):
    back = list(codes)[::-1]
    fits = (p for p in range(1, len(back) + 1) if repeats * p <= len(back) and back[:p] * repeats == back[: repeats * p])
    return next(fits, 0)

# %% exercise="period" wrong="the longest period" points=0 says="Return the shortest"
def loop_period(codes, repeats=3):
    codes = list(codes)
    for p in range(len(codes) // repeats, 0, -1):
        if codes[-repeats * p :] == codes[-p:] * repeats:
            return p
    return 0

# %% exercise="period" wrong="a loop at the start" points=0 says="must reach to the end"
def loop_period(codes, repeats=3):
    codes = list(codes)
    for p in range(1, len(codes) // repeats + 1):
        if codes[: repeats * p] == codes[:p] * repeats:
            return p
    return 0

# %% exercise="period" wrong="two blocks are enough" points=0 says="Twice is no loop yet"
def loop_period(codes, repeats=3):
    codes = list(codes)
    for p in range(1, len(codes) // 2 + 1):
        if codes[-p:] == codes[-2 * p : -p]:
            return p
    return 0

# %% exercise="period" wrong="None without a loop" points=0 says="Without a loop the answer is 0"
def loop_period(codes, repeats=3):
    codes = list(codes)
    for p in range(1, len(codes) // repeats + 1):
        if codes[-repeats * p :] == codes[-p:] * repeats:
            return p

# %% exercise="train-writer" right="an LSTM, two epochs"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 24),
        layers.LSTM(56, return_sequences=True),
        layers.Dense(63),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    lab.fit_once(model, x, y, name="writer", epochs=2, batch_size=32)
    return model

# %% exercise="train-writer" right="the functional API, and some dropout"
def train_writer(x, y):
    codes = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(63, 32)(codes)
    hidden = layers.GRU(68, return_sequences=True, dropout=0.05)(vectors)
    model = keras.Model(codes, layers.Dense(63)(hidden))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model

# %% exercise="train-writer" wrong="last output only" points=0 says="return_sequences=True"
def train_writer(x, y):
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(63, 32), layers.GRU(64), layers.Dense(63)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model

# %% exercise="train-writer" wrong="a softmax at the end" points=0 says="it went through a softmax"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 32),
        layers.GRU(64, return_sequences=True),
        layers.Dense(63, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model

# %% exercise="train-writer" wrong="recurrent dropout" points=0 says="hands a whole LSTM or GRU to one cuDNN operation"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 32),
        layers.GRU(64, return_sequences=True, recurrent_dropout=0.2),
        layers.Dense(63),
    ])
    return model

# %% exercise="train-writer" wrong="reading both ways" points=0 says="no Bidirectional, where the future must stay unknown"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 32),
        layers.Bidirectional(layers.GRU(64, return_sequences=True)),
        layers.Dense(63),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model

# %% exercise="train-writer" wrong="not trained" points=0 says="as before training"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(63, 32), layers.GRU(64, return_sequences=True), layers.Dense(63)
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model

# %% exercise="train-writer" wrong="no recurrent layer, only the last character" points=0 says="What stands before the newest character changes nothing" calibrate=true
def train_writer(x, y):
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(63, 64), layers.Dense(128, "relu"), layers.Dense(63)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model

# %% exercise="train-writer" wrong="the target is the input" points=0 says="followed by itself" calibrate=true
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(63, 16), layers.GRU(32, return_sequences=True), layers.Dense(63)
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, x, x, name="writer", epochs=1, batch_size=64)
    return model

# %% exercise="bug-hunt" right="the softmax stays, the loss takes probabilities"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.TimeDistributed(layers.Dense(size, activation="softmax")),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model, -np.log(np.e / (np.e + size - 1))

# %% exercise="bug-hunt" right="TimeDistributed logits"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.TimeDistributed(layers.Dense(size)),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    sure = keras.ops.one_hot([0], size)
    return model, float(keras.losses.sparse_categorical_crossentropy(np.array([0]), sure, from_logits=True)[0])

# %% exercise="bug-hunt" wrong="only TimeDistributed removed" points=0 says="A softmax twice"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, np.log(1 + (size - 1) / np.e)

# %% exercise="bug-hunt" wrong="both changed: logits, and a loss that wants probabilities" points=0 says="takes them for probabilities"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model, np.log(1 + (size - 1) / np.e)

# %% exercise="bug-hunt" wrong="the lowest loss is zero" points=0 says="One softmax could reach 0"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, 0.0

# %% exercise="bug-hunt" wrong="not compiled" points=0 says="model.compile"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size),
    ])
    return model, np.log(1 + (size - 1) / np.e)

# %% exercise="bug-hunt" wrong="one number for every size" points=1 says="It depends on the number of symbols"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, 2.031

# %% exercise="train-writer" wrong="over the budget" points=0 says="Most weights are in the recurrent layer"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(63, 32), layers.GRU(96, return_sequences=True), layers.Dense(63)
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train-writer" right="a subclassed model"
def train_writer(x, y):
    class Writer(keras.Model):
        def __init__(self):
            super().__init__()
            self.vectors = layers.Embedding(63, 24)
            self.read = layers.GRU(64, return_sequences=True)
            self.score = layers.Dense(63)

        def call(self, codes):
            return self.score(self.read(self.vectors(codes)))

    model = Writer()
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model

# %% exercise="train-writer" right="a GRU cell in RNN"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 16),
        layers.Dropout(0.05),
        layers.GRU(70, return_sequences=True),
        layers.Dense(63),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.learning_rate = 0.01
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model

# %% exercise="train-writer" wrong="one length only" points=1 says="Write None for the timesteps"
def train_writer(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((40,), dtype="int32"), layers.Embedding(63, 24),
        layers.GRU(72, return_sequences=True), layers.Dense(63)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32, verbose=0)
    return model

# %% exercise="train-writer" wrong="a loss that wants probabilities" points=0 says="from_logits=True in the loss"
def train_writer(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(63, 24),
        layers.GRU(72, return_sequences=True), layers.Dense(63)])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32, verbose=0)
    return model

# %% exercise="train-writer" wrong="code 0 taken for padding" points=0 says="skips it as padding"
def train_writer(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(63, 24, mask_zero=True),
        layers.GRU(72, return_sequences=True), layers.Dense(63)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32, verbose=0)
    return model

# %% exercise="bits" right="TensorFlow's own cross-entropy"
def bits_per_character(logits, targets):
    import tensorflow as tf
    z = tf.cast(logits, "float64")
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=z)) / np.log(2)

# %% exercise="bits" right="keras.ops, one-hot"
def bits_per_character(logits, targets):
    z = np.asarray(logits, "float64")
    z = z - z.max(axis=-1, keepdims=True)
    marks = keras.utils.to_categorical(targets, z.shape[-1])
    log_p = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return float(-(marks * log_p).sum() / marks.sum() / np.log(2))

# %% exercise="bits" right="np.logaddexp2, pair by pair"
def bits_per_character(logits, targets):
    z = np.asarray(logits, float) / np.log(2)
    total = np.logaddexp2.reduce(z, axis=-1)
    surprise = [total[i, t] - z[i, t, c] for (i, t), c in np.ndenumerate(np.asarray(targets))]
    return sum(surprise) / len(surprise)

# %% exercise="bits" wrong="one largest logit for all" points=1 says="NaN comes from"
def bits_per_character(logits, targets):
    z = logits - logits.max()
    p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    return -np.log2(np.take_along_axis(p, targets[..., None], -1)).mean()

# %% exercise="bits" wrong="summed over the timesteps" points=0 says="summed over the timesteps"
def bits_per_character(logits, targets):
    z = logits - logits.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], -1).sum(axis=1).mean() / np.log(2)

# %% exercise="bits" wrong="multiplied by ln 2" points=0 says="divided by ln 2"
def bits_per_character(logits, targets):
    z = logits - logits.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], -1).mean() * np.log(2)

# %% exercise="bits" wrong="a softmax over the timesteps" points=0 says="The softmax runs over the timesteps"
def bits_per_character(logits, targets):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], -1).mean() / np.log(2)

# %% exercise="bigram" right="nested lists in, a tensor back"
def bigram_table(codes, size):
    rows = [[1.0] * size for _ in range(size)]
    for before, after in zip(list(codes)[:-1], list(codes)[1:]):
        rows[int(before)][int(after)] += 1
    counts = keras.ops.convert_to_tensor(rows)
    return counts / keras.ops.sum(counts, axis=1, keepdims=True)

# %% exercise="bigram" right="one-hot products"
def bigram_table(codes, size):
    marks = keras.utils.to_categorical(codes, size)
    counts = marks[:-1].T @ marks[1:] + 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="the counts themselves" points=0 says="These are counts"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts

# %% exercise="bigram" wrong="the whole table sums to one" points=0 says="The whole table sums to 1"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts / counts.sum()

# %% exercise="bigram" wrong="sums that are no column" points=0 says="keepdims=True"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    for i, j in zip(codes, codes[1:]):
        counts[i, j] += 1
    return counts / counts.sum(axis=1)

# %% exercise="bigram" wrong="one added after the division" points=0 says="before the rows are divided"
def bigram_table(codes, size):
    counts = np.zeros((size, size))
    for i, j in zip(codes, codes[1:]):
        counts[i, j] += 1
    p = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) + 1
    return p / p.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="pairs that do not overlap" points=0 says="pairs overlap"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    for i, j in zip(codes[::2], codes[1::2]):
        counts[i, j] += 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="the last pair forgotten" points=0 says="The last pair is missing"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    for t in range(len(codes) - 2):
        counts[codes[t], codes[t + 1]] += 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="round to the beginning" points=0 says="not by the first one"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    for i, j in zip(codes, np.roll(codes, -1)):
        counts[i, j] += 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% exercise="bigram" wrong="divided by how often it occurs" points=0 says="the added ones belong"
def bigram_table(codes, size):
    counts = np.ones((size, size))
    for i, j in zip(codes, codes[1:]):
        counts[i, j] += 1
    return counts / np.maximum(np.bincount(codes, minlength=size), 1)[:, None]

# %% exercise="temperature" right="scipy-like logsumexp by hand"
def tempered(logits, temperature):
    logits = np.asarray(logits, "float64")
    if not temperature:
        p = np.zeros(len(logits))
        p[logits.argmax()] = 1
        return p
    z = logits / temperature
    return np.exp(z - np.logaddexp.reduce(z))

# %% exercise="temperature" right="TensorFlow"
def tempered(logits, temperature):
    import tensorflow as tf
    z = tf.cast(logits, "float64")
    if temperature == 0:
        return tf.one_hot(tf.argmax(z), len(z), dtype="float64")
    return tf.nn.softmax((z - tf.reduce_max(z)) / temperature)

# %% exercise="temperature" wrong="zero taken for one" points=0 says="At T = 0 all probability goes to the largest logit"
def tempered(logits, temperature):
    z = (np.asarray(logits) - np.max(logits)) / (temperature or 1)
    return np.exp(z) / np.exp(z).sum()

# %% exercise="temperature" wrong="the index, at zero" points=0 says="An array is asked"
def tempered(logits, temperature):
    if temperature == 0:
        return {"code": int(np.argmax(logits))}
    z = (np.asarray(logits) - np.max(logits)) / temperature
    return np.exp(z) / np.exp(z).sum()

# %% exercise="temperature" right="gaps to the largest, zero in its place"
def tempered(logits, temperature):
    gap = np.asarray(logits, float) - np.max(logits)
    with np.errstate(all="ignore"):
        z = np.where(gap == 0, 0.0, gap / temperature)
    p = np.exp(z)
    return p / np.sum(p)

# %% exercise="temperature" wrong="the array's own methods, and overflow" points=0 says="NaN"
def tempered(logits, temperature):
    if temperature == 0:
        return (logits == logits.max()).astype(float)
    p = np.exp(logits / temperature)
    return p / p.sum()

# %% exercise="temperature" wrong="probabilities divided, zero as asked" points=0 says="scaled back"
def tempered(logits, temperature):
    if temperature == 0:
        return (logits == logits.max()).astype(float)
    p = np.exp(logits - logits.max())
    p = p / p.sum() / temperature
    return p / p.sum()

# %% exercise="temperature" wrong="a power of the probabilities" points=0 says="divided by zero"
def tempered(logits, temperature):
    p = np.exp(logits - logits.max())
    p = p / p.sum()
    p = p ** (1 / temperature)
    return p / p.sum()

# %% exercise="temperature" wrong="powers without their sum" points=0 says="the powers alone"
def tempered(logits, temperature):
    if temperature == 0:
        return (logits == logits.max()).astype(float)
    return np.exp((logits - logits.max()) / temperature)

# %% exercise="truncate" right="a threshold"
def truncated(probabilities, k=None, share=None):
    p = np.asarray(probabilities, float)
    falling = np.sort(p)[::-1]
    if k is None:
        k = len(p) if share is None else int(np.searchsorted(np.cumsum(falling), share - 1e-12)) + 1
    kept = np.zeros_like(p)
    chosen = np.argsort(-p, kind="stable")[: min(k, len(p))]
    kept[chosen] = p[chosen]
    return kept / kept.sum()

# %% exercise="truncate" right="a Python list of pairs"
def truncated(probabilities, k=None, share=None):
    ranked = sorted(enumerate(probabilities), key=lambda pair: -pair[1])
    kept, reached = [0.0] * len(ranked), 0.0
    for rank, (place, p) in enumerate(ranked):
        if k is not None and rank >= k or share is not None and reached >= share:
            break
        kept[place] = p
        reached += p
    return np.array(kept) / sum(kept)

# %% exercise="truncate" wrong="only the kept ones" points=0 says="Return all symbols"
def truncated(probabilities, k=None, share=None):
    p = np.sort(probabilities)[::-1]
    if share is not None:
        k = int(np.sum(np.cumsum(p) < share)) + 1
    return p[:k] / p[:k].sum()

# %% exercise="truncate" wrong="one too few, and at least one" points=0 says="where one alone reaches it"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities, float)
    order = np.argsort(-p)
    keep = k if share is None else max(int((np.cumsum(p[order]) <= share).sum()), 1)
    p[order[keep:]] = 0
    return p / p.sum()

# %% exercise="truncate" wrong="a bound for each" points=0 says="no bound for each"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities, float)
    if k is not None:
        p[p < np.sort(p)[-k]] = 0
    elif share is not None:
        p[p < 1 - share] = 0
    return p / p.sum()

# %% exercise="truncate" wrong="added up as they stand" points=0 says="Add the likeliest first"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities, float)
    if k is not None:
        p[np.argsort(-p)[k:]] = 0
    elif share is not None:
        p[np.cumsum(p) - p >= share] = 0
    return p / p.sum()

# %% exercise="truncate" wrong="a softmax to scale" points=0 says="A softmax gives what was cut a share again"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities, float)
    order = np.argsort(-p)
    keep = k if share is None else int((np.cumsum(p[order]) < share).sum()) + 1
    p[order[keep:]] = 0
    e = np.exp(p)
    return e / e.sum()

# %% exercise="truncate" wrong="one more than k" points=0 says="k is how many"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities, float)
    order = np.argsort(-p)
    keep = k + 1 if share is None else int((np.cumsum(p[order]) < share).sum()) + 1
    p[order[keep:]] = 0
    return p / p.sum()

# %% exercise="generate" right="reset at the end too, lists and numpy ints"
def generate(writer, prompts, length, choose):
    written = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        codes = [np.int64(code) for code in prompt]
        logits = writer(keras.ops.convert_to_tensor([codes]))[0, -1]
        new = [choose(keras.ops.convert_to_numpy(logits))]
        while len(new) < length:
            logits = writer(keras.ops.convert_to_tensor([[new[-1]]]))[0, -1]
            new.append(choose(keras.ops.convert_to_numpy(logits)))
        writer.layers[1].reset_state()
        written.append(new)
    return np.array(written)

# %% exercise="generate" right="predict_on_batch, prompt fed one by one"
def generate(writer, prompts, length, choose):
    out = np.empty((len(prompts), length), dtype="int64")
    for i, prompt in enumerate(prompts):
        writer.layers[1].reset_state()
        for code in prompt:
            scores = writer.predict_on_batch(np.array([[code]]))
        for j in range(length):
            out[i, j] = choose(scores[0, -1])
            scores = writer.predict_on_batch(out[i : i + 1, j : j + 1])
    return out

# %% exercise="generate" wrong="the prompt comes back in front" points=0 says="Return the new ones"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        heard, row = list(prompt), list(prompt)
        while len(row) < length + len(prompt):
            row.append(int(choose(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row[:length])
    return np.array(rows)

# %% exercise="generate" wrong="reset before each character" points=0 says="The state is reset between codes"
def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        heard, row = prompt, []
        while len(row) < length:
            writer.layers[1].reset_state()
            row.append(int(choose(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row)
    return np.array(rows)

# %% exercise="generate" right="a function inside reads"
def generate(writer, prompts, length, choose):
    def read(code):
        return writer.predict(np.array([[code]]), verbose=0)[0, 0]
    texts = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        for code in prompt:
            logits = read(code)
        new = [choose(logits)]
        while len(new) < length:
            new.append(choose(read(new[-1])))
        texts.append(new)
    return np.asarray(texts)

# %% exercise="generate" wrong="the prompt's last code again and again" points=0 says="is read again and again"
def generate(writer, prompts, length, choose):
    out = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        logits = writer.predict_on_batch(np.array([prompt]))[0, -1]
        new = []
        for _ in range(length):
            new.append(choose(logits))
            logits = writer.predict_on_batch(np.array([[prompt[-1]]]))[0, -1]
        out.append(new)
    return np.array(out)

# %% exercise="generate" wrong="the first timestep's logits" points=0 says="stand at the last timestep"
def generate(writer, prompts, length, choose):
    out = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        feed, new = list(prompt), []
        for _ in range(length):
            code = choose(writer.predict_on_batch(np.array([feed]))[0, 0])
            new.append(code)
            feed = [code]
        out.append(new)
    return np.array(out)

# %% exercise="generate" wrong="the prompt's last code twice" points=0 says="read twice"
def generate(writer, prompts, length, choose):
    out = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        writer.predict_on_batch(np.array([prompt]))
        code, new = prompt[-1], []
        for _ in range(length):
            code = choose(writer.predict_on_batch(np.array([[code]]))[0, -1])
            new.append(code)
        out.append(new)
    return np.array(out)

# %% exercise="generate" wrong="asked for the prompt as well" points=0 says="once for each new code"
def generate(writer, prompts, length, choose):
    out = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        for code in prompt:
            new = [choose(writer.predict_on_batch(np.array([[code]]))[0, -1])]
        while len(new) < length:
            new.append(choose(writer.predict_on_batch(np.array([[new[-1]]]))[0, -1]))
        out.append(new)
    return np.array(out)

# %% exercise="period" right="strings"
def loop_period(codes, repeats=3):
    codes = [int(code) for code in codes]
    n = len(codes)
    for p in range(1, n + 1):
        if p * repeats > n:
            return 0
        blocks = {tuple(codes[n - (i + 1) * p : n - i * p]) for i in range(repeats)}
        if len(blocks) == 1:
            return p
    return 0

# %% exercise="period" right="a while loop"
def loop_period(codes, repeats=3):
    codes, p = np.array(codes), 1
    while p * repeats <= len(codes):
        blocks = codes[len(codes) - p * repeats :].reshape(repeats, p)
        if (blocks == blocks[0]).all():
            return p
        p += 1
    return 0

# %% exercise="period" wrong="whether there is one" points=0 says="not whether there is one"
def loop_period(codes, repeats=3):
    codes = list(codes)
    return any(codes[-repeats * p :] == codes[-p:] * repeats for p in range(1, len(codes) // repeats + 1))

# %% exercise="period" wrong="all repeats together" points=0 says="Return the length of one block"
def loop_period(codes, repeats=3):
    codes = list(codes)
    for p in range(1, len(codes) // repeats + 1):
        if codes[-repeats * p :] == codes[-p:] * repeats:
            return p * repeats
    return 0

# %% exercise="period" right="blocks as rows"
def loop_period(codes, repeats=3):
    c = np.array(codes)
    found = [p for p in range(1, c.size // repeats + 1)
             if (c[c.size - repeats * p:].reshape(repeats, p) == c[c.size - p:]).all()]
    return min(found, default=0)

# %% exercise="period" right="blocks that may be shorter"
def loop_period(codes, repeats=3):
    for p in range(1, len(codes) + 1):
        blocks = [codes[len(codes) - (r + 1) * p:len(codes) - r * p] for r in range(repeats)]
        if all(b == blocks[0] for b in blocks):
            return p
    return 0

# %% exercise="period" wrong="one length too few" points=1 says="may be as large as"
def loop_period(codes, repeats=3):
    for p in range(1, len(codes) // repeats):
        if codes[-repeats * p:] == codes[-p:] * repeats:
            return p
    return 0

# %% exercise="period" wrong="from two on" points=0 says="begin with p = 1"
def loop_period(codes, repeats=3):
    for p in range(2, len(codes) // repeats + 1):
        if codes[-repeats * p:] == codes[-p:] * repeats:
            return p
    return 0

# %% exercise="period" wrong="the whole text in a loop" points=0 says="may begin anywhere"
def loop_period(codes, repeats=3):
    for p in range(1, len(codes) // repeats + 1):
        if all(codes[i] == codes[i + p] for i in range(len(codes) - p)):
            return p
    return 0

# %% exercise="bug-hunt" right="functional, probabilities and a loss object that wants them"
def mended_model(size):
    codes = keras.Input((None,), dtype="int32")
    read = layers.GRU(48, return_sequences=True)(layers.Embedding(size, 16)(codes))
    model = keras.Model(codes, layers.Dense(size, activation="softmax")(read))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy())
    return model, float(np.log(np.e + size - 1) - 1)

# %% exercise="bug-hunt" right="a softmax layer of its own, and a loss of probabilities"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(size, 16), layers.GRU(48, return_sequences=True),
        layers.Dense(size), layers.Softmax(),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, np.log1p((size - 1) * np.exp(-1))

# %% exercise="bug-hunt" wrong="the lowest loss in bits" points=0 says="In nats"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(size, 16), layers.GRU(48, return_sequences=True), layers.Dense(size)
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, np.log2(1 + (size - 1) / np.e)

# %% exercise="bug-hunt" wrong="one symbol too many in the sum" points=0 says="size - 1 of them"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True), layers.Dense(size)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, np.log(1 + size / np.e)

# %% exercise="bug-hunt" wrong="the model alone" points=0 says="separated by commas"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True), layers.Dense(size)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="bug-hunt" wrong="a softmax layer after a softmax" points=0 says="a softmax of probabilities"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True), layers.Dense(size, activation="softmax"), layers.Softmax()])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy())
    return model, np.log(1 + (size - 1) / np.e)

# %% exercise="bug-hunt" wrong="a sigmoid" points=0 says="as after a sigmoid"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True), layers.Dense(size, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy())
    return model, np.log(1 + (size - 1) / np.e)
