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

# %% exercise="graph" wrong="the states never arrive" points=0 says="Nothing of the first sequence reaches the output"
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

# %% exercise="graph" wrong="two states for a GRU, zeros first" points=0 says="Nothing of the first sequence reaches the output"
def encoder_decoder(kind, vocabularies, width, units, classes):
    layer = getattr(layers, kind)
    read, written = keras.Input((None,)), keras.Input((None,))
    _, h, *rest = layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    states = [h, *rest] if rest else [keras.ops.zeros_like(h), h]
    last = layer(units)(layers.Embedding(vocabularies[1], width)(written), initial_state=states)
    return keras.Model([read, written], layers.Dense(classes)(last))

# %% exercise="graph" wrong="one embedding for both" points=0 says="the wrong number of parameters"
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

# %% exercise="teacher-forcing" wrong="the wrong way round" points=0 says="in another order: inputs, targets"
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

# %% exercise="teacher-forcing" wrong="one example, looked up" points=1 says="has the wrong shape"
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

# %% exercise="step-models" wrong="the step's states swapped" points=1 says="returns c before h"
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

# %% exercise="greedy" wrong="START is returned" points=0 says="START is not returned"
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

# %% exercise="train-speller" right="weights in place of the decoder's mask"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, state = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(so_far), initial_state=state)
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.015, 240)), loss)
    x, weight = [spelling, sound[:, :-1]], (sound[:, 1:] > 0).astype("float32")
    settings = {"epochs": 6, "batch_size": 250, "sample_weight": weight, "verbose": 0}
    lab.fit_once(model, x, sound[:, 1:], name="gru-speller", **settings)
    return model

# %% exercise="train-speller" wrong="LSTMs" points=0 says="are to be of the class GRU"
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

# %% exercise="train-speller" wrong="recurrent dropout" points=0 says="On a GPU, Keras hands a whole LSTM or GRU"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    decoder = layers.GRU(96, return_sequences=True, recurrent_dropout=0.1)
    hidden = decoder(layers.Embedding(42, 32)(so_far), initial_state=h)
    return keras.Model([read, so_far], layers.Dense(42)(hidden))

# %% exercise="train-speller" wrong="no shift" points=0 says="In training the target equalled the input" calibrate=true
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

# %% exercise="train-speller" wrong="the state does not reach the decoder" points=0 says="Nothing of the input to read reaches the output"
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

# %% exercise="bug-hunt" wrong="the inputs in the other order" points=0 says="The two inputs have changed places"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, state_h, state_c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[state_h, state_c])
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([decoder_inputs, encoder_inputs], outputs)

# %% exercise="bug-hunt" wrong="the states left out, so that it connects" points=0 says="Nothing of the first sequence reaches the output"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs)
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([encoder_inputs, decoder_inputs], outputs)

# %% exercise="bug-hunt" wrong="h and c swapped on the way" points=0 says="h and c are swapped"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, state_h, state_c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[state_c, state_h])
    outputs = layers.Dense(features, activation="softmax")(outputs)
    return keras.Model([encoder_inputs, decoder_inputs], outputs)

