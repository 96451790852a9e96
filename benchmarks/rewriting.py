"""What TensorFlow's graph rewriter, Grappler, costs and saves models of this course's size: `python -m benchmarks.rewriting`.

`lab.start` leaves it out on a CPU. Each model is traced, trained and asked with and without it in turn; medians.
"""

from __future__ import annotations

import argparse
import statistics
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

MODELS = {
    "GRU(64), 40 timesteps": lambda: [layers.GRU(64)],
    "Masking, LSTM(64)": lambda: [layers.Masking(), layers.LSTM(64)],
    "Bidirectional GRU(32)": lambda: [layers.Bidirectional(layers.GRU(32))],
    "Conv1D(64), twice": lambda: [layers.Conv1D(64, 5), layers.Conv1D(64, 5), layers.GlobalMaxPooling1D()],
}
STEPS = ("first step", "40 epochs", "first answer")


def seconds(stack, rewrite: bool) -> dict[str, float]:
    """The seconds of a model's first training step, of 40 epochs of eight batches, and of its first prediction."""
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not rewrite})
    random = np.random.default_rng(0)
    x, y = random.normal(size=(256, 40, 8)).astype("float32"), random.integers(0, 5, size=256)
    model = keras.Sequential([keras.Input((40, 8)), *stack(), layers.Dense(5)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.build(model.trainable_variables)
    work = (
        lambda: model.fit(x[:32], y[:32], batch_size=32, verbose=0),
        lambda: model.fit(x, y, batch_size=32, epochs=40, verbose=0),
        lambda: model.predict(x, batch_size=32, verbose=0),
    )
    found = {}
    for name, run in zip(STEPS, work, strict=True):
        begin = time.perf_counter()
        run()
        found[name] = time.perf_counter() - begin
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="how often each is measured (default 5)")
    repeats = parser.parse_args().repeats
    print(f"Without the rewriter, as a share of the seconds with it; medians of {repeats}. Keras {keras.__version__}, TensorFlow {tf.__version__}.\n")
    print(f"| model | {' | '.join(STEPS)} |\n|---|{'---:|' * len(STEPS)}")
    for name, stack in MODELS.items():
        seconds(stack, True)  # warm up
        rounds = [(seconds(stack, True), seconds(stack, False)) for _ in range(repeats)]
        shares = [statistics.median(without[step] / with_it[step] for with_it, without in rounds) for step in STEPS]
        print(f"| {name} | {' | '.join(f'{share:.2f}' for share in shares)} |", flush=True)


if __name__ == "__main__":
    main()
