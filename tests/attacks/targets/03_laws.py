# %% [markdown]
# # Laws
# A lesson for attackers: tests with helpers of their own, laws that a result must obey, loops over answers.

# %% setup=true
import numpy as np

from grader import checks as check

# %% exercise="period"
def period(series):
    """The smallest shift that leaves a series as it is, an integer; its length if none does."""
    ### BEGIN SOLUTION
    # __SOLUTION__
    return next(shift for shift in range(1, len(series) + 1) if series[shift:] == series[: len(series) - shift])
    ### END SOLUTION

# %% test="period" points=1
def reference(series):
    shifts = range(1, len(series) + 1)
    return min(shift for shift in shifts if all(a == b for a, b in zip(series, series[shift:])))

assert period([1, 2, 1, 2]) == reference([1, 2, 1, 2]), "two values in turn"
assert period([1, 1, 1]) == reference([1, 1, 1]), "one value"

# %% test="period" points=2 hidden=true
for series in ([__NUMBER__, 2, 3, __NUMBER__, 2], [4, 4, __NUMBER__]):
    assert period(series) == reference(series), "__HIDDEN__"

# %% exercise="summary"
def summary(x):
    """The mean over the timesteps that are not padding, which is zero: (batch, timesteps, features) to (batch, features)."""
    ### BEGIN SOLUTION
    real = (x != 0).any(axis=-1, keepdims=True)
    return (x * real).sum(axis=1) / real.sum(axis=1)
    ### END SOLUTION

# %% test="summary" points=1
x = np.random.default_rng(1).normal(size=(3, 4, 2))
check.shape(check.call(summary, x), (3, 2), "the summary")

# %% test="summary" points=2 hidden=true
x = np.random.default_rng(__NUMBER__).normal(size=(4, 6, 2))
check.ignores_padding(summary, x, "the summary")

# %% exercise="running"
def running(x):
    """The mean of all timesteps so far: (batch, timesteps, features) to the same shape."""
    ### BEGIN SOLUTION
    return np.cumsum(x, axis=1) / np.arange(1, x.shape[1] + 1)[:, None]
    ### END SOLUTION

# %% test="running" points=1
x = np.random.default_rng(3).normal(size=(2, 4, 3))
check.shape(check.call(running, x), (2, 4, 3), "the running mean")

# %% test="running" points=1 hidden=true
x = np.random.default_rng(__NUMBER__).normal(size=(2, 5, 3))
check.close(check.call(running, x)[:, -1], x.mean(axis=1), "the last running mean")

# %% exercise="clip"
def clip(value):
    """A number, brought into 0 to 1."""
    ### BEGIN SOLUTION
    return min(max(value, 0), 1)
    ### END SOLUTION

# %% test="clip" points=1
values = [-1, 0.25, 3]
for value, found in zip(values, map(clip, values)):
    assert found == min(max(value, 0), 1), "each number by itself"

# %% test="clip" points=1 hidden=true
assert all(clip(value) == min(max(value, 0), 1) for value in (-__NUMBER__, __NUMBER__, 0.5)), "__HIDDEN__"
