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
# The usaddress project has labelled 1,513 addresses: every token carries one of 29 tags. This is **tagging**: one answer at every timestep.
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
        for t in np.flatnonzero(y):
            for key in keys(x, t, beside):
                counts[key][y[t]] += 1
    guess = np.zeros_like(y_test)
    for row, x in enumerate(x_test.tolist()):
        for t in np.flatnonzero(x):
            known = next(key for key in keys(x, t, beside) if key in counts)
            guess[row, t] = counts[known].most_common(1)[0][0]
    right, whole = tagging_scores(guess, y_test)
    print(f"the token and {beside:<8} tokens {right:.3f}   whole addresses {whole:.3f}")

# %% [markdown]
# Counting alone shows that both neighbours tell something. Either one removes about a third of the mistakes, and whole addresses come out right in 31 to 33 of a hundred instead of 20. What can be had from *all* that stands before, and *all* that comes after?
#
# ## 2 · Two layers and a flip
#
# The idea is Schuster and Paliwal's, of 1997. One recurrent layer reads from the first token to the last, a second one from the last to the first, and at each timestep their outputs are laid side by side. The two
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
x = np.array([1, 10, 100, 1000], "float32").reshape(1, 4, 1)
both = check.call(read_both_ways, x, adder(), adder(go_backwards=True))
check.shape(both, (1, 4, 2), "the outputs side by side")
sums = np.array([[1, 11, 111, 1111], [1111, 1110, 1100, 1000]])
check.close(both, sums.T[np.newaxis], "the two running sums side by side", mistakes={
    "go_backwards returns reversed time: flip the backward outputs.":
        np.stack([sums[0], sums[1][::-1]], axis=-1)[np.newaxis],
    "You flipped the forward outputs. It is the backward ones that come reversed.":
        np.stack([sums[0][::-1], sums[1][::-1]], axis=-1)[np.newaxis],
    "You flipped the time of both together. Flip the backward outputs, then join.":
        np.stack([sums[0][::-1], sums[1]], axis=-1)[np.newaxis],
    "The forward outputs come first.": sums[::-1].T[np.newaxis],
    "The input is turned around and then read backwards, which is forwards again.":
        np.stack([sums[0], sums[0]], axis=-1)[np.newaxis],
})

# %% test="both-ways" points=1 hidden=true
keras.utils.set_random_seed(5)
x = np.random.default_rng(5).normal(size=(3, 7, 4)).astype("float32")
for kind, units in ((layers.LSTM, 5), (layers.GRU, 2)):
    whole = layers.Bidirectional(kind(units, return_sequences=True))
    expected = np.array(whole(x))
    found = check.call(read_both_ways, x, whole.forward_layer, whole.backward_layer)
    check.shape(found, (3, 7, 2 * units), "the outputs of two other layers")
    reversed_time = np.concatenate([expected[..., :units], expected[:, ::-1, units:]], axis=-1)
    check.close(found, expected, "what Bidirectional returns", rtol=1e-4, atol=1e-5, mistakes={
        "go_backwards returns reversed time: flip the backward outputs.": reversed_time,
    })

# %% [markdown]
# `layers.Bidirectional` does just this. It wraps a recurrent layer, makes a second one like it with `go_backwards=True`, and flips. Its two halves are its attributes `forward_layer` and `backward_layer`:

# %%
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
wrapped = layers.Bidirectional(layers.LSTM(4, return_sequences=True))
expected = np.array(wrapped(x))  # (2, 6, 8)

ahead = np.array(wrapped.backward_layer(x))
for name, second in {"as it comes": ahead, "flipped": np.flip(ahead, axis=1)}.items():
    by_hand = np.concatenate([wrapped.forward_layer(x), second], axis=-1)
    print(f"backward {name:<12} largest difference {np.abs(by_hand - expected).max():.1e}")

# %% [markdown]
# ### Five ways to merge
#
# Side by side is one way to join two outputs of shape `(batch, timesteps, units)`. `merge_mode` knows five. Look at the last line: a very common spelling is none of them.

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

