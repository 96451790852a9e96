# Right and wrong answers to the exercises of 08_attention: see docs/AUTHORING.md.

# %% exercise="lookup" right="one query after another"
def look_up(queries, keys, values):
    contexts, rows = [], []
    for query in queries:
        scores = np.array([query @ key for key in keys])
        row = np.exp(scores - scores.max())
        rows.append(row / row.sum())
        contexts.append(sum(weight * value for weight, value in zip(rows[-1], values)))
    return np.array(contexts), np.array(rows)

# %% exercise="lookup" right="Keras ops"
def look_up(queries, keys, values):
    scores = keras.ops.einsum("qf,tf->qt", queries, keys)
    weights = keras.ops.softmax(scores, axis=-1)
    return keras.ops.einsum("qt,tv->qv", weights, values), weights

# %% exercise="lookup" wrong="a softmax over the queries" points=0 says="The softmax runs over the queries"
def look_up(queries, keys, values):
    scores = queries @ keys.T
    exponents = np.exp(scores - scores.max(axis=0))
    weights = exponents / exponents.sum(axis=0)
    return weights @ values, weights

# %% exercise="lookup" wrong="a softmax over everything" points=0 says="Each query has weights of its own"
def look_up(queries, keys, values):
    exponents = np.exp(queries @ keys.T - (queries @ keys.T).max())
    weights = exponents / exponents.sum()
    return weights @ values, weights

# %% exercise="lookup" wrong="no softmax" points=0 says="These are scores"
def look_up(queries, keys, values):
    scores = queries @ keys.T
    return scores @ values, scores

# %% exercise="lookup" wrong="the keys averaged" points=0 says="Keys are compared, values are averaged"
def look_up(queries, keys, values):
    scores = queries @ keys.T
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = exponents / exponents.sum(axis=1, keepdims=True)
    return weights @ keys, weights

# %% exercise="lookup" wrong="overflow" points=1 says="There is NaN in it"
def look_up(queries, keys, values):
    with np.errstate(all="ignore"):
        exponents = np.exp(queries @ keys.T)
        weights = exponents / exponents.sum(axis=1, keepdims=True)
    return weights @ values, weights

# %% exercise="lookup" wrong="the context only" points=0 says="Only context is returned"
def look_up(queries, keys, values):
    scores = queries @ keys.T
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True) @ values

# %% exercise="mask" right="minus infinity"
def masked_weights(scores, real):
    scores = np.where(real[:, None], scores, -np.inf)
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponents / exponents.sum(axis=-1, keepdims=True)

# %% exercise="mask" right="exponents masked before the sum"
def masked_weights(scores, real):
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True)) * real[:, None, :]
    return exponents / exponents.sum(axis=-1, keepdims=True)

# %% exercise="mask" wrong="no mask" points=0 says="The mask is not used"
def masked_weights(scores, real):
    return softmax(scores)

# %% exercise="mask" wrong="masked after the softmax" points=0 says="The mask came after the softmax"
def masked_weights(scores, real):
    return softmax(scores) * real[:, np.newaxis, :]

# %% exercise="mask" wrong="scores times the mask" points=0 says="e^0 = 1"
def masked_weights(scores, real):
    return softmax(scores * real[:, np.newaxis, :])

# %% exercise="mask" wrong="the mask upside down" points=0 says="The mask is upside down"
def masked_weights(scores, real):
    return softmax(np.where(real[:, np.newaxis, :], -1e9, scores))

# %% exercise="mask" wrong="a softmax over the queries" points=0 says="The softmax runs over the queries"
def masked_weights(scores, real):
    return softmax(np.where(real[:, np.newaxis, :], scores, -1e9), axis=1)

# %% exercise="mask" wrong="the mask without a query axis" points=0 says="Two shapes do not fit"
def masked_weights(scores, real):
    return softmax(np.where(real, scores, -1e9))

# %% exercise="mask" wrong="a penalty too small" points=1 says="A small penalty is no mask"
def masked_weights(scores, real):
    return softmax(np.where(real[:, np.newaxis, :], scores, scores - 25))

# %% exercise="additive" right="one query after another"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.array([[v @ np.tanh(query @ w_query + key @ w_key) for key in keys] for query in queries])

# %% exercise="additive" right="Keras ops and einsum"
def additive_scores(queries, keys, w_query, w_key, v):
    asked = keras.ops.expand_dims(keras.ops.matmul(queries, w_query), 1)
    offered = keras.ops.expand_dims(keras.ops.matmul(keys, w_key), 0)
    return keras.ops.einsum("qtu,u->qt", keras.ops.tanh(asked + offered), v)

# %% exercise="additive" wrong="no tanh" points=0 says="The tanh is missing"
def additive_scores(queries, keys, w_query, w_key, v):
    return ((queries @ w_query)[:, np.newaxis] + (keys @ w_key)[np.newaxis]) @ v

# %% exercise="additive" wrong="a product" points=0 says="An additive score adds them"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh((queries @ w_query)[:, np.newaxis] * (keys @ w_key)[np.newaxis]) @ v

