# Right and wrong answers to the exercises of 03_encoder_decoder: see docs/AUTHORING.md.

# %% exercise="read-on" right="the states by a slice"
def read_on(layer, first, second, mask):
    begins = list(layer(first)[1:])
    results = layer(second, initial_state=begins, mask=mask)
    return results[0], list(results[1:])

# %% exercise="read-on" right="each kind on its own"
def read_on(layer, first, second, mask):
    if isinstance(layer, layers.LSTM):
        _, h, c = layer(first)
        output, h, c = layer(second, mask=mask, initial_state=[h, c])
        return output, [h, c]
    _, h = layer(first)
    output, h = layer(second, mask=mask, initial_state=h)
    return output, [h]

# %% exercise="read-on" wrong="no initial state" points=0 says="It began from zeros"
def read_on(layer, first, second, mask):
    layer(first)
    output, *states = layer(second, mask=mask)
    return output, states

# %% exercise="read-on" wrong="the mask is left to Keras" points=0 says="pass mask=mask by hand"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    output, *states = layer(second, initial_state=states)
    return output, states

# %% exercise="read-on" wrong="h and c swapped" points=0 says="h and c are swapped"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    output, *states = layer(second, initial_state=states[::-1], mask=mask)
    return output, states

# %% exercise="read-on" wrong="two states for a GRU" points=0 says="Keras takes a second one without a word and ignores it"
def read_on(layer, first, second, mask):
    output, h, *rest = layer(first)
    c = rest[0] if rest else keras.ops.zeros_like(h)
    output, h, *rest = layer(second, initial_state=[h, c], mask=mask)
    return output, [h, rest[0] if rest else c]

# %% exercise="read-on" wrong="two states for a GRU, the wrong one first" points=0 says="It began from zeros"
def read_on(layer, first, second, mask):
    _, h, *rest = layer(first)
    states = [h, *rest] if rest else [keras.ops.zeros_like(h), h]
    output, *states = layer(second, initial_state=states, mask=mask)
    return output, states

# %% exercise="read-on" wrong="an LSTM's h alone" points=0 says="An LSTM has two states, h and c"
def read_on(layer, first, second, mask):
    _, h, *_ = layer(first)
    output, *states = layer(second, initial_state=h, mask=mask)
    return output, states

# %% exercise="read-on" wrong="the last output as h and c" points=0 says="That is h twice"
def read_on(layer, first, second, mask):
    output, *states = layer(first)
    output, *states = layer(second, initial_state=[output[:, -1]] * len(states), mask=mask)
    return output, states

# %% exercise="read-on" wrong="everything handed on" points=0 says="Two shapes do not fit"
def read_on(layer, first, second, mask):
    return layer(second, initial_state=layer(first), mask=mask)

# %% exercise="graph" right="other names, states unpacked"
def encoder_decoder(kind, vocabularies, width, units, classes):
    a, b = keras.Input((None,)), keras.Input((None,))
    vectors_b = layers.Embedding(vocabularies[1], width)(b)
    vectors_a = layers.Embedding(vocabularies[0], width)(a)
    if kind == "LSTM":
        _, h, c = layers.LSTM(units, return_state=True)(vectors_a)
        last = layers.LSTM(units)(vectors_b, initial_state=[h, c])
    else:
        _, h = layers.GRU(units, return_state=True)(vectors_a)
        last = layers.GRU(units)(vectors_b, initial_state=h)
    return keras.Model([a, b], layers.Dense(classes)(last))

# %% exercise="graph" right="the decoder returns its states as well"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = {"LSTM": layers.LSTM, "GRU": layers.GRU}[kind]
    read = keras.Input(shape=(None,), dtype="int32")
    written = keras.Input(shape=(None,), dtype="int32")
    states = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))[1:]
    embedded = layers.Embedding(vocabularies[1], width)(written)
    last = layer(units, return_state=True)(embedded, initial_state=list(states))[0]
    return keras.Model(inputs=[read, written], outputs=layers.Dense(classes)(last))

