# %% [markdown]
# # 4 · Stateful RNNs: memory across batches
#
# <!-- colab-badge -->
#
# **How does a network read something too long to be one sequence?** A play has a hundred thousand characters, a sensor never stops. Such a stream is cut into chunks, and a recurrent
# layer begins every chunk with a state of zeros: it forgets at each border. In this lesson you carry the state over the border, first by hand, then with `stateful=True`, and learn
# what has to be right for it to work: which row follows which, when to forget, and what happens to a batch that is too small.
#
# After it you can
#
# * cut a stream so that each row of a batch continues the same row of the batch before;
# * process a sequence in chunks and prove that it equals processing it whole;
# * say when to reset a state, and let a callback do it;
# * hand a state to another layer, and move trained weights to a model for a single stream;
# * measure what memory across batches is worth, and where.
#
# *Time:* about 100 minutes to read and solve. *Before this:* lesson 3 (`initial_state`). This lesson is for TensorFlow only. Measured apart, with Keras 3.15.1: on JAX a
# stateful layer carries nothing in `fit` and `predict`, and says nothing about it; on PyTorch a stateful `fit` fails.

# %% setup=true

# %% given="imports"
import keras
import numpy as np
from keras import layers

# %% [markdown]
# ## 1 · What is lost at a border
#
# *Macbeth*, as it is spoken, is one sequence of characters. Each character becomes an integer, its place in the sorted list of the symbols that occur in Shakespeare's plays.

# %% given="play"
plays = lab.data.plays()  # {title: text}
symbols = sorted(set("".join(plays.values())))
play = plays["Macbeth"]
place = {symbol: index for index, symbol in enumerate(symbols)}
codes = np.array([place[symbol] for symbol in play])

# %%
print(f"{len(codes):,} characters; {len(symbols)} symbols in all plays")
first = play.index("To-morrow, and")
line = play[first : first + 60]
print(line)

# %% [markdown]
# Let an untrained LSTM read these 60 characters twice, with the same weights: once whole, `(1, 60, symbols)`, and once in six chunks of ten, `(1, 10, symbols)` each.
# One unit of its output, the state *h*, over time:

# %%
x = keras.utils.to_categorical(codes[first : first + 60], len(symbols))[np.newaxis]  # one-hot
keras.utils.set_random_seed(2)
lstm = layers.LSTM(8, return_sequences=True)
whole = np.array(lstm(x))  # (1, 60, 8)
chunks = np.split(x, 6, axis=1)  # six times (1, 10, symbols)
apart = np.concatenate([np.array(lstm(chunk)) for chunk in chunks], axis=1)

traces = {"read whole": whole[0, :, 4], "in chunks of ten": apart[0, :, 4]}
figure = lab.plot.state_trace(traces, every=10, symbols=line)
alt = "The two lines agree in the first chunk; after each border they differ, then draw near."
lab.plot.show(figure, alt=alt)

away = np.abs(whole - apart)[0, 10:].reshape(5, 10, 8).mean(axis=(0, 2))
print("mean distance at position 0 to 9 of a chunk:", away.round(3))

# %% [markdown]
# In the first chunk the two are one. At every border the second starts again from zero, while the first goes on. Here the distance shrinks along the chunk, because
# this LSTM is untrained and forgets by itself. A network that has *learned* to remember something loses it at the border for good. Section 6 shows one.
#
# ### Exercise: carry it yourself
#
# In lesson 3 an encoder's last state became a decoder's `initial_state`. Do the same from chunk to chunk, as if the whole were too long to be held at once. `output, *state = layer(chunk)` puts the output into one name and all states, one or two,
# into a list; `initial_state=None` means zeros.

# %% exercise="carry"
def read_chunks(layer, chunks):
    """Read chunk by chunk; return the outputs over all, as if they were one sequence.

    layer: an LSTM, a GRU or a SimpleRNN with return_sequences=True and return_state=True;
        it is not stateful.
    chunks: a list of arrays (batch, timesteps, features), in order; timesteps may differ. The
        layer reads one after the other, never two in one call. The first begins with zeros.
    Returns (batch, all timesteps, units).
    """
    ### BEGIN SOLUTION
    state, outputs = None, []
    for chunk in chunks:
        output, *state = layer(chunk, initial_state=state)
        outputs.append(output)
    return np.concatenate(outputs, axis=1)
    ### END SOLUTION

# %% test="carry" points=1
check.carries_on(read_chunks, layers.LSTM, sizes=[3, 3, 2])

# %% test="carry" points=1 hidden=true
check.carries_on(read_chunks, layers.GRU, sizes=[1, 2, 2], rows=3, seed=1)
check.carries_on(read_chunks, layers.LSTM, sizes=[2, 1, 3], rows=1, seed=2)
check.carries_on(read_chunks, layers.SimpleRNN, sizes=[2], seed=3)

# %% [markdown]
# ## 2 · `stateful=True`
#
# That bookkeeping is all that `stateful=True` does: the layer keeps its last state in `layer.states`, and begins the next call with it.