# %% exercise="bug-hunt" wrong="sizes of the listing" points=0 says="raised ValueError"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, 5)), keras.Input((None, 5))
    _, state_h, state_c = layers.LSTM(5, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(5, return_sequences=True)(decoder_inputs, initial_state=[state_h, state_c])
    return keras.Model([encoder_inputs, decoder_inputs], layers.Dense(5, activation="softmax")(outputs))

# %% exercise="read-on" right="star-unpacked lists"
def read_on(layer, first, second, mask):
    begin = [*layer(first)][1:]
    everything = [*layer(second, initial_state=begin, mask=mask)]
    output, states = everything[0], [*everything[1:]]
    return [output, states]

# %% exercise="read-on" right="tensors, named arguments, a tuple of states"
def read_on(layer, first, second, mask):
    results = layer(sequences=keras.ops.convert_to_tensor(first))
    results = layer(sequences=keras.ops.convert_to_tensor(second), mask=keras.ops.convert_to_tensor(mask), initial_state=list(results[1:]))
    return results[0], tuple(results[1:])

# %% exercise="read-on" right="one timestep after another"
def read_on(layer, first, second, mask):
    states = None
    for t in range(first.shape[1]):
        _, *states = layer(first[:, t : t + 1], initial_state=states)
    outputs = []
    for t in range(second.shape[1]):
        output, *new = layer(second[:, t : t + 1], initial_state=states)
        real = mask[:, t : t + 1]
        states = [keras.ops.where(real, one, other) for one, other in zip(new, states)]
        outputs.append(states[0])
    return keras.ops.stack(outputs, axis=1), states

# %% exercise="read-on" wrong="both parts joined and read once" points=0 says="The two parts were joined"
def read_on(layer, first, second, mask):
    whole = np.concatenate([first, second], axis=1)
    real = np.concatenate([np.ones(first.shape[:2], bool), mask], axis=1)
    output, *states = layer(whole, mask=real)
    return output[:, first.shape[1] :], states

# %% exercise="read-on" wrong="what the layer returns, as it is" points=0 says="Two things are asked"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    return layer(second, initial_state=states, mask=mask)

# %% exercise="read-on" wrong="the states of the first part" points=0 says="These are the states after the first part"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    output, *_ = layer(second, initial_state=states, mask=mask)
    return output, states

# %% exercise="read-on" wrong="neither states nor mask" points=0 says="and the padding was read"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    output, *states = layer(second)
    return output, states

# %% exercise="read-on" wrong="the last output in place of all" points=0 says="The timesteps are missing"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    output, *states = layer(second, initial_state=states, mask=mask)
    return output[:, -1], states

# %% exercise="read-on" wrong="zeros" points=0 says="It is zero everywhere"
def read_on(layer, first, second, mask):
    output, *states = layer(second, mask=mask)
    return 0 * output, [0 * state for state in states]

# %% exercise="graph" right="the last of the decoder's outputs"
def encoder_decoder(kind, vocabularies, width, units, classes):
    Layer = getattr(layers, kind)
    read, write = keras.Input((None,)), keras.Input((None,))
    _, *states = Layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    w = layers.Embedding(vocabularies[1], width)(write)
    outputs = Layer(units, return_sequences=True)(w, initial_state=states)
    return keras.Model([read, write], layers.Dense(classes)(outputs[:, -1]))

# %% exercise="graph" right="the last output by a Lambda layer"
def encoder_decoder(kind, vocabularies, width, units, classes):
    Layer = getattr(layers, kind)
    read, write = keras.Input((None,)), keras.Input((None,))
    _, *states = Layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    w = layers.Embedding(vocabularies[1], width)(write)
    outputs = Layer(units, return_sequences=True)(w, initial_state=states)
    last = layers.Lambda(lambda o: o[:, -1])(outputs)
    return keras.Model([read, write], layers.Dense(classes)(last))

# %% exercise="graph" right="h is the last output"
def encoder_decoder(kind, vocabularies, width, units, classes):
    Layer = getattr(layers, kind)
    read, write = keras.Input((None,)), keras.Input((None,))
    _, *states = Layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    w = layers.Embedding(vocabularies[1], width)(write)
    _, last, *_ = Layer(units, return_sequences=True, return_state=True)(w, initial_state=states)
    return keras.Model([read, write], layers.Dense(classes)(last))

# %% exercise="graph" right="an encoder model inside, masks, one output in a list"
def encoder_decoder(kind, vocabularies, width, units, classes):
    from tensorflow import keras as tk

    Layer = getattr(tk.layers, kind)
    inner = tk.Input((None,), dtype="int32")
    encoder = tk.Model(inner, Layer(units, return_state=True)(tk.layers.Embedding(vocabularies[0], width, mask_zero=True)(inner))[1:])
    read, write = tk.Input((None,), dtype="int32"), tk.Input((None,), dtype="int32")
    states = encoder(read)
    last = Layer(units)(tk.layers.Embedding(vocabularies[1], width)(write), initial_state=states)
    return tk.Model([read, write], [tk.layers.Dense(classes)(last)])

# %% exercise="graph" wrong="probabilities" points=0 says="logits are asked, not probabilities"
def encoder_decoder(kind, vocabularies, width, units, classes):
    Layer = getattr(layers, kind)
    read, write = keras.Input((None,)), keras.Input((None,))
    _, *states = Layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = Layer(units)(layers.Embedding(vocabularies[1], width)(write), initial_state=states)
    return keras.Model([read, write], layers.Dense(classes, activation="softmax")(last))

# %% exercise="graph" wrong="the inputs in the other order" points=0 says="The two inputs have changed places"
def encoder_decoder(kind, vocabularies, width, units, classes):
    Layer = getattr(layers, kind)
    read, write = keras.Input((None,)), keras.Input((None,))
    _, *states = Layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = Layer(units)(layers.Embedding(vocabularies[1], width)(write), initial_state=states)
    return keras.Model([write, read], layers.Dense(classes)(last))

# %% exercise="graph" wrong="always an LSTM" points=0 says="has weights of other shapes"
def encoder_decoder(kind, vocabularies, width, units, classes):
    read, write = keras.Input((None,)), keras.Input((None,))
    _, h, c = layers.LSTM(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = layers.LSTM(units)(layers.Embedding(vocabularies[1], width)(write), initial_state=[h, c])
    return keras.Model([read, write], layers.Dense(classes)(last))

# %% exercise="graph" wrong="the output among the initial states" points=0 says="What return_state=True returns first is the output"
def encoder_decoder(kind, vocabularies, width, units, classes):
    Layer = getattr(layers, kind)
    read, write = keras.Input((None,)), keras.Input((None,))
    states = Layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    states = states if kind == "LSTM" else states[1:]
    last = Layer(units)(layers.Embedding(vocabularies[1], width)(write), initial_state=states)
    return keras.Model([read, write], layers.Dense(classes)(last))

# %% exercise="graph" wrong="zeros" points=0 says="depends on neither of its inputs"
def encoder_decoder(kind, vocabularies, width, units, classes):
    Layer = getattr(layers, kind)
    read, write = keras.Input((None,)), keras.Input((None,))
    _, *states = Layer(units, return_state=True)(layers.Embedding(vocabularies[0], width)(read))
    last = Layer(units)(layers.Embedding(vocabularies[1], width)(write), initial_state=states)
    return keras.Model([read, write], 0 * layers.Dense(classes)(last))

# %% exercise="teacher-forcing" right="row by row"
def teacher_forcing(sequences):
    inputs, targets = [], []
    for row in np.asarray(sequences).tolist():
        end = row.index(END)
        inputs.append(row[:end] + [0] * (len(row) - 1 - end))
        targets.append(row[1:])
    return np.array(inputs), np.array(targets)

# %% exercise="teacher-forcing" right="keras.ops"
def teacher_forcing(sequences):
    targets = keras.ops.convert_to_tensor(sequences[:, 1:])
    before = keras.ops.convert_to_tensor(sequences[:, :-1])
    return keras.ops.where(targets == 0, keras.ops.zeros_like(before), before), targets

# %% exercise="teacher-forcing" right="TensorFlow, a list of two"
def teacher_forcing(sequences):
    import tensorflow as tf

    targets = tf.constant(sequences)[:, 1:]
    return [tf.where(targets > 0, tf.constant(sequences)[:, :-1], 0), targets]

# %% exercise="teacher-forcing" wrong="nested lists" points=0 says="This is a Python list"
def teacher_forcing(sequences):
    inputs = [[now if after else 0 for now, after in zip(row, row[1:])] for row in sequences.tolist()]
    return inputs, [row[1:] for row in sequences.tolist()]

# %% exercise="teacher-forcing" wrong="the rows as they are" points=0 says="one timestep shorter than the rows"
def teacher_forcing(sequences):
    return sequences, sequences

# %% exercise="teacher-forcing" wrong="inputs only" points=0 says="Only inputs is returned"
def teacher_forcing(sequences):
    return np.where(sequences[:, 1:] > 0, sequences[:, :-1], 0)

# %% exercise="teacher-forcing" wrong="zeros" points=0 says="It is zero everywhere"
def teacher_forcing(sequences):
    return np.zeros_like(sequences[:, 1:]), np.zeros_like(sequences[:, 1:])

# %% exercise="step-models" right="parts of the trained graph"
def step_models(model):
    encoder = keras.Model(model.inputs[0], model.get_layer("encoder").output[1:])
    decoder = model.get_layer("decoder")
    token, h, c = keras.Input((1,), dtype="int32"), keras.Input((decoder.units,)), keras.Input((decoder.units,))
    hidden, new_h, new_c = decoder(model.get_layer("write")(token), initial_state=[h, c])
    return [encoder, keras.Model(inputs=[token, h, c], outputs=[model.get_layer("logits")(hidden), new_h, new_c])]

# %% exercise="step-models" right="a step of any length, masks by hand"
def step_models(model):
    read, write, logits = (model.get_layer(name) for name in ("read", "write", "logits"))
    words = keras.Input((None,), dtype="int32")
    vectors = read(words)
    states = list(model.get_layer("encoder")(vectors, mask=keras.ops.not_equal(words, 0)))[1:]
    decoder = model.get_layer("decoder")
    token, before = keras.Input((None,), dtype="int32"), [keras.Input((decoder.units,)) for _ in range(2)]
    outputs, *after = decoder(write(token), initial_state=before, mask=keras.ops.not_equal(token, 0))
    return keras.Model(words, states), keras.Model([token, *before], [logits(outputs), *after])

# %% exercise="step-models" wrong="the step's h twice" points=1 says="returns one of its new states twice"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    _, h, c = model.get_layer("encoder")(model.get_layer("read")(read))
    encoder = keras.Model(read, [h, c])
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token), initial_state=before)
    return encoder, keras.Model([token, *before], [model.get_layer("logits")(output), h, h])

