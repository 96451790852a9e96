# %% [markdown]
# # 5 · Bidirectional RNNs: reading both ways
#
# <!-- colab-badge -->
#
# **2422 51St St No St Petersburg FL: which *St* is a street, and which is a saint?** You know as soon as you have read on. A recurrent layer that stands at a token has read nothing but
# what comes before it. This lesson gives it the rest, too: a second layer that reads from the end. You will take
# that idea apart, see what it buys, and find out where it is cheating.
#
# After it you can
#
# * build a bidirectional layer from two recurrent layers and a flip, and merge them in five ways;
# * tell its widths and weights before you build it, and say where its final states sit in its output;
# * tag every token of a sentence, with padding that changes nothing;
# * measure what each output depends on, and catch a model that reads the future it is meant to predict.
#
# *Time:* about 120 minutes to read and solve. *Before this:* lesson 1 (padding and masks), lesson 2 (layers, states, `GradientTape`), lesson 3 (`initial_state`, the encoder and decoder).

# %% setup=true

# %% given="imports"
import re
from collections import Counter, defaultdict

import keras
import numpy as np
import tensorflow as tf
from keras import layers

# %% [markdown]
# ## 1 · What follows decides
#
# The [usaddress](https://github.com/datamade/usaddress) project has labelled 1,513 addresses: every token carries one of 29 tags. This is **tagging**: one answer at every timestep.
#
# Some addresses stand in the list twice, but for a comma or a capital. If one copy trains and the other tests, the test asks for what was memorised; so each address is kept once, before the split. A token is
# written in lower case with every digit as 0, so that all four-digit house numbers are one word. A word seen once in training becomes `[UNK]`: that way the model meets unknown words while it learns.

# %% given="addresses"
def plain(token):
    """Lower case, and every digit as 0: "8128" becomes "0000", "Drive," becomes "drive,"."""
    return re.sub(r"\d", "0", token.lower())


def letters(address):
    """A list of tokens as one word of small letters and digits, the same for every spelling."""
    return re.sub(r"\W", "", "".join(address).lower())


tokens, tags = lab.data.addresses()
first = {}
for index, address in enumerate(tokens):
    first.setdefault(letters(address), index)
order = np.random.default_rng(0).permutation(list(first.values()))
train, test = order[:1200], order[1200:]

seen = Counter(plain(token) for index in train for token in tokens[index])
vocabulary = ["", "[UNK]"] + [word for word, count in seen.most_common() if count > 1]
code = {word: place for place, word in enumerate(vocabulary)}
tag_names = [""] + sorted({tag for address in tags for tag in address})


def encoded(indices):
    """Return token codes and tag codes, int32 (addresses, 19), padded with 0 on the right."""
    x = [[code.get(plain(token), 1) for token in tokens[index]] for index in indices]
    y = [[tag_names.index(tag) for tag in tags[index]] for index in indices]
    return [keras.utils.pad_sequences(rows, maxlen=19, padding="post") for rows in (x, y)]


(x_train, y_train), (x_test, y_test) = encoded(train), encoded(test)

# %%
print(len(tokens), "addresses,", len(first), "of them different;", end=" ")
in_both = {letters(tokens[index]) for index in train} & {letters(tokens[index]) for index in test}
print("in training and in test:", len(in_both))
print("x_train", x_train.shape, " x_test", x_test.shape, f" {len(vocabulary)} words")
example = next(index for index in test if tokens[index].count("St") == 2)
figure = lab.plot.tagged(tokens[example], {"tags": tags[example]})
alt = "2422 51St St No St Petersburg FL: the first St is StreetNamePostType, the second PlaceName."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# A baseline before any network, and it already asks the lesson's question. Give each token the tag that it had most often in training. Then do the same for *pairs*: the token with the one before it, or
# with the one after it. A pair that training never had falls back to the token alone, an unknown token to the commonest tag of all.
#
# There are two scores. The share of *tokens* tagged right is the kinder one. Somebody who wants to deliver a letter counts whole *addresses*.

# %% given="scores"
def tagging_scores(guess, y):
    """Return the share of real tokens tagged right, and the share of addresses without a mistake.

    guess, y: tag codes (addresses, timesteps); y is 0 where there is padding.
    """
    real = y > 0
    right = (guess == y) | ~real
    return float(right[real].mean()), float(right.all(axis=1).mean())

# %%
def keys(x, t, beside):
    """What a count is looked up by, the most specific first."""
    before, now, after = ([0, *x, 0][t + k] for k in range(3))
    pair = {"nothing": (now,), "before": (before, now), "after": (now, after)}[beside]
    return [("pair", *pair), now, "any"]


for beside in ("nothing", "before", "after"):
    counts = defaultdict(Counter)
    for x, y in zip(x_train.tolist(), y_train.tolist(), strict=True):
        for t in np.flatnonzero(y):  # where there is a token
            for key in keys(x, t, beside):
                counts[key][y[t]] += 1
    guess = np.zeros_like(y_test)
    for row, x in enumerate(x_test.tolist()):
        for t in np.flatnonzero(x):
            known = next(key for key in keys(x, t, beside) if key in counts)  # fall back
            guess[row, t] = counts[known].most_common(1)[0][0]
    right, whole = tagging_scores(guess, y_test)
    print(f"the token and {beside:<8} tokens {right:.3f}   whole addresses {whole:.3f}")

# %% [markdown]
# Counting alone shows that both neighbours tell something. Either one removes about a third of the mistakes, and whole addresses come out right in 31 to 33 of a hundred instead of 20. What can be had from *all* that stands before, and *all* that comes after?
#
# ## 2 · Two layers and a flip
#
# The idea is [Schuster and Paliwal's](https://doi.org/10.1109/78.650093), of 1997. One recurrent layer reads from the first token to the last, a second one from the last to the first, and at each timestep their outputs are laid side by side. The two
# know nothing of each other: they have separate weights and separate states.

# %%
figure = lab.plot.both_ways(["100", "St", "Louis", "Ave"])
alt = "A forward chain and a backward chain of steps over four tokens, joined at each token."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# For the second layer Keras has `go_backwards=True`, which you met in lesson 2. It hides a trap. Here is a layer that only adds up what it reads, so you can check it in your head:

# %% given="adder"
def adder(**options):
    """A SimpleRNN with one unit, h_t = x_t + h_(t-1), on one feature: a running sum."""
    layer = layers.SimpleRNN(1, activation=None, use_bias=False, return_sequences=True, **options)
    layer.build((None, None, 1))
    layer.set_weights([np.eye(1), np.eye(1)])
    return layer

# %%
x = np.array([1, 10, 100, 1000], "float32").reshape(1, 4, 1)
for name, layer in {"forward": adder(), "backward": adder(go_backwards=True)}.items():
    print(f"{name:<9}", np.array(layer(x))[0, :, 0].astype(int))

# %% [markdown]
# The backward layer begins with the last input, and gives its outputs *in the order in which it made them*. Its first output, 1000, belongs to the last timestep. Side by side as they come, timestep 0 would get
# 1, what has been read up to it, beside 1000, what was read from the end down to timestep 3. It should be 1 beside 1111.
#
# ### Exercise: read both ways
#
# Put the two layers together, each output at the timestep it belongs to. `np.flip` or `keras.ops.flip` turns an array around along an `axis`; `keras.ops.concatenate` lays arrays side by side.

