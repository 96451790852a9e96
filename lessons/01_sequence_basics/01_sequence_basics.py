# %% [markdown]
# # 1 · Why order matters
#
# <!-- colab-badge -->
#
# *The dog bites the man. The man bites the dog.* The words are the same, the news is not.
# **What does a model lose when it ignores order, and what does it take to keep it?** This lesson
# answers with sentences and with fifteen years of births in the United States, and meets on the way
# the three places where beginners lose order without noticing: padding, targets, and the split
# into training and test data.
#
# You will be able to
#
# * turn text into padded integer batches, and say what a mask protects,
# * cut a series into windows and a text into input and target, without letting the answer in,
# * judge a forecast against baselines, on a test set that lies in the future.
#
# About 100 minutes: 45 to read and run, the rest for nine exercises and one written question.
# You need lesson 0. No recurrent network yet: here a GRU is a layer that reads a
# sequence from left to right and remembers; lesson 2 opens it.

# %% setup=true

# %% given="imports"
import keras
import numpy as np
import tensorflow as tf
from keras import layers

# %% [markdown]
# ## 1 · The same words, another meaning
#
# The simplest way to hand a sentence to a model is to count its words: a *bag of words*. To tell
# spam from mail, counting goes a long way. What does it make of our two sentences?

# %%
bite = ["the dog bites the man".split(), "the man bites the dog".split()]

fig = lab.plot.bags_and_sequences(bite)
lab.plot.show(fig, alt="Two sentences as rows of coloured words in different order; beside them "
                       "two identical bar charts of their word counts.")

# %% [markdown]
# On the left two sequences, on the right two bags, and the bags are equal. So *every* model that
# sees only the bag gives both sentences the same answer, however large it is and however long it
# trains. That is an argument, not a measurement. Write the bag first; then we measure.
#
# ### Exercise: a bag of words

# %% exercise="bag"
def bag_of_words(sentence, words):
    """Count how often each of `words` occurs in `sentence`; upper and lower case are the same.

    sentence: a string of words separated by blanks. words: a list of lower-case words.
    Returns an integer array of shape (len(words),), in the order of `words`.

    bag_of_words("The dog bites the man", ["dog", "cat", "the"]) -> [1, 0, 2]
    """
    ### BEGIN SOLUTION
    tokens = sentence.lower().split()
    return np.array([tokens.count(word) for word in words])
    ### END SOLUTION


# %% test="bag" points=1
sentence = "The dog and the cat chase the dog"
bag = check.call(bag_of_words, sentence, ["cat", "chase", "dog", "he", "the"])
check.equal(bag, [1, 1, 2, 0, 3], f"the bag of {sentence!r}", mistakes={
    "This marks which words occur. A bag counts them: 'dog' occurs twice.": [1, 1, 1, 0, 1],
    "'The' and 'the' are one word: lower-case the sentence first.": [1, 1, 2, 0, 2],
    "A string's count finds letters: 'he' sits inside 'the'. Split into words.": [1, 1, 2, 3, 3],
    "Split into words ('he' sits inside 'the'), and lower-case them.": [1, 1, 2, 3, 2],
    "These are shares of the sentence. A bag holds counts.": np.array([1, 1, 2, 0, 3]) / 8,
})

# %% test="bag" points=1 hidden=true
def reference(sentence, words):
    return np.array([sentence.lower().split().count(word) for word in words])


cases = [
    ("a rose is a rose is a rose", ["rose", "is", "a"]),
    ("Birds sing", ["cats", "sing", "birds", "b"]),
    ("", ["empty"]),
]
check.same_function(bag_of_words, reference, cases, mistakes={
    "This marks which words occur; a bag counts.": lambda s, w: np.minimum(reference(s, w), 1),
    "The counts must stand in the order of `words`.": lambda s, w: reference(s, sorted(w)),
    "A string's count finds letters, not words.": lambda s, w: np.array([s.count(i) for i in w]),
})

# %% [markdown]
# ### Experiment: who bites?
#
# Twenty animals, all sentences *the X bites the Y*, and one question: who bites? A quarter of the
# sentences is kept for the test. Both models are the same but for one layer: the first *averages*
# the word vectors, which is a bag; the second reads them *in order*.
# `Embedding(22, 16)` is a table: a vector of 16 numbers for each of 22 words, learned with the rest.
# `GlobalAveragePooling1D` averages those vectors over the timesteps.

# %%
animals = 20
pairs = np.array([(x, y) for x in range(animals) for y in range(animals) if x != y])
the, bites = animals, animals + 1
columns = [np.full(len(pairs), the), pairs[:, 0], np.full(len(pairs), bites),
           np.full(len(pairs), the), pairs[:, 1]]
sentences = np.stack(columns, axis=1)  # (380 sentences, 5 timesteps)
order = np.random.default_rng(0).permutation(len(pairs))
train, test = order[:285], order[285:]


def who_bites(reader, name):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((5,)),
        layers.Embedding(animals + 2, 16),
        reader,
        layers.Dense(animals, activation="softmax"),
    ])
    adam = keras.optimizers.Adam(0.02)
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    lab.fit_once(model, sentences[train], pairs[train, 0], name=name, epochs=25, verbose=0)
    return [model.evaluate(sentences[i], pairs[i, 0], verbose=0)[1] for i in (train, test)]


readers = {"average (a bag)": layers.GlobalAveragePooling1D(), "GRU (in order)": layers.GRU(32)}
for name, reader in readers.items():
    on_train, on_test = who_bites(reader, "who-bites-" + name.split()[0])
    print(f"{name:<15}  accuracy: training {on_train:.2f}, test {on_test:.2f}")

# %% [markdown]
# The bag knows *which two* animals take part and must guess who did it: over all sentences it
# cannot be right more than half of the time. On its training sentences it does a little better
# than that by remembering which of the two orders it has seen, and pays for it on the test: where
# it learned *owl bites fox*, the test asks about *fox bites owl*. The GRU has nothing to guess.
#
# ## 2 · Words become integers
#
# A network wants numbers. The usual way: list the words (the *vocabulary*), and replace each word
# by its place in the list. Such an integer is a *token*. Two places are reserved: **0 for padding**, which section 3 needs, and
# **1 for words that are not in the list**.
#
# ### Exercise: encode a sentence

