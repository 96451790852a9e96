# Right and wrong answers to the exercises of 09_linear_recurrence: see docs/AUTHORING.md.

# %% exercise="loop" right="filled in place"
def linear_loop(a, b, h):
    states = np.empty(b.shape)
    for t in range(b.shape[1]):
        states[:, t] = h = a[:, t] * h + b[:, t]
    return states

# %% exercise="loop" right="row by row, in Python lists"
def linear_loop(a, b, h):
    rows = []
    for shares, inputs, state in zip(a, b, h):
        row = []
        for share, new in zip(shares, inputs):
            state = share * state + new
            row.append(state)
        rows.append(row)
    return np.array(rows)

# %% exercise="loop" right="keras.ops.scan"
def linear_loop(a, b, h):
    steps = [keras.ops.convert_to_tensor(np.moveaxis(part, 1, 0)) for part in (a, b)]
    after = lambda state, step: (step[0] * state + step[1],) * 2
    _, states = keras.ops.scan(after, keras.ops.convert_to_tensor(h), steps)
    return keras.ops.moveaxis(states, 0, 1)

# %% exercise="loop" right="TensorFlow, time first"
def linear_loop(a, b, h):
    import tensorflow as tf

    steps = tf.transpose(a, [1, 0, 2]), tf.transpose(b, [1, 0, 2])
    states = tf.scan(lambda state, step: step[0] * state + step[1], steps, initializer=tf.constant(h))
    return tf.transpose(states, [1, 0, 2])

# %% exercise="loop" right="without a loop: products of the shares after each input"
def linear_loop(a, b, h):
    out = []
    for t in range(len(b[0])):
        later = [np.prod(a[:, s + 1 : t + 1], axis=1) for s in range(-1, t + 1)]
        inputs = [h, *(b[:, s] for s in range(t + 1))]
        out.append(sum(share * new for share, new in zip(later, inputs)))
    return np.stack(out, 1)

# %% exercise="loop" wrong="from zeros" points=0 says="It begins from zeros"
def linear_loop(a, b, h):
    h, states = np.zeros_like(h), []
    for t in range(b.shape[1]):
        h = a[:, t] * h + b[:, t]
        states.append(h)
    return np.stack(states, axis=1)

# %% exercise="loop" wrong="the state never moves" points=0 says="the state just made that goes on"
def linear_loop(a, b, h):
    return np.stack([a[:, t] * h + b[:, t] for t in range(b.shape[1])], axis=1)

# %% exercise="loop" wrong="time first" points=0 says="axes stand in another order"
def linear_loop(a, b, h):
    states = []
    for t in range(b.shape[1]):
        h = a[:, t] * h + b[:, t]
        states.append(h)
    return np.stack(states)

# %% exercise="loop" wrong="only the last state" points=0 says="only its last place was taken"
def linear_loop(a, b, h):
    for t in range(b.shape[1]):
        h = a[:, t] * h + b[:, t]
    return h

# %% exercise="loop" wrong="the first state in front" points=0 says="is not part of the result"
def linear_loop(a, b, h):
    states = [h]
    for t in range(b.shape[1]):
        states.append(a[:, t] * states[-1] + b[:, t])
    return np.stack(states, axis=1)

# %% exercise="loop" wrong="kept before it is updated" points=0 says="the state before timestep t"
def linear_loop(a, b, h):
    states = []
    for t in range(b.shape[1]):
        states.append(h)
        h = a[:, t] * h + b[:, t]
    return np.stack(states, axis=1)

# %% exercise="loop" wrong="a mixture" points=0 says="not multiplied by 1 - a"
def linear_loop(a, b, h):
    states = []
    for t in range(b.shape[1]):
        h = a[:, t] * h + (1 - a[:, t]) * b[:, t]
        states.append(h)
    return np.stack(states, axis=1)

# %% exercise="loop" wrong="a and b exchanged" points=0 says="a and b are exchanged"
def linear_loop(a, b, h):
    states = []
    for t in range(b.shape[1]):
        h = b[:, t] * h + a[:, t]
        states.append(h)
    return np.stack(states, axis=1)

# %% exercise="loop" wrong="batch and time exchanged" points=0 says="Two shapes do not fit"
def linear_loop(a, b, h):
    states = []
    for t in range(b.shape[0]):
        h = a[t] * h + b[t]
        states.append(h)
    return np.stack(states, axis=1)

# %% exercise="loop" right="by recursion, keras.ops"
def linear_loop(a, b, h):
    new = keras.ops.add(keras.ops.multiply(a[:, 0], h), b[:, 0])
    if a.shape[1] == 1:
        return keras.ops.expand_dims(new, 1)
    rest = linear_loop(a[:, 1:], b[:, 1:], new)
    return keras.ops.concatenate([keras.ops.expand_dims(new, 1), rest], axis=1)

# %% exercise="loop" wrong="one array changed in place and collected" points=0 says="collect a copy"
def linear_loop(a, b, h):
    out = []
    for t in range(b.shape[1]):
        h *= a[:, t]
        h += b[:, t]
        out.append(h)
    return np.stack(out, axis=1)

