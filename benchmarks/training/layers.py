"""Layers beside each other, with as many units or as many weights; and the ways to feed sequences of different lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keras
import numpy as np
from keras import layers

from benchmarks.training.measure import Contestant, arrays

STEPS, FEATURES, UNITS = 100, 32, 64
MAKERS: dict[str, Callable[[int], keras.layers.Layer]] = {
    "Dense": lambda units: layers.Dense(units, activation="tanh"),
    "Conv1D": lambda units: layers.Conv1D(units, 3, padding="causal", activation="relu"),
    "SimpleRNN": lambda units: layers.SimpleRNN(units, return_sequences=True),
    "GRU": lambda units: layers.GRU(units, return_sequences=True),
    "LSTM": lambda units: layers.LSTM(units, return_sequences=True),
    "LSTM, recurrent_dropout=0.2": lambda units: layers.LSTM(units, return_sequences=True, recurrent_dropout=0.2),
    "LSTM, unroll=True": lambda units: layers.LSTM(units, return_sequences=True, unroll=True),
    "RNN(LSTMCell)": lambda units: layers.RNN(layers.LSTMCell(units), return_sequences=True),
}


def with_as_many_units(rows: int) -> Iterator[Contestant]:
    """Every layer with UNITS units: an answer at every timestep."""
    x, y = drawn(rows)
    for name, make in MAKERS.items():
        yield arrays(f"{UNITS} units", name, model(make(UNITS)), x, y, batch_size=64)


def with_as_many_weights(rows: int) -> Iterator[Contestant]:
    """The plain layers with as many weights as an LSTM of UNITS has, or nearly."""
    x, y = drawn(rows)
    weights = layer_weights(MAKERS["LSTM"], UNITS)
    for name in ("Dense", "Conv1D", "SimpleRNN", "GRU", "LSTM"):
        units = min(range(1, 2000), key=lambda units, name=name: abs(layer_weights(MAKERS[name], units) - weights))
        yield arrays(f"about {weights:,} weights", f"{name}({units})", model(MAKERS[name](units)), x, y, batch_size=64)


def in_precisions(rows: int) -> Iterator[Contestant]:
    """The same LSTM in float32 and with half-precision numbers; of use on a GPU only."""
    x, y = drawn(rows)
    for policy in ("float32", "mixed_float16", "mixed_bfloat16"):
        layer = layers.LSTM(4 * UNITS, return_sequences=True, dtype=policy)
        yield arrays("LSTM(256) by dtype policy", policy, model(layer), x, y, batch_size=256)


def drawn(rows: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    return random.normal(size=(rows, STEPS, FEATURES)).astype("float32"), random.normal(size=(rows, STEPS, 1)).astype("float32")


def model(layer: keras.layers.Layer) -> keras.Model:
    keras.utils.set_random_seed(0)
    made = keras.Sequential([keras.Input((STEPS, FEATURES)), layer, layers.Dense(1, dtype="float32")])
    made.compile(keras.optimizers.Adam(0.001), "mse")
    return made


def layer_weights(make, units: int) -> int:
    """By Keras' formulas, without building hundreds of layers."""
    name = make(1).__class__.__name__
    per_gate = units * (FEATURES + units + 1)
    return {
        "Dense": units * (FEATURES + 1), "Conv1D": units * (3 * FEATURES + 1), "SimpleRNN": per_gate,
        "GRU": 3 * (per_gate + units), "LSTM": 4 * per_gate,
    }[name]  # fmt: skip


def of_different_lengths(rows: int) -> Iterator[Contestant]:
    """One LSTM, sequences of 5 to 200 tokens, four ways to lay them into batches of 32."""
    group, random = "5 to 200 tokens, batches of 32", np.random.default_rng(0)
    lengths = np.clip(random.lognormal(np.log(40), 0.7, rows).astype(int), 5, 200)
    sequences = [random.integers(1, 5000, length) for length in lengths]
    y = random.integers(0, 2, rows).astype("float32")
    for name, padding, mask in [
        ("padded in front to the longest, no mask", "pre", False),
        ("padded on the right to the longest, masked", "post", True),
    ]:
        yield arrays(group, name, reader(mask), keras.utils.pad_sequences(sequences, padding=padding), y, batch_size=32)
    order = np.argsort(lengths, kind="stable")
    bucketed = Batches([order[start : start + 32] for start in range(0, rows, 32)], sequences, y)
    if keras.backend.backend() == "tensorflow":
        yield fed(group, "bucketed by length, masked", bucketed.dataset(), rows)
        yield fed(group, "bucketed by length, masked, prefetched", bucketed.dataset().prefetch(2), rows)
    else:
        yield fed(group, "bucketed by length, masked", bucketed, rows)


def reader(mask: bool) -> keras.Model:
    keras.utils.set_random_seed(0)
    made = keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(5000, 32, mask_zero=mask),
        layers.LSTM(64),
        layers.Dense(1, activation="sigmoid"),
    ])
    made.compile(keras.optimizers.Adam(0.001), "binary_crossentropy")
    return made


def fed(group: str, name: str, batches, rows: int) -> Contestant:
    made = reader(mask=True)
    return Contestant(group, name, made, lambda: made.fit(batches, epochs=1, shuffle=False, verbose=0), rows)


class Batches(keras.utils.PyDataset):
    """Batches of neighbours in length, in an order that is drawn anew for each epoch, padded to a multiple of 16 timesteps.

    Any length would do for TensorFlow; JAX compiles the step anew for each that it meets.
    """

    def __init__(self, chosen: list[np.ndarray], sequences: list[np.ndarray], y: np.ndarray):
        super().__init__()
        self.chosen, self.sequences, self.y = chosen, sequences, y
        self.order = np.random.default_rng(0)

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, number: int):
        rows = self.chosen[number]
        longest = -(-max(len(self.sequences[row]) for row in rows) // 16) * 16
        return keras.utils.pad_sequences([self.sequences[row] for row in rows], maxlen=longest, padding="post"), self.y[rows]

    def on_epoch_end(self) -> None:
        self.order.shuffle(self.chosen)

    def dataset(self):
        """The same for TensorFlow. Keras would take the length of the first batches for that of all: its PyDataset fits one length there."""
        import tensorflow as tf

        def batches():
            for number in self.order.permutation(len(self)):
                yield self[number]

        kinds = tf.TensorSpec((None, None), "int32"), tf.TensorSpec((None,), "float32")
        return tf.data.Dataset.from_generator(batches, output_signature=kinds).apply(tf.data.experimental.assert_cardinality(len(self)))
