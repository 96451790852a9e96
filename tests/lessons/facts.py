"""The course's exact facts, by lesson, each with a way to make it with Keras; `test_exact_numbers.py` asks for them.

A fact is a number that follows from a definition (a count of parameters, a length, a width) or an equality that holds without
training. The circulating models are those that learners meet on the web, with the counts that go round with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from grader.lab import linear


@dataclass(frozen=True)
class Fact:
    """Something exact that a lesson says.

    lesson: its number. exact: a number, True, or these in lists and tuples; made: makes it with Keras.
    words: patterns that stand with the numbers of `exact` in the tests of one exercise.
    """

    lesson: str
    what: str
    exact: object
    made: Callable[[], object]
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.lesson} {self.what}"


def count(*stack) -> int:
    return keras.Sequential(stack).count_params()


def tokens(words: int, width: int, steps: int | None = None):
    return keras.Input((steps,)), layers.Embedding(words, width)


def shapes(layer) -> list[tuple[int, ...]]:
    return [tuple(weight.shape) for weight in layer.weights]


# 01: windows, prefixes, shifted targets


def windows_of_births() -> int:
    days = np.arange(5479)
    pairs = keras.utils.timeseries_dataset_from_array(days, days[30 + 7 - 1 :], sequence_length=30, batch_size=1024)
    batches = [(x.numpy(), y.numpy()) for x, y in pairs]
    assert all(np.array_equal(y, x[:, -1] + 7) for x, y in batches)
    return sum(len(x) for x, _ in batches)


def prefixes() -> list:
    sentence = [7, 3, 4, 9]
    xs = keras.utils.pad_sequences([sentence[:end] for end in range(1, 4)], maxlen=4)
    labels = keras.utils.to_categorical(sentence[1:], 12)
    assert labels.shape == (3, 12) and labels.sum() == 3
    return [xs.tolist(), labels.argmax(axis=1).tolist()]


def shifted() -> bool:
    text = np.random.default_rng(0).integers(0, 99, 41)
    pieces = [
        keras.utils.timeseries_dataset_from_array(part, None, sequence_length=8, sequence_stride=8, batch_size=99)
        for part in (text[:-1], text[1:])
    ]
    x, y = (next(iter(piece)).numpy() for piece in pieces)
    return x.shape == (5, 8) and np.array_equal(x[:, 1:], y[:, :-1])


# 02: what is inside a cell


def recurrent(kind, **options) -> int:
    return count(keras.Input((None, 8)), kind(32, **options))


def weights_of(kind, features: int, **options) -> list[int | list]:
    """A circulating model of 128 units on sequences of 5, its count and its recurrent layer's weights."""
    layer = kind(128, return_sequences=True, **options)
    return [count(keras.Input((5, features)), layer, layers.Dense(2)), shapes(layer)]


def gradients_at_lag_20() -> list[float]:
    found = []
    for a in (0.5, 0.9, 1.1):
        layer = layers.SimpleRNN(1, activation=None, use_bias=False)
        x = tf.Variable(np.random.default_rng(0).normal(size=(1, 21, 1)).astype("float32"))
        layer.build(x.shape)
        layer.set_weights([np.ones((1, 1)), np.full((1, 1), a)])
        with tf.GradientTape() as tape:
            last = layer(x)
        found.append(float(tape.gradient(last, x)[0, 0, 0]))
    return found


# 03: encoder and decoder


def words_to_words() -> int:
    read, write = keras.Input((None,)), keras.Input((None,))
    _, *states = layers.LSTM(64, return_state=True)(layers.Embedding(1000, 64)(read))
    output = layers.LSTM(64)(layers.Embedding(2000, 64)(write), initial_state=states)
    return keras.Model([read, write], layers.Dense(10)(output)).count_params()


def vectors_to_vectors() -> list[int]:
    read, write = keras.Input((None, 5)), keras.Input((None, 5))
    encoder, decoder = layers.LSTM(5, return_state=True), layers.LSTM(5, return_sequences=True)
    _, *states = encoder(read)
    output = layers.Dense(5, activation="softmax")(decoder(write, initial_state=states))
    assert encoder.count_params() == decoder.count_params()
    return [keras.Model([read, write], output).count_params(), encoder.count_params()]


# 04: memory across batches


def chunks_equal_the_whole() -> bool:
    x = np.random.default_rng(0).normal(size=(3, 12, 4)).astype("float32")
    same = []
    for kind in (layers.SimpleRNN, layers.GRU, layers.LSTM):
        layer = kind(5, return_sequences=True, stateful=True)
        chunks = np.concatenate([layer(x[:, start : start + 4]) for start in (0, 4, 8)], axis=1)
        layer.reset_state()
        same.append(np.allclose(chunks, layer(x), atol=1e-6))
    return all(same)