# %% exercise="loop" wrong="the share of the timestep before" points=0 says="the share of timestep t stands at"
def linear_loop(a, b, h):
    out = []
    for t in range(b.shape[1]):
        h = a[:, t - 1] * h + b[:, t]
        out.append(h)
    return np.stack(out, axis=1)

# %% exercise="loop" wrong="the share multiplies b as well" points=0 says="The share multiplies the state alone"
def linear_loop(a, b, h):
    out = []
    for t in range(b.shape[1]):
        h = a[:, t] * (h + b[:, t])
        out.append(h)
    return np.stack(out, axis=1)

# %% exercise="combine" right="unpacked"
def combine(first, then):
    (a1, b1), (a2, b2) = first, then
    return a1 * a2, b1 * a2 + b2

# %% exercise="combine" right="by what it does to 0 and 1"
def combine(first, then):
    def both(h):
        h = first[0] * h + first[1]
        return then[0] * h + then[1]

    return both(1) - both(0), both(0)

# %% exercise="combine" right="keras.ops, a list"
def combine(first, then):
    a = keras.ops.multiply(*(keras.ops.convert_to_tensor(np.asarray(p[0])) for p in (first, then)))
    b = keras.ops.add(keras.ops.multiply(np.asarray(then[0]), np.asarray(first[1])), np.asarray(then[1]))
    return [a, b]

# %% exercise="combine" right="a product of matrices"
def combine(first, then):
    one, two = (np.stack([np.stack([p[0], p[1]], -1), np.stack([np.zeros_like(p[0]), np.ones_like(p[0])], -1)], -2) for p in (first, then))
    both = two @ one
    return both[..., 0, 0], both[..., 0, 1]

# %% exercise="combine" wrong="the other order" points=0 says="That is the other order"
def combine(first, then):
    return first[0] * then[0], first[0] * then[1] + first[1]

# %% exercise="combine" wrong="its own share" points=0 says="not by its own"
def combine(first, then):
    return first[0] * then[0], first[0] * first[1] + then[1]

# %% exercise="combine" wrong="sums of both" points=0 says="Merging is not adding"
def combine(first, then):
    return first[0] + then[0], first[1] + then[1]

# %% exercise="combine" wrong="b is only added" points=0 says="it is multiplied there"
def combine(first, then):
    return first[0] * then[0], first[1] + then[1]

# %% exercise="combine" wrong="the shares are added" points=0 says="The shares multiply"
def combine(first, then):
    return first[0] + then[0], then[0] * first[1] + then[1]

# %% exercise="combine" wrong="the last b is missing" points=0 says="What `then` adds is missing"
def combine(first, then):
    return first[0] * then[0], then[0] * first[1]

# %% exercise="combine" wrong="turned round" points=0 says="the share first"
def combine(first, then):
    return then[0] * first[1] + then[1], first[0] * then[0]

# %% exercise="combine" wrong="one array" points=0 says="Only b is returned"
def combine(first, then):
    return then[0] * first[1] + then[1]

# %% exercise="combine" wrong="what then adds is multiplied by its own share" points=0 says="its share does not multiply it"
def combine(first, then):
    return first[0] * then[0], then[0] * (first[1] + then[1])

# %% exercise="combine" wrong="a function of the state" points=0 says="Return what it gives"
def combine(first, then):
    return lambda h: then[0] * (first[0] * h + first[1]) + then[1]

# %% exercise="scan" right="rolled, and the beginning put back"
def doubling_scan(merge, pair):
    timesteps = pair[0].shape[1]
    place, far = np.arange(timesteps)[None, :, None], 1
    while far < timesteps:
        before = tuple(np.roll(part, far, axis=1) for part in pair)
        pair = tuple(np.where(place < far, old, new) for old, new in zip(pair, merge(before, pair)))
        far *= 2
    return pair

# %% exercise="scan" right="written in place"
def doubling_scan(merge, pair):
    a, b = (np.array(part) for part in pair)
    for power in range(int(np.ceil(np.log2(a.shape[1])))):
        far = 2**power
        a[:, far:], b[:, far:] = merge((a[:, :-far].copy(), b[:, :-far].copy()), (a[:, far:].copy(), b[:, far:].copy()))
    return a, b

# %% exercise="scan" right="recursive, doubling"
def doubling_scan(merge, pair, far=1):
    if far >= pair[0].shape[1]:
        return pair
    met = merge([part[:, :-far] for part in pair], [part[:, far:] for part in pair])
    return doubling_scan(merge, [np.concatenate([part[:, :far], new], 1) for part, new in zip(pair, met)], 2 * far)

# %% exercise="scan" right="keras.ops"
def doubling_scan(merge, pair):
    pair, far = [keras.ops.convert_to_tensor(part) for part in pair], 1
    while far < pair[0].shape[1]:
        new = merge(tuple(part[:, :-far] for part in pair), tuple(part[:, far:] for part in pair))
        pair = [keras.ops.concatenate([part[:, :far], keras.ops.cast(keras.ops.convert_to_tensor(after), part.dtype)], axis=1) for part, after in zip(pair, new)]
        far *= 2
    return tuple(pair)