# %% exercise="graph" wrong="the states never arrive" points=0 says="The encoder is not in it"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    _, *states = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = layer(units)(layers.Embedding(vocabularies[1], width)(written))
    return keras.Model([read, written], layers.Dense(classes)(last))

# %% exercise="graph" wrong="h and c swapped" points=0 says="h and c are swapped"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    _, *states = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = layer(units)(layers.Embedding(vocabularies[1], width)(written), initial_state=states[::-1])
    return keras.Model([read, written], layers.Dense(classes)(last))

# %% exercise="graph" wrong="h alone, which builds" points=0 says="An LSTM has two states, h and c"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    _, h, *_ = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = layer(units)(layers.Embedding(vocabularies[1], width)(written), initial_state=h)
    return keras.Model([read, written], layers.Dense(classes)(last))

# %% exercise="graph" wrong="an LSTM's unpacking for a GRU" points=0 says="a GRU or SimpleRNN output, h"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    _, h, c = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = layer(units)(layers.Embedding(vocabularies[1], width)(written), initial_state=[h, c])
    return keras.Model([read, written], layers.Dense(classes)(last))

# %% exercise="graph" wrong="two states for a GRU, zeros first" points=0 says="The decoder began from zeros"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    _, h, *rest = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    states = [h, *rest] if rest else [keras.ops.zeros_like(h), h]
    last = layer(units)(layers.Embedding(vocabularies[1], width)(written), initial_state=states)
    return keras.Model([read, written], layers.Dense(classes)(last))

# %% exercise="graph" wrong="one embedding for both" points=0 says="Each side needs an Embedding of its own size"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    embed = layers.Embedding(vocabularies[1], width)
    _, *states = layer(units, return_state=True)(embed(read))
    last = layer(units)(embed(written), initial_state=states)
    return keras.Model([read, written], layers.Dense(classes)(last))

# %% exercise="graph" wrong="an output at every timestep" points=0 says="remove return_sequences=True"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    _, *states = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    embedded = layers.Embedding(vocabularies[1], width)(written)
    every = layer(units, return_sequences=True)(embedded, initial_state=states)
    return keras.Model([read, written], layers.Dense(classes)(every))

# %% exercise="graph" wrong="the encoder's output and states go into Dense" points=0 says="Unpack them"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    everything = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    return keras.Model([read, written], layers.Dense(classes)(everything))

# %% exercise="teacher-forcing" right="a product with the mask"
def teacher_forcing(sequences):
    targets = np.array(sequences)[:, 1:]
    return np.array(sequences)[:, :-1] * (targets != 0), targets

# %% exercise="teacher-forcing" right="END replaced where it stands"
def teacher_forcing(sequences):
    inputs = sequences[:, :-1].copy()
    inputs[inputs == END] = 0
    return inputs, sequences[:, 1:].copy()

# %% exercise="teacher-forcing" wrong="no shift" points=0 says="The target equals the input"
def teacher_forcing(sequences):
    return sequences[:, :-1], sequences[:, :-1]

# %% exercise="teacher-forcing" wrong="END among the inputs" points=0 says="END is in the inputs"
def teacher_forcing(sequences):
    return sequences[:, :-1], sequences[:, 1:]

# %% exercise="teacher-forcing" wrong="the wrong way round" points=0 says="Return the inputs first"
def teacher_forcing(sequences):
    targets = sequences[:, 1:]
    return targets, np.where(targets > 0, sequences[:, :-1], 0)

# %% exercise="teacher-forcing" wrong="START removed with END" points=0 says="START is the first input"
def teacher_forcing(sequences):
    inputs = sequences[:, :-1]
    return np.where(inputs > END, inputs, 0), sequences[:, 1:]

# %% exercise="teacher-forcing" wrong="the targets lose END" points=0 says="how would it learn to stop"
def teacher_forcing(sequences):
    targets = sequences[:, 1:]
    inputs = np.where(targets > 0, sequences[:, :-1], 0)
    return inputs, np.where(targets == END, 0, targets)

