"""The gradient at a lag, measured by a student's function, beside what nudges of the input do to the last output."""

from __future__ import annotations

import numpy as np

from grader.checks.calls import call
from grader.checks.compared import compare
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain
from grader.checks.unrolling import at_once

NUDGE = 1e-4  # in float64 its square is still far above what rounding hides
NO_GRADIENT = (
    "A tape gives None for what it did not watch, or what does not lead to the result: tape.watch takes the very tensor that then "
    "goes into the layer, and the layer runs inside the tape. A function without `return` gives None, too."
)


def lag_gradient(fn, layer, lag: int, timesteps: int, batch: int = 1, expected: float | None = None, seed: int = 0) -> None:
    """`fn(layer, x, lag)` must give the gradient of the sum of the last output with respect to the input `lag` timesteps before the end.

    layer: one of Keras' recurrent layers, built, that returns its last output; x (batch, timesteps, features) is drawn from `seed`.
    expected: what the gradient is everywhere, where a formula tells. Else each input is nudged, and the output watched.
    Raises CheckFailed that names another timestep, the sum over all of them, and a tape that watched something else.
    """
    name = getattr(fn, "__name__", "the function")
    x = np.random.default_rng(seed).normal(size=(batch, timesteps, layer.get_weights()[0].shape[0])).astype("float32")
    nudged = [] if expected is not None else [_nudged(layer, x)]
    right = nudged[0][1].sum(axis=1)[:, timesteps - 1 - lag] if nudged else np.full((batch, x.shape[2]), expected, "float64")
    found = plain(call(fn, layer, x, lag, name=name))
    if found is None:
        raise CheckFailed(f"`{name}` gives None in place of a gradient", hint=NO_GRADIENT)
    compare(
        found, right, "the gradient", lambda: _slips(*(nudged or [_nudged(layer, x)])[0], lag),
        rtol=2e-3 if expected is None else 5e-3, atol=1e-4 * np.abs(right).max(),
    )  # fmt: skip


def _nudged(layer, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The last output (batch, units), and how it changes with each input: (batch, units, timesteps, features). In float64."""
    twin = type(layer).from_config({**layer.get_config(), "dtype": "float64", "name": "twin"})
    twin.build(x.shape)
    twin.set_weights(layer.get_weights())
    batch, timesteps, features = x.shape
    nudges = NUDGE * np.eye(timesteps * features).reshape(-1, 1, timesteps, features)
    asked = np.concatenate([(x + sign * nudges).reshape(-1, timesteps, features) for sign in (1, -1, 0)])
    with at_once(twin):
        more, less, as_it_is = np.split(np.array(twin(asked)), 3)
    slopes = ((more - less) / (2 * NUDGE)).reshape(timesteps, features, batch, -1)
    return as_it_is[:batch], slopes.transpose(2, 3, 0, 1)


def _slips(outputs: np.ndarray, slopes: np.ndarray, lag: int) -> dict:
    """Hint -> the gradient that proves it."""
    batch, units, timesteps, _ = slopes.shape
    whole, place = slopes.sum(axis=1), timesteps - 1 - lag
    slips = {
        "That is a timestep counted from the start. The lag counts back from the last one.": whole[:, lag],
        "That is the gradient at all timesteps. Take the one that the lag names.": whole,
        "That is the sum over all timesteps. Take the one that the lag names.": whole.sum(axis=1),
        "That is the mean over all timesteps. Take the one that the lag names.": whole.mean(axis=1),
        "That is the gradient of the mean of the output. The sum is asked.": whole[:, place] / (batch * units),
        "That is the gradient of the sum of the squares, as in the example. The sum of the output itself is asked.":
            2 * np.einsum("bu,buf->bf", outputs, slopes[:, :, place]),
        "That is the gradient of the first unit alone. The sum over all units is asked.": slopes[:, 0, place],
        "That is the gradient of the last unit alone. The sum over all units is asked.": slopes[:, -1, place],
    }
    if lag:
        slips["One timestep too near the end: lag 0 is the last timestep, index timesteps - 1."] = whole[:, place + 1]
    if place:
        slips["One timestep too far back: lag 0 is the last timestep, index timesteps - 1."] = whole[:, place - 1]
    return slips