# %% exercise="encode"
def encode(sentence, words):
    """Turn a sentence into a list of integers: the place of each word in `words`.

    sentence: a string of words separated by blanks, in any case.
    words: the vocabulary, a list of lower-case words; words[0] is "" (padding), words[1] is
    "[UNK]", which stands for every word that is not in the list.
    Returns a list of integers, one per word of the sentence.

    encode("The cat", ["", "[UNK]", "dog", "the"]) -> [3, 1]
    """
    ### BEGIN SOLUTION
    place = {word: index for index, word in enumerate(words)}
    return [place.get(word, 1) for word in sentence.lower().split()]
    ### END SOLUTION


# %% test="encode" points=1
words = ["", "[UNK]", "the", "dog", "bites", "man"]
code = check.call(encode, "The cat bites the dog", words)
check.equal(code, [2, 1, 4, 2, 3], "the code of 'The cat bites the dog'", mistakes={
    "'cat' is gone, and all after it sit at the wrong timestep. Write 1 for it.": [2, 4, 2, 3],
    "0 is padding: a mask would skip 'cat'. An unknown word is 1.": [2, 0, 4, 2, 3],
    "'The' became unknown: lower-case the sentence first.": [1, 1, 4, 2, 3],
    "The places in the list count from 0, as Python does.": [3, 2, 5, 3, 4],
})

# %% test="encode" points=1 hidden=true
def reference(sentence, words, unknown=(1,)):
    places = [[words.index(w)] if w in words else unknown for w in sentence.split()]
    return [place for found in places for place in found]


def right(sentence, words):
    return reference(sentence.lower(), words)


cases = [
    ("to be or not to be", ["", "[UNK]", "be", "not", "to"]),
    ("Rain RAIN go away", ["", "[UNK]", "away", "rain"]),
    ("Nothing known", ["", "[UNK]", "rain"]),
    ("a", ["", "[UNK]", "c", "b", "a"]),
]
check.same_function(encode, right, cases, mistakes={
    "0 is padding. An unknown word is 1.": lambda s, w: reference(s.lower(), w, unknown=(0,)),
    "An unknown word is 1, not left out.": lambda s, w: reference(s.lower(), w, unknown=()),
    "Lower-case the sentence first.": reference,
})

# %% [markdown]
# In practice `TextVectorization` does this. It learns the vocabulary with `adapt`, most frequent
# word first, with the same two reserved places. What it also does is pad.

# %%
poem = ["the dog bites the man", "the man runs", "where does the poor man run to"]
vectorize = layers.TextVectorization()
vectorize.adapt(poem)

print("vocabulary:", [str(word) for word in vectorize.get_vocabulary()])
print("batch (3 sentences, 7 timesteps):")
print(vectorize(poem).numpy())
print("with a word it never saw:", vectorize(["the cat runs"]).numpy())
# Try yours: encode("the cat runs", vectorize.get_vocabulary())

# %% [markdown]
# ## 3 · Sentences of different lengths
#
# A batch is one array, so its rows need one length. The short ones are filled with zeros, on the
# right or on the left; `keras.utils.pad_sequences` does either.

# %%
codes = [[7, 3, 4, 9], [5, 8], [2, 6, 1]]
right = keras.utils.pad_sequences(codes, maxlen=6, padding="post")
left = keras.utils.pad_sequences(codes, maxlen=6, padding="pre")

fig = lab.plot.padded({"padding='post' (right)": right, "padding='pre' (left)": left})
lab.plot.show(fig, alt="Three sentences of two to four integers, padded with grey zeros to six "
                       "timesteps, on the right in one grid and on the left in the other.")

# %% [markdown]
# Half of this batch is not data. Does the network know? Only if somebody tells it. A **mask** is a
# boolean array of shape `(batch, timesteps)`, true where a timestep is real. Keras makes one in two
# ways: `Embedding(mask_zero=True)` from integers, `Masking()` from features that are all zero.
# The mask then travels with the tensor to the layers that follow.

# %%
embedding = layers.Embedding(10, 3, mask_zero=True)  # ten tokens, vectors of 3 numbers
print("Embedding(mask_zero=True), three sentences:")
print(embedding.compute_mask(right).numpy().astype(int))

# Masking: (1 sequence, 3 timesteps, 2 features); only the last timestep is all zero.
features = np.array([[[0.5, 1.0], [0.0, 2.0], [0.0, 0.0]]], "float32")
print("Masking(), one sequence:")
print(layers.Masking().compute_mask(features).numpy().astype(int))

# %% [markdown]
# What does a mask change? Three things: a mean, a loss, and a state. One after the other.
#
# ### A mean
#
# The embedding of token 0 is a vector like any other, and not zero. A mean over all timesteps takes
# it in: the longer the padding, the more every sentence looks like padding.
#
# ### Exercise: a mean over real timesteps

# %% exercise="masked-mean"
def masked_mean(x, mask):
    """Average over the real timesteps of each sequence.

    x: float array (batch, timesteps, features).
    mask: boolean array (batch, timesteps), True where real.
    Returns a float array (batch, features). A sequence without any real timestep has mean 0.

    With one sequence [[2.], [4.], [9.]] and mask [True, True, False] the mean is [3.].
    """
    ### BEGIN SOLUTION
    weights = np.asarray(mask, "float32")[..., np.newaxis]
    return (x * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    ### END SOLUTION


# %% test="masked-mean" points=1
first = np.array([[2, 4, 9, 9], [1, 2, 3, 6], [5, 5, 5, 5]], "float32")
x = np.stack([first, 10 * first], axis=-1)  # (3 sequences, 4 timesteps, 2 features)
mask = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]], bool)
mean = check.call(masked_mean, x, mask)
check.shape(mean, (3, 2), "the masked mean")
check.close(mean, [[3, 30], [3, 30], [0, 0]], "the masked mean", mistakes={
    "The padding is in the mean. Leave out the timesteps where the mask is False.": x.mean(axis=1),
    "The sum is right. Divide it by the number of real timesteps, not by all of them.":
        [[1.5, 15], [3, 30], [0, 0]],
    "These are the sums. Divide by the number of real timesteps.": [[6, 60], [12, 120], [0, 0]],
})

# %% test="masked-mean" points=1 hidden=true
rng = np.random.default_rng(5)
x = rng.normal(size=(6, 9, 4)).astype("float32")
mask = rng.random((6, 9)) < 0.5  # real timesteps anywhere, not only on the left
mask[2] = False
count = np.maximum(mask.sum(axis=1, keepdims=True), 1)
total = np.einsum("btf,bt->bf", x, mask)
expected = total / np.maximum(mask.sum(axis=1, keepdims=True), 1)
leading = np.arange(9) < mask.sum(axis=1, keepdims=True)