# %% exercise="teacher-forcing" wrong="one example, looked up" points=1 says="the inputs for other words"
def teacher_forcing(sequences):
    return np.array([[1, 5, 9, 4], [1, 3, 0, 0], [1, 8, 8, 0]]), sequences[:, 1:]

# %% exercise="step-models" right="layers by their names, a loop over two inputs"
def step_models(model):
    part = {layer.name: layer for layer in model.layers}
    words = keras.Input((None,))
    states = part["encoder"](part["read"](words))[1:]
    h, c = (keras.Input((part["decoder"].units,)) for _ in "hc")
    last = keras.Input((1,))
    outputs = part["decoder"](part["write"](last), initial_state=[h, c])
    return keras.Model(words, list(states)), keras.Model(
        [last, h, c], [part["logits"](outputs[0]), outputs[1], outputs[2]]
    )

# %% exercise="step-models" right="new layers, and the trained weights copied into them"
def step_models(model):
    trained = {name: model.get_layer(name) for name in ("read", "encoder", "write", "decoder", "logits")}
    fresh = {name: type(layer).from_config(layer.get_config()) for name, layer in trained.items()}
    read = keras.Input((None,), dtype="int32")
    _, h, c = fresh["encoder"](fresh["read"](read))
    encoder = keras.Model(read, [h, c])
    token, units = keras.Input((1,), dtype="int32"), trained["decoder"].units
    before = [keras.Input((units,)), keras.Input((units,))]
    output, h, c = fresh["decoder"](fresh["write"](token), initial_state=before)
    step = keras.Model([token, *before], [fresh["logits"](output), h, c])
    for name, layer in fresh.items():
        layer.set_weights(trained[name].get_weights())
    return encoder, step

# %% exercise="step-models" wrong="layers with weights of their own" points=0 says="has weights of its own"
def step_models(model):
    units, symbols = model.get_layer("decoder").units, model.get_layer("logits").units
    read = keras.Input((None,), dtype="int32")
    _, h, c = layers.LSTM(units, return_state=True)(model.get_layer("read")(read))
    encoder = keras.Model(read, [h, c])
    token, before = keras.Input((1,), dtype="int32"), [keras.Input((units,)), keras.Input((units,))]
    output, h, c = layers.LSTM(units, return_sequences=True, return_state=True)(
        model.get_layer("write")(token), initial_state=before
    )
    return encoder, keras.Model([token, *before], [layers.Dense(symbols)(output), h, c])

# %% exercise="step-models" wrong="h twice" points=0 says="That is h twice"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    output, h, _ = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [output, h])
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token), initial_state=before)
    return encoder, keras.Model([token, *before], [model.get_layer("logits")(output), h, c])

# %% exercise="step-models" wrong="c before h" points=0 says="c comes first"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    _, h, c = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [c, h])
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token), initial_state=before)
    return encoder, keras.Model([token, *before], [model.get_layer("logits")(output), h, c])

# %% exercise="step-models" wrong="only h comes out of the encoder" points=0 says="An LSTM has two states"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    _, h, _ = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [h])
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token), initial_state=before)
    return encoder, keras.Model([token, *before], [model.get_layer("logits")(output), h, c])

# %% exercise="step-models" wrong="the step begins from zeros" points=0 says="The step began from zeros"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    _, h, c = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [h, c])
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token))
    return encoder, keras.Model([token, *before], [model.get_layer("logits")(output), h, c])

# %% exercise="step-models" wrong="the step returns the old states" points=1 says="not the new one"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    _, h, c = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [h, c])
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, _, _ = decoder(model.get_layer("write")(token), initial_state=before)
    return encoder, keras.Model([token, *before], [model.get_layer("logits")(output), *before])

# %% exercise="step-models" wrong="the step's states swapped" points=1 says="Which state goes on"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    _, h, c = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [h, c])
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token), initial_state=before)
    return encoder, keras.Model([token, *before], [model.get_layer("logits")(output), c, h])

