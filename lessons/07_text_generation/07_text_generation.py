# %% [markdown]
# # 7 · Writing one character at a time
#
# <!-- colab-badge -->
#
# **How does a network write?** It does not plan and it does not know what it says. It answers one small question, *which character comes next?*, with a
# probability for each; somebody draws one; the drawn character is read back in, and the question is asked again. Everything that makes such text good or bad sits in those two places: how good
# the probabilities are, and how you draw. In this lesson you measure the first in bits, on a play that the model never saw, and take the second into your own hands.
#
# After it you can
#
# * turn a text into shifted pairs of integers and back again, and say what loss an untrained model must have;
# * measure a language model in bits per character, against counting, on a text that it never saw;
# * draw from its logits with temperature, top-k and nucleus, and know what each of them changes;
# * write with a stateful model, one character at a time, and show that this equals reading the whole text at once;
# * find the loop that greedy writing falls into, and a wrong `from_logits`, which no error message tells you of.
#
# *Time:* about 110 minutes to read and solve. *Before this:* lesson 1 (prefixes, shifted targets), lesson 2 (the GRU's step, logits), lesson 4 (`stateful=True`, `reset_state`).

# %% setup=true

# %% given="imports"
from collections import Counter

import keras
import numpy as np
from keras import layers

# %% [markdown]
# ## 1 · Word by word
#
# Lesson 1 cut sentences into prefixes, padded on the left, with the next word as the label. Whoever has that has a writer already: ask for the next word, append it, ask again.
# Here are the lines of one speech of *As You Like It*, and the model that most tutorials begin with.

# %% given="texts"
texts = lab.data.plays()  # {title: text}, Shakespeare's 38 plays

# %%
import re

comedy = texts["As You Like It"]
start = comedy.index("All the world's a stage")
speech = comedy[start : comedy.index("DUKE SENIOR", start)].strip()
lines = [re.findall(r"[a-z']+", line.lower()) for line in speech.splitlines()]
words = ["", *sorted({word for line in lines for word in line})]
numbered = [[words.index(word) for word in line] for line in lines]

prefixes = [line[:end] for line in numbered for end in range(1, len(line))]
labels = [line[end] for line in numbered for end in range(1, len(line))]
x_words = keras.utils.pad_sequences(prefixes, padding="pre")  # (samples, timesteps)
y_words = keras.utils.to_categorical(labels, len(words))  # (samples, words)
print(f"{len(lines)} lines, {len(words) - 1} different words")
print("x", x_words.shape, " y", y_words.shape)

# %%
keras.utils.set_random_seed(0)
by_word = keras.Sequential([
    keras.Input((None,)),
    layers.Embedding(len(words), 32, mask_zero=True),
    layers.GRU(64),
    layers.Dense(len(words), activation="softmax"),
])
by_word.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy", metrics=["accuracy"])
fitted = lab.fit_once(by_word, x_words, y_words, name="by-word", epochs=30, verbose=0)
print(f"accuracy on its own training prefixes: {fitted.history['accuracy'][-1]:.2f}")

for beginning in ("all the", "and then", "full of", "the world is"):
    text = [words.index(word) for word in beginning.split()]
    while len(text) < 10:
        prefix = keras.utils.pad_sequences([text], maxlen=x_words.shape[1], padding="pre")
        text.append(int(np.argmax(by_word.predict_on_batch(prefix))))
    print(f"{beginning} |", *(words[code] for code in text[len(beginning.split()) :]))

# %% [markdown]
# Where that looks like Shakespeare it *is* Shakespeare: the line, recited. The model has seen each of these prefixes, and always taking the likeliest word leads back to the line it was trained on. Where the line is over, it
# was never shown what follows, and stammers.
#
# Two more limits have nothing to do with the network. It can write no word that is not in its list, and it has no idea how to spell. How much of *another* play would be missing from a list of words?

# %%
def words_of(*titles):
    return re.findall(r"[a-z']+", " ".join(texts[title] for title in titles).lower())


known, other = set(words_of("Hamlet", "As You Like It")), words_of("Macbeth")
missing = [word for word in other if word not in known]
print(f"{len(known):,} different words in two plays, {len(set(words_of(*texts))):,} in all 38")
print(f"of Macbeth's {len(other):,} words {len(missing) / len(other):.1%} are not among the first")
print(f"for example: {', '.join(dict.fromkeys(missing[:8]))}")
characters = set(texts["Hamlet"] + texts["As You Like It"])
lacking = set(texts["Macbeth"]) - characters
print(f"{len(characters)} different characters in the two, {len(lacking)} of Macbeth's missing")

# %% [markdown]
# A list of words needs a row of `Embedding` and a column of `Dense` for every word, most of them seen once or twice, and still misses some in every new text. Characters are few, and none is missing. The price: the
# model must learn spelling first, and a memory of a hundred timesteps is now a memory of two or three lines.
#
# ## 2 · A text becomes pairs
#
# For mechanics, a text that you can see through: a child who counts aloud.

# %% given="counting"
UNITS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spell(number):
    """The number, 1 to 999, in words: "nine hundred ninety nine"."""
    if number >= 100:
        rest = spell(number % 100) if number % 100 else ""
        return f"{UNITS[number // 100 - 1]} hundred {rest}".strip()
    if number >= 20:
        return f"{TENS[number // 10 - 2]} {UNITS[number % 10 - 1] if number % 10 else ''}".strip()
    return UNITS[number - 1]


counting = " ".join(f"{spell(number)} ." for number in range(1, 1000))

# %%
print(counting[:72], "…", counting[-48:])
print(f"{len(counting):,} characters, {len(set(counting))} different ones")

# %% [markdown]
# Three things are needed before any training: the list of symbols, the text as integers, and pairs of input and target. The target at each timestep is the character one step ahead, `y[:, :-1] == x[:, 1:]`,
# as in lesson 1. Pieces may overlap, as the windows of lesson 1 did: with a short text, that gives more of them. Afterwards, always make the *round trip*: turn the integers back into text and look. It takes a line, and it finds most of what can go wrong here.
#
# One trap is particular to this step. `set(text)` has no order: Python may list it differently each time it starts. Weights that were saved with one order and loaded with another
# write nonsense, and no error is raised. Sort the symbols.
#
# ### Exercise: pairs

# %% exercise="pairs"
def text_pairs(text, length, step):
    """Turn a text into its symbols and next-character pairs, cut into pieces that may overlap.

    text: a string.
    Returns symbols, the sorted list of the text's different characters, and x and y, integer
    arrays, both (pieces, length): piece i of x begins at character i * step of the text and holds
    places in `symbols`; y is the same one character ahead. There is a piece wherever both fit.

    text_pairs("banana", 2, 3) is ["a", "b", "n"], [[1, 0], [0, 2]], [[0, 2], [2, 0]]: x is ba an,
    y is an na. With a step of 1, x is ba an na an.
    """
    ### BEGIN SOLUTION
    symbols = sorted(set(text))
    place = {symbol: code for code, symbol in enumerate(symbols)}
    codes = np.array([place[symbol] for symbol in text])
    starts = range(0, len(codes) - length, step)
    x = np.array([codes[start : start + length] for start in starts])
    y = np.array([codes[start + 1 : start + 1 + length] for start in starts])
    return symbols, x, y
    ### END SOLUTION

# %% cases="pairs"
def pairs(text, length, step, symbols=None, late=0, ahead=1, more=0):
    symbols = symbols or sorted(set(text))
    where = np.vectorize(symbols.index)(list(text))
    last = len(text) - 1 - length + late
    rows = np.arange(0, last + 1, step)[:, None] + np.arange(length)
    return symbols, where[np.minimum(rows, len(text) - 1)], where[np.minimum(rows + ahead, len(text) - 1)]


