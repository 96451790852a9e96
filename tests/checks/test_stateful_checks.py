"""The checks of lesson 4: each passes what is right, and a constant, an input-copier, zeros and a random answer never."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

pytestmark = pytest.mark.slow

RANDOM = np.random.default_rng(0)


def reset(model):
    for layer in model.layers:
        if isinstance(layer, layers.RNN):
            layer.reset_state()


def carried(layer, chunks):
    state, outputs = None, []
    for chunk in chunks:
        output, *state = layer(chunk, initial_state=state)
        outputs.append(output)
    return np.concatenate(outputs, axis=1)


def step_by_step(layer, chunks):
    x = np.concatenate(chunks, axis=1)
    return carried(layer, [x[:, t : t + 1] for t in range(x.shape[1])])


def joined(layer, chunks):
    return layer(np.concatenate(chunks, axis=1))[0]


def swapped(layer, chunks):
    state, outputs = None, []
    for chunk in chunks:
        output, *state = layer(chunk, initial_state=state and state[::-1])
        outputs.append(output)
    return np.concatenate(outputs, axis=1)


@pytest.mark.parametrize("kind", [layers.LSTM, layers.GRU, layers.SimpleRNN])
@pytest.mark.parametrize("right", [carried, step_by_step])
def test_chunks_read_one_after_the_other_pass(kind, right):
    check.carries_on(right, kind, sizes=[3, 1, 4])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (joined, "joined and read in one call"),
        (lambda layer, chunks: np.concatenate([layer(chunk)[0] for chunk in chunks], axis=1), "Each chunk begins with zeros"),
        (swapped, "h and c are swapped"),
        (lambda layer, chunks: np.zeros((2, 8, 5)), "zero everywhere"),
        (lambda layer, chunks: np.concatenate(chunks, axis=1), "wrong shape"),
        (lambda layer, chunks: RANDOM.normal(size=(2, 8, 5)), "is wrong"),
    ],
)
def test_of_chunks_read_otherwise_the_cause_is_told(wrong, words):
    with pytest.raises(CheckFailed, match=words):
        check.carries_on(wrong, layers.LSTM, sizes=[3, 1, 4])


def in_pieces(layer, x, size):
    layer.reset_state()
    return np.concatenate([layer(x[:, t : t + size]) for t in range(0, x.shape[1], size)], axis=1)


@pytest.mark.parametrize(("kind", "steps", "size"), [(layers.LSTM, 11, 4), (layers.GRU, 8, 4), (layers.SimpleRNN, 3, 5), (layers.LSTM, 4, 1)])
def test_pieces_read_from_zeros_pass(kind, steps, size):
    check.in_pieces(in_pieces, kind, steps, size, rows=2)


def whole_after_reset(layer, x, size):
    layer.reset_state()
    return layer(x)


def in_pieces_of_twice_the_size(layer, x, size):
    return in_pieces(layer, x, 2 * size)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (whole_after_reset, "All of x was read in one call"),
        (in_pieces_of_twice_the_size, "reads backwards is wrong"),
        (lambda layer, x, size: layer(x), "still held a state"),
        (lambda layer, x, size: in_pieces(layer, x[:, : x.shape[1] // size * size], size), "last piece is missing"),
        (lambda layer, x, size: np.ones((1, 11, 5)), "same value everywhere"),
        (lambda layer, x, size: x, "wrong shape"),
        (lambda layer, x, size: RANDOM.normal(size=(1, 11, 5)), "is wrong"),
    ],
)
def test_of_pieces_read_otherwise_the_cause_is_told(wrong, words):
    with pytest.raises(CheckFailed, match=words):
        check.in_pieces(wrong, layers.LSTM, 11, 4)


def handed(first, second, paragraphs):
    first.reset_state()
    for paragraph in paragraphs[:-1]:
        first(paragraph)
    return second(paragraphs[-1], initial_state=first.states)


def handed_dirty(first, second, paragraphs):
    for paragraph in paragraphs[:-1]:
        first(paragraph)
    return second(paragraphs[-1], initial_state=first.states)


def test_a_state_handed_over_is_told_from_a_dirty_one_and_from_none():
    check.handed_over(handed, layers.GRU, [3, 2, 4])
    check.handed_over(handed, layers.LSTM, [3, 2])
    for wrong, words in [
        (handed_dirty, "still held a state"),
        (lambda first, second, paragraphs: second(paragraphs[-1]), "began with zeros"),
        (lambda first, second, paragraphs: np.zeros((2, 5)), "zero everywhere"),
        (lambda first, second, paragraphs: paragraphs[-1][:, -1], "wrong shape"),
        (lambda first, second, paragraphs: RANDOM.normal(size=(2, 5)), "is wrong"),
    ]:
        with pytest.raises(CheckFailed, match=words):
            check.handed_over(wrong, layers.LSTM, [3, 2, 4])


def cut(stream, rows, timesteps):
    batches = len(stream) // (rows * timesteps)
    kept = stream[: batches * rows * timesteps].reshape(rows, batches, timesteps, *stream.shape[1:])
    return np.swapaxes(kept, 0, 1)


def cut_each_row(stream, rows, timesteps):
    length = len(stream) // rows
    starts = np.arange(length // timesteps)[:, None, None] * timesteps + np.arange(rows)[None, :, None] * length
    return stream[starts + np.arange(timesteps)]


@pytest.mark.parametrize("right", [cut, cut_each_row])
def test_rows_that_continue_pass_wherever_the_rest_was_dropped(right):
    check.continues(right, 1039, 4, 10)
    check.continues(right, 47, 3, 4, features=(2, 2))


def as_read(stream, rows, timesteps):
    batches = len(stream) // (rows * timesteps)
    return stream[: batches * rows * timesteps].reshape(batches, rows, timesteps, *stream.shape[1:])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (as_read, "in which one reads a page"),
        (lambda stream, rows, timesteps: np.swapaxes(cut(stream, rows, timesteps), 0, 1), "swap the two axes"),
        (lambda stream, rows, timesteps: cut(stream, rows, timesteps)[:, ::-1], "Row 0 has the first part"),
        (lambda stream, rows, timesteps: np.repeat(cut(stream, rows, timesteps)[:, :1], rows, axis=1), "part of the stream of its own"),
        (lambda stream, rows, timesteps: cut(stream[len(stream) % (rows * timesteps) :], rows, timesteps), "first timestep is read"),
        (lambda stream, rows, timesteps: cut(stream, rows, timesteps) * 0.5, "no timestep of the stream"),
        (lambda stream, rows, timesteps: np.zeros((25, 4, 10)), "breaks off inside a row"),
        (lambda stream, rows, timesteps: stream, "wrong shape"),
    ],
)
def test_of_rows_that_break_off_the_cause_is_told(wrong, words):
    with pytest.raises(CheckFailed, match=words):
        check.continues(wrong, 1039, 4, 10)


def fit_with(*moments):
    class Rest(keras.callbacks.Callback):
        pass

    for moment in moments:
        setattr(Rest, moment, lambda self, *_, **__: reset(self.model))

    def fit(model, x, y, epochs, validation):
        rows = model.input_shape[0]
        options = {"batch_size": rows, "validation_batch_size": rows, "shuffle": False, "verbose": 0, "callbacks": [Rest()]}
        return model.fit(x, y, epochs=epochs, validation_data=validation, **options).history

    return fit


def test_a_model_that_rests_before_each_epoch_and_validation_passes():
    check.rests(fit_with("on_epoch_begin", "on_test_begin"))
    check.rests(fit_with("on_epoch_begin", "on_test_begin"), rows=3, depth=2)


@pytest.mark.parametrize(
    ("moments", "words"),
    [
        ((), "do they reset self.model"),
        (("on_train_begin",), "not once"),
        (("on_test_begin",), "the validations at rest"),
        (("on_epoch_begin",), "when a validation begins, too"),
        (("on_epoch_end", "on_test_begin"), "not when it ends"),
    ],
)
def test_of_a_model_that_does_not_rest_the_moment_is_told(moments, words):
    with pytest.raises(CheckFailed, match=words):
        check.rests(fit_with(*moments))


def test_a_callback_that_asks_for_a_model_of_the_notebook_is_told_of_its_own():
    def fit(model, x, y, epochs, validation):
        return reset(another_model)  # noqa: F821

    with pytest.raises(CheckFailed, match="self.model"):
        check.rests(fit)


def in_order(model, x, y, epochs, shuffle=False, first=True, each=True, after=False):
    losses = []
    for epoch in range(epochs):
        if each if epoch else first:
            reset(model)
        losses += model.fit(x, y, batch_size=model.input_shape[0], shuffle=shuffle, verbose=0).history["loss"]
        if after:
            reset(model)
    return losses


def test_training_in_order_and_from_zeros_passes():
    check.trains_in_order(in_order)
    check.trains_in_order(in_order, rows=3, depth=2, seed=15)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"shuffle": True}, "shuffle=False"),
        ({"each": False}, "Only the first epoch begins at rest"),
        ({"first": False, "each": False}, "reset the states"),
        ({"first": False, "each": False, "after": True}, "before an epoch, not after it"),
    ],
)
def test_of_training_otherwise_the_cause_is_told(options, words):
    with pytest.raises(CheckFailed, match=words):
        check.trains_in_order(lambda *arguments: in_order(*arguments, **options))


def test_neither_order_nor_shuffling_is_blamed_where_nothing_proves_it():
    for wrong in (lambda model, x, y, epochs: [0.5] * epochs, lambda model, x, y, epochs: [0.0] * epochs, lambda model, x, y, epochs: RANDOM.random(epochs)):
        with pytest.raises(CheckFailed) as failure:
            check.trains_in_order(wrong)
        assert "shuffle" not in str(failure.value) and "reset" not in str(failure.value)


def make(rows, stateful=True):
    return keras.Sequential(
        [keras.Input((None,), batch_size=rows, dtype="int32"), layers.Embedding(9, 3), layers.GRU(4, stateful=stateful, return_sequences=True), layers.Dense(9)]
    )


def moved(trained, rows=1, stateful=True):
    model = make(rows, stateful)
    model.set_weights(trained.get_weights())
    return model


def test_a_model_for_one_row_has_the_weights_and_a_state_of_its_own():
    check.one_row(moved, make, rows=3, symbols=9)
    for wrong, words in [
        (lambda trained: trained, "It is fixed when a model is built"),
        (lambda trained: make(1), "has other weights"),
        (lambda trained: moved(trained, stateful=False), "must be stateful, too"),
        (lambda trained: moved(trained, rows=None, stateful=False), "None is any number of rows"),
        (lambda trained: None, "no model with the layers"),
    ]:
        with pytest.raises(CheckFailed, match=words):
            check.one_row(wrong, make, rows=3, symbols=9)


def test_probabilities_are_told_from_logits_of_either_kind():
    check.probabilities(np.array([0.0, 0.5, 1.0]))
    check.probabilities(np.array([[0.25, 0.75]]), sum_to_one=True)
    for wrong, options, words in [([-2.0, 0.3], {}, "sigmoid"), ([[0.2, 0.2]], {"sum_to_one": True}, "sum to one"), ([np.nan], {}, "NaN")]:
        with pytest.raises(CheckFailed, match=words):
            check.probabilities(np.array(wrong), **options)


class Says(keras.Model):
    """A control that needs no training: it says of a chunk what a function makes of it."""

    def __init__(self, say):
        super().__init__()
        self.say = say

    def __call__(self, chunk):
        return self.say(chunk)

    def predict(self, x, batch_size, verbose):
        return np.concatenate([self.say(x[begin : begin + batch_size]) for begin in range(0, len(x), batch_size)])


def test_a_model_without_memory_does_not_remember():
    random = np.random.default_rng(1)
    x = random.integers(2, size=(6, 4, 5, 2)).astype("float32")
    y = random.integers(2, size=(6, 4, 5, 1)).astype("float32")
    needed = np.ones((6, 4, 5), bool)

    def half(chunk):
        return chunk[..., :1] * 0 + 0.5

    for wrong in (half, lambda chunk: chunk[..., :1], lambda chunk: np.zeros_like(chunk[..., :1]), lambda chunk: random.random(chunk[..., :1].shape)):
        with pytest.raises(CheckFailed, match="not there yet"):
            check.remembers(Says(wrong), x, y, (needed, needed), at_least=0.95)
    with pytest.raises(CheckFailed, match="not there yet"):
        check.remembers(Says(half), x, y, (needed, needed), at_most=0.3)
    check.remembers(Says(lambda chunk: y[[np.array_equal(chunk, part) for part in x]][0]), x, y, (needed, needed), at_least=0.95)
    with pytest.raises(CheckFailed, match="no trained model"):
        check.remembers(half, x, y, (needed, needed), at_least=0.95)


def test_a_model_whose_layers_keep_no_state_is_told_so():
    model = keras.Sequential([keras.Input((5, 2)), layers.GRU(2, return_sequences=True), layers.Dense(1, activation="sigmoid")])
    x = np.zeros((3, 2, 5, 2), "float32")
    y = np.arange(30).reshape(3, 2, 5, 1) % 2.0
    with pytest.raises(CheckFailed, match="no layer of it is stateful=True"):
        check.remembers(model, x, y, (y[..., 0] >= 0,) * 2, at_least=0.95)


def test_what_the_second_layer_is_given_is_a_state_and_no_weights():
    """The expected values are of the layer as it came, so that an answer that changes it does not change them."""

    def copies_weights(first, second, paragraphs):
        second.set_weights(first.get_weights())
        return hand_over(first, second, paragraphs)

    def hand_over(first, second, paragraphs):
        first = type(first).from_config({**first.get_config(), "return_state": True, "stateful": True, "name": "twin"}), first
        twin, given = first
        twin.build((2, None, 3))
        twin.set_weights(given.get_weights())
        state = None
        for paragraph in paragraphs[:-1]:
            _, *state = twin(paragraph)
        return second(paragraphs[-1], initial_state=state)

    check.handed_over(hand_over, keras.layers.GRU, (4, 5, 3))
    with pytest.raises(CheckFailed, match="keeps its own weights"):
        check.handed_over(copies_weights, keras.layers.GRU, (4, 5, 3))
    with pytest.raises(CheckFailed, match="not read the last paragraph but one"):
        check.handed_over(lambda first, second, paragraphs: hand_over(first, second, paragraphs[:-2] + paragraphs[-1:]), keras.layers.GRU, (4, 5, 3))


def test_all_axes_turned_are_told_from_rows_and_batches():
    with pytest.raises(CheckFailed, match="nothing else is turned"):
        check.continues(lambda *a: cut(*a).T, 1039, 4, 10)


def test_rows_cut_for_timesteps_are_told():
    def cuts_rows(layer, x, size):
        layer.reset_state()
        return np.concatenate([layer(x[begin : begin + size]) for begin in range(0, len(x), size)], axis=1)

    with pytest.raises(CheckFailed, match=r"x\[a:b\] cuts rows"):
        check.in_pieces(cuts_rows, keras.layers.LSTM, 25, 10)