# %% exercise="greedy" right="a list of columns, cut afterwards"
def greedy_decode(step, states, longest):
    token = np.ones((len(states[0]), 1), "int32") * START
    columns = []
    for _ in range(longest):
        logits, states = step(token, states)
        token = np.argmax(logits, axis=-1)
        columns.append(token)
    written = np.concatenate(columns, axis=1)
    ended = np.cumsum(written == END, axis=1) - (written == END)
    return np.where(ended > 0, 0, written)

# %% exercise="greedy" right="stops when all have ended"
def greedy_decode(step, states, longest):
    batch = np.shape(states[0])[0]
    written = np.zeros((batch, longest), int)
    token, open_rows = np.full((batch, 1), START), np.ones(batch, bool)
    for t in range(longest):
        logits, states = step(token, states)
        best = np.array(logits)[:, 0].argmax(-1)
        written[open_rows, t] = best[open_rows]
        open_rows &= best != END
        if not open_rows.any():
            break
        token = best.reshape(-1, 1)
    return written

# %% exercise="greedy" wrong="the old state goes back in" points=0 says="The old state goes back in"
def greedy_decode(step, states, longest):
    written, done = np.zeros((len(states[0]), longest), int), np.zeros(len(states[0]), bool)
    token = np.full((len(states[0]), 1), START)
    for t in range(longest):
        logits, _ = step(token, states)
        best = np.argmax(logits[:, 0], axis=-1)
        written[:, t] = np.where(done, 0, best)
        done, token = done | (best == END), best[:, None]
    return written

# %% exercise="greedy" wrong="START goes in at each step" points=0 says="START goes in at each step"
def greedy_decode(step, states, longest):
    written, done = np.zeros((len(states[0]), longest), int), np.zeros(len(states[0]), bool)
    token = np.full((len(states[0]), 1), START)
    for t in range(longest):
        logits, states = step(token, states)
        best = np.argmax(logits[:, 0], axis=-1)
        written[:, t] = np.where(done, 0, best)
        done = done | (best == END)
    return written

# %% exercise="greedy" wrong="writes on after END" points=0 says="It writes on after END"
def greedy_decode(step, states, longest):
    token, columns = np.full((len(states[0]), 1), START), []
    for _ in range(longest):
        logits, states = step(token, states)
        token = np.argmax(logits, axis=-1)
        columns.append(token)
    return np.concatenate(columns, axis=1)

# %% exercise="greedy" wrong="END is left out" points=0 says="END is missing"
def greedy_decode(step, states, longest):
    written, done = np.zeros((len(states[0]), longest), int), np.zeros(len(states[0]), bool)
    token = np.full((len(states[0]), 1), START)
    for t in range(longest):
        logits, states = step(token, states)
        best = np.argmax(logits[:, 0], axis=-1)
        done = done | (best == END)
        written[:, t], token = np.where(done, 0, best), best[:, None]
    return written

# %% exercise="greedy" wrong="stops when one row has ended" points=0 says="as soon as one row has ended"
def greedy_decode(step, states, longest):
    written = np.zeros((len(states[0]), longest), int)
    token = np.full((len(states[0]), 1), START)
    for t in range(longest):
        logits, states = step(token, states)
        written[:, t] = np.argmax(logits[:, 0], axis=-1)
        token = written[:, t : t + 1]
        if (token == END).any():
            break
    return written

# %% exercise="greedy" wrong="START is returned" points=0 says="one too long"
def greedy_decode(step, states, longest):
    written, done = np.zeros((len(states[0]), longest + 1), int), np.zeros(len(states[0]), bool)
    written[:, 0] = START
    for t in range(longest):
        logits, states = step(written[:, t : t + 1], states)
        best = np.argmax(logits[:, 0], axis=-1)
        written[:, t + 1] = np.where(done, 0, best)
        done = done | (best == END)
    return written

