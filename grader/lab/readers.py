"""Lesson 2's three recurrent layers on one task: the same recipe, three curves."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from grader.lab import receipts


def three_readers(learn: tuple, unseen: tuple, units: int = 64):
    """Train a SimpleRNN, a GRU and an LSTM of `units`; print how each ends on `unseen`, and return the figure over the epochs.

    learn, unseen: x (samples, timesteps, features) and integer classes y (samples,). Keras' random seed is set to 0 before each;
    trains through `fit_once`, with the receipts `digits-simplernn`, `digits-gru` and `digits-lstm`.
    """
    from grader.lab import plot  # matplotlib takes its time

    classes, curves = int(np.max(learn[1])) + 1, {}
    for kind in (layers.SimpleRNN, layers.GRU, layers.LSTM):
        keras.utils.set_random_seed(0)
        reader = keras.Sequential([keras.Input((None, learn[0].shape[-1])), kind(units)])
        reader.add(layers.Dense(classes))
        logit_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        reader.compile(keras.optimizers.Adam(0.005), logit_loss, metrics=["accuracy"])
        options = {"batch_size": 128, "validation_data": unseen, "verbose": 0}
        log = receipts.fit_once(reader, *learn, name=f"digits-{kind.__name__.lower()}", epochs=6, **options)
        curves[f"{kind.__name__}, {reader.count_params():,} weights"] = log.history
    print(*(f"{name}: {log['val_accuracy'][-1]:.3f}" for name, log in curves.items()), sep="\n")
    return plot.history(curves, "val_accuracy", label="accuracy, unseen writers")
