"""A lesson small enough to build in a test: no TensorFlow in its own cells."""

from pathlib import Path

SOURCE = '''
# %% [markdown]
# # A toy

# %% given="numbers"
values = [3, 1, 2]

# %%
print(sorted(values))

# %% exercise="largest"
def largest(items):
    """The largest of a list."""
    ### BEGIN SOLUTION
    best_secret_way = max(items)
    return best_secret_way
    ### END SOLUTION

# %% test="largest" points=12
assert largest(values) == 3, "largest of 3, 1, 2"

# %% test="largest" points=6 hidden=true
assert largest([7, 9, 8]) == 9, "a hidden list"

# %% [markdown] question="why" points=2
# Why?
#
# ### BEGIN SOLUTION
# Because the hidden model answer says so.
# ### END SOLUTION

# %% setup=true
'''

VARIANTS = '''
# %% exercise="largest" right="sorted"
def largest(items):
    return sorted(items)[-1]

# %% exercise="largest" right="a loop"
def largest(items):
    best = items[0]
    for item in items:
        best = item if item > best else best
    return best

# %% exercise="largest" wrong="the first" points=12 says="a hidden list"
def largest(items):
    return items[0]

# %% exercise="largest" wrong="the smallest" points=0 says="largest of 3, 1, 2"
def largest(items):
    return min(items)

# %% exercise="largest" wrong="a constant" points=12 says="a hidden list"
def largest(items):
    return 3
'''


def write(root: Path, source: str = SOURCE, variants: str = VARIANTS) -> Path:
    """Write the toy lesson under `root`; returns its source file."""
    folder = root / "lessons" / "09_toy"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "09_toy.py").write_text(source, encoding="utf-8")
    (folder / "variants.py").write_text(variants, encoding="utf-8")
    return folder / "09_toy.py"