# %% test="merge" points=1
f, b = np.array([[[1.0, 2.0], [4.0, -1.0]]]), np.array([[[3.0, 5.0], [0.5, 2.0]]])
joined, total = np.concatenate([f, b], axis=-1), f + b
for mode, expected, mistakes in [
    ("concat", joined, {
        "The two stand one after the other in time. Side by side is the last axis, -1.":
            np.concatenate([f, b], axis=1),
        "The forward units come first.": np.concatenate([b, f], axis=-1)}),
    ("sum", total, {"That is the average; the sum is not divided.": total / 2}),
    ("mul", f * b, {"That is a matrix product; mul goes element by element.": f @ b}),
    ("ave", total / 2, {"That is the sum. The average is half of it.": total}),
]:
    check.close(check.call(merge, f, b, mode), expected, f"the merge {mode!r}", mistakes=mistakes)
pair = check.call(merge, f, b, None)
check.equal(pair, (f, b), "the merge None, which is the pair", mistakes={
    "None does not merge: return both, forward and backward.": joined})
try:
    check.call(merge, f, b, "avg")
    answer = "nothing was raised"
except check.CheckFailed as failed:
    answer = "ValueError" if "ValueError" in failed.problem else "another error"
check.equal(answer, "ValueError", "what merge raises for 'avg', which Keras spells 'ave'", {
    "Raise ValueError for any mode that is not one of the five.": "nothing was raised"})

# %% test="merge" points=1 hidden=true
keras.utils.set_random_seed(1)
x = np.random.default_rng(1).normal(size=(4, 5, 2)).astype("float32")
apart = layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode=None)
f, b = (np.array(part) for part in apart(x))
check.equal(check.call(merge, f, b, None), (f, b), "the merge None of two LSTMs' outputs")
for mode in ("concat", "sum", "mul", "ave"):
    joined = layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode=mode)
    joined.build(x.shape)
    joined.set_weights(apart.get_weights())
    name = f"the merge {mode!r} of two LSTMs' outputs"
    check.close(check.call(merge, f, b, mode), np.array(joined(x)), name, rtol=1e-4)
wide = np.ones((2, 5, 32))
for mode, width in {"concat": 64, "sum": 32, "mul": 32, "ave": 32}.items():
    check.shape(check.call(merge, wide, wide, mode), (2, 5, width), f"{mode!r} of twice 32 units")
for mode in ("avg", "mean", "Concat", "", "add"):
    refused = []
    for attempt in (merge, lambda f, b, mode: layers.Bidirectional(layers.LSTM(3), mode)):
        try:
            check.call(attempt, f, b, mode)
            refused.append(False)
        except check.CheckFailed as failed:
            refused.append("ValueError" in failed.problem)
    check.equal(refused[0], refused[1], "whether a mode that Keras does not have is refused")

# %% [markdown]
# ## 3 · Widths and weights
#
# Two layers have twice the weights of one. What is easy to miss is the *next* layer: with `"concat"` it reads 2 · units features. From lesson 2, with *f* features and *u* units, an LSTM has $4u(f + u + 1)$ weights and a GRU $3u(f + u + 2)$.
#
# These stacks circulate in tutorials and forum questions. The first two classify film reviews; section 9 comes back to them. The last two differ in one argument.

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

