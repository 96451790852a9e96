# %% [markdown]
# # 9 · Linear recurrence: when the loop can go
#
# <!-- colab-badge -->
#
# **Must a recurrent layer read one timestep after the other?** Timestep 100 of a GRU waits for 99 others, and no machine, however wide, can help it. Lesson 6 gave up the memory to be rid of the loop, lesson 8
# looks at everything at once and pays for every pair. There is a third way, and much of what recurrence is today has gone it: keep the state, and give up only what forces the loop. You will see what that is, what it costs, and what is lost with it.
#
# After it you can
#
# * say which recurrences need a loop, and write the others as a loop, a scan and a convolution that give the same numbers;
# * do in six rounds what takes a loop sixty-four timesteps;
# * read from one complex number how long a unit remembers and how fast it turns;
# * write the step of a minimal GRU, count its weights, and stream with it;
# * name a task that such a layer cannot learn, and set it up for one that it can.
#
# *Time:* about 110 minutes to read and solve. *Before this:* lesson 2 (the GRU's step, gradients over a lag), lesson 4 (the lamp, chunks), lesson 6 (causal convolution). An extension: nothing later needs it.

# %% setup=true

# %% given="imports"
import time

import keras
import numpy as np
from keras import layers

MinGRU = lab.linear.MinGRU  # section 5 tells what it is

# %% [markdown]
# ## 1 · What forces the loop?
#
# A recurrent layer makes its new state of the old one and of the input, $h_t = f(h_{t-1}, x_t)$. To know $h_{16}$ you need $h_{15}$, and so on down to the first. Unless there is a short cut: a way to say what *sixteen* timesteps do to a state, all
# together, before the state is known. Look at what they do. Take one unit, sixteen fixed inputs, and forty-one different states to begin with; draw the state after 1, 4 and 16 timesteps over the state before.

# %%
random = np.random.default_rng(0)
before = np.linspace(-3, 3, 41).astype("float32")[:, np.newaxis]  # (41, 1 unit)
x = np.repeat(random.normal(size=(1, 16, 1)).astype("float32"), 41, axis=0)  # (41, 16, 1)

linear, gated = layers.SimpleRNN(1, activation=None), layers.GRU(1)
for layer, weights in ((linear, (0.5, 0.9, 0.0)), (gated, (1.0, 3.0, 0.0))):
    layer.build(x.shape)
    layer.set_weights([np.full(w.shape, v) for w, v in zip(layer.get_weights(), weights)])

after = {}
for name, layer in {"SimpleRNN without tanh": linear, "GRU": gated}.items():
    states = {t: layer(x[:, :t], initial_state=before) for t in (1, 4, 16)}
    after[name] = {f"after {t}": np.ravel(state) for t, state in states.items()}
figure = lab.plot.in_and_out(before[:, 0], after)
alt = "Linear layer: three straight lines, flatter with more timesteps. GRU: three curves."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# On the left a straight line stays a straight line. However many timesteps a stretch has, what it does to the state is told by *two numbers*, the line's slope and its height at zero. On the right each timestep bends the curve once more, and no fixed number of
# numbers tells what sixteen of them do. Nothing is left but to walk through them.
#
# So the short cut exists where the step is **linear in the state**:
#
# $$h_t = a_t \odot h_{t-1} + b_t$$
#
# Each unit keeps the share $a_t$ of its state and adds $b_t$. Both may change at every timestep, and both may be made of the input in any way, by layers as deep as you like. Only one thing is forbidden: the state may not stand in them. (The product $\odot$ goes unit by unit. A full
# matrix in place of $a_t$ would be linear as well, but a product of two matrices costs far more than one of two numbers.)
#
# ### Exercise: the loop
#
# First the thing itself, with a loop, so that there is something to compare with.

# %% exercise="loop"
def linear_loop(a, b, h):
    """Return all states of h_t = a_t * h_(t-1) + b_t, float (batch, timesteps, units).

    a and b: float (batch, timesteps, units). h: (batch, units), the state before all of them.
    Entry t of the result is the state after timestep t has been read; h itself is not in it.

    With one unit, a = 0.5, 0.5, b = 1, 1 and h = 4, the states are 3 and 2.5.
    """
    ### BEGIN SOLUTION
    states = []
    for t in range(b.shape[1]):
        h = a[:, t] * h + b[:, t]
        states.append(h)
    return np.stack(states, axis=1)
    ### END SOLUTION

# %% cases="loop"
def walk(a, b, h, start=True, move=True, share=False, turned=False):
    a, b = (a[:, ::-1], b[:, ::-1]) if turned else (a, b)
    first, states = (h if start else 0 * h), []
    h = first
    for t in range(b.shape[1]):
        new = a[:, t] * (h if move else first) + (1 - a[:, t] if share else 1) * b[:, t]
        h = new
        states.append(h)
    return np.stack(states[::-1] if turned else states, axis=1)


def some(batch, timesteps, units, seed):
    random = np.random.default_rng(seed)
    a = random.uniform(-1.1, 1.1, (batch, timesteps, units)).round(3)
    b = random.normal(size=a.shape).round(3)
    return a, b, random.normal(size=(batch, units)).round(3)


freeze(
    walk,
    visible=[some(2, 5, 3, 0), (np.full((1, 2, 1), 0.5), np.ones((1, 2, 1)), np.full((1, 1), 4.0))],
    hidden=[some(3, 7, 2, 1), some(1, 1, 4, 2), some(2, 12, 1, 3)],
    mistakes={
        "It begins from zeros: h is the state before the first timestep.": lambda a, b, h: walk(a, b, h, start=False),
        "Each timestep starts from the first state. It is the state just made that goes on.":
            lambda a, b, h: walk(a, b, h, move=False),
        "b is added as it is, not multiplied by 1 - a.": lambda a, b, h: walk(a, b, h, share=True),
        "a and b are exchanged: a multiplies the state, b is added.": lambda a, b, h: walk(b, a, h),
        "It reads from the last timestep to the first.": lambda a, b, h: walk(a, b, h, turned=True),
        "Entry t is the state before timestep t has been read; the state after it is asked.":
            lambda a, b, h: np.concatenate([h[:, None], walk(a, b, h)[:, :-1]], axis=1),
        "The state before the first timestep is not part of the result.":
            lambda a, b, h: np.concatenate([h[:, None], walk(a, b, h)], axis=1),
        "b is not added at every timestep.": lambda a, b, h: h[:, None] * a.cumprod(axis=1),
        "The share multiplies the state alone: b is added to a * h as it is.": lambda a, b, h: walk(a, a * b, h),
        "Each timestep has the share of the one before it: the share of timestep t stands at a[:, t].":
            lambda a, b, h: walk(np.roll(a, 1, axis=1), b, h),
    },
    name="linear-loop",
    axes="batch, timesteps, units",
)

