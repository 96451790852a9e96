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


# %% cases="bag"
def counted(sentence, words):
    return np.array([sentence.count(word) for word in words], int)  # of a list, or letters of a string


def tally(sentence, words):
    return counted(sentence.lower().split(), words)


freeze(
    tally,
    visible=[
        ("The dog and the cat chase the dog", ["the", "cat", "chase", "dog", "he"]),
        ("Stop the CAT and stop the Dog", ["dog", "stop", "cat"]),
    ],
    hidden=[
        ("a rose is a rose is a rose", ["rose", "is", "a"]),
        ("Birds sing and BIRDS fly", ["cats", "sing", "birds", "b"]),
        ("", ["empty"]),
    ],
    mistakes={
        "This marks which words occur. A bag counts them: a word may occur twice.":
            lambda s, w: np.minimum(tally(s, w), 1),
        "'The' and 'the' are one word: lower-case the sentence first.":
            lambda s, w: counted(s.split(), w),
        "Lower-case the whole sentence: a capital may stand in any word, at any place of it.":
            lambda s, w: counted((s[:1].lower() + s[1:]).split(), w),
        "A string's count finds letters: 'he' sits inside 'the'. Split into words.":
            lambda s, w: counted(s.lower(), w),
        "Split into words ('he' sits inside 'the'), and lower-case them.": counted,
        "These are shares of the sentence. A bag holds counts.":
            lambda s, w: tally(s, w) / max(len(s.split()), 1),
        "The counts must stand in the order of `words`.": lambda s, w: tally(s, sorted(w)),
        "The counts must stand in the order of `words`, not of the sentence.":
            lambda s, w: tally(s, sorted(w, key=(s.lower() + " " + " ".join(w)).split().index)),
    },
    lists=True,
)

# %% test="bag" points=1
# "The dog and the cat chase the dog", ["the", "cat", "chase", "dog", "he"]  ->  [3, 1, 1, 2, 0]
check.cases(bag_of_words, "bag")

# %% test="bag" points=1 hidden=true
check.cases(bag_of_words, "bag", hidden["bag"])

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


# %% cases="encode"
def places(sentence, words, unknown=(1,), first=0):
    found = [[words.index(w) + first] if w in words else [k + first for k in unknown]
             for w in sentence.split()]
    return [place for places in found for place in places]


def lowered(sentence, words, **options):
    return places(sentence.lower(), words, **options)


freeze(
    lowered,
    visible=[
        ("The cat bites the DOG", ["", "[UNK]", "the", "dog", "bites", "man"]),
        ("where", ["", "[UNK]", "the"]),
    ],
    hidden=[
        ("to be or not to be", ["", "[UNK]", "be", "not", "to"]),
        ("Rain RAIN go away", ["", "[UNK]", "away", "rain"]),
        ("Nothing known", ["", "[UNK]", "rain"]),
        ("a", ["", "[UNK]", "c", "b", "a"]),
    ],
    mistakes={
        "An unknown word is gone, and all after it sit at the wrong timestep. Write 1 for it.":
            lambda s, w: lowered(s, w, unknown=()),
        "0 is padding: a mask would skip an unknown word. It is 1.":
            lambda s, w: lowered(s, w, unknown=(0,)),
        "A capital made a word unknown: lower-case the sentence first.": places,
        "Lower-case the whole sentence: a capital may stand in any word.":
            lambda s, w: places(s[:1].lower() + s[1:], w),
        "The places in the list count from 0, as Python does.":
            lambda s, w: lowered(s, w, first=1),
        "The places in the list count from 0; `words` has its two reserved places already.":
            lambda s, w: [k + 2 if k > 1 else 1 for k in lowered(s, w)],
        "An unknown word is 1, not -1.": lambda s, w: lowered(s, w, unknown=(-1,)),
    },
)

# %% test="encode" points=1
# "The cat bites the DOG", ["", "[UNK]", "the", "dog", "bites", "man"]  ->  [2, 1, 4, 2, 3]
check.cases(encode, "encode")

# %% test="encode" points=1 hidden=true
check.cases(encode, "encode", hidden["encode"])

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


# %% cases="masked-mean"
def kept(x, mask):
    return np.where(mask[..., np.newaxis], x, 0)


