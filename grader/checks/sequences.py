"""Properties that need no golden numbers: the future changes nothing, padding changes nothing, targets are shifted."""

from __future__ import annotations

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, shape_of, shape_text, text
from grader.checks.failure import CheckFailed
from grader.checks.values import close, equal


def causal(fn, x, name: str = "the model", together: bool = False) -> None:
    """Changing `x[:, t+1:]` must change nothing in `fn(x)[:, :t+1]`.

    fn: (batch, timesteps, features) floats -> (batch, timesteps, ...) of the same length.
    together: ask about all changes in one call, whose batch is several times that of x; for a fn that is known to read row by row.
    Raises CheckFailed with the first timestep that saw the future.
    """
    x = np.array(as_array(x))
    steps = x.shape[1]
    before = _output(fn, x, name)
    if before.ndim < 2 or before.shape[1] != steps:
        raise CheckFailed(
            f"{name} does not give one output per timestep",
            hint="return_sequences=True returns one vector per timestep; causal padding keeps the length.",
            expected=f"({x.shape[0]}, {steps}, …)",
            actual=shape_text(before.shape),
        )
    if not np.isfinite(before).all():
        raise _not_finite(name)
    noise = np.random.default_rng(0).normal(1.0, 0.5, x.shape).astype(x.dtype)
    places = [t for t in sorted({0, steps // 4, steps // 2, steps - 2}) if 0 <= t < steps - 1]
    changed = [np.concatenate([x[:, : t + 1], x[:, t + 1 :] + noise[:, t + 1 :]], axis=1) for t in places]
    together = together and len(places) > 1
    afters = np.split(_output(fn, np.concatenate(changed), name), len(places)) if together else (_output(fn, one, name) for one in changed)
    for t, after in zip(places, afters, strict=True):
        if not np.isfinite(after).all():
            raise _not_finite(name)
        seen = np.abs(after[:, : t + 1] - before[:, : t + 1]).reshape(x.shape[0], t + 1, -1).max(axis=(0, 2))
        tolerance = 1e-5 * (1 + np.abs(before).max())
        if not seen.max() <= tolerance:
            first = int(np.argmax(seen > tolerance))
            raise CheckFailed(
                f"{name} looks into the future",
                hint='Use padding="causal", and no Bidirectional, where the future must stay unknown.',
                expected=f"the output at timestep {first} depends on x[:, :{first + 1}] only",
                actual=f"changing x[:, {t + 1}:] changed it by {seen[first]:.3g}",
            )


NO_DATA = "Padding is not data. Masking or Embedding(mask_zero=True) tells the layers after it which timesteps are real."


def ignores_padding(fn, x, name: str = "the model", pad: float = 0, side: str = "right", amount: int = 5, hint: str = NO_DATA) -> None:
    """`fn` must give the same for `x` and for `x` with `amount` more timesteps of `pad` on one side.

    fn: (batch, timesteps) integers or (batch, timesteps, features) floats -> one result per sequence, (batch, ...).
    Raises CheckFailed.
    """
    x = np.array(as_array(x))
    ends = (amount, 0) if side == "left" else (0, amount)
    widths = [(0, 0), ends] + [(0, 0)] * (x.ndim - 2)
    short = _output(fn, x, name)
    long = _output(fn, np.pad(x, widths, constant_values=pad), name)
    if short.shape != long.shape:
        raise CheckFailed(
            f"{name} changes its shape when the sequence is padded",
            hint="One result per sequence is expected, whatever its length.",
            expected=shape_text(short.shape),
            actual=shape_text(long.shape),
        )
    if len(short) > 1 and (x != x[:1]).any() and np.ptp(short, axis=0).max() <= 1e-6 * np.abs(short).max():
        raise CheckFailed(
            f"{name} gives the same for every sequence",
            hint="What does not depend on the input ignores its padding, and all else. Does the result come from x?",
            expected="other results for other sequences",
            actual=text(short),
        )
    off = np.abs(short - long).max() if short.size else 0.0
    if not off <= 1e-4 * (1 + np.abs(short).max()):
        raise CheckFailed(
            f"{name} is changed by padding",
            hint=hint,
            expected=f"the same result with {amount} more timesteps of {pad:g} on the {side}",
            actual=f"results differ by up to {off:.3g}",
        )


def shifted(x, y, name: str = "the targets") -> None:
    """Next-step targets: `x[:, 1:] == y[:, :-1]` for arrays of shape (batch, timesteps, ...); floats within tolerance.

    Raises CheckFailed.
    """
    x, y = as_array(x), as_array(y)
    if x.ndim < 2 or y.ndim < 2 or x.shape != y.shape:
        raise CheckFailed(
            f"{name} do not have the shape of the inputs",
            hint="For next-step prediction x drops the last timestep and y the first; both keep (batch, timesteps).",
            expected=shape_text(shape_of(x)),
            actual=shape_text(shape_of(y)),
        )
    if _alike(x, y) and x.shape[1] > 1:
        raise CheckFailed(
            f"{name} equal the inputs",
            hint="A model that copies its input would have no error and would have learned nothing. Shift: x = s[:, :-1], y = s[:, 1:].",
        )
    if _alike(y[:, 1:], x[:, :-1]) and not _alike(x[:, 1:], y[:, :-1]):
        raise CheckFailed(
            f"{name} are shifted the wrong way", hint="The target of timestep t is the input of timestep t+1, not of t-1."
        )
    (close if _floats(x, y) else equal)(y[:, :-1], x[:, 1:], f"y[:, :-1] of {name}")


def chronological(train_times, test_times, name: str = "the split") -> None:
    """Every training time must come before every test time; both are 1-D, numbers or datetime64.

    Raises CheckFailed.
    """
    train, test = as_array(train_times), as_array(test_times)
    for times, which in ((train, "training"), (test, "test")):
        if times.ndim != 1 or not len(times):
            raise CheckFailed(f"{name} has no {which} times", expected="a 1-D array with at least one time", actual=text(times))
    if (train.dtype.kind == "M") != (test.dtype.kind == "M") or not {train.dtype.kind, test.dtype.kind} <= set("Mfiu"):
        raise CheckFailed(
            f"the training times and the test times of {name} cannot be compared",
            hint="Both are numbers, or both are datetime64.",
            expected="times of one kind",
            actual=f"{train.dtype} and {test.dtype}",
        )
    if train.max() < test.min():
        return
    mixed = float(np.mean(train >= test.min()))
    raise CheckFailed(
        f"{name} lets the training set see the future",
        hint="Split by time: everything before a date trains, everything from it on tests. Shuffling comes after the split."
        if test.max() >= train.min()
        else "The test set lies before the training set.",
        expected="the last training time before the first test time",
        actual=f"training ends at {train.max()}, the test set begins at {test.min()}; "
        f"{mixed:.0%} of the training times are not before it",
    )


def _floats(*arrays) -> bool:
    kinds = {array.dtype.kind for array in arrays}
    return kinds <= set("fiub") and "f" in kinds


def _alike(left: np.ndarray, right: np.ndarray) -> bool:
    if _floats(left, right):  # float32 and float64 of one series differ in the last digits
        return left.shape == right.shape and np.allclose(left, right, rtol=1e-5, atol=1e-6)
    return np.array_equal(left, right)


def _not_finite(name: str) -> CheckFailed:
    return CheckFailed(f"{name} gives NaN or infinity", hint="What is not a number depends on nothing that can be compared.")


def _output(fn, x, name) -> np.ndarray:
    result = call(fn, x, name=name)
    try:
        return np.asarray(as_array(result), "float64")
    except (TypeError, ValueError):
        raise CheckFailed(f"{name} does not return numbers", actual=text(result)) from None
