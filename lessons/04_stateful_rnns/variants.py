# Right and wrong answers to the exercises of 04_stateful_rnns: see docs/AUTHORING.md.

# %% exercise="carry" right="states kept in a dictionary of arguments"
def read_chunks(layer, chunks):
    outputs, more = [], {}
    for chunk in chunks:
        result = layer(chunk, **more)
        outputs.append(np.array(result[0]))
        more = {"initial_state": list(result[1:])}
    return np.concatenate(outputs, axis=1)

# %% exercise="carry" right="zeros to begin with, timestep by timestep"
def read_chunks(layer, chunks):
    x = keras.ops.concatenate(chunks, axis=1)
    state, outputs = layer.get_initial_state(len(x)), []
    for t in range(x.shape[1]):
        output, *state = layer(x[:, t : t + 1], initial_state=state)
        outputs.append(output)
    return keras.ops.concatenate(outputs, axis=1)

# %% exercise="carry" wrong="nothing is carried" points=0 says="Each chunk begins with zeros"
def read_chunks(layer, chunks):
    return np.concatenate([layer(chunk)[0] for chunk in chunks], axis=1)

# %% exercise="carry" wrong="the first state for ever" points=0 says="take the new state each time"
def read_chunks(layer, chunks):
    output, *state = layer(chunks[0])
    outputs = [output] + [layer(chunk, initial_state=state)[0] for chunk in chunks[1:]]
    return np.concatenate(outputs, axis=1)

# %% exercise="carry" wrong="one name for all that comes back" points=0 says="Count what the layer returns"
def read_chunks(layer, chunks):
    state, outputs = None, []
    for chunk in chunks:
        output, state = layer(chunk, initial_state=state)
        outputs.append(output)
    return np.concatenate(outputs, axis=1)

# %% exercise="carry" wrong="joined along the batch" points=0 says="raised ValueError"
def read_chunks(layer, chunks):
    state, outputs = None, []
    for chunk in chunks:
        output, *state = layer(chunk, initial_state=state)
        outputs.append(output)
    return np.concatenate(outputs, axis=0)

# %% exercise="carry" wrong="h and c swapped" points=0 says="h and c are swapped"
def read_chunks(layer, chunks):
    state, outputs = None, []
    for chunk in chunks:
        output, *state = layer(chunk, initial_state=state)
        state = state[::-1]
        outputs.append(output)
    return np.concatenate(outputs, axis=1)

# %% exercise="sub-sequences" right="a loop that counts"
def sub_sequences(steps, size):
    pairs, first = [], 0
    while first < steps:
        last = min(first + size, steps) - 1
        pairs.append((first, last))
        first = last + 1
    return pairs

# %% exercise="sub-sequences" right="NumPy cuts, lists for pairs"
def sub_sequences(steps, size):
    parts = np.split(np.arange(steps), np.arange(size, steps, size))
    return [[int(part[0]), int(part[-1])] for part in parts]

