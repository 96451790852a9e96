# %% [markdown]
# # Windows
# A lesson for attackers: plain Python and NumPy.

# %% setup=true
import numpy as np

# %% given="series"
series = np.arange(12.0)

# %% [markdown]
# ## Windows

# %% exercise="windows"
def windows(series, width):
    """All windows of a series: (len(series) - width + 1, width)."""
    ### BEGIN SOLUTION
    # __SOLUTION__
    return np.stack([series[i : i + width] for i in range(len(series) - width + 1)])
    ### END SOLUTION

# %% test="windows" points=2
cut = windows(series, 4)
assert cut.shape == (9, 4), "nine windows of four"
assert np.array_equal(cut[2], [2, 3, 4, 5]), "the third window"

# %% test="windows" points=3 hidden=true
longer = np.array([__NUMBER__, 2.0, 3.5, 5.0, 7.25])
cut = windows(longer, 2)
assert cut.shape == (4, 2), "__HIDDEN__"
assert np.array_equal(cut, [[longer[i], longer[i + 1]] for i in range(4)]), "__HIDDEN__"

# %% [markdown]
# ## Errors

# %% exercise="error"
def error(targets, guess):
    """The mean absolute error of one guess for all targets, a float."""
    ### BEGIN SOLUTION
    return float(np.mean(np.abs(np.asarray(targets) - guess)))
    ### END SOLUTION

# %% test="error" points=1
assert error([1.0, 2.0, 6.0], 2.0) == 5 / 3, "the mean of 1, 0 and 4"

# %% test="error" points=2 hidden=true
truth = (__NUMBER__ + 4) / 2
assert error([__NUMBER__, 4.0], 0.0) == truth, "__HIDDEN__"

# %% [markdown]
# ## Constants

# %% exercise="constants"
### BEGIN SOLUTION
horizon = 3
names = ["input", "state"]
### END SOLUTION

# %% test="constants" points=1
assert horizon == 3, "three steps ahead"

# %% test="constants" points=1 hidden=true
assert names == ["input", "state"] and len(names) == 2, "__HIDDEN__"
assert horizon * __NUMBER__ == 3 * __NUMBER__, "__HIDDEN__"