# 05: reading both ways


def merged_widths() -> list:
    x = keras.Input((7, 8))
    one = [both(layers.LSTM, 32, mode)(x).shape[-1] for mode in ("concat", "sum", "mul", "ave")]
    return [*one, [half.shape[-1] for half in both(layers.LSTM, 32, None)(x)]]


def invalid_mode_raises() -> bool:
    try:
        both(layers.LSTM, 32, "avg")
    except ValueError as error:
        return "ave" in str(error)
    return False


def both(kind, units: int, merge_mode: str | None = "concat", **options):
    return layers.Bidirectional(kind(units, **options), merge_mode=merge_mode)


def masked_widths(merge_mode: str = "concat") -> list[int]:
    stack = [layers.Masking(), both(layers.LSTM, 32, merge_mode, return_sequences=True), both(layers.LSTM, 64), layers.Dense(5)]
    return [layer.output.shape[-1] for layer in keras.Sequential([keras.Input((None, 10)), *stack]).layers[1:3]]


# 06: convolution


def convolved(**options) -> int:
    return layers.Conv1D(1, 3, **options)(np.zeros((1, 10, 1), "float32")).shape[1]


def receptive_field() -> int:
    """How many timesteps of the input the last output of four causal convolutions depends on."""
    stack = keras.Sequential([keras.Input((40, 1))])
    for dilation in (1, 2, 4, 8):
        stack.add(layers.Conv1D(1, 2, padding="causal", dilation_rate=dilation, kernel_initializer="ones"))
    x = tf.Variable(np.ones((1, 40, 1), "float32"))
    with tf.GradientTape() as tape:
        last = stack(x)[:, -1]
    return int(np.count_nonzero(tape.gradient(last, x)))




def convolution_then_recurrence() -> keras.Sequential:
    before = [*tokens(120, 42, 33), layers.Conv1D(56, 5, activation="relu"), layers.MaxPooling1D(4)]
    return keras.Sequential([*before, both(layers.LSTM, 12), layers.Dense(8)])


def its_lengths() -> list[int]:
    """The timesteps after the Embedding, the convolution and the pooling."""
    return [layer.output.shape[1] for layer in convolution_then_recurrence().layers[:3]]


# 07: sampling


LOGITS = np.array([2.0, 1.0, 0.5, -1.0])


def chances(temperature: float) -> np.ndarray:
    return np.array(keras.ops.softmax(LOGITS / temperature))


def entropy_rises_with_temperature() -> bool:
    entropies = [-np.sum(p * np.log2(p)) for p in (chances(temperature) for temperature in (0.25, 0.5, 1, 2, 8))]
    return bool(np.all(np.diff(entropies) > 0))


def no_temperature_is_argmax() -> bool:
    return np.allclose(chances(1e-3), np.eye(4)[LOGITS.argmax()])


def top_two() -> bool:
    """The two likeliest keep their ratio, the others have none."""
    _, kept = keras.ops.top_k(LOGITS, 2)
    p = np.zeros(4)
    p[np.array(kept)] = chances(1)[np.array(kept)]
    return np.allclose(p / p.sum(), np.append(keras.ops.softmax(LOGITS[:2]), [0, 0]))


def nucleus() -> bool:
    """The fewest likeliest symbols whose chances reach p: one for 0.6, two for 0.8, three for 0.9."""
    reached = np.array(keras.ops.cumsum(chances(1)))
    return [int(np.searchsorted(reached, p)) + 1 for p in (0.6, 0.8, 0.9)] == [1, 2, 3]


# 08: attention


def weights_sum_to_one_over_real_tokens() -> bool:
    random = np.random.default_rng(0)
    queries, memory = (random.normal(size=size).astype("float32") for size in ((3, 6, 4), (3, 5, 4)))
    real = np.arange(5) < np.array([[5], [3], [1]])
    good = []
    for kind in (layers.Attention, layers.AdditiveAttention):
        _, weights = kind()([queries, memory], mask=[None, real], return_attention_scores=True)
        weights = np.array(weights)
        good.append(np.allclose((weights * real[:, None]).sum(axis=-1), 1) and not weights[~np.broadcast_to(real[:, None], weights.shape)].any())
    return all(good)


# 09: linear recurrence


def weights_of_three() -> list[int]:
    minimal = linear.MinGRU(32)
    minimal.build((None, None, 8))
    return [recurrent(layers.SimpleRNN), recurrent(layers.GRU), minimal.count_params()]