# %% test="loop" points=1
check.cases(linear_loop, "linear-loop")

# %% test="loop" points=1 hidden=true
check.cases(linear_loop, "linear-loop", hidden["linear-loop"])

# %% [markdown]
# ## 2 · Two steps are one step
#
# A step is a pair $(a, b)$: it takes a state $h$ to $a h + b$. Do one step and then another, and the result is again such a pair, the line through the figure above. So any two neighbours can be merged before anybody knows the state they will
# work on. And then the results can be merged again.
#
# Two things to know about merging. The *grouping* does not matter: whether you merge the first two of three and then the third, or the first with the merged last two, the same three things are done in the same order. (In algebra: it is associative.)
# The *order* does matter. Add 3 and then double: from 1 comes 8. Double and then add 3: from 1 comes 5.
#
# ### Exercise: merge two steps

# %% exercise="combine"
def combine(first, then):
    """Return the one step that does what two steps do, one after the other: a pair (a, b).

    first, then: pairs (a, b) of numbers, or of arrays that all have one shape. The step (a, b)
    takes a state h to a * h + b. `first` is done first.

    combine((1.0, 3.0), (2.0, 0.0)), add 3 and then double, is (2.0, 6.0).
    """
    ### BEGIN SOLUTION
    return first[0] * then[0], then[0] * first[1] + then[1]
    ### END SOLUTION

# %% cases="combine"
def drawn(*shape, seed):
    random = np.random.default_rng(seed)
    one, two, three, four = random.normal(size=(4, *shape)).round(3)
    return (one, two), (three, four)


freeze(
    lambda p, q: (q[0] * p[0], q[0] * p[1] + q[1]),
    visible=[((1.0, 3.0), (2.0, 0.0)), ((2.0, 0.0), (1.0, 3.0)), ((0.5, 1.0), (-1.5, 4.0)), drawn(2, 3, seed=0)],
    hidden=[drawn(2, 4, 3, seed=1), drawn(5, seed=2), ((0.25, -3.0), (0.0, 7.0))],
    mistakes={
        "That is the other order: `then` is done on what `first` has made.":
            lambda p, q: (q[0] * p[0], p[0] * q[1] + p[1]),
        "What `first` has added is multiplied by the a of the step that comes then, not by its own.":
            lambda p, q: (q[0] * p[0], p[0] * p[1] + q[1]),
        "What `first` has added goes through `then` as well: it is multiplied there.":
            lambda p, q: (q[0] * p[0], p[1] + q[1]),
        "The shares multiply: half of a half is a quarter.": lambda p, q: (q[0] + p[0], q[0] * p[1] + q[1]),
        "Merging is not adding: what is in the state when `then` comes is multiplied.":
            lambda p, q: (q[0] + p[0], q[1] + p[1]),
        "What `then` adds is missing.": lambda p, q: (q[0] * p[0], q[0] * p[1]),
        "What `then` adds comes last: its share does not multiply it.":
            lambda p, q: (q[0] * p[0], q[0] * (p[1] + q[1])),
        "The share that `first` keeps is missing from the first part.": lambda p, q: (q[0], q[0] * p[1] + q[1]),
        "The pair is turned round: (a, b), the share first.": lambda p, q: (q[0] * p[1] + q[1], q[0] * p[0]),
        "Part of this is what comes of the state 1. The pair is asked, whatever the state.":
            lambda p, q: (q[0] * p[0], q[0] * (p[0] + p[1]) + q[1]),
    },
    name="two-steps",
    parts=("a", "b"),
)

# %% test="combine" points=1
check.cases(combine, "two-steps")

# %% test="combine" points=1 hidden=true
check.cases(combine, "two-steps", hidden["two-steps"])

# %% [markdown]
# ### All of them in a few rounds
#
# With merging alone, all states can be had in a few rounds. In round 1 every place merges with the one just before it, all places at once: now each holds a stretch of two. In round 2 it merges with the place two before it, and holds a stretch of four. Then four before, eight before, and so on. Stretches
# that reach back to timestep 0 are done.

# %%
figure = lab.plot.doubling(8)
alt = "Eight places, three rounds: each merges with the place 1, 2, 4 before it until all reach 0."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# A box holds the merged step of the timesteps written on it; yellow boxes are done. A blue line brings what comes first, a grey one what comes then. Eight timesteps take three rounds, sixty-four take six, a thousand ten: with $T$ timesteps $\lceil \log_2 T \rceil$. This is a **scan** by doubling (Hillis and Steele
# described it in 1986), and it works for everything that can be grouped at will: sums, maxima, products of matrices, and steps that are linear in the state, as Martin and Cundy showed for recurrent networks in 2018.
#
# ### Exercise: the scan
#
# About ten lines. How do all places merge at once? In arrays: cut the last places off one copy and the first off another, so that each place meets the one that stands `far` before it.

# %% exercise="scan"
def doubling_scan(merge, pair):
    """Merge each place with all that come before it; return a pair of arrays like `pair`.

    pair: (a, b), two arrays (batch, timesteps, units): the steps, one for each timestep.
    merge(first, then): takes two pairs of arrays, all of one shape, and returns one such pair,
    place by place. The grouping does not matter, the order does. Nothing else is known of it.
    Place t of the result is steps 0 to t merged, in order; place 0 is step 0 as it is.
    `merge` may be called at most ceil(log2(timesteps)) times, with as many places as you like.
    """
    ### BEGIN SOLUTION
    a, b = pair
    far = 1
    while far < a.shape[1]:
        new_a, new_b = merge((a[:, :-far], b[:, :-far]), (a[:, far:], b[:, far:]))
        a = np.concatenate([a[:, :far], new_a], axis=1)
        b = np.concatenate([b[:, :far], new_b], axis=1)
        far *= 2
    return a, b
    ### END SOLUTION

# %% test="scan" points=1
check.scans(doubling_scan)

# %% test="scan" points=1 hidden=true
check.scans(doubling_scan, timesteps=(1, 2, 13, 64), batch=3, units=2, seed=5)

# %% [markdown]
# When your three functions pass, remove the `# ` below: the loop and the scan are one.

