"""Whether a function splits samples by time: all training samples before all test samples, each with its own target."""

from __future__ import annotations

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import shape_text
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain
from grader.checks.sequences import chronological

PARTS = "x_train, y_train, x_test, y_test"


def split_by_time(fn, samples: int, train_size: int, features: tuple[int, ...] = (4, 1), name: str = "the split") -> None:
    """`fn(x, y, train_size)` must return x_train, y_train, x_test, y_test: the first `train_size` samples train, the rest tests.

    It is given x, (samples, *features), and y, (samples,), with the sample's number everywhere. Inside a part the order is
    free, as long as row i of x and row i of y belong together. Raises CheckFailed.
    """
    times = np.arange(100, 100 + samples)
    x = np.broadcast_to(times.reshape(-1, *[1] * len(features)), (samples, *features)).copy()
    x_train, y_train, x_test, y_test = _four(plain(call(fn, x, times.copy(), train_size)), name, x.ndim)
    for which, rows, targets in (("training", x_train, y_train), ("test", x_test, y_test)):
        if len(rows) != len(targets):
            raise CheckFailed(
                f"{name} gives the {which} set another number of samples than of targets", hint="Each sample goes with its target: cut x and y at the same place.",
                expected="as many targets as samples", actual=f"{len(rows)} samples, {len(targets)} targets",
            )  # fmt: skip
    if np.intersect1d(y_train, y_test).size:
        raise CheckFailed(f"{name} puts samples into both sets", hint="A sample is in the training set and in the test set. One ends where the other begins.")
    if len(y_train) and len(y_test):
        chronological(y_train, y_test, name)
    if (len(y_train), len(y_test)) != (train_size, samples - train_size):
        swapped = (len(y_test), len(y_train)) == (train_size, samples - train_size)
        few = len(y_train) + len(y_test) < samples
        raise CheckFailed(
            f"{name} makes parts of another size",
            hint="train_size counts the training samples, not the test samples."
            if swapped
            else "Samples are lost: each belongs to the training set or to the test set."
            if few
            else "The training set has train_size samples, whatever their number is; all others test.",
            expected=f"{train_size} to train, {samples - train_size} to test",
            actual=f"{len(y_train)} to train, {len(y_test)} to test",
        )
    for which, rows, targets, asked in (("training", x_train, y_train, times[:train_size]), ("test", x_test, y_test, times[train_size:])):
        if rows.shape != (len(targets), *features):
            raise CheckFailed(f"{name} changes the shape of x", hint="Each sample stays as it is.", expected=shape_text((len(targets), *features)), actual=shape_text(rows.shape))
        if not np.array_equal(np.sort(targets), asked):
            raise CheckFailed(f"{name} repeats or changes samples", hint=f"Each {which} sample is there once, with its own target.")
        if not (rows == targets.reshape(-1, *[1] * len(features))).all():
            raise CheckFailed(
                f"{name} tears x and y apart",
                hint=f"In the {which} set, row i of x no longer belongs to row i of y. Whoever shuffles does both by one permutation.",
            )


def _four(parts, name: str, axes: int) -> list[np.ndarray]:
    """The four parts as arrays of the right number of axes."""
    if isinstance(parts, (list, tuple)) and len(parts) == 2 and all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in parts):
        raise CheckFailed(f"{name} returns its parts in pairs", hint=f"Return the four side by side, without inner brackets: {PARTS}.")
    if not isinstance(parts, (list, tuple)) or len(parts) != 4:
        hint = "Does the function end in `return …`?" if parts is None else f"Return four things: {PARTS}."
        raise CheckFailed(f"{name} does not return four arrays", hint=hint)
    try:
        parts = [np.asarray(part) for part in parts]
    except ValueError:
        raise CheckFailed(f"{name} returns something that is no array", hint=f"Return four arrays: {PARTS}.") from None
    found = [part.ndim for part in parts]
    if found != [axes, 1, axes, 1]:
        hint = f"They come in another order. Asked is {PARTS}." if sorted(found) == sorted([axes, 1, axes, 1]) else f"Asked is {PARTS}, with the axes of x and y."
        if found == [axes, axes, 1, 1]:
            hint = f"This is scikit-learn's order. Here it is {PARTS}."
        raise CheckFailed(f"{name} returns arrays with other axes", hint=hint, expected=f"{[axes, 1, axes, 1]} axes", actual=f"{found} axes")
    return parts
