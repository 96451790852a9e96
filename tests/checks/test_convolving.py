"""Convolutions in models: a classifier within its budget, and a stack that is read out by impulses."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check

pytestmark = pytest.mark.slow

X = np.random.default_rng(0).normal(size=(4, 60, 6)).astype("float32")


def classifier(*middle, end=None, classes=7):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((None, 6)), *middle, layers.Dense(classes, activation=end)])


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [layers.Conv1D(4, 3), layers.GlobalMaxPooling1D(), layers.Dense(7)]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


@pytest.mark.parametrize(
    "make",
    [
        lambda: classifier(layers.Conv1D(4, 3), layers.GlobalMaxPooling1D()),
        lambda: classifier(layers.SeparableConv1D(4, 3), layers.GRU(5)),
        lambda: classifier(keras.Sequential([layers.Conv1D(4, 3, padding="causal"), layers.ReLU()]), layers.LSTM(5)),
        Own,
    ],
)
def test_convolutions_pass_however_they_are_written(make):
    check.convolves(make(), X, classes=7, most=400)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: classifier(layers.GRU(4)), "is to be a Conv1D"),
        (lambda: classifier(layers.Conv1D(4, 3)), "an answer at each place that the convolution has left"),
        (lambda: classifier(layers.Conv1D(4, 3), layers.GlobalMaxPooling1D(), end="softmax"), "went through a softmax"),
        (lambda: classifier(layers.Conv1D(40, 3), layers.GlobalMaxPooling1D()), "see which layer has most"),
        (lambda: classifier(layers.Conv1D(4, 3), layers.GRU(4, recurrent_dropout=0.1)), "one cuDNN operation"),
        (lambda: classifier(layers.Conv1D(4, 3), layers.GlobalMaxPooling1D(), classes=4), "Only the last axis differs"),
        (lambda: None, "Does the function end in"),
    ],
)
def test_what_is_amiss_is_named(make, words):
    with pytest.raises(check.CheckFailed) as failed:
        check.convolves(make(), X, classes=7, most=400)
    assert words in " ".join([failed.value.hint or "", failed.value.problem])


def stack(filters=5, kernel=3, dilations=(1, 2, 4), act="relu", last=None, end=None, padding="causal", steps=None, last_dilation=1, bias=True, more=()):
    keras.utils.set_random_seed(1)
    acts = act if isinstance(act, (list, tuple)) else [act] * len(dilations)
    made = keras.Sequential([keras.Input((steps, 1))])
    for d, a in zip(dilations, acts, strict=True):
        made.add(layers.Conv1D(filters, kernel, padding=padding, dilation_rate=d, activation=a, use_bias=bias))
    for layer in more:
        made.add(layer)
    made.add(layers.Conv1D(1, kernel if last is None else last, padding=padding, dilation_rate=last_dilation, activation=end))
    return made


class Written(keras.Model):
    """The same, padded by hand, with relu as a function."""

    def __init__(self, filters, kernel, dilations):
        super().__init__()
        self.end = layers.Conv1D(1, kernel)
        self.hidden = [layers.Conv1D(filters, kernel, dilation_rate=d) for d in dilations]
        self.gaps = [(kernel - 1) * d for d in (*dilations, 1)]

    def call(self, x):
        for layer, gap in zip([*self.hidden, self.end], self.gaps, strict=True):
            x = layer(keras.ops.pad(x, [[0, 0], [gap, 0], [0, 0]]))
            x = keras.ops.relu(x) if layer is not self.end else x
        return x


def split_activations(filters, kernel, dilations):
    h = inputs = keras.Input((None, 1))
    for d in dilations:
        h = layers.ReLU()(layers.Conv1D(filters, kernel, padding="causal", dilation_rate=d)(h))
    return keras.Model(inputs, layers.Conv1D(1, kernel, padding="causal", activation="linear")(h))


@pytest.mark.parametrize(("filters", "kernel", "dilations"), [(5, 3, (1, 2, 4)), (16, 3, (1, 2, 4, 8)), (4, 2, (1, 3)), (3, 4, (2,)), (2, 2, (8, 1, 4))])
@pytest.mark.parametrize("make", [stack, Written, split_activations])
def test_the_stack_passes_however_it_is_written(make, filters, kernel, dilations):
    check.dilated_stack(make(filters, kernel, dilations), filters, kernel, dilations)


@pytest.mark.parametrize(("filters", "kernel", "dilations"), [(5, 3, (1, 2, 4)), (16, 3, (1, 2, 4, 8)), (4, 2, (3, 1)), (3, 4, (2,)), (2, 2, (8, 1, 4, 2, 16))])
def test_two_answers_are_enough_for_a_right_stack(filters, kernel, dilations):
    for make in (stack, Written, split_activations):
        model = make(filters, kernel, dilations)
        model(np.zeros((1, 9, 1)))
        asked = []
        made_of, model.call = model.call, lambda x, *more, **modes: asked.append(x) or made_of(x, *more, **modes)  # noqa: B023
        check.dilated_stack(model, filters, kernel, dilations)
        assert len(asked) == 2


def test_a_single_filter_is_asked_layer_by_layer():
    check.dilated_stack(stack(1, 3, (1, 2, 4)), 1, 3, (1, 2, 4))
    with pytest.raises(check.CheckFailed, match="A hidden layer lets negative numbers through"):
        check.dilated_stack(stack(1, 3, (1, 2, 4), act=["relu", None, "relu"]), 1, 3, (1, 2, 4))


class Answers(keras.Model):
    """Something that is no stack at all."""

    def __init__(self, rule):
        super().__init__()
        self.rule, self.weight = rule, layers.Dense(1)

    def call(self, x):
        return self.rule(x) + 0 * self.weight(x)


def noise(x):
    return keras.random.normal(keras.ops.shape(x))


def skipping():
    inputs = keras.Input((None, 1))
    h = layers.Conv1D(5, 3, padding="causal", activation="relu")(inputs)
    h = layers.Add()([h, layers.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="relu")(h)])
    h = layers.Conv1D(5, 3, padding="causal", dilation_rate=4, activation="relu")(h)
    return keras.Model(inputs, layers.Conv1D(1, 3, padding="causal")(h))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: stack(padding="same"), "looks into the future"),
        (lambda: stack(padding="valid"), "lost however long the series is"),
        (lambda: keras.Sequential([keras.Input((None, 1)), layers.Conv1D(5, 3, strides=2, padding="causal"), layers.Conv1D(1, 3, padding="causal")]), "a stride or a pooling"),
        (lambda: keras.Sequential([*stack().layers, layers.Lambda(lambda x: x[:, -1:])]), "one output is left"),
        (lambda: keras.Sequential([keras.Input((None, 1)), layers.Conv1D(5, 3, padding="causal"), layers.GRU(1)]), "The timesteps are missing"),
        (lambda: stack(act=None), "A hidden layer lets negative numbers through"),
        (lambda: stack(act=[None, "relu", "relu"]), "A hidden layer lets negative numbers through"),
        (lambda: stack(act=["relu", None, "relu"]), "A hidden layer lets negative numbers through"),
        (lambda: stack(act=["relu", "relu", None]), "A hidden layer lets negative numbers through"),
        (lambda: stack(act="leaky_relu"), "A hidden layer lets negative numbers through"),
        (lambda: stack(act="tanh"), "Each hidden layer has a relu"),
        (lambda: stack(act="gelu"), "Each hidden layer has a relu"),
        (lambda: stack(end="relu"), "The last layer has a relu"),
        (lambda: stack(end="tanh"), "the last layer has no activation"),
        (lambda: stack(end="sigmoid"), "the last layer has no activation"),
        (lambda: stack(dilations=(1, 1, 1)), "its own d"),
        (lambda: stack(dilations=(4, 2, 1)), "in their order"),
        (lambda: stack(last_dilation=2), "The last layer has a dilation"),
        (lambda: stack(dilations=(1, 2)), "too few convolutions"),
        (lambda: stack(dilations=(1, 2, 4, 8)), "too many convolutions"),
        (lambda: stack(last=1), "A kernel has another size"),
        (lambda: stack(filters=6), "another number of filters"),
        (lambda: stack(bias=False), "A bias is missing"),
        (lambda: stack(more=[layers.BatchNormalization()]), "more weights than kernels and biases"),
        (lambda: stack(more=[layers.Dense(5)]), "all layers with weights are Conv1D"),
        (lambda: stack(more=[layers.Rescaling(2.0)]), "nothing else stands between"),
        (lambda: stack(more=[layers.Dropout(0.3)]), "A Dropout, or another layer"),
        (skipping, "nothing else stands between"),
        (lambda: stack(steps=60), "Write None for the timesteps"),
        (lambda: keras.Sequential([keras.Input((None, 1)), layers.GRU(5, return_sequences=True), layers.Dense(1)]), "all layers with weights are Conv1D"),
        (lambda: None, "Does the function end in"),
        (lambda: "model", "is not a Keras model"),
        (lambda: Answers(keras.ops.zeros_like), "all layers with weights are Conv1D"),
        (lambda: Answers(keras.ops.ones_like), "all layers with weights are Conv1D"),
        (lambda: Answers(lambda x: x), "all layers with weights are Conv1D"),
        (lambda: Answers(noise), "looks into the future"),
    ],
)
def test_what_is_another_stack_is_told(make, words):
    with pytest.raises(check.CheckFailed) as failed:
        check.dilated_stack(make(), 5, 3, (1, 2, 4), "the forecaster")
    assert words in " ".join([failed.value.hint or "", failed.value.problem])


def test_a_stack_that_says_nothing_of_its_weights():
    """The right weights, and an answer that does not come of them."""

    class Silent(Written):
        def call(self, x):
            return 0 * super().call(x)

    class Copies(Written):
        def call(self, x):
            return x + 0 * super().call(x)

    for kind in (Silent, Copies):
        with pytest.raises(check.CheckFailed):
            check.dilated_stack(kind(5, 3, (1, 2, 4)), 5, 3, (1, 2, 4))