# %%
a, b = random.uniform(0, 1, (2, 64, 3)), random.normal(size=(2, 64, 3))
print("a and b", a.shape, "(batch, timesteps, units)")
# states = linear_loop(a, b, np.zeros((2, 3)))
# print("largest difference:", np.abs(doubling_scan(combine, (a, b))[1] - states).max())

# %% [markdown]
# ## 3 · A share that stays is a convolution
#
# If $a$ is the same at every timestep there is a third form. Write the loop out, from a state of zeros:
#
# $$h_t = b_t + a\, b_{t-1} + a^2\, b_{t-2} + \dots + a^t\, b_0$$
#
# Each input is multiplied by a number that depends on nothing but its lag. That is a causal convolution (lesson 6), one kernel for each unit, as long as the sequence. Keras has the layer: `DepthwiseConv1D` gives each feature a kernel of its own, and padding on the left
# keeps the future out. What is its kernel?
#
# ### Exercise: the kernel

# %% exercise="kernel"
def causal_kernel(a, timesteps):
    """Return the kernel with which DepthwiseConv1D equals the loop: float (timesteps, units, 1).

    a: float (units,), the share that each unit keeps. The layer reads `timesteps` inputs at once,
    the oldest first: the last entry of the kernel meets the newest input, which has lag 0.

    For a = [0.5] and 3 timesteps the entries are 0.25, 0.5, 1.
    """
    ### BEGIN SOLUTION
    lags = np.arange(timesteps)[::-1]
    return (np.asarray(a) ** lags[:, np.newaxis])[:, :, np.newaxis]
    ### END SOLUTION

# %% cases="kernel"
def powers(a, timesteps, late=0, turned=False):
    lags = np.arange(timesteps) + late
    return (np.asarray(a)[None] ** (lags if turned else lags[::-1])[:, None])[..., None]


freeze(
    powers,
    visible=[(np.array([0.5]), 3), (np.array([0.5, 0.9, -0.8]), 6), (np.array([1.0, 0.99]), 4)],
    hidden=[(np.array([0.3, -0.7]), 9), (np.array([0.95, 0.2, 0.6, 1.01]), 5), (np.array([0.4]), 1)],
    mistakes={
        "It is turned round: the last entry meets the newest input, which is added as it is.":
            lambda a, n: powers(a, n, turned=True),
        "Each entry has one power too many: the newest input has lag 0.": lambda a, n: powers(a, n, late=1),
        "Turned round, and with one power too many.": lambda a, n: powers(a, n, late=1, turned=True),
        "A kernel has the shares of the lags, not their sum so far.":
            lambda a, n: powers(a, n).cumsum(axis=0),
        "A lag is the exponent, not the base.":
            lambda a, n: (np.arange(n)[::-1][:, None] ** np.asarray(a)[None])[..., None],
        "The share falls by a factor at every timestep, not by an amount.":
            lambda a, n: (np.arange(n)[::-1][:, None] * np.asarray(a)[None])[..., None],
        "The kernel is not scaled to a sum of 1: the newest input is added as it is.":
            lambda a, n: powers(a, n) / powers(a, n).sum(axis=0),
    },
    name="causal-kernel",
    lists=True,
    axes="timesteps, units, 1",
)

# %% test="kernel" points=1
check.cases(causal_kernel, "causal-kernel")

# %% test="kernel" points=1 hidden=true
check.cases(causal_kernel, "causal-kernel", hidden["causal-kernel"])

# %% [markdown]
# Three forms, three layers of Keras. `lab.linear.show_forms` builds them for three units that keep 0.5, 0.9 and 0.99, lets all read one batch, `(4, 64 timesteps, 3)`, and compares.

# %%
lab.linear.show_forms([0.5, 0.9, 0.99], timesteps=64)

# %% [markdown]
# The same numbers, to the fifth decimal. The scan keeps what there is to know, three numbers. The `SimpleRNN` has two full matrices for them, $2 \cdot 3 \cdot 3$, most of them zero; the convolution has a number for each lag and unit, $64 \cdot 3$, and 65 timesteps would need more of them.
# What they do not share is the price, for $T$ timesteps of one unit:
#
# | form | multiplications in all | of these, one after the other | asks that $a$ |
# |---|---|---|---|
# | loop | about $T$ | $T$ | is anything |
# | scan by doubling | about $2\, T \log_2 T$ | $\log_2 T$ | does not see the state |
# | convolution, directly | about $T^2 / 2$ | 1 | never changes |
# | convolution, by Fourier transform | about $T \log_2 T$ | about $\log_2 T$ | never changes |
#
# (The sums of a convolution can be made at once, too, in $\log_2 T$ rounds; "1" counts the products. A Fourier transform turns a convolution into a product: that is how S4, Gu and colleagues, 2022, applies kernels as long as its sequences.)
#
# The third column is what a wide machine feels, the second what a narrow one feels. So what does it cost here? Measure, as in lesson 6: a warm-up, taking turns, medians. The layers are a GRU, the minimal GRU of section 5, which is read by a scan, and a causal convolution with a kernel of 5, which
# sees five timesteps and no more. Sixteen sequences of 8 features, 64 units.

# %%
kinds = {
    "GRU": lambda: [layers.GRU(64)],
    "minGRU, scan": lambda: [MinGRU(64)],
    "Conv1D": lambda: [layers.Conv1D(64, 5, padding="causal"), layers.GlobalMaxPooling1D()],
}
seconds = {name: {} for name in kinds}
for timesteps in (64, 256, 1024):
    batch = np.ones((16, timesteps, 8), "float32"), np.ones((16, 1), "float32")
    models = {name: keras.Sequential([*make(), layers.Dense(1)]) for name, make in kinds.items()}
    for model in models.values():
        model.compile("sgd", "mse")
    for turn in range(7):
        for name, model in models.items():
            begin = time.perf_counter()
            model.train_on_batch(*batch)
            if turn >= 2:  # the first two are the warm-up
                seconds[name].setdefault(timesteps, []).append(time.perf_counter() - begin)