# %% exercise="both-ways"
def read_both_ways(x, forward, backward):
    """Return the outputs of two layers side by side, (batch, timesteps, units of both).

    x: float32 (batch, timesteps, features).
    forward, backward: recurrent layers with return_sequences=True, called as forward(x);
    backward has go_backwards=True and so returns its outputs in reversed time.
    The first units of the result are the forward layer's, which at timestep t has read
    x[:, : t + 1]; the others are the backward layer's, which at timestep t has read x[:, t:].

    For two adders and x = [[[1], [10]]] the result is [[[1, 11], [11, 10]]].
    """
    ### BEGIN SOLUTION
    ahead = keras.ops.flip(backward(x), axis=1)
    return keras.ops.concatenate([forward(x), ahead], axis=-1)
    ### END SOLUTION

# %% test="both-ways" points=1
# Two adders on 1, 10, 100, 1000 give 1, 11, 111, 1111 beside 1111, 1110, 1100, 1000.
some = np.array([[1, 10, 100, 1000], [4, 3, 2, 1]], "float32")[..., np.newaxis]
check.reads_both_ways(read_both_ways, adder(), adder(go_backwards=True), some)

# %% test="both-ways" points=1 hidden=true
keras.utils.set_random_seed(5)
some = np.random.default_rng(5).normal(size=(2, 3, 4))
ahead, name = {"return_sequences": True}, "the outputs of two other layers"
pair = layers.GRU(2, **ahead), layers.SimpleRNN(3, **ahead, go_backwards=True)
check.reads_both_ways(read_both_ways, *pair, some, name)

# %% [markdown]
# `layers.Bidirectional` does just this. It wraps a recurrent layer, makes a second one like it with `go_backwards=True`, and flips. Its two halves are its attributes `forward_layer` and `backward_layer`.
# Joined as they come, they differ from it. When your function passes, remove the `# ` and see what it makes of the same two.

# %%
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
wrapped = layers.Bidirectional(layers.LSTM(4, return_sequences=True))
expected = np.array(wrapped(x))  # (2, 6, 8)

halves = wrapped.forward_layer, wrapped.backward_layer
as_they_come = np.concatenate([half(x) for half in halves], axis=-1)
print(f"as they come: largest difference {np.abs(as_they_come - expected).max():.1e}")
# print(f"yours: {np.abs(read_both_ways(x, *halves) - expected).max():.1e}")

# %% [markdown]
# ### Five ways to merge
#
# Side by side is one way to join two outputs of shape `(batch, timesteps, units)`. `merge_mode` knows five. Look at the last line: an easy misspelling is none of them.

# %%
x = np.ones((2, 6, 3), "float32")
for mode in ("concat", "sum", "mul", "ave", None, "avg"):
    try:
        result = layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode=mode)(x)
        result = [tuple(part.shape) for part in (result if mode is None else [result])]
    except ValueError as error:
        result = f"ValueError: {str(error)[:32]}"
    print(f"merge_mode={mode!r:<9}", *(result if isinstance(result, list) else [result]))

# %% [markdown]
# `"concat"`, the default, is twice as wide. `"sum"`, `"mul"` and `"ave"` keep the width and cannot tell afterwards which direction said what. `None` does not merge: two tensors come back, and a `Sequential` model cannot take them.
#
# ### Exercise: merge
#
# Write the five, and refuse all others as Keras does.

# %% exercise="merge"
def merge(forward, backward, mode):
    """Merge two outputs as Bidirectional does.

    forward, backward: NumPy arrays (batch, timesteps, units), both in the order of time.
    mode: "concat": side by side, the last axis twice as long; "sum", "mul": element by element;
    "ave": their average; None: the pair (forward, backward), as it is.
    Raises ValueError for any other mode.

    For [[[1.0, 2.0]]] and [[[3.0, 5.0]]], "mul" gives [[[3.0, 10.0]]].
    """
    ### BEGIN SOLUTION
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
    raise ValueError(f"unknown mode {mode!r}")
    ### END SOLUTION

# %% cases="merge"
ways = {
    "concat": lambda f, b: np.concatenate([f, b], axis=-1),
    "sum": lambda f, b: f + b,
    "mul": lambda f, b: f * b,
    "ave": lambda f, b: (f + b) / 2,
    None: lambda f, b: (f, b),
}


def merged(forward, backward, mode):
    return ways[mode](forward, backward)


def instead(mode, wrong):
    """Merge as asked, but for one mode."""
    return lambda f, b, asked: wrong(f, b) if asked == mode else merged(f, b, asked)


x = np.random.default_rng(1).normal(size=(4, 5, 2)).astype("float32")
apart = layers.Bidirectional(layers.LSTM(32, return_sequences=True), merge_mode=None)
f, b = (np.array(part) for part in apart(x))
for mode, width in {"concat": 64, "sum": 32, "mul": 32, "ave": 32, None: [32, 32]}.items():
    layer = layers.Bidirectional(layers.LSTM(32, return_sequences=True), merge_mode=mode)
    layer.build(x.shape)
    layer.set_weights(apart.get_weights())
    of_keras, of_ours = layer(x), merged(f, b, mode)
    assert np.allclose(of_keras, of_ours, rtol=1e-4, atol=1e-5)
    assert width == (of_ours.shape[-1] if mode else [part.shape[-1] for part in of_ours])


def pairs(*shape):
    rng = np.random.default_rng(shape[0])
    return [rng.normal(size=shape).round(2) for _ in "fb"]


freeze(
    merged,
    visible=[(*pairs(1, 2, 2), mode) for mode in ways],
    hidden=[(*pairs(3, 4, 5), mode) for mode in ways],
    mistakes={
        "'concat' stands one after the other in time. Side by side is the last axis, -1.":
            instead("concat", lambda f, b: np.concatenate([f, b], axis=1)),
        "'concat' stands one below the other, in the batch. Side by side is the last axis, -1.":
            instead("concat", lambda f, b: np.concatenate([f, b])),
        "The forward units come first.":
            instead("concat", lambda f, b: np.concatenate([b, f], axis=-1)),
        "Forward and backward have changed places: the forward units come first, also in the pair.":
            lambda f, b, mode: merged(b, f, mode),
        "The 'sum' is divided, as an average is.": instead("sum", ways["ave"]),
        "For 'mul' that is a matrix product; it goes element by element.":
            instead("mul", lambda f, b: f @ b),
        "For 'mul' each timestep meets every other: a matrix product. It goes element by element.":
            instead("mul", lambda f, b: f @ b.swapaxes(1, 2)),
        "All that comes after 'sum' gives the sum, too. A text alone, as in `or \"add\"`, is true.":
            lambda f, b, mode: merged(f, b, "sum" if mode in ("mul", "ave") else mode),
        "Backward is turned around once more. Both stand in the order of time already.":
            lambda f, b, mode: merged(f, np.flip(b, axis=1), mode),
        "For 'ave' that is the sum. The average is half of it.": instead("ave", ways["sum"]),
        "For 'ave' only the second of the two is halved: mind the brackets.":
            instead("ave", lambda f, b: f + b / 2),
        "None does not merge: return both, forward and backward.": instead(None, ways["concat"]),
        "For None the pair is asked, forward and backward; only one of them came back.":
            instead(None, lambda f, b: f),
    },
)

