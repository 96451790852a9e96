# %% [markdown]
# # 3 · Encoder and decoder: one sequence in, another out
#
# <!-- colab-badge -->
#
# **How can a network answer one sequence with another, of another length and in another alphabet?** *knight* has six letters and three sounds, *six*
# three letters and four sounds. No timestep of the input belongs to a timestep of the output. The answer of 2014 is two recurrent layers: the first reads everything and keeps only its final state,
# the second starts from that state and writes. All that passes between them is the vector that lesson 2 called the state.
#
# After it you can
#
# * take the states out of a layer, put them into another, and notice when Keras accepts the wrong ones without a word;
# * build models with several inputs and outputs;
# * train a decoder by *teacher forcing*, and take the trained model apart into two that write one symbol at a time;
# * measure how a model that reads its own mistakes differs from one that is corrected at each step;
# * look into the state and see what the encoder put there.
#
# *Time:* about 120 minutes to read and solve. *Before this:* lesson 2 (states, `return_state`, masks, logits).

# %% setup=true

# %% given="imports"
import keras
import numpy as np
from keras import layers

# %% [markdown]
# ## 1 · How is it pronounced?
#
# The CMU Pronouncing Dictionary tells for each of its words how Americans say it, in 39 *phonemes*, the sounds that make a difference in English. We take words of two to six letters, 10,000
# to learn from and 1,000 others for the test. Many of them are names, so expect words that you have never seen. Both sides are already numbers: letters 1 to 26, phonemes 3 to 41, and 0 is padding on the right. Each sound begins with a symbol for the **start**
# (1) and closes with one for the **end** (2). Section 4 tells what they are for.

# %% given="words"
letters, sounds, train, test = lab.data.spelling_to_sound()
spelling, sound = train
spelling_test, sound_test = test
START, END = 1, 2

# %%
print("spelling", spelling.shape, " sound", sound.shape, " test", spelling_test.shape[0])
for word, spoken in zip(spelling[:6], sound[:6], strict=True):
    print("".join(letters[n] for n in word).ljust(8), " ".join(sounds[n] for n in spoken))

# %% [markdown]
# How far is a wrong pronunciation from the right one? Count the fewest phonemes that must be inserted, deleted or replaced: the **edit distance**. Summed over all words and divided by the number of phonemes in the
# right answers, it is the **phoneme error rate**: 0 is perfect, 1 is as bad as saying nothing. Harder is the share of words that are *exactly* right.
#
# The next two cells count these errors and two baselines. You need not follow their code; read what each function takes and returns.

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
# Two naive baselines before any network. *Letter by letter*: say for each letter the phoneme that most often stands at its place in words with as many sounds as letters. *Look-alike*: take the
# known word that agrees in most letters, and pronounce it that way.

# %%
same_length = (spelling > 0).sum(axis=1) == (sound > 2).sum(axis=1)
pairs = np.zeros((27, 42), int)  # how often each letter stands where each phoneme does
# Where a pair occurs several times, add.at counts each; pairs[...] += 1 would count once.
np.add.at(pairs, (spelling[same_length], sound[same_length, 1:7]), 1)
by_letter = np.where(spelling_test > 0, pairs[:, 3:].argmax(axis=1)[spelling_test] + 3, 0)

look_alike = np.array([sound[(spelling == word).sum(axis=1).argmax()] for word in spelling_test])
for name, written in {"letter by letter": by_letter, "look-alike": look_alike}.items():
    error, exact = scores(written, sound_test)
    print(f"{name:<17} phoneme error {error:.3f}, exactly right {exact:.3f}")

# %% [markdown]
# Nearly every second phoneme is wrong, and at best seven words of a hundred are right. English is not read letter by letter, and a word that looks alike is often said otherwise.
# To do better, a model should read the whole word before it says the first sound.
#
# ## 2 · A state goes out, a state goes in
#
# Lesson 2 took states *out* of a layer: with `return_state=True` it returns its output and then its final state, one tensor *h* for a GRU and two, *h* and *c*, for an LSTM. They also go *in*:
# `layer(x, initial_state=…)` starts from the state that you give in place of zeros. So reading can be interrupted and resumed:

# %%
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 8, 3)).astype("float32")  # (2, 8 timesteps, 3)
lstm = layers.LSTM(4, return_sequences=True, return_state=True)
whole, _, _ = lstm(x)

_, h, c = lstm(x[:, :5])  # the first five timesteps
resumed, _, _ = lstm(x[:, 5:], initial_state=[h, c])
forgot, _, _ = lstm(x[:, 5:])
print("h", h.shape, " c", c.shape)
for name, outputs in {"with initial_state=[h, c]": resumed, "without": forgot}.items():
    print(f"{name:<26} largest difference {np.abs(outputs - whole[:, 5:]).max():.7f}")

# %% [markdown]
# The state is *all* a recurrent layer knows of what it has read. Hand it over and nothing is lost. Hand over the wrong thing, and one of three things happens:

# %%
gru = layers.GRU(4, return_sequences=True, return_state=True)
_, g = gru(x[:, :5])
tries = {
    "LSTM, [h, c]": (lstm, [h, c]),
    "LSTM, [c, h]": (lstm, [c, h]),
    "LSTM, h": (lstm, h),
    "GRU,  h": (gru, g),
    "GRU,  [h, c]": (gru, [g, c]),
    "GRU,  [c, h]": (gru, [c, g]),
}
for name, (layer, state) in tries.items():
    try:
        outputs = layer(x[:, 5:], initial_state=state)[0]
        off = np.abs(outputs - layer(x)[0][:, 5:]).max()
        print(f"{name:<14} off by {off:.2f}")
    except Exception as error:
        print(f"{name:<14} {type(error).__name__}")

# %% [markdown]
# * One state for an LSTM is an error, an `IndexError` that does not say which state is missing.
# * *h* and *c* swapped is no error at all: both have the shape `(batch, units)`. It is only wrong.
# * Two states for a GRU are no error either. It takes the first and drops the second, whatever they are.
#
# So a model that runs proves nothing. Compare numbers.
#
# ### And the mask stays behind
#
# One more thing is lost without a word. An `Embedding(mask_zero=True)` sends a mask along with its output, as lesson 1 showed, and a recurrent layer uses it of its own accord. *Unless it is given an `initial_state`*:
# then Keras 3 does not hand it the mask, and the state runs on through the padding. Pass the mask by hand.

