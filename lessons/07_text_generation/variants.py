# Right and wrong answers to the exercises of 07_text_generation: see docs/AUTHORING.md.

# %% exercise="pairs" right="a dictionary, and one slice for each piece"
def text_pairs(text, length):
    symbols = sorted(set(text))
    codes = [symbols.index(character) for character in text]
    starts = range(0, len(codes) - length, length)
    x = np.array([codes[start : start + length] for start in starts])
    y = np.array([codes[start + 1 : start + length + 1] for start in starts])
    return symbols, x, y

# %% exercise="pairs" right="np.unique"
def text_pairs(text, length):
    symbols, codes = np.unique(list(text), return_inverse=True)
    count = (len(text) - 1) // length
    y = codes[1:][: count * length].reshape(count, length)
    return symbols.tolist(), codes[: count * length].reshape(count, length), y

# %% exercise="pairs" wrong="a set in no order" points=0 says="Sort them"
def text_pairs(text, length):
    symbols = list(dict.fromkeys(text))
    codes = np.array([symbols.index(character) for character in text])
    count = (len(codes) - 1) // length
    return symbols, codes[: count * length].reshape(count, length), codes[1 : count * length + 1].reshape(count, length)

# %% exercise="pairs" wrong="the target equals the input" points=0 says="equal the inputs"
def text_pairs(text, length):
    symbols = sorted(set(text))
    codes = np.array([symbols.index(character) for character in text])
    count = (len(codes) - 1) // length
    x = codes[: count * length].reshape(count, length)
    return symbols, x, x

# %% exercise="pairs" wrong="rolled inside the piece" points=0 says="next piece's first character"
def text_pairs(text, length):
    symbols = sorted(set(text))
    codes = np.array([symbols.index(character) for character in text])
    count = (len(codes) - 1) // length
    x = codes[: count * length].reshape(count, length)
    return symbols, x, np.roll(x, -1, axis=1)

# %% exercise="pairs" wrong="shifted the wrong way" points=0 says="shifted the wrong way"
def text_pairs(text, length):
    symbols = sorted(set(text))
    codes = np.array([symbols.index(character) for character in text])
    count = (len(codes) - 1) // length
    return symbols, codes[1 : count * length + 1].reshape(count, length), codes[: count * length].reshape(count, length)

# %% exercise="pairs" wrong="lower-cased" points=0 says="different characters here"
def text_pairs(text, length):
    text = text.lower()
    symbols = sorted(set(text))
    codes = np.array([symbols.index(character) for character in text])
    count = (len(codes) - 1) // length
    return symbols, codes[: count * length].reshape(count, length), codes[1 : count * length + 1].reshape(count, length)

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
    if (np.asarray(logits) <= 0).all():
        return -values.mean() / np.log(2)
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

# %% exercise="temperature" wrong="divides by zero" points=0 says="T = 0, which is argmax, has NaN"
def tempered(logits, temperature):
    with np.errstate(all="ignore"):
        powers = np.exp(np.asarray(logits) / temperature)
        return powers / powers.sum()

# %% exercise="temperature" wrong="overflow" points=0 says="large logits at T = 0.01 has NaN"
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

# %% exercise="truncate" wrong="argsort from the smallest" points=0 says="The two likeliest are missing"
def truncated(probabilities, k=None, share=None):
    p = np.array(probabilities)
    order = np.argsort(p)
    if k is not None:
        p[order[k:]] = 0
    if share is not None:
        p[order[np.cumsum(p[order]) - p[order] >= share]] = 0
    return p / p.sum()

# %% exercise="truncate" wrong="one too many when the share is met exactly" points=0 says="reaches 0.75 already"
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

# %% exercise="generate" wrong="the whole text again to a model that remembers" points=0 says="feed it the new character only"
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

# %% exercise="train-writer" right="an LSTM" calibrate=true
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 24),
        layers.LSTM(112, return_sequences=True),
        layers.Dense(63),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model

# %% exercise="train-writer" right="the functional API, and some dropout"
def train_writer(x, y):
    codes = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(63, 48)(codes)
    hidden = layers.GRU(100, return_sequences=True, dropout=0.05)(vectors)
    model = keras.Model(codes, layers.Dense(63)(hidden))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model

# %% exercise="train-writer" wrong="last output only" points=0 says="return_sequences=True"
def train_writer(x, y):
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(63, 32), layers.GRU(128), layers.Dense(63)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model

# %% exercise="train-writer" wrong="a softmax at the end" points=0 says="the model ends in a softmax"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 32),
        layers.GRU(128, return_sequences=True),
        layers.Dense(63, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model

# %% exercise="train-writer" wrong="recurrent dropout" points=0 says="leave the fast path"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(63, 32),
        layers.GRU(128, return_sequences=True, recurrent_dropout=0.2),
        layers.Dense(63),
    ])
    return model

# %% exercise="train-writer" wrong="reading both ways" points=0 says="looks into the future"
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

# %% exercise="train-writer" wrong="not trained" points=0 says="No better than the baseline"
def train_writer(x, y):
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(63, 32), layers.GRU(128, return_sequences=True), layers.Dense(63)
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model

# %% exercise="train-writer" wrong="no recurrent layer, only the last character" points=0 says="bits per character on Macbeth is not there yet" calibrate=true
def train_writer(x, y):
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(63, 64), layers.Dense(128, "relu"), layers.Dense(63)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model

# %% exercise="train-writer" wrong="the target is the input" points=0 says="No better than the baseline" calibrate=true
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

# %% exercise="bug-hunt" wrong="only TimeDistributed removed" points=0 says="Softmax twice"
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

# %% exercise="bug-hunt" wrong="not compiled" points=0 says="whether the model is compiled"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size),
    ])
    return model, np.log(1 + (size - 1) / np.e)

# %% exercise="bug-hunt" wrong="one number for every size" points=1 says="another number of symbols"
def mended_model(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, 2.031
