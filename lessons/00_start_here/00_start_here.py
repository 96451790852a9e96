# %% [markdown]
# # 0 · Start here
#
# <!-- colab-badge -->
#
# Nine lessons follow this page. Each asks one question about sequences, lets you measure the
# answer, and ends with exercises that a program checks while you watch and an instructor grades
# later. **How does an answer travel from this page to a grade?** You will send one on the way, so
# that in lesson 1 only the ideas are new.
#
# You will be able to run and restart a notebook, read a failing check, keep what you trained, and
# hand in your work. About 15 minutes. You need Python, NumPy and a first Keras model
# (`Dense`, `compile`, `fit`); no recurrent network yet.

# %% setup=true

# %% [markdown]
# The line above names the versions and the device. `CPU` is fine: on two CPU cores every lesson
# runs in about two minutes or less. Where there is a GPU, the same cells train on it. On Colab you
# choose one under *Runtime → Change runtime type*.
#
# ## How a notebook runs
#
# A notebook is a page and a running program, the *kernel*. **Shift + Enter** runs a cell and moves
# on. The kernel remembers what ran, in the order in which you ran it, not in the order of the page.
# So when something puzzles you, choose *Run → Restart Kernel and Run All Cells*
# (on Colab: *Runtime → Restart session and run all*). What works after a restart works.
#
# %% given="imports"
import keras
import numpy as np
from keras import layers

# %% [markdown]
# Imports like these are locked in JupyterLab, as are the set-up above and every check: grading relies
# on them. All other cells are yours to change. Try the next one: change a number, run it again.

# %%
rng = np.random.default_rng(seed=0)
x = rng.normal(size=(3, 7, 2)).astype("float32").cumsum(axis=1)
print("shape of x:", x.shape)
print("timestep 0 of the first sequence:", x[0, 0])

# %% [markdown]
# ## The one shape to know
#
# Everything in this course is a batch of sequences, and its shape is always said in this order:
#
# **(batch, timesteps, features)**
#
# `x` holds 3 sequences, each 7 timesteps long, with 2 numbers at every timestep. Here it is as a
# picture: a panel for each sequence, time running to the right, a line for each feature.

# %%
figure = lab.plot.batch(x)
lab.plot.show(figure, alt="Three panels, one for each sequence; in each, two lines, one "
              "for each feature, over seven timesteps.")

# %% [markdown]
# ## Exercise: name the shape
#
# An exercise is a function that is not written yet. Replace `raise NotImplementedError` by your
# code, run the cell, then run the check below it.
#
# A museum counts visitors at 4 doors, once an hour, for 24 hours a day. It hands you the days it
# has, one sequence a day. What is the shape of that batch?

# %% exercise="batch-shape"
def batch_shape(days, hours, doors):
    """Return the shape of a batch: a sequence per day, a timestep per hour, a feature per door.

    days, hours, doors: integers. Returns a tuple of three, (batch, timesteps, features).
    """
    ### BEGIN SOLUTION
    return (days, hours, doors)
    ### END SOLUTION


# %% cases="batch-shape"
freeze(
    lambda days, hours, doors: (days, hours, doors),
    visible=[(30, 24, 4)],
    hidden=[(7, 10, 2), (1, 24, 9)],
    mistakes={
        "The batch comes first: one sequence per day.": lambda d, h, f: (h, d, f),
        "Features come last: one per door.": lambda d, h, f: (d, f, h),
        "The result does not depend on the arguments.": lambda d, h, f: (30, 24, 4),
        "This is how many numbers there are in all. A shape has one number per axis, three here.":
            lambda d, h, f: d * h * f,
    },
    parts=("batch", "timesteps", "features"),
)

# %% test="batch-shape" points=0.5
check.cases(batch_shape, "batch-shape")

# %% [markdown]
# Was it silent? Then all is well: a check speaks only when something is wrong. The cell below is of
# the other kind. A *hidden* check asks the same question with other values, so that an answer made
# for one example is not enough. Here it shows two lines of comment; it runs when your work is graded.