# %%
embedding = layers.Embedding(27, 3, mask_zero=True)
word = spelling[:1]
mask = word > 0  # (1, 6)
zeros = np.zeros((1, 4), "float32")
_, h, _ = lstm(embedding(word))
_, dropped, _ = lstm(embedding(word), initial_state=[zeros, zeros])
_, by_hand, _ = lstm(embedding(word), initial_state=[zeros, zeros], mask=mask)
print("mask", mask.astype(int))
print(f"with initial_state:           off by {np.abs(dropped - h).max():.4f}")
print(f"with initial_state and mask=: off by {np.abs(by_hand - h).max():.4f}")

# %% [markdown]
# ### Exercise: read on
#
# Write it for any of the three layers: they return one state or two. In Python, `a, *b = …` puts the first of several things into `a` and a list of the others, however many, into `b`.
# Read the two parts one after the other: the second may arrive long after the first is gone.

# %% exercise="read-on"
def read_on(layer, first, second, mask):
    """Read `first`, then `second` from where the first ended; return (output, states).

    layer: a SimpleRNN, GRU or LSTM with return_sequences=True and return_state=True.
    first: float32 (batch, timesteps, features), all of it real.
    second: float32 (batch, other timesteps, features); mask: bool (batch, other timesteps), True
    where second is real. Padded timesteps must leave the state as it is.
    output: (batch, other timesteps, units), for the timesteps of `second`.
    states: a list with the final states: [h, c] of an LSTM, [h] of the others.
    """
    ### BEGIN SOLUTION
    _, *states = layer(first)
    output, *states = layer(second, initial_state=states, mask=mask)
    return output, states
    ### END SOLUTION

# %% test="read-on" points=1
check.reads_on(read_on, layers.GRU)
check.reads_on(read_on, layers.LSTM)

# %% test="read-on" points=1 hidden=true
check.reads_on(read_on, layers.LSTM, batch=5, parts=(1, 4), features=4, units=6, seed=7)
check.reads_on(read_on, layers.SimpleRNN, batch=2, parts=(4, 2), features=3, units=3, seed=8)

# %% [markdown]
# ## 3 · Models that are not a straight line
#
# A `Sequential` model is a line: each layer takes what the one before returns, one tensor. An encoder returns states, and a decoder takes two things. For this Keras has the **functional API**. You met its
# first half already: `keras.Input` stands for data that is still to come. Call a layer on it, and what you get stands for the layer's result. At the end `keras.Model(inputs, outputs)` says
# which of these are the model's inputs and which its outputs. The same model, twice:

# %%
line = keras.Sequential([
    keras.Input((None,)), layers.Embedding(1000, 64), layers.LSTM(128), layers.Dense(10),
])

tokens = keras.Input((None,))  # (batch, timesteps)
vectors = layers.Embedding(1000, 64)(tokens)  # (batch, timesteps, 64)
last = layers.LSTM(128)(vectors)  # (batch, 128)
logits = layers.Dense(10)(last)  # (batch, 10)
functional = keras.Model(tokens, logits)

print("shapes:", *(symbolic.shape for symbolic in (tokens, vectors, last, logits)))
for model in (line, functional):
    print(f"{type(model).__name__:<12}{model.count_params():,}")

# %% [markdown]
# Nothing has been computed here; the names hold *symbolic* tensors, shapes without numbers. `(None, 128)` means: any batch, 128 units. Since every result has a name, it can be used twice, put aside, or handed to
# another layer. Several inputs or outputs are lists: `keras.Model([a, b], [p, q])` is called as `model([x, y])` and returns `[p, q]`. And a layer can be called twice: it is one layer with one set of
# weights, in two places. Here is what we want to build.

# %%
figure = lab.plot.unrolled(
    read=["c", "a", "t"],
    given=["start", "K", "AE", "T"],
    written=["K", "AE", "T", "end"],
)
alt = "Three encoder cells read c, a, t; their state enters four decoder cells that write."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Left the encoder reads the spelling. Its state, the blue line, goes over to the decoder, another layer with weights of its own. The decoder takes the symbol before and writes the next one.
#
# ### Exercise: build the graph
#
# Keras' [guide to recurrent networks](https://keras.io/guides/working_with_rnns/) builds this one: both sides embed their tokens in vectors of `width` numbers, the encoder returns only its states, the decoder starts from them and returns its *last*
# output only, and a `Dense` layer makes logits of it. Build it for both kinds of layer. How many weights will it have? Count before you run.
#
# The check knows a trick. Give both layers the same weights: then the encoder that hands its state over and the decoder that goes on from it are *one* layer that reads first the one
# sequence, then the other. So your model must say exactly what a straight line says of the two in a row.

# %% exercise="graph"
def encoder_decoder(kind, vocabularies, width, units, classes):
    """Return a functional model of two inputs [encoder tokens, decoder tokens] and one output.

    kind: "LSTM" or "GRU", for both layers; getattr(layers, kind) is the class.
    vocabularies: the two Embeddings' sizes, encoder first; width: the size of their vectors.
    The inputs have the shape (batch, any number of timesteps), and need not be of one length.
    There is no padding in them, so no mask is needed.
    The output is (batch, classes): logits, from a Dense layer on the decoder's last output.

    encoder_decoder("LSTM", (1000, 2000), 64, 64, 10) has 258,698 weights.
    """
    ### BEGIN SOLUTION
    recurrent = getattr(layers, kind)
    read = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(vocabularies[0], width)(read)
    _, *states = recurrent(units, return_state=True)(vectors)

    written = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(vocabularies[1], width)(written)
    output = recurrent(units)(vectors, initial_state=states)
    return keras.Model([read, written], layers.Dense(classes)(output))
    ### END SOLUTION

# %% test="graph" points=2
for cell in (layers.GRU, layers.LSTM):
    straight = keras.Sequential([layers.Embedding(12, 4), cell(6), layers.Dense(3)])
    built = check.call(encoder_decoder, cell.__name__, (9, 12), 4, 6, 3)
    check.reads_as_one(built, straight, tokens=9, timesteps=(3, 2))
check.parameters(check.call(encoder_decoder, "LSTM", (1000, 2000), 64, 64, 10), 258_698)

# %% test="graph" points=1 hidden=true
for cell, sizes, width, units, classes, timesteps in [
    (layers.GRU, (30, 50), 6, 9, 4, (2, 3)), (layers.LSTM, (40, 60), 5, 8, 3, (3, 1)),
]:
    name, parts = "the model in other sizes", (layers.Embedding(sizes[1], width), cell(units))
    straight = keras.Sequential([*parts, layers.Dense(classes)])
    built = check.call(encoder_decoder, cell.__name__, sizes, width, units, classes)
    check.reads_as_one(built, straight, tokens=sizes[0], timesteps=timesteps, name=name)
    count = sizes[0] * width + sum(part.count_params() for part in [*straight.layers, parts[1]])
    check.parameters(built, count, name)