# %% exercise="additive" wrong="a tanh for each" points=0 says="it belongs around their sum"
def additive_scores(queries, keys, w_query, w_key, v):
    return (np.tanh(queries @ w_query)[:, np.newaxis] + np.tanh(keys @ w_key)[np.newaxis]) @ v

# %% exercise="additive" wrong="v inside the tanh" points=0 says="v belongs outside"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh(((queries @ w_query)[:, np.newaxis] + (keys @ w_key)[np.newaxis]) @ v)

# %% exercise="additive" wrong="v forgotten" points=0 says="v is missing"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh((queries @ w_query)[:, np.newaxis] + (keys @ w_key)[np.newaxis]).sum(axis=-1)

# %% exercise="additive" wrong="tokens first" points=0 says="(tokens, queries)"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh((keys @ w_key)[:, np.newaxis] + (queries @ w_query)[np.newaxis]) @ v

# %% exercise="additive" wrong="no pairs: query and key row by row" points=0 says="Two shapes do not fit"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh(queries @ w_query + keys @ w_key) @ v

# %% exercise="build" right="other names, layers made first, context first"
def bahdanau_model(units, width):
    spelled, so_far = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    offer, ask = layers.Dense(units, use_bias=False), layers.Dense(units, use_bias=False)
    out, attention = layers.Dense(42), layers.AdditiveAttention()
    vectors = layers.Embedding(27, width, mask_zero=True)(spelled)
    memory, *states = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))(vectors)
    spoken = layers.Embedding(42, width)(so_far)
    hidden = layers.GRU(units, return_sequences=True)(spoken, initial_state=layers.concatenate(states))
    context, weights = attention([ask(hidden), memory, offer(memory)], return_attention_scores=True)
    logits = out(layers.concatenate([context, hidden]))
    return keras.Model([spelled, so_far], logits), keras.Model([spelled, so_far], weights)