# %% exercise="step-models" wrong="the step without its states" points=0 says="Three are asked"
def step_models(model):
    read = keras.Input((None,), dtype="int32")
    _, h, c = model.get_layer("encoder")(model.get_layer("read")(read))
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h_new, c_new = decoder(model.get_layer("write")(token), initial_state=before)
    return keras.Model(read, [h, c]), keras.Model([token, *before], model.get_layer("logits")(output))

# %% exercise="step-models" wrong="the step alone" points=0 says="Two are asked"
def step_models(model):
    decoder, token = model.get_layer("decoder"), keras.Input((1,), dtype="int32")
    before = [keras.Input((decoder.units,)), keras.Input((decoder.units,))]
    output, h, c = decoder(model.get_layer("write")(token), initial_state=before)
    return keras.Model([token, *before], [model.get_layer("logits")(output), h, c])

# %% exercise="greedy" right="lists, row by row"
def greedy_decode(step, states, longest):
    batch = len(states[0])
    written, token = [[] for _ in range(batch)], [[START]] * batch
    for _ in range(longest):
        logits, states = step(np.array(token), states)
        token = [[int(np.argmax(row[0]))] for row in np.array(logits)]
        for row, (symbol,) in zip(written, token):
            row.append(0 if row and row[-1] in (END, 0) else symbol)
    return np.array(written)