mean = check.call(masked_mean, x, mask)
check.shape(mean, (6, 4), "the masked mean")
check.close(mean, expected, "the masked mean of six random sequences", atol=1e-5, mistakes={
    "The padding is in the mean.": x.mean(axis=1),
    "Divide by the number of real timesteps, not by all of them.": total / 9,
    "The mask says which timesteps are real. They need not stand at the beginning.":
        np.einsum("btf,bt->bf", x, leading) / np.maximum(leading.sum(axis=1, keepdims=True), 1),
})

# %% [markdown]
# ### A loss
#
# A model is to name the next token at each of eight timesteps; three of them are real. Here is a
# lazy one, made by hand: whatever it reads, it bets 93% on token 0. Once without a mask, once with.

# %%
tokens = np.array([[7, 3, 4, 0, 0, 0, 0, 0]])  # (1 sentence, 8 timesteps)
targets = np.array([[3, 4, 9, 0, 0, 0, 0, 0]])
bets = np.array([0.93] + 9 * [0.07 / 9])  # one for each of ten tokens

for mask_zero in (False, True):
    dense = layers.Dense(10, activation="softmax")
    embedding = layers.Embedding(10, 4, mask_zero=mask_zero)
    lazy = keras.Sequential([keras.Input((8,)), embedding, dense])
    dense.set_weights([np.zeros((4, 10)), np.log(bets)])
    lazy.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = lazy.evaluate(tokens, targets, verbose=0)
    print(f"mask_zero={mask_zero!s:<5}  loss {loss:.2f}, accuracy {accuracy:.2f}")
print(f"an even guess    loss {np.log(10):.2f}, accuracy 0.10")

# %% [markdown]
# Without a mask it looks far better than an even guess, because five of eight answers are padding
# and padding is easy. With a mask Keras leaves padded timesteps out of the loss and of the
# accuracy, and the model is seen for what it is: it has not got one word right.
#
# ### A state
#
# A recurrent layer carries a *state* from timestep to timestep. Take pairs of sentences of 5 tokens
# that differ in the first token only, pad them to 40, and watch how far apart the states of a pair
# are. The distance is all that the layer still knows of the difference.

# %%
keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
left_pad = np.zeros((2, 50, 40), "int32")  # 50 pairs of sentences
left_pad[:, :, -5:] = rng.integers(1, 11, size=(50, 5))
left_pad[1, :, -5] = left_pad[0, :, -5] % 10 + 1  # another first token
right_pad = np.roll(left_pad, 5, axis=-1)

embedding = layers.Embedding(11, 16)  # not trained
gru = layers.GRU(32, return_sequences=True)  # its state at every timestep, not only the last


def distance(tokens, masked):
    one, two = (gru(embedding(x), mask=x != 0 if masked else None).numpy() for x in tokens)
    return np.linalg.norm(one - two, axis=-1).mean(axis=0)  # (timesteps,)


fig = lab.plot.state_distances({
    "right, masked": distance(right_pad, masked=True),
    "right, no mask": distance(right_pad, masked=False),
    "left, no mask": distance(left_pad, masked=False),
}, real=5)
lab.plot.show(fig, alt="Distance between the states of two sentences over forty timesteps, "
                       "logarithmic: level after the words with a mask, falling steadily by many "
                       "orders of magnitude without one, and high at the end with left padding.")

# %% [markdown]
# Three treatments of the same sentences. With a mask the state is carried over the padding
# unchanged. Without one, every padded timestep is one more input, the same in both sentences, and
# the two states run together. A classifier that sits at timestep 39 has to find its answer in what
# is left.
#
# ### Experiment: train it anyway
#
# The task: name the first of five tokens, padded on the right to 40. Ten tokens, so chance is 0.10.
# First without a mask.

# %% given="recall-data"
def recall_data(samples, seed, timesteps=40):
    """Five tokens from 1 to 10, padded on the right; the class to name is the first token minus 1.

    Returns x, int32 (samples, timesteps), and y, int32 (samples,), classes 0 to 9.
    """
    x = np.zeros((samples, timesteps), "int32")
    x[:, :5] = np.random.default_rng(seed).integers(1, 11, size=(samples, 5))
    return x, x[:, 0] - 1


x_recall, y_recall = recall_data(2000, seed=1)

# %%
keras.utils.set_random_seed(0)
forgetful = keras.Sequential([
    # None: any number of timesteps
    keras.Input((None,)),
    layers.Embedding(11, 16),
    layers.GRU(32),
    layers.Dense(10, activation="softmax"),
])
adam = keras.optimizers.Adam(0.01)
forgetful.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
settings = {"batch_size": 64, "epochs": 5, "verbose": 0}
lab.fit_once(forgetful, x_recall, y_recall, name="recall-no-mask", **settings)

x_new, y_new = recall_data(1000, seed=2)
print(f"no mask, accuracy on new sentences: {forgetful.evaluate(x_new, y_new, verbose=0)[1]:.2f}")

# %% [markdown]
# ### Exercise: recall the first token
#
# Build and train a model that solves this task whatever the padding. Train it with
# `lab.fit_once(model, x, y, name="recall", epochs=…)`, which is `model.fit` that remembers. The
# check asks for an accuracy of 0.95 on sentences that your model never saw.