# %% exercise="scan" right="halves: the first half's last place goes through the second half"
def doubling_scan(merge, pair):
    a, b = np.array(pair[0]), np.array(pair[1])
    timesteps, size = a.shape[1], 1
    while size < timesteps:
        late = np.arange(timesteps) // size % 2 == 1
        last = (np.arange(timesteps) // size * size - 1)[late]
        a[:, late], b[:, late] = merge((a[:, last], b[:, last]), (a[:, late], b[:, late]))
        size *= 2
    return a, b

# %% exercise="scan" wrong="a loop" points=0 says="it is a loop"
def doubling_scan(merge, pair):
    a, b = (np.array(part) for part in pair)
    for t in range(1, a.shape[1]):
        a[:, t], b[:, t] = merge((a[:, t - 1], b[:, t - 1]), (a[:, t], b[:, t]))
    return a, b

# %% exercise="scan" wrong="the two arguments turned round" points=0 says="The order is turned round"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[1]:
        new_a, new_b = merge((a[:, far:], b[:, far:]), (a[:, :-far], b[:, :-far]))
        a = np.concatenate([a[:, :far], new_a], axis=1)
        b = np.concatenate([b[:, :far], new_b], axis=1)
        far *= 2
    return a, b

# %% exercise="scan" wrong="far grows by one" points=0 says="Each doubles how far"
def doubling_scan(merge, pair):
    a, b = pair
    for far in range(1, a.shape[1]):
        new_a, new_b = merge((a[:, :-far], b[:, :-far]), (a[:, far:], b[:, far:]))
        a = np.concatenate([a[:, :far], new_a], axis=1)
        b = np.concatenate([b[:, :far], new_b], axis=1)
    return a, b

# %% exercise="scan" wrong="one and zero stand in for what is before the first" points=0 says="nothing is known of `merge`"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[1]:
        before_a = np.concatenate([np.ones_like(a[:, :far]), a[:, :-far]], axis=1)
        before_b = np.concatenate([np.zeros_like(b[:, :far]), b[:, :-far]], axis=1)
        a, b = merge((before_a, before_b), (a, b))
        far *= 2
    return a, b

# %% exercise="scan" wrong="one round only" points=0 says="too few rounds"
def doubling_scan(merge, pair):
    a, b = pair
    new_a, new_b = merge((a[:, :-1], b[:, :-1]), (a[:, 1:], b[:, 1:]))
    return np.concatenate([a[:, :1], new_a], axis=1), np.concatenate([b[:, :1], new_b], axis=1)

# %% exercise="scan" wrong="the beginning is dropped" points=0 says="Each place keeps its result"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[1]:
        a, b = merge((a[:, :-far], b[:, :-far]), (a[:, far:], b[:, far:]))
        far *= 2
    return a, b

# %% exercise="scan" wrong="the merge of lesson 9 written in" points=0 says="It is an argument"
def doubling_scan(merge, pair):
    a, b = (np.array(part) for part in pair)
    far = 1
    while far < a.shape[1]:
        b[:, far:] = a[:, far:] * b[:, :-far] + b[:, far:]
        a[:, far:] = a[:, far:] * a[:, :-far]
        far *= 2
    return a, b

# %% exercise="scan" wrong="sides of unequal length" points=0 says="All four arrays have one shape"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[1]:
        new_a, new_b = merge((a[:, :-far], b[:, :-far]), (a, b))
        a = np.concatenate([a[:, :far], new_a], axis=1)
        b = np.concatenate([b[:, :far], new_b], axis=1)
        far *= 2
    return a, b

# %% exercise="scan" wrong="only b comes back" points=0 says="Both parts are asked"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[1]:
        new_a, new_b = merge((a[:, :-far], b[:, :-far]), (a[:, far:], b[:, far:]))
        a = np.concatenate([a[:, :far], new_a], axis=1)
        b = np.concatenate([b[:, :far], new_b], axis=1)
        far *= 2
    return b

# %% exercise="scan" right="index arrays, round by round"
def doubling_scan(merge, pair):
    steps = pair[0].shape[1]
    place = np.arange(steps)
    out = tuple(np.array(p) for p in pair)
    for r in range(int(np.ceil(np.log2(steps)))):
        far = 2 ** r
        later = place[place >= far]
        merged = merge(tuple(p[:, later - far] for p in out), tuple(p[:, later] for p in out))
        out = tuple(p.copy() for p in out)
        for p, m in zip(out, merged):
            p[:, later] = m
    return out

# %% exercise="scan" wrong="along the batch" points=0 says="along axis 0, the sequences of the batch"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[0]:
        na, nb = merge((a[:-far], b[:-far]), (a[far:], b[far:]))
        a = np.concatenate([a[:far], na], axis=0)
        b = np.concatenate([b[:far], nb], axis=0)
        far *= 2
    return a, b

# %% exercise="scan" wrong="zeros stand in for what is before the first" points=0 says="nothing is known of `merge`"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[1]:
        pa = np.pad(a, ((0, 0), (far, 0), (0, 0)))[:, :-far]
        pb = np.pad(b, ((0, 0), (far, 0), (0, 0)))[:, :-far]
        a, b = merge((pa, pb), (a, b))
        far *= 2
    return a, b

# %% exercise="scan" wrong="np.roll wraps round" points=0 says="nothing is known of `merge`"
def doubling_scan(merge, pair):
    a, b = pair
    far = 1
    while far < a.shape[1]:
        a, b = merge((np.roll(a, far, axis=1), np.roll(b, far, axis=1)), (a, b))
        far *= 2
    return a, b

# %% exercise="kernel" right="a loop over the lags"
def causal_kernel(a, timesteps):
    kernel = np.zeros((timesteps, len(a), 1))
    for k in range(timesteps):
        kernel[timesteps - 1 - k, :, 0] = a**k
    return kernel

# %% exercise="kernel" right="cumulative products, turned round"
def causal_kernel(a, timesteps):
    rows = np.vstack([np.ones((1, len(a))), np.tile(a, (timesteps - 1, 1))])
    return np.cumprod(rows, axis=0)[::-1, :, None]

# %% exercise="kernel" right="nested lists"
def causal_kernel(a, timesteps):
    return [[[float(share) ** (timesteps - 1 - k)] for share in a] for k in range(timesteps)]

# %% exercise="kernel" right="what the loop answers to a one"
def causal_kernel(a, timesteps):
    h, answers = np.ones(len(a)), []
    for _ in range(timesteps):
        answers.insert(0, h)
        h = a * h
    return np.expand_dims(np.stack(answers), -1)

# %% exercise="kernel" right="keras.ops"
def causal_kernel(a, timesteps):
    lags = keras.ops.flip(keras.ops.arange(timesteps, dtype="float32"))
    return keras.ops.power(keras.ops.cast(a, "float32")[None, :, None], lags[:, None, None])

# %% exercise="kernel" wrong="not turned round" points=0 says="It is turned round"
def causal_kernel(a, timesteps):
    return (a ** np.arange(timesteps)[:, None])[:, :, None]

# %% exercise="kernel" wrong="from the first power on" points=0 says="one power too many"
def causal_kernel(a, timesteps):
    return (a ** np.arange(1, timesteps + 1)[::-1, None])[:, :, None]

# %% exercise="kernel" wrong="no last axis" points=0 says="of size 1, is missing"
def causal_kernel(a, timesteps):
    return a ** np.arange(timesteps)[::-1, None]

# %% exercise="kernel" wrong="units first" points=0 says="axes stand in another order"
def causal_kernel(a, timesteps):
    return (a[:, None] ** np.arange(timesteps)[::-1])[:, :, None]

# %% exercise="kernel" wrong="scaled to a sum of one" points=0 says="not scaled to a sum of 1"
def causal_kernel(a, timesteps):
    kernel = (a ** np.arange(timesteps)[::-1, None])[:, :, None]
    return kernel / kernel.sum(axis=0)

# %% exercise="kernel" wrong="times in place of to the power" points=0 says="not by an amount"
def causal_kernel(a, timesteps):
    return (a * np.arange(timesteps)[::-1, None])[:, :, None]

# %% exercise="kernel" wrong="ones" points=0 says="same value everywhere"
def causal_kernel(a, timesteps):
    return np.ones((timesteps, len(a), 1))

# %% exercise="kernel" wrong="units at the end" points=0 says="They are (timesteps, units, 1)"
def causal_kernel(a, timesteps):
    return a ** np.arange(timesteps)[::-1].reshape(-1, 1, 1)

# %% exercise="kernel" wrong="reshape in place of a transpose" points=0 says="np.swapaxes exchanges axes"
def causal_kernel(a, timesteps):
    return (a[:, None] ** np.arange(timesteps)[::-1]).reshape(timesteps, -1, 1)

# %% exercise="kernel" wrong="one entry too many" points=0 says="along axis 0 (the timesteps)"
def causal_kernel(a, timesteps):
    return (a ** np.arange(timesteps, -1, -1)[:, None])[:, :, None]

# %% exercise="memory" right="complex numbers"
def steps_to(share, real, imaginary):
    return np.ceil(np.log(share) / np.log(np.abs(real + 1j * imaginary))).astype(int)

# %% exercise="memory" right="counted"
def steps_to(share, real, imaginary):
    found = []
    for x, y in zip(real, imaginary):
        k, left = 0, 1.0
        while left > share:
            k, left = k + 1, left * abs(complex(x, y))
        found.append(k)
    return np.array(found)

# %% exercise="memory" right="a table of powers, argmax"
def steps_to(share, real, imaginary):
    size = np.hypot(real, imaginary)
    powers = size[None] ** np.arange(5000)[:, None]
    return np.argmax(powers <= share, axis=0)

# %% exercise="memory" right="a list of math.ceil"
def steps_to(share, real, imaginary):
    import math

    return [math.ceil(math.log(share) / math.log(math.hypot(x, y))) for x, y in zip(real, imaginary)]

# %% exercise="memory" wrong="rounded down" points=0 says="round up"
def steps_to(share, real, imaginary):
    return (np.log(share) / np.log(np.hypot(real, imaginary))).astype(int)

# %% exercise="memory" wrong="the real part only" points=0 says="The imaginary part counts"
def steps_to(share, real, imaginary):
    with np.errstate(divide="ignore"):
        return np.ceil(np.log(share) / np.log(np.abs(real))).astype(int)

# %% exercise="memory" wrong="no square root" points=0 says="the root is missing"
def steps_to(share, real, imaginary):
    return np.ceil(np.log(share) / np.log(real**2 + imaginary**2)).astype(int)

# %% exercise="memory" wrong="one too many" points=0 says="one timestep too many"
def steps_to(share, real, imaginary):
    return (np.log(share) / np.log(np.hypot(real, imaginary))).astype(int) + 2

# %% exercise="memory" wrong="fractions of a timestep" points=0 says="steps_to"
def steps_to(share, real, imaginary):
    return np.log(share) / np.log(np.hypot(real, imaginary))

# %% exercise="memory" wrong="what is lost" points=0 says="it asks when the share is left"
def steps_to(share, real, imaginary):
    return np.ceil(np.log(1 - share) / np.log(np.hypot(real, imaginary))).astype(int)

# %% exercise="memory" wrong="the quotient turned round" points=0 says="steps_to"
def steps_to(share, real, imaginary):
    return np.ceil(np.log(np.hypot(real, imaginary)) / np.log(share)).astype(int)

# %% exercise="memory" wrong="the parts added" points=0 says="squared before they are added"
def steps_to(share, real, imaginary):
    return np.ceil(np.log(share) / np.log(np.abs(real) + np.abs(imaginary))).astype(int)

# %% exercise="memory" right="the logarithm of a complex number, looked at again"
def steps_to(share, real, imaginary):
    a = np.asarray(real) + 1j * np.asarray(imaginary)
    k = np.ceil(np.log(share) / np.log(a).real).astype(int)
    k = np.maximum(k, 0)
    k = np.where(np.abs(a) ** np.maximum(k - 1, 0) <= share, np.maximum(k - 1, 0), k)
    return np.where(np.abs(a) ** k > share, k + 1, k)

# %% exercise="memory" wrong="floor and one more" points=0 says="at most the share includes it"
def steps_to(share, real, imaginary):
    return np.floor(np.log(share) / np.log(np.hypot(real, imaginary))).astype(int) + 1

# %% exercise="memory" wrong="the real part of the power" points=0 says="which turns"
def steps_to(share, real, imaginary):
    a = real + 1j * imaginary
    return np.array([next(k for k in range(10000) if (z ** k).real <= share) for z in a])

# %% exercise="min-gru-step" right="keras.ops"
def min_gru_step(x, h, kernel, bias):
    gate, new = keras.ops.split(keras.ops.matmul(x, kernel) + bias, 2, axis=-1)
    z = keras.ops.sigmoid(gate)
    return h + z * (new - h)

# %% exercise="min-gru-step" right="slices of the kernel"
def min_gru_step(x, h, kernel, bias):
    units = h.shape[1]
    z = 1 / (1 + np.exp(-(x @ kernel[:, :units] + bias[:units])))
    return (1 - z) * h + z * (x @ kernel[:, units:] + bias[units:])

# %% exercise="min-gru-step" right="TensorFlow"
def min_gru_step(x, h, kernel, bias):
    import tensorflow as tf

    both = tf.linalg.matmul(x, kernel) + bias
    z = tf.sigmoid(both[:, : h.shape[-1]])
    return (1 - z) * h + z * both[:, h.shape[-1] :]

# %% exercise="min-gru-step" right="the course's layer, one timestep long"
def min_gru_step(x, h, kernel, bias):
    layer = MinGRU(h.shape[1], dtype="float64")
    layer.build((None, 1, x.shape[1]))
    layer.set_weights([kernel, bias])
    return layer(x[:, None], initial_state=h)

# %% exercise="min-gru-step" right="a tanh that is a sigmoid"
def min_gru_step(x, h, kernel, bias):
    gate, new = np.hsplit(np.einsum("bf,fu->bu", x, kernel) + bias[None], 2)
    z = 0.5 + 0.5 * np.tanh(gate / 2)
    return new * z + h * (1 - z)

# %% exercise="min-gru-step" wrong="z keeps, as in Keras' GRU" points=0 says="they are exchanged"
def min_gru_step(x, h, kernel, bias):
    gate, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    z = 1 / (1 + np.exp(-gate))
    return z * h + (1 - z) * candidate

# %% exercise="min-gru-step" wrong="the halves exchanged" points=0 says="The gate's half comes first"
def min_gru_step(x, h, kernel, bias):
    candidate, gate = np.split(x @ kernel + bias, 2, axis=-1)
    z = 1 / (1 + np.exp(-gate))
    return (1 - z) * h + z * candidate

# %% exercise="min-gru-step" wrong="a tanh on the candidate" points=0 says="no tanh"
def min_gru_step(x, h, kernel, bias):
    gate, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    z = 1 / (1 + np.exp(-gate))
    return (1 - z) * h + z * np.tanh(candidate)

# %% exercise="min-gru-step" wrong="no sigmoid" points=0 says="lacks its sigmoid"
def min_gru_step(x, h, kernel, bias):
    z, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    return (1 - z) * h + z * candidate

# %% exercise="min-gru-step" wrong="no bias" points=0 says="The bias is missing"
def min_gru_step(x, h, kernel, bias):
    gate, candidate = np.split(x @ kernel, 2, axis=-1)
    z = 1 / (1 + np.exp(-gate))
    return (1 - z) * h + z * candidate

# %% exercise="min-gru-step" wrong="the candidate comes in whole" points=0 says="only z of it is taken"
def min_gru_step(x, h, kernel, bias):
    gate, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    z = 1 / (1 + np.exp(-gate))
    return (1 - z) * h + candidate

# %% exercise="min-gru-step" wrong="sigmoid with the wrong sign" points=0 says="they are exchanged"
def min_gru_step(x, h, kernel, bias):
    gate, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    z = 1 / (1 + np.exp(gate))
    return (1 - z) * h + z * candidate

# %% exercise="min-gru-step" wrong="gate and state both" points=0 says="one is asked"
def min_gru_step(x, h, kernel, bias):
    gate, candidate = np.split(x @ kernel + bias, 2, axis=-1)
    z = 1 / (1 + np.exp(-gate))
    return (1 - z) * h + z * candidate, z

# %% exercise="min-gru-step" wrong="the candidate's bias forgotten" points=0 says="the candidate's is missing"
def min_gru_step(x, h, kernel, bias):
    n = h.shape[1]
    z = 1 / (1 + np.exp(-(x @ kernel[:, :n] + bias[:n])))
    return (1 - z) * h + z * (x @ kernel[:, n:])

# %% exercise="min-gru-step" wrong="every other column" points=0 says="not every other one"
def min_gru_step(x, h, kernel, bias):
    both = x @ kernel + bias
    z = 1 / (1 + np.exp(-both[:, 0::2]))
    return (1 - z) * h + z * both[:, 1::2]

# %% exercise="min-gru-step" wrong="the old state stays whole" points=0 says="kept whole"
def min_gru_step(x, h, kernel, bias):
    gate, cand = np.split(x @ kernel + bias, 2, axis=1)
    z = 1 / (1 + np.exp(-gate))
    return h + z * cand

# %% exercise="min-gru-step" wrong="a softmax for a gate" points=0 says="not a softmax"
def min_gru_step(x, h, kernel, bias):
    gate, cand = np.split(x @ kernel + bias, 2, axis=1)
    e = np.exp(gate)
    z = e / e.sum(axis=1, keepdims=True)
    return (1 - z) * h + z * cand

# %% exercise="count" right="Keras counts"
def weights_in(kind, features, units):
    layer = MinGRU(units) if kind == "minGRU" else getattr(layers, kind)(units)
    layer.build((None, 4, features))
    return layer.count_params()

# %% exercise="count" right="if, elif"
def weights_in(kind, features, units):
    if kind == "SimpleRNN":
        return features * units + units * units + units
    elif kind == "GRU":
        return 3 * (features * units + units * units + 2 * units)
    return 2 * (features * units + units)

# %% exercise="count" right="a dictionary of formulas, a NumPy int"
def weights_in(kind, features, units):
    f, u = np.int64(features), np.int64(units)
    return {"SimpleRNN": u * (f + u + 1), "GRU": 3 * u * (f + u + 2), "minGRU": 2 * u * (f + 1)}[kind]

# %% exercise="count" right="two Dense layers"
def weights_in(kind, features, units):
    dense = layers.Dense(2 * units)
    dense.build((None, features))
    per = {"SimpleRNN": 1, "GRU": 3}.get(kind)
    return dense.count_params() if per is None else per * units * (features + units + (per + 1) // 2)

# %% exercise="count" wrong="with a recurrent kernel" points=0 says="no recurrent kernel"
def weights_in(kind, features, units):
    slices, biases = {"SimpleRNN": (1, 1), "GRU": (3, 2), "minGRU": (2, 1)}[kind]
    return slices * units * (features + units + biases)

# %% exercise="count" wrong="three slices" points=0 says="there is no reset gate"
def weights_in(kind, features, units):
    if kind == "minGRU":
        return 3 * units * (features + 1)
    slices, biases = {"SimpleRNN": (1, 1), "GRU": (3, 2)}[kind]
    return slices * units * (features + units + biases)

# %% exercise="count" wrong="one slice" points=0 says="two slices"
def weights_in(kind, features, units):
    if kind == "minGRU":
        return units * (features + 1)
    slices, biases = {"SimpleRNN": (1, 1), "GRU": (3, 2)}[kind]
    return slices * units * (features + units + biases)

# %% exercise="count" wrong="no bias" points=0 says="bias of the minimal GRU is missing"
def weights_in(kind, features, units):
    if kind == "minGRU":
        return 2 * units * features
    slices, biases = {"SimpleRNN": (1, 1), "GRU": (3, 2)}[kind]
    return slices * units * (features + units + biases)

# %% exercise="count" wrong="a GRU with one bias" points=0 says="two biases for each slice"
def weights_in(kind, features, units):
    if kind == "minGRU":
        return 2 * units * (features + 1)
    return {"SimpleRNN": 1, "GRU": 3}[kind] * units * (features + units + 1)

# %% exercise="count" wrong="two biases" points=0 says="one bias for each slice"
def weights_in(kind, features, units):
    if kind == "minGRU":
        return 2 * units * (features + 2)
    slices, biases = {"SimpleRNN": (1, 1), "GRU": (3, 2)}[kind]
    return slices * units * (features + units + biases)

# %% exercise="count" wrong="the same for all" points=0 says="no GRU"
def weights_in(kind, features, units):
    return units * (features + units + 1) if kind == "SimpleRNN" else 3 * units * (features + units + 2)

# %% exercise="count" wrong="a GRU with four slices" points=0 says="Four are an LSTM's"
def weights_in(kind, features, units):
    return {"SimpleRNN": units * (features + units + 1), "GRU": 4 * units * (features + units + 1), "minGRU": 2 * units * (features + 1)}[kind]

# %% exercise="count" wrong="one bias for both slices" points=0 says="Each of the two slices"
def weights_in(kind, features, units):
    return {"SimpleRNN": units * (features + units + 1), "GRU": 3 * units * (features + units + 2), "minGRU": 2 * units * features + units}[kind]

# %% exercise="train-cues" right="the radius worked out, functional"
def train_cues(x, y):
    share = 0.5 ** (1 / 60)  # half is left after sixty timesteps
    inputs = keras.Input((None, 8))
    states = MinGRU(16, gate_bias=np.log((1 - share) / share))(inputs)
    model = keras.Model(inputs, layers.Dense(4)(states))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x, y, name="cues", epochs=6, batch_size=40)
    return model

# %% exercise="train-cues" right="gate_bias -3, more units, all timesteps and the last of them"
def train_cues(x, y):
    class Reader(keras.Model):
        def __init__(self):
            super().__init__()
            self.hold = MinGRU(24, return_sequences=True, gate_bias=-3.0)
            self.score = layers.Dense(4)

        def call(self, tokens):
            return self.score(self.hold(tokens)[:, -1])

    model = Reader()
    model(x[:1])
    model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="cues", epochs=6, batch_size=40)
    return model

