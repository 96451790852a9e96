# %% [markdown]
# # 8 · Attention: beyond the bottleneck
#
# <!-- colab-badge -->
#
# **Must everything a model has read fit into one state?** The encoder-decoder of lesson 3 passes a single vector from the reader to the writer. *Attention* lets the writer look back: at
# every step it asks the encoder's outputs a question and gets their weighted average for an answer. The weights can be drawn, and so you will see which letters a model
# looks at while it says each sound, and also where that picture misleads.
#
# After it you can
#
# * write a lookup with queries, keys and values in NumPy, mask it, and get Keras' numbers;
# * tell Bahdanau's additive score from the dot product, and say what Keras' two layers leave out;
# * build and train an encoder-decoder with attention, and compare it with the plain one on the same words, epochs and optimizer;
# * read an alignment heatmap, and test whether it explains anything;
# * say what attention costs, and what is left of it without any recurrence: the first step towards a Transformer.
#
# *Time:* about 120 minutes to read and solve. *Before this:* lesson 3 (encoder-decoder, teacher forcing), lesson 5 (`Bidirectional`, its states).

# %% setup=true

# %% given="imports"
import keras
import numpy as np
from keras import layers

# %% [markdown]
# ## 1 · The state is the bottleneck. Is it?
#
# The words of lesson 3: 10,000 spellings of two to six letters with their phonemes to learn from, 1,000 others to test on. Letters are 1 to 26, phonemes 3 to 41, padding 0 on
# the right; every sound begins with `START` and closes with `END`. `scores` gives the phoneme error rate and the share of words that are exactly right; its code is lesson 3's, and you need not read it again.

# %% given="words"
letters, sounds, train, test = lab.data.spelling_to_sound()
spelling, sound = train
spelling_test, sound_test = test
START, END = 1, 2

# %% given="scores"
def phonemes(row):
    """The phonemes in a row of numbers, as a list of ints: without START, up to the first END."""
    row = [int(number) for number in row if number not in (0, START)]
    return row[: row.index(END)] if END in row else row


def edit_distance(a, b):
    """The fewest insertions, deletions and replacements that turn list a into list b."""
    row = list(range(len(b) + 1))  # from nothing to each beginning of b
    for i, item in enumerate(a, start=1):
        corner, row[0] = row[0], i
        for j, other in enumerate(b, start=1):
            replace = corner + (item != other)
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, replace)
    return row[-1]


def scores(written, right):
    """Phoneme error rate, and the share of words exactly right; both int (words, timesteps)."""
    pairs = [(phonemes(a), phonemes(b)) for a, b in zip(written, right, strict=True)]
    errors = sum(edit_distance(a, b) for a, b in pairs)
    return errors / sum(len(b) for _, b in pairs), np.mean([a == b for a, b in pairs])

# %% [markdown]
# `say` lets a model write by itself, greedily: it runs the whole model, takes the likeliest phoneme of the next timestep, and runs it again with that phoneme in its input. Lesson 3 did the
# same with step models, which need not begin anew for every phoneme. This way takes a little longer and serves every model that is called as `model([spelling, sound])`.

# %% given="say"
def say(model, spelling, steps=8):
    """What `model` says by itself: int (words, steps), from after START, greedily."""
    written = np.zeros((len(spelling), steps + 1), "int32")
    written[:, 0] = START
    for t in range(steps):
        logits = model.predict_on_batch([spelling, written[:, :-1]])  # (words, steps, 42)
        written[:, t + 1] = logits[:, t, 1:].argmax(axis=-1) + 1  # padding is no answer
    return written[:, 1:]

# %% [markdown]
# First lesson 3's encoder-decoder with its 96 units, on the same words and the same budget: seven epochs of batches of 250, Adam, a learning rate that falls from 0.015 to zero. The decoder's padding comes after the end, so a layer that reads forwards never meets it early, and `ignore_class=0` takes it out of the
# loss: no mask is needed there, and the numbers differ a little from lesson 3's. (The encoder needs one: padding would go on changing its last state.) All models of this lesson are trained by `fit`, with teacher forcing: the decoder reads the right sound up to a phoneme and is asked for the next.

# %%
def encoder_decoder(units=96, width=32):
    """The model of lesson 3: everything that passes is the state [h, c]."""
    read = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(27, width, mask_zero=True)(read)
    _, h, c = layers.LSTM(units, return_state=True)(vectors)
    heard = keras.Input((None,), dtype="int32")
    decoder = layers.LSTM(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=[h, c])
    return keras.Model([read, heard], layers.Dense(42)(queries))