# %% exercise="greedy" right="keras.ops, zeros fed to what has ended"
def greedy_decode(step, states, longest):
    token = keras.ops.full((len(states[0]), 1), START)
    columns, going = [], keras.ops.ones((len(states[0]), 1), "bool")
    for _ in range(longest):
        logits, states = step(token, states)
        token = keras.ops.where(going, keras.ops.cast(keras.ops.argmax(logits, axis=-1), "int32"), 0)
        columns.append(token)
        going = keras.ops.logical_and(going, token != END)
    return keras.ops.concatenate(columns, axis=1)

# %% exercise="greedy" wrong="begins with END" points=0 says="The first token is START"
def greedy_decode(step, states, longest):
    token, written = np.full((len(states[0]), 1), END), np.zeros((len(states[0]), longest), int)
    done = np.zeros(len(states[0]), bool)
    for t in range(longest):
        logits, states = step(token, states)
        best = np.argmax(logits[:, 0], axis=-1)
        written[:, t] = np.where(done, 0, best)
        done, token = done | (best == END), best[:, None]
    return written

# %% exercise="greedy" wrong="begins with padding" points=0 says="The first token is START"
def greedy_decode(step, states, longest):
    token, written = np.zeros((len(states[0]), 1), int), np.zeros((len(states[0]), longest), int)
    done = np.zeros(len(states[0]), bool)
    for t in range(longest):
        logits, states = step(token, states)
        best = np.argmax(logits[:, 0], axis=-1)
        written[:, t] = np.where(done, 0, best)
        done, token = done | (best == END), best[:, None]
    return written

# %% exercise="greedy" wrong="drawn at random" points=0 says="What goes back in is not the most probable symbol"
def greedy_decode(step, states, longest):
    random = np.random.default_rng(0)
    token, written = np.full((len(states[0]), 1), START), np.zeros((len(states[0]), longest), int)
    done = np.zeros(len(states[0]), bool)
    for t in range(longest):
        logits, states = step(token, states)
        p = np.exp(logits[:, 0]) / np.exp(logits[:, 0]).sum(axis=-1, keepdims=True)
        best = np.array([random.choice(len(row), p=row / row.sum()) for row in p.astype("float64")])
        written[:, t] = np.where(done, 0, best)
        done, token = done | (best == END), best[:, None]
    return written

# %% exercise="greedy" wrong="the step is never called" points=0 says="Each symbol comes of a call"
def greedy_decode(step, states, longest):
    return np.zeros((len(states[0]), longest), int)

# %% exercise="beam" right="everything in one list, cut at the end"
def extend_beam(beam, log_probabilities, width):
    from itertools import chain

    def of(number):
        symbols, score = beam[number]
        if END == symbols[-1]:
            return [(symbols, score)]
        return [(symbols + [n], score + log_probabilities[number, n]) for n in range(log_probabilities.shape[1])]

    pairs = list(chain.from_iterable(of(number) for number in range(len(beam))))
    pairs.sort(key=lambda pair: pair[1])
    return pairs[::-1][:width]

# %% exercise="beam" right="argpartition over a table"
def extend_beam(beam, log_probabilities, width):
    log_probabilities = np.asarray(log_probabilities)
    table = np.array([score for _, score in beam])[:, None] + log_probabilities
    for row, (symbols, score) in enumerate(beam):
        if symbols[-1] == END:
            table[row] = -np.inf
            table[row, 0] = score
    best = [place for place in np.argsort(table, axis=None)[::-1][:width] if np.isfinite(table.flat[place])]
    found = []
    for place in best:
        row, symbol = divmod(int(place), table.shape[1])
        symbols = beam[row][0]
        found.append((symbols if symbols[-1] == END else [*symbols, symbol], float(table.flat[place])))
    return found

# %% exercise="beam" wrong="what has ended always stays" points=0 says="What has ended always stays"
def extend_beam(beam, log_probabilities, width):
    ended = [pair for pair in beam if pair[0][-1] == END]
    grown = [([*s, n], score + float(p)) for (s, score), row in zip(beam, log_probabilities, strict=True) if s[-1] != END for n, p in enumerate(row)]
    return ended + sorted(grown, key=lambda pair: -pair[1])[: max(width - len(ended), 0)]

