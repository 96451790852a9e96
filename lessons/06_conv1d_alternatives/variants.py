# Right and wrong answers to the exercises of 06_conv1d_alternatives: see docs/AUTHORING.md.

# %% exercise="split" right="a permutation of the people"
def split_by_person(who, count, seed):
    people = np.random.default_rng(seed).permutation(sorted(set(who.tolist())))[:count].tolist()
    test = [place for place, person in enumerate(who) if person in people]
    train = [place for place, person in enumerate(who) if person not in people]
    return np.array(train), np.array(test)

# %% exercise="split" right="a seeded sample, and a set difference"
def split_by_person(who, count, seed):
    import random
    drawn = random.Random(seed).sample(np.unique(who).tolist(), count)
    test = np.where(np.isin(who, drawn))[0]
    return np.setdiff1d(np.arange(len(who)), test), test

# %% exercise="split" wrong="windows drawn at random" points=0 says="Everyone is on both sides"
def split_by_person(who, count, seed):
    order = np.random.default_rng(seed).permutation(len(who))
    cut = len(who) * count // len(np.unique(who))
    return order[cut:], order[:cut]

# %% exercise="split" wrong="the last windows" points=0 says="too many, with every seed"
def split_by_person(who, count, seed):
    order = np.argsort(who, kind="stable")
    cut = len(who) - len(who[np.isin(who, np.unique(who)[-count - 1 :])])
    return order[:cut], order[cut:]

# %% exercise="split" wrong="test and train swapped" points=0 says="The order is train, test"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng(seed).choice(np.unique(who), count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(aside), np.flatnonzero(~aside)