# %% test="stack" points=1
found = check.call(widths_and_weights, 8, [("BiLSTM", 32, "concat")])
check.equal(found, [(64, 10_496)], "width and weights of Bidirectional(LSTM(32)) on 8 features", {
    "Two layers, each with its own weights: twice the count of one.": [(64, 5248)],
    "Side by side, 32 units from each direction: the width is 64.": [(32, 10_496)],
    "An LSTM of 64 units is not two of 32: these do not read each other's state.": [(64, 18_688)],
})
totals = (598_209, 635_329, 61_592, 80_266, 77_701, 61_317)
widths = {"masked": [64, 128, 5], "masked, summed": [32, 128, 5]}
for (name, (features, stack)), total in zip(stacks.items(), totals, strict=True):
    found = check.call(widths_and_weights, features, stack)
    check.shape(np.array(found), (len(stack), 2), f"the pairs of “{name}”")
    if name in widths:
        check.equal([width for width, _ in found], widths[name], f"the widths of “{name}”", {
            "With 'sum' the outputs are added: the width is units, not 2 · units.": [64, 128, 5],
            "With 'concat' the width is 2 · units.": [32, 64, 5]})
    count = sum(weights for _, weights in found)
    narrow = sum(widths_and_weights(f, [layer])[0][1] for f, layer in
                 zip([features] + [units for _, units, _ in stack], stack, strict=False))
    check.equal(count, total, f"the sum of the weights of “{name}”", {
        "The layer after a 'concat' reads both halves: 2 · units features.": narrow})

# %% test="stack" points=1 hidden=true
cases = [
    (50, [("Embedding", 12, None), ("BiGRU", 7, "concat"), ("BiLSTM", 5, "mul")]),
    (6, [("BiGRU", 20, "ave"), ("BiGRU", 9, "sum"), ("Dense", 1, None)]),
    (1, [("BiLSTM", 4, "concat"), ("Dense", 8, None), ("BiGRU", 3, "concat")]),
]
for features, stack in cases:
    model = keras.Sequential()
    model.add(keras.Input((5,) if stack[0][0] == "Embedding" else (5, features)))
    for kind, units, mode in stack:
        if kind in ("Embedding", "Dense"):
            sizes = (features, units) if kind == "Embedding" else (units,)
            model.add(getattr(layers, kind)(*sizes))
        else:
            inner = getattr(layers, kind[2:])(units, return_sequences=True)
            model.add(layers.Bidirectional(inner, merge_mode=mode))
    found = check.call(widths_and_weights, features, stack)
    expected = [(layer.output.shape[-1], layer.count_params()) for layer in model.layers]
    check.equal(found, expected, "widths and weights of another stack")

# %% [markdown]
# Now let Keras count. The last two begin, where they circulate, with a `Masking` layer, which has no weights.

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
        came = re.search("Incompatible shapes: .*?] vs. .*?]", str(error))[0]
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
    print("called:", re.search("expected axis.*", str(error))[0].split("\x1b")[0])

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

boxes = {"forward h": (8, slice(0, 6)), "backward h": (0, slice(6, 12))}
figure = lab.plot.output_maps({"outputs of Bidirectional(LSTM(6))": outputs[0]}, boxes=boxes)
alt = "Heatmap of 12 units over 9 timesteps: forward h top right, backward h bottom left."
lab.plot.show(figure, alt=alt)
print("forward h = outputs[:, -1, :6]:", np.array_equal(fh, outputs[:, -1, :6]))
print("backward h = outputs[:, 0, 6:]:", np.array_equal(bh, outputs[:, 0, 6:]))

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

# %% test="summary" points=1
keras.utils.set_random_seed(2)
for batch, steps, units in ((2, 5, 3), (1, 8, 1), (3, 1, 4)):
    x = np.random.default_rng(steps).normal(size=(batch, steps, 2)).astype("float32")
    every = layers.Bidirectional(layers.LSTM(units, return_sequences=True))
    outputs = np.array(every(x))
    last = layers.Bidirectional(layers.LSTM(units))
    last.build(x.shape)
    last.set_weights(every.get_weights())
    expected = np.array(last(x))
    found = check.call(summary, outputs)
    f, b = outputs[..., :units], outputs[..., units:]
    check.close(found, expected, "the summary of a sequence", rtol=1e-4, mistakes={
        "At the last timestep the backward layer has read one input. It ends at timestep 0.":
            outputs[:, -1],
        "At timestep 0 the forward layer has read one input. It ends at the last timestep.":
            outputs[:, 0],
        "The other way round: forward ends at the last timestep, backward at timestep 0.":
            np.concatenate([f[:, 0], b[:, -1]], axis=-1),
        "The forward units come first.": np.concatenate([b[:, 0], f[:, -1]], axis=-1),
    })