# %%
x = keras.utils.to_categorical(codes[first : first + 60], len(symbols))[np.newaxis]
keras.utils.set_random_seed(2)
plain = layers.LSTM(8, return_sequences=True)
carrying = layers.LSTM(8, return_sequences=True, stateful=True)
whole = np.array(plain(x))
carrying.build((1, 10, len(symbols)))
carrying.set_weights(plain.get_weights())

pieces = np.split(x, 6, axis=1)
apart = np.concatenate([np.array(plain(piece)) for piece in pieces], axis=1)
carried = np.concatenate([np.array(carrying(piece)) for piece in pieces], axis=1)
print(f"largest distance from the whole: {np.abs(apart - whole).max():.3f} without,", end=" ")
print(f"{np.abs(carried - whole).max():.1e} with stateful=True")

traces = {"whole": whole, "in chunks": apart, "in chunks, stateful": carried}
traces = {name: states[0, :, 4] for name, states in traces.items()}
figure = lab.plot.state_trace(traces, every=10, symbols=line)
alt = "The stateful line lies on the whole one from end to end; the other falls at each border."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# In chunks equals whole: here not one digit differs. Nothing was trained for it. From here on the layer's answer depends on what it was asked before. That is the point, and it is also the trap.
# Ask twice, and you get two answers; `layer.reset_state()` takes it back to zeros.

# %%
piece = pieces[0]
carrying.reset_state()
once, twice = np.array(carrying(piece)), np.array(carrying(piece))
carrying.reset_state()
afresh = np.array(carrying(piece))
print("the second answer equals the first:  ", np.allclose(once, twice))
print("after reset_state() it does:         ", np.allclose(once, afresh))
print("layer.states:", [tuple(state.shape) for state in carrying.states])

# %% [markdown]
# Two states, *h* and *c*, each with one row of 8 units for each row of the batch; here the batch has one row. A stateful layer on its own takes the number of rows from its first batch, or from the
# shape given to `build` as above, and keeps to it. In a model it must be told beforehand: `keras.Input(..., batch_size=2)`. Leave it out, and this is what you meet:

# %%
try:
    keras.Sequential([keras.Input((10, 3)), layers.GRU(4, stateful=True)])
except ValueError as error:
    print("ValueError:", str(error)[:140])

model = keras.Sequential([keras.Input((10, 3), batch_size=2), layers.GRU(4, stateful=True)])
x = np.ones((2, 10, 3), "float32")
answers = [model.predict(x, batch_size=2, verbose=0) for _ in range(2)]
print("predict gives the same twice:", np.allclose(*answers))

for name in ("reset_states", "reset_state"):
    try:
        getattr(model, name)()
    except AttributeError as error:
        print("AttributeError:", error)

# %% [markdown]
# `predict` moves the state, as `fit`, `evaluate` and a plain call do. And a *model* has no reset of its own in Keras 3; `model.reset_states()` in older code is Keras 2. Its layers have, so we loop over them:

# %% given="reset"
def reset_states(model):
    """Set the state of each recurrent layer of a Sequential model back to zeros."""
    for layer in model.layers:
        if isinstance(layer, layers.RNN):  # LSTM, GRU and SimpleRNN are all layers.RNN
            layer.reset_state()

# %% [markdown]
# ### Exercise: sub-sequences
#
# Keras' guide has a sequence `s = [t0, t1, ... t1546, t1547]` and splits it into `s1 = [t0, ... t100]`, `s2 = [t101, ... t201]`, up to `s16 = [t1501, ... t1547]`. Which timesteps does each piece hold?
# (The guide's first two pieces and its last do not belong to one rule. With pieces of 101, where does the sixteenth begin?)

# %% exercise="sub-sequences"
def sub_sequences(steps, size):
    """Return the first and the last timestep of each piece, a list of pairs (first, last).

    steps: int, timesteps 0 to steps - 1. size: int, how many timesteps a piece holds; the last
    piece holds what is left, 1 to size timesteps.

    sub_sequences(25, 10) is [(0, 9), (10, 19), (20, 24)].
    """
    ### BEGIN SOLUTION
    return [(first, min(first + size, steps) - 1) for first in range(0, steps, size)]
    ### END SOLUTION