figure = lab.plot.seconds_by_length(seconds, lab.device.describe())
alt = "Time of a training step over 64, 256 and 1024 timesteps: GRU, minGRU by scan, Conv1D."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Your numbers are your machine's, and it may have had other things to do meanwhile. So here are also *processor* seconds, which count work and hardly feel other programs: medians of five steps, on two CPU cores, when this page was written.
#
# | timesteps | GRU | minGRU, scan | Conv1D |
# |---:|---:|---:|---:|
# | 64 | 0.027 | 0.017 | 0.004 |
# | 256 | 0.079 | 0.084 | 0.007 |
# | 1024 | 0.38 | 0.42 | 0.012 |
#
# From 64 to 1024 timesteps, sixteen times as many, the work of the loop grew 14 times and that of the scan 25 times: there is the factor $\log_2 T$, ten rounds in place of six. A step of the minimal GRU is much less work, since no state is multiplied by a matrix. At 64 timesteps that still
# shows; at 256 the rounds have eaten it up. **On a CPU the scan does not pay for long sequences**: two cores cannot use a thousand places at once, and have all the extra work to do.
#
# On a GPU it does. There every operation of a loop must be launched, however little it computes, and a thousand timesteps are launched one after the other, while a round of the scan fills as many cores as there are. No GPU was at hand when this page was built, so these are the measurements of others: Martin and Cundy made
# whole layers up to 9 times as fast with their scan, and Feng and colleagues report training steps of the minimal GRU that are 175 times as fast as those of a GRU, at 512 timesteps.
#
# ## 4 · How long does a unit remember?
#
# Lesson 2 sent a gradient back through a linear layer and found $a^k$ at lag $k$: at lag 20, $9.5 \cdot 10^{-7}$ for $a = 0.5$, 0.12 for 0.9 and 6.7 for 1.1. The kernel above holds the same powers. What is left of an input after $k$ timesteps, and what a weight can learn from it, are one number.
#
# A real $a$ between 0 and 1 can only fade. Let $a$ be *complex*, and it can turn while it fades: $a = r e^{i\theta}$ has $|a^k| = r^k$ and an angle of $k\theta$. One such number is what a matrix can do to a *pair* of units, and most matrices are made of such pairs and single numbers, their eigenvalues. So a
# diagonal of complex numbers loses little against a full matrix, and costs as little as a vector. Layers like that are S4D (Gu and colleagues, 2022) and the LRU (Orvieto and colleagues, 2023). They take the real part at the end, and they do not leave the radius to chance: the LRU draws $|a|$ from a ring just inside the unit
# circle, and its angle at random.

# %%
random = np.random.default_rng(3)
radius = np.sqrt(random.uniform(0.7**2, 0.99**2, 64))  # even over the ring's area
angle = random.uniform(-np.pi, np.pi, 64)
a = np.sort(radius) * np.exp(1j * angle)  # the first fades fastest
figure = lab.plot.diagonal(a, lags=60, marked=(0, 30, 63))
alt = "64 numbers in a ring inside the unit circle; right, three of them turn and fade."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Left the 64 numbers, three of them marked; right what is left of a 1 for these three, within the thin lines of $|a|^k$. The angle says how fast a unit turns, the radius alone how long it remembers.
#
# ### Exercise: how many timesteps?
#
# Such a layer should still hold a tenth of what it read a thousand timesteps ago. Which radius does it need? Write the function that answers the opposite question.

# %% exercise="memory"
def steps_to(share, real, imaginary):
    """Return after how many timesteps an input has at most `share` of its size left.

    real, imaginary: float (units,), the parts of the units' complex numbers a, 0 < |a| < 1.
    share: a number between 0 and 1. Returns int (units,): the smallest k with |a|**k <= share.

    steps_to(0.5, np.array([0.9, 0.0]), np.array([0.0, 0.3])) is [7, 1]: 0.9**7 is 0.478.
    """
    ### BEGIN SOLUTION
    size = np.sqrt(real**2 + imaginary**2)
    return np.ceil(np.log(share) / np.log(size)).astype(int)
    ### END SOLUTION

# %% cases="memory"
def fades(share, real, imaginary, size=None, whole=np.ceil, more=0):
    size = np.hypot(real, imaginary) if size is None else size
    return whole(np.log(share) / np.log(size)).astype(int) + more


def turns(share, real, imaginary):
    a = real + 1j * imaginary
    return np.array([next(k for k in range(999) if (unit**k).real <= share) for unit in a])


ring = np.random.default_rng(1)
r, t = ring.uniform(0.3, 0.97, (2, 3)), ring.uniform(-3, 3, (2, 3))
freeze(
    fades,
    visible=[
        (0.5, np.array([0.9, 0.0]), np.array([0.0, 0.3])),
        (0.1, np.array([0.6, -0.7, 0.95]), np.array([0.7, 0.1, -0.2])),
        (0.01, np.array([0.5, 0.05]), np.array([-0.5, 0.99])),
        (0.25, np.array([0.5, 0.0]), np.array([0.0, -0.5])),  # powers of two, which no logarithm rounds
    ],
    hidden=[
        *(
            (share, (r[n] * np.cos(t[n])).round(3), (r[n] * np.sin(t[n])).round(3))
            for n, share in enumerate((0.2, 0.003))
        ),
        (0.0625, np.array([-0.5, 0.0, 0.75]), np.array([0.0, 0.25, 0.0])),
    ],
    mistakes={
        "The last timestep at which more is left was counted: round up.":
            lambda s, x, y: fades(s, x, y, whole=np.floor),
        "It is rounded to the nearest timestep: round up, since at k it must have fallen so far.":
            lambda s, x, y: fades(s, x, y, whole=np.round),
        "Where exactly the share is left it has come that far: at most the share includes it.":
            lambda s, x, y: fades(s, x, y, whole=np.floor, more=1),
        "That is the real part of a**k, which turns. What is left is its size, |a|**k.": turns,
        "It is one timestep too many, and two where exactly the share is left.":
            lambda s, x, y: fades(s, x, y, whole=np.floor, more=2),
        "It is one timestep too many.": lambda s, x, y: fades(s, x, y, more=1),
        "The size of a complex number is the square root of the sum of the squares: the root is missing.":
            lambda s, x, y: fades(s, x, y, size=x**2 + y**2),
        "The imaginary part counts as well: |a| is not the real part.":
            lambda s, x, y: fades(s, x, y, size=np.abs(x)),
        "The two parts are squared before they are added.":
            lambda s, x, y: fades(s, x, y, size=np.abs(x) + np.abs(y)),
        "That is when the share has been lost; it asks when the share is left.":
            lambda s, x, y: fades(1 - s, x, y),
    },
    name="steps-to",
    lists=True,
)

# %% test="memory" points=1
check.cases(steps_to, "steps-to")

# %% test="memory" points=1 hidden=true
check.cases(steps_to, "steps-to", hidden["steps-to"])

