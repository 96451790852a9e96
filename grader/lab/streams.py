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


def stateful_lamps(x: np.ndarray, y: np.ndarray) -> keras.Model:
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
