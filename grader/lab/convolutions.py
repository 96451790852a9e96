"""Lesson 6's experiments with splits and lengths: what a leak is worth, and how long the output of a convolution is."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from grader.lab import plot
from grader.lab.receipts import fit_once


def three_splits(x, y, recording, who) -> None:
    """Score two baselines on windows put aside in three ways; print the accuracies and draw them.

    x: (windows, timesteps, features); y, recording, who: int (windows,), the class, the recording and the person of each.
    Three tenths of the windows are aside: windows at random, recordings at random, the last three people.
    """
    random = np.random.default_rng(0)
    numbers, people = np.unique(recording), np.unique(who)
    few = random.permutation(len(x)) < 0.3 * len(x)
    ways = {
        "windows at random": few,
        "recordings at random": np.isin(recording, random.permutation(numbers)[: round(0.3 * len(numbers))]),
        "people {}, {} and {}".format(*people[-3:]): who >= people[-3],
    }
    scores = {}
    for way, aside in ways.items():
        s = _summaries(x, ~aside)
        learn, ask = (s[~aside], y[~aside]), (s[aside], y[aside])
        scores[way] = {"nearest example": _nearest(*learn, *ask), "linear": _linear(*learn, *ask, name="linear-" + way.split()[0])}
        print(f"{way:<22}", *(f"{name} {score:.3f}  " for name, score in scores[way].items()))
    plot.show(
        plot.leak(scores, chance=1 / len(np.unique(y))),
        alt="The nearest example seems near perfect on random windows and falls by a quarter on people; the linear model loses less.",
    )


def lengths(length: int, kernel: int) -> None:
    """Print how many timesteps a Conv1D of this kernel size returns for `length` of them, with one option after the other; Keras says."""
    settings = [
        {}, {"strides": 2}, {"dilation_rate": 4},
        {"padding": "same"}, {"padding": "same", "strides": 2},
        {"padding": "causal"}, {"padding": "causal", "dilation_rate": 4},
    ]  # fmt: skip
    for options in settings:
        _, steps, _ = layers.Conv1D(1, kernel, **options).compute_output_shape((1, length, 1))
        print(f"{str(options or 'as it comes'):<46} {length} timesteps -> {steps}")


def _summaries(x, learn) -> np.ndarray:
    """Mean and deviation of each feature over time, (windows, 2 features), each scaled by the windows to learn from."""
    s = np.concatenate([x.mean(axis=1), x.std(axis=1)], axis=1)
    return (s - s[learn].mean(axis=0)) / s[learn].std(axis=0)


def _nearest(s, y, s_new, y_new) -> float:
    # |a - b|² = |a|² + |b|² - 2ab, of which |a|² is the same for all b.
    far = (s**2).sum(axis=1) - 2 * s_new @ s.T
    return float(np.mean(y[far.argmin(axis=1)] == y_new))


def _linear(s, y, s_new, y_new, name: str) -> float:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input(s.shape[1:]), layers.Dense(int(y.max()) + 1)])
    model.compile(keras.optimizers.Adam(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    fit_once(model, s, y, name=name, epochs=15, batch_size=64, verbose=0)
    return float(np.mean(np.argmax(model(s_new), axis=-1) == y_new))