# %% [markdown]
# Two warnings. A wrong state passes unnoticed here even more easily than in section 2: with `initial_state=h` an LSTM model *builds*, has the right number of weights, and fails only when data flows. And a
# functional model has `get_layer(name)`: give layers names where you will need them again, as we do from here on.
#
# ## 4 · Learn to write: teacher forcing
#
# A decoder that writes whole words has an output at *every* timestep (`return_sequences=True`), and a question: what does it read? When it is used, its own last symbol. But before training its symbols are nonsense, and so
# everything after the first would be practice on nonsense. **Teacher forcing** gives it the *right* symbol of the step before, whatever it said. Input and target are then one sequence, shifted by one:
#
# ```
# input    start  K   AE  T
# target   K      AE  T   end
# ```
#
# That is what the two extra symbols are for: *start* is what it reads before anything is written, and *end* is how it says that it is done. What would follow an *end*? Nothing: it is never an input. Put padding in its place, and
# input and target are padded at the same timesteps, so one mask serves both.
#
# ### Exercise: shift

# %% exercise="teacher-forcing"
def teacher_forcing(sequences):
    """Return (inputs, targets) for a decoder, each int (samples, timesteps - 1).

    sequences: int (samples, timesteps); each row START, symbols, END, then 0 as padding.
    targets: each row from its first symbol to END, then 0.
    inputs: what comes one step before each target, from START on; 0 where the target is 0.

    [[1, 7, 8, 2, 0]] gives the inputs [[1, 7, 8, 0]] and the targets [[7, 8, 2, 0]].
    """
    ### BEGIN SOLUTION
    targets = sequences[:, 1:]
    inputs = np.where(targets > 0, sequences[:, :-1], 0)
    return inputs, targets
    ### END SOLUTION

# %% cases="teacher-forcing"
def shift_right(rows, start=1, end=2):
    """The inputs that belong to the targets rows[:, 1:]."""
    return np.array([[0 if after == 0 else now for now, after in zip(row, row[1:])] for row in rows.tolist()])


def late(rows):
    return rows[:, :-1]


def following(rows):
    return rows[:, 1:]


few = sound_test[:12]
mixed = np.array([[1, 3, 3, 3, 2, 0], [1, 41, 2, 0, 0, 0], [1, 5, 4, 3, 40, 2]])
freeze(
    lambda rows: (shift_right(rows), following(rows)),
    visible=[(np.array([[1, 5, 9, 4, 2], [1, 3, 2, 0, 0], [1, 8, 8, 2, 0]]),)],
    hidden=[(few,), (mixed,), (np.array([[1, 2]]),)],
    mistakes={
        "END is in the inputs. Put 0 where the target is 0.": lambda rows: (late(rows), following(rows)),
        "The target equals the input: it would only learn to copy. Shift.": lambda rows: (late(rows), late(rows)),
        "The target equals the input: the model would only learn to copy. Shift.":
            lambda rows: (shift_right(rows), shift_right(rows)),
        "The target equals the input: it would only learn to repeat. Shift.": lambda rows: (following(rows), following(rows)),
        "Input and target changed places: the target comes one step later.": lambda rows: (following(rows), late(rows)),
        "Every input is gone that equals END or START: START is the first input.":
            lambda rows: (np.where(late(rows) > 2, late(rows), 0), following(rows)),
        "END is missing from the targets: how would it learn to stop?":
            lambda rows: (shift_right(rows), np.where(following(rows) == 2, 0, following(rows))),
        "Nothing is cut: inputs and targets are one timestep shorter than the rows.": lambda rows: (rows, rows),
    },
    parts=("inputs", "targets"),
)

# %% test="teacher-forcing" points=1
check.cases(teacher_forcing, "teacher-forcing")

# %% test="teacher-forcing" points=1 hidden=true
check.cases(teacher_forcing, "teacher-forcing", hidden["teacher-forcing"])

# %% [markdown]
# Now the whole model. It differs from the graph of section 3 in four places:
#
# * both `Embedding`s mask their padding;
# * the decoder returns all its outputs *and* its states (section 5 needs them);
# * the decoder's mask is passed by hand;
# * the layers have names.
#
# Right padding comes after all real steps, so the decoder's mask does not change its outputs there; it keeps the state from running on. Padded timesteps count neither in the loss nor in the accuracy, as in lesson 1: the mask
# of the `Embedding` travels on with the outputs. (`keras.ops.not_equal(written, 0)` is `written != 0` for symbolic tensors.)

# %% given="translator"
def translator(symbols_in, symbols_out, width, units):
    """A model of [what to read, what was written so far] -> logits of what comes next.

    (batch, any length), (batch, timesteps) -> (batch, timesteps, symbols_out); 0 is padding.
    """
    read = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(symbols_in, width, mask_zero=True, name="read")(read)
    _, h, c = layers.LSTM(units, return_state=True, name="encoder")(vectors)

    written = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(symbols_out, width, mask_zero=True, name="write")(written)
    decoder = layers.LSTM(units, return_sequences=True, return_state=True, name="decoder")
    mask = keras.ops.not_equal(written, 0)
    outputs, _, _ = decoder(vectors, initial_state=[h, c], mask=mask)
    return keras.Model([read, written], layers.Dense(symbols_out, name="logits")(outputs))

# %% [markdown]
# A small problem to try it on. `babel` is the library that writes dates the way each country does. The task: read a date in one of six languages, write it as `YYYY-MM-DD`. Nobody tells the model what a month is.

# %%
import datetime

from babel.dates import format_date

languages = ["en_US", "de", "fr", "es", "it", "nl"]
order = np.random.RandomState(0).permutation(18_263)  # the days from 2000 to 2049
days = [datetime.date(2000, 1, 1) + datetime.timedelta(int(n)) for n in order[:9000]]
texts = [format_date(day, locale=languages[n % 6]).lower() for n, day in enumerate(days)]
texts = [" ".join(text.split()) for text in texts]
characters = ["", *sorted(set("".join(texts)))]
digits = ["", "<start>", "<end>", *"-0123456789"]