# %% exercise="recall"
def train_recall(x, y):
    """Return a trained classifier that names the first token, however much padding follows.

    x: int32 (samples, timesteps), tokens 1 to 10, padded with 0 on the right.
    y: int32 (samples,), classes 0 to 9.
    The model maps (batch, timesteps) to (batch, 10) and takes any number of timesteps:
    keras.Input((None,)). More padding must not change its answer.
    Use layers.GRU or layers.LSTM as they come: options such as recurrent_dropout take them off a
    GPU's fast path, and the check looks. Adam(0.01), batches of 64 and six epochs are enough.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(11, 16, mask_zero=True),
        layers.GRU(32),
        layers.Dense(10, activation="softmax"),
    ])
    adam = keras.optimizers.Adam(0.01)
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    lab.fit_once(model, x, y, name="recall", epochs=6, batch_size=64)
    return model
    ### END SOLUTION


# %% test="recall" points=1
recall = check.call(train_recall, x_recall, y_recall)
accuracy = check.accuracy(recall, *recall_data(1000, seed=3))
forgot = (
    "Near chance: 35 steps of padding washed the first token out of the state. "
    "Embedding(mask_zero=True) tells the layers after it to skip them."
)
unsure = (
    "Better than chance, not sure yet. Is the padding masked? An average over timesteps cannot "
    "know which token came first; a recurrent layer may need more epochs, or Adam(0.01)."
)
hint = forgot if accuracy < 0.3 else unsure
check.learned(accuracy, at_least=0.95, metric="accuracy on new sentences", hint=hint)

# %% test="recall" points=1 name="recall-padding"
recall = check.call(train_recall, x_recall, y_recall)
short = check.call(recall, x_recall[:8, :5], name="your model")
check.shape(short, (8, 10), "the model's output for sentences without padding")
check.ignores_padding(recall, x_recall[:64, :5], "your model", amount=35)
check.gpu_ready(recall)

# %% test="recall" points=1 hidden=true
recall = check.call(train_recall, x_recall, y_recall)
accuracy = check.accuracy(recall, *recall_data(1000, seed=4, timesteps=64))
hint = "The first token must survive any amount of padding: Embedding(mask_zero=True)."
check.learned(accuracy, at_least=0.95, metric="accuracy with padding to 64 steps", hint=hint)

# %% [markdown]
# ### In your own words
#
# Look again at the figure of the three states.
#
# 1. Why does the model without a mask stay at chance, although it has *seen* the first token?
# 2. Why would padding on the left rescue it, without a mask?
# 3. Why is more training data not the cure that a mask is?
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-forget" points=2
# ### BEGIN SOLUTION
# 1. After timestep 4 the layer goes on reading padding. Every padded step is the same input in every
#    sentence and moves the state towards the same point, so the distance between the states of two sentences
#    shrinks step by step, by many orders of magnitude over 35 steps. The classifier sees only the
#    last state, and there the sentences are as good as equal. Nothing remains from which to tell the first token.
# 2. With padding on the left the state meets the padding first, while both sentences are still
#    equal. The tokens come last, so the difference that they make is fresh at the final timestep.
# 3. The examples are not what is missing. The same shrinking that hides the first token from the output also
#    hides from training how a change at the first timestep would change the answer, so each example teaches next
#    to nothing about holding the token. A mask removes the cause: padded steps leave the state as it is.
#
# One point for the state being overwritten step by step (1) with the left-padding argument (2); one
# for the point that the signal is lost and not the data (3).
# ### END SOLUTION

# %% [markdown]
# ## 4 · What is the target?
#
# To learn *what comes next*, a model needs pairs of "so far" and "next". Text gives them away for
# free: each sentence is its own answer sheet. There are two ways to cut it.
#
# **N-gram prefixes.** Every prefix is a sample, padded on the left; the token after it is the
# label. *How are you today*, encoded as `[7 3 4 9]`, gives three samples:
#
# ```
# x             the prefix    label
# [0  0  0  7]  How           3  are
# [0  0  7  3]  How are       4  you
# [0  7  3  4]  How are you   9  today
# ```
#
# Labels are often wanted *one-hot*: a row of zeros with a single 1 at the label's place.
# `keras.utils.to_categorical(labels, num_classes)` makes them, of shape `(samples, num_classes)`.
#
# ### Exercise: prefixes

# %% exercise="prefixes"
def ngram_prefixes(tokens, length, vocabulary_size):
    """Cut a sentence into its prefixes and the token that follows each.

    tokens: list of n integers from 1 to vocabulary_size - 1.
    Returns xs, integers (n - 1, length), padded with 0 on the left; a prefix longer than
    `length` keeps its last tokens. And ys, one-hot floats (n - 1, vocabulary_size).

    ngram_prefixes([7, 3, 4, 9], 4, 10):
    xs is [[0 0 0 7], [0 0 7 3], [0 7 3 4]], and the rows of ys mark 3, 4 and 9.
    """
    ### BEGIN SOLUTION
    prefixes = [tokens[:end] for end in range(1, len(tokens))]
    xs = keras.utils.pad_sequences(prefixes, maxlen=length, padding="pre")
    ys = keras.utils.to_categorical(tokens[1:], num_classes=vocabulary_size)
    return xs, ys
    ### END SOLUTION


# %% test="prefixes" points=1
xs, ys = np.array([[0, 0, 0, 7], [0, 0, 7, 3], [0, 7, 3, 4]]), np.eye(12)[[3, 4, 9]]
right = np.array([[7, 0, 0, 0], [7, 3, 0, 0], [7, 3, 4, 0]])
inside = np.array([[0, 0, 7, 3], [0, 7, 3, 4], [7, 3, 4, 9]])
whole = np.vstack([xs, [7, 3, 4, 9]])
check.same_function(ngram_prefixes, lambda *_: (xs, ys), [([7, 3, 4, 9], 4, 12)], mistakes={
    "Pad on the left, so that the newest token is the last timestep.": lambda *_: (right, ys),
    "The label stands inside its own prefix: copying it is enough.": lambda *_: (inside, ys),
    "The label is the token after the prefix, not its last token.":
        lambda *_: (xs, np.eye(12)[[7, 3, 4]]),
    "These labels are integers. Make them one-hot: to_categorical.":
        lambda *_: (xs, np.array([3, 4, 9])),
    "Too few classes: to_categorical took the largest label. Pass num_classes=vocabulary_size.":
        lambda *_: (xs, np.eye(10)[[3, 4, 9]]),
    "The whole sentence is no prefix: no token follows it.": lambda *_: (whole, ys),
})

# %% test="prefixes" points=1 hidden=true
def reference(tokens, length, size, first=False):
    rows = [tokens[:end] for end in range(1, len(tokens))]
    rows = [row[:length] if first else row[-length:] for row in rows]
    return np.array([[0] * (length - len(row)) + row for row in rows]), np.eye(size)[tokens[1:]]


def too_few_classes(tokens, length, size):
    return reference(tokens, length, max(tokens[1:]) + 1)


cases = [([2, 5, 1], 6, 8), ([4, 9, 4, 9, 1, 2], 3, 20), ([11, 6], 2, 12)]
check.same_function(ngram_prefixes, reference, cases, mistakes={
    "A prefix that is too long keeps its last tokens, those just before the label.":
        lambda *arguments: reference(*arguments, first=True),
    "Pass num_classes=vocabulary_size to to_categorical.": too_few_classes,
})

# %% [markdown]
# **Shifted targets.** Prefixes repeat themselves: a sentence of *n* tokens becomes *n* − 1 samples
# and, padded to length *n*, *n*(*n* − 1) numbers. A recurrent layer reads all prefixes in one pass
# anyway. So one sample is enough, with a target at *every* timestep: the same sequence, one step
# ahead. Both have shape `(batch, timesteps)`, and `x[:, 1:] == y[:, :-1]`.
#
# The easiest mistake here is to forget the shift. It looks like a triumph:

# %%
rng = np.random.default_rng(0)
text = rng.integers(1, 11, size=(100, 8))  # tokens thrown by a die: no one can foresee them


def copier(x):
    return x  # a "model" that repeats what it just read


same = np.mean(copier(text) == text)
ahead = np.mean(copier(text[:, :-1]) == text[:, 1:])
print(f"target = input:   the copier is right {same:.0%} of the time")
print(f"target = shifted: the copier is right {ahead:.0%} of the time")

# %% [markdown]
# A loss near zero from the first epoch is almost never genius. Look at the targets first.
#
# ### Exercise: shifted targets from a long text

# %% exercise="shift"
def next_token_pairs(stream, length):
    """Cut a long text into pieces of `length` inputs, each with its targets one step ahead.

    stream: integer array (tokens,). Pieces follow each other without overlap; what is too
    short at the end is left out.
    Returns x and y, both (pieces, length), with pieces = (tokens - 1) // length.

    next_token_pairs([7, 3, 4, 9, 5, 2, 8, 6], 3):
    x is [[7 3 4], [9 5 2]], and y is [[3 4 9], [5 2 8]].
    """
    ### BEGIN SOLUTION
    stream = np.asarray(stream)
    pieces = (len(stream) - 1) // length
    x = stream[: pieces * length].reshape(pieces, length)
    y = stream[1 : pieces * length + 1].reshape(pieces, length)
    return x, y
    ### END SOLUTION


# %% test="shift" points=1
stream = np.array([7, 3, 4, 9, 5, 2, 8, 6])
x, y = stream[:6].reshape(2, 3), stream[1:7].reshape(2, 3)
every = np.array([stream[i : i + 4] for i in range(5)])
check.same_function(next_token_pairs, lambda *_: (x, y), [(stream, 3)], mistakes={
    "The target equals the input, so copying is enough. Shift it by one step.": lambda *_: (x, x),
    "The target of timestep t is the token at t + 1, not at t - 1.": lambda *_: (y, x),
    "The last target of a piece is the next piece's first token, not its own.":
        lambda *_: (x, np.roll(x, -1, axis=1)),
    "You cut first and shifted inside the pieces: each lost a step. Shift, then cut.":
        lambda *_: (x[:, :-1], x[:, 1:]),
    "These pieces overlap. The next piece begins where the last one ended.":
        lambda *_: (every[:, :-1], every[:, 1:]),
})
for size, length in ((100, 7), (57, 8), (24, 12)):  # 24: one piece, not two
    x, y = check.call(next_token_pairs, np.arange(size), length)
    check.shape(x, ((size - 1) // length, length), f"x for {size} tokens in pieces of {length}")
    check.shifted(x, y)
    check.equal(y, np.asarray(x) + 1, "y for the text 0, 1, 2, …")

# %% [markdown]
# ## 5 · A series is a sentence of numbers
#
# The births in the United States from 2000 to 2014, counted by day by the Social Security
# Administration: 5,479 numbers in order.
# **How well can tomorrow's number be foreseen?** Look before you model.

# %% given="births"
dates, births = lab.data.births()  # datetime64[D] (5479,) and float32 (5479,)

# %%
fig = lab.plot.daily(dates, births, zoom=("2013-11-11", "2014-01-12"), ylabel="births a day")
lab.plot.show(fig, alt="Daily US births 2000 to 2014: two bands, and a yearly wave in their "
                       "mean. Below, nine weeks around Christmas 2013: weekends are low, and so "
                       "are Thanksgiving, Christmas and New Year's Day.")

# %% [markdown]
# Two bands: workdays above, weekends below, since many births are scheduled. A slow wave over the
# year. And workdays that look like Sundays: find Thanksgiving, Christmas and New Year's Day. A
# forecaster that knows the weekday has most of it; the holidays are what is left to win.
#
# ### Windows
#
# A network wants samples. We slide a *window* of `width` days over the series; the *target* is the
# value `horizon` days after the window's last day. Here the series has 10 days, the width is 4 and
# the horizon is 3:

# %%
fig = lab.plot.sliding_windows(steps=10, width=4, horizon=3)
lab.plot.show(fig, alt="Four samples drawn as rows: four blue input days, two grey days between, "
                       "and one orange target; each row is shifted by one day.")

# %% [markdown]
# Count the rows: *N* days, a width of *w* and a horizon of *h* give ***N* − *w* − *h* + 1**
# samples. No target ever lies inside its own window.
#
# ### Exercise: windows

# %% exercise="windows"
def make_windows(series, width, horizon=1):
    """Cut a series into overlapping windows; targets lie `horizon` steps after their last value.

    series: float array (steps,).
    Returns x, (samples, width, 1 feature), and y, (samples,), with
    samples = steps - width - horizon + 1.

    make_windows([0, 10, 20, 30, 40], width=2, horizon=2): x[0] is [[0], [10]], y is [30, 40].
    """
    ### BEGIN SOLUTION
    series = np.asarray(series)
    samples = len(series) - width - horizon + 1
    x = np.stack([series[start : start + width] for start in range(samples)])
    y = series[width + horizon - 1 :]
    return x[..., np.newaxis], y
    ### END SOLUTION


# %% test="windows" points=1
series = np.arange(0, 70, 10, dtype="float32")
x, y = np.array([[0, 10, 20], [10, 20, 30], [20, 30, 40]], "float32")[..., None], series[-3:]
longer = np.concatenate([x, x[-1:] + 10])
check.same_function(make_windows, lambda *_: (x, y), [(series, 3, 2)], mistakes={
    "The target is inside its own input: the window's last value.": lambda *_: (x, x[:, -1, 0]),
    "The target is the day after the window. Take the day `horizon` days after its last day.":
        lambda *_: (x, y - 10),
    "`horizon` is not used. With horizon=2 the last window ends two days before the series.":
        lambda *_: (longer, longer[:, -1, 0] + 10),
    "The last window is missing. N - w - h + 1 fit.": lambda *_: (x[:-1], y[:-1]),
    "x lacks its last axis, the features: x[..., np.newaxis].": lambda *_: (x[..., 0], y),
    "y should be (samples,): one number for each window.": lambda *_: (x, y[:, np.newaxis]),
    "There is one target, the value after `horizon` days, not one for each of these days.":
        lambda *_: (x, np.stack([y - 10, y], axis=1)),
    "These windows do not overlap. Move on by one day.": lambda *_: (x[::3], y[::3]),
    "The target lies a day too far: count from the window's last day.":
        lambda *_: (x[:-1], y[1:]),
})
x = check.call(make_windows, births, 30, 7)[0]
check.shape(x, (5479 - 30 - 7 + 1, 30, 1), "x for the births, 30 days wide, 7 ahead,")

# %% test="windows" points=1 hidden=true
def reference(series, width, horizon=1, early=0, lost=0):
    starts = range(len(series) - width - horizon + 1 - lost)
    x = np.array([series[i : i + width] for i in starts])
    return x[..., None], np.array([series[i + width + horizon - 1 - early] for i in starts])


noise = np.random.default_rng(7).normal(size=50).astype("float32")
cases = [(noise, 10), (noise, 1, 1), (noise, 6, 9), (births[:400], 28, 7), (noise[:13], 8, 5)]
check.same_function(make_windows, reference, cases, mistakes={
    "The target is inside its own input.": lambda s, w, h=1: reference(s, w, h, early=h),
    "The target should be `horizon` days after the window's last day.":
        lambda s, w, h=1: reference(s, w, h, early=h - 1),
    "The last window is missing: N - w - h + 1 fit.": lambda s, w, h=1: reference(s, w, h, lost=1),
})

# %% [markdown]
# ### Baselines before models
#
# Which forecasts cost nothing? *As yesterday.* Or: *as on this weekday a week ago*. Or: *as 52
# weeks ago*, which is the same weekday in the same season. A model that loses to these has
# learned nothing worth having. We score with the mean absolute error (MAE), in births a day: on
# average, how far off?
#
# ### Exercise: the error of a seasonal baseline

# %% exercise="baseline"
def seasonal_mae(series, lag, start):
    """The mean absolute error of forecasting each value by the one `lag` steps before it.

    series: float array (steps,).
    start: the first step that is forecast, at least `lag`; so are all steps after it.
    Returns a number, in the series' own unit.

    seasonal_mae([1, 2, 4, 8], lag=2, start=2) is (|4 - 1| + |8 - 2|) / 2 = 4.5.
    """
    ### BEGIN SOLUTION
    series = np.asarray(series)
    return np.mean(np.abs(series[start:] - series[start - lag : len(series) - lag]))
    ### END SOLUTION


# %% test="baseline" points=1
series = np.array([10, 20, 30, 12, 26, 27, 20], "float32")
mae = check.call(seasonal_mae, series, 3, 5)
check.close(mae, 5.5, "seasonal_mae(series, lag=3, start=5)", mistakes={
    "Errors of opposite sign cancel here. Take the absolute value of each, then the mean.": 2.5,
    "This is the root of the mean square (RMSE), not the mean absolute error.": np.sqrt(36.5),
    "This is the mean square error (MSE), not the mean absolute error.": 36.5,
    "This scores every step that has a past. Score from `start` on only.": 4.75,
    "np.roll wraps around: the first days are forecast from the last, their future.": 52 / 7,
    "This forecasts from the value one step before. Use `lag`.": 4.0,
    "This forecasts from the value `start` steps before. Use `lag`.": 8.5,
    "This is the sum of the errors. Take their mean.": 11.0,
})

# %% test="baseline" points=1 hidden=true
def errors(series, lag, start):
    steps = range(start, len(series))
    return np.array([float(series[step]) - float(series[step - lag]) for step in steps])


def reference(series, lag, start):
    return np.abs(errors(series, lag, start)).mean()


small = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
cases = [(births, 1, 4383), (births, 7, 4383), (births[:900], 364, 800), (small, 2, 2)]
check.same_function(seasonal_mae, reference, cases, rtol=1e-3, mistakes={
    "Errors of opposite sign cancel. Take absolute values.": lambda *a: errors(*a).mean(),
    "Score from `start` on only.": lambda series, lag, start: reference(series, lag, lag),
    "np.roll wraps around.": lambda s, lag, start: np.abs(s - np.roll(s, lag)).mean(),
})

# %%
tested = dates >= np.datetime64("2012-01-01")
baselines = {"yesterday": 1, "a week ago": 7, "52 weeks ago": 364}
for name, lag in baselines.items():
    error = np.abs(births[lag:] - births[:-lag])[tested[lag:]]
    print(f"{name:<14} MAE {error.mean():6.0f} births a day, 2012 to 2014")

# Try yours: seasonal_mae(births, 7, start=int(np.argmax(tested)))

# %% [markdown]
# ## 6 · A score that is too good
#
# To judge a model we keep samples that it never saw. Which ones? For pictures of cats one shuffles
# and cuts. Here is the code as it stands in many a notebook on the web:

# %%
def split_as_found(x, y, train_size, seed=0):
    """Split samples into a training set of `train_size` and a test set, and return four arrays."""
    order = np.random.default_rng(seed).permutation(len(x))
    x, y = x[order], y[order]
    return x[:train_size], y[:train_size], x[train_size:], y[train_size:]

# %% [markdown]
# We try it on a series that **nobody can forecast**: a random walk, where every step is a fresh
# draw from a bell curve. Twenty-eight days ahead the best forecast is the last known value, and
# its expected error is √(28 · 2/π) ≈ 4.22. Nothing can beat that, save by luck. The contender is
# *nearest neighbour*: find the training window most like this one, and say what followed it.

# %%
def nearest(x_train, y_train, x_test, neighbours):
    square = (x_test**2).sum(axis=1)[:, np.newaxis] + (x_train**2).sum(axis=1)
    far = square - 2 * x_test @ x_train.T  # squared distances, (test samples, training samples)
    closest = np.argpartition(far, neighbours - 1, axis=1)[:, :neighbours]
    return y_train[closest].mean(axis=1)


walk = np.random.default_rng(1).normal(size=3000).cumsum()
width = horizon = 28
x = np.lib.stride_tricks.sliding_window_view(walk, width)[: len(walk) - width - horizon + 1]
y = walk[width + horizon - 1 :]
x_train, y_train, x_test, y_test = split_as_found(x, y, train_size=2400)

error = np.abs(nearest(x_train, y_train, x_test, neighbours=1) - y_test).mean()
print(f"best possible forecast:                {np.sqrt(28 * 2 / np.pi):.2f}")
print(f"nearest neighbour, shuffled and split: {error:.2f}")

# %% [markdown]
# Nobody can do that, and four times better than possible is not luck. An impossible score is the best
# gift a test can make: it says that something is broken.
#
# ### Bug hunt: who told?
#
# `nearest` is correct, and so are the windows. The bug is in `split_as_found`. Find it before you
# read on, and write the split that a forecaster may use.

# %% exercise="split"
def split_windows(x, y, train_size):
    """Split samples into a training set and a test set that lies after it in time.

    x: (samples, ...) and y: (samples,), in the order of time.
    train_size: the number of training samples.
    Returns x_train, y_train, x_test, y_test. Inside a part the order is free,
    as long as row i of its x and row i of its y belong together.
    """
    ### BEGIN SOLUTION
    return x[:train_size], y[:train_size], x[train_size:], y[train_size:]
    ### END SOLUTION


# %% test="split" points=1
times = np.arange(50)
windows = np.repeat(times[:, np.newaxis, np.newaxis], 4, axis=1)  # sample i holds the number i
parts = check.call(split_windows, windows, times, 40)
axes = [np.ndim(part) for part in parts] if isinstance(parts, (tuple, list)) else "no tuple"
check.equal(axes, [3, 1, 3, 1], "the number of axes of the four arrays", mistakes={
    "This is scikit-learn's order. Here it is x_train, y_train, x_test, y_test.": [3, 3, 1, 1],
})
x_train, y_train, x_test, y_test = (np.asarray(part) for part in parts)
check.chronological(y_train, y_test, "split_windows")
check.equal((len(y_train), len(y_test)), (40, 10), "the number of samples", mistakes={
    "train_size counts the training samples, not the test samples.": (10, 40),
})
for name, x, y in (("training", x_train, y_train), ("test", x_test, y_test)):
    check.shape(x, (len(y), 4, 1), f"x of the {name} set")
    torn = f"the pairing of x and y in the {name} set (shuffle both by one permutation)"
    check.equal(x[:, 0, 0], y, torn)

# %% test="split" points=1 hidden=true
for samples, train_size in ((31, 7), (500, 499), (120, 60)):
    times = np.arange(1000, 1000 + samples)
    parts = check.call(split_windows, np.stack([times, times], axis=1), times, train_size)
    x_train, y_train, x_test, y_test = (np.asarray(part) for part in parts)
    check.chronological(y_train, y_test, "split_windows")
    check.equal(np.sort(y_train), times[:train_size], "the set of training samples")
    check.equal(np.sort(y_test), times[train_size:], "the set of test samples")
    torn = "the pairing of x and y (shuffle both by one permutation)"
    check.equal(np.concatenate([x_train, x_test])[:, 0], np.concatenate([y_train, y_test]), torn)

# %% [markdown]
# **What happened.** Windows that begin one day apart share 27 of their 28 days, and their targets
# are neighbours, too. Shuffled first, nearly every test window has a twin among the training
# windows, and the twin's target is almost the answer. The model does not forecast; it looks up. It
# was trained on the future of its own test. (A test window may reach back into the training years:
# on the day of the forecast those were known. The other direction is the leak.)
#
# On real data such a leak does not announce itself. We forecast the *mean of the next four weeks*
# of births, once with each split, by the three nearest neighbours and by a linear model. When
# split by time, training stops 27 samples before the test, so that no training target reaches
# beyond the first test window. `split_windows` leaves that gap to its caller: with a horizon of *h* days, the
# last *h* - 1 training targets are not yet known when the first test window ends.

# %%
def linear(x_train, y_train, x_test):
    x_train, x_test = (np.insert(x, 0, 1, axis=1) for x in (x_train, x_test))  # and a constant
    return x_test @ np.linalg.lstsq(x_train, y_train, rcond=None)[0]  # least squares


x = np.lib.stride_tricks.sliding_window_view(births.astype("float64"), 56)[:-28]
y = np.lib.stride_tricks.sliding_window_view(births.astype("float64"), 28)[56:].mean(axis=1)
cut = int(0.8 * len(x))
by_time = x[: cut - 27], y[: cut - 27], x[cut:], y[cut:]
splits = {"shuffled": split_as_found(x, y, cut), "by time": by_time}
scores = {}
for split, (x_train, y_train, x_test, y_test) in splits.items():
    forecasts = {"nearest neighbours": nearest(x_train, y_train, x_test, neighbours=3),
                 "linear": linear(x_train, y_train, x_test)}
    scores[split] = {name: np.abs(y_test - values).mean() for name, values in forecasts.items()}

number = np.arange(len(x))  # of the sample, in the order of time
tests = {"shuffled": np.isin(number, split_as_found(x, number, cut)[3]), "by time": number >= cut}
fig = lab.plot.split_leak(tests, scores, ylabel="MAE, births a day")
lab.plot.show(fig, alt="Above, which samples are tests: scattered all over time when shuffled, "
                       "the last fifth when split by time. Below, the errors: on the shuffled "
                       "split nearest neighbours win, on the split by time the linear model wins.")

# %% [markdown]
# The shuffled split does not only flatter. It *picks the wrong model*: nearest neighbours win
# there and lose where it counts, in the future. A test set is a rehearsal for use, and in use the
# future is not available. Shuffling itself is no crime: *after* the split the training set may be
# shuffled, and `model.fit` does so. The order of the two is.
#
# ### Does a network do better?
#
# Now the question of section 5, with an honest test: train on the years before, test on the years
# after. A linear model over the last 28 days, and `GRU(32)` over the same days. Numbers are scaled
# by the mean and spread *of the training years*: those of the whole series would be one more leak.

# %%
def train_gru(x, y, name):
    keras.utils.set_random_seed(0)
    gru = keras.Sequential([keras.Input((x.shape[1], 1)), layers.GRU(32), layers.Dense(1)])
    steps = 10 * int(np.ceil(len(x) / 64))
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps)  # large steps first, then small
    gru.compile(keras.optimizers.Adam(rate), "mae")
    lab.fit_once(gru, x, y, name=name, epochs=10, batch_size=64, verbose=0)
    return gru


def compare(first, test, end, name, width=28):
    start, cut, stop = np.searchsorted(dates, np.array([first, test, end], "datetime64[D]"))
    mean, spread = births[start:cut].mean(), births[start:cut].std()
    scaled = (births[start:stop] - mean) / spread
    x, y = np.lib.stride_tricks.sliding_window_view(scaled, width)[:-1], scaled[width:]
    size = cut - start - width  # the targets of the first `size` windows lie before the test
    gru = train_gru(x[:size, :, np.newaxis], y[:size], name)
    forecasts = {label: scaled[cut - start - lag : -lag] for label, lag in baselines.items()}
    forecasts["linear, 28 days"] = linear(x[:size], y[:size], x[size:])
    forecasts["GRU(32), 28 days"] = gru.predict(x[size:, :, np.newaxis], verbose=0)[:, 0]
    return {model: spread * np.abs(y[size:] - day).mean() for model, day in forecasts.items()}

# %%
tables = {
    "test 2012–2014,\ntrained on 12 years": compare("2000", "2012", "2015", "births-12-years"),
    "test 2003,\ntrained on 3 years": compare("2000", "2003", "2004", "births-3-years"),
}
fig = lab.plot.error_bars(tables, xlabel="MAE, births a day")
lab.plot.show(fig, alt="Mean absolute errors of five forecasters for two test periods. Trained "
                       "on twelve years the GRU beats the linear model; trained on three years "
                       "the linear model beats the GRU, and 52 weeks ago beats both.")

# %% [markdown]
# On the left the GRU earns its keep: over the same 28 days it beats the linear model. On the right
# stands the very same recipe on other years. There the linear model beats the GRU, and 52 weeks
# ago, a forecast without a single parameter, beats both. Three years give the GRU a quarter of the
# training steps; the linear model is solved exactly, in one go. Neither panel is *the* result. A
# model is better *on these data, with this budget, against these baselines*, or the claim is
# empty.
#
# Things to try: 40 epochs in place of 10 for the three years. Another test year. And a fairer
# linear model: ours minimises squared errors, while the GRU was trained on the absolute error that
# we score; `Dense(1)` over the 28 days with the loss `"mae"` takes that advantage away.
#
# ## 7 · Feeding the network
#
# Arrays are fine while they fit into memory. For the rest there is `tf.data`, a pipeline of small
# steps. The windows of section 5, built on the fly:

# %%
width = 28
windows = (
    tf.data.Dataset.from_tensor_slices(births)
    .window(width + 1, shift=1, drop_remainder=True)  # 28 inputs and their target
    .flat_map(lambda days: days.batch(width + 1))
    .map(lambda days: (days[:-1, tf.newaxis], days[-1]))
)
x_batch, y_batch = next(iter(windows.batch(64)))
print("x:", x_batch.shape, " y:", y_batch.shape)
print("samples:", sum(1 for _ in windows), "=", len(births), "-", width, "- 1 + 1")

# %% [markdown]
# Sentences are harder to batch, for they differ in length. Real ones are at hand: the
# reference manual that came with your Python. How much of each batch is padding, if we
#
# * pad every sentence to the longest of all,
# * pad to the longest of its own batch (`padded_batch`),
# * put sentences of similar length together first (`bucket_by_sequence_length`)?

# %%
import re
from pydoc_data.topics import topics

paragraphs = [part for topic in topics.values() for part in topic.split("\n\n")]
prose = [" ".join(part.split()) for part in paragraphs if not part.startswith(" ")]
manual = [sentence for part in prose for sentence in re.split(r"(?<=[.?]) ", part)
          if re.fullmatch(r"[A-Z][a-z].*\.", sentence)]
vectorize = layers.TextVectorization(ragged=True)
vectorize.adapt(manual)
rows = vectorize(manual)  # ragged: each row as long as its sentence
lengths = rows.row_lengths().numpy()
print(len(manual), "sentences; tokens in the median one and in the longest:",
      int(np.median(lengths)), lengths.max())
print("for example:", manual[int(np.argmin(np.abs(lengths - 14)))])

# %%
def share_of_padding(batches):
    batches = list(batches)  # each (batch, timesteps)
    return 1 - sum(map(np.count_nonzero, batches)) / sum(map(np.size, batches))


encoded = tf.data.Dataset.from_tensor_slices(rows).map(lambda row: row)  # each row a tensor
buckets = encoded.bucket_by_sequence_length(
    element_length_func=lambda row: tf.shape(row)[0],
    bucket_boundaries=[9, 13, 17, 21, 25, 33, 49],
    bucket_batch_sizes=[32] * 8,
)
whole = encoded.padded_batch(32, padded_shapes=[int(lengths.max())])
waste = {
    "longest of all": share_of_padding(whole),
    "padded_batch": share_of_padding(encoded.padded_batch(32)),
    "buckets": share_of_padding(buckets),
}
fig = lab.plot.padding_waste(lengths, waste)
lab.plot.show(fig, alt="Left, a histogram of sentence lengths: most are short, a few very long. "
                       "Right, the share of padding in the batches: most of it when padded to "
                       "the longest of all, more than half with padded_batch, a fifth with "
                       "buckets.")

# %% [markdown]
# A recurrent layer walks over every timestep, real or not, so padding is time, and bucketing is the
# cheapest speed-up there is. It has a price that you now know how to name: batches are no longer a
# random draw, as each holds sentences of similar length. Shuffle before bucketing.
#
# ## What you can do now
#
# * Say what a bag of words cannot know, and show a model that does.
# * Encode and pad sentences, and mask the padding: in a mean, in a loss, in a state.
# * Cut targets from a text, by prefixes or by a shift, and windows from a series, with no answer inside its own question.
# * Split by time, know a leak by its impossible score, and hold every model against baselines.
#
# Lesson 2 opens the layer that we used as a box: what does a GRU compute at each timestep?
#
# **Read on**
#
# * S. Kaufman, S. Rosset, C. Perlich, O. Stitelman: [Leakage in data mining: formulation, detection,
#   and avoidance](https://doi.org/10.1145/2382577.2382579), ACM TKDD, 2012. The paper behind section 6.
# * Keras: [Understanding masking and padding](https://keras.io/guides/understanding_masking_and_padding/).
# * A. Karpathy: [The unreasonable effectiveness of recurrent neural networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015.
#   What a network that reads in order can learn to write.
