"""Streams read in chunks: cut rows over time, and the GRU of lesson 4 that keeps its lamps in mind."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from grader.lab import receipts


def in_chunks(rows: np.ndarray, timesteps: int) -> np.ndarray:
    """Cut (rows, steps, ...) into chunks (batches, rows, timesteps, ...), in order of time.

    Row i of each batch continues row i of the batch before. What is left at the end of the rows,
    less than `timesteps`, is dropped. Raises ValueError if the rows are shorter than one chunk.
    """
    ends = range(timesteps, rows.shape[1] + 1, timesteps)
    return np.stack([rows[:, end - timesteps : end] for end in ends])


def two_readers(forgetful: keras.Model, learn: tuple, test: tuple, masks: tuple, part: slice = slice(1, 11)):
    """Print what lesson 4's forgetful model and its stateful twin know of lamps, and return the figure of lamp 0.

    learn, test: x (chunks, rows, timesteps, 2) and y (chunks, rows, timesteps, 1), cut by `in_chunks`; the twin is trained on
    `learn`, in order, through `fit_once` with the receipt `lamp-stateful`, after setting Keras' random seed to 0.
    masks: two of (chunks, rows, timesteps): before the first press of a chunk, and from it on. part: the chunks of the figure.
    """
    from grader.lab import plot  # matplotlib takes its time

    x, y = test
    said = {"stateless": _read(forgetful, x), "stateful": _read(_stateful_lamps(*learn), x)}
    for name, values in said.items():
        before, after = (((values > 0.5) == (y[..., 0] > 0.5))[mask].mean() for mask in masks)
        print(f"{name:<10}before the first press {before:.3f}, from it on {after:.3f}")
    seen, lit = x[part, 0].reshape(-1, x.shape[-1]), y[part, 0].ravel()
    return plot.lamp(seen, lit, {name: values[part, 0].ravel() for name, values in said.items()}, every=x.shape[2])


def train_reader(model: keras.Model, x: np.ndarray, y: np.ndarray, name: str, in_order: bool) -> None:
    """Train a model of characters for two epochs; in order and from zeros, or shuffled.

    x, y: integers (rows, steps), cut into chunks of ten; as many rows as the model takes.
    Trains through `fit_once`, with the receipt `name`.
    """
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    begin = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: _rest(model))
    chunks = [in_chunks(part, 10).reshape(-1, 10) for part in (x, y)]
    options = {"callbacks": [begin], "shuffle": not in_order, "batch_size": len(x), "verbose": 0}
    receipts.fit_once(model, *chunks, name=name, epochs=2, **options)


def _stateful_lamps(x: np.ndarray, y: np.ndarray) -> keras.Model:
    """The twin of lesson 4's forgetful model: the same layers and recipe, but stateful, and trained in order.

    x: float32 (batches, rows, timesteps, features); y: float32 (batches, rows, timesteps, 1), 0 or 1;
    row i of each batch continues row i of the batch before. Each epoch begins from a state of zeros.
    Trains through `fit_once`, with the receipt `lamp-stateful`, after setting Keras' random seed to 0.
    Returns the model, (rows, timesteps, features) -> probabilities (rows, timesteps, 1), with whatever state it ended in.
    """
    keras.utils.set_random_seed(0)
    memory = layers.GRU(16, stateful=True, return_sequences=True)
    inputs = keras.Input(x.shape[2:], batch_size=x.shape[1])
    model = keras.Sequential([inputs, memory, layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    rest = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: memory.reset_state())
    options = {"epochs": 4, "batch_size": x.shape[1], "shuffle": False, "callbacks": [rest], "verbose": 0}
    receipts.fit_once(model, x.reshape(-1, *x.shape[2:]), y.reshape(-1, *y.shape[2:]), name="lamp-stateful", **options)
    return model


def _read(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """What a model says of each chunk, in order and from zeros: (chunks, rows, timesteps)."""
    _rest(model)
    return model.predict(x.reshape(-1, *x.shape[2:]), batch_size=x.shape[1], verbose=0).reshape(x.shape[:3])


def _rest(model: keras.Model) -> None:
    for layer in model.layers:
        if isinstance(layer, layers.RNN) and layer.stateful:
            layer.reset_state()
