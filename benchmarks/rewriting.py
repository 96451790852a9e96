"""What TensorFlow's graph rewriter, Grappler, costs and saves models of this course's size: `python -m benchmarks.rewriting`.

`lab.start` leaves it out on a CPU. Models are traced, trained and asked in processes with and without it in turn; medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

STEPS = ("first step", "20 epochs", "first answer")


def models() -> dict:
    from keras import layers

    return {
        "GRU(64), every timestep": [layers.GRU(64, return_sequences=True)],
        "Masking, LSTM(64)": [layers.Masking(), layers.LSTM(64)],
        "Bidirectional GRU(32)": [layers.Bidirectional(layers.GRU(32))],
        "Conv1D(64), twice": [layers.Conv1D(64, 5), layers.Conv1D(64, 5), layers.GlobalMaxPooling1D()],
    }


def seconds(stack: list) -> list[float]:
    """The seconds of a model's first training step, of 20 epochs of eight batches, and of its first prediction."""
    import keras
    import numpy as np

    random = np.random.default_rng(0)
    model = keras.Sequential([keras.Input((40, 8)), *stack, keras.layers.Dense(5)])
    x, y = random.normal(size=(256, 40, 8)).astype("float32"), random.integers(0, 5, size=(256, *model.output_shape[1:-1]))
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.build(model.trainable_variables)
    work = (
        lambda: model.fit(x[:32], y[:32], batch_size=32, verbose=0),
        lambda: model.fit(x, y, batch_size=32, epochs=20, verbose=0),
        lambda: model.predict(x, batch_size=32, verbose=0),
    )
    found = []
    for run in work:
        begin = time.perf_counter()
        run()
        found.append(time.perf_counter() - begin)
    return found


def measure(rewrite: bool) -> dict[str, list[float]]:
    """The seconds of every model in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.rewriting", "--measure", str(int(rewrite))], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="pairs of processes (default 5)")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        import tensorflow as tf

        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not options.measure})
        seconds(models()["Masking, LSTM(64)"])  # what TensorFlow starts once
        print(json.dumps({name: seconds(stack) for name, stack in models().items()}))
        return
    rounds = [(measure(True), measure(False)) for _ in range(options.repeats)]
    print(f"Seconds without the rewriter as a share of those with it; medians of {options.repeats} pairs of processes.\n")
    print(f"| model | {' | '.join(STEPS)} |\n|---|{'---:|' * len(STEPS)}")
    for name in rounds[0][0]:
        shares = [statistics.median(without[name][step] / with_it[name][step] for with_it, without in rounds) for step in range(len(STEPS))]
        print(f"| {name} | {' | '.join(f'{share:.2f}' for share in shares)} |")


if __name__ == "__main__":
    main()
