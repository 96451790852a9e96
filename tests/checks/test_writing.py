"""Writing with a stateful model, a model of characters, and the loss that it reports."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks.writing import _Page, _weights

pytestmark = pytest.mark.slow

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


def slipped(writer, prompts, length, choose, first=-1, twice=False, own=True, soft=False, forgets=False):
    """Writes, with one slip."""
    rows = []
    for prompt in prompts:
        writer.layers[1].reset_state()
        heard, row = list(prompt), []
        if twice:
            writer(np.array([heard]))
            heard = heard[-1:]
        while len(row) < length:
            if forgets:
                writer.layers[1].reset_state()
            logits = np.array(writer(np.array([heard])))[0, first]
            row.append(int(choose(np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum() if soft else logits)))
            heard = row[-1:] if own else prompt[-1:]
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"first": 0}, "stand at the last timestep"),
        ({"twice": True}, "The prompt's last code is read twice"),
        ({"own": False}, "is read again and again"),
        ({"soft": True}, "a softmax was taken"),
    ],
)
def test_what_was_read_instead_is_named(slip, words):
    check.writes(slipped, PROMPTS, 6)
    for rule in ("likeliest", "runner-up"):
        with pytest.raises(check.CheckFailed) as failed:
            check.writes(lambda *given: slipped(*given, **slip), PROMPTS, 6, rule=rule)
        assert words in failed.value.hint


@pytest.mark.parametrize("seed", range(4))
def test_a_state_that_is_reset_between_codes_is_not_taken_for_a_prompt_unread(seed):
    with pytest.raises(check.CheckFailed, match="The state is reset between codes"):
        check.writes(lambda *given: slipped(*given, forgets=True), PROMPTS[:2], 3, seed=seed)


def test_logits_of_several_timesteps_are_no_crash():
    with pytest.raises(check.CheckFailed, match="goes wrong in what it writes"):
        check.writes(lambda *given: generate(*given[:3], lambda logits: given[3]([-logits, 0 * logits - 99])), PROMPTS, 3)


@pytest.mark.parametrize(("units", "seed"), [(12, 1), (20, 2)])
def test_a_page_is_what_keras_reads(units, seed):
    weights, texts = _weights(7, units, seed), [[1, 2, 3, 6], [5], [0, 4]]
    plain = keras.Sequential([keras.Input((None,)), layers.Embedding(7, 8), layers.GRU(units, return_sequences=True), layers.Dense(7)])
    plain.set_weights(weights)
    for text, logits in zip(texts, _Page(units, weights).through(texts), strict=True):
        np.testing.assert_allclose(logits, plain(np.array([text]))[0], rtol=1e-4, atol=1e-4)


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


class Echo(layers.Layer):
    """Expects each code again."""

    def call(self, codes):
        return keras.ops.one_hot(codes, 9) * 5 - 1


def test_what_a_model_of_characters_was_trained_on_is_seen():
    of_one_length = keras.Sequential([keras.Input((12,), dtype="int32"), layers.Embedding(9, 4), layers.GRU(8, return_sequences=True), layers.Dense(9)])
    told_nothing = model(layers.Dense(9))
    told_nothing.compile("adam", "sparse_categorical_crossentropy")
    for wrong, words in (
        (of_one_length, "Write None for the timesteps"),
        (told_nothing, "from_logits=True in the loss"),
        (keras.Sequential([keras.Input((None,), dtype="int32"), Echo()]), "followed by itself"),
    ):
        with pytest.raises(check.CheckFailed) as failed:
            check.character_model(wrong, CODES, 9, most=1000)
        assert words in failed.value.hint


@pytest.mark.parametrize(
    ("head", "loss", "words"),
    [
        (layers.Dense(9), keras.losses.SparseCategoricalCrossentropy(from_logits=True), None),
        (layers.Dense(9, activation="softmax"), "sparse_categorical_crossentropy", None),
        (layers.TimeDistributed(layers.Dense(9, activation="softmax")), keras.losses.SparseCategoricalCrossentropy(from_logits=True), "A softmax twice"),
        (layers.Dense(9), "sparse_categorical_crossentropy", "takes them for probabilities"),
        (layers.Dense(9, activation="sigmoid"), "sparse_categorical_crossentropy", "as after a sigmoid"),
        (keras.Sequential([layers.Dense(9, activation="softmax"), layers.Softmax()]), "sparse_categorical_crossentropy", "a softmax of probabilities"),
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


def test_a_bar_of_bits_that_is_missed_is_explained():
    def of(*head, **embedding):
        keras.utils.set_random_seed(1)
        made = keras.Sequential([keras.Input((None,), dtype="int32"), layers.Embedding(9, 4, **embedding), *head, layers.Dense(9)])
        made.set_weights([4 * weight for weight in made.get_weights()])
        return made

    check.foresees(of(layers.GRU(8, return_sequences=True)), CODES, CODES, at_most=99, metric="bits", baseline=1)
    even = of(layers.GRU(8, return_sequences=True))
    even.set_weights([weight / 400 for weight in even.get_weights()])
    for wrong, words in (
        (of(layers.GRU(8, return_sequences=True), mask_zero=True), "skips it as padding"),
        (of(layers.Dense(8, activation="relu")), "What stands before the newest character changes nothing"),
        (even, "as before training"),
        (of(layers.GRU(8, return_sequences=True)), "No better than the baseline"),
    ):
        with pytest.raises(check.CheckFailed, match="not there yet") as failed:
            check.foresees(wrong, CODES, CODES, at_most=0.5, metric="bits", baseline=1)
        assert words in failed.value.hint


def test_things_side_by_side_are_taken_apart():
    assert check.parts((1, 2), "x", "y") == check.parts([1, 2], "x", "y") == (1, 2)
    for wrong, words in ((1, "Return the model and the loss, separated by commas"), (None, "return"), ((1, 2, 3), "separated by commas")):
        with pytest.raises(check.CheckFailed) as failed:
            check.parts(wrong, "the model", "the loss")
        assert words in failed.value.hint