# %% [markdown]
# The ring matters. From $|a| = 0.9$ nothing of an input is left after a hundred timesteps, 0.00003 of it, and no training finds what it cannot feel. Section 7 will make you feel it.
#
# ## 5 · A gate without the state
#
# A share that never changes cannot choose what to keep. A GRU can: its gate $z_t$ looks at the input and at the *state*. And that second look is what forces its loop. The **minimal GRU** (Feng and colleagues, 2024) shuts that eye, and drops the *tanh* and the reset gate:
#
# $$\begin{aligned}
# z_t &= \sigma(x_t W_z + b_z) && \text{gate: how much is replaced}\\
# \tilde h_t &= x_t W_h + b_h && \text{candidate}\\
# h_t &= (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t
# \end{aligned}$$
#
# This is linear in $h$, with a share $a_t = 1 - z_t$ that the input chooses anew at each timestep. (Note the direction: in Keras' GRU $z$ is what is *kept*.) Mamba (Gu and Dao, 2023) is a relative: a diagonal that the input chooses, sixteen numbers for each feature, with a convolution and gates around it.
#
# ### Exercise: one step
#
# Read by a scan in training, but a step is a step: to write text one character at a time, or to follow a sensor, the layer goes back to this.

# %% exercise="min-gru-step"
def min_gru_step(x, h, kernel, bias):
    """Return the next state of a minimal GRU, float (batch, units).

    x: (batch, features), the input of one timestep; h: (batch, units), the state before.
    kernel: (features, 2 * units); bias: (2 * units,); the gate's half first, then the candidate's.

    With all weights 0 the gate is 0.5 and the candidate 0: from h = [[1.0]] comes [[0.5]].
    """
    ### BEGIN SOLUTION
    gate, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    z = 1 / (1 + np.exp(-gate))
    return (1 - z) * h + z * candidate
    ### END SOLUTION

# %% cases="min-gru-step"
def step(x, h, kernel, bias, keep=False, halves=1, squash=None, sigmoid=True, biased=True, old=True, new=True, whole=False):
    gate, candidate = np.split(x @ kernel + biased * bias, 2, axis=-1)[::halves]
    z = 1 / (1 + np.exp(-gate)) if sigmoid else gate
    z = 1 - z if keep else z
    return old * (1 if whole else 1 - z) * h + (z if new else 1) * (squash(candidate) if squash else candidate)


def alternate(columns):
    return np.concatenate([columns[..., ::2], columns[..., 1::2]], axis=-1)


def softened(x, h, kernel, bias):
    gate, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    z = np.exp(gate) / np.exp(gate).sum(axis=-1, keepdims=True)
    return (1 - z) * h + z * candidate


def slip(**options):
    return lambda *given: step(*given, **options)


def weights(batch, features, units, seed):
    random = np.random.default_rng(seed)
    shapes = (batch, features), (batch, units), (features, 2 * units), (2 * units,)
    return tuple(random.normal(size=shape).round(3) for shape in shapes)


freeze(
    step,
    visible=[(np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2)), np.zeros(2)), weights(3, 2, 4, 0)],
    hidden=[weights(1, 5, 2, 1), weights(6, 1, 3, 2)],
    mistakes={
        "z is what is replaced, 1 - z what is kept: they are exchanged, as in Keras' GRU, or by the sign in the sigmoid.": slip(keep=True),
        "The gate's half comes first, the candidate's second.": slip(halves=-1),
        "This candidate has no tanh: it may be any number.": slip(squash=np.tanh),
        "The gate lacks its sigmoid, which brings it between 0 and 1.": slip(sigmoid=False),
        "The bias is missing.": slip(biased=False),
        "The old state has no part in it: 1 - z of it is kept.": slip(old=False),
        "The candidate comes in whole: only z of it is taken.": slip(new=False),
        "The candidate went through the sigmoid, too. Only the gate does.": slip(squash=lambda c: 1 / (1 + np.exp(-c))),
        "The old state is kept whole: 1 - z of it is kept.": slip(whole=True),
        "The bias has a half for each of the two: the candidate's is missing.":
            lambda x, h, kernel, bias: step(x, h, kernel, bias * (np.arange(len(bias)) < h.shape[1])),
        "The bias has a half for each of the two: the gate's is missing.":
            lambda x, h, kernel, bias: step(x, h, kernel, bias * (np.arange(len(bias)) >= h.shape[1])),
        "The gate has the first half of the columns, not every other one.":
            lambda x, h, kernel, bias: step(x, h, alternate(kernel), alternate(bias)),
        "The gate is a sigmoid of each unit, not a softmax over all of them.": softened,
    },
    axes="batch, units",
)

# %% test="min-gru-step" points=1
check.cases(min_gru_step, "min-gru-step")

# %% test="min-gru-step" points=1 hidden=true
check.cases(min_gru_step, "min-gru-step", hidden["min-gru-step"])

# %% [markdown]
# ### Stream
#
# `MinGRU` reads all timesteps by a scan. As in lesson 4, a sequence may come in chunks, if each begins with the state that the one before ended in; and a chunk may be a single timestep. All that is kept in between is one state, however long the stream has been running. An attention layer would keep
# everything it has read.

# %%
keras.utils.set_random_seed(0)
layer = MinGRU(5, return_sequences=True)
x = np.random.default_rng(0).normal(size=(2, 64, 3)).astype("float32")
whole = layer(x)  # (2, 64, 5)

for size in (16, 1):
    h, parts = np.zeros((2, 5), "float32"), []
    for start in range(0, 64, size):
        parts.append(np.array(layer(x[:, start : start + size], initial_state=h)))
        h = parts[-1][:, -1]
    off = np.abs(np.concatenate(parts, axis=1) - whole).max()
    same = "the same" if off < 1e-5 else "another result"
    print(f"chunks of {size:>2}: {same}, kept in between {h.shape}")

# h = np.zeros((2, 5))
# for t in range(64):
#     h = min_gru_step(x[:, t], h, *layer.get_weights())
# print("your steps: largest difference", np.abs(h - whole[:, -1]).max())

# %% [markdown]
# ### Exercise: count
#
# How much smaller is it? Lesson 2 has the formulas of the other two.

# %% exercise="count"
def weights_in(kind, features, units):
    """Return the number of weights of a recurrent layer, an int, biases included.

    kind: "SimpleRNN", "GRU" (with two biases, Keras' default) or "minGRU".

    weights_in("SimpleRNN", 8, 32) is 1312.
    """
    ### BEGIN SOLUTION
    if kind == "minGRU":
        return 2 * units * (features + 1)
    slices, biases = {"SimpleRNN": (1, 1), "GRU": (3, 2)}[kind]
    return slices * units * (features + units + biases)
    ### END SOLUTION

