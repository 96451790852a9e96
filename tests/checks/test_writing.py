"""Writing with a stateful model, a model of characters, and the loss that it reports."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check

PROMPTS = [[1, 2, 3], [4, 4], [1, 2, 3]]


def generate(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        heard, row = list(prompt), []
        while len(row) < length:
            row.append(int(choose(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row)
    return np.array(rows)


def without_reset(writer, prompts, length, choose):
    rows = []
    for prompt in prompts:
        heard, row = list(prompt), []
        while len(row) < length:
            row.append(int(choose(np.array(writer(np.array([heard])))[0, -1])))
            heard = row[-1:]
        rows.append(row)
    return np.array(rows)


def constant(writer, prompts, length, choose):
    choose(np.zeros(7))
    return np.ones((len(prompts), length), int)


def copier(writer, prompts, length, choose):
    choose(np.zeros(7))
    return np.array([(prompt * length)[:length] for prompt in prompts])


def at_random(writer, prompts, length, choose):
    choose(np.zeros(7))
    return np.random.default_rng(0).integers(7, size=(len(prompts), length))


@pytest.mark.parametrize("rule", ["likeliest", "runner-up"])
def test_whoever_writes_with_the_state_passes(rule):
    check.writes(generate, PROMPTS, 6, rule=rule)


def test_a_state_that_was_left_over_is_named():
    with pytest.raises(check.CheckFailed, match="reset_state"):
        check.writes(without_reset, PROMPTS, 6)


@pytest.mark.parametrize("wrong", [constant, copier, at_random])
def test_controls_fail(wrong):
    with pytest.raises(check.CheckFailed):
        check.writes(wrong, PROMPTS, 6)


def model(*head, units=8):
    made = keras.Sequential([keras.Input((None,), dtype="int32"), layers.Embedding(9, 4), layers.GRU(units, return_sequences=True), *head])
    return made


CODES = np.random.default_rng(0).integers(9, size=(4, 12)).astype("int32")


def test_a_model_of_characters():
    check.character_model(model(layers.Dense(9)), CODES, 9, most=1000)
    for wrong, words in (
        (model(layers.Dense(9, activation="softmax")), "Logits are"),
        (model(layers.Dense(9), units=40), "Most weights"),
        (model(layers.Bidirectional(layers.GRU(4, return_sequences=True)), layers.Dense(9)), "looks into the future"),
        (None, "no trained model"),
    ):
        with pytest.raises(check.CheckFailed, match=words):
            check.character_model(wrong, CODES, 9, most=1000)


@pytest.mark.parametrize(
    ("head", "loss", "words"),
    [
        (layers.Dense(9), keras.losses.SparseCategoricalCrossentropy(from_logits=True), None),
        (layers.Dense(9, activation="softmax"), "sparse_categorical_crossentropy", None),
        (layers.TimeDistributed(layers.Dense(9, activation="softmax")), keras.losses.SparseCategoricalCrossentropy(from_logits=True), "A softmax twice"),
        (layers.Dense(9), "sparse_categorical_crossentropy", "takes them for probabilities"),
    ],
)
def test_the_loss_that_is_reported(head, loss, words):
    made = model(head)
    made.compile("adam", loss)
    before = made.get_weights()
    if words is None:
        check.reports_cross_entropy(made, CODES, CODES)
    else:
        with pytest.raises(check.CheckFailed, match=words):
            check.reports_cross_entropy(made, CODES, CODES)
    assert all(np.array_equal(one, other) for one, other in zip(before, made.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("activation", "loss", "words"),
    [
        ("sigmoid", "binary_crossentropy", None),
        ("sigmoid", ["binary_crossentropy"], None),
        ("sigmoid", lambda y, p: -keras.ops.mean(y * keras.ops.log(p) + (1 - y) * keras.ops.log(1 - p)), None),
        (None, keras.losses.BinaryCrossentropy(from_logits=True), None),
        ("sigmoid", keras.losses.BinaryCrossentropy(from_logits=True), "A sigmoid twice"),
        (None, "binary_crossentropy", "takes them for probabilities"),
        ("sigmoid", "mse", "That is the squared error"),
        ("sigmoid", "categorical_crossentropy", "It is 0 whatever is predicted"),
        ("sigmoid", "binary_cross_entropy", "That name is misspelt"),
        ("sigmoid", None, "model.compile"),
    ],
)
def test_the_loss_of_one_unit(activation, loss, words):
    keras.utils.set_random_seed(1)
    made = model(layers.Dense(1, activation=activation))
    if loss is not None:
        made.compile("adam", loss)
    y = (CODES[..., np.newaxis] > 4) * 1.0
    if words is None:
        check.reports_cross_entropy(made, CODES, y)
    else:
        with pytest.raises(check.CheckFailed, match=words):
            check.reports_cross_entropy(made, CODES, y)


def test_bits_are_the_cross_entropy_over_ln_2():
    made = model(layers.Dense(9))
    made.set_weights([0 * weight for weight in made.get_weights()])
    assert check.bits(made, CODES, CODES) == pytest.approx(np.log2(9), rel=1e-5)
    assert check.cross_entropy(np.array([0]), np.array([[0.5, 0.5]])) == pytest.approx(np.log(2))