codes = [[characters.index(character) for character in text] for text in texts]
read = keras.utils.pad_sequences(codes, padding="post")
iso = np.array([[1, *(digits.index(c) for c in day.isoformat()), 2] for day in days])
print("read", read.shape, " iso", iso.shape, f" {len(characters)} characters")
for n in range(6):
    print(f"{texts[n]:<14} {days[n]}")

# %% [markdown]
# The last 1,000 days are for the test: days that the model meets in no language. Every answer has ten characters, so here the shift is a plain cut. `lab.fit_once` takes the two inputs as a list.

# %%
keras.utils.set_random_seed(0)
dater = translator(len(characters), len(digits), width=32, units=64)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
dater.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=["accuracy"])
known = {"x": [read[:8000], iso[:8000, :-1]], "y": iso[:8000, 1:]}
log = lab.fit_once(dater, **known, name="dates", epochs=5, batch_size=100, verbose=0)
print("accuracy while training:", *(f"{value:.3f}" for value in log.history["accuracy"]))

# %% [markdown]
# That accuracy is teacher-forced: each symbol was guessed with the right beginning in front of it. When the model is *used*, nobody knows the right beginning. It runs **free**: its own symbols go back in.

# %%
figure = lab.plot.unrolled(
    read=["c", "a", "t"],
    given=["start", "", "", ""],
    written=["K", "AE", "T", "end"],
    fed_back=True,
)
alt = "The same graph; dashed lines lead from each output of the decoder to its next input."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# The simplest way to do that needs nothing new. Run the whole model on what is written so far, keep the last symbol, append it, and run the whole model again. Taking the most probable symbol at each step
# is called **greedy** decoding.

# %% given="free-run"
def free_run(logits_of, count, steps):
    """Write `count` sequences greedily; int (count, steps + 1), with START, to END, then 0.

    logits_of: a function of what is written so far, int (count, steps), right-padded, that
    returns logits (count, steps, symbols).
    """
    written = np.zeros((count, steps + 1), "int32")
    written[:, 0] = START
    for t in range(steps):
        written[:, t + 1] = np.argmax(logits_of(written[:, :steps])[:, t], axis=-1)
    return lab.translators.until_end(written, END)


def say(model, words, steps=8):
    """What a model of [read, so far] writes for each row of `words`, free-running."""
    return free_run(lambda so_far: model.predict_on_batch([words, so_far]), len(words), steps)

# %%
new = read[8000:]
dated = say(dater, new, steps=11)
exact = (dated == iso[8000:]).all(axis=1)
print(f"exactly right, free-running, on new days: {exact.mean():.3f}")
for n in [*np.flatnonzero(exact)[:3], *np.flatnonzero(~exact)[:3]]:
    print(f"{texts[8000 + n]:<14}{days[8000 + n]}  ", "".join(digits[i] for i in dated[n, 1:11]))

# %% [markdown]
# Nearly all of the dates are right to the last digit, in six languages. Look at what it gets wrong: the three shown are well-formed dates of another day, and in all three the month is wrong. Is it always the month, and always May? There are six errors: print the other three.
# (The look-alike baseline could not get one right: it can only repeat a day that it knows.)
#
# ## 5 · Take it apart, write step by step
#
# `free_run` wastes nearly all its work: to append one symbol it reads the input and everything written once more. But the state *is* everything that was read. So take the trained model apart into two:
#
# * an **encoder** model, run once: what to read → *h*, *c*;
# * a **step** model, run once for each symbol: last symbol, *h*, *c* → logits, new *h*, new *c*.
#
# Nothing is trained or copied for that. Call the trained model's layers on new inputs: a layer is one set of weights, wherever it is called.
#
# ### Exercise: the step models

# %% exercise="step-models"
def step_models(model):
    """Return (encoder, step), two keras.Models made of the layers of a `translator`.

    model: its layers are called "read", "encoder", "write", "decoder" and "logits";
    model.get_layer("decoder").units is the size of its states.
    encoder: tokens (batch, timesteps) -> [h, c], each (batch, units).
    step: [token (batch, 1), h, c] -> [logits (batch, 1, symbols), h, c], the states after it.
    """
    ### BEGIN SOLUTION
    read = keras.Input((None,), dtype="int32")
    _, h, c = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [h, c])

    decoder = model.get_layer("decoder")
    token = keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token), initial_state=before)
    step = keras.Model([token, *before], [model.get_layer("logits")(output), h, c])
    return encoder, step
    ### END SOLUTION

# %% test="step-models" points=1
check.takes_steps(step_models, translator(9, 12, 5, 6))

# %% test="step-models" points=1 name="stepwise" hidden=true
check.takes_steps(step_models, translator(20, 7, 4, 9), timesteps=2, padding=2, batch=4, seed=6)

# %% [markdown]
# Now the loop around the step model. It is short, and it can go wrong in four ways: the old state goes back in, or *start* does, or the loop does not stop at *end*, or it stops for all when one is done.
#
# ### Exercise: greedy decoding

# %% exercise="greedy"
def greedy_decode(step, states, longest):
    """Write one sequence for each row of a batch; int (batch, longest).

    step: a function, called as step(token, states) with token int (batch, 1) and a list of
    states; it returns the logits (batch, 1, symbols) and the list of the new states.
    states: a list of arrays (batch, units), what the encoder returned.
    The first token is START. Take the most probable symbol each time, and feed it back with the
    new states. A row ends with END, which belongs to it; after it stand zeros.
    A row that never ends is cut at `longest` symbols. START is not returned.
    """
    ### BEGIN SOLUTION
    batch = len(states[0])
    token = np.full((batch, 1), START)
    written = np.zeros((batch, longest), "int32")
    done = np.zeros(batch, bool)
    for t in range(longest):
        logits, states = step(token, states)
        best = np.argmax(logits[:, 0], axis=-1)
        written[:, t] = np.where(done, 0, best)
        done = done | (best == END)
        token = best[:, np.newaxis]
    return written
    ### END SOLUTION

# %% test="greedy" points=1
says = [[3, 4, END], [END], [3, 4, 5, 6, END]]  # what the step will say to each of three rows
check.writes_greedily(greedy_decode, says, longest=6, start=START, end=END)

# %% test="greedy" points=1 hidden=true
says = [[5, 7, 3, 8, 4, END], [6, END], [4, 4, 4, END], [3, 10, 11, 5, 5, 5, 5, END]]
check.writes_greedily(greedy_decode, says, longest=9, start=START, end=END, seed=2)
check.writes_greedily(greedy_decode, says, longest=4, start=START, end=END, seed=3)
check.writes_greedily(greedy_decode, [[END], [END]], longest=3, start=START, end=END, seed=4)