# %% cases="count"
def counted(kind, f, u, slices=2, biases=1, recurrent=0, gru=2, rnn=1):
    if kind == "minGRU":
        return slices * u * (f + recurrent * u + biases)
    return 3 * u * (f + u + gru) if kind == "GRU" else u * (f + u + rnn)


freeze(
    counted,
    visible=[("SimpleRNN", 8, 32), ("GRU", 8, 32), ("minGRU", 8, 32), ("minGRU", 3, 7), ("GRU", 5, 2)],
    mistakes={
        "Nothing of a minimal GRU is multiplied by the state: it has no recurrent kernel.":
            lambda k, f, u: counted(k, f, u, recurrent=1),
        "A minimal GRU has two slices, gate and candidate: there is no reset gate.":
            lambda k, f, u: counted(k, f, u, slices=3),
        "A minimal GRU has two slices: the gate's and the candidate's.": lambda k, f, u: counted(k, f, u, slices=1),
        "The bias of the minimal GRU is missing.": lambda k, f, u: counted(k, f, u, biases=0),
        "A minimal GRU has one bias for each slice.": lambda k, f, u: counted(k, f, u, biases=2),
        "A GRU with reset_after=True has two biases for each slice.": lambda k, f, u: counted(k, f, u, gru=1),
        "Each of the two slices of a minimal GRU has a bias.":
            lambda k, f, u: counted(k, f, u) - u * (k == "minGRU"),
        "A GRU has three slices: two gates and a candidate. Four are an LSTM's.":
            lambda k, f, u: 4 * u * (f + u + 1) if k == "GRU" else counted(k, f, u),
        "Every layer here counts its bias.": lambda k, f, u: counted(k, f, u, biases=0, gru=0, rnn=0),
        "A minimal GRU is no GRU: it has fewer slices, and no recurrent kernel.":
            lambda k, f, u: counted("GRU" if k == "minGRU" else k, f, u),
    },
    name="min-gru-count",
    function="weights_in",
)

# %% test="count" points=1
check.cases(weights_in, "min-gru-count")  # 1312, 4032 and 576 for 8 features and 32 units

# %% [markdown]
# A seventh of the GRU. The comparison flatters it a little: with few weights it also does less, and a network of such layers needs more units, or more layers, to do what one GRU does. Sometimes none are enough.
#
# ## 6 · What it gives up
#
# Two tasks that look alike. Two buttons, one of them or none pressed at each timestep, and a question at every timestep:
#
# * **The lamp** of lesson 4, with an *on* and an *off* button. Is it lit?
# * **Parity**, a lamp with a single switch: each press turns it over. Is it lit? In other words: is the number of presses odd?
#
# Train a GRU and a minimal GRU on both, with sequences of 16 timesteps, and let them read 48.

# %% given="switches"
def presses(rows, timesteps, seed):
    """Buttons (rows, timesteps, 2) as 0 or 1: none, the first or the second, one third each."""
    button = np.random.default_rng(seed).integers(3, size=(rows, timesteps))
    return np.eye(3, dtype="float32")[button][:, :, 1:]


def lamp(x):
    """Lit or not (rows, timesteps, 1): the first button is on, the second off."""
    y, lit = np.zeros((*x.shape[:2], 1), "float32"), np.zeros(len(x))
    for t in range(x.shape[1]):
        lit = np.where(x[:, t].any(axis=1), x[:, t, 0], lit)
        y[:, t, 0] = lit
    return y


def parity(x):
    """Odd or even (rows, timesteps, 1): the number of presses of the first button so far."""
    return (x[:, :, :1].cumsum(axis=1) % 2).astype("float32")

# %%
x, x_long = presses(2000, 16, seed=0), presses(500, 48, seed=1)
scores = {"the lamp": {}, "parity": {}}
for task, answer in {"the lamp": lamp, "parity": parity}.items():
    for name, kind, units in (("GRU", layers.GRU, 24), ("minGRU", MinGRU, 48)):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([
            keras.Input((None, 2)),
            kind(units, return_sequences=True),
            layers.Dense(16, activation="relu"),
            layers.Dense(1),  # a logit
        ])
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(0.01), loss)
        receipt = f"{task.split()[-1]}-{name}"
        lab.fit_once(model, x, answer(x), name=receipt, epochs=6, batch_size=40, verbose=0)
        right = (model.predict(x_long, verbose=0) > 0) == (answer(x_long) > 0.5)
        scores[task][name] = right.mean(axis=(0, 2))  # (48,)
        print(f"{task:<10}{name:<8}{model.count_params():>6,} weights, right {right.mean():.2f}")

figure = lab.plot.right_by_timestep(scores, trained=16)
alt = "The lamp: both right throughout. Parity: the GRU throughout, the minGRU near one half."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# ### In your own words
#
# Explain the figure.
#
# 1. Why does the minimal GRU do the lamp without fault, even three times as long as it was trained? What do $z_t$ and $\tilde h_t$ have to be when a button is pressed, and when none is?
# 2. Why does it fail at parity? What would its gate have to know when the switch is pressed, and does it?
# 3. There *are* $a_t$ and $b_t$, made of the input alone, with which a linear recurrence counts parity for ever. Find them. Why are they out of reach for the minimal GRU?
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-parity" points=2
### BEGIN SOLUTION
# 1. What to do with the lamp follows from the input alone. If *on* or *off* is pressed, z is near 1 and the candidate says which: the state is replaced, whatever it was. If nothing is pressed, z is near 0 and the state stays.
# Neither needs the old state, so the gate loses nothing by not seeing it; and a rule that holds at every timestep holds at timestep 48 as at 16.
# 2. A press must turn the state over: lit becomes dark and dark becomes lit. What to write depends on what is there. The gate and the candidate see the press and not the state, so after a press every sequence is pulled
# towards the same candidate, with the same share: two states that differ can only come nearer to each other, they never change places. A GRU's gate and candidate see the state, and so it can write the opposite.
# 3. With h = 1 for even and -1 for odd: a = -1 at a press, a = 1 otherwise, b = 0 (or, with 0 and 1: a = -1, b = 1 at a press; a = 1, b = 0 otherwise). The minimal GRU's a is 1 - z, which lies between 0 and 1 and
# is never negative. So it is not linearity that forbids parity here, it is the range of a.
#
# One point for 1 and 2: replaced by what the input says, against turned over by what the state is. One point for a = -1 and the range of 1 - z.
### END SOLUTION

