"""A decoder that looks back: its laws, and what is read out of a model whose parts are joined otherwise."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

pytestmark = pytest.mark.slow

UNITS = 6
READ = np.array([[3, 1, 4, 1], [5, 9, 2, 0], [6, 5, 0, 0]])
WRITTEN = np.random.default_rng(0).integers(3, 42, size=(3, 5))


def pair(mask=True, state=lambda f, b: [f, b], keys_and_values=lambda memory, keys: [memory, keys], side_by_side=lambda q, asked, context: [q, context], project=True, flip=False, last=None):
    read, heard = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = layers.Bidirectional(layers.GRU(UNITS // 2, return_sequences=True, return_state=True))
    memory, f, b = encoder(layers.Embedding(27, 3, mask_zero=mask)(read))
    begin = state(f, b)
    queries = layers.GRU(UNITS, return_sequences=True, go_backwards=flip)(layers.Embedding(42, 3)(heard), initial_state=begin and layers.Concatenate()(begin))
    if flip:
        queries = keras.ops.flip(queries, axis=1)
    asked, keys = (layers.Dense(UNITS, use_bias=False)(part) for part in (queries, memory))
    inputs = [asked if project else queries, *keys_and_values(memory, keys)]
    context, weights = layers.AdditiveAttention()(inputs, return_attention_scores=True)
    logits = layers.Dense(42, last)(layers.Concatenate()(side_by_side(queries, asked, context)))
    return keras.Model([read, heard], logits), keras.Model([read, heard], weights)


@pytest.mark.parametrize("options", [{}, {"side_by_side": lambda q, asked, context: [context, q]}])
def test_what_is_joined_as_described_passes(options):
    built = pair(**options)
    check.looks_back(built, READ, WRITTEN, symbols=42)
    check.wired(built, UNITS)


class Own(keras.Model):
    """The model, or its reader, as a class: it has its weights from its first call."""

    def __init__(self, parts=None):
        super().__init__()
        gru = layers.GRU(UNITS // 2, return_sequences=True, return_state=True)
        self.gives_weights, self.parts = bool(parts), parts or [
            layers.Embedding(27, 3, mask_zero=True), layers.Bidirectional(gru), layers.Embedding(42, 3), layers.GRU(UNITS, return_sequences=True),
            layers.Dense(UNITS, use_bias=False), layers.Dense(UNITS, use_bias=False), layers.AdditiveAttention(), layers.Dense(42),
        ]

    def call(self, given):
        letters, encoder, phonemes, decoder, ask, offer, lookup, last = self.parts
        memory, *states = encoder(letters(given[0]))
        queries = decoder(phonemes(given[1]), initial_state=keras.ops.concatenate(states, axis=-1))
        context, weights = lookup([ask(queries), memory, offer(memory)], return_attention_scores=True)
        return weights if self.gives_weights else last(keras.ops.concatenate([queries, context], axis=-1))


def test_models_without_inputs_are_read_out_too():
    model = Own()
    check.wired((model, Own(model.parts)), UNITS)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"state": lambda f, b: [b, f]}, "The backward state stands first"),
        ({"state": lambda f, b: [f, f]}, "twice"),
        ({"state": lambda f, b: None}, "joined, are the decoder's initial_state"),
        ({"keys_and_values": lambda memory, keys: [keys, memory]}, "projected memory"),
        ({"side_by_side": lambda q, asked, context: [asked, context]}, "as they are"),
        ({"project": False, "side_by_side": lambda q, asked, context: [q, context + 0 * asked]}, "without a bias first"),
    ],
)
def test_what_is_joined_otherwise_is_named(options, words):
    with pytest.raises(CheckFailed) as failed:
        check.wired(pair(**options), UNITS)
    assert words in failed.value.hint


def test_padding_that_gets_weight_is_named():
    with pytest.raises(CheckFailed, match="Padding gets weight"):
        check.looks_back(pair(mask=False), READ, WRITTEN, symbols=42)


def test_a_model_of_zeros_is_no_answer():
    model, reader = pair()
    with pytest.raises(CheckFailed, match="whatever it reads"):
        check.looks_back((keras.Model(model.inputs, 0 * model.outputs[0]), reader), READ, WRITTEN, symbols=42)


@pytest.mark.parametrize("given", [None, pair, (1, 2)])
def test_what_is_no_pair_of_models_is_said(given):
    with pytest.raises(CheckFailed):
        check.looks_back(given, READ, WRITTEN, symbols=42)


def test_models_in_another_order_and_probabilities_are_named():
    model, reader = pair()
    with pytest.raises(CheckFailed, match="stand in another order"):
        check.looks_back((reader, model), READ, WRITTEN, symbols=42)
    sure = keras.Model(model.inputs, layers.Softmax()(model.outputs[0]))
    with pytest.raises(CheckFailed, match="went through a softmax"):
        check.looks_back((sure, reader), READ, WRITTEN, symbols=42)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mask": False}, "Padding gets weight"),
        ({"flip": True}, "where the future must stay unknown"),
        ({"last": "softmax"}, "went through a softmax"),
        ({"last": "relu"}, "as after a relu"),
        ({"last": "sigmoid"}, "as after a sigmoid"),
    ],
)
def test_what_breaks_a_law_is_told_in_the_laws_words_however_it_is_joined(options, words):
    with pytest.raises(CheckFailed) as failed:
        check.wired(pair(**options), UNITS)
    assert words in failed.value.hint


def test_a_squashed_output_does_not_pass_for_what_comes_in():
    with pytest.raises(CheckFailed):
        check.wired(pair(last="tanh"), UNITS)
