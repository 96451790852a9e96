# %% [markdown]
# # 6 · Convolution instead of recurrence
#
# <!-- colab-badge -->
#
# **Does a network need a memory to read a sequence?** A recurrent layer carries a state from the first timestep to the last. A *convolution* carries nothing:
# it looks at a few neighbouring timesteps at once, everywhere in the sequence with the same weights. In this lesson you build one by hand, learn to say exactly how far it can see,
# and then set it against recurrent layers twice: on a task that it cannot solve, and on one where it gets there sooner.
#
# After it you can
#
# * compute a convolution by hand, also a dilated causal one, and get Keras' numbers;
# * tell the length and the number of weights of any stack before you build it, and its *receptive field*;
# * split data that was recorded from people so that the test tells the truth;
# * judge claims about which layer is faster or better by measuring them, against a baseline;
# * recognise a forecaster that sees the future.
#
# *Time:* about 110 minutes to read and solve. *Before this:* lessons 1 and 2; the functional way to build a model (lesson 3) and `Bidirectional` (lesson 5) each appear once.

# %% setup=true

# %% given="imports"
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

# %% [markdown]
# ## 1 · A watch on the wrist
#
# Ten people did seven exercises for the shoulder, once with each arm, with a smartwatch on the wrist ([Burns and others, 2018](https://doi.org/10.1088/1361-6579/aacfd9)). It measured along three axes the acceleration of the wrist, `ax`, `ay`, `az`, in g (a hand at rest measures 1 g, gravity), and
# how fast it turns about them, `wx`, `wy`, `wz`, in radians a second; we use 25 timesteps a second. A recording lasts 19 to 52 seconds. The exercises: PEN pendulum, ABD abduction, FEL forward elevation, IR and ER internal and external rotation with a band, TRAP lower trapezius row, ROW bent-over row. The task: **which exercise is it, from four seconds?**
#
# As in lesson 1 we cut windows: 100 timesteps wide, a new one every 50, so that neighbours share half of their timesteps. For each window we also keep the person and the recording that it came from.

# %% given="watch"
watch = lab.data.exercises()
WIDTH, STEP, RATE = 100, 50, 25  # timesteps, timesteps, timesteps a second

starts = [
    (number, first)
    for number, samples in enumerate(watch.samples)
    for first in range(0, len(samples) - WIDTH + 1, STEP)
]  # of each window: the number of its recording, and its first timestep
x = np.stack([watch.samples[number][first : first + WIDTH] for number, first in starts])
recording = np.array([number for number, first in starts])
y, who = watch.exercise[recording], watch.subject[recording]

# %%
print("x", x.shape, " y", y.shape, " people", np.unique(who), " exercises", *watch.names)

people = (2, 8)
windows = {}
for exercise in (0, 3, 6):
    of_both = [(y == exercise) & (who == person) for person in people]
    windows[watch.names[exercise]] = [x[rows][2] for rows in of_both]
figure = lab.plot.watch_windows(windows, [f"person {person}" for person in people], RATE)
alt = "Acceleration of the wrist in three exercises, by two people: other levels, other speeds."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# `x` has the shape `(windows, timesteps, features)`. What you see is rhythm, and a level for each axis that depends on how the hand is held. The two people do the same exercises, and differently.
#
# ## 2 · Whose windows are in the test?
#
# The watch will be worn by people whom nobody recorded. So the test must ask about people whom the model has not met. It is tempting to shuffle the windows and put three tenths of them aside. Let us see what that does, with two naive baselines that do not look at
# order at all: they see of each window the mean and the standard deviation of each of the six features, twelve numbers.
#
# * *Nearest example*: the class of the training window whose twelve numbers are nearest.
# * *Linear*: one `Dense(7)` on the twelve numbers, 91 weights.
#
# Three ways to put about three tenths aside: windows at random; whole recordings at random; whole people, here the last three.

# %%
lab.convolutions.three_splits(x, y, recording, who)

# %% [markdown]
# Nearest example scores 0.954 when windows are split at random, and 0.716 on three new people. Nothing is wrong with the first number except that it answers another question. Neighbouring windows share half of their timesteps, and the rest comes from the same arm in the same minute: the model finds
# *the recording* again, not the exercise. The middle bars say so: with whole recordings put aside, the nearest example has already lost all that it had gained. That is a **leak**, as in lesson 1, where a shuffled split let the future in. A method that memorises profits most, so a leak does not only flatter: it makes the worse method look better. The linear model gains less from it, and on new people it is ahead.
#
# ### Exercise: split by person
#
# Draw the people, not the windows: person 1 has twice as many windows as person 4, and that must not matter. `np.random.default_rng(seed).choice(a, count, replace=False)` draws without replacement; `np.isin(a, values)` asks of each element of `a` whether it is among `values`.

# %% exercise="split"
def split_by_person(who, count, seed):
    """Return (train, test): the places of the windows to train on and of those to test on.

    who: int array (windows,), the person in each window; any numbers.
    count: how many different people to test on; they are drawn at random with `seed`, each
    person as likely as any other, however many windows there are of each.
    train, test: int arrays of places in `who`; each window is in one of them, once.

    For who = [4, 4, 7], count = 1 and a seed that draws person 7: ([0, 1], [2]).
    """
    ### BEGIN SOLUTION
    people = np.unique(who)
    drawn = np.random.default_rng(seed).choice(people, count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)
    ### END SOLUTION

# %% test="split" points=1
check.splits_people(split_by_person, who, count=3)
few_and_many = np.repeat([4, 7, 9, 12], [90, 3, 3, 3])
check.splits_people(split_by_person, few_and_many, count=2, name="the split of other people")

# %% test="split" points=1 hidden=true
ids = np.array([40, 7, 7, 19, 40, 40, 40, 23, 7, 40])
for count in (1, 2, 3):
    check.splits_people(split_by_person, ids, count, "the split of four people")
crowd = np.repeat([5, 0, 3, 8, 11], [200, 1, 2, 1, 2])
check.splits_people(split_by_person, crowd[::-1].copy(), 3, "the split of five people")

# %% [markdown]
# Your function draws people; this page must name them, so that its numbers stay what the text says. From here on, people 8, 9 and 10 are unseen by every model. Each feature is scaled by its mean and deviation over the seven training people.

# %% given="people"
unseen = np.isin(who, (8, 9, 10))
centre, spread = x[~unseen].mean(axis=(0, 1)), x[~unseen].std(axis=(0, 1))
x_train, y_train = (x[~unseen] - centre) / spread, y[~unseen]
x_test, y_test = (x[unseen] - centre) / spread, y[unseen]

# %% [markdown]
# ## 3 · A kernel slides
#
# A **convolution** has a *kernel*: a short row of weights, say *k* of them. Lay the kernel over *k* neighbouring timesteps, multiply pairwise, add up: one output. Move on by one timestep, with the same weights: the next. For one feature and the output at place *t*
#
# $$y_t = x_t\, w_0 + x_{t+1}\, w_1 + \dots + x_{t+k-1}\, w_{k-1} + b$$
#
# Three kernels that a person might choose, and their answers to four seconds of `ax`. In each line of the loop, one output is one product of two short rows. In the figure it stands under the last timestep that its kernel covers.