# %% [markdown]
# ### A decoder after it
#
# In lesson 3 the encoder's states became the decoder's first states. A bidirectional encoder hands over four tensors of `(batch, units)`, and an LSTM takes two. The usual answer: a decoder with 2 · units, whose *h* is the two *h* side by side and whose *c* the two *c*.
# What if all four are handed over as they are?

# %%
decoder = layers.LSTM(12)
try:
    decoder(readings, initial_state=[fh, fc, bh, bc])
except Exception as error:
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

# %% test="states" points=1
fh, fc, bh, bc = (np.arange(6.0).reshape(2, 3) + 10 * k for k in range(4))
state = check.call(decoder_state, [fh, fc, bh, bc])
check.states(state, "LSTM", 2, 6, "the decoder's first state")
h, c = (np.concatenate(pair, axis=1) for pair in ((fh, bh), (fc, bc)))
swapped = [np.concatenate(pair, axis=1) for pair in ((fh, fc), (bh, bc))]
check.close(np.array(state), np.array([h, c]), "[h, c]", mistakes={
    "That is forward h beside forward c. The order is fh, fc, bh, bc: h is fh and bh.": swapped,
    "h and c are swapped.": np.array([c, h]),
    "The forward units come first.": [np.roll(h, 3, axis=1), np.roll(c, 3, axis=1)],
})
state = check.call(decoder_state, [fh, bh])
check.states(state, "GRU", 2, 6, "the first state for a GRU")
check.close(np.array(state[0]), h, "h for a GRU")

# %% test="states" points=1 hidden=true
keras.utils.set_random_seed(6)
x = np.random.default_rng(6).normal(size=(5, 4, 3)).astype("float32")
for kind, name in ((layers.LSTM, "LSTM"), (layers.GRU, "GRU")):
    encoder = layers.Bidirectional(kind(7, return_state=True))
    _, *states = map(np.array, encoder(x))
    state = check.call(decoder_state, states)
    check.states(state, name, 5, 14, "the first state of another decoder")
    half = len(states) // 2
    expected = [np.concatenate(pair, axis=1) for pair in zip(states[:half], states[half:])]
    for found, right in zip(state, expected, strict=True):
        check.close(found, right, "the first state of another decoder")
    decoder = kind(14)
    check.close(decoder(x, initial_state=[*map(np.array, state)]),
                decoder(x, initial_state=expected), "what the decoder makes of it", rtol=1e-4)

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
model = check.call(train_tagger, x_train, y_train, len(vocabulary), len(tag_names))
output = check.call(model, x_test, name="the model")
check.shape(output, (len(x_test), 19, 30), "the model's output")
check.gpu_ready(model)
check.on_gpu(model)
short, real = x_test[:40, :10], x_test[:40, :10] > 0


def logits_of_tokens(x):
    """The logits of the first ten timesteps, zero where there is no token."""
    return np.array(model(x))[:, :10] * real[..., np.newaxis]


check.ignores_padding(logits_of_tokens, short, "the tags of the real tokens", amount=9)
right, _ = tagging_scores(np.argmax(output, axis=-1), y_test)
metric = "share of the tokens of unseen addresses that are tagged right"
check.learned(right, at_least=0.89, metric=metric, baseline=0.715)