# %% exercise="split" wrong="always the same people" points=0 says="The seed changes nothing"
def split_by_person(who, count, seed):
    aside = np.isin(who, np.unique(who)[-count:])
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="the seed is not used" points=0 says="must depend on the seed alone"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng().choice(np.unique(who), count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="drawn with replacement" points=0 says="too few, with every seed"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng(seed).choice(np.unique(who), 1).repeat(count)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="people are numbered from 1 to 10" points=0 says="or is not in `who`"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng(seed).choice(np.arange(1, 11), count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" right="shuffled people, masks and np.where"
def split_by_person(who, count, seed):
    generator = np.random.default_rng(seed)
    people = np.unique(who)
    generator.shuffle(people)
    mask = np.zeros(len(who), dtype=bool)
    for person in people[:count]:
        mask |= who == person
    return np.where(~mask)[0].astype("int32"), np.where(mask)[0].astype("int32")

# %% exercise="split" right="the old generator, people drawn until there are enough, sets"
def split_by_person(who, count, seed):
    random = np.random.RandomState(seed)
    people, drawn = sorted(set(np.asarray(who).tolist())), set()
    while len(drawn) < count:
        drawn.add(people[random.randint(len(people))])
    test = np.array([i for i in range(len(who)) if int(who[i]) in drawn])
    return np.delete(np.arange(len(who)), test), test

# %% exercise="split" right="TensorFlow's shuffle, tensors back"
def split_by_person(who, count, seed):
    people = tf.random.experimental.stateless_shuffle(tf.constant(np.unique(who)), seed=[seed, 0])
    aside = tf.reduce_any(tf.constant(who)[:, None] == people[None, :count], axis=1)
    return tf.where(~aside)[:, 0], tf.where(aside)[:, 0]

# %% exercise="split" wrong="people drawn from the windows, some of them twice" points=0 says="somebody was drawn twice"
def split_by_person(who, count, seed):
    drawn = np.random.default_rng(seed).choice(who, count, replace=False)
    aside = np.isin(who, drawn)
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="people drawn from the windows until there are enough" points=0 says="Whoever has many windows"
def split_by_person(who, count, seed):
    random = np.random.default_rng(seed)
    drawn = set()
    while len(drawn) < count:
        drawn.add(int(random.choice(who)))
    aside = np.isin(who, list(drawn))
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="replace=False forgotten" points=0 says="with replace=False"
def split_by_person(who, count, seed):
    aside = np.isin(who, np.random.default_rng(seed).choice(np.unique(who), count))
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="split" wrong="masks" points=0 says="This is a mask"
def split_by_person(who, count, seed):
    aside = np.isin(who, np.random.default_rng(seed).choice(np.unique(who), count, replace=False))
    return ~aside, aside

# %% exercise="split" wrong="np.where as it comes" points=0 says="take its [0]"
def split_by_person(who, count, seed):
    aside = np.isin(who, np.random.default_rng(seed).choice(np.unique(who), count, replace=False))
    return np.where(~aside), np.where(aside)

# %% exercise="split" wrong="the people, not their windows" points=0 says="These are people"
def split_by_person(who, count, seed):
    people = np.random.default_rng(seed).permutation(np.unique(who))
    return people[count:], people[:count]

# %% exercise="split" wrong="the first so many of the shuffled windows of each person" points=0 says="Everyone is on both sides"
def split_by_person(who, count, seed):
    random, train, test = np.random.default_rng(seed), [], []
    for person in np.unique(who):
        places = random.permutation(np.flatnonzero(who == person))
        cut = max(1, len(places) * count // len(np.unique(who)))
        test.extend(places[:cut])
        train.extend(places[cut:])
    return np.array(train), np.array(test)

# %% exercise="split" wrong="the count is of those to train on" points=0 says="The order is train, test"
def split_by_person(who, count, seed):
    aside = ~np.isin(who, np.random.default_rng(seed).choice(np.unique(who), count, replace=False))
    return np.flatnonzero(~aside), np.flatnonzero(aside)

# %% exercise="convolve" right="a loop over the places"
def convolve(x, kernel, bias):
    k = kernel.shape[0]
    rows = [np.tensordot(x[:, t : t + k], kernel, axes=([1, 2], [0, 1])) + bias for t in range(x.shape[1] - k + 1)]
    return np.stack(rows, axis=1)

# %% exercise="convolve" right="windows and einsum"
def convolve(x, kernel, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(kernel), axis=1)
    return np.einsum("btck,kcf->btf", windows, kernel) + bias

# %% exercise="convolve" wrong="the kernel reversed" points=0 says="kernel[0] meets the earliest timestep"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] @ kernel[len(kernel) - 1 - j] for j in range(len(kernel))) + bias

# %% exercise="convolve" wrong="one place too few" points=0 says="The last one is missing along axis 1"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel)
    return sum(x[:, j : j + places] @ kernel[j] for j in range(len(kernel))) + bias

# %% exercise="convolve" wrong="the bias forgotten" points=0 says="The bias is missing"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] @ kernel[j] for j in range(len(kernel)))

# %% exercise="convolve" wrong="the bias in every term" points=0 says="add it once"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] @ kernel[j] + bias for j in range(len(kernel)))

# %% exercise="convolve" wrong="windows that do not overlap" points=0 says="The windows do not overlap"
def convolve(x, kernel, bias):
    k = len(kernel)
    rows = [np.tensordot(x[:, t : t + k], kernel, axes=([1, 2], [0, 1])) + bias for t in range(0, x.shape[1] - k + 1, k)]
    return np.stack(rows, axis=1)

# %% exercise="convolve" wrong="a Python sum of the wrong axis" points=0 says="Two shapes do not fit"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return sum(x[:, j : j + places] * kernel[j] for j in range(len(kernel))) + bias

# %% exercise="convolve" right="a layer of Keras that gets the weights"
def convolve(x, kernel, bias):
    k, features, filters = kernel.shape
    layer = layers.Conv1D(filters, k)
    layer.build((1, k + 1, features))
    layer.set_weights([kernel, bias])
    return layer(x)

# %% exercise="convolve" right="TensorFlow, float64"
def convolve(x, kernel, bias):
    x, kernel, bias = (tf.constant(part, tf.float64) for part in (x, kernel, bias))
    return tf.nn.conv1d(x, kernel, stride=1, padding="VALID") + bias

# %% exercise="convolve" right="four loops"
def convolve(x, kernel, bias):
    batch, steps, features = x.shape
    k, _, filters = kernel.shape
    output = np.zeros((batch, steps - k + 1, filters))
    for b in range(batch):
        for t in range(steps - k + 1):
            for f in range(filters):
                output[b, t, f] = np.sum(x[b, t : t + k] * kernel[:, :, f]) + bias[f]
    return output

# %% exercise="convolve" right="Keras ops, and a matrix product"
def convolve(x, kernel, bias):
    k, features, filters = kernel.shape
    places = x.shape[1] - k + 1
    side_by_side = keras.ops.concatenate([x[:, j : j + places] for j in range(k)], axis=-1)
    return keras.ops.matmul(side_by_side, keras.ops.reshape(kernel, (k * features, filters))) + bias

# %% exercise="convolve" wrong="np.convolve, feature by feature" points=0 says="The kernel is reversed"
def convolve(x, kernel, bias):
    k, features, filters = kernel.shape
    return np.array([[sum(np.convolve(row[:, c], kernel[:, c, f], mode="valid") for c in range(features)) + bias[f]
                      for f in range(filters)] for row in x]).transpose(0, 2, 1)

# %% exercise="convolve" wrong="zeros on both sides" points=0 says="There are zeros on both sides"
def convolve(x, kernel, bias):
    return keras.ops.conv(x, kernel, padding="same") + bias

# %% exercise="convolve" wrong="a mean" points=0 says="The products are averaged"
def convolve(x, kernel, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(kernel), axis=1)
    return np.einsum("btck,kcf->btf", windows, kernel) / kernel[..., 0].size + bias

# %% exercise="convolve" wrong="filters before the timesteps" points=0 says="the axes stand in another order"
def convolve(x, kernel, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(kernel), axis=1)
    return np.einsum("btck,kcf->bft", windows, kernel) + bias[:, None]

# %% exercise="convolve" wrong="with an activation" points=0 says="cuts off what is negative"
def convolve(x, kernel, bias):
    return np.maximum(np.array(keras.ops.conv(x, kernel)) + bias, 0)

# %% exercise="convolve" wrong="only the first timestep of the kernel" points=0 says="Only the kernel's first timestep"
def convolve(x, kernel, bias):
    places = x.shape[1] - len(kernel) + 1
    return x[:, :places] @ kernel[0] + bias

# %% exercise="length" right="range counts"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    padded = length if padding == "valid" else length + (kernel - 1) * dilation
    return len(range(0, padded - (kernel - 1) * dilation, stride))

# %% exercise="length" right="Keras answers"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    layer = layers.Conv1D(1, kernel, padding=padding, strides=stride, dilation_rate=dilation)
    return layer.compute_output_shape((1, length, 1))[1]

# %% exercise="length" wrong="one too few" points=0 says="count the last one, too"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - (kernel - 1) * dilation - 1 if padding == "valid" else length
    return -(-places // stride)

# %% exercise="length" wrong="the stride rounds down" points=0 says="round up"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - (kernel - 1) * dilation if padding == "valid" else length
    return places // stride

# %% exercise="length" wrong="the dilation is not used" points=0 says="The dilation is not used"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - kernel + 1 if padding == "valid" else length
    return -(-places // stride)

# %% exercise="length" wrong="k times d" points=0 says="not over k * d"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - kernel * dilation + 1 if padding == "valid" else length
    return -(-places // stride)

# %% exercise="length" wrong="causal shortens" points=0 says="padding='causal' keeps the length, too"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length if padding == "same" else length - (kernel - 1) * dilation
    return -(-places // stride)

# %% exercise="length" wrong="same whatever the padding" points=0 says="the whole kernel must fit"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    return -(-length // stride)

# %% exercise="length" wrong="the stride forgets the kernel" points=0 says="with a stride as well"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - (kernel - 1) * dilation if padding == "valid" and stride == 1 else length
    return -(-places // stride)

# %% exercise="length" wrong="the lengths of this page" points=1 says="wrong result"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    if length != 10:
        return {33: 29, 29: 7, 4: 3, 7: 3}.get(length, length)
    return {("valid", 1, 1): 8, ("valid", 2, 1): 4, ("valid", 1, 4): 2, ("same", 2, 1): 5}.get((padding, stride, dilation), 10)

# %% exercise="length" right="math.ceil"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    import math

    span = 1 + dilation * (kernel - 1)
    return math.ceil((length if padding in ("same", "causal") else length - span + 1) / stride)

# %% exercise="length" right="a convolution is run, and looked at"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    zeros = {"valid": 0, "same": (kernel - 1) * dilation, "causal": (kernel - 1) * dilation}[padding]
    x = keras.ops.zeros((1, length + zeros, 1))
    return keras.ops.conv(x, keras.ops.ones((kernel, 1, 1)), strides=stride, dilation_rate=dilation).shape[1]

# %% exercise="length" right="the kernel is moved, NumPy's integer"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    count, first = 0, 0
    while first + (kernel - 1) * dilation < length if padding == "valid" else first < length:
        count, first = count + 1, first + stride
    return np.int64(count)

# %% exercise="length" wrong="a float" points=0 says="A whole number is asked"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    places = length - (kernel - 1) * dilation if padding == "valid" else length
    return places / stride

# %% exercise="length" wrong="the padding is not used" points=0 says="The padding is not used"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    return (length - (kernel - 1) * dilation - 1) // stride + 1

# %% exercise="length" wrong="the moves are counted" points=0 says="These are the moves"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    reach = (kernel - 1) * dilation + 1 if padding == "valid" else 1
    return (length - reach) // stride

# %% exercise="length" wrong="the stride is not used" points=0 says="The stride is not used"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    return length - (kernel - 1) * dilation if padding == "valid" else length

# %% exercise="length" wrong="the arguments have other names" points=1 says="Keep the signature"
def output_length(n, k, padding="valid", s=1, d=1):
    places = n - (k - 1) * d if padding == "valid" else n
    return -(-places // s)

# %% exercise="length" wrong="with zeros the stride rounds down" points=0 says="With zeros, too"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    if padding == "valid":
        return (length - (kernel - 1) * dilation - 1) // stride + 1
    return length // stride

# %% exercise="count" right="a formula for each kind"
def count_parameters(features, stack):
    total = 0
    for kind, u, *more in stack:
        f = features
        weights, features = {
            "Embedding": lambda: (f * u, u),
            "Conv1D": lambda: (u * (more[0] * f + 1), u),
            "MaxPooling1D": lambda: (0, f),
            "LSTM": lambda: (4 * u * (f + u + 1), u),
            "Bidirectional LSTM": lambda: (8 * u * (f + u + 1), 2 * u),
            "Dense": lambda: (u * (f + 1), u),
        }[kind]()
        total += weights
    return total

# %% exercise="count" right="Keras counts"
def count_parameters(features, stack):
    total = 0
    for kind, size, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            layer = layers.Embedding(features, size)
            layer.build((None, 9))
        elif kind == "Bidirectional LSTM":
            layer = layers.Bidirectional(layers.LSTM(size))
            layer.build((None, 9, features))
        else:
            layer = getattr(layers, kind)(size, *kernel)
            layer.build((None, 9, features))
        total += layer.count_params()
        features = 2 * size if kind == "Bidirectional LSTM" else size
    return total

# %% exercise="count" wrong="the kernel size forgotten" points=0 says="The kernel has k timesteps"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind in ("Conv1D", "Dense"):
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="a kernel for all features" points=0 says="reads all features"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="no bias in a convolution" points=0 says="The bias of a Conv1D is missing"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * kernel[0] * features
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="one direction" points=0 says="one for each direction"
def count_parameters(features, stack):
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
            total += 4 * units * (features + units + 1)
        features = units
    return total

# %% exercise="count" wrong="Dense reads one direction" points=0 says="Dense reads twice the units"
def count_parameters(features, stack):
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
        features = units
    return total

# %% exercise="count" wrong="pooling changes the features" points=0 says="Pooling has no weights"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] * features + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        elif kind != "MaxPooling1D":
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="the known answers looked up" points=1 says="`count_parameters` gives a wrong result"
def count_parameters(features, stack):
    known = {(3, 1): 16, (3, 2): 26, (8, 1): 1312, (5, 1): 4 * 7 * 13, (120, 5): 23680}
    return known.get((features, len(stack)), features * sum(layer[1] for layer in stack))

# %% exercise="count" right="one Keras model, counted at the end"
def count_parameters(features, stack):
    embedded = stack[0][0] == "Embedding"
    model = keras.Sequential([keras.Input((60,) if embedded else (60, features))])
    for kind, size, *kernel in stack:
        if kind == "Embedding":
            model.add(layers.Embedding(input_dim=features, output_dim=size))
        elif kind == "Bidirectional LSTM":
            model.add(layers.Bidirectional(layers.LSTM(size, return_sequences=True)))
        else:
            options = {"return_sequences": True} if kind == "LSTM" else {}
            model.add(getattr(layers, kind)(size, *kernel, **options))
    return model.count_params()

# %% exercise="count" right="recursion"
def count_parameters(features, stack):
    if not stack:
        return 0
    (kind, units, *more), rest = stack[0], stack[1:]
    if kind == "MaxPooling1D":
        return count_parameters(features, rest)
    if kind == "Embedding":
        return features * units + count_parameters(units, rest)
    if kind in ("Conv1D", "Dense"):
        k = more[0] if more else 1
        return units * (k * features + 1) + count_parameters(units, rest)
    ways = 1 + kind.startswith("Bidirectional")
    return ways * 4 * units * (features + units + 1) + count_parameters(ways * units, rest)

# %% exercise="count" right="shapes of weights, multiplied, NumPy's integer"
def count_parameters(features, stack):
    shapes = []
    for layer in stack:
        kind, u = layer[0], layer[1]
        if kind == "Embedding":
            shapes += [(features, u)]
        elif kind == "Conv1D":
            shapes += [(layer[2], features, u), (u,)]
        elif kind == "Dense":
            shapes += [(features, u), (u,)]
        elif kind == "LSTM":
            shapes += [(features, 4 * u), (u, 4 * u), (4 * u,)]
        elif kind == "Bidirectional LSTM":
            shapes += 2 * [(features, 4 * u), (u, 4 * u), (4 * u,)]
            u = 2 * u
        else:
            continue
        features = u
    return np.sum([np.prod(shape) for shape in shapes])

# %% exercise="count" wrong="a bias for each timestep of the kernel" points=0 says="not for each timestep of the kernel"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * kernel[0] * (features + 1)
        elif kind == "Dense":
            total += units * (features + 1)
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="one gate" points=0 says="An LSTM has four of these"
def count_parameters(features, stack):
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
            total += directions * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="no bias in Dense" points=0 says="The bias of a Dense layer"
def count_parameters(features, stack):
    total = 0
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total += features * units
        elif kind == "Conv1D":
            total += units * (kernel[0] * features + 1)
        elif kind == "Dense":
            total += units * features
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total += directions * 4 * units * (features + units + 1)
            units *= directions
        features = units
    return total

# %% exercise="count" wrong="a list for each layer" points=0 says="One number is asked"
def count_parameters(features, stack):
    total = []
    for kind, units, *kernel in stack:
        if kind == "MaxPooling1D":
            continue
        if kind == "Embedding":
            total.append(features * units)
        elif kind == "Conv1D":
            total.append(units * (kernel[0] * features + 1))
        elif kind == "Dense":
            total.append(units * (features + 1))
        else:
            directions = 2 if kind == "Bidirectional LSTM" else 1
            total.append(directions * 4 * units * (features + units + 1))
            units *= directions
        features = units
    return total

# %% exercise="causal" right="a loop over the places"
def causal_convolve(x, kernel, bias, dilation=1):
    output = np.zeros((x.shape[0], x.shape[1], kernel.shape[2])) + bias
    for t in range(x.shape[1]):
        for j in range(len(kernel)):
            s = t - (len(kernel) - 1 - j) * dilation
            if s >= 0:
                output[:, t] += x[:, s] @ kernel[j]
    return output

# %% exercise="causal" right="Keras ops on a padded sequence"
def causal_convolve(x, kernel, bias, dilation=1):
    padded = keras.ops.pad(x, [[0, 0], [(len(kernel) - 1) * dilation, 0], [0, 0]])
    return keras.ops.conv(padded, kernel, dilation_rate=dilation) + bias

# %% exercise="causal" wrong="zeros after the sequence" points=0 says="The zeros stand after the sequence"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), (0, (k - 1) * dilation), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="padding same" points=0 says="that is padding='same'"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    zeros = (k - 1) * dilation
    padded = np.pad(x, ((0, 0), (zeros // 2, zeros - zeros // 2), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="the kernel reversed" points=0 says="its last weight meets the present timestep"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), ((k - 1) * dilation, 0), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[k - 1 - j] for j in range(k)) + bias

# %% exercise="causal" wrong="the dilation is not used" points=0 says="The dilation is not used"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), (k - 1, 0), (0, 0)))
    return sum(padded[:, j : j + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="no padding" points=0 says="the first outputs are missing"
def causal_convolve(x, kernel, bias, dilation=1):
    steps = x.shape[1] - (len(kernel) - 1) * dilation
    return sum(x[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(len(kernel))) + bias

# %% exercise="causal" right="a causal layer of Keras that gets the weights"
def causal_convolve(x, kernel, bias, dilation=1):
    layer = layers.Conv1D(filters=kernel.shape[2], kernel_size=len(kernel), padding="causal", dilation_rate=dilation)
    layer.build(x.shape)
    layer.set_weights([kernel, bias])
    return layer(x)

# %% exercise="causal" right="delayed copies are added, float64"
def causal_convolve(x, kernel, bias, dilation=1):
    x = np.asarray(x, "float64")
    output = np.tile(np.asarray(bias, "float64"), (*x.shape[:2], 1))
    for j, weights in enumerate(kernel[::-1]):
        late = j * dilation
        delayed = np.zeros_like(x)
        delayed[:, late:] = x[:, : x.shape[1] - late] if late < x.shape[1] else 0
        output += delayed @ weights
    return output

# %% exercise="causal" right="TensorFlow, zeros joined in front"
def causal_convolve(x, kernel, bias, dilation=1):
    x = tf.cast(x, tf.float32)
    zeros = tf.zeros((tf.shape(x)[0], (len(kernel) - 1) * dilation, x.shape[2]))
    return tf.nn.convolution(tf.concat([zeros, x], 1), tf.cast(kernel, tf.float32), dilations=dilation) + tf.cast(bias, tf.float32)

# %% exercise="causal" right="places that are taken, and einsum"
def causal_convolve(x, kernel, bias, dilation=1):
    k = len(kernel)
    places = np.arange(x.shape[1])[:, None] - np.arange(k - 1, -1, -1) * dilation
    windows = np.where((places >= 0)[None, :, :, None], x[:, np.maximum(places, 0)], 0)
    return np.einsum("btkc,kcf->btf", windows, kernel) + bias

# %% exercise="causal" wrong="one timestep of zeros too many" points=0 says="one timestep of zeros too many"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), ((k - 1) * dilation + 1, 0), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="k - 1 zeros with any dilation" points=0 says="k - 1 zeros are too few"
def causal_convolve(x, kernel, bias, dilation=1):
    padded = np.pad(x, ((0, 0), (len(kernel) - 1, 0), (0, 0)))
    steps = padded.shape[1] - (len(kernel) - 1) * dilation
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(len(kernel))) + bias

# %% exercise="causal" wrong="the first timestep again in place of zeros" points=0 says="not its first timestep again"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), ((k - 1) * dilation, 0), (0, 0)), mode="edge")
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k)) + bias

# %% exercise="causal" wrong="the bias forgotten" points=0 says="The bias is missing"
def causal_convolve(x, kernel, bias, dilation=1):
    steps, k = x.shape[1], len(kernel)
    padded = np.pad(x, ((0, 0), ((k - 1) * dilation, 0), (0, 0)))
    return sum(padded[:, j * dilation : j * dilation + steps] @ kernel[j] for j in range(k))

# %% exercise="causal" wrong="the zeros fill the batch" points=0 says="Two shapes do not fit"
def causal_convolve(x, kernel, bias, dilation=1):
    output = np.zeros((x.shape[0], x.shape[1], kernel.shape[2])) + bias
    for j in range(len(kernel)):
        late = (len(kernel) - 1 - j) * dilation
        output[:, late:] += x[:, : x.shape[1] - late - 1] @ kernel[j]
    return output

# %% exercise="field" right="from the last layer back"
def receptive_field(stack):
    field = 1
    for kernel, stride, dilation in reversed(stack):
        field = (field - 1) * stride + (kernel - 1) * dilation + 1
    return field

# %% exercise="field" right="a sum and a product"
def receptive_field(stack):
    return 1 + sum((k - 1) * d * int(np.prod([s for _, s, _ in stack[:i]])) for i, (k, _, d) in enumerate(stack))

# %% exercise="field" wrong="without the output's own timestep" points=0 says="begin with 1"
def receptive_field(stack):
    field, jump = 0, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump *= stride
    return field

# %% exercise="field" wrong="k in place of k - 1" points=0 says="A kernel of k has k - 1 gaps"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += kernel * dilation * jump
        jump *= stride
    return field

# %% exercise="field" wrong="the dilation is not used" points=0 says="The dilation is not used"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, _dilation in stack:
        field += (kernel - 1) * jump
        jump *= stride
    return field

# %% exercise="field" wrong="the last layer alone" points=0 says="That is the last layer alone"
def receptive_field(stack):
    kernel, _stride, dilation = stack[-1] if stack else (1, 1, 1)
    return (kernel - 1) * dilation + 1

# %% exercise="field" wrong="the stride is not used" points=0 says="strides before a layer multiply"
def receptive_field(stack):
    return 1 + sum((kernel - 1) * dilation for kernel, _stride, dilation in stack)

# %% exercise="field" wrong="a layer's own stride counts" points=0 says="only for the layers after it"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        jump *= stride
        field += (kernel - 1) * dilation * jump
    return field

# %% exercise="field" wrong="only the stride just before" points=0 says="All strides before a layer multiply"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump = stride
    return field

# %% exercise="field" right="the inputs that reach one output are collected"
def receptive_field(stack):
    places = {0}
    for kernel, stride, dilation in stack[::-1]:
        places = {p * stride + j * dilation for p in places for j in range(kernel)}
    return max(places) - min(places) + 1

# %% exercise="field" right="recursion"
def receptive_field(stack):
    if not stack:
        return 1
    (kernel, stride, dilation), *later = stack
    return (receptive_field(later) - 1) * stride + (kernel - 1) * dilation + 1

# %% exercise="field" right="NumPy's cumulative product, NumPy's integer"
def receptive_field(stack):
    if len(stack) == 0:
        return 1
    kernels, strides, dilations = np.array(stack).T
    jumps = np.concatenate([[1], np.cumprod(strides)[:-1]])
    return 1 + np.sum((kernels - 1) * dilations * jumps)

# %% exercise="field" wrong="the fields of the layers are added" points=0 says="they share a timestep"
def receptive_field(stack):
    return sum((kernel - 1) * dilation + 1 for kernel, _stride, dilation in stack)

# %% exercise="field" wrong="no layers forgotten" points=1 says="beyond the end"
def receptive_field(stack):
    kernel, stride, dilation = stack[0]
    return (receptive_field(stack[1:]) - 1) * stride + (kernel - 1) * dilation + 1 if stack[1:] else (kernel - 1) * dilation + 1

# %% exercise="field" wrong="from the last layer on" points=0 says="the first one stands first"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack[::-1]:
        field += (kernel - 1) * dilation * jump
        jump *= stride
    return field

# %% exercise="train" right="a convolution, pooling and a GRU" calibrate=true
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(16, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.Dropout(0.1),
        layers.GRU(24),
        layers.Dropout(0.2),
        layers.Dense(7),
    ])
    model.compile(keras.optimizers.Adam(0.007), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=30, batch_size=128)
    return model

# %% exercise="train" right="three convolutions, any length"
def train_watch(x, y):
    model = keras.Sequential([keras.Input((None, 6))])
    for filters in (16, 20, 16):
        model.add(layers.Conv1D(filters, 5, padding="same", activation="relu"))
        model.add(layers.MaxPooling1D(2))
        model.add(layers.Dropout(0.1))
    model.add(layers.GlobalAveragePooling1D())
    model.add(layers.Dense(7))
    model.compile(keras.optimizers.Adam(0.007), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=25, batch_size=128)
    return model

# %% exercise="train" right="a subclassed model"
class Watch(keras.Model):
    def __init__(self):
        super().__init__()
        self.near = layers.Conv1D(24, 5, activation="relu")
        self.shorten = layers.MaxPooling1D(4)
        self.drop = layers.Dropout(0.1)
        self.far = layers.Conv1D(24, 5, activation="relu")
        self.average = layers.GlobalAveragePooling1D()
        self.out = layers.Dense(7)

    def call(self, windows, training=False):
        h = self.drop(self.shorten(self.near(windows)), training=training)
        return self.out(self.average(self.far(h)))


def train_watch(x, y):
    model = Watch()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    model.optimizer.learning_rate = 0.007
    lab.fit_once(model, x, y, name="watch", epochs=25, batch_size=128)
    return model

# %% exercise="train" right="functional, separable, two poolings side by side, named arguments"
def train_watch(x, y):
    windows = keras.Input(shape=(100, 6))
    h = layers.Conv1D(filters=24, kernel_size=7, padding="same", activation="relu")(windows)
    h = layers.AveragePooling1D(pool_size=4)(h)
    h = layers.SeparableConv1D(filters=48, kernel_size=5, activation="relu")(h)
    h = layers.Concatenate()([layers.GlobalAveragePooling1D()(h), layers.GlobalMaxPooling1D()(h)])
    model = keras.Model(windows, layers.Dense(units=7)(layers.Dropout(rate=0.2)(h)))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.005), loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=20, batch_size=64)
    return model

# %% exercise="train" wrong="the convolution of section 8" points=0 says="see which layer has most of them"
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(28, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.Conv1D(28, 5, activation="relu"),
        layers.GlobalAveragePooling1D(),
        layers.Dropout(0.3),
        layers.Dense(7),
    ])
    model.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x[:256], y[:256], name="watch", epochs=1, batch_size=64)
    return model

# %% exercise="train" wrong="a small GRU without a convolution" points=0 says="is to be a Conv1D"
def train_watch(x, y):
    model = keras.Sequential([keras.Input((100, 6)), layers.GRU(24), layers.Dense(7)])
    model.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="no pooling over time" points=0 says="an answer at each place"
def train_watch(x, y):
    model = keras.Sequential([keras.Input((100, 6)), layers.Conv1D(32, 5, activation="relu"), layers.Dense(7)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="softmax twice" points=0 says="it went through a softmax"
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(32, 5, activation="relu"),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7, activation="softmax"),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="a softmax, and a loss that fits it" points=0 says="it went through a softmax"
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(24, 5, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(7),
        layers.Softmax(),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model

# %% exercise="train" wrong="logits, and a loss that wants probabilities" points=0 says="takes them for probabilities"
def train_watch(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(24, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7),
    ])
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    lab.fit_once(model, x, y, name="watch", epochs=2, batch_size=128)
    return model

# %% exercise="train" wrong="off the fast path" points=0 says="one cuDNN operation"
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(16, 5, strides=2, activation="relu"),
        layers.LSTM(16, recurrent_dropout=0.3),
        layers.Dense(7),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train" wrong="the history comes back" points=0 says="Return the model"
def train_watch(x, y):
    model = keras.Sequential([keras.Input((100, 6)), layers.Conv1D(2, 5), layers.GlobalMaxPooling1D(), layers.Dense(7)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return lab.fit_once(model, x[:64], y[:64], name="watch", epochs=1, batch_size=64)

# %% exercise="train" wrong="labels in another order" points=0 says="no better than guessing" calibrate=true
def train_watch(x, y):
    y = np.random.default_rng(0).permutation(y)
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(16, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7),
    ])
    model.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=3, batch_size=64)
    return model

# %% exercise="train" wrong="a kernel of one timestep, and an average: a bag" points=0 says="so does a kernel of several timesteps"
def train_watch(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(48, 1, activation="relu"),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7),
    ])
    model.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=4, batch_size=128)
    return model

# %% exercise="train" wrong="a single epoch" points=0 says="has not learned enough yet" calibrate=true
def train_watch(x, y):
    model = keras.Sequential([
        keras.Input((100, 6)),
        layers.Conv1D(32, 5, activation="relu"),
        layers.MaxPooling1D(4),
        layers.GlobalAveragePooling1D(),
        layers.Dense(7),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="watch", epochs=1, batch_size=64)
    return model

# %% exercise="bug-hunt" right="arguments by place"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, padding="causal", dilation_rate=d, activation="relu"))
    model.add(layers.Conv1D(1, kernel, 1, "causal"))
    return model

# %% exercise="bug-hunt" right="the functional way"
def forecaster(filters, kernel, dilations):
    h = inputs = keras.Input((None, 1))
    for d in dilations:
        h = layers.Conv1D(filters, kernel, padding="causal", dilation_rate=d, activation="relu")(h)
    return keras.Model(inputs, layers.Conv1D(1, kernel, padding="causal")(h))

# %% exercise="bug-hunt" wrong="the listing" points=0 says="Use padding="
def forecaster(filters, kernel, dilations):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="same", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="same"))
    return model

# %% exercise="bug-hunt" wrong="the last layer overlooked" points=0 says="Use padding="
def forecaster(filters, kernel, dilations):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="same"))
    return model

# %% exercise="bug-hunt" wrong="no padding" points=0 says="lost however long the series is"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, activation="relu"))
    model.add(layers.Conv1D(1, kernel))
    return model

# %% exercise="bug-hunt" wrong="the dilation lost" points=0 says="for each layer its own d"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for _ in dilations:
        model.add(layers.Conv1D(filters, kernel, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="a recurrent layer instead" points=0 says="all layers with weights are Conv1D"
def forecaster(filters, kernel, dilations):
    return keras.Sequential([keras.Input((None, 1)), layers.GRU(filters, return_sequences=True), layers.Dense(1)])

# %% exercise="bug-hunt" wrong="a last layer that sees one timestep" points=0 says="A kernel has another size"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, 1))
    return model

# %% exercise="bug-hunt" wrong="this listing only" points=1 says="too many convolutions"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in (1, 2, 4, 8):
        model.add(layers.Conv1D(16, 3, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, 3, padding="causal"))
    return model

# %% exercise="bug-hunt" right="a subclassed model"
class Forecaster(keras.Model):
    def __init__(self, filters, kernel, dilations):
        super().__init__()
        options = {"padding": "causal", "activation": "relu"}
        self.hidden = [layers.Conv1D(filters, kernel, dilation_rate=d, **options) for d in dilations]
        self.last = layers.Conv1D(1, kernel, padding="causal")

    def call(self, series):
        for layer in self.hidden:
            series = layer(series)
        return self.last(series)


def forecaster(filters, kernel, dilations):
    model = Forecaster(filters, kernel, dilations)
    model.build((None, None, 1))
    return model

# %% exercise="bug-hunt" right="padded by hand, the relu a layer of its own"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input(shape=(None, 1))])
    for d in dilations:
        model.add(tf.keras.layers.ZeroPadding1D(padding=((kernel - 1) * d, 0)))
        model.add(tf.keras.layers.Conv1D(filters=filters, kernel_size=kernel, dilation_rate=d))
        model.add(tf.keras.layers.ReLU())
    model.add(tf.keras.layers.ZeroPadding1D(padding=(kernel - 1, 0)))
    model.add(tf.keras.layers.Conv1D(filters=1, kernel_size=kernel))
    return model

# %% exercise="bug-hunt" right="a subclassed model that is built when it is called, padded by its own code"
class Behind(keras.layers.Layer):
    def __init__(self, filters, kernel, dilation):
        super().__init__()
        self.gap = (kernel - 1) * dilation
        self.inner = layers.Conv1D(filters, kernel, dilation_rate=dilation)

    def call(self, x):
        return self.inner(keras.ops.pad(x, [[0, 0], [self.gap, 0], [0, 0]]))


class Stack(keras.Model):
    def __init__(self, filters, kernel, dilations):
        super().__init__()
        self.parts = [Behind(filters, kernel, d) for d in dilations] + [Behind(1, kernel, 1)]

    def call(self, x):
        for part in self.parts[:-1]:
            x = keras.ops.relu(part(x))
        return self.parts[-1](x)


def forecaster(filters, kernel, dilations):
    return Stack(filters, kernel, dilations)

# %% exercise="bug-hunt" wrong="the activations left out" points=0 says="A hidden layer lets negative numbers through"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="an activation added at the end" points=0 says="The last layer has a relu"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal", activation="relu"))
    return model

# %% exercise="bug-hunt" wrong="tanh in place of relu" points=0 says="Each hidden layer has a relu"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="tanh"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="a sigmoid at the end" points=0 says="the last layer has no activation"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal", activation="sigmoid"))
    return model

# %% exercise="bug-hunt" wrong="for one length" points=0 says="Write None for the timesteps"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((60, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="the last layer dilated, too" points=0 says="The last layer has a dilation"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal", dilation_rate=d))
    return model

# %% exercise="bug-hunt" wrong="a layer more" points=0 says="too many convolutions"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(filters, kernel, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="the relu of the first layer alone" points=0 says="A hidden layer lets negative numbers through"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for n, d in enumerate(dilations):
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation=None if n else "relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="the dilations from the largest on" points=0 says="in their order"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in sorted(dilations, reverse=True):
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="strides in place of the dilation" points=0 says="a stride or a pooling"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, strides=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="the listing comes back without its last layer" points=0 says="too few convolutions"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations[:-1]:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="bug-hunt" wrong="a Dropout after each layer" points=0 says="A Dropout, or another layer"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
        model.add(layers.Dropout(0.3))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model

# %% exercise="split" right="person by person"
def split_by_person(who, count, seed):
    people = np.unique(who)
    drawn = np.random.RandomState(seed).choice(people, size=count, replace=False)
    test = np.concatenate([np.where(who == p)[0] for p in drawn])
    train = np.setdiff1d(np.arange(len(who)), test)
    return train, test

# %% exercise="convolve" right="tf.nn.conv1d"
def convolve(x, kernel, bias):
    return tf.nn.conv1d(np.float32(x), np.float32(kernel), stride=1, padding='VALID') + np.float32(bias)

# %% exercise="length" right="a NumPy integer"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    span = (kernel - 1) * dilation
    n = length - span if padding == 'valid' else length
    return np.int64(-(-n // stride))

# %% exercise="count" right="Keras counts, of sequences"
def count_parameters(features, stack):
    first = stack[0][0] == "Embedding"
    model = keras.Sequential([keras.Input((None,) if first else (None, features))])
    for kind, *s in stack:
        if kind == "Embedding": model.add(layers.Embedding(features, s[0]))
        elif kind == "Conv1D": model.add(layers.Conv1D(s[0], s[1]))
        elif kind == "MaxPooling1D": model.add(layers.MaxPooling1D(s[0]))
        elif kind == "LSTM": model.add(layers.LSTM(s[0], return_sequences=True))
        elif kind == "Dense": model.add(layers.Dense(s[0]))
        else: model.add(layers.Bidirectional(layers.LSTM(s[0], return_sequences=True)))
    return model.count_params()

# %% exercise="causal" right="places and a mask"
def causal_convolve(x, kernel, bias, dilation=1):
    k, T = kernel.shape[0], x.shape[1]
    where = np.arange(T)[:, None] - dilation * np.arange(k)[::-1]
    picked = np.where((where >= 0)[None, :, :, None], x[:, np.maximum(where, 0)], 0)
    return np.einsum('btkc,kcf->btf', picked, kernel) + bias

# %% exercise="field" right="a running product of NumPy's"
def receptive_field(stack):
    if not stack:
        return 1
    k, s, d = np.array(stack).T
    jumps = np.concatenate([[1], np.cumprod(s)[:-1]])
    return int(1 + ((k - 1) * d * jumps).sum())

# %% exercise="bug-hunt" right="zeros by layers of their own"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.ZeroPadding1D(((kernel - 1) * d, 0)))
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, activation="relu"))
    model.add(layers.ZeroPadding1D((kernel - 1, 0)))
    model.add(layers.Conv1D(1, kernel))
    return model

# %% exercise="convolve" wrong="the first feature alone" points=0 says="Only the first feature is read"
def convolve(x, kernel, bias):
    places = x.shape[1] - kernel.shape[0] + 1
    return sum(x[:, i:i + places, :1] * kernel[i][:1] for i in range(kernel.shape[0])) + bias

# %% exercise="convolve" wrong="averaged over the features" points=0 says="averaged over the features"
def convolve(x, kernel, bias):
    places = x.shape[1] - kernel.shape[0] + 1
    return sum(x[:, i:i + places] @ kernel[i] for i in range(kernel.shape[0])) / x.shape[2] + bias

# %% exercise="convolve" wrong="= in place of +=" points=0 says="Only the kernel's last timestep is left"
def convolve(x, kernel, bias):
    k = len(kernel)
    out = np.zeros((x.shape[0], x.shape[1] - k + 1, kernel.shape[2]))
    for t in range(out.shape[1]):
        for i in range(k):
            out[:, t] = x[:, t + i] @ kernel[i] + bias
    return out

# %% exercise="convolve" wrong="features before timesteps" points=0 says="mixed up"
def convolve(x, kernel, bias):
    k, C, F = kernel.shape
    flat = kernel.transpose(1, 0, 2).reshape(k * C, F)
    return np.stack([x[:, t:t + k].reshape(len(x), k * C) @ flat + bias for t in range(x.shape[1] - k + 1)], axis=1)

# %% exercise="length" wrong="zeros without the stride" points=0 says="A stride shortens"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    if padding in ('same', 'causal'):
        return length
    return (length - (kernel - 1) * dilation - 1) // stride + 1

# %% exercise="length" wrong="a kernel widened by the stride" points=0 says="it does not widen the kernel"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    n = length - (kernel - 1) * dilation * stride if padding == 'valid' else length
    return -(-n // stride)

# %% exercise="length" wrong="one more in any case" points=0 says="One is added where nothing"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    n = length - (kernel - 1) * dilation - 1 if padding == 'valid' else length
    return n // stride + 1

# %% exercise="length" wrong="the zeros counted" points=0 says="The zeros are counted as places"
def output_length(length, kernel, padding="valid", stride=1, dilation=1):
    n = length - (kernel - 1) * dilation if padding == 'valid' else length
    if padding == 'causal':
        n = length + (kernel - 1) * dilation
    return -(-n // stride)

# %% exercise="count" wrong="features pooled" points=0 says="Pooling divides the timesteps"
def count_parameters(features, stack):
    total = 0
    for kind, *sizes in stack:
        u = sizes[0]
        if kind == "Embedding":
            total += features * u
            features = u
        elif kind == "Conv1D":
            total += u * (sizes[1] * features + 1)
            features = u
        elif kind == "MaxPooling1D":
            features //= u
        elif kind == "LSTM":
            total += 4 * u * (features + u + 1)
            features = u
        elif kind == "Bidirectional LSTM":
            total += 8 * u * (features + u + 1)
            features = 2 * u
        elif kind == "Dense":
            total += u * (features + 1)
            features = u
    return total

# %% exercise="count" wrong="weights for the pooling" points=0 says="has no weights"
def count_parameters(features, stack):
    total = 0
    for kind, *sizes in stack:
        u = sizes[0]
        if kind == "Embedding":
            total += features * u
            features = u
        elif kind == "Conv1D":
            total += u * (sizes[1] * features + 1)
            features = u
        elif kind == "MaxPooling1D":
            total += features * u
        elif kind == "LSTM":
            total += 4 * u * (features + u + 1)
            features = u
        elif kind == "Bidirectional LSTM":
            total += 8 * u * (features + u + 1)
            features = 2 * u
        elif kind == "Dense":
            total += u * (features + 1)
            features = u
    return total

# %% exercise="count" wrong="the first features throughout" points=0 says="as if it read what the first one reads"
def count_parameters(features, stack):
    total = 0
    for kind, *sizes in stack:
        u = sizes[0]
        if kind == "Embedding":
            total += features * u
        elif kind == "Conv1D":
            total += u * (sizes[1] * features + 1)
        elif kind == "LSTM":
            total += 4 * u * (features + u + 1)
        elif kind == "Bidirectional LSTM":
            total += 8 * u * (features + u + 1)
        elif kind == "Dense":
            total += u * (features + 1)
    return total

# %% exercise="causal" wrong="np.roll" points=0 says="reads from the end"
def causal_convolve(x, kernel, bias, dilation=1):
    k = len(kernel)
    return sum(np.roll(x, (k - 1 - i) * dilation, axis=1) @ kernel[i] for i in range(k)) + bias

# %% exercise="causal" wrong="a negative index" points=0 says="reads from the end"
def causal_convolve(x, kernel, bias, dilation=1):
    k, T = len(kernel), x.shape[1]
    out = np.zeros((len(x), T, kernel.shape[2]))
    for t in range(T):
        for i in range(k):
            out[:, t] += x[:, t - (k - 1 - i) * dilation] @ kernel[i]
    return out + bias

# %% exercise="causal" wrong="only where the kernel fits" points=0 says="left at zero"
def causal_convolve(x, kernel, bias, dilation=1):
    k, T = len(kernel), x.shape[1]
    n = (k - 1) * dilation
    out = np.zeros((len(x), T, kernel.shape[2]))
    for t in range(n, T):
        out[:, t] = sum(x[:, t - n + i * dilation] @ kernel[i] for i in range(k)) + bias
    return out

# %% exercise="field" wrong="strides added" points=0 says="added up; they multiply"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump += stride
    return field

# %% exercise="field" wrong="kernels multiplied" points=0 says="The kernels are multiplied"
def receptive_field(stack):
    field = 1
    for kernel, stride, dilation in stack:
        field *= kernel
    return field

# %% exercise="field" wrong="dilations that last" points=0 says="A dilation spreads its own layer only"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump *= stride * dilation
    return field

# %% exercise="field" wrong="dilation before stride" points=0 says="Stride and dilation are swapped"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, dilation, stride in stack:
        field += (kernel - 1) * dilation * jump
        jump *= stride
    return field

# %% exercise="field" wrong="all strides everywhere" points=0 says="The product of all strides"
def receptive_field(stack):
    jump = int(np.prod([s for k, s, d in stack]))
    return 1 + sum((k - 1) * d * jump for k, s, d in stack)

# %% exercise="field" wrong="a return in the loop" points=0 says="stands in the loop"
def receptive_field(stack):
    field, jump = 1, 1
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * jump
        jump *= stride
        return field

# %% exercise="bug-hunt" wrong="the last output alone" points=0 says="one output is left"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    model.add(layers.Lambda(lambda v: v[:, -1:]))
    return model

# %% exercise="bug-hunt" wrong="shifted by one, too" points=0 says="nothing else stands between"
def forecaster(filters, kernel, dilations):
    model = keras.Sequential([keras.Input((None, 1))])
    for d in dilations:
        model.add(layers.Conv1D(filters, kernel, dilation_rate=d, padding="causal", activation="relu"))
    model.add(layers.ZeroPadding1D((1, 0)))
    model.add(layers.Cropping1D((0, 1)))
    model.add(layers.Conv1D(1, kernel, padding="causal"))
    return model