# %%
signal = x_test[y_test == 3][4, :, 0]  # (100,)
wave = np.sin(np.linspace(0, 2 * np.pi, 24))  # one swing, of about a second
kernels = {"mean": np.ones(12) / 12, "step": np.array([-1.0, 1.0]), "wave": wave / 12}
outputs = {}
for name, kernel in kernels.items():
    places = range(len(signal) - len(kernel) + 1)
    outputs[name] = np.array([signal[t : t + len(kernel)] @ kernel for t in places])
    print(f"{name:<5} kernel {kernel.shape}  output {outputs[name].shape}")

figure = lab.plot.kernel_answers(signal, kernels, outputs, RATE)
alt = "A signal and three kernels' outputs: one smooths, one answers to steps, one to a rhythm."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# The first answers with the level, the second with change, the third is largest where the signal swings in time with it. A `Conv1D` layer *learns* such kernels. It has
#
# * **filters**, *F* of them: each is a kernel of its own and makes one feature of the output, as units do in a recurrent layer;
# * a **kernel size** *k*, in timesteps; a kernel reads all *C* input features at once.
#
# | | name in Keras | shape |
# |---|---|---|
# | input | | `(batch, timesteps, C)` |
# | weights | `kernel` | `(k, C, F)` |
# | | `bias` | `(F,)` |
# | output | | `(batch, timesteps - k + 1, F)` |
#
# ### Exercise: a convolution by hand
#
# One trap: in mathematics and in `np.convolve` the kernel is *reversed* before it slides. In Keras it is not: `kernel[0]` meets the earliest timestep, as in the formula above.

# %% exercise="convolve"
def convolve(x, kernel, bias):
    """Return the output of a Conv1D, a float array (batch, timesteps - k + 1, filters).

    x: (batch, timesteps, features); kernel: (k, features, filters); bias: (filters,).

    For x = [[[1.], [2.], [4.]]], kernel = [[[10.]], [[1.]]] and bias = [0.5] the result is
    [[[12.5], [24.5]]]: 1 * 10 + 2 * 1 + 0.5, then 2 * 10 + 4 * 1 + 0.5.
    """
    ### BEGIN SOLUTION
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] @ kernel[j] for j in range(len(kernel))) + bias
    ### END SOLUTION

# %% cases="convolve"
def slide(x, kernel, bias, once=1, every=1, zeros=(0, 0)):
    """One product of a window and the kernel for each place; with other arguments its mistakes."""
    padded, k = np.pad(x, ((0, 0), zeros, (0, 0))), len(kernel)
    places = range(0, padded.shape[1] - k + 1, every)
    rows = [np.einsum("bkc,kcf->bf", padded[:, t : t + k], kernel) for t in places]
    return (np.stack(rows, axis=1) + once * bias).astype("float32")


def asked(batch, steps, k, features, filters):
    sizes = [(batch, steps, features), (k, features, filters), (filters,)]
    return tuple(random.normal(size=size).round(2).astype("float32") for size in sizes)