# %% test="tagger" points=1 hidden=true
model = check.call(train_tagger, x_train, y_train, len(vocabulary), len(tag_names))
output = check.call(model, x_test, name="the model")
_, whole = tagging_scores(np.argmax(output, axis=-1), y_test)
metric = "share of unseen addresses without a mistake"
check.learned(whole, at_least=0.58, metric=metric, baseline=0.203)

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

    fn: takes x and returns one output per timestep, an array or tensor (batch, timesteps, ...);
    the same x always gives the same outputs.
    x: float32 (batch, timesteps, features). Do not change x itself: work on a copy.

    A function whose output at t is x[t + 2] (and 0 at the last two timesteps) looks 2 ahead.
    """
    ### BEGIN SOLUTION
    before = np.array(fn(x))
    furthest = 0
    for s in range(x.shape[1]):
        changed = x.copy()
        changed[:, s] += 1.0
        moved = np.array(fn(changed)) != before
        at = np.flatnonzero(moved.any(axis=tuple(k for k in range(moved.ndim) if k != 1)))
        if len(at):
            furthest = max(furthest, s - int(at[0]))
    return furthest
    ### END SOLUTION

# %% test="ahead" points=1
def shifted(steps):
    """A function whose output at t is x[t + steps], 0 where there is none."""
    def look(x):
        x = np.asarray(x)
        out = np.zeros_like(x)
        out[:, : x.shape[1] - steps] = x[:, steps:]
        return out
    return look


x = np.random.default_rng(0).normal(size=(2, 9, 3)).astype("float32")
ahead = "Output t depends on input s: the model looks s - t ahead, and t may be any step before s."
for name, fn, steps, mistakes in [
    ("x[t + 2]", shifted(2), 2, {
        "A model that looks ahead was called clean. Look at the outputs before s.": 0,
        "7 is how many outputs look ahead. The question is how far: s - t.": 7}),
    ("x[t]", shifted(0), 0, {"An output that depends on its own timestep looks 0 ahead.": 1}),
    ("the sum so far", lambda x: np.cumsum(x, axis=1), 0, {
        "The sum so far depends on the past. Only a change before s counts as looking ahead.": 8}),
    ("the sum from t on", lambda x: np.cumsum(np.asarray(x)[:, ::-1], axis=1)[:, ::-1], 8, {
        "That is the nearest one. The first output that moves is the one furthest back.": 1}),
    ("the constant 1", lambda x: np.ones_like(x), 0, {}),
]:
    found = check.call(how_far_ahead, fn, x.copy())
    check.equal(found, steps, f"how far “{name}” looks ahead", mistakes or {ahead: 8})

# %% test="ahead" points=1 hidden=true
keras.utils.set_random_seed(7)
every = {"return_sequences": True}
x = np.random.default_rng(7).normal(size=(3, 6, 2)).astype("float32")
forward, both = layers.LSTM(4, **every), layers.Bidirectional(layers.LSTM(4, **every))
for name, fn, steps in [
    ("an LSTM", forward, 0),
    ("a bidirectional LSTM", both, 5),
    ("x[t + 3]", shifted(3), 3),
    ("a model that looks ahead in one feature", lambda x: shifted(2)(np.asarray(x)[..., 1:]), 2),
    ("a model with an early leak", lambda x: np.asarray(x)[:, [4, 1, 2, 3, 4, 5]], 4),
    ("a model with a late leak", lambda x: np.asarray(x)[:, [0, 1, 2, 3, 5, 5]], 1),
]:
    outputs = check.call(how_far_ahead, lambda x, fn=fn: np.array(fn(x)), x.copy())
    check.equal(outputs, steps, f"how far {name} looks ahead")

# %% [markdown]
# When it passes, remove the `# ` and ask it about the two forecasters.

# %%
for name, model in forecasters.items():
    print(name)
    # print("  looks", how_far_ahead(lambda x: model.predict(x, verbose=0), x_new[:1]), "ahead")

# %% [markdown]
# ## 8 · See past and future
#
# A perturbation says *whether* an output depends on an input. The derivative says *how much*. Take it for every pair: a matrix whose entry in row *t* and column *s* is $|\partial y_t / \partial x_s|$. It is called the **Jacobian** of the layer,
# and it is the whole story of who knows what.
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
def fading(a, **options):
    """A linear SimpleRNN, h_t = x_t + a h_(t-1): output t depends on input s by a ** (t - s)."""
    layer = adder(**options)
    layer.set_weights([np.eye(1), a * np.eye(1)])
    return layer


x = np.random.default_rng(0).normal(size=(1, 4, 1)).astype("float32")
lag = np.subtract.outer(np.arange(4), np.arange(4))  # t - s
triangle = np.where(lag >= 0, 0.5 ** np.abs(lag), 0.0)
found = check.call(jacobian, fading(0.5), x)
check.close(found, triangle, "the Jacobian of a linear layer with a = 0.5", rtol=1e-4, mistakes={
    "Rows and columns are swapped: row t is the output, column s the input.": triangle.T,
    "That is the gradient of all outputs together. Take one output at a time.":
        np.tile(triangle.sum(axis=0), (4, 1)),
    "Every row is the last output's. Take the output at t.": np.tile(triangle[-1], (4, 1)),
})
found = check.call(jacobian, fading(-0.5), x)
check.close(found, triangle, "the Jacobian with a = -0.5", rtol=1e-4, mistakes={
    "The signs are still there: take absolute values.": triangle * np.sign(-0.5) ** np.abs(lag)})
both = layers.Bidirectional(fading(0.5), merge_mode="sum")
both.build(x.shape)
both.set_weights([np.eye(1), 0.5 * np.eye(1)] * 2)
found = check.call(jacobian, both, x)
check.close(found, triangle + triangle.T, "the Jacobian of the sum of both directions", rtol=1e-4)

# %% test="jacobian" points=1 hidden=true
keras.utils.set_random_seed(8)
x = np.random.default_rng(8).normal(size=(1, 4, 3)).astype("float32")
for layer in (layers.GRU(4, return_sequences=True),
              layers.Bidirectional(layers.LSTM(3, return_sequences=True))):
    copies = tf.constant(np.repeat(x, 4, axis=0))  # one for each output, so one gradient is enough
    with tf.GradientTape() as tape:
        tape.watch(copies)
        total = tf.reduce_sum(tf.reduce_sum(layer(copies), axis=2) * np.eye(4, dtype="float32"))
    slopes = tape.gradient(total, copies).numpy()  # (4 outputs, 4 inputs, 3 features)
    rows = np.abs(slopes).sum(axis=-1)
    found = check.call(jacobian, layer, x)
    check.shape(found, (4, 4), "the Jacobian of a layer on three features")
    check.close(found, rows, "the Jacobian of a layer on three features", rtol=1e-3, mistakes={
        "Take the absolute value of each feature's gradient before you add them up.":
            np.abs(slopes.sum(axis=-1))})

# %% [markdown]
# Here it is for layers that nobody has trained, the mean over twenty random sequences, on a logarithmic scale. Dark is strong, and white is exactly nothing. The forward layer is a triangle: all that lies right of the diagonal is future, and no training can ever colour it. The backward layer is the other triangle. Together they fill the square.
# `lab.dependence` computes the same as your function, averaged over many sequences.

# %%
keras.utils.set_random_seed(1)
x = np.random.default_rng(1).normal(size=(20, 16, 4)).astype("float32")
both = layers.Bidirectional(layers.LSTM(16, return_sequences=True))
both.build(x.shape)


def flipped(x):
    return tf.reverse(both.backward_layer(x), axis=[1])


parts = {"forward": both.forward_layer, "backward": flipped, "both ways": both}
matrices = {name: lab.dependence(part, x) for name, part in parts.items()}
figure = lab.plot.sensitivities(matrices)
alt = "Jacobians: forward fills the lower triangle, backward the upper, both the full square."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# And here for the two forecasters of section 7, after training, over a hundred sequences of coins. Here the palest colour is a hundredth of the largest value or less.

# %%
matrices = {name: lab.dependence(model, x_new[:100]) for name, model in forecasters.items()}
figure = lab.plot.sensitivities(matrices, decades=2)
alt = (
    "One way: nothing right of the diagonal. Both ways: the darkest cells stand two steps "
    "right of the diagonal, and almost nothing left of it."
)
lab.plot.show(figure, alt=alt)
for name, matrix in matrices.items():
    ahead = np.mean([matrix[t, t + 2] / matrix[t].sum() for t in range(14)])
    print(f"{name:<10} share of a row at s = t + 2: {ahead:.2f}")

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
# Reading both ways is often the first thing that is tried on text. Ask what a *bag* would do. A sentence-level question: is a speech from one of Shakespeare's comedies or from one of his histories? Whole plays are held out, two comedies and three histories, so that no test speech comes from a known play.
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
counts = np.stack([
    np.bincount(x_genre[y_genre == genre].ravel(), minlength=5000) + 1.0 for genre in (0, 1)
])
counts[:, :2] = 0.5  # padding and unknown words say nothing
log_odds = np.diff(np.log(counts / counts.sum(axis=1, keepdims=True)), axis=0)[0]
log_odds[:2] = 0.0
prior = np.log(y_genre.mean() / (1 - y_genre.mean()))
bayes = np.mean((log_odds[x_genre_test].sum(axis=1) + prior > 0) == y_genre_test)
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
# The first stack of section 3 is the one that tutorials train on `imdb_reviews`. You may try it where there is a network, on Colab with a GPU for example: set `FULL_SIZE = True`. Nothing here is graded, and no result is printed in these pages, for none was measured where they were written.
# The old tutorials used a ready-made vocabulary of 8,185 subwords that tensorflow-datasets no longer offers; `TextVectorization` makes one of 8,185 *words*, so that the model has the same 598,209 weights. Let the average of the embeddings compete here, too.

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
# This listing circulates as an example of `backward_layer`. It is meant to say, at every timestep of a sequence of any length with 10 features, how probable an event is: an LSTM reads forward, a GRU backward, their outputs are added.
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
model = check.call(mended)
check.layers(model, [layers.Bidirectional, layers.Dense])
both = model.layers[-2]
pair = (both.forward_layer, both.backward_layer)
kinds = [type(layer).__name__ for layer in pair]
check.equal(kinds, ["LSTM", "GRU"], "the kinds of the two directions", {
    "The GRU is not broken; its size is. Keep backward_layer.": ["LSTM", "LSTM"]})
check.equal(both.merge_mode, "sum", "merge_mode", {
    "A 'concat' hides that the units differ, and Dense fails. Keep 'sum'.": "concat"})
check.equal([layer.units for layer in pair], [32, 32], "the units of the two directions", {
    "32 and 8 numbers cannot be added: the units must match.": [32, 8],
    "The units match now, but the forward layer was right: it has 32.": [8, 8]})
check.parameters(model, 9_761)
x = np.random.default_rng(0).normal(size=(4, 7, 10)).astype("float32")
for steps in (7, 3):
    output = check.call(model, x[:, :steps], name="the model")
    check.shape(output, (4, steps, 1), f"the output for {steps} timesteps")
y = np.random.default_rng(1).integers(2, size=(4, 7, 1)).astype("float32")
model.run_eagerly = True  # four short sequences: not worth a graph
loss = np.ravel(check.call(model.evaluate, x, y, verbose=0, name="model.evaluate"))[0]
p = np.array(model(x), "float64")
entropy = -np.log(np.where(y > 0, p, 1 - p)).mean()
check.close(loss, entropy, "the loss, the mean binary cross-entropy", rtol=1e-3, mistakes={
    "That is the squared error. It is to be binary cross-entropy.": np.mean((y - p) ** 2)})

# %% test="bug-hunt" points=1 hidden=true
for features, units in ((3, 5), (1, 12)):
    model = check.call(mended, features, units)
    check.parameters(model, 4 * units * (features + units + 1) + 3 * units * (features + units + 2)
                     + units + 1, "the model for other sizes")
    x = np.random.default_rng(2).normal(size=(2, 6, features)).astype("float32")
    both, dense = model.layers[-2:]
    f = np.array(both.forward_layer(x))
    b = np.array(both.backward_layer(x))[:, ::-1]
    total = (f + b) @ dense.get_weights()[0] + dense.get_weights()[1]
    p, name = 1 / (1 + np.exp(-total)), "the output for other sizes"
    check.close(model(x), p, name, rtol=1e-3, atol=1e-5)
    loss = np.ravel(check.call(model.evaluate, x, np.ones_like(p), verbose=0))[0]
    check.close(loss, -np.log(p).mean(), "the loss for other sizes", rtol=1e-3)

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