# %% [markdown]
# So "were RNNs all we needed?", as the paper asks, has no plain answer. What a layer can do to its state decides. Grazzi and colleagues (2024) take the models of this lesson further along the line of question 3.
#
# ## 7 · Train one
#
# ### Exercise: hold on
#
# Now a task that such a layer can do, and still does not do by itself. Each sequence begins with eight timesteps in which two **cues** stand, of four kinds, among noise. Then come sixty timesteps of noise. At the end: which cue came *last*?

# %% given="cues"
def cues(rows, wait, seed):
    """Sequences (rows, 8 + wait, 8 kinds of token) as 0 or 1, and their last cues, int (rows,).

    Tokens 0 to 3 are cues: two of them stand in the first eight timesteps. 4 to 7 are noise.
    """
    random = np.random.default_rng(seed)
    tokens = random.integers(4, 8, size=(rows, 8 + wait))
    places = np.sort(random.permuted(np.tile(np.arange(8), (rows, 1)), axis=1)[:, :2], axis=1)
    cue = random.integers(4, size=(rows, 2))
    tokens[np.arange(rows)[:, np.newaxis], places] = cue
    return np.eye(8, dtype="float32")[tokens], cue[:, 1]


x_cues, y_cues = cues(1600, 60, seed=0)  # (1600, 68 timesteps, 8)
x_test, y_test = cues(500, 60, seed=1)