# %% [markdown]
# When both of yours pass, try them on the dates: remove the `# `. (A Keras model takes arrays or tensors, not a mixture; `convert_to_tensor` makes a tensor of the token, as the states are.)

# %%
print("with the whole model:", "".join(digits[i] for i in dated[0, 1:11]))
# date_encoder, date_step = step_models(dater)
#
#
# def one_step(token, states):
#     logits, *states = date_step([keras.ops.convert_to_tensor(token), *states])
#     return logits, states
#
#
# stepwise = greedy_decode(one_step, date_encoder(new), 11)
# print("step by step:        ", "".join(digits[i] for i in stepwise[0, :10]))
# print("the same for all 1,000 days:", np.array_equal(stepwise, dated[:, 1:]))

# %% [markdown]
# ## 6 · Now English
#
# A date is written by rules. A word is not. The same model, a little larger, learns to say the 10,000 words. The learning rate begins at 0.015 and `CosineDecay` lowers it to zero over the 280 steps of the seven epochs, along a cosine: large steps
# first, small ones to settle. `lab.data.forced_pairs` holds the same words, shifted already: what `fit` needs to learn from and what we need to test on, each as a list of the two
# inputs, and the targets.

# %% given="forced"
(shown, targets), (shown_test, targets_test) = lab.data.forced_pairs()

# %%
print("inputs", *(part.shape for part in shown), " targets", targets.shape)
keras.utils.set_random_seed(0)
speller = translator(len(letters), len(sounds), width=32, units=96)
rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=280)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
speller.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
lab.fit_once(speller, shown, targets, name="speller", epochs=7, batch_size=250, verbose=0)

spoken = say(speller, spelling_test)
error, exact = scores(spoken, sound_test)
print(f"free-running: phoneme error {error:.3f}, exactly right {exact:.3f}")
for n in range(8):
    said, right = ([sounds[i] for i in phonemes(rows[n])] for rows in (spoken, sound_test))
    word = "".join(letters[i] for i in spelling_test[n])
    note = "" if said == right else f"should be {' '.join(right)}"
    print(f"{word:<8}{' '.join(said):<22}{note}")

# %% [markdown]
# Seven times as many words are exactly right as with the better baseline, and less than half as many phonemes are wrong. Many of the errors that are left concern vowels, which English spelling tells least.
#
# ### Corrected at each step, or left alone
#
# Twice the same network and the same words. Once teacher-forced: before each symbol it is shown the right beginning. Once free-running. How often is the phoneme at each position wrong?
#
# (We leave *end* out. At position 6 two symbols of three are *end*, and *end* is easy for a reader who is shown the right beginning: both lines would tell more about lengths than about sounds.)

# %%
guesses = {
    "free-running": spoken[:, 1:],
    "teacher-forced": np.argmax(speller(shown_test), axis=-1),
}
right = targets_test[:, :6]
real = right > END  # neither padding nor END
wrong = {name: (guess[:, :6] != right) & real for name, guess in guesses.items()}
shares = {name: errors.sum(axis=0) / real.sum(axis=0) for name, errors in wrong.items()}
figure = lab.plot.errors_by_position(shares, real.sum(axis=0))
alt = (
    "Wrong phonemes by position: both lines rise from 0.06 to about 0.27 at position 2; "
    "then teacher-forced falls to 0.12 at position 6 while free-running climbs to 0.37."
)
lab.plot.show(figure, alt=alt)
for name, errors in wrong.items():
    by_position = " ".join(f"{share:.2f}" for share in shares[name])
    print(f"{name:<15} wrong: {by_position}   in all {errors.sum() / real.sum():.3f}")

# %% [markdown]
# One seed, and the pattern is plain. At position 1 the two lines meet. At position 2, where three phonemes of four are vowels, both jump. From there they part: shown the right beginning, the network is wrong less often
# towards the end of a word (0.16 at position 3, 0.12 at position 6); left alone it is wrong more and more often, from 0.20 to 0.37. The number to report is the free-running one.
#
# ### In your own words
#
# Explain the figure.
#
# 1. At position 1 both lines meet. Why must they?
# 2. Why does the free-running line climb from position 3 on, while the other does not, although it is the same network? Name two different reasons; one of them is about how we count.
# 3. A friend reports a teacher-forced accuracy of 87% for a pronouncing app. What do you ask her to measure instead, and why?
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-free" points=2
### BEGIN SOLUTION
# 1. At the first position both read the same: the encoder's state and START. Nothing has been written yet that could be right or wrong, so input, output and error are equal.
# 2. From position 3 to position 6 the free-running errors go from 0.20 to 0.37, the teacher-forced ones from 0.16 to 0.12. Teacher-forced, every symbol is guessed with the right beginning in front of it; a mistake is repaired before the next step and cannot spread. Free-running, a wrong symbol goes back in, and the state
#    that comes of it is one the network never met in training: it has learned to go on from right beginnings only (exposure bias). So one mistake makes others likelier. The second reason is the count by position:
#    after one inserted or missing phoneme all that follows stands one place off and counts as wrong, though it may be right in itself; the edit distance counts that as one error. An END that comes too early is
#    of the same kind: all the places after it are empty, and wrong. Teacher-forced, the network always knows how far the word has got, so nothing can shift.
# 3. The phoneme error rate, or the share of words exactly right, free-running and on words that were not trained on: in the app nobody supplies the right beginning, so the teacher-forced figure describes
#    a situation that never occurs, and it flatters.
#
# One point for 1 together with the spreading of mistakes, one for the second reason (a shift in position) or the argument in 3.
### END SOLUTION

# %% [markdown]
# ## 7 · What does the state know?
#
# 192 numbers, *h* and *c*, are all that the decoder ever sees of a word. Look into them. First a map: the encoder's final *h* and *c* for each of the 1,000 test words, projected onto the two directions in which these
# vectors differ most (their first two **principal components**; `svd` finds them, and you need not know how). Each dot is a word, coloured by its first letter, which the encoder read first.

# %%
h, c = lab.translators.final_states(speller, spelling_test)  # (1000, 96) each

first, maps = [letters[n] for n in spelling_test[:, 0]], {}
for name, state in {"h": h, "c": c}.items():
    centred = state - state.mean(axis=0)
    # Rows of `directions`: first the one in which the states differ most; how much, in `strength`.
    _, strength, directions = np.linalg.svd(centred, full_matrices=False)
    share = (strength[:2] ** 2).sum() / (strength**2).sum()
    maps[f"{name} ({share:.0%} of the variance)"] = centred @ directions[:2].T