def numbered(symbols):
    return np.array([ord(symbol) for symbol in symbols])


def whole(x):
    return np.concatenate([x[:, 1:], x[:, :1]], axis=1)


freeze(
    pairs,
    visible=[("banana", 2, 3), ("To be,\nor not to be: that is", 7, 7), ("banana bandana", 3, 1), (counting[:90], 20, 10),
             ("abcdefgh", 3, 2)],
    hidden=[("Zoë & zoo, o Zoë", 4, 3), (texts["The Tempest"][:300], 40, 40), ("aab" * 9, 5, 11),
            ("abcdefghi", 4, 2)],
    mistakes={
        "The right symbols in another order. Sort them: a set has no order that lasts.":
            lambda t, n, s: pairs(t, n, s, list(dict.fromkeys(t))),
        "Upper and lower case are different characters here.": lambda t, n, s: pairs(t.lower(), n, s),
        "The target equals the input, so copying is enough. Shift it by one character.":
            lambda t, n, s: pairs(t, n, s, ahead=0),
        "x and y are exchanged: the target comes one character after the input.":
            lambda t, n, s: [pairs(t, n, s)[i] for i in (0, 2, 1)],
        "The last target of a piece is the next character of the text, not the piece's own first.":
            lambda t, n, s: (*pairs(t, n, s)[:2], whole(pairs(t, n, s)[1])),
        "`step` is not used: pieces begin every `step` characters, not every `length`.":
            lambda t, n, s: pairs(t, n, n),
        "`step` is not used: pieces begin every `step` characters, not at each one.":
            lambda t, n, s: pairs(t, n, 1),
        "The last piece is missing. There is one wherever x and y fit.":
            lambda t, n, s: pairs(t, n, s, late=-1),
        "The codes are places in `symbols`, from 0 on. There is no padding here for which 0 must be kept.":
            lambda t, n, s: (pairs(t, n, s)[0], *(codes + 1 for codes in pairs(t, n, s)[1:])),
        "The codes are places in `symbols`, not the numbers that ord gives.":
            lambda t, n, s: (pairs(t, n, s)[0], *(numbered(pairs(t, n, s)[0])[codes] for codes in pairs(t, n, s)[1:])),
        "These are one-hot vectors. The places in `symbols` themselves are asked.":
            lambda t, n, s: (pairs(t, n, s)[0], *(np.eye(len(set(t)))[codes] for codes in pairs(t, n, s)[1:])),
        "y is only the last of the targets. There is one for each character of the piece.":
            lambda t, n, s: (*pairs(t, n, s)[:2], pairs(t, n, s)[2][:, -1]),
        "y is the piece after this one. It is the same piece, one character ahead.":
            lambda t, n, s: pairs(t, n, s, late=1 - n, ahead=n),
        "There is a piece too many: there y would go beyond the end of the text.":
            lambda t, n, s: pairs(t, n, s, late=1),
    },
    parts=("symbols", "x", "y"),
    axes=("symbols", "pieces, characters", "pieces, characters"),
)

# %% test="pairs" points=1
check.cases(text_pairs, "pairs")

# %% [markdown]
# From here on the package does both for you: `encode` makes the codes, `pieces` the pairs.

# %% given="encode"
encode = lab.data.encode  # encode(text, symbols): places in symbols, int32 (characters,)
pieces = lab.data.pieces  # pieces(codes, length): x and y, both (pieces, length), y one ahead

count_symbols = sorted(set(counting))
count_codes = encode(counting, count_symbols)  # (23947,)
x_count, y_count = pieces(count_codes, 60)  # (399 pieces, 60 timesteps)

# %% [markdown]
# ## 3 · How surprised?
#
# A model gives each character that may come next a probability. When the true one comes, its **surprise** is $-\log_2 p$, in **bits**: no surprise at $p = 1$, one bit at ½, two bits at ¼.
# The mean surprise over a text is the model's **bits per character**. It is the cross-entropy that Keras reports, divided by $\ln 2$, because Keras counts with the natural logarithm, in *nats*.
# It has a meaning outside machine learning, too: a good compressor that uses these probabilities would store the text in about that many bits per character.
#
# An untrained model knows nothing, and gives each of $V$ symbols about the probability $1/V$. So before the first step its loss must be about $\ln V$. Check it: it costs a line, and a
# different number means that the loss, the targets or the last layer is not what you think.

# %%
def character_model(size, units):
    """An untrained model: codes (batch, timesteps) -> logits (batch, timesteps, size)."""
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 32),
        layers.GRU(units, return_sequences=True),
        layers.Dense(size),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


keras.utils.set_random_seed(0)
counter = character_model(len(count_symbols), 48)
loss = counter.evaluate(x_count, y_count, verbose=0)
print(f"untrained: {loss:.3f} nats, ln 19 = {np.log(19):.3f}; that is {loss / np.log(2):.2f} bits")

# %% [markdown]
# ### Exercise: bits per character
#
# From logits, as the last layer of our models returns them. $p_j = e^{z_j} / \sum_k e^{z_k}$, so $\ln p_j = z_j - \ln \sum_k e^{z_k}$. A large logit overflows in $e^{z}$; subtract the largest logit first, which changes no probability.