def around(x, w, b):
    return slide(x, w, b, zeros=((len(w) - 1) // 2, len(w) // 2))


def each(k):
    return k.shape[0] * k.shape[1]


random = np.random.default_rng(6)
_, kernel, bias = asked(1, 3, 3, 6, 4)
freeze(
    slide,
    visible=[
        (x_test[:2, :12].round(2).astype("float32"), kernel, bias),
        (np.array([[[1.0], [2.0], [4.0]]]), np.array([[[10.0]], [[1.0]]]), np.array([0.5])),
    ],
    hidden=[asked(3, 7, 7, 2, 3), asked(3, 9, 1, 4, 2), asked(3, 20, 4, 1, 1), asked(3, 6, 2, 3, 5)],
    mistakes={
        "The kernel is reversed: kernel[0] meets the earliest timestep.":
            lambda x, w, b: slide(x, w[::-1], b),
        "The bias is missing.": lambda x, w, b: slide(x, w, b, 0),
        "The bias is added once for each timestep of the kernel; add it once.":
            lambda x, w, b: slide(x, w, b, len(w)),
        "The bias is subtracted.": lambda x, w, b: slide(x, w, b, -1),
        "Only the kernel's first timestep is used.":
            lambda x, w, b: slide(x[:, : x.shape[1] - len(w) + 1], w[:1], b),
        "The windows do not overlap. The kernel moves on by one timestep.":
            lambda x, w, b: slide(x, w, b, every=len(w)),
        "There are zeros on both sides, and too many places: the whole kernel must fit.": around,
        "There are zeros before the sequence, and too many places: the whole kernel must fit.":
            lambda x, w, b: slide(x, w, b, zeros=(len(w) - 1, 0)),
        "Only the kernel's last timestep is left in it: += adds up, = begins anew.":
            lambda x, w, b: slide(x[:, len(w) - 1 :], w[-1:], b),
        "Only the first feature is read. A kernel reads all features at each of its timesteps.":
            lambda x, w, b: slide(x[..., :1], w[:, :1], b),
        "The products are averaged over the features. Add them up.":
            lambda x, w, b: slide(x, w / w.shape[1], b),
        "The kernel's timesteps and features are mixed up: its shape is (k, features, filters).":
            lambda x, w, b: slide(x, w.swapaxes(0, 1).reshape(w.shape), b),
        "The products are averaged. Add them up.": lambda x, w, b: slide(x, w / each(w), b),
        "The products are averaged over the kernel's timesteps. Add them up.":
            lambda x, w, b: slide(x, w / len(w), b),
        "An activation cuts off what is negative. None is asked.":
            lambda x, w, b: np.maximum(slide(x, w, b), 0),
    },
    rtol=1e-4, atol=1e-4,
)

# %% test="convolve" points=1
check.cases(convolve, "convolve")

# %% test="convolve" points=1 hidden=true
check.cases(convolve, "convolve", hidden["convolve"])

# %% [markdown]
# When your function passes, remove the `# ` below. The difference from Keras is then about a millionth.

# %%
layer = layers.Conv1D(32, 5)
expected = np.array(layer(x_test[:8]))  # (8, 96, 32)
output = np.zeros_like(expected)
# output = convolve(x_test[:8], *layer.get_weights())
print(f"largest difference from Keras: {np.abs(output - expected).max():.1e}")

# %% [markdown]
# There is no loop over time in it that has to wait: no output needs another output. A recurrent layer must finish timestep 6 before it may begin with 7. A convolution can compute all places at once. Section 9 asks what that is worth.
#
# ## 4 · Lengths and weights
#
# Four arguments decide how long the output is. Ask Keras, for ten timesteps and a kernel of three:

# %%
lab.convolutions.lengths(10, 3)

# %% [markdown]
# * `padding="valid"`, the default: only places where the whole kernel fits.
# * `padding="same"`: zeros on both sides, so that each timestep has an output.
# * `padding="causal"`: as many zeros, all of them *before* the sequence (section 5).
# * `strides=s`: only every *s*-th place.
# * `dilation_rate=d`: the kernel's weights stand *d* timesteps apart. Three weights with dilation 4 reach over 4 + 4 + 1 = 9 timesteps, and 9 fit into 10 at two places.
#
# Keras does not combine a stride with a dilation.
#
# A **pooling** layer slides too, and has no weights: `MaxPooling1D(4)` returns the largest of four timesteps, for each feature on its own, then moves on by four: a window of 4, valid, with stride 4.
#
# ### Exercise: how long is the output?

# %% exercise="length"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    """Return how many timesteps a Conv1D returns for `length` timesteps, an int.

    kernel: its size, int; padding: "valid", "same" or "causal"; stride, dilation: ints, of which
    at least one is 1. A valid kernel fits at least once.

    output_length(4, 2) is 3.
    """
    ### BEGIN SOLUTION
    reach = (kernel - 1) * dilation + 1
    places = length - reach + 1 if padding == "valid" else length
    return -(-places // stride)
    ### END SOLUTION

# %% cases="length"
def places(n, k, padding="valid", s=1, d=1, reach=None, late=0, up=True, fits=("valid",)):
    """Where the kernel may begin, and every s-th of these; with other arguments its mistakes."""
    reach = (k - 1) * d + 1 if reach is None else reach
    begins = n - reach + 1 + late if padding in fits else n
    return -(-begins // s) if up else begins // s


def with_stride(n, k, padding="valid", s=1, d=1):
    return places(n, k, padding, s, d, reach=1 if s > 1 else None)


def longer(n, k, padding, s, d):
    return places(n + (k - 1) * d if padding == "causal" else n, k, padding, s, d)


def moves(n, k, padding="valid", s=1, d=1):
    return (places(n, k, padding, 1, d) - 1) // s


freeze(
    places,
    visible=[(10, 3), (10, 3, "valid", 2), (10, 3, "valid", 1, 4), (10, 3, "same"), (10, 3, "causal"),
             (10, 3, "same", 2), (10, 3, "causal", 1, 4), (33, 5), (29, 4, "valid", 4), (4, 2),
             (7, 2, "causal", 3)],
    hidden=[(n, k, padding, s, d) for n, k in ((24, 5), (9, 2)) for padding in ("valid", "same", "causal")
            for s, d in ((1, 1), (2, 1), (3, 1), (1, 2))] + [(17, 1, "valid", 3), (17, 1, "causal", 2)],
    mistakes={
        "A valid kernel of k fits at length - k + 1 places: count the last one, too.":
            lambda *a: places(*a, late=-1),
        "Every stride-th place is kept, beginning with the first: round up.":
            lambda *a: places(*a, up=False),
        "The dilation is not used: the kernel reaches over (k - 1) * d + 1 timesteps.":
            lambda n, k, padding="valid", s=1, d=1: places(n, k, padding, s),
        "The kernel reaches over (k - 1) * d + 1 timesteps, not over k * d.":
            lambda n, k, padding="valid", s=1, d=1: places(n, k, padding, s, reach=k * d),
        "padding='causal' keeps the length, too: the zeros stand before the sequence.":
            lambda *a: places(*a, fits=("valid", "causal")),
        "padding='same' keeps the length: the zeros stand on both sides.":
            lambda *a: places(*a, fits=("valid", "same")),
        "The padding is not used: 'same' and 'causal' give every timestep a place.":
            lambda *a: places(*a, fits=("valid", "same", "causal")),
        "With valid padding the whole kernel must fit.": lambda *a: places(*a, fits=()),
        "With valid padding the kernel must fit, with a stride as well.": with_stride,
        "With zeros, too, every stride-th timestep has a place, the first one first: round up.":
            lambda n, k, p="valid", s=1, d=1: places(n, k, p, s, d, up=p == "valid"),
        "The stride is not used: every stride-th place has an output.":
            lambda n, k, padding="valid", s=1, d=1: places(n, k, padding, 1, d),
        "These are the moves of the kernel. It stands at one place more.": moves,
        "A stride shortens with 'same' and 'causal', too: every stride-th place has an output.":
            lambda n, k, p="valid", s=1, d=1: places(n, k, p, s if p == "valid" else 1, d),
        "The stride stands between outputs; it does not widen the kernel.":
            lambda n, k, p="valid", s=1, d=1: places(n, k, p, s, d, reach=(k - 1) * d * s + 1),
        "One is added where nothing is to be rounded up. Zeros leave `length` places, not one more.":
            lambda n, k, p="valid", s=1, d=1: places(n, k, p, s, d) if p == "valid" else n // s + 1,
        "The zeros are counted as places. They stand where a kernel would lack timesteps: the length "
        "stays as it is.": lambda n, k, p="valid", s=1, d=1: longer(n, k, p, s, d),
    },
    name="output-length",
)

# %% test="length" points=1
check.cases(output_length, "output-length")
pooled = check.call(output_length, length=29, kernel=4, stride=4)
check.equal(pooled, 7, "the length of 29 timesteps after MaxPooling1D(4)")

# %% test="length" points=1 hidden=true
check.cases(output_length, "output-length", hidden["output-length"])

# %% [markdown]
# ### How many weights?
#
# *F* filters of *k* timesteps and *C* features, and a bias each: $F(kC + 1)$. Neither the length nor stride, dilation or padding appears. For *k* = 5, *C* = 8, *F* = 32 that is 1,312, exactly a `SimpleRNN(32)` on eight features:
# *kC* = 40 numbers read at a time, just as 8 features and 32 units.
#
# Here is a model for texts of 33 tokens, in a common pattern: a convolution finds short phrases, pooling shortens the sequence, a recurrent layer reads what is left.

# %%
phrases = keras.Sequential([
    keras.Input((33,)),
    layers.Embedding(120, 42),
    layers.Conv1D(56, 5, activation="relu"),
    layers.MaxPooling1D(4),
    layers.Bidirectional(layers.LSTM(12)),
    layers.Dense(8),
])
for layer in phrases.layers:
    kind, shape = type(layer).__name__, tuple(layer.output.shape[1:])
    print(f"{kind:<15}output {str(shape):<10}")

# %% [markdown]
# 33 timesteps become 29, then 7: the last timestep that pooling would need is not there, so one of the 29 is dropped. The LSTM takes 7 steps where it would have taken 33. (One thing would be lost on the way: a mask. Neither `Conv1D` nor `MaxPooling1D` hands one on,
# so the padding of a shorter text would be read as words; here every text has 33.)
#
# ### Exercise: count the weights

# %% exercise="count"
def count_parameters(features, stack):
    """Return the number of weights in a stack of layers, an int.

    features: int, what the first layer reads (the vocabulary's size, if it is an Embedding).
    stack: a list of tuples ("Embedding", units), ("Conv1D", filters, kernel size),
    ("MaxPooling1D", size), ("LSTM", units), ("Bidirectional LSTM", units in each direction)
    and ("Dense", units). All but Embedding and MaxPooling1D have biases.

    count_parameters(3, [("Dense", 4)]) is 3 * 4 + 4 = 16.
    """
    ### BEGIN SOLUTION
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] * features + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units = directions * units
        features = units
    return total
    ### END SOLUTION

# %% cases="count"
def weights_of(features, stack, conv=None, pool=False, twice=2, wide=2, gates=4, dense=1, row=0,
               biases=1, shrink=False, pooled=0, stay=False):  # fmt: skip
    """All the weights of a stack; with other arguments the usual miscounts."""
    conv = conv or (lambda f, k, c: f * (k * c + 1))
    total = 0
    for kind, u, *k in stack:
        both = kind.startswith("Bidirectional")
        total += {
            "Embedding": lambda: (features + row) * u,
            "Conv1D": lambda: conv(u, k[0], features),
            "MaxPooling1D": lambda: pooled * features * u,
            "Dense": lambda: u * (features + dense),
        }.get(kind, lambda: (twice if both else 1) * gates * u * (features + u + biases))()
        if kind == "MaxPooling1D":
            features = u if pool else features // u if shrink else features
        elif not stay:
            features = u * (wide if both else 1)
    return total


def slip(**options):
    return lambda features, stack: weights_of(features, stack, **options)


model = [("Embedding", 42), ("Conv1D", 56, 5), ("MaxPooling1D", 4), ("Bidirectional LSTM", 12), ("Dense", 8)]
freeze(
    weights_of,
    visible=[(3, [("Dense", 4), ("Dense", 2)]), (3, [("Dense", 4)]), (8, [("Conv1D", 32, 5)]),
             (5, [("LSTM", 7)]), (120, model)],
    hidden=[
        (50, [("Embedding", 12), ("Conv1D", 9, 4), ("LSTM", 7), ("Dense", 3)]),
        (6, [("Conv1D", 20, 1), ("Conv1D", 11, 7), ("MaxPooling1D", 3), ("Dense", 1)]),
        (1, [("Conv1D", 5, 9), ("MaxPooling1D", 2), ("Bidirectional LSTM", 6), ("Dense", 2)]),
    ],
    mistakes={
        "The kernel has k timesteps: k * C numbers for each filter.":
            slip(conv=lambda f, k, c: f * (c + 1)),
        "A kernel reads all features at each of its timesteps: k * C numbers.":
            slip(conv=lambda f, k, c: f * (k + 1)),
        "The bias of a Conv1D is missing: one number for each filter.":
            slip(conv=lambda f, k, c: f * k * c),
        "A Conv1D has one bias for each filter, not for each timestep of the kernel.":
            slip(conv=lambda f, k, c: f * k * (c + 1)),
        "A Conv1D has one bias for each filter, not one for all.":
            slip(conv=lambda f, k, c: f * k * c + 1),
        "Bidirectional has two LSTMs, one for each direction, and returns both side by side.":
            slip(twice=1, wide=1),
        "Bidirectional has two LSTMs: twice the weights.": slip(twice=1),
        "Bidirectional returns both directions side by side: Dense reads twice the units.":
            slip(wide=1),
        "Pooling has no weights, and keeps the features: it shortens time.": slip(pool=True),
        "An LSTM has four of these, a matrix pair and a bias: three gates and a candidate.":
            slip(gates=1),
        "The bias of a Dense layer is missing.": slip(dense=0),
        "An LSTM has one bias for each slice. Two of them are a GRU's.": slip(biases=2),
        "Pooling takes the largest over time, and has no weights.": slip(pooled=1),
        "Pooling divides the timesteps, not the features: these stay as many.": slip(shrink=True),
        "Each layer is counted as if it read what the first one reads. What it reads is what the "
        "layer before returns.": slip(stay=True),
        "An Embedding has a row for each of the vocabulary and no bias.": slip(row=1),
    },
    name="weights-of-a-stack",
)

# %% test="count" points=1
check.cases(count_parameters, "weights-of-a-stack")

# %% test="count" points=1 hidden=true
check.cases(count_parameters, "weights-of-a-stack", hidden["weights-of-a-stack"])

# %% [markdown]
# ## 5 · Only the past
#
# A forecaster, or a model that answers while the sequence is still coming in, must not look ahead. `padding="causal"` puts $(k-1)\,d$ zeros *before* the sequence. Then the output at *t* ends its kernel at *t*:
#
# $$y_t = x_{t-(k-1)d}\; w_0 + \dots + x_{t-d}\; w_{k-2} + x_t\, w_{k-1} + b, \qquad x_s = 0 \text{ for } s < 0$$
#
# Formulas about the future are easily wrong by one, so perturb, as in lesson 5: change the input at one timestep and see which outputs move.

# %%
keras.utils.set_random_seed(0)
before = x_test[:1]
after = before.copy()
after[0, 50] += 1
settings = [{"padding": "same"}, {"padding": "causal"}, {"padding": "causal", "dilation_rate": 4}]
for options in settings:
    layer = layers.Conv1D(8, 3, **options)
    change = np.abs(np.array(layer(after)) - np.array(layer(before))).max(axis=(0, 2))
    print(f"{str(options):<46} input 50 moves outputs {np.flatnonzero(change > 1e-6)}")

# %% [markdown]
# With `same`, output 49 knows timestep 50: the future. With `causal`, nothing before 50 moves. And with dilation 4 input 50 is heard at 50, 54 and 58, and nowhere between.
#
# ### Exercise: a dilated causal convolution by hand
#
# `np.pad(x, ((0, 0), (n, 0), (0, 0)))` puts *n* timesteps of zeros before each sequence.

# %% exercise="causal"
def causal_convolve(x, kernel, bias, dilation=1):
    """Return the output of a causal Conv1D, a float array (batch, timesteps, filters).

    x: (batch, timesteps, features); kernel: (k, features, filters); bias: (filters,).
    dilation: how many timesteps apart the kernel's weights stand, int.

    For x = [[[1.], [2.], [4.]]], kernel = [[[10.]], [[1.]]], bias = [0.] and dilation 2 the
    result is [[[1.], [2.], [14.]]]: only the last has a timestep two before it.
    """
    ### BEGIN SOLUTION
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), ((k - 1) * dilation, 0), (0, 0)))
    taps = [padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k)]
    return sum(taps) + bias
    ### END SOLUTION

# %% cases="causal"
def behind(x, kernel, bias, dilation=1, before=None, zeros=None, once=1, mode="constant"):
    """A dilated convolution of x with zeros, `before` of them before it; else its mistakes."""
    reach = (len(kernel) - 1) * dilation
    zeros = reach if zeros is None else zeros
    before = zeros if before is None else before
    padded = np.pad(x, ((0, 0), (before, zeros - before), (0, 0)), mode=mode)
    steps = range(min(padded.shape[1] - reach, x.shape[1]))
    taps = np.arange(len(kernel)) * dilation
    rows = [np.einsum("bkc,kcf->bf", padded[:, t + taps], kernel) for t in steps]
    return (np.stack(rows, axis=1) + once * bias).astype("float32")


def asked(batch, steps, k, features, filters, dilation):
    sizes = [(batch, steps, features), (k, features, filters), (filters,)]
    return *(random.normal(size=size).round(2).astype("float32") for size in sizes), dilation


def gap(w, d):
    return (len(w) - 1) * d


def whole_only(x, w, b, d=1):
    found = behind(x, w, b, d)
    found[:, : gap(w, d)] = 0
    return found


random = np.random.default_rng(7)
some = x_test[:2, :12].round(2).astype("float32")
_, kernel, bias, _ = asked(1, 3, 3, 6, 2, 1)
ramp = np.array([[[1.0], [2.0], [4.0]]]), np.array([[[10.0]], [[1.0]]]), np.array([0.0])
freeze(
    behind,
    visible=[(some, kernel, bias), (some, kernel, bias, 4), (*ramp, 2)],
    hidden=[asked(3, 9, 2, 3, 4, 3), asked(3, 5, 4, 1, 2, 2), asked(3, 12, 1, 2, 2, 5)],
    mistakes={
        "The zeros stand after the sequence: the output sees the future.":
            lambda x, w, b, d=1: behind(x, w, b, d, before=0),
        "Half of the zeros stand after the sequence; that is padding='same'.":
            lambda x, w, b, d=1: behind(x, w, b, d, before=gap(w, d) // 2),
        "The kernel is reversed: its last weight meets the present timestep.":
            lambda x, w, b, d=1: behind(x, w[::-1], b, d),
        "The dilation is not used.": lambda x, w, b, d=1: behind(x, w, b),
        "The bias is missing.": lambda x, w, b, d=1: behind(x, w, b, d, once=0),
        "The bias is added once for each timestep of the kernel; add it once.":
            lambda x, w, b, d=1: behind(x, w, b, d, once=len(w)),
        "There is one timestep of zeros too many: the last weight meets the present timestep.":
            lambda x, w, b, d=1: behind(x, w, b, d, zeros=gap(w, d) + 1),
        "No zeros stand before the sequence, so the first outputs are missing.":
            lambda x, w, b, d=1: behind(x, w, b, d, zeros=0),
        "k - 1 zeros are too few: with a dilation the kernel reaches (k - 1) * d timesteps back.":
            lambda x, w, b, d=1: behind(x, w, b, d, zeros=len(w) - 1),
        "Zeros stand before the sequence, not its first timestep again.":
            lambda x, w, b, d=1: behind(x, w, b, d, mode="edge"),
        "Before its first timestep a sequence goes on with its last ones: a negative index, or np.roll, "
        "reads from the end. Zeros stand there.":
            lambda x, w, b, d=1: behind(x, w, b, d, mode="wrap"),
        "Where the kernel reaches before the sequence the output is left at zero. What it reads there "
        "is zeros; the rest of it, and the bias, count.": whole_only,
        "An activation cuts off what is negative. None is asked.":
            lambda x, w, b, d=1: np.maximum(behind(x, w, b, d), 0),
    },
    name="causal-convolution", rtol=1e-4, atol=1e-4,
)

# %% test="causal" points=2
check.cases(causal_convolve, "causal-convolution")

# %% test="causal" points=1 hidden=true
check.cases(causal_convolve, "causal-convolution", hidden["causal-convolution"])

# %% [markdown]
# ## 6 · How far does it see?
#
# The **receptive field** of an output is the stretch of input that can reach it. One layer with kernel *k* sees *k* timesteps. On a second layer each of its *k* inputs has already seen *k*. Without dilation the field grows by $k-1$ a layer: to see a hundred timesteps with $k=2$ you would need 99 layers.
# Dilation is the way out. Let it double from layer to layer, as in WaveNet (van den Oord and others, 2016), and with each layer the field doubles:
#
# $$\text{receptive field} = 1 + (k-1) \sum d$$
#
# Here is every road by which an input reaches the last output, for $k=2$ and dilations 1, 2, 4, 8. Below it stands a measurement that knows nothing of the formula: the gradient of the last output with respect to each input, as in lesson 2. All weights are one and there is no activation, so each road adds one to it.

# %%
def roads(dilations, steps=24):
    """The gradient (steps,) of the last output of a stack with kernel 2 and all weights one."""
    stack = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        options = {"padding": "causal", "kernel_initializer": "ones"}
        stack.add(layers.Conv1D(1, 2, dilation_rate=d, **options))
    zeros = tf.zeros((1, steps, 1))
    with tf.GradientTape() as tape:
        tape.watch(zeros)
        last = stack(zeros)[0, -1, 0]
    return np.array(tape.gradient(last, zeros))[0, :, 0]


gradient = roads((1, 2, 4, 8))
figure = lab.plot.receptive_field(2, (1, 2, 4, 8), gradient)
alt = "A tree from the last output down to 16 inputs; the gradient is one at these, else zero."
lab.plot.show(figure, alt=alt)
print("inputs that reach the last output:", np.count_nonzero(gradient))

# %% [markdown]
# $1 + (2-1)(1+2+4+8) = 16$, and 16 inputs have a gradient, each by exactly one road: nothing is read twice, nothing is left out. Input 8 is as near to the output as input 23: four layers. In a recurrent layer it would be fifteen steps further, and you know from lesson 2 what a gradient loses on the way.
#
# Without dilation the same four layers see five inputs, and not all equally: the input in the middle has six roads, those at the edges one.

# %%
gradient = roads((1, 1, 1, 1))
figure = lab.plot.receptive_field(2, (1, 1, 1, 1), gradient)
alt = "Four layers without dilation reach five inputs; the gradient is 1, 4, 6, 4, 1."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# A stride or a pooling makes every *later* layer coarser: after `MaxPooling1D(4)` one step in the sequence is four steps of input. So a layer adds $(k-1) \cdot d$ times the *product* of all strides before it; its own stride counts for the layers after it.
#
# ### Exercise: the receptive field

# %% exercise="field"
def receptive_field(stack):
    """Return how many timesteps of input can reach one output of a stack of layers, an int.

    stack: a list of (kernel, stride, dilation), the first layer first. A pooling layer of size p
    is (p, p, 1).

    receptive_field([(3, 1, 1), (3, 1, 1)]) is 5. Without any layer, [], it is 1.
    """
    ### BEGIN SOLUTION
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump *= stride
    return field
    ### END SOLUTION

# %% cases="field"
def reached(stack):
    """Walk back from one output far from the border: the span of the inputs that reach it."""
    places = {0}
    for kernel, stride, dilation in reversed(stack):
        places = {place * stride + tap * dilation for place in places for tap in range(kernel)}
    return max(places) - min(places) + 1


def grown(stack, begin=1, gaps=1, dilated=True, own=False, last=False, strides=True):
    """The same as a sum, and with other arguments its mistakes."""
    field, jump = begin, 1
    for kernel, stride, dilation in stack:
        before, jump = jump, (stride if last else jump * stride) if strides else 1
        field += (kernel - gaps) * (dilation if dilated else 1) * (jump if own else before)
    return field


def slip(**options):
    return lambda stack: grown(stack, **options)


def all_strides(stack):
    return 1 + sum((k - 1) * d for k, _, d in stack) * int(np.prod([s for _, s, _ in stack]))


def added(stack):
    strides = [1 + sum(s for _, s, _ in stack[:place]) for place in range(len(stack))]
    return 1 + sum((k - 1) * d * jump for (k, _, d), jump in zip(stack, strides, strict=True))


doubling = [(2, 1, d) for d in (1, 2, 4, 8)]
freeze(
    reached,
    visible=[([(3, 1, 1), (3, 1, 1)],), (doubling,), ([],), ([(5, 1, 1), (4, 4, 1), (5, 1, 1)],),
             ([(3, 2, 1), (3, 2, 1), (2, 1, 1)],)],
    hidden=[
        ([(3, 1, 1), (3, 1, 3), (3, 1, 9)],), ([(7, 2, 1), (3, 2, 1), (3, 1, 1)],),
        ([(4, 1, 2), (4, 4, 1), (2, 1, 3)],), ([(1, 1, 1), (9, 1, 1)],), ([(2, 2, 1)] * 5,),
    ],
    mistakes={
        "Count the output's own timestep: begin with 1.": slip(begin=0),
        "A kernel of k has k - 1 gaps: each layer adds (k - 1) * d.": slip(gaps=0),
        "The dilation is not used: each layer adds (k - 1) * d.": slip(dilated=False),
        "That is the last layer alone. Each layer adds (k - 1) * d.":
            lambda stack: grown(stack[-1:]),
        "After a stride one step is several steps of input: strides before a layer multiply.":
            slip(strides=False),
        "A layer's own stride counts only for the layers after it.": slip(own=True),
        "All strides before a layer multiply, not the last one only.": slip(last=True),
        "The fields of the layers are added up: they share a timestep.":
            lambda stack: sum((k - 1) * d + 1 for k, _, d in stack),
        "The layers stand in the other order: the first one stands first.":
            lambda stack: grown(stack[::-1]),
        "Stride and dilation are swapped: a layer is (kernel, stride, dilation).":
            lambda stack: grown([(k, d, s) for k, s, d in stack]),
        "A dilation spreads its own layer only; strides alone make the later ones coarser.":
            lambda stack: grown([(k, s * d, d) for k, s, d in stack]),
        "The product of all strides counts in every layer. Only those before a layer do.": all_strides,
        "That is the first layer alone, and nothing for no layer: the `return` stands in the loop.":
            lambda stack: grown(stack[:1]) if stack else None,
        "The kernels are multiplied. Fields add up: each layer adds (k - 1) * d.":
            lambda stack: int(np.prod([k for k, _, _ in stack])),
        "The strides before a layer are added up; they multiply.": added,
    },
    name="receptive-field",
)

# %% test="field" points=1
check.cases(receptive_field, "receptive-field")

# %% test="field" points=1 hidden=true
check.cases(receptive_field, "receptive-field", hidden["receptive-field"])

# %% [markdown]
# ## 7 · Beyond the field
#
# The field is a wall. What lies behind it cannot reach the output, whatever the weights and however long the training. A recurrent layer has no wall; it has a memory that may or may not last. To see both: somewhere in a sequence of faint noise stands one of four cues, and at the end the model must say which.
# This is lesson 2's task, with the cue at any lag from 0 to 31. Three models train on that, and are then tested with lags up to 63, which none has met:
# two dilated stacks with fields of 16 and 32, of which we keep the last timestep, and a GRU. The stacks are built in the functional way, so that `h[:, -1]` can take that timestep.

# %%
def cues(samples, longest, seed):
    """Noise (samples, longest + 1, 4) with a cue in it, the cues and their lags (samples,)."""
    random = np.random.default_rng(seed)
    noise = random.normal(scale=0.2, size=(samples, longest + 1, 4)).astype("float32")
    cue, lag = random.integers(4, size=samples), random.integers(longest + 1, size=samples)
    noise[np.arange(samples), longest - lag] = np.eye(4)[cue]  # a one in one of four features
    return noise, cue, lag


def stack_of(dilations):
    h = inputs = keras.Input((None, 4))
    for d in dilations:
        h = layers.Conv1D(32, 2, dilation_rate=d, padding="causal", activation="relu")(h)
    return keras.Model(inputs, layers.Dense(4)(h[:, -1]))


keras.utils.set_random_seed(0)
readers = {
    "Conv1D, field 16": stack_of((1, 2, 4, 8)),
    "Conv1D, field 32": stack_of((1, 2, 4, 8, 16)),
    "GRU": keras.Sequential([keras.Input((None, 4)), layers.GRU(16), layers.Dense(4)]),
}

# %%
x_cue, y_cue, _ = cues(3000, 31, seed=0)
x_far, y_far, lag = cues(6400, 63, seed=1)
curves = {}
for number, (name, model) in enumerate(readers.items()):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    adam = keras.optimizers.Adam(0.01 if name == "GRU" else 0.005)
    model.compile(optimizer=adam, loss=loss, metrics=["accuracy"])
    lab.fit_once(model, x_cue, y_cue, name=f"cue-{number}", epochs=8, batch_size=64, verbose=0)
    right = np.argmax(model(x_far), axis=-1) == y_far
    curves[name] = np.array([right[lag == k].mean() for k in range(64)])
    print(f"{name:<17}{model.count_params():>6,} weights ", end="")
    for first, end in [(0, 16), (16, 32), (32, 64)]:
        print(f"  lags {first} to {end - 1}: {curves[name][first:end].mean():.2f}", end="")
    print()

edges = {"Conv1D, field 16": 16, "Conv1D, field 32": 32}
figure = lab.plot.reach(curves, edges, chance=0.25, trained=31)
alt = "Each stack is right up to the edge of its field and guesses beyond it; the GRU goes on."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# The walls do not depend on the training; what happens inside them does. With 16 filters and a learning rate of 0.01 the deeper stack, and with tanh in place of relu both, had not learned the lags inside their field after eight epochs (one seed each); this width and rate took some trying. The GRU learned at the first attempt, with about a sixth of the weights.
#
# ### In your own words
#
# Explain the figure.
#
# 1. Why does the stack with field 16 fall to chance between lag 15 and lag 16, and not gradually? Why can neither more filters nor more epochs change that?
# 2. The GRU has met no lag above 31. Why can it be right there, and why may it stop being right at some lag?
# 3. You need an answer at lag 100. Name two ways to give the convolution that reach, and what each costs.
#
# Five to nine sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-cliff" points=2
### BEGIN SOLUTION
# The output of the stack is a function of 16 inputs: the last one and the 15 before it, lags 0 to 15. A cue at lag 16 is not among the arguments of that function, so the output with each of the four cues is the same
# and the best it can do is guess: 0.25. There is no "a little" between being an argument and not being one, hence the cliff. More filters or epochs change the function, not its arguments; while training, such examples give a gradient that says nothing of the cue.
# The GRU carries its state over any number of steps with the same weights. Training up to lag 31 taught it to write the cue and keep it through noise, and nothing in that depends on the number of steps, so it may go on. But it keeps what it holds only to the extent that its gates stay near one:
# if each step loses or overwrites a little, or noise is mistaken for a cue, the errors add up with the lag, and no training example corrected that beyond 31.
# For lag 100 the field must be at least 101: two more dilated layers (dilations 32 and 64 give a field of 128), which costs weights and time for each layer; or a larger kernel, with k = 8 and dilations 1, 2, 4, 8 the field is 106, at four times the weights a layer;
# or a stride or pooling before, which costs resolution in time; or a recurrent layer on top of the convolution, which costs its step-by-step time.
### END SOLUTION

# %% [markdown]
# ## 8 · On the watch: convolution against recurrence
#
# The watch asks nothing of that kind: every second of a window has something to say about the exercise, and nothing must be carried from far away. Four models with nearly the same number of weights, about 5,000, train for the same ten epochs:
#
# * `Flatten` lays a window's 600 numbers in one row, and `Dense` reads them all: each timestep has weights of its own.
# * Two convolutions with a pooling between them; `GlobalAveragePooling1D` averages over the timesteps that are left. The field of one output of the second convolution is the 24 of the exercise above: 0.96 seconds. The model judges second by second, and averages.
# * A GRU and an LSTM, whose last state speaks.
#
# Each ends in `Dropout(0.3)`, which switches off three tenths of its inputs at random while training and none afterwards, and a `Dense(7)`.

# %%
bodies = {
    "Dense": lambda: [layers.Flatten(), layers.Dense(8, activation="relu")],
    "Conv1D": lambda: [
        layers.Conv1D(28, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.Conv1D(28, 5, activation="relu"),
        layers.GlobalAveragePooling1D(),
    ],
    "GRU": lambda: [layers.GRU(37)],
    "LSTM": lambda: [layers.LSTM(32)],
}


def contestant(name):
    """A classifier of windows (100, 6) into 7 logits, with about 5,000 weights."""
    keras.utils.set_random_seed(0)
    tail = [layers.Dropout(0.3), layers.Dense(7)]
    model = keras.Sequential([keras.Input((100, 6)), *bodies[name](), *tail])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    adam = keras.optimizers.Adam(0.005)
    model.compile(optimizer=adam, loss=loss, metrics=["accuracy"])
    return model

# %%
trained, logs = {}, {}
for name in bodies:
    trained[name] = model = contestant(name)
    options = {"epochs": 10, "batch_size": 64, "validation_data": (x_test, y_test)}
    log = lab.fit_once(model, x_train, y_train, name=f"watch-{name}", verbose=0, **options)
    logs[name] = log.history
    own, new = check.accuracy(model, x_train, y_train), check.accuracy(model, x_test, y_test)
    print(f"{name:<8}{model.count_params():>6,} weights, accuracy:", end="")
    print(f" training people {own:.3f}, unseen people {new:.3f}")

words = {"label": "accuracy, unseen people", "bar_label": "linear, 91 weights"}
figure = lab.plot.history(logs, "val_accuracy", bar=0.785, **words)  # the bar is section 2's
alt = "On unseen people Conv1D ends above the linear model's line; GRU, LSTM, Dense below it."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Among the four that read the window itself the convolution is ahead, and ahead of the linear model too. `Dense` is last: whatever it learns, it must learn anew for every place in the window, where a kernel learns it once.
#
# Three people and one seed are little evidence. So here is the same training with each of the ten people unseen once, and other seeds; the run above is not among them.
#
# | unseen people | linear, 91 weights | Conv1D | GRU | LSTM | Dense |
# |---|---|---|---|---|---|
# | 8, 9, 10 | 0.79, 0.79 | 0.83, 0.81, 0.79 | 0.80, 0.76, 0.78 | 0.58, 0.74, 0.75 | 0.69, 0.69, 0.69 |
# | 1, 2, 3 | 0.78, 0.79 | 0.76, 0.76 | 0.69, 0.74 | 0.64, 0.58 | 0.51, 0.57 |
# | 4, 5, 6, 7 | 0.82, 0.82 | 0.79, 0.88 | 0.80, 0.76 | 0.72, 0.70 | 0.61, 0.64 |
# | mean over windows | 0.80 | 0.80 | 0.76 | 0.67 | 0.62 |
#
# Two things stand out. With the same weights and the same epochs the convolution beats the GRU in six of seven runs, and the LSTM and `Dense` in all. And over all ten people the linear model is level with it: 91 weights on twelve numbers that a person chose, the baseline of section 2. What five thousand weights bought is that nobody had to choose; on these ten people, no more than that.
# On the people it was trained with, the convolution is right on more than 90% of the windows. What it lacks is not weights but people.
#
# Read the table with one reservation. Pooling, dropout and learning rate were settled by trying seven convolutions on people 8, 9 and 10. For the GRU, the LSTM and `Dense` nothing was tuned.
#
# Is it that a GRU *cannot* do it? No. With thirty epochs in place of ten, and people 8 to 10 unseen, the convolution and the GRU both had 0.85 (one seed). The convolution gets there sooner, and with cheaper steps. How much cheaper is the next question.
#
# ## 9 · What does a step cost?
#
# Ratios like these are easily said, and seldom with the machine they were measured on: *an LSTM trains twice as slowly as a GRU and ten times as slowly as a Dense network; a CNN is about as fast as a Dense network.* Take it as a claim to be tested. You have four models with the same number of weights, so measure it. A fair measurement of speed needs a little care:
#
# * the first steps do not count: there TensorFlow still traces and plans;
# * take turns, so that whatever else the computer does meets all models alike;
# * take the median of several, not the mean, and look at the spread.

# %%
models = {name: contestant(name) for name in bodies}
batch = x_train[:256], y_train[:256]
seconds = {name: [] for name in models}
for turn in range(9):
    for name, model in models.items():
        begin = time.perf_counter()
        model.train_on_batch(*batch)
        if turn >= 2:  # the first two are the warm-up
            seconds[name].append(time.perf_counter() - begin)

# %%
claim = {"Dense": 1, "Conv1D": 1, "GRU": 5, "LSTM": 10}
work = {  # multiplications, for one window, without the last layer: places times weights at each
    "Dense": 600 * 8,
    "Conv1D": 96 * (5 * 6 * 28) + 20 * (5 * 28 * 28),
    "GRU": 100 * 3 * 37 * (6 + 37),
    "LSTM": 100 * 4 * 32 * (6 + 32),
}
print("                 weights   multiplications   time of a step, Dense = 1")
print("                              for a window    measured    claimed")
for name, model in models.items():
    ratio = np.median(seconds[name]) / np.median(seconds["Dense"])
    print(f"{name:<16}{model.count_params():>8,} {work[name]:>16,}", end="")
    print(f" {ratio:>14.1f} {claim[name]:>10}")

figure = lab.plot.step_costs(seconds, claim, lab.device.describe())
alt = "Measured and claimed times of a training step as multiples of the Dense model's."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Your numbers are your machine's; the figure names the device. When this page was built, on a CPU, of the claim's three parts one held: the LSTM's step cost many times the `Dense` model's. The GRU's did not cost half of the LSTM's but more than the LSTM's, with as many weights and slightly fewer multiplications. And the convolution cost several times as much as `Dense`, though less than either.
#
# The middle column says why weights tell little about time. `Dense` uses each weight once for a window. The convolution uses its kernels at 96 and at 20 places, a recurrent layer its matrices at all 100 timesteps. What the convolution does not have is the *order*: its 96 places can be computed at once, while timestep 100 of a GRU must wait for 99 others. A GPU, which is good at much at once, changes the ratios again;
# so does a larger batch. Whoever tells you a ratio should also tell you the device, the batch, the length of the sequence and the number of weights.
#
# ## 10 · Train one
#
# ### Exercise: know the exercise
#
# Train a model with convolutions that is right on at least 72% of the windows of people 8, 9 and 10, **with at most 4,000 weights**. Each of the four in section 8 has about a thousand more. Where to save is your decision: fewer filters, a smaller kernel, another pooling,
# a small GRU or LSTM in place of the second convolution, which is the pattern of section 4. The formula there says what each costs before you build it, and section 6 what the model still sees. Fewer weights learn more slowly: give them more epochs.
# The hidden check lets the windows of each recording vote, and wants at least 70% of the recordings right.
#
# The bar is just above the nearest example (0.716), so that luck does not fail you: three people are few. Over twenty seeds a model of two convolutions with 3,823 weights scored 0.80 to 0.87, and one with a GRU on top and 3,695 weights 0.78 to 0.88. The number worth beating is the linear model's 0.785.
#
# A warning about all of these: both were chosen among several by their score on people 8, 9 and 10, so that score flatters them. To know what they are worth, you would need an eleventh person.
#
# * One layer at least is a `Conv1D`. The last one returns logits, seven scores without a softmax; tell the loss.
# * A recurrent layer must stay on the fast path (`check.gpu_ready`).
# * Train through `lab.fit_once`, on what the function is given and nothing else.
# * A place to begin: thirty epochs, batches of 128, Adam with a learning rate of 0.007. If you add a second dropout, between the layers, let it be a small one, such as 0.1: there are few features to switch off.

# %% exercise="train"
def train_watch(x, y):
    """Return a compiled, trained classifier: windows (batch, 100, 6) -> logits (batch, 7).

    It has a Conv1D among its layers and at most 4,000 weights.
    x: float32 (windows, 100 timesteps, 6 features), scaled; y: int (windows,), classes 0 to 6.
    Train it with lab.fit_once(model, x, y, name="watch", epochs=..., batch_size=...).
    """
    ### BEGIN SOLUTION
    first = [keras.Input((100, 6)), layers.Conv1D(24, 5, activation="relu")]
    first += [layers.MaxPooling1D(4), layers.Dropout(0.1)]
    second = [layers.Conv1D(24, 5, activation="relu"), layers.GlobalAveragePooling1D()]
    second += [layers.Dropout(0.3), layers.Dense(7)]
    model = keras.Sequential(first + second)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.007), loss=loss, metrics=["accuracy"])
    lab.fit_once(model, x, y, name="watch", epochs=30, batch_size=128)
    return model
    ### END SOLUTION

# %% test="train" points=2
tested = check.trained(train_watch, x_train, y_train)
check.convolves(tested, x_test[:4], classes=7, most=4_000)
metric = "accuracy on the windows of unseen people"
check.classifies(tested, x_test, y_test, at_least=0.72, metric=metric)

# %% test="train" points=1 hidden=true
tested = check.trained(train_watch, x_train, y_train)
check.convolves(tested, x_test[:4], classes=7, most=4_000)
said = np.argmax(tested.predict_on_batch(x_test), axis=-1)
numbers = recording[unseen]
votes = {n: np.bincount(said[numbers == n], minlength=7) for n in np.unique(numbers)}
hits = [vote.argmax() == watch.exercise[n] for n, vote in votes.items()]
metric = "accuracy on whole recordings of unseen people, the windows of each voting"
check.learned(np.mean(hits), at_least=0.7, metric=metric)

# %% [markdown]
# When your function passes, remove the `# ` below to see which exercises your model confuses; it is restored from its receipt, not trained again. As it stands the cell shows the convolution of section 8. Each row is an exercise, each column what the model took it for.

# %%
model = trained["Conv1D"]
# model = train_watch(x_train, y_train)
says = np.argmax(model(x_test), axis=-1)
counts = np.zeros((7, 7), int)
np.add.at(counts, (y_test, says), 1)  # adds one for each window, also where a pair recurs
figure = lab.plot.confusion(counts, watch.names)
alt = "Most windows are on the diagonal; the confusions gather in a few pairs of exercises."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# ## 11 · Bug hunt: the forecaster that was too good
#
# A listing that is soon written: a forecaster that says at every timestep what comes next. The targets are shifted by one, as in lesson 1.
#
# ```python
# def forecaster(filters, kernel, dilations):
#     model = keras.Sequential([keras.Input((None, 1))])
#     for d in dilations:
#         model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="same", activation="relu"))
#     model.add(layers.Conv1D(1, kernel, padding="same"))
#     return model
#
# model = forecaster(16, 3, (1, 2, 4, 8))
# model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mae")
# model.fit(series[:, :-1], series[:, 1:])
# ```
#
# Its author tried it on the births of lesson 1, trained on the days before 2012 and scored it on stretches of 2012 to 2014, and was delighted. Let us also *use* it: for each day of these years, hand it the 56 days before and take its last output.
# The baseline is the births of seven days before. The lower error is green.

# %%
dates, births = lab.data.births()
cut = int(np.searchsorted(dates, np.datetime64("2012-01-01")))
middle, scale = births[:cut].mean(), births[:cut].std()
windows = np.lib.stride_tricks.sliding_window_view((births - middle) / scale, 57)[..., None]
# (windows, 57 days, 1): to train on, one a week of those that end before 2012; to test on, one
past, recent = windows[: cut - 56 : 7], windows[cut - 56 :]  # for each last day from 2012 on

keras.utils.set_random_seed(0)
found = keras.Sequential([keras.Input((None, 1))])
for d in (1, 2, 4, 8):
    options = {"dilation_rate": d, "padding": "same", "activation": "relu"}
    found.add(layers.Conv1D(16, 3, **options))
found.add(layers.Conv1D(1, 3, padding="same"))
found.compile(optimizer=keras.optimizers.Adam(0.01), loss="mae")
data = past[:, :-1], past[:, 1:]
history = lab.fit_once(found, *data, name="births-same", epochs=15, batch_size=64, verbose=0)

# %%
def errors(model):
    """MAE in births a day: over whole stretches, and of the last output, for a day to come."""
    said = np.array(model(recent[:, :-1]))  # (days, 56, 1)
    stretches = np.abs(said - recent[:, 1:]).mean()
    return scale * stretches, scale * np.abs(said[:, -1] - recent[:, -1]).mean()


week = np.abs(births[cut:] - births[cut - 7 : -7]).mean()
scored, used = errors(found)
tables = {
    "scored as it was trained": {"a week ago": week, "the listing": scored},
    "used for the day to come": {"a week ago": week, "the listing": used},
}
figure = lab.plot.error_bars(tables, xlabel="MAE, births a day")
alt = "Scored as trained the listing has half the baseline's error; used, four times as much."
lab.plot.show(figure, alt=alt)
for title, table in tables.items():
    print(f"{title}:", *(f"{name} {error:.0f}  " for name, error in table.items()))

# %% [markdown]
# Scored as it was trained, the listing is off by about 200 births a day, where the baseline is off by 448. Used for the day to come it is off by nearly 2,000. An error that is too good is not a success but a symptom. While it was trained and scored, the answer was among the inputs. On the last timestep it is not, and zeros stand in its place.
#
# ### Exercise: mend it
#
# Write the function so that the model keeps its layers, its weights, its dilations and its activations, gives one output per timestep for sequences of any length, and no output sees a later input.

# %% exercise="bug-hunt"
def forecaster(filters, kernel, dilations):
    """Return the mended model, not compiled: (batch, timesteps, 1) -> (batch, timesteps, 1).

    filters, kernel: ints; dilations: ints, one for each hidden layer.
    A Conv1D with relu for each dilation, then a Conv1D with one filter, the same kernel size,
    no dilation and no activation.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        options = {"dilation_rate": d, "padding": "causal", "activation": "relu"}
        model.add(layers.Conv1D(filters, kernel, **options))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model
    ### END SOLUTION

# %% test="bug-hunt" points=1
tested = check.call(forecaster, 16, 3, (1, 2, 4, 8))
check.dilated_stack(tested, 16, 3, (1, 2, 4, 8), "the mended forecaster")
check.parameters(tested, 2_465, "the mended forecaster")

# %% test="bug-hunt" points=1 hidden=true
for filters, kernel, dilations in [(4, 2, (1, 3, 2)), (3, 4, (2,))]:
    tested = check.call(forecaster, filters, kernel, dilations)
    check.dilated_stack(tested, filters, kernel, dilations, "another forecaster")

# %% [markdown]
# When it passes, remove the `# ` below to train the mended one in the same way.

# %%
model = None
# model = forecaster(16, 3, (1, 2, 4, 8))
if model is not None:
    keras.utils.set_random_seed(0)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mae")
    lab.fit_once(model, *data, name="births-causal", epochs=15, batch_size=64, verbose=0)
    print("scored {:.0f}, used {:.0f} births a day".format(*errors(model)))

# %% [markdown]
# Mended and trained in the same way (one seed), it scored 556 births a day over whole stretches, where its first outputs have seen only a day or two, and 344 when used for the day to come, against 448 for the week before. Worse in the figure, better in the world.
#
# ## What you can do now
#
# You can make every number of a convolution by hand, say how long its output is, how many weights it has and how far it sees, and show by a perturbation that it does not see the future. You know the wall at the end of its field, and that a recurrent layer has none.
# You split by person where people made the data, and you measure a claim about speed before you repeat it. In lesson 7 a recurrent network writes, one character at a time.
#
# To read on:
#
# * A. van den Oord and others, [WaveNet: A Generative Model for Raw Audio](https://arxiv.org/abs/1609.03499) (2016). Dilated causal convolutions, drawn as in section 6.
# * Keras, [Conv1D layer](https://keras.io/api/layers/convolution_layers/convolution1d/).
# * S. Bai, J. Z. Kolter and V. Koltun, [An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence Modeling](https://arxiv.org/abs/1803.01271) (2018). The essay on this lesson's question, with many more tasks.