# %%
print("one sequence:", *x_cues[0].argmax(axis=1)[:14], "…   answer:", y_cues[0])
keras.utils.set_random_seed(0)
eager = keras.Sequential([keras.Input((None, 8)), MinGRU(16), layers.Dense(4)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
eager.compile(keras.optimizers.Adam(0.02), loss)
lab.fit_once(eager, x_cues, y_cues, name="eager", epochs=6, batch_size=40, verbose=0)
print(f"accuracy on unseen sequences: {check.accuracy(eager, x_test, y_test):.2f}, chance 0.25")

# %% [markdown]
# Chance, after six epochs. It is not the layer's fault but its beginning's: with a bias of zeros and inputs that are mostly noise, every gate begins near $z = 0.5$. A state that keeps half of itself sixty times keeps $10^{-18}$. Neither the cue nor its gradient survives, so nothing teaches the gate to shut. (We tried a GRU
# with 16 units in the same way, one seed: chance as well. With a bias that tells its gate to keep, it learned the task. What decides here is the beginning, not the loop.)
#
# Lesson 2 had this with the LSTM's forget gate, and section 4 says what a unit needs. `MinGRU(units, gate_bias=…)` sets what the gate's bias begins with. Which number? Think of the share $1 - z$ that you want at the beginning, and of what is left of it after sixty timesteps. Training can
# still open the gate where a cue stands.
#
# * Return logits, `(batch, 4)`, for sequences `(batch, timesteps, 8)` of *any* length: the hidden check lets them wait for ninety.
# * No layer with a loop: `MinGRU`, and `Dense`.
# * What the model above has will do, but for one number: 16 units, Adam with a learning rate of 0.02, batches of 40, six epochs.

# %% exercise="train-cues"
def train_cues(x, y):
    """Return a compiled, trained model: (batch, timesteps, 8) -> logits (batch, 4).

    x: float32 (sequences, 68 timesteps, 8 kinds of token); y: int (sequences,), the last cue.
    Train it with lab.fit_once(model, x, y, name="cues", epochs=..., batch_size=...).
    """
    ### BEGIN SOLUTION
    held = MinGRU(16, gate_bias=-4)  # z = 0.018: a third is left after sixty timesteps
    model = keras.Sequential([keras.Input((None, 8)), held, layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x, y, name="cues", epochs=6, batch_size=40)
    return model
    ### END SOLUTION

# %% test="train-cues" points=2
holder = check.trained(train_cues, x_cues, y_cues)
check.loop_free(holder)
check.any_length(holder)
check.logits(check.call(holder, x_test[:9], name="the model"), "the model's output", (9, 4))
check.holds(holder, x_test, y_test, early=8, at_least=0.95, metric="accuracy on unseen sequences")

# %% test="train-cues" points=1 hidden=true
holder = check.trained(train_cues, x_cues, y_cues)
check.loop_free(holder)
check.gpu_ready(holder)
check.on_gpu(holder)
x_wait, y_wait = cues(500, 90, seed=2)
check.holds(holder, x_wait, y_wait, early=8, at_least=0.9, metric="accuracy after a longer wait")

# %% [markdown]
# Remove the `# ` to see what your model has learned: its gate, the mean over units, at a cue and at noise.

# %%
kernel, bias = eager.layers[0].get_weights()
# kernel, bias = train_cues(x_cues, y_cues).layers[0].get_weights()
gates = keras.ops.sigmoid(kernel + bias)[:, :16]  # row i: the gates at token i
print("mean z at each cue ", np.round(keras.ops.mean(gates[:4], axis=1), 2))
print("mean z at the noise", np.round(keras.ops.mean(gates[4:], axis=1), 2))

# %% [markdown]
# ## 8 · Bug hunt: right as long as nothing changes
#
# If only the *last* state is wanted, a tree is cheaper than a scan: merge the timesteps in pairs, then the pairs in pairs, until one is left. The number of timesteps is a power of two. This is how it was found, with its test:

# %%
def last_state_as_found(a, b):
    """The last state of h_t = a_t * h_(t-1) + b_t from zeros; (batch, timesteps, units)."""
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a, b = a_even * a_odd, a_even * b_even + b_odd
    return b[:, 0]


layer = layers.SimpleRNN(3, activation=None, use_bias=False)
layer.build((2, 32, 3))
layer.set_weights([np.eye(3), np.diag([0.5, 0.9, 0.99])])
b = np.random.default_rng(0).normal(size=(2, 32, 3)).astype("float32")
a = np.broadcast_to(np.array([0.5, 0.9, 0.99], "float32"), b.shape)
off = np.abs(last_state_as_found(a, b) - layer(b)).max()
print("its test: equal to SimpleRNN(activation=None)?", "yes" if off < 1e-5 else "no")

# %% [markdown]
# It passes with any inputs, any number of sequences, and any shares. In a model whose shares are made of the input it learned nothing of use. Take two timesteps and one unit and do it by hand: $b = 1, 1$ and $a = 0.5, 2$ from zeros give the states 1 and then 3.
#
# ### Exercise: mend it
#
# Find the slip, and why its test could not see it.

# %% exercise="bug-hunt"
def last_state(a, b):
    """Return the last state of h_t = a_t * h_(t-1) + b_t, from zeros: float (batch, units).

    a and b: float (batch, timesteps, units); the number of timesteps is a power of two.
    """
    ### BEGIN SOLUTION
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a, b = a_even * a_odd, a_odd * b_even + b_odd
    return b[:, 0]
    ### END SOLUTION

# %% cases="bug-hunt"
def tree(a, b, merge):
    while b.shape[1] > 1:
        a, b = merge(a[:, ::2], b[:, ::2], a[:, 1::2], b[:, 1::2])
    return b[:, 0]


def folded(a, b):
    while (half := b.shape[1] // 2):
        a, b = a[:, :half] * a[:, half:], a[:, half:] * b[:, :half] + b[:, half:]
    return b[:, 0]


def every(a, b):
    states = [b[:, 0]]
    for t in range(1, b.shape[1]):
        states.append(a[:, t] * states[-1] + b[:, t])
    return np.stack(states, axis=1)


def pair(batch, timesteps, units, seed):
    random = np.random.default_rng(seed)
    shape = (batch, timesteps, units)
    return random.uniform(0.2, 1.2, shape).round(3), random.normal(size=shape).round(3)


freeze(
    lambda a, b: tree(a, b, lambda a1, b1, a2, b2: (a1 * a2, a2 * b1 + b2)),
    visible=[
        (np.array([[[0.5], [2.0]]]), np.ones((1, 2, 1))),
        (np.full((1, 4, 1), 0.5), np.array([[[8.0], [4.0], [2.0], [1.0]]])),
        pair(2, 4, 3, 0),
    ],
    hidden=[pair(1, 16, 2, 1), pair(3, 1, 2, 2), pair(2, 8, 1, 3)],
    mistakes={
        "That is the function as it was found: right where a never changes, and nowhere else.":
            lambda a, b: tree(a, b, lambda a1, b1, a2, b2: (a1 * a2, a1 * b1 + b2)),
        "Now the two timesteps are exchanged: what comes first goes through what comes then.":
            lambda a, b: tree(a, b, lambda a1, b1, a2, b2: (a1 * a2, a1 * b2 + b1)),
        "What the first of two adds must go through the second: it is multiplied there.":
            lambda a, b: tree(a, b, lambda a1, b1, a2, b2: (a1 * a2, b1 + b2)),
        "Both shares were put on what the first adds; it goes through the second alone.":
            lambda a, b: tree(a, b, lambda a1, b1, a2, b2: (a1 * a2, a1 * a2 * b1 + b2)),
        "The merged pair keeps the product of both shares.":
            lambda a, b: tree(a, b, lambda a1, b1, a2, b2: (a2, a2 * b1 + b2)),
        "b is not multiplied by its own timestep's share: that is the state's.":
            lambda a, b: tree(a, b, lambda a1, b1, a2, b2: (a1 * a2, a2 * (b1 + b2))),
        "Neighbours are merged: a timestep with the one just before it, not the first half with the second.": folded,
        "These are the states after each timestep. What is asked is their last place along the timesteps, axis 1.": every,
    },
    name="last-state",
    axes="batch, units",
)

# %% test="bug-hunt" points=1
check.cases(last_state, "last-state")

# %% test="bug-hunt" points=1 hidden=true
check.cases(last_state, "last-state", hidden["last-state"])

# %% [markdown]
# The two operands of a merge are not of one rank, and whoever takes them the wrong way round has a function that is right on every example in which they are alike. A test of something that may change must let it change.
#
# ## 9 · In Keras
#
# You need not write scans yourself. `keras.ops.associative_scan(f, elems, axis)` does what your `doubling_scan` does, in another pattern with less work in all. One limit, on TensorFlow: a layer that uses it cannot be put into a model.

# %%
class RunningSum(layers.Layer):
    def call(self, x):
        return keras.ops.associative_scan(keras.ops.add, x, axis=1)


print("on data:", np.ravel(RunningSum()(np.ones((1, 5, 1), "float32"))))
unknown = "as_list() is not defined on an unknown TensorShape"
for shape in ((None, 8, 1), (4, 8, 1)):
    try:
        RunningSum()(keras.Input(batch_shape=shape))
        said = "it builds"
    except Exception as error:
        said = f"{type(error).__name__}: {unknown if unknown in str(error) else '…'}"
    print(f"in a model, input {shape}: {said}")

# %% [markdown]
# That is what Keras 3.15.1 said when this page was built. With the batch size given it fails as well. Keras' developers know it: a [repair](https://github.com/keras-team/keras/pull/22072) was merged in 2026, so yours may build. `MinGRU` therefore doubles by hand, with slices and padding, as you did, and tells Keras its output's shape.
#
# ## What you can do now
#
# You know what forces a loop: a step that is not linear in the state. Without that, you can merge steps before their state is known, scan in a few rounds, turn fixed shares into a kernel, and read memory off a radius. You have met the layer that recurrence became, with its gate that sees the input alone: small, quick to train where
# the machine is wide, constant in memory when it streams, blind to its own state, and forgetful unless it is begun well.
#
# To read on:
#
# * E. Martin and C. Cundy, [Parallelizing Linear Recurrent Neural Nets Over Sequence Length](https://arxiv.org/abs/1709.04057) (2018). The scan comes to recurrent networks.
# * A. Gu, K. Goel and C. Ré, [Efficiently Modeling Long Sequences with Structured State Spaces](https://arxiv.org/abs/2111.00396) (2022), S4; with A. Gupta, [On the Parameterization and Initialization of Diagonal State Space Models](https://arxiv.org/abs/2206.11893) (2022), S4D. The kernel, and the diagonal.
# * A. Orvieto and colleagues, [Resurrecting Recurrent Neural Networks for Long Sequences](https://arxiv.org/abs/2303.06349) (2023). The LRU, step by step from a plain RNN, with the ring.
# * A. Gu and T. Dao, [Mamba: Linear-Time Sequence Modeling with Selective State Spaces](https://arxiv.org/abs/2312.00752) (2023).
# * L. Feng and colleagues, [Were RNNs All We Needed?](https://arxiv.org/abs/2410.01201) (2024). The minimal GRU and LSTM.
# * R. Grazzi and colleagues, [Unlocking State-Tracking in Linear RNNs Through Negative Eigenvalues](https://arxiv.org/abs/2411.12537) (2024). Parity, and what else needs more than shares between 0 and 1.
# * Keras, [associative_scan](https://keras.io/api/ops/core/#associative_scan-function). W. D. Hillis and G. L. Steele, [Data Parallel Algorithms](https://doi.org/10.1145/7902.7903) (1986).
