"""What was made of a model is made once: of the same weights, layers, arrays and function, and of nothing else."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import noting

X = np.arange(6, dtype="float32").reshape(2, 3)


@pytest.fixture(autouse=True)
def nothing_noted():
    noting.forget()
    yield
    noting.forget()


class Sums:
    """The sums of what a model gives, and how often they were computed."""

    calls = 0

    def __call__(self, model, *arrays):
        self.calls += 1
        return [np.array(model(array)).sum(axis=0) for array in arrays]


def model(activation=None):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((3,), name="x"), layers.Dense(2, activation, name="dense")], name="model")


def test_a_copy_with_the_same_weights_is_not_asked_again():
    sums = Sums()
    (first,) = check.once(sums, model(), X)
    first += 10
    (second,) = check.once(sums, model(), X)
    assert sums.calls == 1
    np.testing.assert_allclose(second, first - 10, rtol=1e-5)  # a copy of its own


def _changed_weights(made):
    made.set_weights([weight + 1 for weight in made.get_weights()])
    return made, X


@pytest.mark.parametrize(
    "other",
    [_changed_weights, lambda made: (made, X + 1), lambda made: (made, X[:1]), lambda made: (model("relu"), X), lambda made: (made, X, X)],
    ids=["other weights", "other values", "fewer rows", "other layers", "more arrays"],
)
def test_whatever_differs_is_asked_anew(other):
    sums = Sums()
    check.once(sums, model(), X)
    asked, *arrays = other(model())
    found = check.once(sums, asked, *arrays)
    assert sums.calls == 2
    np.testing.assert_allclose(found, Sums()(asked, *arrays), rtol=1e-5)


def test_another_function_and_what_was_forgotten_are_asked_anew():
    one, other = Sums(), Sums()
    for sums in (one, other, one):
        check.once(sums, model(), X)
    noting.forget()
    check.once(one, model(), X)
    assert (one.calls, other.calls) == (3, 1)


class Own(keras.layers.Dense):
    """A layer whose code may change and whose weights may not."""


@pytest.mark.parametrize("asked", [lambda: keras.Sequential([keras.Input((3,)), Own(2)]), lambda: Own(2), lambda: keras.Sequential([keras.Input(batch_shape=(2, 3)), layers.Reshape((1, 3)), layers.GRU(2, stateful=True)])])
def test_a_class_of_the_readers_own_and_a_state_are_never_noted(asked):
    sums, asked = Sums(), asked()
    for _ in range(2):
        check.once(sums, asked, X)
    assert sums.calls == 2