def count(mask):
    return np.maximum(mask.sum(axis=1, keepdims=True), 1)


def mean(x, mask):
    return kept(x, mask).sum(axis=1) / count(mask)


def leading(mask):
    return np.arange(mask.shape[1]) < mask.sum(axis=1, keepdims=True)


first = np.array([[2, 0, 9, 9], [1, 2, 3, 6], [5, 5, 5, 5]], "float32")
rng = np.random.default_rng(5)
noise = rng.normal(size=(6, 9, 4)).astype("float32").round(3)
anywhere = rng.random((6, 9)) < 0.5  # real timesteps anywhere, not only on the left
anywhere[2] = False
noise[1, np.flatnonzero(anywhere[1])[0]] = 0  # a real timestep of zeros
freeze(
    mean,
    visible=[(np.stack([first, 10 * first], axis=-1),
              np.array([[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]], bool))],
    hidden=[(noise, anywhere), (noise[:1, :3, :1], np.array([[True, False, True]]))],
    mistakes={
        "The padding is in the mean. Leave out the timesteps where the mask is False.":
            lambda x, m: x.mean(axis=1),
        "The sum is right. Divide it by the number of real timesteps, not by all of them.":
            lambda x, m: kept(x, m).mean(axis=1),
        "These are the sums. Divide by the number of real timesteps.":
            lambda x, m: kept(x, m).sum(axis=1),
        "A sequence without a real timestep is 0/0 here. Its mean should be 0.":
            lambda x, m: kept(x, m).sum(axis=1) / m.sum(axis=1, keepdims=True),
        "x[mask] is one long list of the real timesteps of all sequences, so this is one mean "
        "for all. Each sequence has its own.": lambda x, m: x[m].mean(axis=0),
        "One mean was taken over all sequences; the kept axis holds a single row. Each sequence "
        "has its own mean.": lambda x, m: x[m].mean(axis=0, keepdims=True),
        "A value of 0 may be real. The mask says which timesteps count, not the values.":
            lambda x, m: kept(x, m).sum(axis=1) / np.maximum((kept(x, m) != 0).sum(axis=1), 1),
        "The mask says which timesteps are real. They need not stand at the beginning.":
            lambda x, m: mean(x, leading(m)),
        "This is the mean over the features, axis 2. The timesteps are axis 1.":
            lambda x, m: kept(x, m).mean(axis=2),
        "The mask is used the wrong way round: True is real.": lambda x, m: mean(x, ~m),
    },
    atol=1e-5,
)

# %% test="masked-mean" points=1
# [[2., 20.], [0., 0.], [9., 90.], [9., 90.]], [True, True, False, False]  ->  [1., 10.]
check.cases(masked_mean, "masked-mean")

# %% test="masked-mean" points=1 hidden=true
check.cases(masked_mean, "masked-mean", hidden["masked-mean"])

# %% [markdown]
# ### A loss
#
# A model is to name the next token at each of eight timesteps; three of them are real. Here is a
# lazy one, made by hand: whatever it reads, it bets 93% on token 0. (Its bias is the logarithm of its
# bets, for a softmax takes the exponential of what it is given, and so undoes the logarithm.) Once
# without a mask, once with.

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
right_pad = np.roll(left_pad, 5, axis=-1)  # the last five timesteps come round to the front

embedding = layers.Embedding(11, 16)  # not trained
gru = layers.GRU(32, return_sequences=True)  # its state at every timestep, not only the last


def states(tokens, masked):
    mask = (tokens != 0) if masked else None
    return gru(embedding(tokens), mask=mask).numpy()  # (pairs, timesteps, units)


def distance(tokens, masked):
    one, two = states(tokens[0], masked), states(tokens[1], masked)
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
# the two states run together, until at about 3e-9 `float32` can tell them apart no further and the
# line lies flat. A classifier that sits at timestep 39 has to find its answer in what is left.
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
    Use layers.GRU(units) as it comes: some of its options are slow on a GPU, which lesson 2
    explains. Adam(0.01), batches of 64 and six epochs are enough.
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
trained = check.trained(train_recall, x_recall, y_recall)
check.any_length(trained, "your model")
check.shape(check.call(trained, x_recall[:8, :5], name="your model"), (8, 10), "its output")
check.ignores_padding(trained, x_recall[:64, :5], "your model", amount=35)