# %% exercise="sub-sequences" wrong="the last piece dropped" points=0 says="The last piece is missing"
def sub_sequences(steps, size):
    return [(number * size, number * size + size - 1) for number in range(steps // size)]

# %% exercise="sub-sequences" wrong="a slice's end" points=0 says="the last is inside the piece"
def sub_sequences(steps, size):
    return [(first, min(first + size, steps)) for first in range(0, steps, size)]

# %% exercise="sub-sequences" wrong="the last piece too long" points=0 says="The last piece ends where the sequence does"
def sub_sequences(steps, size):
    return [(first, first + size - 1) for first in range(0, steps, size)]

# %% exercise="sub-sequences" wrong="the guide believed" points=0 says="The guide's s16 overlaps"
def sub_sequences(steps, size):
    return [(number * 101, number * 101 + 100) for number in range(15)] + [(1501, 1547)]

# %% exercise="in-pieces" right="an array that is filled"
def read_in_pieces(layer, x, size):
    layer.reset_state()
    result = np.zeros((*x.shape[:2], layer.units), "float32")
    for first in range(0, x.shape[1], size):
        result[:, first : first + size] = layer(x[:, first : first + size])
    return result

# %% exercise="in-pieces" right="states set to zeros by hand, reset again at the end"
def read_in_pieces(layer, x, size):
    for state in layer.states:
        state.assign(keras.ops.zeros_like(state))
    cuts = np.arange(size, x.shape[1], size)
    outputs = [layer(piece) for piece in np.split(x, cuts, axis=1)]
    layer.reset_state()
    return keras.ops.concatenate(outputs, axis=1)

# %% exercise="in-pieces" wrong="no reset" points=0 says="still held a state of earlier reading"
def read_in_pieces(layer, x, size):
    outputs = [layer(x[:, first : first + size]) for first in range(0, x.shape[1], size)]
    return np.concatenate(outputs, axis=1)

# %% exercise="in-pieces" wrong="a reset before each piece" points=0 says="was reset before every piece"
def read_in_pieces(layer, x, size):
    outputs = []
    for first in range(0, x.shape[1], size):
        layer.reset_state()
        outputs.append(layer(x[:, first : first + size]))
    return np.concatenate(outputs, axis=1)

# %% exercise="in-pieces" wrong="the rest is dropped" points=0 says="The last piece is missing"
def read_in_pieces(layer, x, size):
    layer.reset_state()
    count = x.shape[1] // size
    outputs = [layer(x[:, number * size : (number + 1) * size]) for number in range(count)]
    return np.concatenate(outputs, axis=1)

# %% exercise="in-pieces" wrong="only the last output" points=0 says="Only the outputs of the last piece"
def read_in_pieces(layer, x, size):
    layer.reset_state()
    for first in range(0, x.shape[1], size):
        output = layer(x[:, first : first + size])
    return output

# %% exercise="in-pieces" wrong="the pieces as rows of a batch" points=0 says="only batches of the size that it began with"
def read_in_pieces(layer, x, size):
    layer.reset_state()
    count = x.shape[1] // size
    pieces = x[:, : count * size].reshape(count, size, x.shape[2])
    return np.array(layer(pieces)).reshape(1, count * size, -1)

# %% exercise="cut" right="rows split over time"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    rows = np.stack(np.split(stream[: batches * batch_size * timesteps], batch_size))
    return np.stack(np.split(rows, batches, axis=1))

# %% exercise="cut" right="the remainder dropped at the end of each row"
def cut_stream(stream, batch_size, timesteps):
    length = len(stream) // batch_size
    batches = length // timesteps
    starts = np.arange(batch_size)[None, :, None] * length + np.arange(batches)[:, None, None] * timesteps
    return stream[starts + np.arange(timesteps)]

# %% exercise="cut" wrong="the order in which one reads" points=0 says="row 0 goes on in row 1 of the same batch"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    kept = stream[: batches * batch_size * timesteps]
    return kept.reshape(batches, batch_size, timesteps, *stream.shape[1:])

# %% exercise="cut" wrong="rows before batches" points=0 says="swap the two axes"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    kept = stream[: batches * batch_size * timesteps]
    return kept.reshape(batch_size, batches, timesteps, *stream.shape[1:])

# %% exercise="cut" wrong="the remainder is kept" points=0 says="raised ValueError"
def cut_stream(stream, batch_size, timesteps):
    rows = stream.reshape(batch_size, -1, timesteps, *stream.shape[1:])
    return np.swapaxes(rows, 0, 1)

# %% exercise="cut" wrong="timesteps dealt out to the rows" points=0 says="Neighbours in a row lie far apart"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    kept = stream[: batches * batch_size * timesteps]
    return np.swapaxes(kept.reshape(batches, timesteps, batch_size, *stream.shape[1:]), 1, 2)

# %% exercise="cut" wrong="features forgotten" points=1 says="raised ValueError"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    kept = stream[: batches * batch_size * timesteps]
    return np.swapaxes(kept.reshape(batch_size, batches, timesteps), 0, 1)

# %% exercise="callback" right="the layers asked one by one"
class ResetStates(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.rest()

    def on_test_begin(self, logs=None):
        self.rest()

    def rest(self):
        for layer in self.model.layers:
            if getattr(layer, "stateful", False):
                layer.reset_state()


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" right="before the first batch of each"
class ResetStates(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0:
            reset_states(self.model)

    def on_test_batch_begin(self, batch, logs=None):
        if batch == 0:
            reset_states(self.model)


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="the class is returned" points=0 says="make one of it, with parentheses"
def resetting():
    class ResetStates(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            reset_states(self.model)

        def on_test_begin(self, logs=None):
            reset_states(self.model)

    return ResetStates


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="at the end of an epoch" points=0 says="reset when an epoch begins, not when it ends"
class ResetStates(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        reset_states(self.model)

    def on_test_begin(self, logs=None):
        reset_states(self.model)


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="no thought of validation" points=0 says="reset when a validation begins, too"
class ResetStates(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        reset_states(self.model)


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="the Keras 2 name" points=0 says="A Keras 3 model has no reset"
class ResetStates(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.reset_states()

    def on_test_begin(self, logs=None):
        self.model.reset_states()


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="once, when training begins" points=0 says="reset when each epoch begins, not once"
class ResetStates(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        reset_states(self.model)


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="a misspelt method" points=0 says="Are the callback's methods called as Keras calls them"
class ResetStates(keras.callbacks.Callback):
    def on_epoch_start(self, epoch, logs=None):
        reset_states(self.model)

    def on_validation_begin(self, logs=None):
        reset_states(self.model)


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="only the first layer" points=1 says="no weight moves"
class ResetStates(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.layers[0].reset_state()

    def on_test_begin(self, logs=None):
        self.model.layers[0].reset_state()


def resetting():
    return ResetStates()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="hand-over" right="the state copied into a list of arrays"
def hand_over(first, second, paragraphs):
    *some, last = paragraphs
    first.reset_state()
    for paragraph in some:
        first(paragraph)
    return second(last, initial_state=[state.numpy() for state in first.states])

# %% exercise="hand-over" right="all but the last as one sequence"
def hand_over(first, second, paragraphs):
    first.reset_state()
    first(np.concatenate(paragraphs[:-1], axis=1))
    return second(paragraphs[-1], initial_state=list(first.states))

# %% exercise="hand-over" wrong="the second begins with zeros" points=0 says="The second layer began with zeros"
def hand_over(first, second, paragraphs):
    first.reset_state()
    for paragraph in paragraphs[:-1]:
        first(paragraph)
    return second(paragraphs[-1])

# %% exercise="hand-over" wrong="h and c swapped" points=0 says="h and c are swapped"
def hand_over(first, second, paragraphs):
    first.reset_state()
    for paragraph in paragraphs[:-1]:
        first(paragraph)
    h, c = first.states
    return second(paragraphs[-1], initial_state=[c, h])

# %% exercise="hand-over" wrong="no reset" points=0 says="still held a state of earlier reading"
def hand_over(first, second, paragraphs):
    for paragraph in paragraphs[:-1]:
        first(paragraph)
    return second(paragraphs[-1], initial_state=first.states)

# %% exercise="hand-over" wrong="a reset between paragraphs" points=0 says="forgot between the paragraphs"
def hand_over(first, second, paragraphs):
    for paragraph in paragraphs[:-1]:
        first.reset_state()
        first(paragraph)
    return second(paragraphs[-1], initial_state=first.states)

# %% exercise="hand-over" wrong="the first reads the last, too" points=0 says="has read the last paragraph, too"
def hand_over(first, second, paragraphs):
    first.reset_state()
    for paragraph in paragraphs:
        first(paragraph)
    return second(paragraphs[-1], initial_state=first.states)

# %% exercise="hand-over" wrong="only h is handed over" points=0 says="An LSTM has two states"
def hand_over(first, second, paragraphs):
    first.reset_state()
    for paragraph in paragraphs[:-1]:
        h = first(paragraph)
    return second(paragraphs[-1], initial_state=[h])

# %% exercise="one-row" right="cloned from the trained model"
def for_one_row(trained):
    one = keras.Input(trained.input_shape[1:], batch_size=1, dtype="int32")
    model = keras.models.clone_model(trained, input_tensors=one)
    model.set_weights(trained.get_weights())
    return model

# %% exercise="one-row" right="written out, weights layer by layer"
def for_one_row(trained):
    model = keras.Sequential([
        keras.Input((None,), batch_size=1),
        layers.Embedding(76, 16),
        layers.GRU(64, stateful=True, return_sequences=True),
        layers.Dense(76),
    ])
    for new, old in zip(model.layers, trained.layers, strict=True):
        new.set_weights(old.get_weights())
    return model

# %% exercise="one-row" wrong="new weights" points=0 says="A new model has new weights"
def for_one_row(trained):
    keras.utils.set_random_seed(0)
    return make_reader(1)

# %% exercise="one-row" wrong="the training model itself" points=0 says="It is fixed when a model is built"
def for_one_row(trained):
    trained.batch_size = 1
    reset_states(trained)
    return trained

# %% exercise="one-row" wrong="any number of rows, not stateful" points=0 says="None is any number of rows"
def for_one_row(trained):
    model = make_reader(None, stateful=False)
    model.set_weights(trained.get_weights())
    return model

# %% exercise="one-row" wrong="one row without a state" points=0 says="the new layer must be stateful, too"
def for_one_row(trained):
    model = make_reader(1, stateful=False)
    model.set_weights(trained.get_weights())
    return model

# %% exercise="one-row" wrong="stateful and no batch size" points=0 says="it must know how many rows a batch has"
def for_one_row(trained):
    model = make_reader(None)
    model.set_weights(trained.get_weights())
    return model

# %% exercise="train-lamp" right="an LSTM" calibrate=true
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.LSTM(16, stateful=True, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    reset = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: reset_states(model))
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=5,
                 batch_size=32, shuffle=False, callbacks=[reset])
    return model

# %% exercise="train-lamp" right="more units, a callback of its own class"
class BeginAtZero(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.layers[0].reset_state()


def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.GRU(24, stateful=True, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4,
                 batch_size=32, shuffle=False, callbacks=[BeginAtZero()])
    return model

# %% exercise="train-lamp" wrong="not stateful" points=0 says="no layer of it is stateful=True" calibrate=true
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.GRU(16, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4,
                 batch_size=32, shuffle=False)
    return model

# %% exercise="train-lamp" wrong="stateful and shuffled" points=0 says="does training read the batches in their order" calibrate=true
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.GRU(16, stateful=True, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4, batch_size=32)
    return model

# %% exercise="train-lamp" wrong="no batch size in the model" points=0 says="it must know how many rows a batch has"
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2)),
        layers.GRU(16, stateful=True, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4, batch_size=32)
    return model

# %% exercise="train-lamp" wrong="the axes of chunks and rows swapped" points=0 says="with rows that continue"
def train_lamps(x, y):
    x, y = np.swapaxes(x, 0, 1), np.swapaxes(y, 0, 1)
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.GRU(16, stateful=True, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4,
                 batch_size=32, shuffle=False)
    return model

# %% exercise="train-lamp" wrong="one answer for a chunk" points=0 says="return_sequences=True"
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.GRU(16, stateful=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile("adam", "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2)[:64], y.reshape(-1, 10, 1)[:64, -1], name="lamps", batch_size=32, shuffle=False)
    return model

# %% exercise="train-lamp" wrong="off the fast path" points=0 says="On a GPU, Keras hands a whole LSTM or GRU"
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.SimpleRNN(16, stateful=True, return_sequences=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile("adam", "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2)[:64], y.reshape(-1, 10, 1)[:64], name="lamps", batch_size=32, shuffle=False)
    return model

# %% exercise="bug-hunt" right="a callback and one call of fit"
def train_stream(model, x, y, epochs):
    reset = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: reset_states(model))
    options = {"batch_size": model.input_shape[0], "shuffle": False, "callbacks": [reset]}
    return model.fit(x, y, epochs=epochs, verbose=0, **options).history["loss"]

# %% exercise="bug-hunt" right="a dataset, which fit does not shuffle"
def train_stream(model, x, y, epochs):
    import tensorflow as tf

    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(model.input_shape[0])
    losses = []
    for _ in range(epochs):
        for layer in model.layers:
            if hasattr(layer, "reset_state"):
                layer.reset_state()
        losses += model.fit(batches, shuffle=False, verbose=0).history["loss"]
    return losses

# %% exercise="bug-hunt" wrong="the listing as it stands" points=0 says="The batch has another number of rows than the state"
def train_stream(model, x, y, epochs):
    losses = []
    for epoch in range(epochs):
        history = model.fit(x, y, epochs=1, batch_size=32, shuffle=True, verbose=0)
        losses.append(history.history["loss"][0])
        model.reset_states()
    return losses

# %% exercise="bug-hunt" wrong="the batch size mended only" points=0 says="A Keras 3 model has no reset"
def train_stream(model, x, y, epochs):
    losses = []
    for epoch in range(epochs):
        history = model.fit(x, y, epochs=1, batch_size=model.input_shape[0], shuffle=False, verbose=0)
        losses.append(history.history["loss"][0])
        model.reset_states()
    return losses

# %% exercise="bug-hunt" wrong="the line deleted" points=0 says="Each epoch goes on from the end"
def train_stream(model, x, y, epochs):
    losses = []
    for epoch in range(epochs):
        history = model.fit(x, y, epochs=1, batch_size=model.input_shape[0], shuffle=False, verbose=0)
        losses.append(history.history["loss"][0])
    return losses

# %% exercise="bug-hunt" wrong="shuffle left out" points=0 says="fit shuffles unless you say shuffle=False"
def train_stream(model, x, y, epochs):
    losses = []
    for epoch in range(epochs):
        reset_states(model)
        history = model.fit(x, y, epochs=1, batch_size=model.input_shape[0], verbose=0)
        losses.append(history.history["loss"][0])
    return losses

# %% exercise="bug-hunt" wrong="reset after the epoch" points=0 says="reset before an epoch, not after it"
def train_stream(model, x, y, epochs):
    losses = []
    for epoch in range(epochs):
        history = model.fit(x, y, epochs=1, batch_size=model.input_shape[0], shuffle=False, verbose=0)
        losses.append(history.history["loss"][0])
        reset_states(model)
    return losses

# %% exercise="bug-hunt" wrong="only the first layer" points=1 says="no weight moves"
def train_stream(model, x, y, epochs):
    losses = []
    for epoch in range(epochs):
        model.layers[0].reset_state()
        history = model.fit(x, y, epochs=1, batch_size=model.input_shape[0], shuffle=False, verbose=0)
        losses.append(history.history["loss"][0])
    return losses

# %% exercise="carry" right="a list of states for each chunk, NumPy in between"
def read_chunks(layer, chunks):
    output, *states = layer(chunks[0])
    whole = np.array(output)
    for chunk in chunks[1:]:
        output, *states = layer(chunk, initial_state=[np.array(state) for state in states])
        whole = np.concatenate([whole, np.array(output)], axis=1)
    return whole

# %% exercise="carry" right="an array that is filled, TensorFlow's layers"
def read_chunks(layer, chunks):
    import tensorflow as tf

    begin, states = 0, layer.get_initial_state(batch_size=chunks[0].shape[0])
    whole = np.zeros((len(chunks[0]), sum(chunk.shape[1] for chunk in chunks), layer.units), "float64")
    for chunk in chunks:
        results = layer(tf.constant(chunk), initial_state=list(states))
        whole[:, begin : begin + chunk.shape[1]] = results[0]
        begin, states = begin + chunk.shape[1], results[1:]
    return whole

# %% exercise="carry" wrong="all chunks joined and read at once" points=0 says="The chunks were joined and read in one call"
def read_chunks(layer, chunks):
    return layer(np.concatenate(chunks, axis=1))[0]

# %% exercise="carry" wrong="a layer told to be stateful" points=0 says="raised"
def read_chunks(layer, chunks):
    layer.stateful = True
    return np.concatenate([np.array(layer(chunk)[0]) for chunk in chunks], axis=1)

# %% exercise="carry" wrong="a list of outputs" points=0 says="np.concatenate joins arrays"
def read_chunks(layer, chunks):
    state, outputs = None, []
    for chunk in chunks:
        output, *state = layer(chunk, initial_state=state)
        outputs.append(np.array(output))
    return outputs

# %% exercise="carry" wrong="only the last chunk's output" points=0 says="The first"
def read_chunks(layer, chunks):
    state = None
    for chunk in chunks:
        output, *state = layer(chunk, initial_state=state)
    return output

# %% exercise="sub-sequences" right="slices of the timesteps, NumPy integers"
def sub_sequences(steps, size):
    t = np.arange(steps)
    return [(t[i], t[i : i + size][-1]) for i in range(0, steps, size)]

# %% exercise="sub-sequences" right="an array of pairs"
def sub_sequences(steps, size):
    first = np.arange(0, steps, size)
    return np.stack([first, np.minimum(first + size, steps) - 1], axis=1)

# %% exercise="sub-sequences" wrong="counting from one" points=0 says="The first timestep is 0, not 1"
def sub_sequences(steps, size):
    return [(k + 1, min(k + size, steps)) for k in range(0, steps, size)]

# %% exercise="sub-sequences" wrong="pieces that overlap by one" points=0 says="The pieces overlap"
def sub_sequences(steps, size):
    return [(k, min(k + size - 1, steps - 1)) for k in range(0, steps, max(size - 1, 1))]

# %% exercise="in-pieces" right="np.split and a list comprehension"
def read_in_pieces(layer, x, size):
    layer.reset_state()
    pieces = np.array_split(x, range(size, x.shape[1], size), axis=1)
    return np.hstack([np.array(layer(piece)) for piece in pieces])

# %% exercise="in-pieces" right="TensorFlow slices, float64 in"
def read_in_pieces(layer, x, size):
    import tensorflow as tf

    layer.reset_state()
    x = tf.convert_to_tensor(np.asarray(x, "float64"))
    first, outputs = 0, []
    while first < x.shape[1]:
        outputs.append(layer(sequences=x[:, first : first + size, :]))
        first += size
    return tf.concat(outputs, 1)

# %% exercise="in-pieces" wrong="not in pieces at all" points=0 says="All of x was read in one call"
def read_in_pieces(layer, x, size):
    layer.reset_state()
    return layer(x)

# %% exercise="in-pieces" wrong="a copy of x" points=0 says="Only the last axis differs"
def read_in_pieces(layer, x, size):
    return x

# %% exercise="cut" right="indices"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    batch, row, step = np.ogrid[:batches, :batch_size, :timesteps]
    return stream[row * batches * timesteps + batch * timesteps + step]

# %% exercise="cut" right="loops, a list of arrays"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    length = batches * timesteps
    return np.array([
        [stream[row * length + t * timesteps : row * length + (t + 1) * timesteps] for row in range(batch_size)]
        for t in range(batches)
    ])

# %% exercise="cut" wrong="one batch too few" points=0 says="one too short"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps) - 1
    kept = stream[: batches * batch_size * timesteps]
    return np.swapaxes(kept.reshape(batch_size, batches, timesteps, *stream.shape[1:]), 0, 1)

# %% exercise="cut" wrong="the beginning dropped" points=0 says="What is left over is dropped at the end"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    last = stream[len(stream) - batches * batch_size * timesteps :]
    return np.swapaxes(last.reshape(batch_size, batches, timesteps, *stream.shape[1:]), 0, 1)

# %% exercise="cut" wrong="every row the same part" points=0 says="Each row has a part of the stream of its own"
def cut_stream(stream, batch_size, timesteps):
    batches = len(stream) // (batch_size * timesteps)
    chunks = stream[: batches * timesteps].reshape(batches, 1, timesteps, *stream.shape[1:])
    return np.repeat(chunks, batch_size, axis=1)

# %% exercise="callback" right="states set to zeros by hand, one method for both"
def resetting():
    class Fresh(keras.callbacks.Callback):
        def zero(self, *_, **__):
            for layer in self.model.layers:
                if hasattr(layer, "states"):
                    for state in layer.states:
                        state.assign(np.zeros(state.shape))

        on_epoch_begin = on_test_begin = zero

    return Fresh()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" right="tf.keras, and a reset at both ends"
def resetting():
    import tensorflow as tf

    class Fresh(tf.keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            reset_states(self.model)

        def on_test_begin(self, logs=None):
            reset_states(self.model)

        def on_test_end(self, logs=None):
            reset_states(self.model)

    return Fresh()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="the notebook's model in place of its own" points=0 says="self.model"
def resetting():
    class Forget(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            reset_states(model)

        def on_test_begin(self, logs=None):
            reset_states(model)

    return Forget()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="another model of the notebook is reset" points=0 says="do they reset self.model"
other = keras.Sequential([keras.Input((5, 2), batch_size=2), layers.SimpleRNN(4, stateful=True)])


def resetting():
    class Forget(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            reset_states(other)

        def on_test_begin(self, logs=None):
            reset_states(other)

    return Forget()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="callback" wrong="at the validation only" points=0 says="the validations at rest"
def resetting():
    class Forget(keras.callbacks.Callback):
        def on_test_begin(self, logs=None):
            reset_states(self.model)

    return Forget()


def fit_from_rest(model, x, y, epochs, validation):
    rows = model.input_shape[0]
    options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0}
    options["callbacks"] = [resetting()]
    return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

# %% exercise="hand-over" right="arrays for states, a while loop"
def hand_over(first, second, paragraphs):
    first.reset_state()
    number = 0
    while number < len(paragraphs) - 1:
        first(paragraphs[number])
        number += 1
    h = [keras.ops.convert_to_numpy(state) for state in first.states]
    return keras.ops.convert_to_numpy(second(paragraphs[number], initial_state=h))

# %% exercise="hand-over" right="tensors of TensorFlow, states set to zero"
def hand_over(first, second, paragraphs):
    import tensorflow as tf

    for state in first.states:
        state.assign(tf.zeros_like(state))
    *begin, end = (tf.constant(paragraph) for paragraph in paragraphs)
    for paragraph in begin:
        first(sequences=paragraph)
    return second(sequences=end, initial_state=list(first.states))

# %% exercise="hand-over" wrong="the first layer reads all, the second nothing" points=0 says="what the first layer makes of the last paragraph"
def hand_over(first, second, paragraphs):
    first.reset_state()
    for paragraph in paragraphs:
        output = first(paragraph)
    return output

# %% exercise="one-row" right="a clone of another of its kind"
def for_one_row(trained):
    model = keras.models.clone_model(make_reader(rows=1, stateful=True))
    model.set_weights(trained.get_weights())
    return model

# %% exercise="one-row" right="variables assigned one by one, a functional model"
def for_one_row(trained):
    inputs = keras.Input(batch_shape=(1, None), dtype="int32")
    embed, gru, dense = (layers.Embedding(76, 16), layers.GRU(64, stateful=True, return_sequences=True), layers.Dense(76))
    model = keras.Model(inputs, dense(gru(embed(inputs))))
    for new, old in zip(model.weights, trained.weights, strict=True):
        new.assign(old)
    return model

# %% exercise="one-row" wrong="only the GRU's weights are moved" points=0 says="move the old ones, all of them"
def for_one_row(trained):
    model = make_reader(1)
    model.layers[1].set_weights(trained.layers[1].get_weights())
    return model

# %% exercise="train-lamp" right="a functional model, an LSTM"
def train_lamps(x, y):
    inputs = keras.Input(batch_shape=(32, 10, 2))
    lit = layers.Dense(1, "sigmoid")(layers.LSTM(16, stateful=True, return_sequences=True)(inputs))
    model = keras.Model(inputs, lit)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss=keras.losses.BinaryCrossentropy())
    reset = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: model.layers[1].reset_state())
    rows, truth = np.concatenate(list(x)), np.concatenate(list(y))
    lab.fit_once(model, rows, truth, name="lamps", epochs=5, batch_size=32, shuffle=False, callbacks=[reset], verbose=0)
    return model

# %% exercise="train-lamp" right="TimeDistributed, tf.keras"
def train_lamps(x, y):
    import tensorflow as tf

    model = tf.keras.Sequential()
    model.add(tf.keras.Input(batch_shape=(32, 10, 2)))
    model.add(tf.keras.layers.GRU(16, stateful=True, return_sequences=True))
    model.add(tf.keras.layers.TimeDistributed(tf.keras.layers.Dense(1, activation="sigmoid")))
    model.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.Adam(0.01))
    reset = tf.keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: reset_states(model))
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4,
                 batch_size=32, shuffle=False, callbacks=[reset])
    return model

# %% exercise="train-lamp" wrong="no return_sequences, targets at every timestep" points=0 says="return_sequences=True"
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.GRU(16, stateful=True),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4, batch_size=32, shuffle=False)
    return model

# %% exercise="train-lamp" wrong="logits in place of probabilities" points=0 says="Probabilities are asked"
def train_lamps(x, y):
    model = keras.Sequential([
        keras.Input((10, 2), batch_size=32),
        layers.GRU(16, stateful=True, return_sequences=True),
        layers.Dense(1, activation="linear"),
    ])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    reset = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: reset_states(model))
    lab.fit_once(model, x.reshape(-1, 10, 2), y.reshape(-1, 10, 1), name="lamps", epochs=4,
                 batch_size=32, shuffle=False, callbacks=[reset])
    return model

# %% exercise="bug-hunt" right="a callback of its own class"
def train_stream(model, x, y, epochs):
    class Rest(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            for layer in self.model.layers:
                if getattr(layer, "stateful", False):
                    layer.reset_state()

    rows = model.inputs[0].shape[0]
    history = model.fit(x, y, rows, epochs, verbose=0, shuffle=False, callbacks=[Rest()])
    return [float(loss) for loss in history.history["loss"]]

# %% exercise="bug-hunt" right="reset before and after"
def train_stream(model, x, y, epochs):
    losses = []
    for _ in range(epochs):
        reset_states(model)
        history = model.fit(x=x, y=y, batch_size=model.input_shape[0], shuffle=False, verbose=0)
        reset_states(model)
        losses.extend(history.history["loss"])
    return np.array(losses)

# %% exercise="bug-hunt" wrong="reset once, then all epochs in one fit" points=0 says="Only the first epoch begins at rest"
def train_stream(model, x, y, epochs):
    reset_states(model)
    rows = model.input_shape[0]
    return model.fit(x, y, epochs=epochs, shuffle=False, batch_size=rows, verbose=0).history["loss"]

# %% exercise="bug-hunt" wrong="evaluated, not trained" points=0 says="nothing is trained"
def train_stream(model, x, y, epochs):
    losses = []
    for _ in range(epochs):
        reset_states(model)
        losses.append(model.evaluate(x, y, batch_size=model.input_shape[0], verbose=0))
    return losses

# %% exercise="bug-hunt" wrong="a list of lists" points=0 says="history.history['loss'] is a list already"
def train_stream(model, x, y, epochs):
    losses = []
    for _ in range(epochs):
        reset_states(model)
        history = model.fit(x, y, batch_size=model.input_shape[0], shuffle=False, verbose=0)
        losses.append(history.history["loss"])
    return losses