# %% test="batch-shape" points=0.5 hidden=true
check.cases(batch_shape, "batch-shape", hidden["batch-shape"])

# %% [markdown]
# ## What a failing check says
#
# Here is one that fails on purpose. The data lack their last axis, which is the most common slip in
# this course.

# %%
temperatures = np.zeros((30, 24), "float32")  # 30 days, 24 hours

try:
    check.shape(temperatures, (30, 24, 1), "temperatures")
except check.CheckFailed as failure:
    print(failure)

# %% [markdown]
# It names the problem and gives a hint, then what was expected and what came. Read the hint first.
#
# ## Training that remembers
#
# Training costs time, and a notebook is run many times. In this course `lab.fit_once(model, x, y, name=…)`
# stands where Keras has `model.fit`. It trains once and writes a *receipt* beside the notebook: the
# weights, the history, the device and a fingerprint of model and data. The next run restores it.
#
# The task is a toy: 200 random walks; does a walk end above where it began? The answer lies in the
# first and the last timestep. A naive baseline that always says "yes" is right about half of the time.
# `layers.GRU(8)` is a layer that reads in order; lesson 2 opens it. Two classes, a softmax that gives each
# a probability, and labels that are the class's number: for these Keras has the loss with the long name,
# `sparse_categorical_crossentropy`.

# %%
walks = rng.normal(size=(200, 10, 1)).astype("float32").cumsum(axis=1)
above = (walks[:, -1, 0] > walks[:, 0, 0]).astype("int32")

keras.utils.set_random_seed(0)
model = keras.Sequential(
    [keras.Input(shape=(10, 1)), layers.GRU(8), layers.Dense(2, activation="softmax")]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

history = lab.fit_once(model, walks, above, name="walks", epochs=20)
print(f"baseline, always yes: {above.mean():.2f}")

# %% [markdown]
# Once more, with a fresh model and no training:

# %%
twin = keras.models.clone_model(model)
twin.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = lab.fit_once(twin, walks, above, name="walks", epochs=20, verbose=0)

same = np.allclose(model.predict(walks, verbose=0), twin.predict(walks, verbose=0))
print("restored from the receipt:", history.receipt["restored"])
print("the same predictions:", same)

# %%
figure = lab.plot.history({"GRU(8)": history.history}, "accuracy", label="training accuracy",
                          bar=above.mean(), bar_label="always yes")
lab.plot.show(figure, alt="Accuracy of a small GRU over twenty epochs: level near 0.91, far above "
              "the dotted baseline of about one half.")

# %% [markdown]
# Change the model, the data or the number of epochs, and the receipt no longer fits: `fit_once`
# trains again and says so. A model trained on a GPU is graded from its receipt on any machine.
# A receipt is no proof: the grader restores the model and measures it again.
#
# ## Hand in
#
# 1. **Validate.** In JupyterLab with nbgrader, the *Validate* button at the top of the notebook restarts it, runs
#    all cells and reports the checks that fail. On Colab, restart and run all does the same.
# 2. **Make the file.** Save the notebook and run its last cell, at the end of every lesson. It puts the notebook and its
#    `receipts` into one zip and says what is missing: an exercise not written yet, a receipt that may be stale.
#    In Jupyter it shows a link to the zip, on Colab the zip is downloaded.
# 3. **Submit** that zip where your instructor collects them.
# 4. **Feedback.** You get the page back with points beside each check, the words of those that
#    failed, and your instructor's comments. Without receipts nothing is lost: the grader trains again.
#
# ## What you can do now
#
# You can run and restart a notebook, say the shape of a batch of sequences, read a failing check,
# and keep what you trained. Lesson 1 asks why order matters at all.
#
# - nbgrader, [highlights](https://nbgrader.readthedocs.io/en/stable/user_guide/highlights.html): the same road with pictures
# - Keras, [the Sequential model](https://keras.io/guides/sequential_model/)
# - Karpathy, [A recipe for training neural networks](https://karpathy.github.io/2019/04/25/recipe/), for later and often