figure = lab.plot.state_map(maps, first, shown="bsmcr")
alt = "Words coloured by first letter: mixed in the map of h, in groups in the map of c."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# In *c* each of the five first letters in colour has its region, four of them apart and *s* in their midst, though up to five more letters came after it: it is among the main things that the vector says, and it is what the decoder needs first. In *h* you would hardly tell the letters apart.
#
# Is it not there, or only not in these two directions of 96? To ask, *read letters out of the state*: fit the best linear guess of each letter from *h*, or from *c*, on words of six letters that were trained on, and test it on those of the test.
# Such a guess is one `Dense` layer without activation; `lstsq`, least squares, finds its weights at once, without training. The
# black lines are the baseline: always say the letter that is most frequent at that place.

# %%
def with_bias(states):
    """A column of ones beside the states, so that a product with weights has a bias."""
    return np.hstack([states, np.ones((len(states), 1))])


long, long_test = spelling[:, 5] > 0, spelling_test[:, 5] > 0
states = lab.translators.final_states(speller, spelling[long])
known = {"from h": (states[0], h), "from c": (states[1], c)}
known["from both"] = (np.hstack(states), np.hstack([h, c]))
read_out = {name: [] for name in known}
for place in range(6):
    target = np.eye(27)[spelling[long, place]]
    for name, (learnt_on, tested_on) in known.items():
        weights, *_ = np.linalg.lstsq(with_bias(learnt_on), target, rcond=None)
        guess = with_bias(tested_on[long_test]) @ weights
        read_out[name].append(np.mean(guess.argmax(axis=1) == spelling_test[long_test, place]))
frequent = [np.bincount(spelling[long, place]).argmax() for place in range(6)]
baseline = np.mean(spelling_test[long_test] == frequent, axis=0)
figure = lab.plot.knowledge(read_out, baseline, ["1st", "2nd", "3rd", "4th", "5th", "last"])
alt = "Letters read out of h and c at six places of a word, all far above the baseline."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# Both states hold much of every letter, the first and the last best, the middle least. Look at who holds what: *c*, the road on which things are carried, knows more of the beginning; *h*, which is made anew at each step, more of the end.
# Together they know more than either. A *linear* reader sees only what lies open, so these are lower bounds.
#
# ### Does the decoder need both?
#
# Corrupt one of the two on the way: give the decoder the *h* of another word, or the *c*, or both. (`lab.translators.logits_from` runs the decoder from the states that it is given.)

# %%
from functools import partial

other_h, other_c = np.roll(h, 1, axis=0), np.roll(c, 1, axis=0)  # those of the word before
trials = {
    "as they are": (h, c),
    "another word's h": (other_h, c),
    "another word's c": (h, other_c),
    "both of another": (other_h, other_c),
    "h all zero": (0 * h, c),
    "c all zero": (h, 0 * c),
}
for name, states in trials.items():
    logits_of = partial(lab.translators.logits_from, speller, states)  # a function of so_far
    rows = free_run(logits_of, count=1000, steps=8)
    error, exact = scores(rows, sound_test)
    other, _ = scores(rows, np.roll(sound_test, 1, axis=0))
    print(f"{name:<18} phoneme error {error:.3f}, exactly right {exact:.3f},", end=" ")
    print(f"error as the other word {other:.3f}")

# %% [markdown]
# With another word's *c* the decoder says another word. With another word's *h* it hardly notices: the phoneme error rises by about a hundredth. So although *h* shows nearly as much of the word as *c* does (the figure above), the decoder takes what it says from *c*. That fits
# the equations of lesson 2: the encoder's *h* is used once, in the gates and the candidate of the decoder's first step, and is then made anew out of *c*, while *c* stays on its road. What a representation *holds* and what a model *uses* are two questions, and each needs its own experiment.
#
# ## 8 · Train one
#
# ### Exercise: a speller of GRUs
#
# Now yours, with **GRUs** on both sides: one state in place of two, three slices in place of four. It must say words that it never saw, free-running, with a phoneme error of at most 0.26, and it must be
# smaller than the speller of section 6: **at most 95,000 weights** for everything, tables and last layer included. How to spend them is yours to decide. Count before you train.
#
# * Inputs `[spelling, what is written so far]`, output *logits* `(batch, timesteps, 42)`. Mask the padding of both sides.
# * A GRU has *one* state. Change what has to change.
# * Compile and train through `lab.fit_once`, on inputs and targets that are shifted: your `teacher_forcing` may help.
# * Batches of 250 and six epochs make 240 steps; the learning rate of section 6 suits GRUs as well.

# %% exercise="train-speller"
def train_speller(spelling, sound):
    """Return a compiled, trained model: [spelling, so far] -> logits (batch, timesteps, 42).

    spelling: int32 (words, 6), letters 1 to 26, then 0. sound: int32 (words, 9), START (1),
    phonemes 3 to 41, END (2), then 0.
    Both recurrent layers are GRUs; the second starts from the final state of the first. Both
    inputs take any number of timesteps, int32, padded with 0 on the right. At most 95,000 weights.
    Train it with lab.fit_once(model, [..., ...], ..., name="gru-speller", epochs=...).
    """
    ### BEGIN SOLUTION
    read = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(27, 32, mask_zero=True)(read)
    _, h = layers.GRU(96, return_state=True)(vectors)

    written = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(42, 32, mask_zero=True)(written)
    decoder = layers.GRU(96, return_sequences=True)
    outputs = decoder(vectors, initial_state=h, mask=keras.ops.not_equal(written, 0))
    model = keras.Model([read, written], layers.Dense(42)(outputs))

    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=240)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
    so_far = np.where(sound[:, 1:] > 0, sound[:, :-1], 0)
    fit = {"epochs": 6, "batch_size": 250, "verbose": 0}
    lab.fit_once(model, [spelling, so_far], sound[:, 1:], name="gru-speller", **fit)
    return model
    ### END SOLUTION

# %% test="train-speller" points=2
tested = check.trained(train_speller, spelling, sound)
check.translator(tested, layers.GRU, *shown_test, symbols=42, weights=95_000)
check.gpu_ready(tested)
wrong_share, _ = scores(check.once(say, tested, spelling_test), sound_test)
check.learned(wrong_share, at_most=0.26, metric="phoneme error of unseen words, free-running")