# %% exercise="build" right="masks by hand"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    real = keras.ops.not_equal(read, 0)
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, forward, backward = encoder(layers.Embedding(27, width)(read), mask=real)
    state = keras.ops.concatenate([forward, backward], axis=-1)
    queries = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=state)
    asked = layers.Dense(units, use_bias=False)(queries)
    keys = layers.Dense(units, use_bias=False)(memory)
    context, weights = layers.AdditiveAttention()(
        [asked, memory, keys], mask=[None, real], return_attention_scores=True
    )
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="no mask" points=0 says="Padding gets weight"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width)(read))
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="Keras' layer bare, without matrices" points=0 says="the wrong number of parameters"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    context, weights = layers.AdditiveAttention()([queries, memory], return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="biases in the two matrices" points=0 says="the wrong number of parameters"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    inputs = [layers.Dense(units)(queries), memory, layers.Dense(units)(memory)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="all units each way" points=0 says="Two shapes do not fit"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="return_sequences forgotten in the encoder" points=0 says="the memory has no time axis"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="the backward state dropped" points=2 says="One of them is there twice"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, forward, _ = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    decoder = layers.GRU(units, return_sequences=True)
    state = layers.Concatenate()([forward, forward])
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=state)
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="values and keys swapped" points=2 says="What is averaged is the projected memory"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    keys = layers.Dense(units, use_bias=False)(memory)
    inputs = [layers.Dense(units, use_bias=False)(queries), keys, memory]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="query and memory swapped" points=0 says="`bahdanau_model`"
def bahdanau_model(units, width):
    read, heard = keras.Input((6,), dtype="int32"), keras.Input((8,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    decoder = layers.GRU(units, return_sequences=True)
    queries = decoder(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    inputs = [layers.Dense(units, use_bias=False)(memory), queries, layers.Dense(units, use_bias=False)(queries)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="train-attention" right="dot products, GRUs" calibrate=true
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(48, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, 32, mask_zero=True)(read))
    decoder = layers.GRU(96, return_sequences=True)
    queries = decoder(layers.Embedding(42, 32)(heard), initial_state=layers.Concatenate()(states))
    context = layers.Attention()([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=280)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(rate), loss)
    lab.fit_once(model, [spelling, sound[:, :-1]], sound[:, 1:], name="spell", epochs=7, batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" right="LSTMs of 72 units, a one-way encoder, a MultiHeadAttention, another schedule"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory, h, c = layers.LSTM(72, return_sequences=True, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    queries = layers.LSTM(72, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=[h, c])
    context = layers.MultiHeadAttention(num_heads=4, key_dim=18)(queries, memory)
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.007), loss)
    lab.fit_once(model, [spelling, sound[:, :-1]], sound[:, 1:], name="spell", epochs=9, batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="no lookup" points=0 says="The state is still all that passes"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h, c = layers.LSTM(96, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    queries = layers.LSTM(96, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=[h, c])
    model = keras.Model([read, heard], layers.Dense(42)(queries))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile("adam", loss)
    few = slice(500)
    lab.fit_once(model, [spelling[few], sound[few, :-1]], sound[few, 1:], name="spell", batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="no mask for the letters" points=0 says="Padding is not data"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory, state = layers.GRU(96, return_sequences=True, return_state=True)(layers.Embedding(27, 32)(read))
    queries = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=state)
    context = layers.Attention()([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    few = slice(500)
    lab.fit_once(model, [spelling[few], sound[few, :-1]], sound[few, 1:], name="spell", batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="a decoder that reads both ways" points=0 says="must stay unknown"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory = layers.GRU(96, return_sequences=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    queries = layers.Bidirectional(layers.GRU(48, return_sequences=True))(layers.Embedding(42, 32)(heard))
    context = layers.Attention()([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    few = slice(500)
    lab.fit_once(model, [spelling[few], sound[few, :-1]], sound[few, 1:], name="spell", batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="the last output only" points=0 says="The timesteps are missing"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory, state = layers.GRU(96, return_sequences=True, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    queries = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=state)
    context = layers.Attention()([queries, memory])
    last = layers.Concatenate()([queries, context])[:, -1]
    model = keras.Model([read, heard], layers.Dense(42)(last))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    few = slice(500)
    lab.fit_once(model, [spelling[few], sound[few, :-1]], sound[few, -1], name="spell", batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="recurrent dropout" points=0 says="On a GPU, Keras hands a whole LSTM or GRU"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory = layers.GRU(96, return_sequences=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    queries = layers.GRU(96, return_sequences=True, recurrent_dropout=0.1)(layers.Embedding(42, 32)(heard))
    context = layers.Attention()([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    few = slice(500)
    lab.fit_once(model, [spelling[few], sound[few, :-1]], sound[few, 1:], name="spell", batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="the target is the input" points=0 says="In training the target equalled the input"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory, state = layers.GRU(96, return_sequences=True, return_state=True)(layers.Embedding(27, 32, mask_zero=True)(read))
    queries = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=state)
    context = layers.Attention()([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    lab.fit_once(model, [spelling, sound], sound, name="spell", epochs=2, batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="a single epoch" points=0 says="exactly right, free-running is not there yet" calibrate=true
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(48, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, 32, mask_zero=True)(read))
    decoder = layers.GRU(96, return_sequences=True)
    queries = decoder(layers.Embedding(42, 32)(heard), initial_state=layers.Concatenate()(states))
    context = layers.Attention()([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    lab.fit_once(model, [spelling, sound[:, :-1]], sound[:, 1:], name="spell", epochs=1, batch_size=250, verbose=0)
    return model

# %% exercise="cost" right="three cases"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    pairs = batch * queries * tokens
    if kind == "additive":
        return pairs * units
    if kind == "multi-head":
        return pairs * heads
    return pairs

# %% exercise="cost" right="made and measured"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    last = {"dot": (), "additive": (units,), "multi-head": (heads,)}[kind]
    return int(np.prod((batch, queries, tokens, *last)))

# %% exercise="cost" wrong="what goes in" points=0 says="That is what goes in"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * (queries + tokens) * units

# %% exercise="cost" wrong="queries and tokens added" points=0 says="multiply the two"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * (queries + tokens) * {"dot": 1, "additive": units, "multi-head": heads}[kind]

# %% exercise="cost" wrong="additive as cheap as dot" points=0 says="a vector for each pair"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * queries * tokens * heads

# %% exercise="cost" wrong="the units kept in a dot product" points=0 says="A dot product sums over the units"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * queries * tokens * units

# %% exercise="cost" wrong="heads share the scores" points=0 says="Each head has scores of its own"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * queries * tokens * (units if kind == "additive" else 1)

# %% exercise="cost" wrong="the batch forgotten" points=0 says="The batch is missing"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return queries * tokens * {"dot": 1, "additive": units, "multi-head": heads}[kind]

# %% exercise="causal" right="one timestep after another"
def causal_attention(x):
    contexts = []
    for t in range(x.shape[1]):
        past = x[:, : t + 1]
        weights = softmax(np.einsum("bf,btf->bt", x[:, t], past) / x.shape[-1] ** 0.5)
        contexts.append(np.einsum("bt,btf->bf", weights, past))
    return np.stack(contexts, axis=1)

# %% exercise="causal" right="Keras' own layer, with scaled queries"
def causal_attention(x):
    queries = x / np.sqrt(x.shape[-1]).astype("float32")
    return layers.Attention()([queries, x], use_causal_mask=True)

# %% exercise="causal" wrong="no mask" points=0 says="every timestep sees the future"
def causal_attention(x):
    return softmax(x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])) @ x

# %% exercise="causal" wrong="not scaled" points=0 says="not divided by the square root"
def causal_attention(x):
    scores = np.where(np.tri(x.shape[1]) > 0, x @ x.transpose(0, 2, 1), -1e9)
    return softmax(scores) @ x

# %% exercise="causal" wrong="divided by the width" points=0 says="it is its square root"
def causal_attention(x):
    scores = np.where(np.tri(x.shape[1]) > 0, x @ x.transpose(0, 2, 1) / x.shape[-1], -1e9)
    return softmax(scores) @ x

# %% exercise="causal" wrong="the triangle upside down" points=0 says="The triangle is upside down"
def causal_attention(x):
    scores = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return softmax(np.where(np.tri(x.shape[1]).T > 0, scores, -1e9)) @ x

# %% exercise="causal" wrong="scores times the triangle" points=0 says="e^0 = 1"
def causal_attention(x):
    scores = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return softmax(scores * np.tri(x.shape[1])) @ x

# %% exercise="causal" wrong="masked after the softmax" points=0 says="The mask came after the softmax"
def causal_attention(x):
    scores = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return (softmax(scores) * np.tri(x.shape[1])) @ x

# %% exercise="causal" wrong="no look at itself" points=0 says="A timestep may look at itself"
def causal_attention(x):
    scores = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return softmax(np.where(np.tri(x.shape[1], k=-1) > 0, scores, -1e9)) @ x

# %% exercise="causal" wrong="made for six timesteps" points=0 says="Two shapes do not fit"
def causal_attention(x):
    scores = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return softmax(np.where(np.tri(6) > 0, scores, -1e9)) @ x

# %% exercise="bug-hunt" right="Keras' layer"
def attend(queries, memory, real):
    return layers.Attention()([queries, memory], mask=[None, real], return_attention_scores=True)

# %% exercise="bug-hunt" right="einsum, minus infinity"
def attend(queries, memory, real):
    scores = keras.ops.einsum("bqu,btu->bqt", queries, memory)
    weights = keras.ops.softmax(keras.ops.where(real[:, None], scores, -np.inf), axis=2)
    return keras.ops.einsum("bqt,btu->bqu", weights, memory), weights

# %% exercise="bug-hunt" wrong="the listing" points=0 says="Both faults are still there"
def attend(queries, memory, real):
    scores = queries @ keras.ops.transpose(memory, (0, 2, 1))
    weights = keras.ops.softmax(scores, axis=1)
    weights = weights * keras.ops.cast(real, "float32")[:, None, :]
    return weights @ memory, weights

# %% exercise="bug-hunt" wrong="the axis mended only" points=0 says="The mask still comes after the softmax"
def attend(queries, memory, real):
    scores = queries @ keras.ops.transpose(memory, (0, 2, 1))
    weights = keras.ops.softmax(scores, axis=-1)
    weights = weights * keras.ops.cast(real, "float32")[:, None, :]
    return weights @ memory, weights

# %% exercise="bug-hunt" wrong="the mask mended only" points=0 says="still runs over the decoder's timesteps"
def attend(queries, memory, real):
    scores = queries @ keras.ops.transpose(memory, (0, 2, 1))
    scores = keras.ops.where(real[:, None, :], scores, -1e9)
    weights = keras.ops.softmax(scores, axis=1)
    return weights @ memory, weights

# %% exercise="bug-hunt" wrong="the mask thrown out" points=0 says="The mask is gone"
def attend(queries, memory, real):
    weights = keras.ops.softmax(queries @ keras.ops.transpose(memory, (0, 2, 1)), axis=-1)
    return weights @ memory, weights

# %% exercise="bug-hunt" wrong="scores times the mask" points=0 says="e^0 = 1"
def attend(queries, memory, real):
    scores = queries @ keras.ops.transpose(memory, (0, 2, 1))
    scores = scores * keras.ops.cast(real, "float32")[:, None, :]
    weights = keras.ops.softmax(scores, axis=-1)
    return weights @ memory, weights

# %% exercise="bug-hunt" wrong="the context only" points=0 says="Only context is returned"
def attend(queries, memory, real):
    scores = keras.ops.where(real[:, None, :], queries @ keras.ops.transpose(memory, (0, 2, 1)), -1e9)
    return keras.ops.softmax(scores, axis=-1) @ memory

# %% exercise="lookup" right="TensorFlow"
def look_up(queries, keys, values):
    import tensorflow as tf

    weights = tf.nn.softmax(tf.matmul(queries, keys, transpose_b=True))
    return tf.matmul(weights, values), weights

# %% exercise="lookup" right="Keras' own layer, a list of two"
def look_up(queries, keys, values):
    q, k, v = (np.asarray(a, "float32")[None] for a in (queries, keys, values))
    context, weights = layers.Attention()([q, v, k], return_attention_scores=True)
    return [context[0], weights[0]]

# %% exercise="lookup" wrong="scaled as Transformers do" points=0 says="the plain dot product is asked here"
def look_up(queries, keys, values):
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = exponents / exponents.sum(axis=1, keepdims=True)
    return weights @ values, weights

# %% exercise="lookup" wrong="the weights first" points=0 says="in another order: context, weights"
def look_up(queries, keys, values):
    scores = queries @ keys.T
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = exponents / exponents.sum(axis=1, keepdims=True)
    return weights, weights @ values

# %% exercise="lookup" wrong="not divided by the sum" points=0 says="These are not divided by their sum"
def look_up(queries, keys, values):
    weights = np.exp(queries @ keys.T)
    return weights @ values, weights

# %% exercise="lookup" right="np.logaddexp, products summed"
def look_up(queries, keys, values):
    s = np.inner(queries, keys)
    w = np.exp(s - np.logaddexp.reduce(s, axis=1)[:, None])
    return (w[:, :, None] * np.asarray(values)[None]).sum(1), w

# %% exercise="lookup" wrong="one largest score for all queries" points=1 says="There is NaN in it"
def look_up(queries, keys, values):
    s = queries @ keys.T
    e = np.exp(s - s.max())
    w = e / e.sum(axis=1, keepdims=True)
    return w @ values, w

# %% exercise="lookup" wrong="divided by the sum of all" points=0 says="the query's own sum"
def look_up(queries, keys, values):
    s = queries @ keys.T
    e = np.exp(s - s.max(axis=1, keepdims=True))
    w = e / e.sum()
    return w @ values, w

# %% exercise="lookup" wrong="argmax" points=0 says="That is a dictionary"
def look_up(queries, keys, values):
    s = queries @ keys.T
    w = np.eye(len(keys))[s.argmax(axis=1)]
    return w @ values, w

# %% exercise="mask" right="sequence by sequence"
def masked_weights(scores, real):
    weights = np.zeros(scores.shape)
    for number, keep in enumerate(real):
        weights[number][:, keep] = softmax(scores[number][:, keep])
    return weights

# %% exercise="mask" right="Keras' ops, a penalty subtracted"
def masked_weights(scores, real):
    penalty = 1e9 * keras.ops.cast(keras.ops.logical_not(real), "float32")
    return keras.ops.softmax(keras.ops.cast(scores, "float32") - penalty[:, None, :], axis=-1)

# %% exercise="mask" wrong="the mask with its axis at the wrong place" points=0 says="Only axis 1 is too long"
def masked_weights(scores, real):
    return softmax(np.where(real[:, :, np.newaxis], scores, -1e9))

# %% exercise="mask" right="exponents where they are real"
def masked_weights(scores, real):
    real = np.expand_dims(real, 1)
    e = np.exp(scores - np.max(np.where(real, scores, -1e30), axis=-1, keepdims=True).astype(float), where=real, out=np.zeros(scores.shape))
    return e / e.sum(axis=-1, keepdims=True)

# %% exercise="mask" wrong="the first mask for all" points=0 says="a mask of its own"
def masked_weights(scores, real):
    return softmax(np.where(real[0], scores, -1e9))

# %% exercise="mask" wrong="scores times a large negative number" points=0 says="large where it was negative"
def masked_weights(scores, real):
    return softmax(np.where(real[:, None, :], scores, scores * -1e9))

# %% exercise="mask" wrong="the real tokens alone, in a list" points=0 says="stacked these have another shape"
def masked_weights(scores, real):
    return [softmax(s[:, r]) for s, r in zip(scores, real)]

# %% exercise="additive" right="TensorFlow"
def additive_scores(queries, keys, w_query, w_key, v):
    import tensorflow as tf

    q, k, w_q, w_k, u = (tf.constant(a, tf.float64) for a in (queries, keys, w_query, w_key, v))
    return tf.reduce_sum(u * tf.tanh((q @ w_q)[:, None] + (k @ w_k)[None]), axis=-1)

# %% exercise="additive" right="Keras' layer before its softmax, units one by one"
def additive_scores(queries, keys, w_query, w_key, v):
    q, k = queries @ w_query, keys @ w_key
    return sum(v[u] * np.tanh(np.add.outer(q[:, u], k[:, u])) for u in range(len(v)))

# %% exercise="additive" wrong="a softmax" points=0 says="A softmax is already in it"
def additive_scores(queries, keys, w_query, w_key, v):
    return softmax(np.tanh((queries @ w_query)[:, np.newaxis] + (keys @ w_key)[np.newaxis]) @ v)

# %% exercise="additive" right="tensordot"
def additive_scores(queries, keys, w_query, w_key, v):
    q = np.tensordot(queries, w_query, 1)[:, None]
    k = np.tensordot(keys, w_key, 1)[None]
    return keras.ops.tensordot(keras.ops.tanh(q + k), v, axes=1)

# %% exercise="additive" wrong="the matrices exchanged" points=0 says="w_query is for the queries"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh((queries @ w_key)[:, None] + (keys @ w_query)[None]) @ v

# %% exercise="additive" wrong="v multiplies, no sum" points=0 says="one number for each pair"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh((queries @ w_query)[:, None] + (keys @ w_key)[None]) * v

# %% exercise="additive" wrong="scaled by the root of the units" points=0 says="is not scaled"
def additive_scores(queries, keys, w_query, w_key, v):
    return np.tanh((queries @ w_query)[:, None] + (keys @ w_key)[None]) @ v / np.sqrt(len(v))

# %% exercise="build" right="functions of Keras, named arguments, the decoder's states returned"
def bahdanau_model(units, width):
    read, heard = keras.Input(shape=(None,), dtype="int32"), keras.Input(shape=(None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units=units // 2, return_sequences=True, return_state=True))
    memory, f, b = encoder(layers.Embedding(input_dim=27, output_dim=width, mask_zero=True)(read))
    queries, _ = layers.GRU(units, return_sequences=True, return_state=True)(
        layers.Embedding(42, width)(heard), initial_state=keras.ops.concatenate([f, b], axis=-1)
    )
    asked, keys = layers.Dense(units, use_bias=False)(queries), layers.Dense(units, use_bias=False)(memory)
    context, weights = layers.AdditiveAttention()([asked, memory, keys], return_attention_scores=True)
    logits = layers.Dense(42)(layers.concatenate([queries, context], axis=-1))
    return [keras.Model(inputs=[read, heard], outputs=logits), keras.Model(inputs=[read, heard], outputs=weights)]

# %% exercise="build" right="an encoder model and a decoder model inside"
def bahdanau_model(units, width):
    letters = keras.Input((None,), dtype="int32")
    gru = layers.GRU(units // 2, return_sequences=True, return_state=True)
    memory, f, b = layers.Bidirectional(gru)(layers.Embedding(27, width, mask_zero=True)(letters))
    encoder = keras.Model(letters, [memory, f, b, layers.Concatenate()([f, b])])
    phonemes, state = keras.Input((None,), dtype="int32"), keras.Input((units,))
    decoder = keras.Model([phonemes, state], layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(phonemes), initial_state=state))

    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory, _, _, state = encoder(read)
    queries = decoder([heard, state])
    asked, keys = layers.Dense(units, use_bias=False)(queries), layers.Dense(units, use_bias=False)(memory)
    real = keras.ops.not_equal(read, 0)
    context, weights = layers.AdditiveAttention()([asked, memory, keys], mask=[None, real], return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="backward before forward" points=2 says="The backward state stands first"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, forward, backward = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    state = layers.Concatenate()([backward, forward])
    queries = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=state)
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="no initial state" points=2 says="The encoder's two states, joined"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, forward, backward = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    queries = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard))
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([queries, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="the projected queries before the last layer" points=2 says="made of the GRU's outputs as they are"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    queries = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    asked, keys = layers.Dense(units, use_bias=False)(queries), layers.Dense(units, use_bias=False)(memory)
    context, weights = layers.AdditiveAttention()([asked, memory, keys], return_attention_scores=True)
    logits = layers.Dense(42)(layers.Concatenate()([asked, context]))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)

# %% exercise="build" wrong="the model alone" points=0 says="Two models are asked"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    queries = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    context = layers.AdditiveAttention()(inputs)
    return keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))

# %% exercise="build" wrong="the context left out" points=0 says="the wrong number of parameters"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    memory, *states = encoder(layers.Embedding(27, width, mask_zero=True)(read))
    queries = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()(states))
    inputs = [layers.Dense(units, use_bias=False)(queries), memory, layers.Dense(units, use_bias=False)(memory)]
    _, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    return keras.Model([read, heard], layers.Dense(42)(queries)), keras.Model([read, heard], weights)

# %% exercise="build" right="an encoder's list of states, ops, a list returned"
def bahdanau_model(units, width):
    read = keras.Input((None,), dtype="int32", name="spelling")
    heard = keras.Input((None,), dtype="int32", name="heard")
    v = layers.Embedding(27, width, mask_zero=True, name="letters")(read)
    both = layers.Bidirectional(layers.GRU(units // 2, return_state=True, return_sequences=True), merge_mode="concat")
    memory, *states = both(v)
    decoder = layers.GRU(units, return_sequences=True, return_state=True)
    queries, _ = decoder(layers.Embedding(42, width)(heard), initial_state=[keras.ops.concatenate(states, axis=1)])
    w_q = layers.Dense(units, use_bias=False)
    w_k = layers.Dense(units, use_bias=False)
    attention = layers.AdditiveAttention()
    context, weights = attention(query := [w_q(queries), memory, w_k(memory)], return_attention_scores=True)
    logits = layers.Dense(42)(keras.ops.concatenate([queries, context], axis=-1))
    return [keras.Model([read, heard], logits), keras.Model([read, heard], weights)]

# %% exercise="build" wrong="Attention without a scale" points=0 says="has nothing to learn"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    v = layers.Embedding(27, width, mask_zero=True)(read)
    memory, f, b = layers.Bidirectional(layers.GRU(units // 2, return_state=True, return_sequences=True))(v)
    q = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()([f, b]))
    ask, keys = layers.Dense(units, use_bias=False)(q), layers.Dense(units, use_bias=False)(memory)
    c, w = layers.Attention()([ask, memory, keys], return_attention_scores=True)
    return keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([q, c]))), keras.Model([read, heard], w)

# %% exercise="build" wrong="the reader first" points=0 says="return model, reader"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    v = layers.Embedding(27, width, mask_zero=True)(read)
    memory, f, b = layers.Bidirectional(layers.GRU(units // 2, return_state=True, return_sequences=True))(v)
    q = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()([f, b]))
    ask, keys = layers.Dense(units, use_bias=False)(q), layers.Dense(units, use_bias=False)(memory)
    c, w = layers.AdditiveAttention()([ask, memory, keys], return_attention_scores=True)
    return keras.Model([read, heard], w), keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([q, c])))

# %% exercise="build" wrong="a softmax at the end" points=0 says="went through a softmax"
def bahdanau_model(units, width):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    v = layers.Embedding(27, width, mask_zero=True)(read)
    memory, f, b = layers.Bidirectional(layers.GRU(units // 2, return_state=True, return_sequences=True))(v)
    q = layers.GRU(units, return_sequences=True)(layers.Embedding(42, width)(heard), initial_state=layers.Concatenate()([f, b]))
    ask, keys = layers.Dense(units, use_bias=False)(q), layers.Dense(units, use_bias=False)(memory)
    c, w = layers.AdditiveAttention()([ask, memory, keys], return_attention_scores=True)
    return keras.Model([read, heard], layers.Dense(42, activation="softmax")(layers.Concatenate()([q, c]))), keras.Model([read, heard], w)

# %% exercise="cost" right="the size of an array"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    each = np.ones({"dot": 1, "additive": units, "multi-head": heads}[kind], "int8")
    return np.broadcast_to(each, (batch, queries, tokens, len(each))).size

# %% exercise="cost" right="numpy integers, match"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    match kind:
        case "dot":
            each = 1
        case "additive":
            each = units
        case _:
            each = heads
    return np.prod([batch, queries, tokens, each])

# %% exercise="cost" wrong="pairs across the batch" points=0 says="the batch counts once"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    n = (batch * queries) * (batch * tokens)
    return n * {"dot": 1, "additive": units, "multi-head": heads}[kind]

# %% exercise="cost" wrong="units of a head" points=0 says="one number is left"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * queries * tokens * {"dot": 1, "additive": units, "multi-head": units // heads}[kind]

# %% exercise="cost" wrong="tokens squared" points=0 says="two numbers"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * tokens * tokens * {"dot": 1, "additive": units, "multi-head": heads}[kind]

# %% exercise="cost" wrong="bytes" points=0 says="how many numbers"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return 4 * batch * queries * tokens * {"dot": 1, "additive": units, "multi-head": heads}[kind]

# %% exercise="cost" wrong="query and key side by side" points=0 says="not laid side by side"
def pair_numbers(kind, batch, queries, tokens, units, heads=1):
    return batch * queries * tokens * {"dot": 1, "additive": 2 * units, "multi-head": heads}[kind]

# %% exercise="causal" right="TensorFlow, a penalty"
def causal_attention(x):
    import tensorflow as tf

    x = tf.constant(x, tf.float32)
    scores = tf.matmul(x, x, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(x)[-1], tf.float32))
    below = tf.linalg.band_part(tf.ones_like(scores[0]), -1, 0)
    return tf.nn.softmax(scores - 1e9 * (1 - below)) @ x

# %% exercise="causal" right="einsum and triu, minus infinity"
def causal_attention(x):
    steps, width = x.shape[1:]
    scores = np.einsum("btf,bsf->bts", x, x) * width**-0.5
    scores[:, np.triu(np.ones((steps, steps), bool), k=1)] = -np.inf
    return np.einsum("bts,bsf->btf", softmax(scores), x)

# %% exercise="causal" wrong="divided by the root of the timesteps" points=0 says="the width is meant, the features"
def causal_attention(x):
    scores = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[1])
    return softmax(np.where(np.tri(x.shape[1]) > 0, scores, -1e9)) @ x

# %% exercise="causal" wrong="the input as it is" points=0 says="gives a wrong result"
def causal_attention(x):
    return x

# %% exercise="causal" right="the logarithm of the triangle added"
def causal_attention(x):
    n = x.shape[1]
    with np.errstate(divide="ignore"):
        bias = np.log(np.tri(n))
    return softmax(x @ np.swapaxes(x, 1, 2) / np.sqrt(x.shape[-1]) + bias) @ x

# %% exercise="causal" wrong="a softmax over the queries" points=0 says="runs over the queries"
def causal_attention(x):
    s = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return softmax(np.where(np.tri(x.shape[1]), s, -1e9), axis=1) @ x

# %% exercise="causal" wrong="the weights" points=0 says="Their average of x"
def causal_attention(x):
    s = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return softmax(np.where(np.tri(x.shape[1]), s, -1e9))

# %% exercise="causal" wrong="one look ahead" points=0 says="looks one ahead"
def causal_attention(x):
    s = x @ x.transpose(0, 2, 1) / np.sqrt(x.shape[-1])
    return softmax(np.where(np.tri(x.shape[1], k=1), s, -1e9)) @ x

# %% exercise="causal" wrong="x itself divided" points=0 says="The values are divided, too"
def causal_attention(x):
    x = x / x.shape[-1] ** 0.25
    s = x @ x.transpose(0, 2, 1)
    return softmax(np.where(np.tri(x.shape[1]), s, -1e9)) @ x

# %% exercise="causal" wrong="the weights divided" points=0 says="not what comes out"
def causal_attention(x):
    s = x @ x.transpose(0, 2, 1)
    return softmax(np.where(np.tri(x.shape[1]), s, -1e9)) / np.sqrt(x.shape[-1]) @ x

# %% exercise="bug-hunt" right="letters first, then transposed back"
def attend(queries, memory, real):
    ops = keras.ops
    scores = ops.matmul(memory, ops.transpose(queries, (0, 2, 1)))
    scores = ops.where(ops.expand_dims(real, -1), scores, -1e9)
    weights = ops.transpose(ops.softmax(scores, axis=1), (0, 2, 1))
    return ops.matmul(weights, memory), weights

# %% exercise="bug-hunt" right="TensorFlow, exponents masked"
def attend(queries, memory, real):
    import tensorflow as tf

    scores = tf.matmul(queries, memory, transpose_b=True)
    powers = tf.exp(scores - tf.reduce_max(scores, axis=-1, keepdims=True)) * tf.cast(real, "float32")[:, None]
    weights = powers / tf.reduce_sum(powers, axis=-1, keepdims=True)
    return tf.matmul(weights, memory), weights

# %% exercise="bug-hunt" wrong="a softmax over the batch" points=0 says="over the batch"
def attend(queries, memory, real):
    s = queries @ keras.ops.transpose(memory, (0, 2, 1))
    s = keras.ops.where(real[:, None, :], s, -1e9)
    w = keras.ops.softmax(s, axis=0)
    return w @ memory, w

# %% exercise="bug-hunt" wrong="the memory masked, not the scores" points=0 says="The memory of padding is zero now"
def attend(queries, memory, real):
    m = memory * keras.ops.cast(real, "float32")[:, :, None]
    s = queries @ keras.ops.transpose(m, (0, 2, 1))
    w = keras.ops.softmax(s, axis=-1)
    return w @ m, w

# %% exercise="bug-hunt" wrong="scaled" points=0 says="the plain dot product is asked here"
def attend(queries, memory, real):
    s = queries @ keras.ops.transpose(memory, (0, 2, 1)) / keras.ops.sqrt(1.0 * memory.shape[-1])
    s = keras.ops.where(real[:, None, :], s, -1e9)
    w = keras.ops.softmax(s, axis=-1)
    return w @ memory, w

# %% exercise="bug-hunt" wrong="the mask upside down" points=0 says="upside down"
def attend(queries, memory, real):
    s = queries @ keras.ops.transpose(memory, (0, 2, 1))
    s = keras.ops.where(real[:, None, :], -1e9, s)
    w = keras.ops.softmax(s, axis=-1)
    return w @ memory, w

# %% exercise="train-attention" right="a subclassed model"
def train_attention(spelling, sound):
    class Speller(keras.Model):
        def __init__(self):
            super().__init__()
            self.letters, self.phonemes = layers.Embedding(27, 32, mask_zero=True), layers.Embedding(42, 32)
            self.encoder = layers.Bidirectional(layers.GRU(48, return_sequences=True, return_state=True))
            self.decoder = layers.GRU(96, return_sequences=True)
            self.lookup, self.out = layers.Attention(), layers.Dense(42)

        def call(self, inputs):
            read, heard = inputs
            real = keras.ops.not_equal(read, 0)
            memory, f, b = self.encoder(self.letters(read), mask=real)
            queries = self.decoder(self.phonemes(heard), initial_state=keras.ops.concatenate([f, b], axis=-1))
            context = self.lookup([queries, memory], mask=[None, real])
            return self.out(keras.ops.concatenate([queries, context], axis=-1))

    model = Speller()
    x, y = [spelling, sound[:, :-1]], sound[:, 1:]
    model([part[:1] for part in x])
    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=280)
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    lab.fit_once(model, x, y, name="spell", epochs=7, batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" right="LSTMs of 88 units, a learned scale"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.LSTM(44, return_sequences=True, return_state=True))
    memory, fh, fc, bh, bc = encoder(layers.Embedding(27, 32, mask_zero=True)(read))
    state = [layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])]
    queries = layers.LSTM(88, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=state)
    context = layers.Attention(use_scale=True)([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    rate = keras.optimizers.schedules.CosineDecay(0.015, decay_steps=280)
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    lab.fit_once(model, [spelling, sound[:, :-1]], sound[:, 1:], name="spell", epochs=7, batch_size=250, verbose=0)
    return model

# %% exercise="train-attention" wrong="the model above, too heavy" points=0 says="Fewer units, or a layer with fewer slices"
def train_attention(spelling, sound):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.LSTM(48, return_sequences=True, return_state=True))
    memory, fh, fc, bh, bc = encoder(layers.Embedding(27, 32, mask_zero=True)(read))
    state = [layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])]
    queries = layers.LSTM(96, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=state)
    context = layers.Attention()([queries, memory])
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([queries, context])))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    return model

# %% exercise="train-attention" wrong="model and reader" points=0 says="return it alone"
def train_attention(spelling, sound):
    keras.utils.set_random_seed(0)
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory, f, b = layers.Bidirectional(layers.GRU(48, return_state=True, return_sequences=True))(layers.Embedding(27, 32, mask_zero=True)(read))
    q = layers.GRU(96, return_sequences=True)(layers.Embedding(42, 32)(heard), initial_state=layers.Concatenate()([f, b]))
    c, w = layers.Attention()([q, memory], return_attention_scores=True)
    model = keras.Model([read, heard], layers.Dense(42)(layers.Concatenate()([q, c])))
    rate = keras.optimizers.schedules.CosineDecay(0.015, 280)
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    lab.fit_once(model, [spelling, sound[:, :-1]], sound[:, 1:], name="spell", epochs=7, batch_size=250, verbose=0)
    return model, keras.Model([read, heard], w)