# %% exercise="train-speller" right="wider vectors, larger batches, a constant rate"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    state = layers.GRU(96, return_state=True)(layers.Embedding(27, 48, mask_zero=True)(read))[1]
    vectors = layers.Embedding(42, 48, mask_zero=True)(so_far)
    hidden = layers.GRU(96, return_sequences=True)(vectors, initial_state=[state])
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    x = [spelling, sound[:, :-1] * (sound[:, 1:] > 0)]
    lab.fit_once(model, x, sound[:, 1:], name="gru-speller", epochs=6, batch_size=200, verbose=0)
    return model

# %% exercise="train-speller" right="probabilities, and weights in place of the decoder's mask"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, state = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(so_far), initial_state=state)
    model = keras.Model([read, so_far], layers.Dense(42, activation="softmax")(hidden))
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.015, 240)), "sparse_categorical_crossentropy")
    x, weight = [spelling, sound[:, :-1]], (sound[:, 1:] > 0).astype("float32")
    settings = {"epochs": 6, "batch_size": 250, "sample_weight": weight, "verbose": 0}
    lab.fit_once(model, x, sound[:, 1:], name="gru-speller", **settings)
    return model

# %% exercise="train-speller" wrong="LSTMs" points=0 says="the number of GRUs"
def train_speller(spelling, sound):
    return translator(27, 42, 32, 96)

# %% exercise="train-speller" wrong="only the last output" points=0 says="return_sequences=True returns one vector per timestep"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, state = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96)(layers.Embedding(42, 32, mask_zero=True)(so_far), initial_state=state)
    return keras.Model([read, so_far], layers.Dense(42)(hidden))

# %% exercise="train-speller" wrong="an LSTM's unpacking" points=0 says="a GRU or SimpleRNN output, h"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h, c = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(so_far), initial_state=[h, c])
    return keras.Model([read, so_far], layers.Dense(42)(hidden))

# %% exercise="train-speller" wrong="recurrent dropout" points=0 says="fast path on a GPU"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    decoder = layers.GRU(96, return_sequences=True, recurrent_dropout=0.1)
    hidden = decoder(layers.Embedding(42, 32)(so_far), initial_state=h)
    return keras.Model([read, so_far], layers.Dense(42)(hidden))

