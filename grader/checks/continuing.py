"""A stream cut into batches for a stateful layer: each row of a batch continues the same row of the batch before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.checks.calls import call
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain
from grader.checks.shapes import shape


def continues(fn, steps: int, rows: int, timesteps: int, features: Sequence[int] = ()) -> None:
    """`fn(stream, rows, timesteps)` must cut a stream of `steps` into (batches, rows, timesteps, ...) whose rows continue.

    What is left over may be missing at the end of the stream or of each row. features: further axes of the stream.
    Raises CheckFailed that says where rows break off.
    """
    name = f"the cut of `{getattr(fn, '__name__', 'the function')}`"
    batches, size = steps // (rows * timesteps), int(np.prod(features))
    stream = np.arange(steps * size).reshape(steps, *features)  # no two numbers are alike
    found = plain(call(fn, stream.copy(), rows, timesteps, name=getattr(fn, "__name__", "the function")))
    if isinstance(found, list):
        found = _array(found, name)
    if np.shape(found) == (rows, batches, timesteps, *features) and rows != batches:
        raise CheckFailed(
            f"{name} has the wrong shape", hint="Rows come before batches here; their order is (batches, rows, timesteps, ...): swap the two axes.",
            expected=(batches, rows, timesteps, *features), actual=np.shape(found),
        )  # fmt: skip
    asked = (batches, rows, timesteps, *features)
    if np.shape(found) != asked and sorted(np.shape(found)) == sorted(asked):
        raise CheckFailed(
            f"{name} has its axes in another order", hint="Their order is (batches, rows, timesteps, ...). Only rows and batches change places, and nothing else is turned.",
            expected=asked, actual=np.shape(found),
        )  # fmt: skip
    shape(found, asked, name)
    firsts = found.reshape(batches, rows, timesteps, size)[..., 0]
    known = found.dtype.kind in "iuf" and bool(((firsts >= 0) & (firsts < steps * size)).all())
    at = (firsts // size).astype("int64") if known else None  # which timestep of the stream stands where
    if not known or not np.array_equal(stream[at], found):
        raise CheckFailed(f"{name} holds what is no timestep of the stream", hint="Each timestep keeps all its features, as they stand in the stream.")
    read = np.arange(batches * rows * timesteps).reshape(batches, rows, timesteps)
    if not (np.diff(at, axis=2) == 1).all():
        apart = timesteps > 1 and (np.diff(at, axis=2) == rows).all()
        raise _broken(name, "breaks off inside a row", "Neighbours in a row lie far apart in the stream: each row is one long part of it, cut into chunks." if apart else None, at, np.diff(at, axis=2) == 1)
    if not (at[1:, :, 0] == at[:-1, :, -1] + 1).all():
        as_read = np.array_equal(at, read)
        hint = "That is the order in which one reads a page: row 0 goes on in row 1 of the same batch. It must go on in row 0 of the next batch."
        raise _broken(name, "has rows that do not continue in the next batch", hint if as_read else None, at, at[1:, :, 0] == at[:-1, :, -1] + 1)
    if len(np.unique(at)) < at.size:
        raise CheckFailed(f"{name} holds some timesteps twice", hint="Each row has a part of the stream of its own.", actual=at[:, :, 0])
    if at.min() > 0:
        raise CheckFailed(
            f"{name} leaves out the beginning of the stream", hint="What is left over is dropped at the end, of the stream or of each row: the stream's first timestep is read.",
            expected="timestep 0 in row 0 of batch 0", actual=f"timestep {int(at.min())} is the first that is kept",
        )  # fmt: skip
    if (np.diff(at[0, :, 0]) < 0).any():
        raise CheckFailed(f"{name} has its rows in another order", hint="Row 0 has the first part of the stream, row 1 the next.", actual=at[0, :, 0])


def _broken(name: str, problem: str, hint: str | None, at: np.ndarray, good: np.ndarray) -> CheckFailed:
    batch, row = (int(place) for place in np.argwhere(~good)[0][:2])
    where = f"first in row {row} of batch {batch}" + (f", and of batch {batch + 1}" if good.ndim == 2 else "")
    held = f"timesteps {at[batch, row].tolist()} of the stream" + (f", then {at[batch + 1, row].tolist()}" if good.ndim == 2 else "")
    return CheckFailed(f"{name} {problem}", hint=hint, where=where, expected="each timestep is followed by the next one", actual=held)


def _array(found: list, name: str) -> np.ndarray:
    try:
        return np.asarray(found)
    except ValueError:
        raise CheckFailed(f"{name} is no array", hint="Its parts have different lengths, so they make no array: all batches, rows and chunks are equally long.") from None