def fit(model, name, epochs=7):
    """Train with teacher forcing: the same words, epochs and optimizer for every model."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=40 * epochs)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    data = [spelling, sound[:, :-1]], sound[:, 1:]
    return lab.fit_once(model, *data, name=name, epochs=epochs, batch_size=250, verbose=0)


keras.utils.set_random_seed(0)
plain = encoder_decoder()
fit(plain, "plain")
error, exact = scores(say(plain, spelling_test), sound_test)
print(f"{plain.count_params():,} weights, phoneme error {error:.3f}, exactly right {exact:.3f}")

# %% [markdown]
# If the state is too small for what it must carry, long words should suffer more than short ones. Take the test words, and add words of seven to ten letters: longer than any in training. For comparison a
# naive baseline, the *look-alike* of lesson 3: take the known word that agrees in most letters, and pronounce it that way.

# %%
_, _, _, (more, more_sound) = lab.data.spelling_to_sound(longest=10)
longer = (more > 0).sum(axis=1) > 6
all_words = np.concatenate([np.pad(spelling_test, ((0, 0), (0, 4))), more[longer]])
all_sounds = np.concatenate([np.pad(sound_test, ((0, 0), (0, 4))), more_sound[longer]])
all_lengths = (all_words > 0).sum(axis=1)  # letters in each word
known = np.pad(spelling, ((0, 0), (0, 4)))
look_alike = np.array([sound[(known == word).sum(axis=1).argmax(), 1:] for word in all_words])


def by_length(written):
    """The share exactly right and the phoneme error rate: {letters: share}, {letters: rate}."""
    places = {n: all_lengths == n for n in range(4, 11)}
    rows = {n: scores(written[at], all_sounds[at]) for n, at in places.items()}
    errors, exact = ({n: row[i] for n, row in rows.items()} for i in range(2))
    return exact, errors


def say_all(model):
    """What `model` says of the test words and of the longer ones, in at most 8 and 12 phonemes."""
    short = np.pad(say(model, spelling_test), ((0, 0), (0, 4)))
    return np.concatenate([short, say(model, all_words[len(short) :], steps=12)])


spoken_by = {"plain": say_all(plain)}
results = {"plain": by_length(spoken_by["plain"]), "look-alike": by_length(look_alike)}
exact, errors = ({name: pair[i] for name, pair in results.items()} for i in range(2))
print("errors of the plain model:", {n: round(rate, 2) for n, rate in errors["plain"].items()})
figure = lab.plot.by_length(exact, errors, longest=6)
alt = "The plain model errs more the longer the word; beyond six letters it soon gets none right."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# From four letters to six the plain model's phoneme error climbs from 0.14 to 0.22, and from there to 0.57 at ten letters, where it gets no word right. The look-alike is far behind, though no worse on six letters than on
# four. That fits a state that is too small. It proves nothing yet: long words may be harder in other ways, and a decoder that never wrote ten phonemes may stumble at the eighth. The test is to let the decoder look back, and change
# nothing else.
#
# ## 2 · A lookup that is a weighted average
#
# A dictionary finds the one key that equals the query and returns its value. Attention softens this. Every key gets a **score** that tells how well it fits the **query**; a softmax makes **weights** of the
# scores, positive numbers that sum to one; and the answer, the **context**, is the average of the **values** with these weights. A soft lookup has a gradient everywhere, so a network can learn what to ask.
#
# | | here | shape |
# |---|---|---|
# | queries | what the decoder asks: its output at each timestep | `(queries, features)` |
# | keys | what is compared with a query: the encoder's output at each letter | `(tokens, features)` |
# | values | what is handed over: here the same outputs | `(tokens, value features)` |
# | scores, weights | one number for each query and each token | `(queries, tokens)` |
# | context | one average for each query | `(queries, value features)` |
#
# The simplest score is the **dot product** of query and key. Two features suffice to see it. Five keys, and a query that grows longer from panel to panel without turning: the arrow shows its direction, the title its length. A disc's area is the weight, the star is the context.

# %%
angles = np.deg2rad([10, 80, 150, 220, 290])
keys = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (5 tokens, 2 features)
queries = np.array([[0.3], [2.0], [10.0]]) * [np.cos(0.6), np.sin(0.6)]  # (3 queries, 2)

figure = lab.plot.lookups(keys, "abcde", queries)
alt = "A short query weighs five keys nearly evenly; a long one puts nine tenths on the nearest."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# A short query gets nearly the plain average; a long one nearly picks a single key, as a dictionary would. The direction tells what is asked, the length how decidedly.
#
# ### Exercise: look it up
#
# Write it in NumPy. $e^{1000}$ is too large for a float, so subtract the largest score of each query from its scores first: the weights stay the same, and nothing overflows.

# %% exercise="lookup"
def look_up(queries, keys, values):
    """Return (context, weights) of a lookup with dot products as scores.

    queries: float (queries, features); keys: (tokens, features); values: (tokens, value features).
    weights: (queries, tokens), each row positive and summing to 1.
    context: (queries, value features).

    With queries = [[0.0]], keys = [[1.0], [2.0]] and values = [[10.0], [20.0]] both scores are 0:
    the weights are [[0.5, 0.5]] and the context [[15.0]].
    """
    ### BEGIN SOLUTION
    scores = queries @ keys.T
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = exponents / exponents.sum(axis=1, keepdims=True)
    return weights @ values, weights
    ### END SOLUTION

# %% cases="lookup"
def lookup_of(queries, keys, values, score=np.exp, axis=1):
    """Each query on its own: powers of its scores, divided by their sum."""
    table = np.array([[float(np.dot(query, key)) for key in keys] for query in queries])
    largest = table.max(axis=1, keepdims=True) if score is np.exp else 0
    table = score(table - largest)
    table = table / (table.sum(axis=axis, keepdims=True) if axis is not None else 1)
    return table @ values, table


def over_queries(queries, keys, values):
    _, table = lookup_of(keys, queries, queries)
    return table.T @ values, table.T


def over_all(queries, keys, values):
    table = np.array([[np.dot(query, key) for key in keys] for query in queries])
    table = np.exp(table - table.max())
    return table / table.sum() @ values, table / table.sum()


def over_sum_of_all(queries, keys, values):
    table = queries @ keys.T
    table = np.exp(table - table.max(axis=1, keepdims=True))
    return table / table.sum() @ values, table / table.sum()


def hardest(queries, keys, values):
    table = np.eye(len(keys))[(queries @ keys.T).argmax(axis=1)]
    return table @ values, table


def undivided(queries, keys, values):
    table = np.exp(queries @ keys.T)
    return table @ values, table


def raw(queries, keys, values):
    return queries @ keys.T @ values, queries @ keys.T


def divided_by_root(queries, keys, values):
    return lookup_of(queries / np.sqrt(queries.shape[-1]), keys, values)


random = np.random.default_rng(0)
small = np.array([[0.0], [1.0]]), np.array([[1.0], [2.0], [0.0]]), np.array([[10.0], [20.0], [60.0]])
seen = [random.normal(size=size).round(2) for size in ((3, 4), (6, 4), (6, 4))]
others = [[random.normal(size=size).astype("float32") for size in ((n, 7), (9, 7), (9, 2))]
          for n in (1, 5)]
far = np.array([[1000.0], [-1000.0]]), np.array([[3.0], [1.0]]), np.eye(2)
freeze(
    lookup_of,
    visible=[small, tuple(seen)],
    hidden=[tuple(others[0]), tuple(others[1]), far],
    mistakes={
        "The softmax runs over the queries. Each query's weights, over the tokens, sum to 1: axis=-1.": over_queries,
        "The softmax runs over all scores at once. Each query has weights of its own.": over_all,
        "Each query's powers are divided by the sum of all of them. Divide by the query's own sum.": over_sum_of_all,
        "That is a dictionary: the likeliest token alone. A soft lookup weighs all of them.": hardest,
        "These are scores. A softmax makes weights of them.": raw,
        "These are not divided by their sum.": undivided,
        "The average of the keys is returned. Keys are compared, values are averaged.":
            lambda queries, keys, values: (lookup_of(queries, keys, values)[1] @ keys, lookup_of(queries, keys, values)[1]),
        "The values are summed, without weights.":
            lambda queries, keys, values: (np.ones((len(queries), len(keys))) @ values, lookup_of(queries, keys, values)[1]),
        "The scores are divided by the square root of the width; the plain dot product is asked here.": divided_by_root,
    },
    parts=("context", "weights"),
    axes=("queries, value features", "queries, tokens"),
    rtol=1e-4,
    atol=1e-5,
)

# %% test="lookup" points=1
check.cases(look_up, "lookup")

# %% test="lookup" points=1 hidden=true
check.cases(look_up, "lookup", hidden["lookup"])

# %% [markdown]
# Keras has this as `layers.Attention`. It is called with a list, and the order is a trap: **`[query, value]`**, where the keys are the values, or **`[query, value, key]`**, not the order in which everybody says it.
# `return_attention_scores=True` returns the weights as well. (Keras calls them scores; they are what comes out of the softmax.) It has a batch axis in front, and no weights to learn:

# %%
random = np.random.default_rng(1)
shapes = (1, 3, 4), (1, 6, 4), (1, 6, 2)
queries, keys, values = (random.normal(size=shape).astype("float32") for shape in shapes)
attention = layers.Attention()
context, weights = attention([queries, values, keys], return_attention_scores=True)
print("context", context.shape, " weights", weights.shape, " to learn:", attention.count_params())
print("sums:", np.array(weights).sum(axis=-1).round(6))
# mine, _ = look_up(queries[0], keys[0], values[0])
# print("largest difference:", np.abs(mine - context[0]).max())

# %% [markdown]
# ## 3 · Padding must not be looked at
#
# In a batch, short words are padded. A padded timestep of the encoder is a vector like any other, and a softmax gives every score a weight above zero. Three ideas come to mind for keeping padding out. Here
# they are, tried on one query and four tokens, of which two are real. (And a softmax on its own, with the axis to choose: Keras', on arrays.)

# %% given="softmax"
def softmax(a, axis=-1):
    """A softmax along one axis: positive, and its sums along that axis are 1."""
    return np.array(keras.ops.softmax(a, axis=axis))

# %%
raw = np.array([1.0, 2.0, 0.5, 3.0])  # scores of one query; the last two tokens are padding
real = np.array([True, True, False, False])
lab.maskings(raw, real)

# %% [markdown]
# A score of zero is not "no score": $e^0 = 1$, which is more than a negative score gets. Zeros after the softmax come too late, as padding has had its share of the sum already. Only a very negative score *before* the
# softmax does what leaving the tokens out does. That is the law to test: **the weights sum to one over the real tokens**, and more padding changes nothing.
#
# ### Exercise: mask the scores
#
# Now with a batch. Each sequence of the batch has its own mask, `(batch, tokens)`, and it counts for all of its queries: give it an axis of length 1 where the scores have their queries.

# %% exercise="mask"
def masked_weights(scores, real):
    """Return the weights, (batch, queries, tokens): a softmax over the real tokens.

    scores: float (batch, queries, tokens).
    real: bool (batch, tokens), True for real tokens, at least one in each sequence.
    Weights of padding are 0; those of the real tokens of each query sum to 1.

    With scores [[[1.0, 1.0, 9.0]]] and real [[True, True, False]] they are [[[0.5, 0.5, 0.0]]].
    """
    ### BEGIN SOLUTION
    return softmax(np.where(real[:, np.newaxis, :], scores, -1e9))
    ### END SOLUTION

# %% cases="mask"
def kept(scores, real, axis=-1):
    """The powers of the real tokens alone, divided by their sum."""
    scores = np.asarray(scores, "float64")
    scores = np.where(real[:, None], scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def soft(scores, axis=-1):
    scores = np.asarray(scores, "float64")
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


random = np.random.default_rng(2)
tiny = np.array([[[1.0, 1.0, 9.0]]]), np.array([[True, True, False]])
seen = random.normal(size=(3, 2, 5)).round(2), np.arange(5) < np.array([[5], [3], [1]])
wide = random.normal(size=(4, 6, 7), scale=3).astype("float32")
some = np.arange(7) < np.array([[2], [7], [5], [1]])
loud = np.where(some[:, None], wide, 50.0)  # padding with scores that no fixed penalty of 25 beats
left = np.arange(4) >= np.array([[2], [0]])
freeze(
    kept,
    visible=[tiny, seen],
    hidden=[(wide, some), (loud, some), (random.normal(size=(2, 3, 4)), left)],
    mistakes={
        "The mask is not used: padding has weights.": lambda scores, real: soft(scores),
        "The mask came after the softmax: padding has had its share of the sum. Mask the scores.":
            lambda scores, real: soft(scores) * real[:, None],
        "A score of 0 is not out: e^0 = 1. Give padding a score like -1e9.": lambda scores, real: soft(scores * real[:, None]),
        "The mask is upside down: real is True for the tokens that count.":
            lambda scores, real: soft(np.where(real[:, None], -1e9, scores)),
        "The softmax runs over the queries. Each query's weights, over the tokens, sum to 1.":
            lambda scores, real: soft(np.where(real[:, None], scores, -1e9), axis=1),
        "A small penalty is no mask: a large score outweighs it. Give padding a score like -1e9.":
            lambda scores, real: soft(np.where(real[:, None], scores, scores - 25)),
        "Each sequence has a mask of its own; this is the first one's for all.":
            lambda scores, real: soft(np.where(real[0], scores, -1e9)),
        "A score times -1e9 is large where it was negative. Put -1e9 in its place, or add it.":
            lambda scores, real: soft(np.where(real[:, None], scores, scores * -1e9)),
    },
    axes="batch, queries, tokens",
    rtol=1e-4,
)

# %% test="mask" points=1
check.cases(masked_weights, "mask")

# %% test="mask" points=1 hidden=true
check.cases(masked_weights, "mask", hidden["mask"])

# %% [markdown]
# In Keras the mask of the tokens is the second of a pair: `attention([queries, values], mask=[None, real])`. In a model where the values come from an `Embedding(mask_zero=True)` by way of recurrent layers, Keras
# passes it on by itself, also through `Bidirectional`.
#
# ## 4 · Two ways to score
#
# Bahdanau, Cho and Bengio, who brought attention to translation in 2014, let a small network compare query and key. It has one hidden layer, whose units add what they see of both:
#
# $$\text{score}(q, k) = v^\top \tanh(W_q\, q + W_k\, k)$$
#
# This is the **additive** score. Query and key may have different widths, and what counts as "fitting" is learned. Luong, Pham and Manning compared it in 2015 with the dot product, $q^\top k$, which has
# nothing to learn and is one matrix product.
#
# `layers.AdditiveAttention` computes $\sum_u \text{scale}_u \tanh(q_u + k_u)$. Compare: `scale` is Bahdanau's $v$, and **there are no matrices** $W_q$ and $W_k$ in it. Used bare, it adds query and key as they are, unit 5 to
# unit 5, though two different layers made them. Put a `Dense(units, use_bias=False)` on either side to have Bahdanau's score.

# %%
for layer in (layers.Attention(), layers.Attention(use_scale=True), layers.AdditiveAttention()):
    layer([np.zeros((1, 3, 128), "float32"), np.zeros((1, 6, 128), "float32")])
    shapes = [(weight.name, tuple(weight.shape)) for weight in layer.weights]
    print(f"{type(layer).__name__:<18} {shapes or 'nothing to learn'}")

# %% [markdown]
# ### Exercise: Bahdanau's score
#
# Write it in NumPy, with matrices. Broadcasting makes the pairs: `(queries, 1, units)` and `(1, tokens, units)` add up to `(queries, tokens, units)`.

# %% exercise="additive"
def additive_scores(queries, keys, w_query, w_key, v):
    """Return Bahdanau's scores, (queries, tokens), before any softmax.

    queries: (queries, query features); w_query: (query features, units).
    keys: (tokens, key features); w_key: (key features, units); v: (units,).

    With queries [[1.0]], keys [[2.0]], w_query [[0.5]], w_key [[-1.0]] and v [3.0] the
    score is 3 tanh(0.5 - 2.0) = [[-2.7154]].
    """
    ### BEGIN SOLUTION
    projected = (queries @ w_query)[:, np.newaxis, :], (keys @ w_key)[np.newaxis, :, :]
    return np.tanh(projected[0] + projected[1]) @ v
    ### END SOLUTION

# %% cases="additive"
def scored(queries, keys, w_query, w_key, v, inside=np.tanh, pair=np.add):
    """Pair by pair."""
    return np.array([[float(np.dot(inside(pair(q @ w_query, k @ w_key)), v)) for k in keys] for q in queries])


def soft_rows(*arguments):
    powers = np.exp(scored(*arguments))
    return powers / powers.sum(axis=1, keepdims=True)


random = np.random.default_rng(3)
tiny = tuple(map(np.array, ([[1.0], [0.0]], [[2.0], [0.5], [1.0]], [[0.5]], [[-1.0]], [3.0])))


def drawn(*sizes):
    return tuple(random.normal(size=size).astype("float32").round(3) for size in sizes)


freeze(
    scored,
    visible=[tiny, drawn((3, 4), (5, 6), (4, 8), (6, 8), (8,))],
    hidden=[drawn((7, 3), (4, 2), (3, 1), (2, 1), (1,)), drawn((7, 3), (7, 2), (3, 7), (2, 7), (7,))],
    mistakes={
        "The tanh is missing: without it the query adds the same to every token's score.":
            lambda q, k, w_q, w_k, v: scored(q, k, w_q, w_k, v, inside=np.positive),
        "v belongs outside: the tanh is of the sum, then each unit is weighed by v.":
            lambda q, k, w_q, w_k, v: np.tanh(scored(q, k, w_q, w_k, v, inside=np.positive)),
        "Each of the two has a tanh of its own; it belongs around their sum.":
            lambda q, k, w_q, w_k, v: scored(q, k, w_q, w_k, v, np.positive, lambda a, b: np.tanh(a) + np.tanh(b)),
        "Query and key are multiplied. An additive score adds them.":
            lambda q, k, w_q, w_k, v: scored(q, k, w_q, w_k, v, pair=np.multiply),
        "Query and key are subtracted. An additive score adds them.":
            lambda q, k, w_q, w_k, v: scored(q, k, w_q, w_k, v, pair=np.subtract),
        "The two matrices are exchanged: w_query is for the queries.": lambda q, k, w_q, w_k, v: scored(q, k, w_k, w_q, v),
        "v weighs the units and sums over them: one number for each pair.":
            lambda q, k, w_q, w_k, v: np.tanh((q @ w_q)[:, None] + k @ w_k) * v,
        "The score is not scaled: Bahdanau's has no square root in it.":
            lambda q, k, w_q, w_k, v: scored(q, k, w_q, w_k, v) / np.sqrt(len(v)),
        "v is missing.": lambda q, k, w_q, w_k, v: scored(q, k, w_q, w_k, np.ones(len(v))),
        "That is (tokens, queries). Queries come first.": lambda *arguments: scored(*arguments).T,
        "A softmax is already in it. Return the scores.": soft_rows,
    },
    axes="queries, tokens",
    rtol=1e-4,
    atol=1e-5,
)

# %% test="additive" points=1
check.cases(additive_scores, "additive")

# %% test="additive" points=1 hidden=true
check.cases(additive_scores, "additive", hidden["additive"])

# %% [markdown]
# ### Why divide by the square root of the width?
#
# A dot product is a sum of $d$ products. If query and key hold independent numbers of mean 0 and variance 1, each product has variance 1, and their sum has variance $d$: the wider the vectors, the larger
# the scores. You saw in section 2 what long queries do. Measure both, with six tokens, as they are and divided by $\sqrt d$:

# %%
random = np.random.default_rng(0)
spread = {"q · k": {}, "q · k / √d": {}}
largest = {"q · k": {}, "q · k / √d": {}}
for d in (4, 16, 64, 256, 1024):
    q, k = random.normal(size=(2000, d)), random.normal(size=(2000, 6, d))
    for name, divisor in (("q · k", 1), ("q · k / √d", np.sqrt(d))):
        raw = np.einsum("nd,ntd->nt", q, k) / divisor  # (2000 queries, 6 tokens)
        spread[name][d] = raw.std()
        largest[name][d] = softmax(raw).max(axis=1).mean()
print({name: round(float(values[1024]), 2) for name, values in spread.items()})

figure = lab.plot.score_spread(spread, largest, even=1 / 6)
alt = "Dot products spread as the root of the width, and one weight nears 1; divided, both stay."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Unscaled, wide random vectors pick a single token before anything is learned, and where a softmax is so decided, its gradient is nearly zero. Dividing by $\sqrt d$ keeps the beginning soft (Vaswani and colleagues, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017). Know what your layer
# does: `layers.Attention` does *not* divide. With `use_scale=True` it learns one factor for all scores, which begins at 1. `layers.MultiHeadAttention` (section 9) does divide. The outputs of an LSTM lie between −1 and 1 and are mostly
# small, so their dot products begin modestly, and the plain layer will do for us.
#
# ## 5 · A decoder that looks back
#
# What changes in the encoder-decoder? The encoder keeps *all* its outputs, `(batch, letters, units)`: its **memory**. As the decoder may look at any letter, it helps if the output there knows what stands on both sides, so
# the encoder becomes bidirectional, with half the units each way. Its four states are joined to two for the decoder, as in lesson 5. The decoder's output at each timestep is the query; query and context side by side make the logits.

# %%
def attention_model(units=96, width=32, look=True):
    """Lesson 3's model with a bidirectional encoder and a lookup by dot products.

    Returns (model, reader): both take [spelling, sound] and share all layers. model gives the
    logits (batch, timesteps, 42), reader the weights (batch, timesteps, letters).
    look=False leaves the context out of the logits: the state is all that passes.
    """
    read = keras.Input((None,), dtype="int32")
    lstm = layers.LSTM(units // 2, return_sequences=True, return_state=True)
    vectors = layers.Embedding(27, width, mask_zero=True)(read)
    memory, fh, fc, bh, bc = layers.Bidirectional(lstm)(vectors)
    state = [layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])]

    heard = keras.Input((None,), dtype="int32")
    decoder = layers.LSTM(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=state)

    context, weights = layers.Attention()([queries, memory], return_attention_scores=True)
    seen = layers.Concatenate()([queries, context]) if look else queries
    logits = layers.Dense(42)(seen)
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)


keras.utils.set_random_seed(0)
model, reader = attention_model()
print(f"with attention {model.count_params():,} weights, plain {plain.count_params():,}")
print("logits", model([spelling[:4], sound[:4, :-1]]).shape, end="  ")
print("weights", reader([spelling[:4], sound[:4, :-1]]).shape)

# %% [markdown]
# It has *fewer* weights than the plain one: the lookup adds none, the wider input of the last layer adds 4,032, and two LSTMs of 48 units hold less than one of 96. As in lesson 3, a second model over the same graph lets us look
# inside: training the one trains the other.
#
# This is Luong's order: look up with the decoder's *new* output, then predict. Bahdanau looks up with the *old* state and feeds the context *into* the decoder's next step. His way each step waits for the lookup before it, and so
# the decoder becomes a cell in `layers.RNN`, off the fast path. Here all timesteps ask at once. The score is a separate choice: next, you build this with Bahdanau's.
#
# ### Exercise: build it with Bahdanau's score
#
# The same drawing with GRUs and the additive score. The shapes and the number of weights are fixed, so count before you run. A GRU has *one* state: the bidirectional encoder returns two, not four.

# %% exercise="build"
def bahdanau_model(units, width):
    """Return (model, reader), as attention_model does, with GRUs and Bahdanau's score.

    Embedding(27, width) with a mask -> Bidirectional GRU of units // 2 each way: the memory.
    Its two states, forward then backward, joined: the decoder's initial state.
    Embedding(42, width) -> GRU(units): the queries.
    W_q and W_k: Dense(units, use_bias=False) on the queries, and another on the memory for keys.
    AdditiveAttention: the projected queries, the memory as values, the projected memory as keys.
    Dense(42) on the queries (as the GRU gave them) and the context, side by side: the logits.

    bahdanau_model(96, 32) has 89,898 weights.
    """
    ### BEGIN SOLUTION
    read = keras.Input((None,), dtype="int32")
    gru = layers.GRU(units // 2, return_sequences=True, return_state=True)
    vectors = layers.Embedding(27, width, mask_zero=True)(read)
    memory, forward, backward = layers.Bidirectional(gru)(vectors)
    state = layers.Concatenate()([forward, backward])

    heard = keras.Input((None,), dtype="int32")
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=state)

    asked = layers.Dense(units, use_bias=False)(queries)
    keys = layers.Dense(units, use_bias=False)(memory)
    lookup = layers.AdditiveAttention()
    context, weights = lookup([asked, memory, keys], return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)
    ### END SOLUTION

# %% [markdown]
# The visible check asks for shapes, for the law of section 3, and for the count. The hidden one asks whether everything is connected as described: it opens and shuts gates by their biases and reads
# off the last layer what arrives there.

# %% test="build" points=2
built = check.call(bahdanau_model, 96, 32)
check.looks_back(built, spelling_test[:5], sound_test[:5, :-1], symbols=42)
check.parameters(built[0], 89_898)
check.gpu_ready(built[0])

# %% test="build" points=1 hidden=true
built = check.call(bahdanau_model, 8, 5)
check.wired(built, 8)
check.parameters(built[0], 1_819, "a smaller model")

# %% [markdown]
# ## 6 · What is it worth?
#
# Two things were changed, the direction of reading and the lookup, so train three models: the plain one of section 1, the bidirectional encoder *without* the lookup, and the one with it. The words, the
# epochs, the optimizer, the seed are the same. The first run trains; after that the receipts restore what was learned.

# %%
print(f"{'':<22}{'weights':>10}{'phoneme error':>16}{'exactly right':>16}")
models, readers = {"plain": plain}, {}
for name, looks in {"both ways, no lookup": False, "attention": True}.items():
    keras.utils.set_random_seed(0)
    models[name], readers[name] = attention_model(look=looks)
    fit(models[name], "attention" if looks else "both-ways")
    spoken_by[name] = say_all(models[name])
    results[name] = by_length(spoken_by[name])
table = {}
for name, model in models.items():
    table[name] = error, exact = scores(spoken_by[name][: len(spelling_test), :8], sound_test)
    print(f"{name:<22}{model.count_params():>10,}{error:>16.3f}{exact:>16.3f}")

exact, errors = ({name: results[name][i] for name in models} for i in range(2))
for name, rates in errors.items():
    print(f"{name:<22}errors by length:", *(f"{n}: {rate:.2f} " for n, rate in rates.items()))
figure = lab.plot.by_length(exact, errors, longest=6)
alt = "The lookup has the lowest error at every length, and its lead is largest on long words."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# This is one seed. Reading both ways is worth some five points of exact matches. The lookup adds ten more, and has fewer weights than the plain model. Its lead is widest on long words: what one state must carry grows
# with the word, what a lookup fetches does not. It is no cure for everything. At ten letters it, too, has a phoneme error of 0.38: nobody ever asked it for words so long.
#
# ### Exercise: train one
#
# Train an encoder-decoder with attention that says at least 54% of the 1,000 unseen words exactly right, free-running, and is lighter than the model above: **at most 90,000 weights**. The hidden check asks for a phoneme error rate of at most
# 0.16. Score, layers and sizes are yours to choose. Where can weights be saved without losing the lookup?
#
# * Put one of Keras' attention layers (`Attention`, `AdditiveAttention` or `MultiHeadAttention`) into the model: the check looks for it there. Return one model with the inputs `[spelling, heard]` and logits for an output, as `attention_model` makes it.
# * Teacher forcing needs two views of `sound`: what the decoder has heard, and what it shall say next.
# * Keep the letters' mask alive, stay on the fast path, let the decoder read forwards only. The checks ask for all three.
# * A training of seven epochs in batches of 250 takes 280 steps. If yours is not there yet, ask which of the two, training or model, holds it back.

# %% exercise="train-attention"
def train_attention(spelling, sound):
    """Return a compiled, trained model [spelling, heard] -> logits (batch, timesteps, 42).

    spelling: int32 (words, letters), padded with 0. sound: int32 (words, timesteps + 1): START,
    phonemes, END, padded with 0.
    Train with lab.fit_once(model, [..., ...], ..., name="spell", epochs=..., batch_size=...),
    and use ignore_class=0 in the loss, or the padding will count. At most 90,000 weights.
    """
    ### BEGIN SOLUTION
    units = 96
    read = keras.Input((None,), dtype="int32")
    gru = layers.GRU(units // 2, return_sequences=True, return_state=True)
    vectors = layers.Embedding(27, 32, mask_zero=True)(read)
    memory, *states = layers.Bidirectional(gru)(vectors)
    heard = keras.Input((None,), dtype="int32")
    decoder = layers.GRU(units, return_sequences=True)
    state = layers.Concatenate()(states)
    queries = decoder(layers.Embedding(42, 32)(heard), initial_state=state)
    asked, keys = (layers.Dense(units, use_bias=False)(a) for a in (queries, memory))
    context = layers.AdditiveAttention()([asked, memory, keys])
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    model = keras.Model([read, heard], logits)

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=280)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    x, y = [spelling, sound[:, :-1]], sound[:, 1:]
    lab.fit_once(model, x, y, name="spell", epochs=7, batch_size=250, verbose=0)
    return model
    ### END SOLUTION

# %% test="train-attention" points=2
tested, two = check.trained(train_attention, spelling, sound), (spelling_test, sound_test[:, :-1])
check.translator(tested, None, *two, symbols=42, weights=90_000, lookup=True)
check.gpu_ready(tested)
_, share = scores(check.once(say, tested, spelling_test), sound_test)
check.learned(share, at_least=0.54, metric="share of unseen words exactly right, free-running")

# %% test="train-attention" points=1 hidden=true
tested = check.trained(train_attention, spelling, sound)
check.on_gpu(tested)
rate, _ = scores(check.once(say, tested, spelling_test), sound_test)
check.learned(rate, at_most=0.16, metric="phoneme error rate on unseen words, free-running")

# %% [markdown]
# When your function passes, remove the `# ` below to see its row of the table.

# %%
error, exact = table["attention"]
print(f"with dot products: phoneme error {error:.3f}, exactly right {exact:.3f}")
# mine = train_attention(spelling, sound)
# error, exact = scores(say(mine, spelling_test), sound_test)
# print(f"yours: phoneme error {error:.3f}, exactly right {exact:.3f}")

# %% [markdown]
# How sure is the gain? By the same recipe, over three more seeds each, the share exactly right was
#
# | | LSTM | GRU |
# |---|---|---|
# | plain | 0.453 to 0.473 | not measured |
# | both ways, no lookup | 0.480 to 0.509 | not measured |
# | dot product | 0.608 to 0.619 | 0.595 to 0.611 |
# | Bahdanau's score | 0.583 to 0.615 | 0.602 to 0.615 |
#
# The lookup's ten points are far more than the seed changes. Between the two scores these words show no difference, though Bahdanau's has 18,528 weights more. So the plain dot product is a good first choice, and the kind of cell matters less than whether
# the decoder may look.
#
# ## 7 · Where does it look?
#
# Now open the lookup. Let the model say a word by itself, then read the weights: one row for each phoneme said, one column for each letter. None of these words was in training.

# %%
def spell(word):
    """The letters of `word` as int32 (1, letters)."""
    return np.array([[letters.index(letter) for letter in word]], "int32")


def look(word):
    """What the model heard, (1, timesteps); what it said, a list; weights (timesteps, letters)."""
    said = [*phonemes(say(models["attention"], word)[0]), END]
    heard = np.array([[START, *said[:-1]]], "int32")
    return heard, said, np.array(readers["attention"]([word, heard]))[0]


known = {"".join(letters[number] for number in row) for row in spelling}
panels = {}
for word in ("knight", "phone", "shrimp"):
    _, said, weights = look(spell(word))
    panels[word] = (list(word), [sounds[number].strip("<>") for number in said], weights)
    print(f"{word:<8}{'known' if word in known else 'new':<5}", *panels[word][1])

# %%
figure = lab.plot.alignments(panels)
alt = "Weights step along the letters, one phoneme after another, past the h of phone and gh."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Nobody told the model which letter makes which sound. A dot marks the largest weight of each row. And *knight* is wrong: it is N AY T, and the model says N IH T, like *knit*. The heatmap of a mistake looks as tidy as any.
#
# ### In your own words
#
# Explain the figure.
#
# 1. Choose two words. Where do the bright cells follow a diagonal, where do they not, and what about English spelling says why? What does the row *end* look at?
# 2. A column that stays dark belongs to a letter that is never looked at. Suppose that the memory held the letters' embeddings themselves, without any LSTM. What would a dark column tell you then, what would become of
#    the row F in *phone*, and what does your answer say about the dark columns here?
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="heatmap" points=2
### BEGIN SOLUTION
# In phone and shrimp the bright cells go down from left to right, one letter for each phoneme, since English mostly writes sounds in the order in which they are said.
# The steps are longer than one where letters and sounds differ in number: ph and sh are two letters for one sound, so F looks at p, SH at s, and the next phoneme passes over the h. In knight T passes over gh,
# and N is divided between k and n, which make it together. The row end looks at the last letter: there the model can see that nothing follows.
# If the memory held bare embeddings, a column would know of its own letter and of nothing else. A dark column would then be a letter that has no part in the answer, and F could not be told from the p alone, which makes a P as well: the row F would
# have to look at the h, too. Here one look at p is enough, because the encoder is bidirectional: the memory at p is the state of two LSTMs, and the one that reads backwards has already met the h. So a dark column here does not mean that the letter is not
# needed; what it has to say may have been fetched elsewhere. The weights say where something was fetched, not what it was made of. To know whether a letter is needed, change it and see whether the answer changes.
### END SOLUTION

# %% [markdown]
# ### Is that an explanation?
#
# The question can be asked of the model itself, without looking at its weights. Replace one letter by each of the 26 in turn and see how much less likely the phonemes become that it had said. That is **influence**: the
# mean loss of log probability of each phoneme when a letter changes. It is measured from outside and needs no attention at all.

# %%
def influence(word, heard, said):
    """How much each letter of `word` matters to each phoneme: (timesteps, letters)."""
    count = word.shape[1]
    # One row for each letter and each of the 26 that may stand in its place.
    changed = np.repeat(word, 26 * count, axis=0)  # (26 · letters, letters)
    places, new = np.divmod(np.arange(26 * count), 26)
    changed[np.arange(26 * count), places] = new + 1
    words = np.concatenate([word, changed])
    logits = models["attention"].predict_on_batch([words, np.repeat(heard, len(words), axis=0)])
    chances = np.log(softmax(logits))[:, np.arange(len(said)), said]  # (words, timesteps)
    return (chances[0] - chances[1:].reshape(count, 26, -1).mean(axis=1)).T


both = {}
for word in ("phone", "throne"):
    heard, said, weights = look(spell(word))
    names = [sounds[number].strip("<>") for number in said]
    both[word] = (list(word), names, weights, influence(spell(word), heard, said))
figure = lab.plot.weight_and_influence(both)
alt = "Weights lie on one letter a phoneme; influence also on the h that follows and the final e."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Both maps have the diagonal. Now look at columns that are dark above. Change the h of *phone*, and F becomes much less likely, although F gives the h no weight: a p alone makes no F. Change the final e, and the OW of both words
# suffers, although it looks at the o alone. English readers know why: the silent e makes the vowel long, as in *not* and *note*. The decoder fetched the memory at the o; the encoder, reading backwards, had put the e into it.
#
# Two words are an anecdote. Count over the first 100 test words.

# %%
read = spelling_test[:100]
spoken = say(models["attention"], read)  # (100, 8)
heard = np.pad(spoken[:, :-1], ((0, 0), (1, 0)), constant_values=START)
looks = readers["attention"].predict_on_batch([read, heard])  # (100, 8, 6)
same, aside, total = [], 0, 0
for word, begun, answer, seen in zip(read, heard, spoken, looks, strict=True):
    said, word = phonemes(answer), word[np.newaxis, word > 0]  # without END, without padding
    matters = influence(word, begun[np.newaxis, : len(said)], said)
    weights = seen[: len(said), : word.size]
    same.extend(weights.argmax(axis=1) == matters.argmax(axis=1))
    aside += np.maximum(matters, 0)[weights < 0.05].sum()
    total += np.maximum(matters, 0).sum()
print(f"the letter looked at most matters most: {np.mean(same):.2f} of {len(same)} phonemes")
print(f"influence of letters with a weight below 0.05: {aside / total:.2f} of all influence")

# %% [markdown]
# So the heatmap is better than its critics would have it: for nine phonemes in ten the letter that it points at *is* the one that matters most. It is also incomplete. Of all influence, 18% comes from letters that it
# shows dark, such as the h and the e above.
#
# The reason is in the encoder. What stands in the memory at a letter is not the letter but the state of two LSTMs there, which have read the whole word. A weight says *where* something was fetched, not *what* was
# fetched or who put it there. Jain and Wallace showed in 2019, for text classifiers, that weights often disagree with such measures of importance and that very different weights can give the same prediction; Wiegreffe and Pinter answered that it depends
# on what one asks of an explanation. The heatmap is a good debugger: it shows at once whether a model has found the alignment. It is not proof of what a decision rests on.
#
# ## 8 · What does it cost?
#
# The state has one size, however long the input is. The memory grows with it, and there is a score for every pair of a query and a token: twice as long in and out is four times as many. The additive score makes
# a whole vector of units for each pair on its way, before $v$ sums it up. `MultiHeadAttention` (section 9) computes several lookups side by side, its *heads*, each with scores of its own. Measured as shapes, for the words of this lesson:

# %%
queries, memory = np.zeros((256, 8, 128), "float32"), np.zeros((256, 6, 128), "float32")
pairs = queries[:, :, np.newaxis] + memory[:, np.newaxis]
heads = layers.MultiHeadAttention(num_heads=4, key_dim=32)
_, weights = heads(queries, memory, return_attention_scores=True)
for name, shape in {
    "the state": (256, 128),
    "memory": memory.shape,
    "scores, dot product": (queries @ memory.transpose(0, 2, 1)).shape,
    "scores, four heads": weights.shape,
    "pairs, additive": pairs.shape,
}.items():
    print(f"{name:<22}{str(tuple(shape)):<22}{np.prod(shape):>10,} numbers")

# %% [markdown]
# ### Exercise: count before you run out
#
# On a GPU the largest tensor decides whether a batch fits. Count it for any size.

# %% exercise="cost"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    """Return how many numbers the largest tensor has that holds something for every pair, an int.

    kind: "dot", "additive" or "multi-head". A pair is a query and a token of the same sequence;
    queries and tokens: how many there are of them in a sequence.
    units: the width of queries and keys; heads: of a multi-head lookup, for the others 1.

    pair_numbers("dot", 256, 8, 6, 128) is 256 * 8 * 6 = 12,288.
    """
    ### BEGIN SOLUTION
    each = {"dot": 1, "additive": units, "multi-head": heads}[kind]
    return batch * queries * tokens * each
    ### END SOLUTION

# %% cases="cost"
def counted(kind, batch, queries, tokens, units, heads=1):
    """The size of an array that has such numbers."""
    last = [units] * (kind == "additive") + [heads] * (kind == "multi-head")
    return int(np.empty([batch, queries, tokens, *last], "int8").size)


def without(**changed):
    """The same count with some of the sizes replaced."""
    def count(kind, batch, queries, tokens, units, heads=1):
        told = {"kind": kind, "batch": batch, "queries": queries, "tokens": tokens, "units": units, "heads": heads}
        return counted(**{**told, **{key: new(told) for key, new in changed.items()}})
    return count


def like_additive(*which):
    return without(kind=lambda told: "additive" if told["kind"] in which else told["kind"])


freeze(
    counted,
    visible=[("dot", 256, 8, 6, 128), ("additive", 256, 8, 6, 128), ("multi-head", 256, 8, 6, 128, 4)],
    hidden=[(kind, *sizes[:4], sizes[4] if kind == "multi-head" else 1)
            for sizes in [(3, 5, 7, 8, 2), (1, 1, 9, 6, 3), (2, 4, 4, 4, 1)] for kind in ("dot", "additive", "multi-head")],
    mistakes={
        "The batch is missing: every sequence has pairs of its own.": without(batch=lambda told: 1),
        "That is what goes in. For each pair of a query and a token there is one score.":
            lambda kind, batch, queries, tokens, units, heads=1: batch * (queries + tokens) * units,
        "Every query meets every token: multiply the two, do not add them.":
            without(queries=lambda told: told["queries"] + told["tokens"], tokens=lambda told: 1),
        "The tanh comes before the sum over the units: a vector for each pair.":
            without(kind=lambda told: "dot" if told["kind"] == "additive" else told["kind"]),
        "A dot product sums over the units: one number for each pair.": like_additive("dot", "multi-head"),
        "A dot product sums over the units: one number for each pair, and heads are no units.": like_additive("dot"),
        "A query meets the tokens of its own sequence only: the batch counts once.":
            lambda kind, batch, *rest: batch * counted(kind, batch, *rest),
        "Here queries and tokens are two numbers. Only in self-attention are they one.":
            without(queries=lambda told: told["tokens"]),
        "Bytes are not asked, but how many numbers.": lambda *sizes: 4 * counted(*sizes),
        "Query and key are added, not laid side by side: units numbers for each pair.":
            lambda kind, *sizes: (1 + (kind == "additive")) * counted(kind, *sizes),
        "The units are shared among the heads before the scores; of each pair and head one number is left.":
            lambda kind, batch, queries, tokens, units, heads=1: counted(kind, batch, queries, tokens, units, heads)
            if kind != "multi-head" else batch * queries * tokens * (units // heads),
        "Each head has scores of its own.": without(heads=lambda told: 1),
        "Heads share the units among them; of each pair and head one score is left.": like_additive("multi-head"),
        "The heads multiply what a head holds, and not the units once more.":
            without(heads=lambda told: told["heads"] * told["units"]),
    },
)

# %% test="cost" points=1
check.cases(pair_numbers, "cost")

# %% test="cost" points=1 hidden=true
check.cases(pair_numbers, "cost", hidden["cost"])

# %%
figure = lab.plot.costs([10, 100, 1000, 10_000], batch=16, units=128)
alt = "Over length, scores grow with its square, the memory in proportion, the state not at all."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Sixteen sequences, 128 units, four bytes a number. At ten timesteps none of it matters. At a thousand the additive pairs take 8,192 MB, the dot product's scores 64 MB; at ten thousand the scores alone take 6,400 MB, and the state of an
# LSTM still 0.008 MB. (Kernels such as [FlashAttention](https://arxiv.org/abs/2205.14135), 2022, avoid storing all the scores at once; they still compute them.) A bottleneck has its price, and so has its absence.
#
# ## 9 · Without recurrence
#
# If a decoder can look at the encoder's outputs, why not let *every* timestep of a sequence look at every other? Queries, keys and values then come from the same sequence: **self-attention**. No timestep waits for the one before. For a model that writes,
# one thing must be added: timestep *t* may look at timesteps up to *t* only. That is a mask in the scores again, a triangle, called **causal**.
#
# ### Exercise: self-attention that does not see the future
#
# Write it in NumPy, with the scaled dot product of section 4. `np.tri(n)` is an *n* × *n* array of ones on and below the diagonal, and zeros above.

# %% exercise="causal"
def causal_attention(x):
    """Return (batch, timesteps, features): at each timestep the context of its own lookup.

    x: float (batch, timesteps, features): queries, keys and values, all three.
    Scores are dot products divided by the square root of the number of features.
    Timestep t looks at timesteps 0 to t, itself among them, and at none after it.

    At timestep 0 there is only one thing to look at: the output is x[:, 0].
    """
    ### BEGIN SOLUTION
    scores = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    scores = np.where(np.tri(x.shape[1]) > 0, scores, -1e9)
    return softmax(scores) @ x
    ### END SOLUTION

# %% cases="causal"
def looked(x, divide=np.sqrt, sees=lambda t, s: s <= t, out=-np.inf, late=False):
    """Sequence by sequence and timestep by timestep."""
    x = np.asarray(x, "float64")
    found = np.zeros_like(x)
    for b, row in enumerate(x):
        for t, query in enumerate(row):
            may = np.array([sees(t, s) for s in range(len(row))])
            scores = row @ query / divide(x.shape[-1])
            scores = scores if late else np.where(may, scores, out)
            scores = np.zeros(len(row)) if np.isneginf(scores).all() else scores
            powers = np.exp(scores - scores.max())
            found[b, t] = powers / powers.sum() * (may if late else 1) @ row
    return found


def looked_at(x, axis=-1):
    scores = np.where(np.tri(x.shape[1]), x @ np.swapaxes(x, 1, 2) / np.sqrt(x.shape[-1]), -np.inf)
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def over_timesteps(x):
    return looked_at(x, axis=1) @ x


random = np.random.default_rng(0)


def drawn(*size):
    return (random.normal(size=size).astype("float32").round(3),)


freeze(
    looked,
    visible=[(np.array([[[1.0], [2.0]]]),), drawn(3, 6, 4)],
    hidden=[drawn(2, 9, 5), drawn(4, 2, 3), drawn(1, 20, 16)],
    mistakes={
        "There is no mask: every timestep sees the future.": lambda x: looked(x, sees=lambda t, s: True),
        "The scores are not divided by the square root of the width.": lambda x: looked(x, divide=lambda n: 1),
        "They are divided by the width; it is its square root.": lambda x: looked(x, divide=lambda n: n),
        "They are divided by the square root of the number of timesteps; the width is meant, the features.":
            lambda x: looked(x, divide=lambda n: np.sqrt(x.shape[1])),
        "A score of 0 is not out: e^0 = 1. Give the future a score like -1e9.": lambda x: looked(x, out=0.0),
        "The mask came after the softmax: the future has had its share of the sum.": lambda x: looked(x, late=True),
        "The triangle is upside down: timestep t looks at itself and backwards.": lambda x: looked(x, sees=lambda t, s: s >= t),
        "A timestep looks one ahead: the diagonal is the last that is open.": lambda x: looked(x, sees=lambda t, s: s <= t + 1),
        "The softmax runs over the queries. Each timestep's weights, over what it looks at, sum to 1: the last axis.":
            over_timesteps,
        "These are the weights. Their average of x is asked.": looked_at,
        "The scores are divided by the root, before the softmax, and not what comes out.":
            lambda x: looked(x, divide=lambda n: 1) / np.sqrt(x.shape[-1]),
        "The values are divided, too. Only the scores are.": lambda x: looked(x) / x.shape[-1] ** 0.25,
        "A timestep may look at itself, too.": lambda x: looked(x, sees=lambda t, s: s < t),
    },
    name="causal-attention",
    rtol=1e-4,
    atol=1e-5,
)

# %% test="causal" points=1
check.cases(causal_attention, "causal-attention")

# %% test="causal" points=1 hidden=true
check.cases(causal_attention, "causal-attention", hidden["causal-attention"])

# %% [markdown]
# Keras' `MultiHeadAttention` projects queries, keys and values by matrices of its own, for each head, and joins what the heads return. Ask the causality check of lesson 5 about it, with the
# causal mask and without:

# %%
x = np.random.default_rng(0).normal(size=(2, 12, 16)).astype("float32")
for causal in (True, False):
    inputs = keras.Input((None, 16))
    heads = layers.MultiHeadAttention(num_heads=2, key_dim=8)
    mixer = keras.Model(inputs, heads(inputs, inputs, use_causal_mask=causal))
    try:
        check.causal(mixer, x)
        print(f"use_causal_mask={causal}: the future changes nothing")
    except check.CheckFailed as failed:
        print(f"use_causal_mask={causal}: {failed.problem}")

# %% [markdown]
# And does it know what came first? Shuffle the timesteps, and compare the outputs, shuffled alike, with what they were.

# %%
order = np.random.default_rng(1).permutation(12)
for name, layer in {
    "LSTM": layers.LSTM(16, return_sequences=True),
    "MultiHeadAttention": mixer,  # the last of the cell above: no causal mask
}.items():
    difference = np.abs(np.array(layer(x[:, order])) - np.array(layer(x))[:, order]).max()
    print(f"{name:<20}largest difference {difference:.7f}")

# %% [markdown]
# Without a causal mask, self-attention is a lookup in a *bag*: the order is nothing to it, as in the bag of words with which lesson 1 began. Recurrence gave order for free. A Transformer must put it into the numbers: it adds to each
# timestep a vector that tells its position. That, heads, `Dense` layers and a few more parts make the architecture of *Attention Is All You Need*, and another course.
#
# ## 10 · Bug hunt: it trains, and it cheats
#
# `tf.nn.softmax(score, axis=1)` stood for years in TensorFlow's tutorial [Neural machine translation with attention](https://www.tensorflow.org/text/tutorials/nmt_with_attention) (the page has been rewritten since). Its decoder ran step by step: *one* query at a time, scores of shape `(batch, letters, 1)`, and so `axis=1` was right. Here all queries are asked
# at once, and a mask was added later.

# %%
def circulating(queries, memory, real):
    """queries (batch, timesteps, units), memory (batch, letters, units), real (batch, letters)."""
    scores = queries @ keras.ops.transpose(memory, (0, 2, 1))  # (batch, timesteps, letters)
    weights = keras.ops.softmax(scores, axis=1)
    weights = weights * keras.ops.cast(real, "float32")[:, None, :]
    return weights @ memory, weights


def with_lookup(lookup, units=96, width=32):
    read, heard = (keras.Input((None,), dtype="int32") for _ in range(2))
    lstm = layers.LSTM(units // 2, return_sequences=True, return_state=True)
    vectors = layers.Embedding(27, width, mask_zero=True)(read)
    memory, fh, fc, bh, bc = layers.Bidirectional(lstm)(vectors)
    state = [layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])]
    decoder = layers.LSTM(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=state)
    context, _ = lookup(queries, memory, keras.ops.not_equal(read, 0))
    return keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))


keras.utils.set_random_seed(0)
models["circulating"] = with_lookup(circulating)
fit(models["circulating"], "circulating", epochs=4)
table["circulating"] = scores(say(models["circulating"], spelling_test), sound_test)

# %%
real = sound_test[:, 1:] > 0
print(f"{'':<14}{'phonemes, teacher-forced':>26}{'words, free-running':>22}")
for name in ("attention", "circulating"):
    logits = models[name].predict_on_batch([spelling_test, sound_test[:, :-1]])
    taught = np.mean((logits.argmax(axis=-1) == sound_test[:, 1:])[real])
    print(f"{name:<14}{taught:>26.3f}{table[name][1]:>22.3f}")

# %% [markdown]
# Four epochs were enough for the circulating model to look *better* with a teacher than the other does after seven: 0.921 of the phonemes are right, against 0.904. No error, no warning, a better score. Left to itself it gets 0.289 of the words, less than two thirds of what the plain model gets. A score that is too good is a symptom: where would the model have
# got it from? Look at what `axis=1` normalises, and ask which timesteps the weight at timestep *t* depends on.
#
# ### Exercise: mend it
#
# There are two faults: one lets it cheat, the other would spoil the average once the first is mended. Return the context and the weights, so that the laws of this lesson hold. `keras.ops.where`, `keras.ops.softmax` and `keras.ops.transpose` are all you need.

# %% exercise="bug-hunt"
def attend(queries, memory, real):
    """Return (context, weights) of lookups by dot products, in keras.ops.

    queries: float32 (batch, timesteps, units); memory: float32 (batch, letters, units);
    real: bool (batch, letters), True for real letters.
    context: (batch, timesteps, units); weights: (batch, timesteps, letters).
    """
    ### BEGIN SOLUTION
    products = keras.ops.einsum("btu,blu->btl", queries, memory)
    kept = keras.ops.where(real[:, None, :], products, -1e9)
    shares = keras.ops.softmax(kept, axis=-1)
    return keras.ops.einsum("btl,blu->btu", shares, memory), shares
    ### END SOLUTION

# %% cases="bug-hunt"
def right_way(queries, memory, real, axis=-1, late=False, mask=True, zero=False, scale=1.0, turned=False, less=False):
    """Each sequence on its own; the arguments are the faults."""
    contexts, tables = [], []
    for q, m, r in zip(np.asarray(queries, "float64"), np.asarray(memory, "float64"), np.asarray(real), strict=True):
        table = np.array([m @ one for one in q]) / scale
        if mask and not late:
            table[:, r if turned else ~r] = 0.0 if zero else -1e9
        table = np.exp(table - table.max(axis=axis, keepdims=True))
        table = table / table.sum(axis=axis, keepdims=True) * (r if late else 1)
        tables.append(table)
        contexts.append(table @ (m * r[:, None] if less else m))
    return np.array(contexts, "float32"), np.array(tables, "float32")


def over_batch(queries, memory, real):
    q, m, r = (np.array(each) for each in (queries, memory, real))
    table = np.where(r[:, None], q.astype("float64") @ m.swapaxes(1, 2), -1e9)
    table = np.exp(table - table.max(axis=0))
    table = (table / table.sum(axis=0)).astype("float32")
    return table @ m, table


def faulty(**options):
    return lambda queries, memory, real: right_way(queries, memory, real, **options)


random = np.random.default_rng(0)


def asked(batch, timesteps, letters, units, lengths):
    arrays = [random.normal(size=size).astype("float32").round(3) for size in ((batch, timesteps, units), (batch, letters, units))]
    return tuple(map(keras.ops.convert_to_tensor, (*arrays, np.arange(letters) < np.array(lengths)[:, None])))


freeze(
    right_way,
    visible=[asked(3, 6, 5, 4, [5, 3, 2])],
    hidden=[asked(2, 7, 7, 8, [7, 2]), asked(5, 1, 3, 8, [1, 2, 3, 3, 1])],
    mistakes={
        "Both faults are still there.": faulty(axis=0, late=True),
        "The softmax still runs over the decoder's timesteps: axis 1. Which axis are the letters?": faulty(axis=0),
        "The mask still comes after the softmax: the weights of real letters sum to less than 1.": faulty(late=True),
        "The mask is gone. Padding has weights.": faulty(mask=False),
        "A score of 0 is not out: e^0 = 1.": faulty(zero=True),
        "The mask is upside down: real is True for the letters that count.": faulty(turned=True),
        "The memory of padding is zero now, and its scores are: e^0 = 1. Mask the scores.": faulty(zero=True, less=True),
        "The softmax runs over the batch: axis 0. Which axis are the letters?": over_batch,
        "The scores are divided by the square root of the units; the plain dot product is asked here.":
            lambda queries, memory, real: right_way(queries, memory, real, scale=np.sqrt(memory.shape[-1])),
        "The weights are right, and what they average is not the memory.":
            lambda queries, memory, real: (np.array(queries), right_way(queries, memory, real)[1]),
    },
    name="bug-hunt-attention",
    parts=("context", "weights"),
    axes=("batch, timesteps, units", "batch, timesteps, letters"),
    rtol=1e-4,
    atol=1e-5,
)

# %% test="bug-hunt" points=1
check.cases(attend, "bug-hunt-attention")

# %% test="bug-hunt" points=1 hidden=true
check.cases(attend, "bug-hunt-attention", hidden["bug-hunt-attention"])

# %% [markdown]
# ## What you can do now
#
# You can write a lookup, mask it, and say why the mask belongs before the softmax. You know what Keras' attention layers compute and what they leave to you. You have built a decoder that looks back at all it has read, measured what that is
# worth against the same budget without it, drawn where it looks, and tested that drawing against what matters. And you have met the price, and the road on: a lookup without recurrence, which must be told what order is.
#
# To read on:
#
# * D. Bahdanau, K. Cho and Y. Bengio, [Neural Machine Translation by Jointly Learning to Align and Translate](https://arxiv.org/abs/1409.0473) (2014). Its figure 3 is the ancestor of your heatmaps. For the dot product: M.-T. Luong, H. Pham and C. Manning,
#   [Effective Approaches to Attention-based Neural Machine Translation](https://arxiv.org/abs/1508.04025) (2015).
# * Keras, [Attention layers](https://keras.io/api/layers/attention_layers/).
# * C. Olah and S. Carter, [Attention and Augmented Recurrent Neural Networks](https://distill.pub/2016/augmented-rnns/), *Distill* (2016). On whether weights explain: S. Jain and B. Wallace, [Attention is not Explanation](https://arxiv.org/abs/1902.10186) (2019),
#   and S. Wiegreffe and Y. Pinter, [Attention is not not Explanation](https://arxiv.org/abs/1908.04626) (2019).