# %% test="train-speller" points=1 hidden=true
tested = check.trained(train_speller, spelling, sound)
check.on_gpu(tested)
check.translator(tested, layers.GRU, *shown_test, symbols=42, weights=95_000)
_, share = scores(check.once(say, tested, spelling_test), sound_test)
check.learned(share, at_least=0.33, metric="share of unseen words exactly right, free-running")

# %% [markdown]
# When it passes, remove the `# `: which of the two is better on this seed, and with how many weights?

# %%
print(f"LSTM speller: {speller.count_params():,} weights")
# mine = train_speller(spelling, sound)
# error, exact = scores(say(mine, spelling_test), sound_test)
# print(f"GRU speller: {mine.count_params():,} weights, error {error:.3f}, exact {exact:.3f}")

# %% [markdown]
# ## 9 · Extension: look further than one step
#
# Greedy decoding takes the best symbol and never looks back. But the best sequence need not begin with the best symbol. Suppose after *start* come A with probability 0.6 and B with 0.4; after A the best symbol has 0.5, after B 0.9.
# Greedy writes A, and its sequence has 0.6 · 0.5 = 0.30. The one with B has 0.4 · 0.9 = 0.36.
#
# **Beam search** keeps the `width` best beginnings instead of one. At each step it extends every one of them by every symbol, and keeps the `width` best of all that. Probabilities multiply, so their
# logarithms add: the *score* of a beginning is the sum of the log-probabilities of its symbols. With width 1 it is greedy.
#
# ### Exercise: one step of a beam

# %% exercise="beam"
def extend_beam(beam, log_probabilities, width):
    """One step of a beam search for one sequence; return the new beam, best first.

    beam: a list of (symbols, score): symbols a list of ints, score a float.
    log_probabilities: float (len(beam), symbols); row i holds those of the symbol after beam[i].
    Returns a list of at most `width` pairs of the same kind, the highest score first.
    What ends with END is finished: it is neither extended nor changed, and competes as it is.

    With log_probabilities = np.array([[-9.0, -0.5, -1.5]]), extend_beam([([1], 0.0)], …, 2)
    is [([1, 1], -0.5), ([1, 2], -1.5)].
    """
    ### BEGIN SOLUTION
    grown = []
    for (symbols, score), row in zip(beam, log_probabilities, strict=True):
        if symbols[-1] == END:
            grown.append((symbols, score))
        else:
            grown += [([*symbols, n], score + float(p)) for n, p in enumerate(row)]
    return sorted(grown, key=lambda pair: pair[1], reverse=True)[:width]
    ### END SOLUTION

# %% cases="beam"
def grow(beam, rows, width, finish=True, add=True, each=None, sign=-1, stays=False, by=None):
    """The search, and with other arguments its mistakes."""
    grown, ended = [], []
    for (symbols, score), row in zip(beam, rows, strict=True):
        if finish and symbols[-1] == 2:
            (ended if stays else grown).append((symbols, score))
            continue
        new = [([*symbols, n], (score if add else 0) + float(p)) for n, p in enumerate(row)]
        grown += sorted(new, key=lambda pair: -pair[1])[:each]
    key = by or (lambda pair: sign * pair[1])
    return [*ended, *sorted(grown, key=key)[: max(width - len(ended), 0)]]


def slip(**options):
    return lambda beam, rows, width: grow(beam, rows, width, **options)


def mean_first(pair):
    return -pair[1] / (len(pair[0]) - 1)


def kept_as_well(beam, rows, width):
    everything = [*(pair for pair in beam if pair[0][-1] != 2), *grow(beam, rows, 10**6)]
    return sorted(everything, key=lambda pair: -pair[1])[:width]


def replaced(beam, rows, width):
    before = [symbols for symbols, _ in beam]
    grown = grow(beam, rows, width)
    return [(s if s in before else [*s[:-2], s[-1]], score) for s, score in grown]


rows = np.log([[0.05, 0.05, 0.3, 0.6], [0.1, 0.1, 0.35, 0.45]]).round(3)
random = np.random.default_rng(9)
wide = []
for width in (1, 3, 5):
    beam = [([1, *random.integers(3, 9, size=3).tolist()], -float(n)) for n in range(width)]
    if width > 1:
        beam[1] = ([1, 7, 2], -0.3)
    wide.append((beam, np.log(random.dirichlet(np.ones(9), size=width)).round(3), width))
late = ([([1, 5, 6, 4], -1.5), ([1, 2], -1.9), ([1, 5, 2], -6.0)], np.log(random.dirichlet(np.ones(6), size=3)).round(3), 2)
freeze(
    grow,
    visible=[
        ([([1], 0.0)], np.array([[-9.0, -0.5, -1.5]]), 2),
        ([([1, 3], -0.1), ([1, 0], -4.0)], rows, 2),
        ([([1, 3, 2], -0.6), ([1, 3, 3], -0.9)], rows, 2),
        ([([1, 3, 2], -3.0), ([1, 3, 3], -0.1)], rows, 2),
    ],
    hidden=[*wide, (wide[-1][0], wide[-1][1], 100), late, ([([1, 2], -0.7)], np.log(random.dirichlet(np.ones(4), size=1)).round(3), 3)],
    mistakes={
        "A beginning that has ended was extended: END is the last symbol.": slip(finish=False),
        "The new log-probability is the whole score. Add it to the score so far.": slip(add=False),
        "Only the best symbol of each beginning is there. Compare all of them.": slip(each=1),
        "The worst come first. A log-probability is negative: nearer to zero is better.": slip(sign=1),
        "What has ended always stays. It competes with the others: a better beginning may push it out.": slip(stays=True),
        "The scores are divided by the length. Compare the sums as they are.": slip(by=mean_first),
        "What was extended is still there as it was. Its extensions take its place.": kept_as_well,
        "The new symbol stands in the place of the last one. It comes after it.": replaced,
        "All of it is there. Keep the `width` best.": lambda beam, rows, width: grow(beam, rows, 10**6),
        "They are not in order: the highest score comes first.":
            lambda beam, rows, width: sorted(grow(beam, rows, width), key=lambda pair: pair[0]),
        "The logarithm of something that is a logarithm already was taken, or of its exponential: the scores add as they are.":
            lambda beam, rows, width: grow(beam, np.exp(rows), width),
    },
)

# %% test="beam" points=1
check.cases(extend_beam, "beam")

# %% test="beam" points=1 hidden=true
check.cases(extend_beam, "beam", hidden["beam"])
level = [([1, 3], -1.0), ([1, 4], -1.0)]  # in which order equal scores stand is open
kept = check.call(extend_beam, level, np.full((2, 3), -1.0), 9)
check.equal(len(kept), 6, "the number of beginnings kept where all scores are the same")

