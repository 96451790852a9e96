"""What lesson 03 looks at in a trained encoder-decoder: states, continuations, the best of many."""

import keras
import numpy as np
import pytest
from keras import layers

from grader.lab import maskings, translators

START, END = 1, 2


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    read, written = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, *states = layers.LSTM(6, return_state=True, name="encoder")(layers.Embedding(9, 4, mask_zero=True, name="read")(read))
    vectors = layers.Embedding(7, 4, mask_zero=True, name="write")(written)
    decoder = layers.LSTM(6, return_sequences=True, return_state=True, name="decoder")
    outputs = decoder(vectors, initial_state=states, mask=keras.ops.not_equal(written, 0))[0]
    made = keras.Model([read, written], layers.Dense(7, name="logits")(outputs))
    random = np.random.default_rng(1)
    made.set_weights([random.normal(size=weight.shape) for weight in made.get_weights()])
    return made


WORDS = np.random.default_rng(0).integers(1, 9, size=(5, 4))


def test_from_the_final_states_the_decoder_says_what_the_whole_says(model):
    so_far = np.random.default_rng(2).integers(1, 7, size=(5, 3))
    states = translators.final_states(model, WORDS)
    np.testing.assert_allclose(translators.logits_from(model, states, so_far), model([WORDS, so_far]), rtol=1e-4, atol=1e-5)


def test_after_the_end_stand_zeros():
    written = np.array([[1, 4, 2, 5, 2], [1, 2, 2, 2, 3], [1, 3, 4, 5, 6]])
    np.testing.assert_array_equal(translators.until_end(written, END), [[1, 4, 2, 0, 0], [1, 2, 0, 0, 0], [1, 3, 4, 5, 6]])


def test_a_wide_beam_finds_the_best_of_all_short_sequences(model):
    """Two steps, and a beam that holds everything: no sequence of two symbols may have a better score than its first."""
    states = translators.final_states(model, WORDS)
    best, trace = translators.beam_search(model, states, width=49, start=START, end=END, steps=2)
    first = np.array(keras.ops.log_softmax(translators.logits_from(model, states, np.full((5, 1), START))[:, 0]))
    for row in range(5):
        scores = {}
        for symbol in range(7):
            if symbol in (0, END):
                scores[symbol, 0] = first[row, symbol]
                continue
            after = translators.logits_from(model, [state[row : row + 1] for state in states], np.array([[START, symbol]]))[0, 1]
            for other, chance in enumerate(np.array(keras.ops.log_softmax(after))):
                scores[symbol, other] = first[row, symbol] + chance
        assert tuple(best[row, 0, 1:]) == max(scores, key=scores.get)
        assert trace[-1][1][row, 0] == pytest.approx(max(scores.values()), rel=1e-4)


def test_of_three_ideas_for_a_mask_one_leaves_the_padding_out(capsys):
    maskings([1.0, 2.0, 0.5, 3.0], [True, True, False, False])
    lines = {line[:27].strip(): line for line in capsys.readouterr().out.splitlines()}
    assert lines["a score of -1e9 for padding"].endswith("1.000") and "[0.269 0.731 0.    0.   ]" in lines["a score of -1e9 for padding"]
    assert lines["only the real tokens"].endswith("1.000")
    assert lines["a weight of 0 for padding"].endswith("0.318") or not lines["a weight of 0 for padding"].endswith("1.000")