# %% exercise="beam" wrong="divided by the length" points=1 says="divided by the length"
def extend_beam(beam, log_probabilities, width):
    grown = [pair for pair in beam if pair[0][-1] == END]
    grown += [([*s, n], score + float(p)) for (s, score), row in zip(beam, log_probabilities, strict=True) if s[-1] != END for n, p in enumerate(row)]
    return sorted(grown, key=lambda pair: -pair[1] / (len(pair[0]) - 1))[:width]

# %% exercise="beam" wrong="never cut" points=0 says="Keep the `width` best"
def extend_beam(beam, log_probabilities, width):
    grown = [pair for pair in beam if pair[0][-1] == END]
    grown += [([*s, n], score + float(p)) for (s, score), row in zip(beam, log_probabilities, strict=True) if s[-1] != END for n, p in enumerate(row)]
    return sorted(grown, key=lambda pair: -pair[1])

# %% exercise="bug-hunt" right="softmax as a layer of its own"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, h, c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[h, c])
    outputs = layers.Activation("softmax")(layers.Dense(features)(outputs))
    return keras.Model([encoder_inputs, decoder_inputs], outputs)

# %% exercise="bug-hunt" right="a Softmax layer, tf.keras"
def mended(features, units):
    import tensorflow as tf

    a, b = tf.keras.Input(shape=(None, features)), tf.keras.Input(shape=(None, features))
    _, *states = tf.keras.layers.LSTM(units, return_state=True)(a)
    outputs = tf.keras.layers.LSTM(units, return_sequences=True)(b, initial_state=states)
    return tf.keras.Model(inputs=(a, b), outputs=tf.keras.layers.Softmax()(tf.keras.layers.Dense(features)(outputs)))

# %% exercise="bug-hunt" wrong="no softmax" points=0 says="These are logits; probabilities are asked"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, h, c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units, return_sequences=True)(decoder_inputs, initial_state=[h, c])
    return keras.Model([encoder_inputs, decoder_inputs], layers.Dense(features)(outputs))

# %% exercise="bug-hunt" wrong="the last output only" points=0 says="The timesteps are missing"
def mended(features, units):
    encoder_inputs, decoder_inputs = keras.Input((None, features)), keras.Input((None, features))
    _, h, c = layers.LSTM(units, return_state=True)(encoder_inputs)
    outputs = layers.LSTM(units)(decoder_inputs, initial_state=[h, c])
    return keras.Model([encoder_inputs, decoder_inputs], layers.Dense(features, activation="softmax")(outputs))

# %% exercise="train-speller" right="a subclassed model"
def train_speller(spelling, sound):
    class Speller(keras.Model):
        def __init__(self):
            super().__init__()
            self.read, self.write = layers.Embedding(27, 32, mask_zero=True), layers.Embedding(42, 32, mask_zero=True)
            self.encoder = layers.GRU(96, return_state=True)
            self.decoder = layers.GRU(96, return_sequences=True)
            self.logits = layers.Dense(42)

        def call(self, inputs):
            spelling, so_far = inputs
            _, h = self.encoder(self.read(spelling))
            mask = keras.ops.not_equal(so_far, 0)
            return self.logits(self.decoder(self.write(so_far), initial_state=h, mask=mask))

    model = Speller()
    model([spelling[:1], sound[:1, :-1]])
    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=240)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(rate), loss)
    so_far = np.where(sound[:, 1:] > 0, sound[:, :-1], 0)
    lab.fit_once(model, [spelling, so_far], sound[:, 1:], name="gru-speller", epochs=6, batch_size=250, verbose=0)
    return model

# %% exercise="train-speller" right="100 units, narrow tables"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    h = layers.GRU(100, return_state=True)(layers.Embedding(27, 24, mask_zero=True)(read))[-1]
    vectors = layers.Embedding(42, 24, mask_zero=True)(so_far)
    outputs, _ = layers.GRU(100, return_sequences=True, return_state=True)(vectors, initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42)(outputs))
    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=240)
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x = [spelling, np.where(sound[:, 1:] > 0, sound[:, :-1], 0)]
    lab.fit_once(model, x, sound[:, 1:], name="gru-speller", epochs=6, batch_size=250, verbose=0)
    return model

# %% exercise="train-speller" wrong="probabilities, and a loss that expects them" points=0 says="leave its activation out"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32, mask_zero=True)(so_far), initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42, activation="softmax")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model

# %% exercise="train-speller" wrong="softmax twice" points=0 says="a softmax is taken twice"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32, mask_zero=True)(so_far), initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42, activation="softmax")(hidden))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train-speller" wrong="logits, and a loss that expects probabilities" points=0 says="The loss is told nothing of logits"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32, mask_zero=True)(so_far), initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model

