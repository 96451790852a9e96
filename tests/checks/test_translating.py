"""A trained encoder-decoder, and one taken apart into steps: what the checks ask of it and say of it."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

READ = np.random.default_rng(0).integers(1, 9, size=(30, 5))
WRITTEN = np.random.default_rng(1).integers(3, 12, size=(30, 6))


def model(reach=True, mask=True, cell=layers.GRU, activation=None, loss="logits", ahead=False, named=False):
    read, written = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    name = (lambda text: {"name": text}) if named else (lambda text: {})
    vectors = layers.Embedding(9, 4, mask_zero=mask, **name("read"))(read)
    _, *states = cell(6, return_state=True, **name("encoder"))(vectors)
    heard = layers.Embedding(12, 4, **name("write"))(written)
    decoder = cell(6, return_sequences=True, return_state=True, go_backwards=ahead, **name("decoder"))
    outputs = decoder(heard, initial_state=states if reach else None)[0]
    made = keras.Model([read, written], layers.Dense(12, activation=activation, **name("logits"))(outputs))
    made.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=loss == "logits"))
    return made


def asked(made, **options):
    check.translator(made, layers.GRU, READ, WRITTEN, symbols=12, **options)


def test_a_translator_passes():
    asked(model(), weights=1000)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"reach": False}, "begins from zeros unless initial_state"),
        ({"mask": False}, "Padding is not data"),
        ({"cell": layers.LSTM}, "of the class GRU"),
        ({"activation": "softmax"}, "a softmax is taken twice"),
        ({"activation": "softmax", "loss": "probabilities"}, "leave its activation out"),
        ({"loss": "probabilities"}, "The loss is told nothing of logits"),
        ({"ahead": True}, "must stay unknown"),
    ],
)
def test_each_slip_is_named(options, words):
    with pytest.raises(CheckFailed) as failed:
        asked(model(**options))
    assert words in failed.value.hint


def test_too_many_weights_and_no_model_are_said():
    with pytest.raises(CheckFailed, match="too many weights"):
        asked(model(), weights=100)
    with pytest.raises(CheckFailed, match="is not a Keras model"):
        asked(None)


def test_a_model_that_repeats_what_it_reads_is_found_out():
    made = model()

    class Parrot(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = made

        def call(self, inputs):
            return self.inner(inputs) + 100 * keras.ops.one_hot(inputs[1], 12)

    with pytest.raises(CheckFailed, match="repeats what it reads"):
        asked(Parrot())


def taken_apart(made, returns=lambda h, c: [h, c], after=lambda h, c, before: [h, c], begin=True, fresh=False, starts=list, order=(0, 1, 2), swap=False, all_inputs=False, says=lambda logits: logits):
    read, token = keras.Input((None,), dtype="int32"), keras.Input((1,), dtype="int32")
    _, h, c = made.get_layer("encoder")(made.get_layer("read")(read))
    decoder = made.get_layer("decoder") if not fresh else layers.LSTM(6, return_sequences=True, return_state=True)
    before = [keras.Input((6,)), keras.Input((6,))]
    output, new_h, new_c = decoder(made.get_layer("write")(token), initial_state=starts(before) if begin else None)
    given = [token, *before]
    step = keras.Model([given[place] for place in order], [says(made.get_layer("logits")(output)), *after(new_h, new_c, before)])
    encoder = keras.Model([read, token] if all_inputs else read, returns(h, c))
    return (step, encoder) if swap else (encoder, step)


def steps_of(**options):
    check.takes_steps(lambda made: taken_apart(made, **options), model(cell=layers.LSTM, named=True), timesteps=3)


def test_a_model_taken_apart_passes():
    steps_of()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"returns": lambda h, c: [c, h]}, "c comes first"),
        ({"returns": lambda h, c: [h, h]}, "h twice"),
        ({"begin": False}, "The step began from zeros"),
        ({"after": lambda h, c, before: before}, "the states that it was given"),
        ({"after": lambda h, c, before: [c, h]}, "c before h"),
        ({"after": lambda h, c, before: [h, h]}, "one of its new states twice"),
        ({"fresh": True}, "weights of its own"),
        ({"starts": lambda states: [states[0]] * 2}, "takes no notice of the c"),
        ({"starts": lambda states: [states[1]] * 2}, "takes no notice of the h"),
        ({"order": (1, 2, 0)}, "in another order than [token, h, c]"),
        ({"order": (1, 0, 2)}, "in another order than [token, h, c]"),
        ({"says": lambda logits: keras.ops.argmax(logits, axis=-1)}, "Was a symbol chosen already"),
        ({"swap": True}, "The encoder comes first"),
        ({"all_inputs": True}, "what is to be read, and nothing else"),
        ({"returns": lambda h, c: [h, h, c]}, "The first of them is the layer's output"),
    ],
)
def test_each_slip_of_the_steps_is_named(options, words):
    with pytest.raises(CheckFailed) as failed:
        steps_of(**options)
    assert words in failed.value.hint


def test_a_model_among_other_things_is_asked_alone():
    with pytest.raises(CheckFailed) as failed:
        asked((model(), model()))
    assert "return it alone" in failed.value.hint