# %% [markdown]
# What does it gain? `lab.translators.beam_search` does the same for all 1,000 words at once, eight steps from the encoder's states. It returns the best sequences of each word, `(1000, width, 9)`,
# and what each step kept.

# %%
for width in (1, 3, 5):
    written, _ = lab.translators.beam_search(speller, [h, c], width, START, END)
    error, exact = scores(written[:, 0], sound_test)
    among = [any(phonemes(row) == phonemes(right) for row in rows)
             for rows, right in zip(written, sound_test, strict=True)]
    print(f"width {width}: phoneme error {error:.3f}, exactly right {exact:.3f}, "
          f"right one in the beam {np.mean(among):.3f}")

# %% [markdown]
# Width 1 is greedy decoding, to the last digit. With width 3 about two more words in a hundred are right; width 5 adds next to nothing. The last column is the more telling one: far more often the right answer is *in* the beam, and the model ranks another above it.
# Searching better helps a little. What is missing is mostly a better model.

# %%
written, trace = lab.translators.beam_search(speller, [h, c], 3, START, END)
right = [phonemes(row) for row in sound_test]
rescued = [n for n in range(1000) if phonemes(spoken[n]) != right[n] == phonemes(written[n, 0])]
n = rescued[0]


def named(row):
    return " ".join(sounds[i] for i in row if i)


steps = []
for t, (kept, score) in enumerate(trace):
    rows = zip(kept[n], score[n], strict=True)
    steps.append([(named(row[1 : t + 2]), named(row[1 : t + 1]), s) for row, s in rows])
    if all(row[t + 1] in (0, END) for row in kept[n]):
        break
print("".join(letters[i] for i in spelling_test[n]), " greedy:", named(spoken[n]))
figure = lab.plot.beam(steps)
alt = (
    "The three beginnings of looter kept at each step: at step 2 the winner, L UW, "
    "stands second behind L AW; from step 3 on it leads."
)
lab.plot.show(figure, alt=alt)

# %% [markdown]
# A column is a step, a box one beginning that was kept, with its score. The winner, in blue, stands second at step 2: greedy decoding dropped it there.
#
# ## 10 · Bug hunt: disconnected
#
# Here is a listing with a slip that is easily made. The sizes are tiny, so that one can follow it: sequences of 5 features, 5 units.
#
# ```python
# encoder_inputs = keras.Input((None, 5))
# encoder_outputs, state_h, state_c = layers.LSTM(5, return_state=True)(encoder_inputs)
#
# decoder_inputs = keras.Input((None, 5))
# decoder = layers.LSTM(5, return_sequences=True)
# decoder_outputs = decoder(decoder_inputs, initial_state=[state_h, state_c])
# decoder_outputs = layers.Dense(5, activation="softmax")(decoder_outputs)
#
# model = keras.Model(state_h, decoder_outputs)
# ```
#
# The layers are right. The last line is not. Run it and read the message:

# %%
encoder_inputs, decoder_inputs = keras.Input((None, 5)), keras.Input((None, 5))
_, state_h, state_c = layers.LSTM(5, return_state=True)(encoder_inputs)
decoder = layers.LSTM(5, return_sequences=True)
outputs = decoder(decoder_inputs, initial_state=[state_h, state_c])
outputs = layers.Dense(5, activation="softmax")(outputs)
try:
    keras.Model(state_h, outputs)
except ValueError as error:
    print(str(error).split("<")[0] + "…")

# %% [markdown]
# `keras.Model(inputs, outputs)` walks *back* from the outputs, from each result to the layer that made it and on to what that layer was given, until it stands at an input. Every road must end at one of the inputs that you named.
# Find the roads from `decoder_outputs` that do not. (We tried: Keras 3.13.2 builds this model without a word, 3.14.1 and 3.15.1 refuse it as above.)
#
# ### Exercise: connect it
#
# Write the listing as a function, for any sizes, with its last line mended.

# %% exercise="bug-hunt"
def mended(features, units):
    """Return the listing's model, connected.

    Called as model([a, b]): a (batch, timesteps, features), b (batch, other timesteps, features).
    Output: (batch, other timesteps, features), probabilities.
    """
    ### BEGIN SOLUTION
    encoder_inputs = keras.Input((None, features))
    _, state_h, state_c = layers.LSTM(units, return_state=True)(encoder_inputs)

    decoder_inputs = keras.Input((None, features))
    decoder = layers.LSTM(units, return_sequences=True)
    outputs = decoder(decoder_inputs, initial_state=[state_h, state_c])
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([encoder_inputs, decoder_inputs], outputs)
    ### END SOLUTION

# %% test="bug-hunt" points=1
straight = [layers.LSTM(4, return_sequences=True), layers.Dense(3, activation="softmax")]
built = check.call(mended, features=3, units=4)
check.reads_as_one(built, keras.Sequential(straight), None, 3, (3, 2), "the mended model")
check.parameters(check.call(mended, 5, 5), 2 * 220 + 30, "the listing's model, mended,")

# %% test="bug-hunt" points=1 hidden=true
straight = [layers.LSTM(2, return_sequences=True), layers.Dense(7, activation="softmax")]
built, name = check.call(mended, features=7, units=2), "the mended model in other sizes"
check.reads_as_one(built, keras.Sequential(straight), None, 7, (2, 4), name)
check.parameters(built, 2 * 80 + 21, name)

# %% [markdown]
# ## What you can do now
#
# You can carry a state from one layer into another and prove that it is the right one, build models that branch and join, train a decoder by teacher forcing, and run it free, step by step. You know that the
# flattering number is the teacher-forced one, and what one vector can hold of a word. It must hold *all* of it, however long the word is. That is the bottleneck of this design, and lesson 8 opens it with attention. Lesson 4 stays with the state: it carries it over from batch to batch.
#
# To read on:
#
# * I. Sutskever, O. Vinyals and Q. V. Le, [Sequence to Sequence Learning with Neural Networks](https://arxiv.org/abs/1409.3215) (2014). Two LSTMs and one vector; they read the input backwards, and say why.
# * Keras, [Working with RNNs](https://keras.io/guides/working_with_rnns/), and [The Functional API](https://keras.io/guides/functional_api/).
# * S. Bengio, O. Vinyals, N. Jaitly and N. Shazeer, [Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks](https://arxiv.org/abs/1506.03099) (2015). What happens between teacher forcing and running free, and one way to bridge it.