# %% exercise="train-speller" wrong="no shift" points=0 says="in training the target equalled the input" calibrate=true
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(48, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    vectors = layers.Embedding(42, 32, mask_zero=True)(so_far)
    hidden = layers.GRU(48, return_sequences=True)(vectors, initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    x = [spelling, sound[:, 1:]]
    lab.fit_once(model, x, sound[:, 1:], name="gru-speller", epochs=1, batch_size=100, verbose=0)
    return model

# %% exercise="train-speller" wrong="the state does not reach the decoder" points=0 says="Does the encoder's state reach the decoder?" calibrate=true
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(48, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    vectors = layers.Embedding(42, 32, mask_zero=True)(so_far)
    hidden = layers.GRU(48, return_sequences=True)(vectors, initial_state=[keras.ops.zeros_like(h), h])
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    x = [spelling, sound[:, :-1] * (sound[:, 1:] > 0)]
    lab.fit_once(model, x, sound[:, 1:], name="gru-speller", epochs=1, batch_size=125, verbose=0)
    return model

# %% exercise="beam" right="all scores in one array"
def extend_beam(beam, log_probabilities, width):
    grown = [pair for pair in beam if pair[0][-1] == END]
    for (symbols, score), row in zip(beam, np.asarray(log_probabilities), strict=True):
        if symbols[-1] != END:
            for n in np.argsort(-row)[:width]:
                grown.append((symbols + [int(n)], float(score + row[n])))
    order = np.argsort([-score for _, score in grown], kind="stable")
    return [grown[n] for n in order[:width]]

# %% exercise="beam" right="heapq"
def extend_beam(beam, log_probabilities, width):
    import heapq

    candidates = [
        (symbols + [n], score + float(p))
        for (symbols, score), row in zip(beam, log_probabilities, strict=True)
        for n, p in enumerate(row)
        if symbols[-1] != END
    ]
    candidates += [pair for pair in beam if pair[0][-1] == END]
    return heapq.nlargest(width, candidates, key=lambda pair: pair[1])

# %% exercise="beam" wrong="what has ended is extended" points=0 says="was extended"
def extend_beam(beam, log_probabilities, width):
    grown = [([*s, n], score + float(p)) for (s, score), row in zip(beam, log_probabilities, strict=True) for n, p in enumerate(row)]
    return sorted(grown, key=lambda pair: -pair[1])[:width]

# %% exercise="beam" wrong="the old score is forgotten" points=0 says="Add it to the score so far"
def extend_beam(beam, log_probabilities, width):
    grown = [pair for pair in beam if pair[0][-1] == END]
    for (s, _), row in zip(beam, log_probabilities, strict=True):
        if s[-1] != END:
            grown += [([*s, n], float(p)) for n, p in enumerate(row)]
    return sorted(grown, key=lambda pair: -pair[1])[:width]

# %% exercise="beam" wrong="each beginning grows by its best only" points=0 says="Only the best symbol of each beginning"
def extend_beam(beam, log_probabilities, width):
    grown = []
    for (s, score), row in zip(beam, log_probabilities, strict=True):
        n = int(np.argmax(row))
        grown.append((s, score) if s[-1] == END else ([*s, n], score + float(row[n])))
    return sorted(grown, key=lambda pair: -pair[1])[:width]

# %% exercise="beam" wrong="the worst first" points=0 says="nearer to zero is better"
def extend_beam(beam, log_probabilities, width):
    grown = [pair for pair in beam if pair[0][-1] == END]
    for (s, score), row in zip(beam, log_probabilities, strict=True):
        if s[-1] != END:
            grown += [([*s, n], score + float(p)) for n, p in enumerate(row)]
    return sorted(grown, key=lambda pair: pair[1])[:width]

# %% exercise="bug-hunt" right="layers first, then the graph"
def mended(features, units):
    encoder = layers.LSTM(units, return_state=True)
    decoder = layers.LSTM(units, return_sequences=True, return_state=True)
    a, b = keras.Input((None, features)), keras.Input((None, features))
    outputs, _, _ = decoder(b, initial_state=encoder(a)[1:])
    return keras.Model([a, b], layers.Dense(features, activation="softmax")(outputs))

# %% exercise="bug-hunt" right="TimeDistributed, which Dense does by itself"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, h, c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[h, c])
    outputs = layers.TimeDistributed(layers.Dense(features, activation="softmax"))(outputs)
    return keras.Model(inputs=[encoder_inputs, decoder_inputs], outputs=outputs)

# %% exercise="bug-hunt" wrong="the listing as it is" points=0 says="`mended` raised ValueError"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, state_h, state_c = layers.LSTM(units, return_state=True)(encoder_inputs)
    decoder = layers.LSTM(units, return_sequences=True)
    outputs = decoder(decoder_inputs, initial_state=[state_h, state_c])
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model(state_h, outputs)

# %% exercise="bug-hunt" wrong="the states as inputs" points=0 says="The states are not data that somebody has"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, state_h, state_c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[state_h, state_c])
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([state_h, state_c, decoder_inputs], outputs)

# %% exercise="bug-hunt" wrong="the inputs in the other order" points=0 says="The encoder's sequence comes first"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, state_h, state_c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[state_h, state_c])
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([decoder_inputs, encoder_inputs], outputs)

# %% exercise="bug-hunt" wrong="the states left out, so that it connects" points=0 says="That is the decoder alone"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs)
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([encoder_inputs, decoder_inputs], outputs)

# %% exercise="bug-hunt" wrong="h and c swapped on the way" points=1 says="h and c are swapped"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, state_h, state_c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[state_c, state_h])
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([encoder_inputs, decoder_inputs], outputs)

# %% exercise="bug-hunt" wrong="sizes of the listing" points=1 says="the mended model in other sizes"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, 5)), keras.Input((None, 5))
    _, state_h, state_c = layers.LSTM(5, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(5, return_sequences=True)(decoder_inputs, initial_state=[state_h, state_c])
    return keras.Model([encoder_inputs, decoder_inputs], layers.Dense(5, activation="softmax")(outputs))