def convolution_with_powers() -> list:
    """The kernel of three lags that makes DepthwiseConv1D a linear SimpleRNN that keeps one half."""
    kernel = np.array([0.25, 0.5, 1.0])
    loop, slide = layers.SimpleRNN(1, activation=None, use_bias=False, return_sequences=True), layers.DepthwiseConv1D(3, use_bias=False)
    x = np.random.default_rng(0).normal(size=(2, 3, 1)).astype("float32")
    loop.build(x.shape)
    loop.set_weights([np.ones((1, 1)), np.full((1, 1), 0.5)])
    slide.build((None, None, 1))
    slide.set_weights([kernel[:, None, None]])
    assert np.allclose(slide(np.pad(x, ((0, 0), (2, 0), (0, 0)))), loop(x), atol=1e-6)
    return kernel.tolist()


def scan_is_the_loop() -> bool:
    """What associative_scan makes of pairs is what the loop of Keras' own linear layer says."""
    kept, added = np.full((2, 13, 1), 0.8, "float32"), np.random.default_rng(0).normal(size=(2, 13, 1)).astype("float32")
    loop = layers.SimpleRNN(1, activation=None, use_bias=False, return_sequences=True)
    loop.build(added.shape)
    loop.set_weights([np.ones((1, 1)), np.full((1, 1), 0.8)])
    pairs = keras.ops.associative_scan(lambda p, q: (p[0] * q[0], q[0] * p[1] + q[1]), (keras.ops.convert_to_tensor(kept), keras.ops.convert_to_tensor(added)), axis=1)
    return np.allclose(pairs[1], loop(added), atol=1e-5)


def add_and_double() -> list[float]:
    """Add 3 and then double, as one step: from 0 and from 1."""
    of_zero, of_one = ((h + 3) * 2.0 for h in (0, 1))
    return [of_one - of_zero, of_zero]


def half_life() -> int:
    return int(np.argmax(0.9 ** np.arange(99) <= 0.5))


def streams_like_the_whole() -> bool:
    layer, x = linear.MinGRU(5, return_sequences=True), np.random.default_rng(0).normal(size=(2, 9, 3)).astype("float32")
    whole, state, parts = layer(x), np.zeros((2, 5), "float32"), []
    for t in range(9):
        parts.append(np.array(layer(x[:, t : t + 1], initial_state=state)))
        state = parts[-1][:, -1]
    return np.allclose(np.concatenate(parts, axis=1), whole, atol=1e-6)


