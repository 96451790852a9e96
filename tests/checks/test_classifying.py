"""A classifier below its bar: the hint is one that the model itself proves."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check

pytestmark = pytest.mark.slow

X = np.zeros((400, 12), "int32")
X[:, :5] = np.random.default_rng(0).integers(1, 11, size=(400, 5))
Y = X[:, 0] - 1


def model(*middle, end="softmax", loss="sparse_categorical_crossentropy", steps=None):
    keras.utils.set_random_seed(0)
    made = keras.Sequential([keras.Input((steps,)), layers.Embedding(11, 8, mask_zero=True), *middle, layers.Dense(10, activation=end)])
    made.compile("adam", loss)
    return made


def first_token(end="softmax", loss="sparse_categorical_crossentropy"):
    """A model that is right by construction: each token's vector names its class, and only the first is read."""
    made = keras.Sequential([keras.Input((None,)), layers.Embedding(11, 10), layers.Lambda(lambda v: v[:, 0]), layers.Activation(end)])
    made.layers[0].set_weights([9.0 * np.eye(11, 10, k=-1)])
    made.compile("adam", loss)
    return made


LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@pytest.mark.parametrize("right", [first_token(), first_token("linear", LOGITS)])
def test_a_model_that_knows_passes(right):
    check.classifies(right, X, Y, at_least=0.95, metric="accuracy")
    check.any_length(right)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (model(layers.GRU(4), loss=LOGITS), "Leave one of the two out"),
        (model(layers.GRU(4), end=None), "takes them for probabilities"),
        (model(layers.GlobalAveragePooling1D()), "in another order"),
        (model(layers.GRU(4, kernel_initializer="zeros", bias_initializer="zeros")), "the same for every sequence"),
        (model(layers.GRU(4)), "no better than guessing"),
        (model(layers.GRU(4), loss="mse"), "classes are no numbers"),
    ],
)
def test_the_hint_is_what_the_model_proves(wrong, words):
    with pytest.raises(check.CheckFailed) as failed:
        check.classifies(wrong, X, Y, at_least=0.95, metric="accuracy")
    assert words in failed.value.hint


def shut():
    """All relus of it are below zero whatever comes in, as after a step that was too large."""
    made = model(layers.GRU(4), layers.Dense(6, "relu"))
    kernel, bias = made.layers[-2].get_weights()
    made.layers[-2].set_weights([kernel, bias - 50])
    return made


def test_a_model_that_training_has_shut_is_told_from_one_that_never_read():
    with pytest.raises(check.CheckFailed) as failed:
        check.classifies(shut(), X, Y, at_least=0.95, metric="accuracy")
    assert "Lower the learning rate" in failed.value.hint
    with pytest.raises(check.CheckFailed) as failed:
        check.classifies(model(layers.GRU(4, kernel_initializer="zeros", bias_initializer="zeros")), X, Y, at_least=0.95, metric="accuracy")
    assert failed.value.hint.endswith("nothing of the input reaches it.")


def test_half_way_there():
    half = first_token()
    half.layers[0].set_weights([9.0 * np.eye(11, 10, k=-1) * (np.arange(11) < 6)[:, None]])
    with pytest.raises(check.CheckFailed) as failed:
        check.classifies(half, X, Y, at_least=0.95, metric="accuracy")
    assert "not learned enough" in failed.value.hint


def test_a_model_for_one_length_is_told():
    with pytest.raises(check.CheckFailed, match="one length"):
        check.any_length(model(layers.GRU(4), steps=12))
    check.any_length(model(layers.GRU(4)))


def test_all_zeros_ignore_padding_and_do_not_pass():
    zeros = first_token()
    zeros.layers[0].set_weights([np.zeros((11, 10))])
    with pytest.raises(check.CheckFailed, match="the same for every sequence"):
        check.ignores_padding(zeros, X[:8, :5], "your model")
    check.ignores_padding(first_token(), X[:8, :5], "your model")


def test_of_sequences_of_vectors_experiments_tell_what_reaches_the_answer():
    """The class is the timestep at which a peak stands in the first feature: only the order tells."""
    random = np.random.default_rng(1)
    y = np.arange(600) % 6
    x = random.normal(0, 0.1, (600, 6, 2)).astype("float32")
    x[np.arange(600), y, 0] += 1.0

    def reader(*middle):
        keras.utils.set_random_seed(0)
        made = keras.Sequential([keras.Input((6, 2)), *middle, layers.Dense(6)])
        made.compile("adam", LOGITS)
        return made

    whole = reader(layers.Flatten())
    whole.set_weights([np.eye(6).repeat(2, axis=0) * np.tile([[9.0], [0.0]], (6, 1)), np.zeros(6)])
    check.classifies(whole, x, y, at_least=0.95, metric="accuracy")

    first = reader(layers.Cropping1D((0, 5)), layers.Flatten())
    first.set_weights([9 * np.eye(2, 6), np.array([0.0, 2, 0, 0, 0, 0])])
    with pytest.raises(check.CheckFailed) as failed:
        check.classifies(first, x, y, at_least=0.95, metric="accuracy")
    assert "Only the first timestep" in failed.value.hint

    # Two kinds of sequence, told by a sum; what it makes of a sequence leans a little on the order, and is none the better for it.
    sums = x + np.where(y % 2, 1.0, 0.0)[:, None, None]
    near_a_bag = reader(layers.Flatten())
    weights = np.zeros((12, 6))
    weights[:, 1] = 2.0 + 0.3 * np.arange(12)
    near_a_bag.set_weights([weights, np.array([25.0, 0, -99, -99, -99, -99])])
    with pytest.raises(check.CheckFailed) as failed:
        check.classifies(near_a_bag, sums.astype("float32"), y, at_least=0.95, metric="accuracy")
    assert "timesteps are shuffled" in failed.value.hint


@pytest.mark.parametrize(("activation", "words"), [("softmax", "went through a softmax"), ("sigmoid", "after a sigmoid"), ("tanh", "after a tanh"), ("relu", "after a relu")])
def test_what_was_squashed_is_no_logit(activation, words):
    scores = np.random.default_rng(0).normal(0, 3, (50, 10)).astype("float32")
    check.logits(scores)
    check.logits(scores / 100)  # of a model that is not trained yet
    with pytest.raises(check.CheckFailed) as failed:
        check.logits(keras.activations.get(activation)(scores))
    assert words in failed.value.hint


def test_the_shape_of_logits_is_asked_first():
    scores = np.random.default_rng(0).normal(0, 3, (9, 4)).astype("float32")
    check.logits(scores, shape=(None, 4))
    with pytest.raises(check.CheckFailed, match="the model's output has the wrong shape") as failed:
        check.logits(np.repeat(scores[:, None], 5, axis=1), "the model's output", (9, 4))
    assert "return_sequences" in failed.value.hint


def test_a_recurrent_layer_is_found_wherever_it_is():
    class Own(layers.Layer):
        def call(self, x):
            return x[:, -1]

    def of(*middle):
        return keras.Sequential([keras.Input((6, 2)), *middle, layers.Dense(3)])

    for right in (of(layers.SimpleRNN(4)), of(layers.Bidirectional(layers.GRU(4))), of(of(layers.LSTM(4))), of(layers.RNN(layers.GRUCell(4))), of(Own())):
        check.recurrent(right)
    for wrong in (of(layers.Flatten()), of(layers.Conv1D(4, 3), layers.GlobalAveragePooling1D()), None):
        with pytest.raises(check.CheckFailed) as failed:
            check.recurrent(wrong)
        assert failed.value.hint
