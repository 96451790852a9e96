"""A tagger: what it must be is asked of its outputs, and one that falls short is told what an experiment on it proves."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

random = np.random.default_rng(0)
LENGTHS = random.integers(4, 11, 60)
X = (random.integers(1, 9, (60, 10)) * (np.arange(10) < LENGTHS[:, None])).astype("int32")
Y = np.where(X > 0, X % 4 + 1, 0)
LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def built(*middle, mask=True, steps=None, activation=None, loss=LOGITS, classes=5):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((steps,)), layers.Embedding(9, 6, mask_zero=mask), *middle, layers.Dense(classes, activation)])
    model.compile("adam", loss)
    return model


def both(**options):
    return layers.Bidirectional(layers.LSTM(6, **{"return_sequences": True} | options))


def unflipped():
    codes = keras.Input((None,))
    v = layers.Embedding(9, 6, mask_zero=True)(codes)
    sides = [layers.LSTM(6, return_sequences=True, go_backwards=back)(v) for back in (False, True)]
    model = keras.Model(codes, layers.Dense(5)(layers.Concatenate()(sides)))
    model.compile("adam", LOGITS)
    return model


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = built(both())

    def call(self, x):
        return self.inner(x)


class Flat(keras.Model):
    """The same for every token."""

    def call(self, x):
        return keras.ops.stack([keras.ops.cast(0 * x, "float32") + k for k in range(5)], axis=-1)


def own():
    model = Own()
    model.compile("adam", LOGITS)
    return model


@pytest.mark.parametrize("make", [lambda: built(both()), lambda: built(layers.GRU(4, return_sequences=True)), own])
def test_logits_for_each_token_pass(make):
    check.tagger(make(), X, classes=5)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: built(both(return_sequences=False)), "one vector per timestep"),
        (lambda: built(both(), classes=3), "as the layer has units"),
        (lambda: built(both(), steps=10), "any number of them"),
        (lambda: built(both(), activation="softmax"), "went through a softmax"),
        (lambda: built(both(), loss="sparse_categorical_crossentropy"), "told nothing of logits"),
        (lambda: built(both(), mask=False), "Padding is not data"),
        (lambda: unflipped(), "go_backwards=True returns reversed time"),
        (Flat, "Nothing of the tokens"),
        (lambda: None, "return"),
    ],
)
def test_each_fault_has_its_words(make, words):
    with pytest.raises(CheckFailed) as failed:
        check.tagger(make(), X, classes=5)
    assert words in failed.value.hint


@pytest.mark.parametrize("width", [10, 4])
def test_padding_is_asked_about_where_there_is_none(width):
    full = np.where(X == 0, 1, X)[:, :width]
    assert check.tagger(built(both()), full, classes=5).shape == (60, width, 5)
    with pytest.raises(CheckFailed) as failed:
        check.tagger(built(both(), mask=False), full, classes=5)
    assert "Padding is not data" in failed.value.hint


def test_what_was_said_once_is_not_asked_again():
    model = built(both())
    said = check.tagger(model, np.pad(X, ((0, 0), (0, 5))), classes=5)
    assert said.shape == (60, 10, 5)  # as far as the longest reaches
    with pytest.raises(CheckFailed, match="not there yet") as asked:
        check.tags(model, X, Y, at_least=0.99, metric="tokens")
    with pytest.raises(CheckFailed, match="not there yet") as told:
        check.tags(model, np.pad(X, ((0, 0), (0, 5))), np.pad(Y, ((0, 0), (0, 5))), at_least=0.99, metric="tokens", said=said)
    assert (asked.value.hint, asked.value.actual) == (told.value.hint, told.value.actual)


def test_the_share_of_tokens_and_of_whole_sentences_is_measured():
    class Right(keras.Model):
        def call(self, x):
            return keras.ops.one_hot(keras.ops.where(x > 0, x % 4 + 1, 0), 5) * 9.0

    check.tags(Right(), X, Y, at_least=1.0, metric="tokens")
    wrong = Y.copy()
    wrong[:30, 0] = wrong[:30, 0] % 4 + 1
    check.tags(Right(), X, wrong, at_least=1 - 30 / (Y > 0).sum() - 1e-6, metric="tokens")
    check.tags(Right(), X, wrong, at_least=0.5, metric="sentences", whole=True)
    with pytest.raises(CheckFailed):
        check.tags(Right(), X, wrong, at_least=0.51, metric="sentences", whole=True)


def backwards():
    return layers.Bidirectional(layers.LSTM(6, return_sequences=True), merge_mode=None)


def only_backwards():
    x = keras.Input((None,))
    _, read = backwards()(layers.Embedding(9, 6, mask_zero=True)(x))
    model = keras.Model(x, layers.Dense(5)(read))
    model.compile("adam", LOGITS)
    return model


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: built(both()), "has not learned enough yet"),
        (lambda: built(layers.LSTM(6, return_sequences=True)), "What comes after a token changes nothing"),
        (only_backwards, "What stands before a token changes nothing"),
        (lambda: built(layers.Dense(6)), "that token alone"),
        (lambda: built(both(), loss="sparse_categorical_crossentropy"), "takes them for probabilities"),
        (lambda: Flat(), "All tokens have the same tag"),
        (lambda: built(both(), loss="mse"), "classes are no numbers"),
        (lambda: built(both(), loss=keras.losses.MeanAbsoluteError()), "classes are no numbers"),
    ],
)
def test_what_falls_short_is_told_what_its_outputs_prove(make, words):
    with pytest.raises(CheckFailed) as failed:
        check.tags(make(), X, Y, at_least=0.99, metric="tokens")
    assert words in failed.value.hint