FACTS = [
    Fact("01", "windows of 5479 days, 30 wide, 7 ahead: N - w - h + 1", 5443, windows_of_births),
    Fact("01", "n-gram prefixes of [7 3 4 9]", [[[0, 0, 0, 7], [0, 0, 7, 3], [0, 7, 3, 4]], [3, 4, 9]], prefixes, ("to_categorical",)),
    Fact("01", "shifted targets", True, shifted, (r"check\.shifted",)),
    Fact("02", "SimpleRNN(32) on 8 features", 1312, lambda: recurrent(layers.SimpleRNN)),
    Fact("02", "LSTM(32) on 8 features", 5248, lambda: recurrent(layers.LSTM)),
    Fact("02", "GRU(32) on 8 features", 4032, lambda: recurrent(layers.GRU)),
    Fact("02", "GRU(32) without reset_after", 3936, lambda: recurrent(layers.GRU, reset_after=False), ("reset_after",)),
    Fact("02", "GRU(32) without bias", 3840, lambda: recurrent(layers.GRU, use_bias=False)),
    Fact("02", "Embedding, LSTM, Dense", 164_106, lambda: count(*tokens(1000, 64), layers.LSTM(128), layers.Dense(10))),
    Fact(
        "02",
        "Embedding, GRU, SimpleRNN, Dense",
        361_866,
        lambda: count(*tokens(1000, 64), layers.GRU(256, return_sequences=True), layers.SimpleRNN(128), layers.Dense(10)),
    ),
    Fact("02", "SimpleRNN, Dense, and its weights", [17_154, [(3, 128), (128, 128), (128,)]], lambda: weights_of(layers.SimpleRNN, 3)),
    Fact(
        "02",
        "LSTM(1000) without bias, Dense",
        4_042_002,
        lambda: count(keras.Input((5, 10)), layers.LSTM(1000, use_bias=False, return_sequences=True), layers.Dense(2)),
    ),
    Fact("02", "GRU without bias, Dense, and its weights", [53_250, [(10, 384), (128, 384)]], lambda: weights_of(layers.GRU, 10, use_bias=False)),
    Fact(
        "02",
        "Masking, two LSTM, Dense",
        30_661,
        lambda: count(keras.Input((None, 10)), layers.Masking(), layers.LSTM(32, return_sequences=True), layers.LSTM(64), layers.Dense(5)),
    ),
    Fact("02", "gradient at lag 20 is a to the 20th", [9.5e-7, 0.1216, 6.73], gradients_at_lag_20),
    Fact("03", "two LSTM(64) over 1000 and 2000 words", 258_698, words_to_words),
    Fact("03", "two LSTM(5) and a softmax, and one of them", [470, 220], vectors_to_vectors),
    Fact("04", "chunks equal the whole", True, chunks_equal_the_whole, ("chunk",)),
    Fact("05", "widths of the merge modes of 32 units", [64, 32, 32, 32, [32, 32]], merged_widths, ("concat", "sum", "mul", "ave", "None")),
    Fact("05", "an invalid merge mode raises", True, invalid_mode_raises, ("avg",)),
    Fact("05", "Bidirectional LSTM(32) on 8 features", 10_496, lambda: count(keras.Input((None, 8)), both(layers.LSTM, 32))),
    Fact("05", "reviews, one layer", 598_209, lambda: count(*tokens(8185, 64), both(layers.LSTM, 64), layers.Dense(64), layers.Dense(1))),
    Fact(
        "05",
        "reviews, two layers",
        635_329,
        lambda: count(*tokens(8185, 64), both(layers.LSTM, 64, return_sequences=True), both(layers.LSTM, 32), layers.Dense(64), layers.Dense(1)),
    ),
    Fact(
        "05",
        "33 tokens, two layers",
        61_592,
        lambda: count(*tokens(120, 42, 33), both(layers.LSTM, 56, return_sequences=True), both(layers.LSTM, 12), layers.Dense(8)),
    ),
    Fact(
        "05",
        "(5, 10), two layers",
        80_266,
        lambda: count(keras.Input((5, 10)), both(layers.LSTM, 64, return_sequences=True), both(layers.LSTM, 32), layers.Dense(10)),
    ),
    Fact("05", "widths after Masking", [64, 128], masked_widths, ("mask",)),
    Fact("05", "widths after Masking with sum", [32, 128], lambda: masked_widths("sum"), ("mask", "sum")),
    Fact(
        "06",
        "lengths of 10 steps under a kernel of 3: valid, stride 2, dilation 4, same, causal, same with stride 2",
        [8, 4, 2, 10, 10, 5],
        lambda: [
            convolved(),
            convolved(strides=2),
            convolved(dilation_rate=4),
            convolved(padding="same"),
            convolved(padding="causal"),
            convolved(padding="same", strides=2),
        ],
        ("valid", "same", "causal", "stride", "dilation"),
    ),
    Fact("06", "Conv1D(32, 5) on 8 features: the budget of a SimpleRNN(32)", 1312, lambda: count(keras.Input((None, 8)), layers.Conv1D(32, 5))),
    Fact("06", "receptive field of a kernel of 2 dilated by 1, 2, 4, 8", 16, receptive_field, (r"1, 2, 4, 8",)),
    Fact("06", "convolution before recurrence", 23_680, lambda: convolution_then_recurrence().count_params()),
    Fact("06", "its lengths: embedded, convolved, pooled", [33, 29, 7], its_lengths),
    Fact("07", "entropy rises with the temperature", True, entropy_rises_with_temperature, ("temperature", "entropy")),
    Fact("07", "a temperature near zero is argmax", True, no_temperature_is_argmax, ("temperature", "argmax")),
    Fact("07", "top-k", True, top_two, ("top.k",)),
    Fact("07", "nucleus", True, nucleus, ("nucleus|top.p",)),
    Fact("08", "weights sum to one over real tokens", True, weights_sum_to_one_over_real_tokens, ("sum", "real tokens")),
    Fact("09", "SimpleRNN, GRU and minimal GRU of 32 units on 8 features", [1312, 4032, 576], weights_of_three, ("minGRU",)),
    Fact("09", "add 3, then double, as one step", [2.0, 6.0], add_and_double, ("order",)),
    Fact("09", "the kernel of one half over three lags", [0.25, 0.5, 1.0], convolution_with_powers, ("causal",)),
    Fact("09", "the scan is the loop", True, scan_is_the_loop, (r"check\.scans",)),
    Fact("09", "of 0.9 to the k, half is left at 7", 7, half_life, ("steps.to",)),
    Fact("09", "chunks from the state before are the whole", True, streams_like_the_whole, ("min_gru_step",)),
]