# %% exercise="train-speller" wrong="initial_state forgotten" points=0 says="begins from zeros unless initial_state"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32, mask_zero=True)(so_far))
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train-speller" wrong="no mask anywhere" points=0 says="Padding is not data"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(so_far), initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train-speller" wrong="too large" points=0 says="Lesson 2 counts them"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(128, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(128, return_sequences=True)(layers.Embedding(42, 32, mask_zero=True)(so_far), initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train-speller" wrong="the history is returned" points=0 says="That is the history of the training"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(8, return_state=True)(layers.Embedding(27, 4, mask_zero=True)(read))
    hidden = layers.GRU(8, return_sequences=True)(layers.Embedding(42, 4, mask_zero=True)(so_far), initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    few = slice(200)
    return lab.fit_once(model, [spelling[few], sound[few, :-1]], sound[few, 1:], name="gru-speller", verbose=0)

# %% exercise="train-speller" wrong="not trained" points=0 says="phoneme error of unseen words"
def train_speller(spelling, sound):
    read, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h = layers.GRU(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    hidden = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32, mask_zero=True)(so_far), initial_state=h)
    model = keras.Model([read, so_far], layers.Dense(42)(hidden))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="read-on" right="row by row, zeros where padding stands"
def read_on(layer, first, second, mask):
    _, *start = layer(first)
    output = np.zeros((*second.shape[:2], layer.units), "float32")
    finals = []
    for n in range(len(second)):
        out, *states = layer(second[n : n + 1][:, mask[n]], initial_state=[s[n : n + 1] for s in start])
        output[n, mask[n]] = np.array(out)[0]
        finals.append([np.array(s) for s in states])
    return output, [np.concatenate(parts) for parts in zip(*finals)]

# %% exercise="read-on" right="everything by position"
def read_on(layer, first, second, mask):
    output, *states = layer(second, layer(first)[1:], mask)
    return output, states

# %% exercise="read-on" wrong="h looked up at the last real timestep, c left where the padding ends" points=0 says="The padding was read"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    output, *states = layer(second, initial_state=states)
    last = mask.sum(axis=1) - 1
    states[0] = np.array(output)[np.arange(len(last)), last]
    return output, states

# %% exercise="graph" wrong="the vocabularies swapped" points=0 says="as large as the vocabulary of that side"
def encoder_decoder(kind, vocabularies, width, units, classes):
    cell = getattr(layers, kind)
    a, b = keras.Input((None,)), keras.Input((None,))
    _, *states = cell(units, return_state=True)(layers.Embedding(vocabularies[1], width)(a))
    last = cell(units)(layers.Embedding(vocabularies[0], width)(b), initial_state=states)
    return keras.Model([a, b], layers.Dense(classes)(last))

# %% exercise="graph" wrong="the decoder reads what the encoder reads" points=0 says="Which of the two does the second layer read"
def encoder_decoder(kind, vocabularies, width, units, classes):
    cell = getattr(layers, kind)
    a, b = keras.Input((None,)), keras.Input((None,))
    _, *states = cell(units, return_state=True)(layers.Embedding(vocabularies[0], width)(a))
    last = cell(units)(layers.Embedding(vocabularies[1], width)(a), initial_state=states)
    return keras.Model([a, b], layers.Dense(classes)(last))

# %% exercise="graph" wrong="the last output as h and c" points=0 says="given h twice"
def encoder_decoder(kind, vocabularies, width, units, classes):
    cell = getattr(layers, kind)
    a, b = keras.Input((None,)), keras.Input((None,))
    h = cell(units)(layers.Embedding(vocabularies[0], width)(a))
    last = cell(units)(layers.Embedding(vocabularies[1], width)(b), initial_state=[h, h] if kind == "LSTM" else h)
    return keras.Model([a, b], layers.Dense(classes)(last))

# %% exercise="graph" wrong="tables of one row more" points=0 says="weights of other shapes than are asked"
def encoder_decoder(kind, vocabularies, width, units, classes):
    cell = getattr(layers, kind)
    a, b = keras.Input((None,)), keras.Input((None,))
    _, *states = cell(units, return_state=True)(layers.Embedding(vocabularies[0] + 1, width)(a))
    last = cell(units)(layers.Embedding(vocabularies[1] + 1, width)(b), initial_state=states)
    return keras.Model([a, b], layers.Dense(classes)(last))

# %% exercise="teacher-forcing" right="END cut out of each row"
def teacher_forcing(sequences):
    sequences = np.asarray(sequences)
    return sequences[sequences != END].reshape(len(sequences), -1), sequences[:, 1:].copy()

# %% exercise="teacher-forcing" right="rolled, with the last column cut off"
def teacher_forcing(sequences):
    targets = np.roll(np.asarray(sequences), -1)[:, :-1]
    return np.asarray(sequences)[:, :-1] * np.sign(targets), targets

# %% exercise="step-models" wrong="all that the encoder layer returns" points=0 says="The first of them is the layer's output"
def step_models(model):
    encoder = keras.Model(model.inputs[0], model.get_layer("encoder").output)
    units = model.get_layer("decoder").units
    token, h, c = keras.Input((1,)), keras.Input((units,)), keras.Input((units,))
    out, new_h, new_c = model.get_layer("decoder")(model.get_layer("write")(token), initial_state=[h, c])
    return encoder, keras.Model([token, h, c], [model.get_layer("logits")(out), new_h, new_c])

# %% exercise="step-models" wrong="the step begins from h and h" points=0 says="takes no notice of the c"
def step_models(model):
    get = model.get_layer
    encoder = keras.Model(model.inputs[0], get("encoder").output[1:])
    units = get("decoder").units
    token, h, c = keras.Input((1,)), keras.Input((units,)), keras.Input((units,))
    out, *new = get("decoder")(get("write")(token), initial_state=[h, h])
    return encoder, keras.Model([token, h, c], [get("logits")(out), *new])

# %% exercise="step-models" wrong="the token comes last" points=0 says="in another order than [token, h, c]"
def step_models(model):
    get = model.get_layer
    encoder = keras.Model(model.inputs[0], get("encoder").output[1:])
    units = get("decoder").units
    token, h, c = keras.Input((1,)), keras.Input((units,)), keras.Input((units,))
    out, *new = get("decoder")(get("write")(token), initial_state=[h, c])
    return encoder, keras.Model([h, c, token], [get("logits")(out), *new])

# %% exercise="step-models" wrong="the step first" points=0 says="The encoder comes first"
def step_models(model):
    encoder = keras.Model(model.inputs[0], model.get_layer("encoder").output[1:])
    units = model.get_layer("decoder").units
    token, h, c = keras.Input((1,)), keras.Input((units,)), keras.Input((units,))
    out, new_h, new_c = model.get_layer("decoder")(model.get_layer("write")(token), initial_state=[h, c])
    return keras.Model([token, h, c], [model.get_layer("logits")(out), new_h, new_c]), encoder

# %% exercise="step-models" wrong="the encoder with both inputs of the whole" points=0 says="what is to be read, and nothing else"
def step_models(model):
    encoder = keras.Model(model.inputs, model.get_layer("encoder").output[1:])
    units = model.get_layer("decoder").units
    token, h, c = keras.Input((1,)), keras.Input((units,)), keras.Input((units,))
    out, new_h, new_c = model.get_layer("decoder")(model.get_layer("write")(token), initial_state=[h, c])
    return encoder, keras.Model([token, h, c], [model.get_layer("logits")(out), new_h, new_c])

# %% exercise="greedy" right="cut by the course's own function"
def greedy_decode(step, states, longest):
    token = np.full((len(states[0]), 1), START)
    written = []
    for _ in range(longest):
        logits, states = step(token, states)
        token = np.argmax(np.array(logits), axis=-1)
        written.append(token)
    return lab.translators.until_end(np.hstack(written), END)

# %% exercise="greedy" wrong="notices END one step late" points=0 says="one symbol more after END"
def greedy_decode(step, states, longest):
    batch = len(states[0])
    token = np.full((batch, 1), START)
    out, done = np.zeros((batch, longest), int), np.zeros(batch, bool)
    for t in range(longest):
        ended = token[:, 0] == END
        logits, states = step(token, states)
        token = np.argmax(np.array(logits), axis=-1)
        out[:, t] = np.where(done, 0, token[:, 0])
        done |= ended
    return out

# %% exercise="greedy" wrong="what has ended leaves the batch, its states stay" points=0 says="A token has a row for each sequence"
def greedy_decode(step, states, longest):
    batch = len(states[0])
    out, active = np.zeros((batch, longest), int), np.arange(batch)
    token = np.full((batch, 1), START)
    for t in range(longest):
        if not len(active):
            break
        logits, states = step(token, states)
        token = np.argmax(np.array(logits), axis=-1)[: len(active)]
        out[active, t] = token[:, 0]
        stay = token[:, 0] != END
        active, token = active[stay], token[stay]
    return out

# %% exercise="beam" right="a table of scores, unravelled"
def extend_beam(beam, log_probabilities, width):
    done = np.array([symbols[-1] == END for symbols, _ in beam])
    total = np.array([score for _, score in beam])[:, None] + np.asarray(log_probabilities)
    total[done] = -np.inf
    total[done, 0] = [score for (_, score), d in zip(beam, done) if d]  # its own place
    best = np.argsort(-total, axis=None, kind="stable")[:width]
    new = []
    for i, k in zip(*np.unravel_index(best, total.shape)):
        if np.isinf(total[i, k]):
            continue
        new.append(beam[i] if done[i] else (beam[i][0] + [int(k)], float(total[i, k])))
    return new

# %% exercise="beam" wrong="what was extended competes as well" points=0 says="still there as it was"
def extend_beam(beam, log_probabilities, width):
    for i, (s, score) in enumerate(list(beam)):
        if s[-1] != END:
            beam += [(s + [k], score + float(p)) for k, p in enumerate(log_probabilities[i])]
    beam.sort(key=lambda b: -b[1])
    return beam[:width]

# %% exercise="beam" wrong="the last symbol replaced" points=0 says="in the place of the last one"
def extend_beam(beam, log_probabilities, width):
    new = []
    for (s, score), row in zip(beam, log_probabilities):
        if s[-1] == END:
            new.append((s, score))
        else:
            new += [(s[:-1] + [k], score + float(p)) for k, p in enumerate(row)]
    return sorted(new, key=lambda b: -b[1])[:width]

# %% exercise="beam" wrong="the place in the table worked out from the number of rows" points=0 says="Nothing is in it"
def extend_beam(beam, log_probabilities, width):
    scores_ = np.array([score for _, score in beam])[:, None] + log_probabilities
    for i, (s, score) in enumerate(beam):
        if s[-1] == END:
            scores_[i] = -np.inf
    new = [b for b in beam if b[0][-1] == END]
    for flat in np.argsort(-scores_.ravel())[:width]:
        i, k = flat // len(beam), flat % len(beam)
        if i < len(beam) and np.isfinite(scores_[i, k]):
            new.append((beam[i][0] + [int(k)], float(scores_[i, k])))
    return sorted(new, key=lambda b: -b[1])[:width]

# %% exercise="beam" wrong="a dictionary by the score" points=1 says="kept where all scores are the same"
def extend_beam(beam, log_probabilities, width):
    new = {}
    for (s, score), row in zip(beam, log_probabilities):
        if s[-1] == END:
            new[score] = s
        else:
            for k, p in enumerate(row):
                new[score + float(p)] = s + [k]
    return [(new[score], score) for score in sorted(new, reverse=True)[:width]]

# %% exercise="bug-hunt" wrong="the decoder reads what the encoder reads" points=0 says="Which of the two does the second layer read"
def mended(features, units):
    a, b = keras.Input((None, features)), keras.Input((None, features))
    _, h, c = layers.LSTM(units, return_state=True)(a)
    out = layers.LSTM(units, return_sequences=True)(a, initial_state=[h, c])
    return keras.Model([a, b], layers.Dense(features, activation="softmax")(out))

# %% exercise="bug-hunt" wrong="h alone arrives" points=0 says="Only h arrives"
def mended(features, units):
    a, b = keras.Input((None, features)), keras.Input((None, features))
    _, h, c = layers.LSTM(units, return_state=True)(a)
    out = layers.LSTM(units, return_sequences=True)(b, initial_state=[h, keras.ops.zeros_like(c)])
    return keras.Model([a, b], layers.Dense(features, activation="softmax")(out))

# %% exercise="graph" wrong="the encoder reads what the decoder reads" points=0 says="a layer that read that sequence"
def encoder_decoder(kind, vocabularies, width, units, classes):
    cell = getattr(layers, kind)
    a, b = keras.Input((None,)), keras.Input((None,))
    _, *states = cell(units, return_state=True)(layers.Embedding(vocabularies[0], width)(b))
    last = cell(units)(layers.Embedding(vocabularies[1], width)(b), initial_state=states)
    return keras.Model([a, b], layers.Dense(classes)(last))

# %% exercise="teacher-forcing" wrong="a dictionary" points=0 says="in a dictionary"
def teacher_forcing(sequences):
    inputs, targets = sequences[:, :-1].copy(), sequences[:, 1:]
    inputs[targets == 0] = 0
    return {"inputs": inputs, "targets": targets}

# %% exercise="read-on" wrong="the mask turned round, as if padding stood on the left" points=0 says="the output of the GRU is wrong"
def read_on(layer, first, second, mask):
    _, *states = layer(first)
    output, *states = layer(second, initial_state=states, mask=mask[:, ::-1])
    return output, states

# %% exercise="step-models" wrong="the step chooses" points=0 says="Was a symbol chosen already"
def step_models(model):
    get = model.get_layer
    encoder = keras.Model(model.inputs[0], get("encoder").output[1:])
    units = get("decoder").units
    token, h, c = keras.Input((1,)), keras.Input((units,)), keras.Input((units,))
    out, *new = get("decoder")(get("write")(token), initial_state=[h, c])
    return encoder, keras.Model([token, h, c], [keras.ops.argmax(get("logits")(out), axis=-1), *new])

# %% exercise="greedy" wrong="END again and again" points=0 says="not END again"
def greedy_decode(step, states, longest):
    batch = len(states[0])
    token = np.full((batch, 1), START)
    out, done = np.zeros((batch, longest), int), np.zeros(batch, bool)
    for t in range(longest):
        logits, states = step(token, states)
        token = np.argmax(np.array(logits), axis=-1)
        out[:, t] = np.where(done, END, token[:, 0])
        done |= token[:, 0] == END
    return out

# %% exercise="beam" wrong="a list of symbols and a list of scores" points=0 says="A list of tuples is asked"
def extend_beam(beam, log_probabilities, width):
    new = []
    for (s, score), row in zip(beam, log_probabilities):
        if s[-1] == END:
            new.append((s, score))
        else:
            new += [(s + [k], score + float(p)) for k, p in enumerate(row)]
    new = sorted(new, key=lambda b: -b[1])[:width]
    return [s for s, _ in new], [p for _, p in new]