# %% test="recall" points=1 name="recall-new"
trained = check.trained(train_recall, x_recall, y_recall)
x_unseen, y_unseen = recall_data(1000, seed=3)
check.classifies(trained, x_unseen, y_unseen, at_least=0.95, metric="accuracy on new sentences")

# %% test="recall" points=1 hidden=true
trained = check.trained(train_recall, x_recall, y_recall)
check.gpu_ready(trained)
longer = recall_data(1000, seed=4, timesteps=64)
check.classifies(trained, *longer, at_least=0.95, metric="accuracy with padding to 64 steps")

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
# **N-gram prefixes.** *n* tokens in a row are an *n-gram*; here they are the beginnings of a sentence, its *prefixes*. Every prefix is a sample, padded on the left; the token after it is the
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


# %% cases="prefixes"
def cut(tokens, length, size, ends=None, inside=0, first=False, side="pre"):
    ends = range(1, len(tokens)) if ends is None else ends
    rows = [tokens[: end + inside] for end in ends]
    rows = [row[:length] if first else row[-length:] for row in rows]
    pads = [[0] * (length - len(row)) for row in rows]
    rows = [pad + row if side == "pre" else row + pad for pad, row in zip(pads, rows)]
    return np.array(rows), np.eye(size, dtype="float32")[tokens[1:]]  # as to_categorical does


freeze(
    cut,
    visible=[([7, 3, 4, 9], 4, 12), ([5, 1, 6, 2, 8], 3, 9)],
    hidden=[([2, 5, 1], 6, 8), ([4, 9, 4, 9, 1, 2], 3, 20), ([11, 6], 2, 12)],
    mistakes={
        "Pad on the left, so that the newest token is the last timestep.":
            lambda *a: cut(*a, side="post"),
        "The label stands inside its own prefix: copying it is enough.":
            lambda *a: cut(*a, inside=1),
        "The label is the token after the prefix, not its last token.":
            lambda t, n, size: (cut(t, n, size)[0], np.eye(size)[t[:-1]]),
        "These labels are integers. Make them one-hot: to_categorical.":
            lambda t, n, size: (cut(t, n, size)[0], np.array(t[1:])),
        "Too few classes: to_categorical took the largest label. Pass "
        "num_classes=vocabulary_size.":
            lambda t, n, size: cut(t, n, max(t[1:]) + 1),
        "The whole sentence is no prefix: no token follows it.":
            lambda t, n, size: (cut(t, n, size, range(1, len(t) + 1))[0], cut(t, n, size)[1]),
        "The empty prefix is no sample: begin with the first token.":
            lambda t, n, size: (cut(t, n, size, range(len(t)))[0], np.eye(size)[t]),
        "A prefix that is too long keeps its last tokens, those just before the label.":
            lambda *a: cut(*a, first=True),
        "The rows of ys mark one class too low: the classes count from 0, and 0 is padding.":
            lambda t, n, size: (cut(t, n, size)[0], np.eye(size)[np.array(t[1:]) - 1]),
    },
    parts=("xs", "ys"),
    lists=True,
)

# %% test="prefixes" points=1
# [7, 3, 4, 9], 4, 12  ->  [[0, 0, 0, 7], [0, 0, 7, 3], [0, 7, 3, 4]], and rows that mark 3, 4, 9
check.cases(ngram_prefixes, "prefixes")

# %% test="prefixes" points=1 hidden=true
check.cases(ngram_prefixes, "prefixes", hidden["prefixes"])

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
    Returns x and y, integer arrays (pieces, length), with pieces = (tokens - 1) // length.

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


# %% cases="shift"
def rows(stream, length, step=None, size=None):
    starts = range(0, len(stream) - length, step or length)
    return np.array([stream[start : start + (size or length + 1)] for start in starts])


def pairs(stream, length, step=None):
    pieces = rows(stream, length, step)
    return pieces[:, :-1], pieces[:, 1:]