# %% test="merge" points=1
# [[[1.0, 2.0]]] and [[[3.0, 5.0]]], "mul"  ->  [[[3.0, 10.0]]]
check.cases(merge, "merge")
check.refuses(merge, np.ones((1, 2, 3)), np.ones((1, 2, 3)), "avg")  # Keras spells it "ave"

# %% test="merge" points=1 hidden=true
check.cases(merge, "merge", hidden["merge"])
for other in ("avg", "mean", "Concat", "", "add", "None"):
    check.refuses(merge, np.ones((2, 3, 4)), np.ones((2, 3, 4)), other)

# %% [markdown]
# ## 3 · Widths and weights
#
# Two layers have twice the weights of one. What is easy to miss is the *next* layer: with `"concat"` it reads 2 · units features. From lesson 2, with *f* features and *u* units, an LSTM has $4u(f + u + 1)$ weights and a GRU $3u(f + u + 2)$.
#
# The first two of these stacks classify film reviews. They are the models of TensorFlow's tutorial [Text classification with an RNN](https://www.tensorflow.org/text/tutorials/text_classification_rnn), with the 8,185
# subwords that it once had for a vocabulary; section 9 comes back to them. The others are of the kinds that forum questions are full of; the last two differ in one argument.

# %% given="stacks"
stacks = {  # name: (features, or the vocabulary for an Embedding; layers (kind, units, merge))
    "film reviews": (
        8185,
        [("Embedding", 64, None), ("BiLSTM", 64, "concat"),
         ("Dense", 64, None), ("Dense", 1, None)],
    ),
    "film reviews, stacked": (
        8185,
        [("Embedding", 64, None), ("BiLSTM", 64, "concat"), ("BiLSTM", 32, "concat"),
         ("Dense", 64, None), ("Dense", 1, None)],
    ),
    "33 steps, 8 classes": (
        120,
        [("Embedding", 42, None), ("BiLSTM", 56, "concat"), ("BiLSTM", 12, "concat"),
         ("Dense", 8, None)],
    ),
    "on (5, 10)": (10, [("BiLSTM", 64, "concat"), ("BiLSTM", 32, "concat"), ("Dense", 10, None)]),
    "masked": (10, [("BiLSTM", 32, "concat"), ("BiLSTM", 64, "concat"), ("Dense", 5, None)]),
    "masked, summed": (10, [("BiLSTM", 32, "sum"), ("BiLSTM", 64, "concat"), ("Dense", 5, None)]),
}

# %% [markdown]
# ### Exercise: widths and weights
#
# Arithmetic only, no Keras. The width is the size of a layer's last axis.

# %% exercise="stack"
def widths_and_weights(features, stack):
    """Return a list of (width, weights), one pair of ints for each layer.

    features: int, what the first layer reads (the vocabulary's size, if it is an Embedding).
    stack: a list of (kind, units, merge) with kind one of "Embedding", "Dense", "BiLSTM", "BiGRU";
    a bidirectional layer has two layers of `units` units each, with biases (a GRU with two,
    reset_after=True), and merge is one of "concat", "sum", "mul" and "ave". For others it is None.

    widths_and_weights(3, [("Dense", 4, None)]) is [(4, 16)].
    """
    ### BEGIN SOLUTION
    found = []
    for kind, units, merge_mode in stack:
        weights = {
            "Embedding": features * units,
            "Dense": units * (features + 1),
            "BiLSTM": 2 * 4 * units * (features + units + 1),
            "BiGRU": 2 * 3 * units * (features + units + 2),
        }[kind]
        features = 2 * units if merge_mode == "concat" else units
        found.append((features, weights))
    return found
    ### END SOLUTION

