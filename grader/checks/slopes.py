"""How much each output of a layer depends on each input: a derivative is what a small change makes, divided by it."""

from __future__ import annotations

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array
from grader.checks.plainly import plain
from grader.checks.unrolling import at_once
from grader.checks.values import close

SMALL = 1e-2
RTOL, ATOL = 2e-2, 2e-3  # of differences in float32


def measures_slopes(fn, layer, timesteps: int = 4, features: int = 3, seed: int = 0) -> None:
    """`fn(layer, x)` must say how output t depends on input s: an array (timesteps, timesteps), outputs in its rows.

    An entry is the derivative of the sum of the units at t with respect to x at s: its absolute value, summed over the
    features. layer: one output per timestep; it is given random weights. The right numbers are differences: x is
    changed a little at each place, both ways, and the layer called again.
    Raises CheckFailed: names a transposed matrix, outputs taken together, signs that were kept, sums in the wrong order.
    """
    name = getattr(fn, "__name__", "the function")
    x, slopes = _drawn(layer, np.random.default_rng(seed), timesteps, features)
    found = plain(call(fn, layer, x, name=name))
    summed = slopes.sum(axis=3)
    close(found, np.abs(summed).sum(axis=2), "what each output depends on", RTOL, ATOL, lambda: _slips(slopes, summed))


def _drawn(layer, random, timesteps: int, features: int) -> tuple[np.ndarray, np.ndarray]:
    """An input, and the slopes there, (outputs, inputs, features, units), of weights that the layer is given.

    It draws again until some slopes are negative when they are added up: else a sign that was kept would not show.
    """
    for _ in range(50):
        x = random.normal(size=(1, timesteps, features)).astype("float32")
        if not layer.built:
            layer.build(x.shape)
        layer.set_weights([random.normal(scale=0.8, size=weight.shape) for weight in layer.get_weights()])
        slopes = _differences(layer, x)
        if slopes.sum(axis=(2, 3)).min() < -0.05:
            break
    return x, slopes


def _differences(layer, x) -> np.ndarray:
    """The derivative of each unit at each timestep with respect to each feature at each timestep."""
    _, timesteps, features = x.shape
    places = np.eye(timesteps * features, dtype="float32").reshape(-1, timesteps, features) * SMALL
    with at_once(layer):
        outputs = np.asarray(as_array(layer(np.concatenate([x + places, x - places]))), "float64")
    above, below = np.split(outputs, 2)
    slopes = (above - below) / (2 * SMALL)  # (places, outputs, units)
    return np.moveaxis(slopes.reshape(timesteps, features, timesteps, -1), 2, 0)


def _slips(slopes, summed) -> dict[str, np.ndarray]:
    """Hint -> what it is that was returned."""
    right = np.abs(summed).sum(axis=2)
    timesteps, units = len(right), slopes.shape[3]
    together = np.abs(summed.sum(axis=0)).sum(axis=1)
    found = {
        "Rows and columns are swapped: row t is the output, column s the input.": right.T,
        "That is the gradient of all outputs together. Take one output at a time.": np.tile(together, (timesteps, 1)),
        "That is the gradient of all outputs together, a single row. Take one output at a time, and stack.": together,
        "Every row is the last output's. Take the output at t.": np.tile(right[-1], (timesteps, 1)),
        "That is the last output's row alone. Take each output, and stack the rows.": right[-1],
        "The signs are still there: take absolute values.": summed.sum(axis=2),
        "Take the absolute value of each feature's gradient before you add them up.": np.abs(summed.sum(axis=2)),
        "That is the gradient of all outputs up to t. Take the output at t alone.": np.abs(summed.cumsum(axis=0)).sum(axis=2),
        "The sum goes over the timesteps of the input. Sum over the features.": np.abs(summed).sum(axis=1),
        "The features are still there. Sum their absolute values.": np.abs(summed),
        "The features are still there, and their signs. Sum their absolute values.": summed,
        "The largest of the features is taken. Their sum is asked.": np.abs(summed).max(axis=2),
        "The gradients are squared. Their absolute values are asked.": (summed**2).sum(axis=2),
        "That is the length of the gradient, a root of squares. The sum of absolute values is asked.": np.sqrt((summed**2).sum(axis=2)),
    }
    if units != summed.shape[2]:  # else the one cannot be told from the other
        found["The features are averaged. Their sum is asked."] = right / summed.shape[2]
        found["The units are averaged. Take the gradient of their sum."] = right / units
    if units > 1:
        found["That is the gradient of a single unit. Take that of the sum of all units."] = np.abs(slopes[..., 0]).sum(axis=2)
        found["Each unit's gradient was made positive. Add the units up first, then take the gradient."] = np.abs(slopes).sum(axis=(2, 3))
    return found