def long_pieces(stream, length):
    """Cut into pieces of length + 1 that share nothing."""
    pieces = stream[: len(stream) // (length + 1) * (length + 1)].reshape(-1, length + 1)
    return pieces[:, :-1], pieces[:, 1:]


steps = np.arange(2, 100)
freeze(
    pairs,
    visible=[
        (np.array([7, 3, 4, 9, 5, 2, 8, 6]), 3),
        (steps[:57], 8),
        (steps[:24], 12),  # one piece, not two
        (steps[:25], 12),
        (np.array([3, 3, 3, 1, 3, 1]), 1),
    ],
    mistakes={
        "The target equals the input, so copying is enough. Shift it by one step.":
            lambda s, n: (pairs(s, n)[0],) * 2,
        "The target of timestep t is the token at t + 1, not at t - 1.":
            lambda s, n: pairs(s, n)[::-1],
        "The last target of a piece is the next piece's first token, not its own.":
            lambda s, n: (pairs(s, n)[0], np.roll(pairs(s, n)[0], -1, axis=1)),
        "You cut first and shifted inside the pieces: each lost a step. Shift, then cut.":
            lambda s, n: (pairs(s, n)[0][:, :-1], pairs(s, n)[0][:, 1:]),
        "These pieces overlap. The next piece begins where the last one ended.":
            lambda s, n: pairs(s, n, step=1),
        "Each piece took one token more than `length`, and the next began after it. The last "
        "target of a piece is the first input of the next.": long_pieces,
        "Only the last target is there. Every timestep has one.":
            lambda s, n: (pairs(s, n)[0], pairs(s, n)[1][:, -1]),
    },
    parts=("x", "y"),
)

# %% test="shift" points=1
# [7, 3, 4, 9, 5, 2, 8, 6], 3  ->  x [[7, 3, 4], [9, 5, 2]] and y [[3, 4, 9], [5, 2, 8]]
check.cases(next_token_pairs, "shift")
check.shifted(*check.call(next_token_pairs, np.arange(99), 14))

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
# Two bands: workdays above, weekends below. A slow wave over the
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
    Returns arrays: x, (samples, width, 1 feature), and y, (samples,), with
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


# %% cases="windows"
def sliding(series, width, horizon=1, early=0, lost=0, step=1):
    starts = range(0, len(series) - width - horizon + 1 - lost, step)
    x = np.array([series[i : i + width] for i in starts])[..., np.newaxis]
    return x, np.array([series[i + width + horizon - 1 - early] for i in starts])


def uncut(series, width, horizon=1):
    x = np.array([series[i : i + width] for i in range(len(series) - width + 1)])
    return x[..., np.newaxis], series[width + horizon - 1 :]


def too_far(series, width, horizon=1):
    x, y = sliding(series, width, horizon)
    return x[:-1], y[1:]


def turned(series, width, horizon=1):
    x, y = sliding(series, width, horizon)
    return x[..., 0].T.reshape(x.shape), y


def all_between(series, width, horizon=1):
    x, y = sliding(series, width, horizon)
    between = [series[i + width : i + width + horizon] for i in range(len(x))]
    return x, np.array(between)


noise = np.random.default_rng(7).normal(size=24).astype("float32").round(2)
freeze(
    sliding,
    visible=[(np.arange(0, 70, 10, dtype="float32"), 3, 2), (noise[:7], 2)],
    hidden=[(noise, 10), (noise[:9], 1, 1), (noise, 6, 9), (births[:40], 28, 7), (noise[:13], 8, 5)],
    mistakes={
        "The target is inside its own input: the window's last value.":
            lambda s, w, h=1: sliding(s, w, h, early=h),
        "The target is the day after the window. Take the day `horizon` days after its last day.":
            lambda s, w, h=1: sliding(s, w, h, early=h - 1),
        "`horizon` is not used: the windows must end `horizon` days before the series does.":
            lambda s, w, h=1: sliding(s, w, 1),
        "The last window is missing: N - w - h + 1 fit.":
            lambda s, w, h=1: sliding(s, w, h, lost=1),
        "x has more windows than y has targets. The last windows have no target: N - w - h + 1 "
        "windows stay.": uncut,
        "x lacks its last axis, the features: x[..., np.newaxis].":
            lambda s, w, h=1: (sliding(s, w, h)[0][..., 0], sliding(s, w, h)[1]),
        "y should be (samples,): one number for each window.":
            lambda s, w, h=1: (sliding(s, w, h)[0], sliding(s, w, h)[1][:, np.newaxis]),
        "There is one target, the value after `horizon` days, not one for each of these days.":
            all_between,
        "These windows do not overlap. Move on by one day.":
            lambda s, w, h=1: sliding(s, w, h, step=w),
        "The target lies a day too far: count from the window's last day.": too_far,
        "reshape turns no axes: its rows are still the series from different days on. Transpose.":
            turned,
        "Windows begin `horizon` days apart here. Move on by one day.":
            lambda s, w, h=1: sliding(s, w, h, step=h),
    },
    parts=("x", "y"),
)

# %% test="windows" points=1
# [0, 10, ..., 60], 3, 2  ->  x[0] is [[0], [10], [20]], and y is [40, 50, 60]
check.cases(make_windows, "windows")
x_days = check.call(make_windows, births, 30, 7)[0]
check.shape(x_days, (5479 - 30 - 7 + 1, 30, 1), "x for the births, 30 days wide, 7 ahead,")

# %% test="windows" points=1 hidden=true
check.cases(make_windows, "windows", hidden["windows"])

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


# %% cases="baseline"
def errors(series, lag, start):
    return series[start:] - series[start - lag : len(series) - lag]


def mae(series, lag, start):
    return float(np.abs(errors(series, lag, start)).mean())


def late(series, lag, start):
    return float(np.abs(series[lag:] - series[:-lag])[start:].mean())


small = np.array([10, 20, 30, 12, 26, 27, 20, 24, 21], "float32")
some = births[4000:4420].astype("float64")
freeze(
    mae,
    visible=[(small, 3, 5), (small, 2, 2), (small[:5], 1, 4)],
    hidden=[(some[:60], 1, 30), (some[:60], 7, 40), (some, 364, 400), (small[:4], 2, 3)],
    mistakes={
        "Errors of opposite sign cancel here. Take the absolute value of each, then the mean.":
            lambda *a: float(errors(*a).mean()),
        "The absolute value is taken of the mean: errors of opposite sign have cancelled by then.":
            lambda *a: float(np.abs(errors(*a).mean())),
        "This is the root of the mean square (RMSE), not the mean absolute error.":
            lambda *a: float(np.sqrt((errors(*a) ** 2).mean())),
        "This is the mean square error (MSE), not the mean absolute error.":
            lambda *a: float((errors(*a) ** 2).mean()),
        "series[lag:] - series[:-lag] begins at step `lag`: its element 0 belongs to step `lag`. "
        "[start:] of it leaves out `lag` steps too many.": late,
        "This scores every step that has a past. Score from `start` on only.":
            lambda s, lag, start: mae(s, lag, lag),
        "np.roll wraps around: the first days are forecast from the last, their future.":
            lambda s, lag, start: float(np.abs(s - np.roll(s, lag)).mean()),
        "This forecasts from the value one step before. Use `lag`.":
            lambda s, lag, start: mae(s, 1, start),
        "This forecasts from the value `start` steps before. Use `lag`.":
            lambda s, lag, start: mae(s, start, start),
        "This is the sum of the errors. Take their mean.":
            lambda *a: float(np.abs(errors(*a)).sum()),
        "These are the errors of each step. Take their mean.": lambda *a: np.abs(errors(*a)),
        "The sum of the errors is divided by the length of the whole series. Divide by the "
        "number of steps that are forecast.":
            lambda s, lag, start: float(np.abs(errors(s, lag, start)).sum() / len(s)),
        "This is the median of the errors. Take their mean.":
            lambda *a: float(np.median(np.abs(errors(*a)))),
        "These are shares of the values. The error is asked in the series' own unit.":
            lambda s, lag, start: float(np.mean(np.abs(errors(s, lag, start)) / s[start:])),
        "The forecast of the last step is left out.":
            lambda s, lag, start: float(np.abs(errors(s, lag, start))[:-1].mean()),
        "The forecast of step `start` itself is left out.":
            lambda s, lag, start: float(np.abs(errors(s, lag, start))[1:].mean()),
    },
    rtol=1e-4,
)

# %% test="baseline" points=1
# [10, 20, 30, 12, 26, 27, 20, 24, 21], 3, 5  ->  (3 + 8 + 2 + 6) / 4 = 4.75
check.cases(seasonal_mae, "baseline")

# %% test="baseline" points=1 hidden=true
check.cases(seasonal_mae, "baseline", hidden["baseline"])

# %%
lab.forecasts.baselines()  # of the births, yesterday, a week ago and 52 weeks ago
# Try yours: seasonal_mae(births, 7, start=4383), where 4383 is 2012-01-01

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
# draw from a bell curve. Twenty-eight days ahead the best forecast is the last known value. It is
# off by the sum of 28 draws, which has a spread of √28; and the absolute value of a draw from a bell
# curve of spread 1 is √(2/π) ≈ 0.80 on average. So its expected error is √(28 · 2/π) ≈ 4.22, and nothing
# can beat that, save by luck. The contender is *nearest neighbour*: find the training window most like
# this one, and say what followed it.

# %%
lab.forecasts.random_walk(split_as_found)  # windows of 28 days, targets 28 days later

# %% [markdown]
# Nobody can do that, and four times better than possible is not luck. An impossible score is the best
# gift a test can make: it says that something is broken.
#
# ### Bug hunt: who told?
#
# The nearest neighbour is correct, and so are the windows. The bug is in `split_as_found`. Find it before you
# read on, and write the split that a forecaster may use.

# %% exercise="split"
def split_windows(x, y, train_size):
    """Split samples into a training set and a test set that lies after it in time.

    x: (samples, ...) and y: (samples,), arrays in the order of time.
    train_size: the number of training samples; all others test.
    Returns four arrays, x_train, y_train, x_test, y_test. Inside a part the order is free,
    as long as row i of its x and row i of its y belong together.
    """
    ### BEGIN SOLUTION
    return x[:train_size], y[:train_size], x[train_size:], y[train_size:]
    ### END SOLUTION


# %% test="split" points=1
check.split_by_time(split_windows, samples=50, train_size=40, name="split_windows")

# %% test="split" points=1 hidden=true
for samples, train_size in ((31, 7), (500, 499), (120, 60)):
    check.split_by_time(split_windows, samples, train_size, (2,), name="split_windows")

# %% [markdown]
# **What happened.** Windows that begin one day apart share 27 of their 28 days, and their targets
# are neighbours, too. Shuffled first, nearly every test window has a twin among the training
# windows, and the twin's target is almost the answer. The model does not forecast; it looks up. It
# was trained on the future of its own test.
#
# **One more step.** Your split is right, and its user still owes it a gap. Say we forecast the *mean of
# the next four weeks*. On the day when the first test window ends, the last training samples have
# targets that are not known yet:

# %%
fig = lab.plot.gap_before_test(width=56, horizon=28)
lab.plot.show(fig, alt="Three bars over days. Without a gap the target of the last training "
                       "sample reaches 27 days beyond the end of the first test window; with a "
                       "gap it ends where that window ends.")

# %% [markdown]
# With a target that reaches *h* days ahead, the last *h* - 1 training samples stay out. The other
# direction is no leak: a test window may reach back into the training years, for on the day of the
# forecast those are known.
#
# On real data a leak does not announce itself. Here are the births, with that target and with
# that gap, split in two ways, and forecast by the three nearest neighbours and by a linear model.

# %%
lab.forecasts.two_splits(split_as_found)

# %% [markdown]
# The shuffled split does not only flatter. On these data it *picks the wrong model*: nearest neighbours win
# there, by little and in one shuffle, and lose where it counts, in the future. A test set is a rehearsal for use, and in use the
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


lab.forecasts.compare(train_gru)  # trains twice, beside a linear model and three baselines

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
# This last section has no exercise, and lessons 2 to 4 do without it: come back when your data grow.
#
# Arrays are fine while they fit into memory. For the rest there is `tf.data`, a pipeline of small
# steps. The windows of section 5, built on the fly:

# %%
width = 28
windows = (
    tf.data.Dataset.from_tensor_slices(births)
    .window(width + 1, shift=1, drop_remainder=True)  # 28 inputs and their target
    .flat_map(lambda days: days.batch(width + 1))  # each window, a small dataset, as one tensor
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


# A slice of a ragged tensor is ragged; `map` hands each row on as a plain tensor.
encoded = tf.data.Dataset.from_tensor_slices(rows).map(lambda row: row)
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