# %% cases="stack"
def counted(features, stack, both=2, wide=2, summed=1, apart=True, follow=True, biases=2, bias=1,
            dense=1, table=0, stay=False, one_if_joined=False):  # fmt: skip
    found = []
    for kind, units, mode in stack:
        width = (wide if mode == "concat" else summed) * units if mode else units
        inner = units if apart else 2 * units  # or one layer of twice the units
        weights = {
            "Embedding": units * (features + table),
            "Dense": units * (features + bias * dense),
            "BiLSTM": (both if apart else 1) * 4 * inner * (features + inner + bias),
            "BiGRU": (both if apart else 1) * 3 * inner * (features + inner + biases * bias),
        }[kind]
        joined = one_if_joined and mode in ("sum", "mul", "ave")
        found.append((width, weights // 2 if joined else weights))
        features = features if stay else width if follow else units
    return found


def running(features, stack):
    found = counted(features, stack)
    totals = np.cumsum([weights for _, weights in found]).tolist()
    return [(width, total) for (width, _), total in zip(found, totals, strict=True)]


totals = [sum(weights for _, weights in counted(*asked)) for asked in stacks.values()]
assert totals == [598_209, 635_329, 61_592, 80_266, 77_701, 61_317], totals
assert [width for width, _ in counted(*stacks["masked"])] == [64, 128, 5]
assert [width for width, _ in counted(*stacks["masked, summed"])] == [32, 128, 5]
assert counted(8, [("BiLSTM", 32, "concat")]) == [(64, 10_496)]
freeze(
    counted,
    visible=[(8, [("BiLSTM", 32, "concat")]), *stacks.values()],
    hidden=[
        (50, [("Embedding", 12, None), ("BiGRU", 7, "concat"), ("BiLSTM", 5, "mul")]),
        (6, [("BiGRU", 20, "ave"), ("BiGRU", 9, "sum"), ("Dense", 1, None)]),
        (1, [("BiLSTM", 4, "concat"), ("Dense", 8, None), ("BiGRU", 3, "concat")]),
    ],
    mistakes={
        "Two layers, each with its own weights: twice the count of one.":
            lambda f, s: counted(f, s, both=1),
        "An LSTM of twice the units is not two: these do not read each other's state.":
            lambda f, s: counted(f, s, apart=False, summed=2),
        "That counts one layer of twice the units. Two layers do not read each other's state.":
            lambda f, s: counted(f, s, apart=False),
        "Side by side, there are the units of each direction: with 'concat' the width is 2 · units.":
            lambda f, s: counted(f, s, wide=1),
        "With 'sum', 'mul' and 'ave' the outputs are joined element by element: the width is "
        "units, not 2 · units.": lambda f, s: counted(f, s, summed=2),
        "The layer after a 'concat' reads both halves: 2 · units features.":
            lambda f, s: counted(f, s, follow=False),
        "A GRU has two biases for each gate, reset_after=True.":
            lambda f, s: counted(f, s, biases=1),
        "The biases are missing.": lambda f, s: counted(f, s, bias=0),
        "A Dense layer has a bias, too: one number for each unit.":
            lambda f, s: counted(f, s, dense=0),
        "An Embedding is a table without a bias: a row of units for each word.":
            lambda f, s: counted(f, s, table=1),
        "Each layer is counted as if it read what the first one reads. What it reads is the width "
        "of the layer before.": lambda f, s: counted(f, s, stay=True),
        "Outputs that are joined element by element still come of two layers: twice the weights, "
        "whatever the merge.": lambda f, s: counted(f, s, one_if_joined=True),
        "The weights are added up from layer to layer. A pair holds those of its layer.": running,
        "The weights are right and stand first. A pair is (width, weights).":
            lambda f, s: [(weights, width) for width, weights in counted(f, s)],
    },
)

# %% test="stack" points=1
# Bidirectional(LSTM(32)) on 8 features: 8, [("BiLSTM", 32, "concat")]  ->  [(64, 10_496)]
check.cases(widths_and_weights, "stack")

# %% test="stack" points=1 hidden=true
check.cases(widths_and_weights, "stack", hidden["stack"])

# %% [markdown]
# Now let Keras count. The last two begin with a `Masking` layer, which has no weights and so no pair above.

# %%
lstm, bi, every = layers.LSTM, layers.Bidirectional, {"return_sequences": True}
words, steps = keras.Input((None,)), [keras.Input((None, 10)), layers.Masking()]
end = [layers.Dense(64), layers.Dense(1)]
built = [
    [words, layers.Embedding(8185, 64), bi(lstm(64)), *end],
    [words, layers.Embedding(8185, 64), bi(lstm(64, **every)), bi(lstm(32)), *end],
    [keras.Input((33,)), layers.Embedding(120, 42), bi(lstm(56, **every)), bi(lstm(12))],
    [keras.Input((5, 10)), bi(lstm(64, **every)), bi(lstm(32)), layers.Dense(10)],
    [*steps, bi(lstm(32, **every)), bi(lstm(64)), layers.Dense(5)],
    [*steps, bi(lstm(32, **every), merge_mode="sum"), bi(lstm(64)), layers.Dense(5)],
]
built[1][-2:] = [layers.Dense(64), layers.Dense(1)]  # layers of its own
built[2].append(layers.Dense(8))

for name, stack in zip(stacks, built, strict=True):
    model = keras.Sequential(stack)
    shapes = [layer.output.shape for layer in model.layers if isinstance(layer, bi)]
    print(f"{name:<23}{model.count_params():>8,}   bidirectional outputs:", *shapes)

# %% [markdown]
# ### Another layer backwards
#
# The two directions need not be of one kind. `backward_layer` takes a layer of your own. Keras checks that it reads backwards and that `return_sequences` agree. It does not check the units. With an `LSTM(32)` forward, here is what Keras *says* the width
# is while the model is built, and what comes out when data flows:

# %%
def mixed(units, mode):
    backward = layers.GRU(units, go_backwards=True, return_sequences=True)
    forward = layers.LSTM(32, return_sequences=True)
    return layers.Bidirectional(forward, backward_layer=backward, merge_mode=mode)


x = np.zeros((2, 5, 10), "float32")
for units, mode in ((32, "concat"), (8, "concat"), (8, "sum")):
    layer = mixed(units, mode)
    said = layer.compute_output_shape(x.shape)
    try:
        came = str(tuple(layer(x).shape))
    except Exception as error:
        came = re.search("Incompatible shapes: .*?] vs. .*?]", str(error))[0]  # of a page
    print(f"GRU({units}), {mode:<7} Keras says {said}   and computes: {came}")

# %% [markdown]
# Keras doubles the *forward* layer's width and believes that. With `GRU(8)` it reports 64 and computes 32 + 8 = 40; with `"sum"` it cannot add 32 and 8 numbers. So a model can be built, can show a fine summary, and fails at the first batch,
# in the layer *after* the one that is wrong:

# %%
model = keras.Sequential([keras.Input((5, 10)), mixed(8, "concat"), layers.Dense(5)])
print("built, output", model.output_shape, f"with {model.count_params():,} weights")
try:
    model(x)
except ValueError as error:
    said = re.search("expected axis.*", str(error))[0]
    print("called:", said.split("\x1b")[0])  # up to where Keras ends its bold type

# %% [markdown]
# ## 4 · Where the final states sit
#
# Each direction ends at another place: the forward layer at the last timestep, the backward layer at the *first*. Ask for everything with `return_state=True`. After the outputs come four states, forward *h* and *c*, then backward *h* and *c*:

# %%
keras.utils.set_random_seed(3)
readings = np.random.default_rng(3).normal(size=(2, 9, 3)).astype("float32")
encoder = layers.Bidirectional(layers.LSTM(6, return_sequences=True, return_state=True))
outputs, fh, fc, bh, bc = map(np.array, encoder(readings))
print("outputs", outputs.shape, " states", fh.shape, fc.shape, bh.shape, bc.shape)

for name, state in {"forward h": fh, "backward h": bh}.items():
    for t in range(9):  # look for it everywhere
        for half, first in {"forward": 0, "backward": 6}.items():
            if np.array_equal(outputs[:, t, first : first + 6], state):
                print(f"{name} stands at timestep {t}, in the {half} half of the units")

boxes = {"forward h": (8, slice(0, 6)), "backward h": (0, slice(6, 12))}
figure = lab.plot.output_maps({"outputs of Bidirectional(LSTM(6))": outputs[0]}, boxes=boxes)
alt = "Heatmap of 12 units over 9 timesteps: forward h top right, backward h bottom left."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# So the last timestep, `outputs[:, -1]`, is *not* the summary of the sequence that it is for a plain layer: its backward half has read one input. Without `return_sequences`, `Bidirectional` takes the two boxes of the figure.
#
# ### Exercise: the summary of a sequence
#
# Cut the two boxes out of the outputs, and lay them side by side.

# %% exercise="summary"
def summary(outputs):
    """Return what Bidirectional gives without return_sequences, (batch, 2 * units).

    outputs: NumPy array (batch, timesteps, 2 * units), from a Bidirectional layer with
    return_sequences=True and merge_mode="concat". The forward units come first.

    For [[[1, 11], [11, 10]]], the two running sums of 1 and 10, it is [[11, 11]].
    """
    ### BEGIN SOLUTION
    units = outputs.shape[-1] // 2
    return np.concatenate([outputs[:, -1, :units], outputs[:, 0, units:]], axis=-1)
    ### END SOLUTION

# %% cases="summary"
def boxes(outputs, ahead=-1, behind=0, swapped=False):
    units = outputs.shape[-1] // 2
    parts = [outputs[:, ahead, :units], outputs[:, behind, units:]]
    return np.concatenate(parts[::-1] if swapped else parts, axis=-1)


rng = np.random.default_rng(2)
freeze(
    boxes,
    visible=[
        (rng.normal(size=shape).round(2),)
        for shape in ((2, 5, 6), (1, 8, 2), (3, 1, 8), (2, 4, 16))
    ],
    mistakes={
        "At the last timestep the backward layer has read one input. It ends at timestep 0.":
            lambda outputs: outputs[:, -1],
        "At timestep 0 the forward layer has read one input. It ends at the last timestep.":
            lambda outputs: outputs[:, 0],
        "The other way round: forward ends at the last timestep, backward at timestep 0.":
            lambda outputs: boxes(outputs, 0, -1),
        "The forward units come first.": lambda outputs: boxes(outputs, swapped=True),
        "The two boxes are added. Lay them side by side.":
            lambda outputs: np.add(*np.split(boxes(outputs), 2, axis=-1)),
        "That is the mean over the timesteps. Cut out the two places where the layers end.":
            lambda outputs: outputs.mean(axis=1),
        "The units do not alternate: the first half of them is forward, the second backward.":
            lambda outputs: np.concatenate([outputs[:, -1, ::2], outputs[:, 0, 1::2]], axis=-1),
        "The units are cut at a fixed place. Half of the last axis, however long, is forward.":
            lambda outputs: np.concatenate([outputs[:, -1, :6], outputs[:, 0, 6:]], axis=-1),
    },
)

# %% test="summary" points=1
# [[[1, 11], [11, 10]]], the two running sums of 1 and 10  ->  [[11, 11]]
check.cases(summary, "summary")

# %% [markdown]
# ### A decoder after it
#
# In lesson 3 the encoder's states became the decoder's first states. A bidirectional encoder hands over four tensors of `(batch, units)`, and an LSTM takes two. A simple answer: a decoder with 2 · units, whose *h* is the two *h* side by side and whose *c* the two *c*.
# What if all four are handed over as they are?

# %%
decoder = layers.LSTM(12)
try:
    decoder(readings, initial_state=[fh, fc, bh, bc])
except Exception as error:
    # the shapes that did not fit, or else the first line
    said = re.search(r"In\[0\].*(?= \[Op)", str(error)) or [str(error).splitlines()[0]]
    print(type(error).__name__, said[0])

# %% [markdown]
# It takes the first two, forward *h* and *c*, which are half as wide as it needs, and tries to multiply a state of `[2,6]` by a kernel of `[12,48]`.
#
# ### Exercise: the decoder's first state
#
# For an LSTM encoder, whose states are `[fh, fc, bh, bc]`, and for a GRU encoder, whose states are `[fh, bh]`.

# %% exercise="states"
def decoder_state(states):
    """Return the list of first states of a decoder with 2 * units, each (batch, 2 * units).

    states: a list of NumPy arrays (batch, units): [fh, fc, bh, bc] of a bidirectional LSTM,
    or [fh, bh] of a bidirectional GRU.
    Returns [h, c] for an LSTM, [h] for a GRU; the forward units come first.

    decoder_state([[[1.0]], [[2.0]], [[3.0]], [[4.0]]], as arrays) is [[[1.0, 3.0]], [[2.0, 4.0]]].
    """
    ### BEGIN SOLUTION
    half = len(states) // 2
    pairs = zip(states[:half], states[half:], strict=True)
    return [np.concatenate(pair, axis=-1) for pair in pairs]
    ### END SOLUTION

# %% cases="states"
def joined(states, order=((0, 2), (1, 3)), axis=-1):
    if len(states) == 2:  # of a GRU
        order = [(1, 0)] if order[0][0] > order[0][1] else [(0, 1)]
    return [np.concatenate([states[k] for k in pair], axis=axis) for pair in order]


def some(count, batch, units):
    rng = np.random.default_rng(count)
    return [rng.normal(size=(batch, units)).round(2) for _ in range(count)]


freeze(
    joined,
    visible=[(some(4, 2, 3),), (some(2, 2, 3),)],
    hidden=[(some(4, 5, 7),), (some(2, 5, 7),), (some(4, 1, 2),)],
    mistakes={
        "That is forward h beside forward c. The order is fh, fc, bh, bc: h is fh and bh.":
            lambda states: joined(states, ((0, 1), (2, 3))),
        "h and c are swapped.": lambda states: joined(states)[::-1],
        "These are the states as they came. A decoder of 2 * units wants wider ones: lay the two h "
        "side by side, and the two c.": list,
        "The forward units come first.": lambda states: joined(states, ((2, 0), (3, 1))),
        "The two stand below each other, in the batch. Side by side is the last axis, -1.":
            lambda states: joined(states, axis=0),
        "The two are added. Side by side they make 2 * units.":
            lambda states: [sum(np.split(state, 2, axis=-1)) for state in joined(states)],
    },
)

# %% test="states" points=1
# [fh, fc, bh, bc] = [[[1.0]], [[2.0]], [[3.0]], [[4.0]]]  ->  [[[1.0, 3.0]], [[2.0, 4.0]]]
check.cases(decoder_state, "states")

# %% test="states" points=1 hidden=true
check.cases(decoder_state, "states", hidden["states"])

# %% [markdown]
# ## 5 · Padding, read from the wrong end
#
# Sentences are padded on the right. For the forward layer the padding comes last. For the backward layer it comes *first*: without a mask it reads the padding before it has seen a single word. A mask makes it wait. Watch the outputs for
# five real tokens and four of padding:

# %%
keras.utils.set_random_seed(4)
sentence = np.array([[4, 2, 7, 1, 5, 0, 0, 0, 0]])
vectors = layers.Embedding(8, 5, mask_zero=True)(sentence) * 20  # (1, 9, 5), enlarged to be seen
one_way = layers.LSTM(6, return_sequences=True)
both = layers.Bidirectional(layers.LSTM(3, return_sequences=True))
mask = sentence != 0
maps = {"LSTM(6)": one_way(vectors, mask=mask), "Bidirectional(LSTM(3))": both(vectors, mask=mask)}
maps = {name: np.array(values)[0] for name, values in maps.items()}
figure = lab.plot.output_maps(maps, real=5)
alt = "In the padding the plain LSTM repeats its last output, the bidirectional one is zero."
lab.plot.show(figure, alt=alt)

without = np.array(both(vectors))[0, :5, 3:]
print("backward half on real tokens, mask against no mask:", end=" ")
print(f"differs by up to {np.abs(without - maps['Bidirectional(LSTM(3))'][:5, 3:]).max():.2f}")

# %% [markdown]
# Two facts to remember. On masked timesteps a plain recurrent layer repeats its last output, and after `Bidirectional` they are zero. And a mask matters *more* here than in lesson 1: without one, the padding reaches the outputs of
# the real tokens, at every timestep, through the backward half.
#
# ## 6 · Tag the addresses
#
# First the reader that looks one way. `return_sequences=True` gives an output at every timestep, and `Dense` turns each into 30 logits: one for each tag, and class 0 for padding, which the mask keeps out of the loss.

# %%
def show_scores(name, guess):
    right, whole = tagging_scores(guess, y_test)
    print(f"{name:<14}tokens {right:.3f}   whole addresses {whole:.3f}")


keras.utils.set_random_seed(0)
one_way = keras.Sequential([
    keras.Input((None,)),
    layers.Embedding(len(vocabulary), 32, mask_zero=True),
    layers.LSTM(32, return_sequences=True),
    layers.Dense(len(tag_names)),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
one_way.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss)
recipe = {"epochs": 8, "batch_size": 32, "verbose": 0}
lab.fit_once(one_way, x_train, y_train, name="one-way", **recipe)
guess_one_way = np.argmax(one_way(x_test), axis=-1)
show_scores("forward only", guess_one_way)

# %% [markdown]
# ### Exercise: a tagger
#
# Beat it. At least 0.89 of the tokens of unseen addresses, and 0.58 of the whole addresses (a hidden check). The tag of a token must not depend on how far its address is padded.
# Stay on the fast path, and train through `lab.fit_once`. The recipe above is a place to begin; one layer in it has read too little.

# %% exercise="tagger"
def train_tagger(x, y, words, classes):
    """Return a compiled, trained tagger: (batch, timesteps) -> logits (batch, timesteps, classes).

    Logits: the numbers before the softmax, which the loss takes with from_logits=True.

    x: int32 (addresses, timesteps), token codes 0 (padding) to words - 1.
    y: int32 (addresses, timesteps), tag codes 1 to classes - 1, and 0 for padding.
    It takes any number of timesteps: keras.Input((None,)).
    Train it with lab.fit_once(model, x, y, name="tagger", epochs=..., batch_size=...).
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(words, 32, mask_zero=True),
        layers.Bidirectional(layers.LSTM(32, return_sequences=True)),
        layers.Dense(classes),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss)
    lab.fit_once(model, x, y, name="tagger", epochs=8, batch_size=32)
    return model
    ### END SOLUTION

# %% test="tagger" points=2
tested = check.trained(train_tagger, x_train, y_train, len(vocabulary), len(tag_names))
said = check.tagger(tested, x_test, classes=30)
check.gpu_ready(tested)
metric = "share of the tokens of unseen addresses that are tagged right"
check.tags(tested, x_test, y_test, at_least=0.89, metric=metric, said=said)

# %% test="tagger" points=1 hidden=true
tested = check.trained(train_tagger, x_train, y_train, len(vocabulary), len(tag_names))
check.on_gpu(tested)
said = check.tagger(tested, x_test, classes=30)
metric = "share of unseen addresses without a mistake"
check.tags(tested, x_test, y_test, at_least=0.58, metric=metric, whole=True, said=said)

# %% [markdown]
# What does the future buy, and where? `lab` holds a second reader, which reads both ways, 32 units in each direction, and is trained by the same recipe. Below its scores are the tags with at least 20 tokens in the test set, those that gain most at the top.

# %%
sizes = {"words": len(vocabulary), "classes": len(tag_names)}
guess_both = lab.tags_both_ways(x_train, y_train, x_test, **sizes, **recipe)
show_scores("forward only", guess_one_way)
show_scores("both ways", guess_both)

# %%
shares = {}
for number, name in enumerate(tag_names):
    there = y_test == number
    if number and there.sum() >= 20:
        one, two = ((guess == y_test)[there].mean() for guess in (guess_one_way, guess_both))
        shares[name] = (one, two, int(there.sum()))
most = sorted(shares, key=lambda name: shares[name][0] - shares[name][1])
figure = lab.plot.gains({name: shares[name] for name in most}, ("forward only", "both ways"))
alt = (
    "Share of tokens tagged right, for 17 tags, by either reader: "
    "twelve gain, three are equal, StreetName and Recipient lose."
)
lab.plot.show(figure, alt=alt)

# %%
real = y_test > 0
one, two = (((guess != y_test) & real).sum(axis=1) for guess in (guess_one_way, guess_both))
short = real.sum(axis=1) <= 8  # fits the page
row = int(np.argmax(np.where(short, one - two, -99)))
count = int(real[row].sum())
readers = {"truth": y_test, "forward only": guess_one_way, "both ways": guess_both}
rows = {name: [tag_names[k] for k in codes[row, :count]] for name, codes in readers.items()}
figure = lab.plot.tagged(tokens[test[row]], rows)
alt = "An address on which the forward reader makes mistakes that the other does not make."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# The address shown when this page was made is *123 Maple Rochester, New York*. When the forward reader comes to *Rochester,* nothing has told it yet that the street's name is over; the other reader has seen *New York* first.
# *StreetNamePreType* (the *Highway* that stands before its number) gains most, and *PlaceName* gains with 256 tokens behind it. At tags with 20 to 40 tokens one token is 2 to 5 points, so take those with caution.
# For *ZipCode* there is nothing to gain; *StreetName* and *Recipient* lose a little. This is one seed for each reader.
#
# ## 7 · When reading ahead is cheating
#
# In an address the whole sentence is there before you answer. A forecast is different: when the answer is due, the future has not happened. A model that reads both ways can be trained on recorded data without a word of warning, since there the future stands in the same array.
#
# Coin flips make it plain. `x` is a sequence of fair coins, and the target at timestep *t* is the coin *two steps later*, `x[t + 2]`. Nobody can know it: 0.5 is the best that a forecaster can do.

# %% given="coins"
def coins(samples, seed, timesteps=16):
    """Return fair coins x, float32, and y, the coin two steps ahead, both (samples, timesteps, 1).

    The last two targets are coins that are nowhere in x.
    """
    flips = np.random.default_rng(seed).integers(2, size=(samples, timesteps + 2, 1))
    return flips[:, :timesteps].astype("float32"), flips[:, 2:]

# %%
x_coin, y_coin = coins(1000, seed=0)
x_new, y_new = coins(500, seed=1)
every = {"return_sequences": True}
keras.utils.set_random_seed(0)
readers = {
    "one way": layers.GRU(16, **every),
    "both ways": layers.Bidirectional(layers.GRU(16, **every)),
}
forecasters = {}
for name, reader in readers.items():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 1)), reader, layers.Dense(1)])
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss=loss)
    receipt = "coins-" + name.replace(" ", "-")
    recipe = {"epochs": 4, "batch_size": 50, "verbose": 0}
    lab.fit_once(model, x_coin, y_coin, name=receipt, **recipe)
    right = (np.array(model(x_new)) > 0) == y_new  # (500, 16, 1)
    print(f"{name:<10} right on the first 14 steps {right[:, :-2].mean():.2f},", end=" ")
    print(f"on the last two {right[:, -2:].mean():.2f}")
    forecasters[name] = model

# %% [markdown]
# Reading both ways scores 1.00 on what nobody can know. It has not learned to forecast: it reads the coin that stands two places to its right. Where that coin is not in the array, at the last two timesteps, it guesses like
# the other one.
#
# ### Exercise: how far ahead does it look?
#
# You can catch this without knowing anything about the model. **Perturb the future, see whether the past changes.** Change all features of the input at timestep *s*, and no other timestep. If an output at an earlier timestep *t* moves, the model looks *s* − *t* steps ahead.

# %% exercise="ahead"
def how_far_ahead(fn, x):
    """Return the largest number of steps that `fn` looks ahead, an int; 0 if it never does.

    fn: takes x and returns one output per timestep, an array (batch, timesteps, outputs);
    the same x always gives the same outputs.
    x: float32 (batch, timesteps, features). Do not change x itself: work on copies, each of
    which differs from x at one timestep, in all features.

    A function whose output at t is x[t + 2] (and 0 at the last two timesteps) looks 2 ahead.
    """
    ### BEGIN SOLUTION
    before = np.array(fn(x))
    furthest = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = np.array(fn(changed)) != before  # (batch, timesteps, outputs)
        at = np.flatnonzero(moved.any(axis=(0, 2)))
        if len(at):
            furthest = max(furthest, s - int(at[0]))
    return furthest
    ### END SOLUTION

# %% test="ahead" points=1
# Output t is x[t + 2]; the sum of all x up to t; the sum of all x from t on; a constant.
check.measures_reach(how_far_ahead, [[2], [3], [4], [5], [], []])
check.measures_reach(how_far_ahead, [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]])
check.measures_reach(how_far_ahead, [[0, 1, 2, 3], [1, 2, 3], [2, 3], [3]])
check.measures_reach(how_far_ahead, [[], [], []])

# %% test="ahead" points=1 hidden=true
check.measures_reach(how_far_ahead, [[4], [1], [2], [3], [4], [5]], seed=1)  # an early leak
check.measures_reach(how_far_ahead, [[0], [1], [2], [3], [5], [5]], batch=3)  # a late one
check.measures_reach(how_far_ahead, [[3], [4], [5], [], [], []], only=1, features=2)
check.measures_reach(how_far_ahead, [[0, 1, 2, 3, 4]] * 5, features=1, batch=1)  # both ways
check.measures_reach(how_far_ahead, [[0, 2], [0, 1], [2], [0, 3, 4], [1], [5], [2]], seed=2)
check.measures_reach(how_far_ahead, [[0], [0, 1], [2], [1], [4, 0]], seed=3)  # the past alone

# %% [markdown]
# When it passes, remove the `# ` and ask it about the two forecasters.

# %%
for name, model in forecasters.items():
    print(name)
    # print("  looks", how_far_ahead(lambda x: model.predict(x, verbose=0), x_new[:1]), "ahead")

# %% [markdown]
# ## 8 · See past and future
#
# A perturbation says *whether* an output depends on an input. The derivative says *how much*. Take it for every pair: a matrix whose entry in row *t* and column *s* is $|\partial y_t / \partial x_s|$.
# All the derivatives of a layer's outputs with respect to its inputs together are called its **Jacobian**. It has a block for each pair of timesteps, units times features; here each block is summed up to one number. That is the whole story of who knows what.
#
# ### Exercise: the Jacobian
#
# In lesson 2 you took the gradient of the *last* output. Now do it for every output.

# %% exercise="jacobian"
def jacobian(layer, x):
    """Return a NumPy array (timesteps, timesteps): how output t (row) depends on input s (column).

    layer: called as layer(x), returns one output per timestep, (1, timesteps, units).
    x: float32 (1, timesteps, features); tf.convert_to_tensor(x) makes what a tape can watch.
    An entry is the gradient of the sum of the units at timestep t with respect to x at timestep s:
    its absolute value, summed over the features.

    For an adder and two timesteps it is [[1, 0], [1, 1]].
    """
    ### BEGIN SOLUTION
    x = tf.convert_to_tensor(x)
    rows = []
    for t in range(x.shape[1]):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x)[:, t])
        rows.append(np.abs(tape.gradient(total, x)[0]).sum(axis=-1))
    return np.stack(rows)
    ### END SOLUTION

# %% test="jacobian" points=1
around = layers.Conv1D(4, 3, padding="same")
check.measures_slopes(jacobian, around, timesteps=3, features=2)
some = np.ones((1, 2, 1), "float32")
check.close(check.call(jacobian, adder(), some), [[1, 0], [1, 1]], "the matrix of an adder")

# %% test="jacobian" points=1 hidden=true
wide, narrow = layers.Conv1D(4, 5, padding="same"), layers.Conv1D(1, 3, padding="same")
check.measures_slopes(jacobian, wide, timesteps=5, features=2, seed=1)
forward = layers.LSTM(3, return_sequences=True)
check.measures_slopes(jacobian, forward, timesteps=2, features=4, seed=2)
check.measures_slopes(jacobian, narrow, timesteps=3, features=1, seed=3)

# %% [markdown]
# Here it is for layers that nobody has trained, the mean over twenty random sequences, on a logarithmic scale. Dark is strong, and white is exactly nothing. The forward layer is a triangle: all that lies right of the diagonal is future, and no training can ever colour it. The backward layer is the other triangle. Together they fill the square.

# %%
keras.utils.set_random_seed(1)
x = np.random.default_rng(1).normal(size=(20, 16, 4)).astype("float32")
apart = layers.Bidirectional(layers.LSTM(16, return_sequences=True), merge_mode=None)
parts = {
    "forward": lambda x: apart(x)[0],
    "backward": lambda x: apart(x)[1],
    "both ways": lambda x: tf.concat(apart(x), axis=-1),
}
alt = "Jacobians: forward fills the lower triangle, backward the upper, both the full square."
lab.show_dependence(parts, x, alt=alt)

# %% [markdown]
# And here for the two forecasters of section 7, after training, over a hundred sequences of coins. Here the palest colour is a hundredth of the largest value or less.

# %%
alt = (
    "One way: nothing right of the diagonal. Both ways: the darkest cells stand two steps "
    "right of the diagonal, and almost nothing left of it."
)
lab.show_dependence(forecasters, x_new[:100], alt=alt, decades=2, ahead=2)

# %% [markdown]
# The dark line is the cheat, caught in the act: each output reads the coin two steps ahead and copies it. Nearly half of a row, on average, stands in that one column. On the last two rows there is nothing to read.
#
# ### In your own words
#
# Explain the last figure.
#
# 1. Why can no training take the one-way forecaster above 0.5 on these coins, and how do you see it in its panel?
# 2. The model that reads both ways is nearly perfect on recorded sequences. You put it to work live, where at each moment you have only the coins so far and want the coin two steps later. Which of its outputs do you use, and how often is it right?
# 3. Name a task, not from this lesson, in which reading both ways is honest, and one in which it is not. What decides?
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-triangle" points=2
### BEGIN SOLUTION
# 1. Output t of the one-way model depends on the inputs up to t only: its panel is white right of the diagonal, whatever the weights are. The target is the coin at t + 2, which is
# independent of all coins up to t, so nothing that it can see helps; 0.5 is the ceiling, and what is coloured in its triangle is noise it has fitted.
# 2. Live, at time t, the sequence ends at t, so the wanted output is the last one, and its row of the Jacobian has no column t + 2. There it is right about half of the time, as the score on the last two timesteps says. Its
# good score was measured on outputs whose future was already in the array.
# 3. Honest: tagging words, recognising a finished recording, reading a scanned line, a genome: the whole sequence is there before the answer is due. Not honest: forecasting demand or prices,
# live captions, an alarm on a sensor stream. What decides is whether, at the moment when the answer is needed, the later inputs exist.
#
# One point for the triangle and the independent target (1) with the live case (2); one for a pair of tasks with the reason (3).
### END SOLUTION

# %% [markdown]
# ## 9 · Is it worth it?
#
# A bidirectional layer is quickly tried on text, as the tutorial of section 3 does. Ask first what a *bag* would do. A sentence-level question: is a speech from one of Shakespeare's comedies or from one of his histories? Whole plays are held out, two comedies and three histories, so that no test speech comes from a known play.
# The three contestants: counted words (naive Bayes: for each word, how much likelier is it in the one than in the other?), the *average of the embeddings*, and a bidirectional LSTM on the same embeddings.

# %%
plays = lab.data.plays()
titles = list(plays)  # eight comedies, eleven histories, then others


def speeches(chosen):
    """All speeches of 10 to 40 words, without the speaker's name."""
    parts = [part for title in chosen for part in plays[title].split("\n\n")]
    found = [" ".join(part.split("\n")[1:]) for part in parts]
    return [speech for speech in found if 10 <= len(speech.split()) <= 40]


def labelled(comedies, histories):
    texts = [speeches(comedies), speeches(histories)]
    y = np.repeat([0, 1], [len(part) for part in texts])
    return np.array(texts[0] + texts[1]), y


text_train, y_genre = labelled(titles[:6], titles[8:16])
text_test, y_genre_test = labelled(titles[6:8], titles[16:19])
vectorize = layers.TextVectorization(max_tokens=5000, output_sequence_length=40)
vectorize.adapt(text_train)
x_genre, x_genre_test = (np.array(vectorize(texts)) for texts in (text_train, text_test))
print("speeches:", len(x_genre), "to train,", len(x_genre_test), "to test;", end=" ")
print(f"histories among the test speeches: {y_genre_test.mean():.3f}")

# %%
# How often each word stands in each genre, and one more: no word is impossible.
counts = np.stack([
    np.bincount(x_genre[y_genre == genre].ravel(), minlength=5000) + 1.0 for genre in (0, 1)
])
counts[:, :2] = 0.5  # padding and unknown words say nothing
shares = counts / counts.sum(axis=1, keepdims=True)
log_odds = np.log(shares[1] / shares[0])  # above 0: likelier in a history
log_odds[:2] = 0.0
prior = np.log(y_genre.mean() / (1 - y_genre.mean()))
votes = log_odds[x_genre_test].sum(axis=1) + prior  # each word of a speech has one
bayes = np.mean((votes > 0) == y_genre_test)
print(f"counted words       accuracy {bayes:.3f}")


# %%
shuffled = np.random.default_rng(0).permutation(len(x_genre))
data, unseen = (x_genre[shuffled], y_genre[shuffled]), (x_genre_test, y_genre_test)
reader = layers.Bidirectional(layers.LSTM(32))
middles = {"average": (layers.GlobalAveragePooling1D(), 6), "BiLSTM": (reader, 3)}
curves = {}
for name, (middle, epochs) in middles.items():
    keras.utils.set_random_seed(0)
    embedding = layers.Embedding(5000, 32, mask_zero=True)
    model = keras.Sequential([keras.Input((None,)), embedding, middle, layers.Dense(1)])
    right = keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")  # of logits
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss=loss, metrics=[right])
    recipe = {"epochs": epochs, "batch_size": 64, "validation_data": unseen, "verbose": 0}
    log = lab.fit_once(model, *data, name=f"genre-{name}", **recipe)
    label = f"{name}, {middle.count_params():,} weights between the ends"
    curves[label] = log.history
    scores = log.history["val_accuracy"]
    print(f"{name:<20}accuracy {max(scores):.3f} at its best epoch,", end=" ")
    trained = log.history["accuracy"][-1]
    print(f"{scores[-1]:.3f} at the last, then {trained:.3f} on the training plays")

words_alone = {"bar": bayes, "bar_label": "counted words"}
figure = lab.plot.history(curves, "val_accuracy", "accuracy, unseen plays", **words_alone)
alt = "The average of embeddings climbs to the level of counted words; the BiLSTM falls."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# The average of the embeddings has not a single weight between its ends, and no idea of order. It reaches the level of counted words. Both end with more than nine of ten right on the plays they learned from. But the bidirectional LSTM is best on the others after one epoch, and from then on gets worse there.
# Even if each is allowed its best epoch *on the test plays*, which no honest comparison may do, the bag is ahead. (One seed.) A genre shows in *which* words occur. A tag hangs on *where* they stand, and there the bag of one token had 0.715. So ask the bag first: it costs
# next to nothing, and it tells you whether order is worth reading at all, in either direction.
#
# ### Full size: 50,000 film reviews
#
# The first stack of section 3 is the one that the tutorial trains, on `imdb_reviews`. You may try it where there is a network, on Colab with a GPU for example: set `FULL_SIZE = True`. Nothing here is graded, and no result is printed in these pages, for none was measured where they were written.
# The tutorial's vocabulary of 8,185 subwords came with the data, and tensorflow-datasets no longer offers it; `TextVectorization` makes one of 8,185 *words*, so that the model has the same 598,209 weights. Let the average of the embeddings compete here, too.

# %%
FULL_SIZE = False

reviews = lab.data.movie_reviews() if FULL_SIZE else None
if reviews is None:
    print("Skipped: set FULL_SIZE = True above, on a machine with a network.")
else:
    (texts, labels), (texts_test, labels_test) = reviews
    as_codes = layers.TextVectorization(max_tokens=8185, output_sequence_length=256)
    as_codes.adapt(texts)
    review_codes, test_codes = np.array(as_codes(texts)), np.array(as_codes(texts_test))
    embed = {"mask_zero": True}
    reader = layers.Bidirectional(layers.LSTM(64))
    middles = {"average": layers.GlobalAveragePooling1D(), "BiLSTM": reader}
    for name, middle in middles.items():
        begin = [keras.Input((None,)), layers.Embedding(8185, 64, **embed), middle]
        end = [layers.Dense(64, activation="relu"), layers.Dense(1)]
        model = keras.Sequential(begin + end)
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss)
        receipt = f"reviews-{name}"
        lab.fit_once(model, review_codes, labels, name=receipt, epochs=3, batch_size=64)
        accuracy = check.accuracy(model, test_codes, labels_test)
        print(f"{name}: {model.count_params():,} weights, accuracy {accuracy:.3f}")

# %% [markdown]
# ## 10 · Bug hunt: three in one
#
# Here is an example of `backward_layer`, as somebody who had not run it might post it. It is meant to say, at every timestep of a sequence of any length with 10 features, how probable an event is: an LSTM reads forward, a GRU backward, their outputs are added.
#
# ```python
# model = keras.Sequential([
#     keras.Input(shape(None, 10)),
#     layers.Bidirectional(
#         layers.LSTM(32, return_sequences=True),
#         backward_layer=layers.GRU(8, go_backwards=True),
#         merge_mode="sum",
#     ),
#     layers.Dense(1, activation="sigmoid"),
# ])
# model.compile(optimizer="adam", loss="binary_cross_entropy")
# ```
#
# It has three faults, and one of them has two halves. They do not show at the same time: run it, mend the first, and the next one comes up. The last two do not show before data flows: train it. Paste it into a cell of your own and follow the messages.
#
# ### Exercise: mend it
#
# Keep what it was meant to be, and change nothing that is not broken. The forward layer is right.

# %% exercise="bug-hunt"
def mended(features=10, units=32):
    """Return the listing's model, mended and compiled.

    features: int, in place of the listing's 10. units: int, in place of the LSTM's 32.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([
        keras.Input(shape=(None, features)),
        layers.Bidirectional(
            layers.LSTM(units, return_sequences=True),
            backward_layer=layers.GRU(units, go_backwards=True, return_sequences=True),
            merge_mode="sum",
        ),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model
    ### END SOLUTION

# %% test="bug-hunt" points=1
tested = check.call(mended)
some = np.random.default_rng(0).normal(size=(4, 2, 10)).astype("float32")
said = check.adds_both_ways(tested, layers.LSTM, layers.GRU, units=32, x=some)
check.reports_cross_entropy(tested, some, (some[..., :1] > 0) * 1.0, said=said)

# %% test="bug-hunt" points=1 hidden=true
tested, name = check.call(mended, 3, 5), "the model for other sizes"
some = np.random.default_rng(5).normal(size=(4, 2, 3)).astype("float32")
said = check.adds_both_ways(tested, layers.LSTM, layers.GRU, units=5, x=some, name=name)
check.reports_cross_entropy(tested, some, (some[..., :1] > 0) * 1.0, name, said=said)

# %% [markdown]
# ## What you can do now
#
# You can read a sequence from both ends, and you know what that is made of: two layers, a flip and a merge. You can say how wide it is, how heavy, and where its states sit. You can train a tagger, and you have two instruments, a perturbation and a Jacobian, that show what
# any model depends on. They work for convolutions as well: in lesson 6 the same question, *who sees what*, becomes a drawing.
#
# To read on:
#
# * M. Schuster and K. K. Paliwal, [Bidirectional recurrent neural networks](https://doi.org/10.1109/78.650093), *IEEE Transactions on Signal Processing* 45 (1997).
# * Keras, [Bidirectional layer](https://keras.io/api/layers/recurrent_layers/bidirectional/).
# * C. Olah, [Neural Networks, Types, and Functional Programming](https://colah.github.io/posts/2015-09-NN-Types-FP/) (2015): a recurrent layer as a fold, a bidirectional one as two of them zipped together.