# %% exercise="train-cues" right="gate_bias -5, one-hot answers"
def train_cues(x, y):
    model = keras.Sequential([keras.Input((None, 8)), lab.linear.MinGRU(16, gate_bias=-5), layers.Dense(4)])
    model.compile(keras.optimizers.Adam(0.02), keras.losses.CategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, keras.utils.to_categorical(y, 4), name="cues", epochs=6, batch_size=40)
    return model

# %% exercise="train-cues" right="the bias set by hand"
def train_cues(x, y):
    held = MinGRU(20)
    model = keras.Sequential([keras.Input((None, 8)), held, layers.Dense(4)])
    kernel, bias = held.get_weights()
    bias[:20] = -4.5
    held.set_weights([kernel, bias])
    model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    lab.fit_once(model, np.asarray(x), np.asarray(y), name="cues-by-hand", epochs=6, batch_size=40)
    return model

# %% exercise="train-cues" wrong="the bias left as it was" points=0 says="until then nothing is left of it" calibrate=true
def train_cues(x, y):
    model = keras.Sequential([keras.Input((None, 8)), MinGRU(16), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x, y, name="cues", epochs=6, batch_size=40)
    return model

# %% exercise="train-cues" wrong="the sign of the bias" points=0 says="until then nothing is left of it"
def train_cues(x, y):
    model = keras.Sequential([keras.Input((None, 8)), MinGRU(16, gate_bias=4), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x, y, name="cues", epochs=6, batch_size=40)
    return model

# %% exercise="train-cues" wrong="a GRU" points=0 says="A layer without a loop is asked"
def train_cues(x, y):
    model = keras.Sequential([keras.Input((None, 8)), layers.GRU(16), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x[:40], y[:40], name="cues-gru", epochs=1, batch_size=40)
    return model

# %% exercise="train-cues" wrong="a bag of tokens" points=0 says="is a bag" calibrate=true
def train_cues(x, y):
    model = keras.Sequential([keras.Input((None, 8)), layers.GlobalMaxPooling1D(), layers.Dense(16, activation="relu"), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x, y, name="cues-bag", epochs=6, batch_size=40)
    return model

# %% exercise="train-cues" wrong="one length only" points=0 says="Write None for the timesteps"
def train_cues(x, y):
    model = keras.Sequential([keras.Input((68, 8)), MinGRU(16, gate_bias=-4), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x[:40], y[:40], name="cues-length", epochs=1, batch_size=40)
    return model

# %% exercise="train-cues" wrong="every timestep answers" points=0 says="return_sequences"
def train_cues(x, y):
    model = keras.Sequential([keras.Input((None, 8)), MinGRU(16, return_sequences=True, gate_bias=-4), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    lab.fit_once(model, x[:40], np.repeat(y[:40, None], 68, axis=1), name="cues-each", epochs=1, batch_size=40)
    return model

# %% exercise="train-cues" wrong="the history comes back" points=0 says="Return the model"
def train_cues(x, y):
    model = keras.Sequential([keras.Input((None, 8)), MinGRU(16, gate_bias=-4), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss)
    return lab.fit_once(model, x[:40], y[:40], name="cues-history", epochs=1, batch_size=40)

# %% exercise="train-cues" wrong="never trained" points=0 says="no better than guessing"
def train_cues(x, y):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((None, 8)), MinGRU(16, gate_bias=-4), layers.Dense(4)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

# %% exercise="train-cues" wrong="a softmax at the end" points=1 says="Logits are what a Dense layer without an activation returns"
def train_cues(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 8)), MinGRU(16, gate_bias=-5.0), layers.Dense(4, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="cues", epochs=6, batch_size=40, verbose=0)
    return model

# %% exercise="train-cues" wrong="too few steps" points=0 says="did the loss fall in training"
def train_cues(x, y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 8)), MinGRU(16, gate_bias=-5.0), layers.Dense(4)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    lab.fit_once(model, x, y, name="cues", epochs=6, batch_size=400, verbose=0)
    return model

# %% exercise="bug-hunt" right="a loop"
def last_state(a, b):
    h = 0
    for t in range(b.shape[1]):
        h = a[:, t] * h + b[:, t]
    return h

# %% exercise="bug-hunt" right="one line, the odd share"
def last_state(a, b):
    while b.shape[1] > 1:
        b = a[:, 1::2] * b[:, ::2] + b[:, 1::2]
        a = a[:, 1::2] * a[:, ::2]
    return np.squeeze(b, axis=1)

# %% exercise="bug-hunt" right="recursive halves"
def last_state(a, b):
    def half(a, b):
        if b.shape[1] == 1:
            return a[:, 0], b[:, 0]
        middle = b.shape[1] // 2
        (a1, b1), (a2, b2) = half(a[:, :middle], b[:, :middle]), half(a[:, middle:], b[:, middle:])
        return a1 * a2, a2 * b1 + b2

    return half(a, b)[1]

# %% exercise="bug-hunt" right="products of what comes later"
def last_state(a, b):
    later = np.concatenate([np.cumprod(a[:, :0:-1], axis=1)[:, ::-1], np.ones_like(a[:, :1])], axis=1)
    return (later * b).sum(axis=1)

# %% exercise="bug-hunt" wrong="as found" points=0 says="the function as it was found"
def last_state(a, b):
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a, b = a_even * a_odd, a_even * b_even + b_odd
    return b[:, 0]

# %% exercise="bug-hunt" wrong="the b exchanged instead" points=0 says="the two timesteps are exchanged"
def last_state(a, b):
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a, b = a_even * a_odd, a_even * b_odd + b_even
    return b[:, 0]

# %% exercise="bug-hunt" wrong="no product" points=0 says="it is multiplied there"
def last_state(a, b):
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a, b = a_even * a_odd, b_even + b_odd
    return b[:, 0]

# %% exercise="bug-hunt" wrong="both shares" points=0 says="Both shares"
def last_state(a, b):
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a = a_even * a_odd
        b = a * b_even + b_odd
    return b[:, 0]

# %% exercise="bug-hunt" wrong="the merged share is the later one" points=0 says="keeps the product"
def last_state(a, b):
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a, b = a_odd, a_odd * b_even + b_odd
    return b[:, 0]

# %% exercise="bug-hunt" wrong="the timesteps are left in" points=0 says="axis"
def last_state(a, b):
    while b.shape[1] > 1:
        a_even, a_odd = a[:, 0::2], a[:, 1::2]
        b_even, b_odd = b[:, 0::2], b[:, 1::2]
        a, b = a_even * a_odd, a_odd * b_even + b_odd
    return b

# %% exercise="bug-hunt" wrong="all states" points=0 says="their last place"
def last_state(a, b):
    h, states = 0, []
    for t in range(b.shape[1]):
        h = a[:, t] * h + b[:, t]
        states.append(h)
    return np.stack(states, axis=1)

# %% exercise="bug-hunt" wrong="the halves merged with each other" points=0 says="not the first half with the second"
def last_state(a, b):
    while b.shape[1] > 1:
        n = b.shape[1] // 2
        a, b = a[:, :n] * a[:, n:], a[:, n:] * b[:, :n] + b[:, n:]
    return b[:, 0]