# %% exercise="bits"
def bits_per_character(logits, targets):
    """Return the mean surprise of the targets, in bits, a number.

    logits: float (batch, timesteps, symbols).
    targets: int (batch, timesteps), the true characters.

    For the logits [[[0.0, 0.0], [0.0, np.log(3)]]], probabilities ½ ½ and ¼ ¾, and the targets
    [[0, 0]] it is (1 + 2) / 2 = 1.5.
    """
    ### BEGIN SOLUTION
    logits = np.asarray(logits, "float64")
    logits = logits - logits.max(axis=-1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    of_targets = np.take_along_axis(log_p, np.asarray(targets)[..., None], axis=-1)
    return -of_targets.mean() / np.log(2)
    ### END SOLUTION

# %% cases="bits"
def surprises(z, y):
    z = np.asarray(z, "float64")
    z = z - z.max(-1, keepdims=True)
    z = z - np.log(np.exp(z).sum(-1, keepdims=True))
    return -np.take_along_axis(z, np.asarray(y)[..., None], -1)


def softly(z, axis=-1):
    return np.exp(z) / np.exp(z).sum(axis, keepdims=True)


p = np.array([[[0.5, 0.25, 0.125, 0.125], [0.5, 0.25, 0.125, 0.125]],
              [[0.25, 0.25, 0.25, 0.25], [0.125, 0.125, 0.25, 0.5]]])
random = np.random.default_rng(3)
other, true = random.normal(scale=3, size=(4, 9, 11)), random.integers(11, size=(4, 9))
freeze(
    lambda z, y: surprises(z, y).mean() / np.log(2),
    visible=[
        (np.full((2, 3, 19), 7.0), np.zeros((2, 3), int)),  # log2(19) = 4.2479
        (np.log(p), np.array([[0, 2], [3, 1]])),  # surprises of 1, 3, 2 and 3 bits
        (np.full((2, 3, 63), 7.0), np.zeros((2, 3), int)),
        (np.array([[[2000.0, 0.0], [-3000.0, 0.0]]]), np.array([[0, 1]])),  # sure, and right
    ],
    hidden=[(other, true), (other + 500, true), (other - 2000, true)],
    mistakes={
        "These are nats. Divide by ln 2, or take the logarithm to base 2.": lambda z, y: surprises(z, y).mean(),
        "The sign: surprise is minus the logarithm.": lambda z, y: -surprises(z, y).mean() / np.log(2),
        "This is the sum. Take the mean over all timesteps of all sequences.":
            lambda z, y: surprises(z, y).sum() / np.log(2),
        "Take the mean of the surprises, not the surprise of the mean probability.":
            lambda z, y: -np.log2(np.exp(-surprises(z, y)).mean()),
        "That is the entropy of the predictions. The targets decide how surprised it was.":
            lambda z, y: -(softly(z) * np.log2(softly(z))).sum(-1).mean(),
        "Logits are no probabilities yet: apply the softmax first.":
            lambda z, y: -np.log2(np.take_along_axis(z, y[..., None], -1)).mean(),
        "It is the mean of each sequence. One number is asked, over all of them.":
            lambda z, y: surprises(z, y)[..., 0].mean(-1) / np.log(2),
        "It is summed over the timesteps. Take the mean over them, too.":
            lambda z, y: surprises(z, y)[..., 0].sum(-1).mean() / np.log(2),
        "Nats are divided by ln 2: a bit is less than a nat, so there are more of them.":
            lambda z, y: surprises(z, y).mean() * np.log(2),
        "The softmax runs over the timesteps. Those of each timestep, over the symbols, sum to 1: axis=-1.":
            lambda z, y: -np.log2(np.take_along_axis(softly(z - z.max(1, keepdims=True), 1), y[..., None], -1)).mean(),
        "It is the surprise at every timestep. Take their mean.":
            lambda z, y: surprises(z, y)[..., 0] / np.log(2),
    },
    rtol=1e-4,
    atol=1e-4,
)

# %% test="bits" points=1
check.cases(bits_per_character, "bits")

# %% test="bits" points=1 hidden=true
check.cases(bits_per_character, "bits", hidden["bits"])

# %% [markdown]
# ### Baselines: count
#
# How many bits would you need without a network? **Uniform**: each symbol alike. **Unigram**: as often as the symbol occurs in the training text. **Bigram**: as often as it follows the character just read. That is a
# table, `(symbols, symbols)`, one row for each character before. A pair that never occurred must not get the probability 0, or its first appearance costs infinitely many bits; so every count begins at one.
#
# ### Exercise: a bigram model

# %% exercise="bigram"
def bigram_table(codes, size):
    """Return the probability of each symbol after each symbol, float (size, size).

    codes: int (characters,), places 0 to size - 1. table[i, j] is the probability that j follows
    i: how often it does in `codes`, plus one, divided by the sum of its row.

    bigram_table([0, 1, 0, 1], 2) is [[1/4, 3/4], [2/3, 1/3]].
    """
    ### BEGIN SOLUTION
    counts = np.ones((size, size))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %% cases="bigram"
def counted(codes, size, first=1, again=True):
    table = np.full((size, size), float(first))
    pairs = list(zip(codes[:-1], codes[1:]))
    for i, j in pairs if again else set(map(tuple, np.transpose([codes[:-1], codes[1:]]).tolist())):
        table[i, j] += 1
    return table


def disjoint(codes, size):
    table = np.ones((size, size))
    np.add.at(table, (codes[:-1:2], codes[1::2]), 1)
    return table


def by_row(table):
    return table / table.sum(axis=1, keepdims=True)


random = np.random.default_rng(11)
freeze(
    lambda codes, size: by_row(counted(codes, size)),
    visible=[(np.array([0, 1, 0, 1]), 2), (np.array([0, 1, 1, 2, 0, 1, 1, 1, 2, 2, 2, 2]), 3),
             (count_codes[:2000], 19)],
    hidden=[(random.integers(6, size=200), 6), (np.array([3, 3, 3]), 5), (random.integers(2, size=9), 40)],
    mistakes={
        "Row and column are swapped: the character before belongs to the row.":
            lambda c, n: by_row(counted(c, n).T),
        "Every count begins at one, or a new pair would cost infinitely many bits.":
            lambda c, n: by_row(counted(c, n, 0)),
        "The columns sum to 1. Divide each row by its own sum.":
            lambda c, n: counted(c, n) / counted(c, n).sum(axis=0),
        "The whole table sums to 1. Divide each row by its own sum.":
            lambda c, n: counted(c, n) / counted(c, n).sum(),
        "counts[before, after] += 1 adds a pair only once, however often it occurs: np.add.at.":
            lambda c, n: by_row(counted(c, n, again=False)),
        "These are counts. Divide each row by its sum.": counted,
        "Each row is divided by the sum of another: the sums of the rows are a column, keepdims=True.":
            lambda c, n: counted(c, n) / counted(c, n).sum(axis=1),
        "The one is added to each count, before the rows are divided by their sums.":
            lambda c, n: by_row(counted(c, n, 0) / np.maximum(counted(c, n, 0).sum(axis=1, keepdims=True), 1) + 1),
        "Divide by the sum of the row, to which the added ones belong, too.":
            lambda c, n: counted(c, n) / np.maximum(np.bincount(c, minlength=n), 1)[:, None],
        "Every character but the last is followed by one: pairs overlap, 0 and 1, then 1 and 2.":
            lambda c, n: by_row(disjoint(c, n)),
        "The last pair is missing.": lambda c, n: by_row(counted(c[:-1], n)),
        "The last character is followed by nothing, not by the first one.":
            lambda c, n: by_row(counted(np.append(c, c[0]), n)),
        "Its size is that of the codes that occur. `size` says how many symbols there are.":
            lambda c, n: by_row(counted(c, int(max(c)) + 1)),
    },
)

# %% test="bigram" points=1
check.cases(bigram_table, "bigram")

# %% test="bigram" points=1 hidden=true
check.cases(bigram_table, "bigram", hidden["bigram"])

# %% [markdown]
# On the counting text, with models that were fitted to this very text (a small cheat that section 4 ends), without the added ones:

# %%
share = np.bincount(count_codes) / len(count_codes)
after, before = Counter(zip(counting, counting[1:])), Counter(counting[:-1])
follows = [after[a, b] / before[a] for a, b in zip(counting, counting[1:])]

lab.fit_once(counter, x_count, y_count, name="counting", epochs=4, batch_size=16, verbose=0)
bits = {
    "uniform": np.log2(19),
    "unigram": -np.log2(share[count_codes]).mean(),
    "bigram": -np.log2(follows).mean(),
    "GRU(48), 4 epochs": counter.evaluate(x_count, y_count, verbose=0) / np.log(2),
}
for name, value in bits.items():
    print(f"{name:<18}{value:.2f} bits per character")

# %% [markdown]
# What does the GRU know that the bigram does not? Let the text grow by one character at a time, and look at what it expects next. Orange is what really comes.

# %%
start = counting.index("forty five")
ends = [start + step for step in range(7)]  # after "", "f", "fo", … "forty "
windows = np.stack([count_codes[end - 60 : end] for end in ends])  # (7, 60)
odds = np.exp(counter.predict(windows, verbose=0)[:, -1])  # (7, 19)
chances = odds / odds.sum(axis=1, keepdims=True)

prefixes, actual = [counting[:end] for end in ends], counting[start : start + 7]
figure = lab.plot.next_characters(prefixes, chances, count_symbols, actual)
alt = "Next-character bars as 'forty ' is spelled: undecided before and after it, sure inside."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Nobody told it what a word is. After "f" it hesitates between *fi* and *fo*, after "fo" between *four* and *forty*, and it leans to the more common; the third letter, u or r, settles it, and the rest of the word costs nothing.
# The real questions are asked in the first panel and in the last: which tens, which digit? For the last one the network must remember a digit spoken thirteen characters before, and up to thirty where hundreds are named.
# The right ones are among its candidates. It has not yet learned to count, and the bits that are left are spent there.
#
# ## 4 · A play it never saw
#
# Now Shakespeare, and an honest test. *Hamlet* and *As You Like It* are for training; *Macbeth* is the test, every line of it. Splitting by play matters as splitting by writer or by year did: a play
# repeats its own names and phrases, and a test cut from the same play would reward remembering them.

# %% given="plays"
training_text = texts["Hamlet"] + texts["As You Like It"]
symbols = sorted(set(training_text))  # 63
codes = encode(training_text, symbols)  # (289423,)
x_play, y_play = pieces(codes, 40)  # (7235 pieces, 40 timesteps)
macbeth, tempest = (encode(texts[title], symbols) for title in ("Macbeth", "The Tempest"))

# %% [markdown]
# The baselines first, and not only the weak ones. A model that counts can look back further than one character. It then meets contexts that it has never seen, and must fall back on shorter ones: the blend below,
# by Witten and Bell (1991), trusts a context the more, the more often it was seen and the fewer different characters followed it.

# %%
counts, seen, kinds = Counter(), Counter(), Counter()
for n in range(1, 6):
    counts.update(training_text[i : i + n] for i in range(len(training_text) - n + 1))
for gram, count in counts.items():
    seen[gram[:-1]] += count
    kinds[gram[:-1]] += 1


def blended_bits(test, longest):
    """Bits per character of `test` with grams of 1, 2, … and `longest` characters."""
    chances = []
    for end in range(longest, len(test)):
        p = 1 / len(symbols)
        for n in range(1, longest + 1):
            gram = test[end - n + 1 : end + 1]
            context = gram[:-1]
            if context in seen:
                p = (counts[gram] + kinds[context] * p) / (seen[context] + kinds[context])
            chances.append(p)
    return -np.log2(chances).reshape(-1, longest).mean(axis=0)


scores, blended = {"uniform": np.log2(len(symbols))}, blended_bits(texts["Macbeth"], 5)
for longest in (1, 2, 3, 5):
    name = {1: "unigram", 2: "bigram"}.get(longest, f"{longest}-gram")
    scores[name] = blended[longest - 1]
    entries = sum(len(gram) <= longest for gram in counts)
    print(f"{name:<8} {scores[name]:.2f} bits per character on Macbeth, {entries:>7,} entries")

# %% [markdown]
# Then the network: one GRU, two epochs. We keep its weights before training and after each epoch.

# %%
keras.utils.set_random_seed(0)
reader = character_model(len(symbols), 96)
x_test, y_test = pieces(macbeth, 100)
snapshots = [reader.get_weights()]
print(f"{reader.count_params():,} weights; ln 63 = {np.log(63):.2f} nats = {np.log2(63):.2f} bits")
for epoch in (0, 1, 2):
    if epoch:
        receipt = f"play-epoch-{epoch}"  # each epoch is one call of fit_once, with its own receipt
        lab.fit_once(reader, x_play, y_play, name=receipt, epochs=1, batch_size=32, verbose=0)
        snapshots.append(reader.get_weights())
    loss = reader.evaluate(x_test, y_test, batch_size=256, verbose=0)
    scores[f"GRU(96), epoch {epoch}"] = loss / np.log(2)
    print(f"after epoch {epoch}: {loss:.2f} nats = {loss / np.log(2):.2f} bits per character")

figure = lab.plot.bits_per_character(scores)
alt = "Bits on Macbeth: uniform 6.0, bigram 3.8, 5-gram 3.0; the GRU falls from 6.0 to 2.9."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# One seed. Before training the loss is $\ln 63$, as it should be. One epoch brings the GRU close to the 5-gram, and the second a little past it: 2.91 against 2.96. That is no triumph over counting. What differs is the size: 45,567 weights against
# 110,833 stored entries. (The plain bigram table of your exercise, with its added ones, needs 3.70 on *Macbeth*; the blend is made for longer contexts.) Compare these numbers only with each other: another play, other symbols or another
# spelling would give others.
#
# Where do the bits go? Colour each character of the opening of *Macbeth* by its surprise: pale is expected, dark is a surprise.

# %%
opening = texts["Macbeth"][:560]
read = encode(opening, symbols)[None]
logits = reader.predict(read[:, :-1], verbose=0)
losses = keras.losses.sparse_categorical_crossentropy(read[:, 1:], logits, from_logits=True)
bits = np.array(losses)[0] / np.log(2)  # (559,)
figure = lab.plot.surprise_text({"Macbeth, read by the GRU": (opening[1:], bits)}, width=48)
alt = "Macbeth: pale in common words and at line ends, dark in new names, rare words, full stops."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# ### In your own words
#
# Explain the figure.
#
# 1. Where in a word is the model surprised, and where is it not? Why there? Give two places in the text as examples.
# 2. The name of a speaker and a colon stand alone on a line. What has the model learned of that form, and what can it not know about it in a play that it has never seen?
# 3. Name one dark place that a longer memory would make pale, and one that would stay dark whatever the model. What follows for the lowest bits per character that anyone can reach?
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-surprise" points=2
### BEGIN SOLUTION
# 1. The first letter of a word is dark, later ones grow pale: after a blank almost any word may begin, while three letters into a word few continuations are left
# ("Whe" can hardly go on otherwise than with "n", "wit" than with "h"), and the blank or comma after a complete word is cheap. Each letter that was read narrows what may follow.
# Not every first letter is dark: after a line's end a capital is expected, and "When" or "That" is a common beginning. In a rare word (lightning, hurlyburly) a later letter is the surprise.
# 2. The form is learned: an empty line comes before a name, a name begins with a capital, and after the colon the line ends: the ↵ is pale every time. The names are new. "Witch" and "Macbeth" never
# stood there in the training plays, so their letters are dark, and so is the colon: nothing tells the model that the name is complete.
# 3. "Witch" stays dark to its last appearance, though it has stood in front of a colon several times by then: a model that remembers some hundred characters and can copy would make it pale.
# The first word of a new speech, or which of several fitting words the poet chose, stays dark for any model: the text itself is not determined by its past. So the bits per character of the
# best possible model are above zero, and unknown; a model can only be compared with other models on the same text.
#
# One point for the narrowing inside words with examples (1); one for form against content (2) together with a right reason why some surprise cannot be removed (3).
### END SOLUTION

# %% [markdown]
# ## 5 · Draw the next character
#
# The model has given its logits. Which character do you write? Always the likeliest one: that is *greedy*, as in lesson 3. Or draw by the probabilities. Or something between.
#
# ### Temperature
#
# Divide the logits by a **temperature** $T$ before the softmax: $p_j = e^{z_j / T} / \sum_k e^{z_k / T}$. With $T = 1$ these are the model's own probabilities. A low temperature sharpens them, towards greedy; a
# high one flattens them, towards uniform. Five characters, fixed logits, so that you can follow each number:

# %% given="logits"
five = list("etao ")
fixed = np.log([1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16])  # logits (5,) of these probabilities

# %%
def softmax(z):
    z = np.exp(z - np.max(z))
    return z / z.sum()


def entropy(p):
    """The mean surprise, in bits, of a draw from p."""
    return -np.sum(p * np.log2(np.where(p > 0, p, 1)))


panels = {f"T = {t}": softmax(fixed / t) for t in (0.3, 1, 3)}
heat = np.linspace(0.02, 5, 150)
figure = lab.plot.temperatures(panels, five, (heat, [entropy(softmax(fixed / t)) for t in heat]))
alt = "At T = 0.3 nearly all on one bar, at 3 nearly even; entropy rises from 0 towards uniform."
lab.plot.show(figure, alt=alt)
print(", ".join(f"{name}: {entropy(p):.3f} bits" for name, p in panels.items()))

# %% [markdown]
# The entropy, the mean surprise of what you draw, rises with the temperature: from 0 bits, where nothing is left to chance, to $\log_2 5 = 2.32$, where everything is.
#
# ### Exercise: temperature
#
# Mind the edges: a small temperature makes large quotients, and for $T = 0$ take the limit.

# %% exercise="temperature"
def tempered(logits, temperature):
    """Return the probabilities at a temperature, float (symbols,), summing to 1.

    logits: float (symbols,), finite, of any size; the largest occurs once.
    temperature: a number >= 0. At 0 it is the limit: probability 1 for the largest logit.

    tempered(np.log([0.5, 0.25, 0.25]), 0.5) is [2/3, 1/6, 1/6], the squares made to sum to 1.
    """
    ### BEGIN SOLUTION
    logits = np.asarray(logits, "float64")
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    scaled = (logits - logits.max()) / temperature
    return np.exp(scaled) / np.exp(scaled).sum()
    ### END SOLUTION

# %% cases="temperature"
def at(z, t):
    z = np.asarray(z, "float64")
    if t == 0:  # the limit, argmax
        return np.eye(len(z))[np.argmax(z)]
    powers = np.exp((z - z.max()) / t)
    return powers / powers.sum()


def powers_of(z, t):
    return at(z, t) / at(z, t).max()


z = np.random.default_rng(6).normal(scale=2, size=30) - 4000
heats = (0, 0.05, 0.3, 0.9, 1.7, 6.0, 1e6)
entropies = [-np.sum(at(z, t) * np.log2(np.maximum(at(z, t), 1e-300))) for t in heats]
assert np.all(np.diff(entropies) > 0), "the entropy rises with the temperature"
assert np.isclose(entropies[0], 0) and np.isclose(entropies[-1], np.log2(30)), "argmax, even"
freeze(
    at,
    visible=[(np.log([0.5, 0.25, 0.25]), 0.5), (fixed, 1), (fixed, 0.5), (fixed, 2), (fixed, 0),
             (np.array([700.0, 2000.0, -900.0]), 0.01)],
    hidden=[(z, t) for t in heats],
    mistakes={
        "At T = 0 all probability goes to the largest logit.": lambda z, t: at(z, t or 1),
        "These are logits. Apply the softmax.": lambda z, t: np.asarray(z, float),
        "These are the logits divided by T. Apply the softmax.": lambda z, t: np.asarray(z) / t,
        "The logits are multiplied by T. Divide: a low temperature sharpens.":
            lambda z, t: at(z, 1 / (t or 1e-12)),
        "T divides the logits, before the softmax. Dividing probabilities changes nothing.":
            lambda z, t: at(z, 1),
        "They do not sum to 1: divide the logits, then apply the softmax.":
            lambda z, t: at(z, 1) / t,
        "T = 0 is the limit of small temperatures, not of large ones.":
            lambda z, t: at(z, t or 1e12),
        "T divides the logits, before the softmax. Probabilities divided by it are scaled back to what they were.":
            lambda z, t: at(z, 1 if t else 0),
        "The logits are multiplied by T. Divide: a low temperature sharpens. T = 0 is as it should be.":
            lambda z, t: at(z, 1 / t if t else 0),
        "These are the powers alone. Divided by their sum they sum to 1.": lambda z, t: powers_of(z, t),
    },
)

# %% test="temperature" points=1
check.cases(tempered, "temperature")

# %% test="temperature" points=1 hidden=true
check.cases(tempered, "temperature", hidden["temperature"])

# %% [markdown]
# ### Top-k and nucleus
#
# Even a good model gives each of sixty wrong characters a little, and together they are not rare: draw a few hundred times, and one of them comes. Then the model must go on from a text such as it has never seen. Two
# rules cut the tail off before the draw. **Top-k** keeps the $k$ likeliest characters. **Nucleus** sampling (top-p) keeps the likeliest ones until together they reach a probability of $p$. What is left is scaled
# to sum to 1. Compare the two where the model is sure and where it is not:

# %%
panels = {}
for context in ("Good my lor", "My lord, "):
    logits = reader.predict(encode(context, symbols)[None], verbose=0)[0, -1]
    p = softmax(logits.astype("float64"))
    rank = np.argsort(np.argsort(-p))
    before = np.array([p[p > q].sum() for q in p])  # the probability of all that are likelier
    panels[f"top-k, k = 5, after “{context}”"] = p, rank < 5
    panels[f"nucleus, p = 0.9, after “{context}”"] = p, before < 0.9

figure = lab.plot.kept_and_cut(panels, symbols)
alt = "Top-k keeps five bars in both rows; the nucleus few where the model is sure, more else."
lab.plot.show(figure, alt=alt)
for name, (p, kept) in panels.items():
    print(f"{name:<45} keeps {kept.sum():>2} characters, {p[kept].sum():.3f} of the probability")

# %% [markdown]
# Top-k keeps the same number everywhere. Where the model is sure, that lets in characters it holds for nearly impossible; where it is not, it forbids many that would do. The nucleus adapts.
#
# ### Exercise: cut the tail

# %% exercise="truncate"
def truncated(probabilities, k=None, share=None):
    """Cut the tail of a distribution; return probabilities in the same places, summing to 1.

    probabilities: float (symbols,), summing to 1, no two of those that matter equal.
    k: keep the k likeliest symbols; None does not cut.
    share: keep the fewest likeliest symbols that together reach it, above 0 and at most 1;
    None does not cut. Only one of the two is given. What is cut gets 0.

    truncated([0.2, 0.6, 0.15, 0.05], k=2) is [1/4, 3/4, 0, 0], and so is
    truncated([0.2, 0.6, 0.15, 0.05], share=0.7): 0.6 does not reach 0.7, 0.6 + 0.2 does.
    """
    ### BEGIN SOLUTION
    p = np.array(probabilities, "float64")
    order = np.argsort(-p)  # the likeliest first
    if k is not None:
        p[order[k:]] = 0
    if share is not None:
        before = np.cumsum(p[order]) - p[order]  # the probability of all that are likelier
        p[order[before >= share]] = 0
    return p / p.sum()
    ### END SOLUTION

# %% cases="truncate"
def keep(p, k=None, share=None, sign=-1, exact=0):
    """top-k and the nucleus (top-p), by Python's own sort."""
    order = sorted(range(len(p)), key=lambda i: sign * p[i])
    sums = np.cumsum([p[i] for i in order])
    reached = int(np.argmax(sums + 1e-12 >= share)) + 1 if share is not None else len(p)
    chosen = order[: k if k is not None else reached + exact * bool(np.isclose(sums, share or 2).any())]
    kept = np.array([p[i] if i in chosen else 0 for i in range(len(p))])
    return kept / kept.sum() if kept.sum() else kept


def below(p, share):
    return int((np.cumsum(np.sort(p)[::-1]) <= share + 1e-12).sum())


def cut_of(p, k, share):
    return sum(p[i] for i in range(len(p)) if keep(p, k, share)[i] > 0)


def unscaled(p, k, share):
    return keep(p, k, share) * cut_of(p, k, share)


def by_place(p, share):
    kept = np.where(np.cumsum(p) - p < share, p, 0)
    return kept / kept.sum()


p = np.array([0.125, 0.5, 0.0625, 0.25, 0.0625])
random = np.random.default_rng(2)
others = [random.dirichlet(np.full(size, 0.5)) for size in (4, 17, 63)]
freeze(
    keep,
    visible=[(np.array([0.2, 0.6, 0.15, 0.05]), 2), (p, 2), (p, None, 0.8), (p, None, 0.75), (p, 1), (p, 5),
             (p, None, 0.001), (p, None, 1.0), (np.array([0.18, 0.35, 0.22, 0.25]), None, 0.7)],
    hidden=[(np.array([8, 1, 2, 64, 4, 32, 16, 1]) / 128, None, 0.875)]
    + [(q, k) for q in others for k in (1, 3, len(q))]
    + [(q, None, share) for q in others for share in (0.05, 0.6, 0.95)],
    mistakes={
        "Scale what is left so that it sums to 1.":
            lambda p, k=None, share=None: keep(p, k, share) * cut_of(p, k, share),
        "Every symbol keeps its place; only the values change.":
            lambda p, k=None, share=None: np.sort(keep(p, k, share))[::-1],
        "The likeliest are to be kept, and these are the others: argsort begins with the smallest.":
            lambda p, k=None, share=None: keep(p, k, share, sign=1),
        "These are the ones kept alone. Return all symbols, 0 for the others.":
            lambda p, k=None, share=None: np.sort(keep(p, k, share)[keep(p, k, share) > 0])[::-1],
        "The symbol that crosses the share belongs to the nucleus: the others do not reach it.":
            lambda p, k=None, share=None: keep(p, k if share is None else below(p, share)),
        "The symbol that crosses the share belongs to the nucleus; where one alone reaches it, it is kept here.":
            lambda p, k=None, share=None: keep(p, k if share is None else max(below(p, share), 1)),
        "The share is what the kept ones reach together; it is no bound for each of them.":
            lambda p, k=None, share=None: keep(p, k if share is None else int((np.array(p) >= 1 - share).sum())),
        "They are added up in the order in which they stand. Add the likeliest first.":
            lambda p, k=None, share=None: keep(p, k) if share is None else by_place(p, share),
        "One too many is kept: k is how many.": lambda p, k=None, share=None: keep(p, k and k + 1, share),
        "A softmax gives what was cut a share again. Divide by the sum.":
            lambda p, k=None, share=None: np.exp(unscaled(p, k, share)) / np.exp(unscaled(p, k, share)).sum(),
        "A share that is met exactly is reached already: the fewest that reach it are kept.":
            lambda p, k=None, share=None: keep(p, k, share, exact=1),
        "What is cut is kept, and what is kept is cut.":
            lambda p, k=None, share=None: np.where(keep(p, k, share) > 0, 0, p) / (1 - cut_of(p, k, share)),
    },
    rtol=1e-5,
    atol=1e-5,
)

# %% test="truncate" points=1
check.cases(truncated, "truncate")

# %% test="truncate" points=1 hidden=true
check.cases(truncated, "truncate", hidden["truncate"])

# %% [markdown]
# ## 6 · One character at a time
#
# To write 200 characters you could give the model the whole text so far, two hundred times. It would read the first character two hundred times to write the last. But a recurrent layer needs no second reading: its
# state is what it knows of the text so far. Lesson 4 has the tool: the same weights in a model for a batch of one, with `stateful=True`.

# %% given="stateful"
def stateful_copy(model):
    """The same Embedding, GRU and Dense for a batch of one, whose state stays between calls."""
    embedding, gru, dense = model.layers
    copy = keras.Sequential([
        keras.Input((None,), batch_size=1, dtype="int32"),
        layers.Embedding(embedding.input_dim, embedding.output_dim),
        layers.GRU(gru.units, return_sequences=True, stateful=True),
        layers.Dense(dense.units),
    ])
    copy.set_weights(model.get_weights())
    return copy

# %% [markdown]
# Does reading in steps give what reading at once gives? Measure it: 40 characters, once in a single call, once in forty calls.

# %%
writer = stateful_copy(counter)
line = count_codes[None, 500:540]  # (1, 40)
at_once = counter.predict_on_batch(line)  # (1, 40, 19)
characters = [line[:, t : t + 1] for t in range(40)]
in_steps = np.concatenate([writer.predict_on_batch(one) for one in characters], axis=1)
print(f"largest difference between the logits: {np.abs(at_once - in_steps).max():.1e}")

again = np.concatenate([writer.predict_on_batch(one) for one in characters], axis=1)
print(f"the same forty calls again, without a reset: {np.abs(at_once - again).max():.1e}")

# %% [markdown]
# The first number is rounding; the second is what the state of the text before does to the next one. To begin a new text, call `reset_state()` of the recurrent layer, here `writer.layers[1]`; a model itself has no such method.
#
# ### Exercise: write
#
# Read a prompt, ask for the next character, and feed the answer back. How the character is chosen is not your function's business: it is given a function that does.

# %% exercise="generate"
def generate(writer, prompts, length, choose):
    """Continue each prompt by `length` characters; return the new codes, int (prompts, length).

    writer: a stateful model for a batch of one, as stateful_copy makes it: codes (1, timesteps) ->
    logits (1, timesteps, symbols). Its writer.layers[1] keeps the state, and can reset it.
    prompts: a list of lists of codes; each text begins with nothing of the text before it.
    choose: a function that takes the logits of the next character, float (symbols,), and returns
    a code. It is asked once for each new character.
    """
    ### BEGIN SOLUTION
    written = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        heard, text = prompt, []
        while len(text) < length:
            logits = np.array(writer(np.array([heard])))[0, -1]
            text.append(int(choose(logits)))
            heard = text[-1:]
        written.append(text)
    return np.array(written)
    ### END SOLUTION

# %% test="generate" points=1
check.writes(generate, prompts=[[1, 2, 3], [4, 4]], length=3)

# %% test="generate" points=1 hidden=true
check.writes(generate, [[5], [0, 10, 3, 7]], 3, size=11, units=20, seed=2, rule="runner-up")

# %% [markdown]
# A layer is its cell in a loop, said lesson 2, and a model is its weights. So the writer can do without Keras altogether: here is the GRU's step in NumPy, with the temperature added. It is also
# quick, since nothing has to be dispatched.

# %%
def babble(weights, prompt, length, temperature=1.0, seed=0):
    """Write `length` characters after `prompt` with the weights of Embedding, GRU and Dense."""
    table, kernel, recurrent, bias, dense, offset = weights
    random, h, text = np.random.default_rng(seed), np.zeros(len(recurrent)), prompt
    for t in range(len(prompt) + length - 1):
        x_z, x_r, x_h = np.split(table[symbols.index(text[t])] @ kernel + bias[0], 3)
        h_z, h_r, h_h = np.split(h @ recurrent + bias[1], 3)
        z, r = 1 / (1 + np.exp(-x_z - h_z)), 1 / (1 + np.exp(-x_r - h_r))
        h = z * h + (1 - z) * np.tanh(x_h + r * h_h)
        if t >= len(prompt) - 1:
            p = softmax((h @ dense + offset) / temperature)
            text += symbols[random.choice(len(p), p=p)]
    return text[len(prompt) :]


prompt, texts_by_epoch = "HAMLET:\n", {}
babbled = [babble(weights, prompt, 190, temperature=0.7, seed=1) for weights in snapshots]
read = np.stack([encode(prompt + text, symbols) for text in babbled])  # (3, 198)
logits = reader.predict(read[:, :-1], verbose=0)[:, 7:]  # (3, 190, 63)
losses = keras.losses.sparse_categorical_crossentropy(read[:, 8:], logits, from_logits=True)
for epoch, (text, bits) in enumerate(zip(babbled, np.array(losses) / np.log(2))):
    texts_by_epoch[f"epoch {epoch}: {bits.mean():.1f} bits per character"] = text, bits

figure = lab.plot.surprise_text(texts_by_epoch, width=48)
alt = "Samples at epochs 0, 1 and 2: noise, then word-like strings, then lines in the play's form."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# At epoch 0 every character is drawn from a nearly even choice, and the trained model, which gives the colours, finds nearly all of them absurd. After one epoch there are blanks and words, many of them real. After two there is a speaker's name on a line of its own.
# There is no sentence that means anything, and no reason why there should be: the model needs 2.91 bits per character, and it was drawn at $T = 0.7$. The low number above its own sample says nothing about quality. A model is
# never much surprised by what it was likely to write; that is why we measure it on *Macbeth*.
#
# And the same model, the same prompt, at four temperatures:

# %%
for temperature in (1e-3, 0.5, 1.0, 1.5):
    text = babble(snapshots[-1], "HAMLET:\n", 110, temperature, seed=3)
    print(f"T = {temperature:g}   ", text.replace("\n", " / "))

# %% [markdown]
# ## 7 · Greedy loops
#
# At $T = 0.001$, as good as greedy, the text above runs in a circle. It is no accident. Greedy writing is deterministic: the next character is a function of the state, and the next state a function of the state and that character. Once a state comes back (to within rounding), all that
# followed it follows again, for ever. A model does not notice that it repeats itself, unless it was trained to.
#
# ### Exercise: find the period
#
# Write the detector: is the end of this text a loop, and how long is it?

# %% exercise="period"
def loop_period(codes, repeats=3):
    """Return the length of the loop at the end of `codes`, an int; 0 if there is none.

    codes: a list of ints. The length is the smallest p >= 1 for which the last `repeats` * p codes
    are one block of p codes, `repeats` times.

    loop_period([9, 1, 2, 1, 2, 1, 2]) is 2; loop_period([1, 2, 1, 2, 1, 2, 9]) is 0.
    """
    ### BEGIN SOLUTION
    codes = list(codes)
    for p in range(1, len(codes) // repeats + 1):
        if codes[-repeats * p :] == codes[-p:] * repeats:
            return p
    return 0
    ### END SOLUTION

# %% cases="period"
def period(codes, repeats=3, order=1, begin=False, least=1, most=0):
    codes = list(codes)
    for p in list(range(least, len(codes) // repeats + 1 - most))[::order]:
        tail = codes[: repeats * p] if begin else codes[len(codes) - repeats * p :]
        if tail[p:] == tail[:-p]:
            return p
    return 0


def from_the_start(codes, repeats):
    """The length of a loop that the whole text keeps to."""
    return next((p for p in range(1, len(codes) // repeats + 1) if codes[p:] == codes[:-p]), 0)


random = np.random.default_rng(4)
more = []
for length, repeats in ((1, 2), (5, 3), (13, 4), (40, 3)):
    block = list(range(length))
    more.append((random.integers(50, 60, size=21).tolist() + block * (2 * repeats), repeats))
    more.append((block * (repeats - 1), repeats))
    more.append((block * repeats + [99], repeats))
freeze(
    period,
    visible=[([9, 1, 2, 1, 2, 1, 2],), ([1, 2, 1, 2, 1, 2, 9],), ([5] * 12,), ([4, 4, 1] * 3,),
             ([1, 2, 3] * 2,), ([1, 2, 3] * 2, 2), ([],), ([7, 7],), ([3] + [1, 2] * 6,)],
    hidden=more,
    mistakes={
        "A loop of p is also one of 2p. Return the shortest: begin with p = 1.":
            lambda codes, repeats=3: period(codes, repeats, order=-1),
        "The loop must reach to the end; it need not begin at the start.":
            lambda codes, repeats=3: period(codes, repeats, begin=True),
        "Twice is no loop yet: compare `repeats` blocks.": lambda codes, n=3: period(codes, 2),
        "`repeats` is an argument: it need not be 3.": lambda codes, n=3: period(codes),
        "A block has no fixed length: here you look for one code, repeated.":
            lambda codes, n=3: int(len(codes) >= n and len(set(codes[-n:])) == 1),
        "Without a loop the answer is 0.": lambda codes, n=3: period(codes, n) or None,
        "Without a loop the answer is 0, not -1.": lambda codes, n=3: period(codes, n) or -1,
        "Return the length of the loop, not whether there is one.": lambda codes, n=3: bool(period(codes, n)),
        "The same code again and again is a loop, too: begin with p = 1.": lambda codes, n=3: period(codes, n, least=2),
        "A loop that fills the whole text is one: p may be as large as len(codes) // repeats.":
            lambda codes, n=3: period(codes, n, most=1),
        "The loop may begin anywhere; what stands before it need not repeat.":
            lambda codes, n=3: from_the_start(codes, n),
        "Return the length of one block, not of all repeats together.": lambda codes, n=3: n * period(codes, n),
    },
)

# %% test="period" points=1
check.cases(loop_period, "period")

# %% test="period" points=1 hidden=true
check.cases(loop_period, "period", hidden["period"])

# %% [markdown]
# When yours passes, remove the `# ` below: how long are the loops?

# %%
for prompt in ("HAMLET:\n", "ROSALIND:\n", "My lord, ", "The "):
    text = babble(snapshots[-1], prompt, 400, temperature=1e-3)
    print(repr(prompt), "…", repr(text[-70:]))
    # print("period:", loop_period(encode(text, symbols).tolist()))

# %% [markdown]
# ## 8 · Train one
#
# ### Exercise: a better writer
#
# Train a model of characters on `x_play`, `y_play`, both `(7235 pieces, 40 timesteps)`, that needs at most **3.3 bits per character** on *Macbeth* and has at most **30,000 weights**, a third less
# than the one above. The bigram table needs 3.70 bits there. The hidden check asks the same of *The Tempest*. How will you spend the weights: on the vectors of `Embedding`, or on units? GRU or LSTM? Count before you train; lesson 2 has the formulas.

# %%
after = Counter(zip(training_text, training_text[1:]))
before = Counter(training_text[:-1])
for title in ("Macbeth", "The Tempest"):
    pairs = zip(texts[title], texts[title][1:])
    chances = [(after[a, b] + 1) / (before[a] + 63) for a, b in pairs]
    print(f"bigram table, {title}: {-np.log2(chances).mean():.2f} bits per character")

# %% [markdown]
# * It maps codes `(batch, timesteps)` of any length to **logits** `(batch, timesteps, 63)`, one prediction per timestep, made of the past alone.
# * Stay on the fast path; `check.gpu_ready` is part of the check.
# * `model.count_params()` counts; at most 30,000. Adam with a learning rate of 0.01, batches of 32 and one epoch are enough.

# %% exercise="train-writer"
def train_writer(x, y):
    """Return a compiled, trained character model.

    It maps codes (batch, timesteps) to logits (batch, timesteps, 63), with at most 30,000 weights.
    x and y: int32 (pieces, 40 timesteps), codes 0 to 62; y is one step ahead of x.
    Train it with lab.fit_once(model, x, y, name="writer", epochs=..., batch_size=...).
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(63, 32),
        layers.GRU(64, return_sequences=True),
        layers.Dense(63),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, x, y, name="writer", epochs=1, batch_size=32)
    return model
    ### END SOLUTION

# %% test="train-writer" points=2
tested = check.trained(train_writer, x_play, y_play)
check.character_model(tested, x_play[:9, :5], 63, 30_000)
test = pieces(macbeth, 100)
check.foresees(tested, *test, at_most=3.3, metric="bits per character on Macbeth", baseline=3.70)

# %% test="train-writer" points=1 hidden=true
tested = check.trained(train_writer, x_play, y_play)
test = pieces(tempest, 100)
metric = "bits per character on The Tempest"
check.foresees(tested, *test, at_most=3.3, metric=metric, baseline=3.63)

# %% [markdown]
# When your function passes, remove the `# ` below and let it write: your model, your loop, your temperature. (The cell expects `Embedding`, one GRU and `Dense`.)

# %%
random = np.random.default_rng(0)


def draw(logits):
    p = softmax(logits.astype("float64") / 0.7)
    return random.choice(len(p), p=p)


# writer = stateful_copy(train_writer(x_play, y_play))
# text = generate(writer, [encode("MACBETH:\n", symbols).tolist()], 300, draw)
# print("".join(symbols[code] for code in text[0]))

# %% [markdown]
# Whatever it writes, judge it by the bits. A reader is easily pleased by a line that happens to sound right, and the same model wrote ninety-nine others.
#
# ## 9 · Bug hunt: the loss that would not fall
#
# This model circulates, in one form or another, in many a notebook on text generation. It runs, the loss begins where it should, it goes down, and not very far.

# %%
def model_as_found(size):
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.TimeDistributed(layers.Dense(size, activation="softmax")),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model

# %% [markdown]
# (`TimeDistributed` applies a layer to every timestep. `Dense` does that by itself, so here it changes nothing, or so one thinks.)
#
# ### Exercise: mend it
#
# Two lines of the listing contradict each other. Find them; then mend the model, and say what the broken one could reach at best: with $V$ symbols, what is the lowest loss that it can report, were it
# always sure and always right?

# %% exercise="bug-hunt"
def mended_model(size):
    """Return the model above, mended, and the lowest loss that it can report as found.

    size: int, the number of symbols. The mended model is compiled, and the loss that it reports is
    the cross-entropy of its predictions. The lowest loss is a number, in nats.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([
        keras.Input((None,), dtype="int32"),
        layers.Embedding(size, 16),
        layers.GRU(48, return_sequences=True),
        layers.Dense(size),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model, np.log(1 + (size - 1) / np.e)
    ### END SOLUTION

# %% cases="bug-hunt"
freeze(
    lambda size: np.log(1 + (size - 1) / np.e),
    visible=[(19,)],  # 2.0310
    hidden=[(63,), (2,)],  # 3.17004, 0.31326
    mistakes={
        "One softmax could reach 0. The second one gets a 1 and zeros in place of logits.": lambda size: 0.0,
        "That is where it begins, ln V.": np.log,
        "The right answer has the score 1 after the first softmax, and the others 0, not -1.":
            lambda size: np.log(1 + (size - 1) / np.e**2),
        "That is the probability. The loss is minus its logarithm.": lambda size: np.e / (np.e + size - 1),
        "The right symbol is none of the others: there are size - 1 of them.": lambda size: np.log(1 + size / np.e),
        "In nats, as Keras reports it.": lambda size: np.log2(1 + (size - 1) / np.e),
        "The sign: a loss is minus the logarithm.": lambda size: -np.log(1 + (size - 1) / np.e),
        "It depends on the number of symbols.": lambda size: 2.0310,
    },
    name="lowest-loss",
    function="mended_model",
    rtol=2e-4,
)

# %% test="bug-hunt" points=1
mended, lowest = check.parts(check.call(mended_model, 19), "the mended model", "the lowest loss")
check.shape(check.call(mended, x_count[:4, :2], name="the model"), (4, 2, 19), "its output")
check.reports_cross_entropy(mended, x_count[:60, :2], y_count[:60, :2])
check.cases(lambda size: lowest, "lowest-loss")

# %% test="bug-hunt" points=1 hidden=true
parts = "the mended model", "the lowest loss"
made = {size: check.parts(check.call(mended_model, size), *parts) for size in (63, 2)}
mended = made[63][0]
check.shape(check.call(mended, x_play[:4, :2], name="the model"), (4, 2, 63), "its output")
check.reports_cross_entropy(mended, x_play[:40, :2], y_play[:40, :2])
check.cases(lambda size: made[size][1], "lowest-loss", hidden["lowest-loss"])

# %% [markdown]
# How bad is it? Beside the model of section 3, which returns logits, train two others on the counting text: one with a softmax in `Dense`, and one with the softmax inside `TimeDistributed`, as found. All three with `from_logits=True`. Beside the loss that training reports stands the truth:
# the cross-entropy of the predictions, measured from outside.

# %%
import warnings

readers, heads = {"logits": counter}, {
    "softmax in Dense": layers.Dense(19, activation="softmax"),
    "as found": layers.TimeDistributed(layers.Dense(19, activation="softmax")),
}
for name, head in heads.items():
    keras.utils.set_random_seed(0)
    reading = layers.GRU(48, return_sequences=True)
    stack = [keras.Input((None,), dtype="int32"), layers.Embedding(19, 32), reading, head]
    model = readers[name] = keras.Sequential(stack)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    receipt = f"bug-{name.replace(' ', '-').lower()}"
    with warnings.catch_warnings(action="ignore"):
        lab.fit_once(model, x_count, y_count, name=receipt, epochs=4, batch_size=16, verbose=0)

print(f"{'last layer':<18}{'reported':>10}{'true':>8}   bits per character; what Keras says")
for name, model in readers.items():
    with warnings.catch_warnings(record=True, action="always") as said:
        output = model(x_count)
        reported = float(loss(y_count, output)) / np.log(2)
    true = check.cross_entropy(y_count, output) / np.log(2)
    print(f"{name:<18}{reported:>10.2f}{true:>8.2f}   {'a warning' if said else 'nothing'}")

# %% [markdown]
# The second row is a surprise, and goes against what is often said: with the softmax right in `Dense`, the contradiction does *no* harm to training here. Keras with TensorFlow sees the softmax, goes back to the logits before it, and says so in a
# warning that is easily lost in a notebook's output. (The small difference from the first row is that of two runs: the last layers began with other weights.) It does harm later, as soon as somebody takes what this model returns for logits: after a second softmax even a character that was certain is drawn with a probability of $e / (e + 18) = 0.13$ only.
#
# In the third row the wrapper hides the softmax. Keras does not see it and says nothing. The loss takes probabilities for logits, all between 0 and 1, so even a model that is always sure and always right cannot get below
# $\ln(1 + 18/e) = 2.03$ nats, 2.93 bits. It presses towards that floor by being surer than it should be, and the predictions become worse than knowing nothing, 4.25 bits, while the reported loss falls. And the first check, $\ln V$, is passed: an even
# softmax of even probabilities is even. What finds this bug is measuring from outside.
#
# ## 10 · More text
#
# Two plays are little. With a network at hand, on Colab for example, you can train on *tiny Shakespeare*, a million characters that circulate as one file. Set the switch; where the text cannot be
# had, the cell says so. Nothing here is graded, and no result is quoted, since none was measured where this lesson was built.

# %%
FULL_SIZE = False
tiny = lab.data.tiny_shakespeare() if FULL_SIZE else None
if tiny:
    tiny_symbols = sorted(set(tiny))
    tiny_codes = encode(tiny, tiny_symbols)
    cut = int(0.9 * len(tiny_codes))  # the last tenth is the test: other scenes, later in the file
    large = character_model(len(tiny_symbols), 256)
    x, y = pieces(tiny_codes[:cut], 100)
    lab.fit_once(large, x, y, name="tiny-shakespeare", epochs=5, batch_size=64)
    x, y = pieces(tiny_codes[cut:], 100)
    nats = large.evaluate(x, y, batch_size=256, verbose=0)
    print(f"{nats / np.log(2):.2f} bits per character on the last tenth")
else:
    print("The full-size section is skipped.")

# %% [markdown]
# Is a file cut in order a fair test? The last tenth holds other scenes, and shares plays and speakers with the rest only where the cut falls inside a play. It is a weaker split than by play. Keep that in mind when you compare with numbers from
# elsewhere, and with 3.3: another text, another set of symbols, another split.
#
# ## What you can do now
#
# You can take any text to pairs and back, say what an untrained model must lose, and measure a trained one in bits on a text that it never saw, beside what counting achieves. You can sharpen, flatten or cut its
# probabilities before you draw, write with a state in place of rereading, and tell a loop from a text. And you know what the writer is: a good guess at the next character, again and again. It has no plan, no
# facts and no reader in mind. What looks like meaning in its lines comes from the plays, and from you.
#
# To read on:
#
# * A. Graves, [Generating Sequences With Recurrent Neural Networks](https://arxiv.org/abs/1308.0850) (2013). Text and handwriting, one step at a time.
# * Keras, [Character-level text generation with LSTM](https://keras.io/examples/generative/lstm_character_level_text_generation/). Look at how it samples, and how often it rereads.
# * A. Holtzman and colleagues, [The Curious Case of Neural Text Degeneration](https://arxiv.org/abs/1904.09751) (2020). Why likeliest is not best: loops, tails, and nucleus sampling.