# %% cases="sub-sequences"
freeze(
    lambda steps, size: [
        (first, min(first + size, steps) - 1) for first in range(0, steps, size)
    ],
    visible=[(1548, 101), (1547, 101), (25, 10), (20, 10), (7, 10), (3, 1)],
    mistakes={
        "The last piece is missing: what is left is read, too.":
            lambda n, size: [(k * size, k * size + size - 1) for k in range(n // size)],
        "The guide's s16 overlaps with the piece before it: the next begins one after the last.":
            lambda n, size: [(k * 101, k * 101 + 100) for k in range(15)] + [(1501, 1547)],
        "A pair is (first, last), and the last is inside the piece: one less than a slice's end.":
            lambda n, size: [(k, min(k + size, n)) for k in range(0, n, size)],
        "The last piece ends where the sequence does.":
            lambda n, size: [(k, k + size - 1) for k in range(0, n, size)],
        "The pieces overlap: the next begins one after the last.":
            lambda n, size: [(k, min(k + size - 1, n - 1)) for k in range(0, n, max(size - 1, 1))],
        "The last timestep is steps - 1: the first one is timestep 0.":
            lambda n, size: [(k, min(k + size - 1, n)) for k in range(0, n, size)],
        "The first timestep is 0, not 1.":
            lambda n, size: [(k + 1, min(k + size, n)) for k in range(0, n, size)],
        "These are the pieces' lengths or their timesteps, not the first and last of each.":
            lambda n, size: [list(range(n))[k : k + size] for k in range(0, n, size)],
    },
)

# %% test="sub-sequences" points=1
check.cases(sub_sequences, "sub-sequences")

# %% [markdown]
# ### Exercise: in pieces equals whole
#
# Let a stateful layer read such a sequence. Its pieces may differ in *timesteps*; only the number of *rows* is fixed. You do not know what the layer has read before.

# %% exercise="in-pieces"
def read_in_pieces(layer, x, size):
    """Return what `layer` outputs when it reads x in pieces of `size` timesteps, from zeros.

    layer: a recurrent layer with stateful=True and return_sequences=True; it may hold the state
    of something that it read earlier. x: (batch, timesteps, features); size: int; the last piece
    holds what is left. Returns (batch, timesteps, units), the same as for x read whole.
    """
    ### BEGIN SOLUTION
    layer.reset_state()
    outputs = [layer(x[:, first : first + size]) for first in range(0, x.shape[1], size)]
    return np.concatenate(outputs, axis=1)
    ### END SOLUTION

# %% test="in-pieces" points=1
check.in_pieces(read_in_pieces, layers.LSTM, steps=7, size=3)

# %% test="in-pieces" points=1 hidden=true
check.in_pieces(read_in_pieces, layers.GRU, steps=5, size=2, rows=3, seed=1)
check.in_pieces(read_in_pieces, layers.GRU, steps=3, size=40, rows=3, seed=2)
check.in_pieces(read_in_pieces, layers.LSTM, steps=3, size=1, rows=2, seed=3)
check.in_pieces(read_in_pieces, layers.SimpleRNN, steps=4, size=2, rows=2, seed=4)

# %% [markdown]
# ## 3 · Many rows at once
#
# One row at a time is slow. So a stream is cut into several long parts which are read side by side, one a row: with 4 rows, row 0 reads the first quarter, row 1 the second, and so on.
# Because the layer hands the state of row *i* to row *i* of the next batch, **row *i* of batch *t* + 1 must continue row *i* of batch *t***. Number the timesteps of a stream and look. A black bar
# joins a row to the one that it continues:

# %%
# 96 timesteps: 4 batches, 4 rows, 6 in each chunk. np.ogrid counts along each of three axes:
batch, row, step = np.ogrid[:4, :4, :6]  # shapes (4, 1, 1), (1, 4, 1) and (1, 1, 6)
batches = {
    "rows continue": 24 * row + 6 * batch + step,  # (4, 4, 6)
    "as you would read": 24 * batch + 6 * row + step,  # (4, 4, 6)
}
figure = lab.plot.batches_of_a_stream(batches)
alt = "Left, bars join each row to the same row of the next batch: 0–5, 6–11, 12–17. "
alt += "Right, no bars: row 0 goes on in row 1 of the same batch."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# On the right nothing is joined, although every timestep is there and in order: row 0 ends at 5 and goes on in row 1 of the *same* batch. Nothing complains. A layer that reads it carries the end of one
# place of the play into another.
#
# ### Why the remainder is dropped
#
# The number of rows must be the same in every batch. What if the data does not divide? Here are 16, 17 and 20 sequences for a model of 8 rows:

# %%
keras.utils.set_random_seed(0)
eight = keras.Input((5, 3), batch_size=8)
reader = keras.Sequential([eight, layers.GRU(4, stateful=True, return_sequences=True)])
sequences = np.random.default_rng(0).normal(size=(20, 5, 3)).astype("float32")
for rows in (16, 17, 20):
    reset_states(reader)
    try:
        answer = reader.predict(sequences[:rows], batch_size=8, verbose=0)
        print(f"{rows} sequences: {answer.shape[0]} answers")
    except Exception as error:
        print(f"{rows} sequences: {type(error).__name__}")

# %% [markdown]
# Sixteen divide. Twenty leave a last batch of 4, and TensorFlow refuses to add 4 rows to 8 states. **Seventeen leave a last batch of 1, and nothing is refused** (this was run on a CPU): one row is added to all eight
# states, as NumPy would broadcast it. Out come 24 answers for 17 questions, and all eight states have now read a sequence that belongs to one of them. `fit` trains on such a batch without a word.
# So make the number of sequences divisible, or drop the remainder, before Keras sees it.
#
# ### Exercise: cut a stream

# %% exercise="cut"
def cut_stream(stream, batch_size, timesteps):
    """Return the stream as batches whose rows continue: (batches, batch_size, timesteps, ...).

    stream: an array (steps, ...), one long sequence; further axes, such as features, are kept.
    Row i of batch t + 1 continues row i of batch t. There are as many batches as fit,
    steps // (batch_size * timesteps). What is left is dropped: at the end of the stream, as
    below, or at the end of each row.

    cut_stream(np.arange(13), 2, 3) is [[[0, 1, 2], [6, 7, 8]], [[3, 4, 5], [9, 10, 11]]].
    """
    ### BEGIN SOLUTION
    batches = len(stream) // (batch_size * timesteps)
    kept = stream[: batches * batch_size * timesteps]
    rows = kept.reshape(batch_size, batches, timesteps, *stream.shape[1:])
    return np.swapaxes(rows, 0, 1)
    ### END SOLUTION

# %% test="cut" points=1
check.continues(cut_stream, steps=1039, rows=4, timesteps=10)

# %% test="cut" points=1 hidden=true
check.continues(cut_stream, steps=61, rows=2, timesteps=5, features=(3,))
check.continues(cut_stream, steps=100, rows=10, timesteps=10)
check.continues(cut_stream, steps=47, rows=3, timesteps=4, features=(2, 2))
check.continues(cut_stream, steps=30, rows=1, timesteps=7)

# %% [markdown]
# When your function passes, remove the `# ` below. A stateful layer then reads four places of the play at once as if each were read whole, and the distance is gone, or down to rounding.

# %%
rows = codes[:240].reshape(4, 60)  # what each row should read
keras.utils.set_random_seed(0)
embed = layers.Embedding(len(symbols), 8)
gru = layers.GRU(16, stateful=True, return_sequences=True)
cut = rows.reshape(6, 4, 10)  # the order in which you read
# cut = cut_stream(codes[:240], 4, 10)
carried = np.concatenate([np.array(gru(embed(batch))) for batch in cut], axis=1)
gru.reset_state()
whole = np.array(gru(embed(rows)))  # (4, 60, 16)
print(f"largest distance from reading four rows whole: {np.abs(carried - whole).max():.1e}")

# %% [markdown]
# From here on the notebook works with rows, `(rows, steps, ...)`. A helper of `lab` cuts rows into chunks, in order of time:

# %% given="chunks"
in_chunks = lab.streams.in_chunks  # (rows, steps, ...) -> (batches, rows, timesteps, ...)

# %% [markdown]
# ## 4 · When to forget
#
# A state should be carried as long as the story goes on, and dropped where it does not:
#
# * before each **epoch**, because the stream starts again from its beginning;
# * before **validation or test**, because that is another stream; and before training goes on after it;
# * before a **new** stream: another play, another patient, another sensor;
# * and *not* between the chunks of one stream.
#
# Keras does none of this for you. Look at the state of a stateful model at the moments when `fit` begins an epoch and a validation. A **callback** is an object whose methods `fit` calls at such moments; it knows the model as `self.model`.

# %%
class Watch(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.tell(f"epoch {epoch + 1} begins")

    def on_test_begin(self, logs=None):
        self.tell("validation begins")

    def tell(self, moment):
        state = self.model.layers[0].states[0].numpy()  # (rows, units)
        print(f"{moment:<18} mean size of the state: {np.abs(state).mean():.3f}")


keras.utils.set_random_seed(0)
stack = [keras.Input((6, 1), batch_size=2), layers.GRU(4, stateful=True), layers.Dense(1)]
model = keras.Sequential(stack)
model.compile("sgd", "mse")
x, y = np.ones((8, 6, 1), "float32"), np.ones((8, 1), "float32")
more = {"validation_data": (x, y), "callbacks": [Watch()], "shuffle": False, "verbose": 0}
history = model.fit(x, y, epochs=2, batch_size=2, **more)

# %% [markdown]
# Only the very first line is zero. The validation read on from the end of the training stream, the second epoch from the end of the validation.
#
# How can one test that a state is reset at the right moments? By taking the learning away. With a learning rate of zero the weights stay as they are, so the loss can change from epoch to epoch for one
# reason only: the state with which it began.

# %%
def frozen(rows):
    """A stateful model, (rows, 5, 2) -> (rows, 5, 1), compiled with a learning rate of zero."""
    memory = layers.SimpleRNN(4, stateful=True, return_sequences=True)
    model = keras.Sequential([keras.Input((5, 2), batch_size=rows), memory, layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    return model


keras.utils.set_random_seed(0)
model = frozen(rows=2)
x = np.random.default_rng(0).normal(1, 1, size=(2, 5, 2)).astype("float32")  # one batch
history = model.fit(x, 0 * x[..., :1], batch_size=2, epochs=4, shuffle=False, verbose=0)
print("loss of each epoch:", np.round(history.history["loss"], 4))

# %% [markdown]
# No weight moved, yet the loss did: the first epoch began with zeros, each later one with what the one before had left.
#
# ### Exercise: a callback that forgets
#
# Write a callback that resets the model's states when an epoch begins and when a validation begins: a class like `Watch`, defined inside of the function, which returns an object of it.
# `reset_states(model)` from section 2 is there to be used. `fit_from_rest` puts your callback to work; leave that function as it is.

# %% exercise="callback"
def resetting():
    """Return a callback that resets the model's states when an epoch and when a validation begins.

    It is an object of a class that derives from keras.callbacks.Callback.
    """
    ### BEGIN SOLUTION
    class ResetStates(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            reset_states(self.model)

        def on_test_begin(self, logs=None):
            reset_states(self.model)

    return ResetStates()
    ### END SOLUTION


def fit_from_rest(model, x, y, epochs, validation):
    """Fit a stateful model in order, with the callback; return the history's dictionary."""
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% test="callback" points=1
check.rests(fit_from_rest, rows=2)

# %% test="callback" points=1 hidden=true
check.rests(fit_from_rest, rows=3, depth=2, seed=4)

# %% [markdown]
# ## 5 · A state is not a weight
#
# Weights are learned and belong to the model. A state belongs to what is being read. Keras keeps the two apart: `layer.states` is not in `layer.weights`, so neither `get_weights` nor a saved file has it.

# %%
keras.utils.set_random_seed(0)
reader = layers.LSTM(64, stateful=True)
paragraphs = np.random.default_rng(0).random((3, 20, 10, 50)).astype("float32")
for paragraph in paragraphs[:2]:
    reader(paragraph)  # (20 rows, 10 timesteps, 50 features) -> (20, 64)

kept = {id(weight) for weight in reader.weights}
print("weights:", [tuple(weight.shape) for weight in reader.weights])
print("states: ", [tuple(state.shape) for state in reader.states])
print("states among the weights:", any(id(state) in kept for state in reader.states))

# %% [markdown]
# Twenty rows have each read two paragraphs of ten timesteps, and what is known of them stands in two arrays, *h* and *c*, of shape `(20, 64)`. That is everything that the past has left. So it can be handed to
# another layer, as lesson 3 handed it to a decoder: `other(x, initial_state=reader.states)`. The other layer need not be stateful.
#
# ### Exercise: another reads on
#
# The paragraphs and the sizes are those of Keras' guide.

# %% exercise="hand-over"
def hand_over(first, second, paragraphs):
    """Let `first` read all paragraphs but the last, and `second` the last one, from first's state.

    first: a stateful recurrent layer, which may hold a state of earlier reading; it begins with
    zeros. second: a layer of the same kind and units with weights of its own, not stateful.
    paragraphs: a list of arrays (rows, timesteps, features), each the sequel of the one before.
    Returns what second returns, (rows, units).
    """
    ### BEGIN SOLUTION
    first.reset_state()
    for paragraph in paragraphs[:-1]:
        first(paragraph)
    return second(paragraphs[-1], initial_state=first.states)
    ### END SOLUTION

# %% test="hand-over" points=1
guide = {"rows": 20, "features": 50, "units": 64}
check.handed_over(hand_over, layers.LSTM, sizes=[10, 10, 10], **guide)

# %% test="hand-over" points=1 hidden=true
check.handed_over(hand_over, layers.GRU, sizes=[3, 1, 2, 2], seed=8)
check.handed_over(hand_over, layers.LSTM, sizes=[3, 4], seed=9)

# %% [markdown]
# ### From 32 rows to one
#
# Training wants many rows; use often wants one: one play to continue, one patient at a bed. A model that was built for 32 rows refuses a single one:

# %% given="reader"
def make_reader(rows, stateful=True):
    """A model of characters: codes (rows, timesteps) -> logits (rows, timesteps, 76 symbols)."""
    return keras.Sequential([
        keras.Input((None,), batch_size=rows, dtype="int32"),
        layers.Embedding(76, 16),
        layers.GRU(64, stateful=stateful, return_sequences=True),
        layers.Dense(76),
    ])

# %%
try:
    make_reader(32)(codes[:10].reshape(1, 10))
except ValueError as error:
    lines = str(error).replace("\x1b[0m", "").split("\n")  # without the terminal's colour code
    print("ValueError:", *(line for line in lines if line.startswith("- ")))

# %% [markdown]
# But no weight has an axis of rows. Only the states have. So build the same model for one row, and move the weights.
#
# ### Exercise: the same model for one row

# %% exercise="one-row"
def for_one_row(trained):
    """Return a model with the layers and the weights of `trained`, for batches of one row.

    trained: a model that make_reader made, for any number of rows, whatever it has read.
    The new model is stateful too, and begins with a state of zeros.
    """
    ### BEGIN SOLUTION
    model = make_reader(1)
    model.set_weights(trained.get_weights())
    return model
    ### END SOLUTION

# %% test="one-row" points=1
check.one_row(for_one_row, make_reader, rows=4, symbols=76)

# %% test="one-row" points=1 hidden=true
check.one_row(for_one_row, make_reader, rows=7, symbols=76, seed=12)

# %% [markdown]
# Lesson 7 lets such a model write, one character at a time.
#
# ## 6 · What memory is worth: a lamp
#
# Now train. The task is as small as it can be and needs nothing but memory. A lamp has two buttons, *on* and *off*. At each timestep we see whether one of them is pressed: `x` has two features, 1 where that button
# is pressed. A press is rare, one timestep in twenty. **Is the lamp on?** The answer at every timestep is the last button pressed, however long ago. Thirty-two lamps are watched at once, for 1,000 timesteps, in chunks of 10.

# %% given="lamp"
def lamps(rows, steps, seed):
    """Presses (rows, steps, 2: "on" and "off"), and whether each lamp is on (rows, steps, 1)."""
    random = np.random.default_rng(seed)
    pressed = random.random((rows, steps)) < 0.05
    button = random.integers(2, size=(rows, steps))  # 0 is "on", 1 is "off"
    x = (pressed[:, :, np.newaxis] * np.eye(2)[button]).astype("float32")
    y = np.zeros((rows, steps, 1), "float32")
    lit = np.zeros(rows)
    for t in range(steps):
        lit = np.where(pressed[:, t], 1 - button[:, t], lit)
        y[:, t, 0] = lit
    return x, y


x_lamp, y_lamp = [in_chunks(part, 10) for part in lamps(32, 1000, seed=0)]
x_test, y_test = [in_chunks(part, 10) for part in lamps(32, 400, seed=1)]


def around_presses(x):
    """Two masks (batches, rows, timesteps): before the first press of a chunk, and from it on.

    In chunk 0 nothing can be known before the first press, with a state or without: its
    timesteps before it are in neither mask.
    """
    after = np.cumsum(x.sum(axis=-1), axis=2) > 0  # presses so far, within the chunk
    before = ~after
    before[0] = False
    return before, after


def read_lamps(model, x):
    """What a model says of each chunk, in order and from zeros: (batches, 32 rows, timesteps)."""
    reset_states(model)
    said = model.predict(x.reshape(-1, *x.shape[2:]), batch_size=32, verbose=0)
    return said.reshape(x.shape[:3])

# %% [markdown]
# Inside a chunk the task is easy after a press. All that is hard is the time *before the first press of a chunk*: the button that counts was pressed in an earlier chunk. There, guessing gets 0.5. Here is the share of such timesteps,
# and what an ordinary GRU with 16 units makes of them. Nothing about it is wrong, it only begins every chunk with zeros.

# %%
before, after = around_presses(x_test)
print(f"x_lamp {x_lamp.shape}, x_test {x_test.shape}: (chunks, rows, timesteps, features)")
print(f"timesteps before the first press of their chunk: {before.mean():.0%}")

keras.utils.set_random_seed(0)
top = {"activation": "sigmoid"}
forgetful = keras.Sequential([
    keras.Input((10, 2)), layers.GRU(16, return_sequences=True), layers.Dense(1, **top)
])
forgetful.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
x, y = x_lamp.reshape(-1, 10, 2), y_lamp.reshape(-1, 10, 1)  # (3200, 10, ...)
lab.fit_once(forgetful, x, y, name="lamp-stateless", epochs=4, batch_size=32, verbose=0)

said = read_lamps(forgetful, x_test)  # (40, 32, 10)
right = (said > 0.5) == (y_test[..., 0] > 0.5)
print(f"accuracy before the first press:  {right[before].mean():.3f}")
print(f"accuracy from the first press on: {right[after].mean():.3f}")

# %% [markdown]
# ### Exercise: keep the lamp in mind
#
# Train a model that knows. The forgetful model is right but for its beginning: what has to change in the model, and what in the way it is trained, so that
# a state from the chunk before is there and means something? Sections 2 to 4 hold all that you need; choose the layer and the number of epochs yourself. 16 units of an LSTM or a GRU, Adam at 0.01, are a place to begin.
#
# * `x` and `y` come as chunks in order, `(batches, 32, 10, ...)`; for `fit` the first two axes become one.
# * Train through `lab.fit_once`, which takes what `fit` takes, `callbacks=[...]` too. For a callback of one line Keras has `keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: ...)`.
# * The check reads lamps that it made itself, chunk by chunk, from a state that it has reset: what state your model is in does not matter. It asks for an accuracy of 0.95 before the first press of a
#   chunk; the hidden check asks whether your model is *sure*: a cross-entropy of at most 0.3 there (a model that always says one half has 0.69).

# %% exercise="train-lamp"
def train_lamps(x, y):
    """Return a trained stateful model: (32, 10, 2) -> probability that the lamp is on (32, 10, 1).

    x: float32 (batches, 32 rows, 10 timesteps, 2 features); y: float32 (batches, 32, 10, 1).
    Row i of each batch continues row i of the batch before.
    Train it with lab.fit_once(model, ..., name="lamps", epochs=..., batch_size=32, ...).
    """
    ### BEGIN SOLUTION
    memory = layers.GRU(16, return_sequences=True, stateful=True)
    answer = layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([keras.Input((10, 2), batch_size=32), memory, answer])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")

    def rest(epoch, logs):
        reset_states(model)

    options = {"batch_size": 32, "shuffle": False}
    options["callbacks"] = [keras.callbacks.LambdaCallback(on_epoch_begin=rest)]
    x, y = x.reshape(-1, 10, 2), y.reshape(-1, 10, 1)
    lab.fit_once(model, x, y, name="lamps", epochs=4, **options)
    return model
    ### END SOLUTION

# %% test="train-lamp" points=2
lamp_reader = check.trained(train_lamps, x_lamp, y_lamp)
check.gpu_ready(lamp_reader)
check.on_gpu(lamp_reader)
check.remembers(lamp_reader, x_test, y_test, around_presses(x_test), at_least=0.95)

# %% test="train-lamp" points=1 hidden=true
lamp_reader = check.trained(train_lamps, x_lamp, y_lamp)
x_other, y_other = [in_chunks(part, 10) for part in lamps(32, 300, seed=2)]
check.remembers(lamp_reader, x_other, y_other, around_presses(x_other), at_most=0.3)

# %% [markdown]
# `lab` holds a stateful twin of the forgetful model, trained in order: the same layers, the same recipe. Look at both readers on one lamp. Where the line lies on 1 inside the yellow and on 0 outside of it, the model knows.

# %%
learn, test = (x_lamp, y_lamp), (x_test, y_test)
figure = lab.streams.two_readers(forgetful, learn, test, masks=(before, after))
alt = "The stateless output falls to about one half at each border; the stateful one follows."
lab.plot.show(figure, alt=alt)

# %% [markdown]
# After a press both know. At the next border the stateless model falls back to about one half, which is all that can be said without a past, until a button is pressed. The stateful one holds its answer over as many borders as it takes.
#
# Note what crosses a border and what does not. The *state* does: numbers. The *gradient* does not: what the weights learn from a chunk looks back ten timesteps at most, to the beginning of the chunk. This is called **truncated backpropagation
# through time**. Still the model holds a press for far longer than ten timesteps, because each chunk asks it to hold on to what the state brings in.
#
# ### Must it be trained that way?
#
# Here is a cheaper idea. Leave the training as it was, stateless and shuffled, and move the weights into a stateful model only to *read*. No training at all:

# %%
inputs = keras.Input((10, 2), batch_size=32)
carry = {"stateful": True, "return_sequences": True}
moved = keras.Sequential([inputs, layers.GRU(16, **carry), layers.Dense(1, **top)])
moved.set_weights(forgetful.get_weights())
right = (read_lamps(moved, x_test) > 0.5) == (y_test[..., 0] > 0.5)
print(f"trained stateless, read stateful: before the first press {right[before].mean():.3f}")

# %% [markdown]
# That helps, and how much is a matter of luck; this seed is a good one. Measured apart, over five seeds, such GRUs reach 0.856 to 0.984. LSTMs of 16 units, trained in the same way, reach 0.694 to 0.861, and four of the five
# become worse even *after* a press, down to 0.667, where without a state they are right. Trained in order, a GRU and an LSTM reach 0.975 to 1.000 over twenty seeds each. (To repeat it, change the seed and the layer above.)
# What was learned inside of chunks of ten may hold for longer, but nothing made it learn to.

# %% [markdown]
# ## 7 · What memory is worth: a play
#
# Text is not a lamp: most of what tells the next character stands just before it. So what is a state worth here? Train the character model of section 5 on *Macbeth*, in chunks of ten, 32 rows side by side, once without
# a state and once with it; test both on the first 32,000 characters of *Hamlet*. The loss is the cross-entropy for each character in nats (natural logarithms; lesson 7 uses bits). Beside them stand two models that need no network: how often each symbol occurs
# (**unigrams**), and how often after the one before it (**bigrams**).

# %%
def as_rows(text):
    """Text as 32 rows: characters and those that follow, each (32, a multiple of 10)."""
    codes = np.array([place[symbol] for symbol in text])
    steps = (len(codes) - 1) // 320 * 10
    return [codes[shift : shift + 32 * steps].reshape(32, steps) for shift in (0, 1)]


x_play, y_play = as_rows(play)
x_hamlet, y_hamlet = as_rows(plays["Hamlet"][:32_001])
pairs = np.full((76, 76), 0.05)  # a little of everything, so that no probability is zero
np.add.at(pairs, (x_play.ravel(), y_play.ravel()), 1)
unigram = pairs.sum(axis=0) / pairs.sum()
bigram = pairs / pairs.sum(axis=1, keepdims=True)
naive = {
    "unigrams": -np.log(unigram[y_hamlet]).mean(),
    "bigrams": -np.log(bigram[x_hamlet, y_hamlet]).mean(),
}
print({name: round(float(loss), 3) for name, loss in naive.items()})

# %%
def train_reader(stateful):
    keras.utils.set_random_seed(0)
    model = make_reader(32, stateful)
    name = "play-stateful" if stateful else "play-stateless"
    lab.streams.train_reader(model, x_play, y_play, name, in_order=stateful)  # two epochs, Adam
    return model


def losses_in_chunk(model):
    """The loss on Hamlet at each position in a chunk of ten, (10,)."""
    reset_states(model)
    x, y = (in_chunks(part, 10).reshape(-1, 10) for part in (x_hamlet, y_hamlet))
    logits = model.predict(x, batch_size=32, verbose=0)  # (3200, 10, 76), in order
    log_p = np.array(keras.ops.log_softmax(logits))
    return -np.take_along_axis(log_p, y[:, :, np.newaxis], axis=2)[:, :, 0].mean(axis=0)

# %%
forgets, carries = train_reader(stateful=False), train_reader(stateful=True)
curves = {"stateless": losses_in_chunk(forgets), "stateful": losses_in_chunk(carries)}
figure = lab.plot.loss_by_position(curves, naive)
alt = "Stateless, the loss begins high and falls along the chunk; stateful it is low all along."
lab.plot.show(figure, alt=alt)

carries.set_weights(forgets.get_weights())  # the weights of one, the state of the other
curves["trained stateless, read stateful"] = losses_in_chunk(carries)
for name, curve in curves.items():
    print(f"{name:<33} {curve.mean():.3f};", end=" ")
    print(f"at position 0 {curve[0]:.2f}, at position 9 {curve[9]:.2f}")

# %% [markdown]
# On the average of a chunk the state is worth 2.243 − 2.144 = 0.1 nats (one seed).
#
# The third row is the cheap idea again: trained without a state, read with one. It brings nearly three quarters of the gain, 2.171, without any training in order. Here, too, that is luck: in chunks of ten characters it was
# never asked to hold anything for longer.
#
# ### In your own words
#
# Explain the figure.
#
# 1. Why does the stateless line fall along the chunk, and what does it know at position 0? Compare with the dotted lines. Why is the stateful line nearly level?
# 2. The average over the chunk is what a progress bar would show. How would the gap between the two averages change with chunks of 100 characters, and what does that tell about when `stateful=True` is worth its trouble?
#
# Four to eight sentences, 2 points, graded by your instructor.

# %% [markdown] question="why-position" points=2
### BEGIN SOLUTION
# At position 0 the stateless model has read one character of the chunk and nothing else, since its state is zeros: it can at best know what follows that character, so it stands near the bigrams' loss. With each further
# character it has more to go by, so the loss falls, and after some three characters it has nearly all that this small model uses. The stateful model begins each chunk with the state that the chunk before has left.
# For it position 0 is a timestep like any other, so its line is level; what is left of ups and downs comes from which characters happen to stand there, and the stateless line has the same.
# The gap is therefore large for the first few positions only. In a chunk of ten these are a third of all, and the average shows it; in a chunk of 100 they are a few in a hundred, and the gap
# of the averages would shrink to about a tenth. A state across batches pays where what must be remembered is older than the chunk is long: short chunks, or memories such as the lamp's that last longer than any chunk. Where the chunk is much longer than
# the memory that the task needs, reshuffled chunks without a state do as well and are less trouble.
### END SOLUTION

# %% [markdown]
# ## 8 · Bug hunt: the epoch loop
#
# Keras 2 taught `model.reset_states()` for stateful models ([FAQ](https://keras.io/getting_started/faq/#how-can-i-use-stateful-rnns)), and loops around it, one `fit` an epoch, are still met in tutorials and
# notebooks. Here is one, edited since by somebody who did not need a state:
#
# ```python
# def train_stream(model, x, y, epochs):
#     losses = []
#     for epoch in range(epochs):
#         history = model.fit(x, y, epochs=1, batch_size=32, shuffle=True, verbose=0)
#         losses.append(history.history["loss"][0])
#         model.reset_states()
#     return losses
# ```
#
# In Keras 3 it stops with the `AttributeError` of section 2. Somebody in a hurry deletes that line, and it runs. It still learns something, and nothing tells that it never reads the stream in order:
# `shuffle=True`, which is also what `fit` does when you say nothing, deals the chunks out anew in every epoch, so that a row goes on where some other row of some other time has stopped.
#
# ### Exercise: mend it
#
# Mend all that is wrong, for a model of any number of rows.

# %% exercise="bug-hunt"
def train_stream(model, x, y, epochs):
    """Train a stateful model on one stream; return the loss of each epoch, a list of floats.

    model: compiled, begun with keras.Input(..., batch_size=rows); it may hold a state of earlier
    reading. x, y: (chunks, timesteps, ...), where each `rows` chunks are one batch and row i of a
    batch continues row i of the batch before. Each epoch reads the stream from its beginning, in
    order, from a state of zeros.
    """
    ### BEGIN SOLUTION
    rows = model.input_shape[0]
    losses = []
    for _epoch in range(epochs):
        reset_states(model)
        history = model.fit(x, y, epochs=1, batch_size=rows, shuffle=False, verbose=0)
        losses.append(history.history["loss"][0])
    return losses
    ### END SOLUTION

# %% test="bug-hunt" points=1
check.trains_in_order(train_stream, rows=4)

# %% test="bug-hunt" points=1 hidden=true
check.trains_in_order(train_stream, rows=3, depth=2, seed=15)

# %% [markdown]
# ## What you can do now
#
# You can read what is too long to be read at once. You know that a stateful layer is a layer that remembers where it stopped, one state for each row, and that everything else follows from it: rows must continue,
# their number is fixed, the remainder is dropped, and somebody has to say when a story ends. You can prove that chunks equal the whole, hand a state on, move weights from many rows to one, and measure
# what memory is worth at each position of a chunk. In lesson 5 a layer reads the other way, from the end.
#
# To read on:
#
# * R. J. Williams and J. Peng, [An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories](https://doi.org/10.1162/neco.1990.2.4.490), *Neural Computation* 2 (1990). What it means that states cross the border and gradients do not.
# * Keras, [Working with RNNs](https://keras.io/guides/working_with_rnns/), "Cross-batch statefulness".
# * A. Karpathy, [The Unreasonable Effectiveness of Recurrent Neural Networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/) (2015). Its hundred lines of code carry a state from chunk to chunk.
