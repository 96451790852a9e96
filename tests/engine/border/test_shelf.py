"""Models that the referee keeps: as good as new, or not kept."""

from __future__ import annotations

import copy

import keras
import numpy as np
import pytest
from honest import honest
from keras import layers

from grader import checks as check
from grader.engine.border import shelf
from grader.engine.border.keras_values import read_keras, write_keras


class Plain:
    """Writes and reads a value's parts as they are: what the codec does with them is tested elsewhere."""

    def each(self, value, parts=None):
        return value if parts is None else parts

    def refer(self, value):
        raise AssertionError("it did not cross")


def crossed(model):
    """`model` as the referee gets it."""
    return read_keras(Plain(), write_keras(Plain(), model)["keras"])


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    monkeypatch.setattr(shelf, "_free", type(shelf._free)())
    monkeypatch.setattr(shelf, "_lent", [])
    shelf.take_back()


def made(seed=0, dropout=0.5, compiled=True):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [layers.Input((6, 2), name="x"), layers.GRU(3, name="gru"), layers.Dropout(dropout, seed=7, name="dropout"), layers.Dense(2, activation="softmax", name="dense")],
        name="model",
    )
    if compiled:
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


X, Y = np.random.default_rng(0).normal(size=(8, 6, 2)).astype("float32"), np.arange(8) % 2


@pytest.mark.slow
def test_the_next_submissions_model_is_the_same_object_with_its_own_weights():
    one, other = made(1), made(2)
    first = crossed(one)
    seen = first.predict(X, verbose=0)
    shelf.take_back()
    second = crossed(other)
    assert second is first
    np.testing.assert_allclose(second.predict(X, verbose=0), other.predict(X, verbose=0), atol=1e-6)
    assert np.abs(second.predict(X, verbose=0) - seen).max() > 1e-3
    assert second.evaluate(X, Y, verbose=0) == pytest.approx(other.evaluate(X, Y, verbose=0), abs=1e-5)


def test_random_generators_begin_again():
    fresh = crossed(made())
    expected = np.array(fresh(X, training=True))
    np.array(fresh(X, training=True))
    fresh.trained_on = "GPU:0"
    shelf.take_back()
    again = crossed(made())
    assert again is fresh and not hasattr(again, "trained_on")
    np.testing.assert_allclose(np.array(again(X, training=True)), expected, atol=1e-6)


def test_one_submission_never_gets_the_same_object_twice():
    first, second = crossed(made()), crossed(made())
    assert first is not second
    first.set_weights([weight + 100 for weight in first.get_weights()])
    assert max(weight.max() for weight in second.get_weights()) < 50
    shelf.take_back()
    both = {id(crossed(made())), id(crossed(made()))}
    assert both == {id(first), id(second)}


def _trains(model):
    model.fit(X, Y, epochs=1, verbose=0)


def _measures(model):
    model.evaluate(X, Y, verbose=0)


def _keeps_numbers(model):
    model.layers[0].cell._dropout_mask = keras.ops.ones((8, 2))


def _cannot_be_described(model):
    model.layers[0].get_config = None


def _compiles(model):
    model.compile("sgd", "sparse_categorical_crossentropy")


def _compiles_alike(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def _freezes(model):
    model.layers[0].trainable = False


def _sets(model):
    model.layers[-1].activation = keras.activations.relu


def _adds(model):
    model.add(layers.Dense(1, name="more"))


def _wraps(model):
    keras.Sequential([keras.Input((6, 2)), model])


def _reads_inside(model):
    keras.Model(model.inputs, layers.Dense(1)(model.layers[0].output))


def _replaces_call(model):
    model.layers[0].call = lambda *args, **kwargs: args[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", [_trains, _measures, _keeps_numbers, _cannot_be_described, _compiles, _compiles_alike, _freezes, _sets, _adds, _wraps, _reads_inside, _replaces_call], ids=lambda change: change.__name__.strip("_")
)
def test_a_model_that_a_test_has_changed_is_dropped(change):
    first = crossed(made())
    change(first)
    shelf.take_back()
    assert crossed(made()) is not first


@pytest.mark.parametrize("other", [dict(dropout=0.4), dict(compiled=False)], ids=["another setting", "not compiled"])
def test_another_config_is_another_model(other):
    first = crossed(made())
    shelf.take_back()
    assert crossed(made(**other)) is not first


def _normalising(shift, inside):
    first = layers.Normalization(name="normal")
    first.adapt(X + shift)
    if inside:
        first = keras.Sequential([layers.Input((6, 2), name="y"), first], name="inner")
    return keras.Sequential([layers.Input((6, 2), name="x"), first, layers.Dense(1, name="dense", kernel_initializer="ones")], name="model")


@pytest.mark.parametrize("inside", [False, True])
def test_what_is_computed_from_weights_is_the_next_submissions_own(inside):
    """`Normalization` computes with a mean that a trace takes for a constant."""
    crossed(_normalising(0, inside)).predict(X, verbose=0)
    shelf.take_back()
    other = _normalising(9, inside)
    np.testing.assert_allclose(crossed(other).predict(X, verbose=0), other.predict(X, verbose=0), atol=1e-5)


@pytest.mark.slow
def test_the_first_labels_that_a_metric_saw_decide_nothing_for_the_next():
    def compiled():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([layers.Input((2,), name="x"), layers.Dense(3, name="dense")], name="model")
        model.compile("adam", "mse", metrics=["accuracy"])
        return model

    x, labels = X[:, 0], np.arange(8)[:, np.newaxis] % 3
    crossed(compiled()).evaluate(x, np.eye(3)[labels[:, 0]], verbose=0)
    shelf.take_back()
    expected = compiled().evaluate(x, labels, verbose=0, return_dict=True)
    assert crossed(compiled()).evaluate(x, labels, verbose=0, return_dict=True) == pytest.approx(expected, abs=1e-6)


def _lists(config):
    config["config"]["output_layers"] = tuple(config["config"]["output_layers"])


def _order(config):
    config["config"]["output_layers"] = dict(reversed(config["config"]["output_layers"].items()))


@pytest.mark.parametrize("change, names", [(_lists, None), (_order, "ab")], ids=["a tuple for a list", "another order"])
def test_a_config_that_is_only_almost_the_same_is_another_models(change, names):
    x = keras.Input((2,), name="x")
    out = [layers.Dense(1, name=name)(x) for name in "ab"]
    model = keras.Model(x, dict(zip(names, out, strict=True)) if names else out, name="model")
    honest, forged = write_keras(Plain(), model)["keras"], copy.deepcopy(write_keras(Plain(), model)["keras"])
    change(forged[0])
    read_keras(Plain(), forged)
    shelf.take_back()
    found, wanted = read_keras(Plain(), honest)(X[:, 0]), model(X[:, 0])
    assert type(found) is type(wanted) and list(found) == list(wanted) if names else type(found) is type(wanted)


def test_an_optimizers_name_stays_with_its_author():
    def compiled(name):
        model = made(compiled=False)
        model.compile(keras.optimizers.Adam(name=name), "mse")
        return model

    first = crossed(compiled("secret"))
    shelf.take_back()
    second = crossed(compiled("adam_3"))
    assert second is first and second.optimizer.name == "adam"
    assert not any("secret" in variable.path for variable in second.optimizer.variables)


def test_neither_long_names_nor_many_models_are_kept(monkeypatch):
    long = keras.Sequential([layers.Input((2,), name="x"), layers.Dense(1, name="n" * shelf.LONGEST_KEY)], name="model")
    crossed(long)
    assert not shelf._lent
    monkeypatch.setattr(shelf, "MOST_LENT", 2)
    for _ in range(3):
        crossed(made())
    assert len(shelf._lent) == 2


def carrying(seed):
    keras.utils.set_random_seed(seed)
    gru = layers.GRU(3, stateful=True, return_sequences=True, name="gru")
    model = keras.Sequential([layers.Input(batch_shape=(2, 6, 2), name="x"), gru], name="model")
    model(X[:2] + seed)  # it has read something
    return model


@pytest.mark.slow
def test_a_stateful_model_begins_where_its_own_author_left_it():
    one, other = carrying(1), carrying(2)
    first = crossed(one)
    first.predict(X[:2], batch_size=2, verbose=0)
    shelf.take_back()
    second = crossed(other)
    assert second is first
    np.testing.assert_array_equal(second.layers[0].states[0], other.layers[0].states[0])
    for _ in range(2):
        np.testing.assert_allclose(second.predict(X[:2], batch_size=2, verbose=0), other.predict(X[:2], batch_size=2, verbose=0), atol=1e-6)


def test_a_model_whose_states_were_put_elsewhere_is_dropped():
    first = crossed(carrying(1))
    vars(first.layers[0])["states"] = [keras.Variable(np.ones((2, 3)))]
    shelf.take_back()
    assert crossed(carrying(2)) is not first


def test_what_keeps_numbers_that_do_not_cross_is_not_kept():
    words = keras.Sequential([layers.TextVectorization(vocabulary=["a", "b"]), layers.Embedding(4, 2)])
    words(np.array(["a"]))
    firsts = [crossed(words), crossed(layers.LSTM(3))]
    shelf.take_back()
    seconds = [crossed(words), crossed(layers.LSTM(3))]
    assert not set(map(id, firsts)) & set(map(id, seconds))


def test_it_holds_no_more_than_it_may(monkeypatch):
    monkeypatch.setattr(shelf, "MOST_MODELS", 2)
    firsts = [crossed(made(dropout=rate)) for rate in (0.1, 0.2, 0.3)]
    shelf.take_back()
    assert crossed(made(dropout=0.3)) is firsts[2] and crossed(made(dropout=0.1)) is not firsts[0]
    monkeypatch.setattr(shelf, "MOST_NUMBERS", 10)
    first = crossed(made(dropout=0.9))
    shelf.take_back()
    assert crossed(made(dropout=0.9)) is not first


def test_a_students_process_keeps_nothing(monkeypatch):
    monkeypatch.setattr(shelf, "_open", False)
    first = crossed(made())
    assert not shelf._lent and crossed(made()) is not first


def test_what_is_offered_is_taken_once_more_also_when_it_is_shut():
    first = crossed(made(1))
    shelf.close()
    with shelf.offering([first, made(2), "no model"]):
        assert crossed(made(2)) is first
        assert crossed(made(2)) is not first
    np.testing.assert_array_equal(first.get_weights()[0], made(2).get_weights()[0])
    assert crossed(made(2)) is not first
    first.layers[0].trainable = False
    with shelf.offering([first]):
        assert crossed(made(2)) is not first
    shelf.take_back()
    assert crossed(made()) is not first


def test_once_hidden_arguments_are_out_it_is_shut():
    """Neither what is kept nor what is missing then tells the next submission of them."""
    first = crossed(made())
    shelf.take_back()
    shelf.close()
    assert crossed(made()) is not first
    crossed(made(dropout=0.9))
    assert not shelf._lent
    shelf.take_back()
    assert crossed(made()) is first


def test_a_hidden_test_has_the_model_of_its_visible_test_and_no_other():
    model = made()
    with honest(train=lambda x: model) as referee:
        train = referee.fetch("train")
        first = check.trained(train, X)
        shelf.close()
        referee.free()
        assert check.trained(train, X) is first
        lent = len(shelf._lent)
        since = check.trained(train, X[:1])
        referee.free()
        assert check.trained(train, X[:1]) is not since and len(shelf._lent) == lent


def test_an_optimizer_with_a_schedule_crosses_and_is_known_again():
    def scheduled():
        model = made(compiled=False)
        model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, 100)), "sparse_categorical_crossentropy")
        return model

    first = crossed(scheduled())
    shelf.take_back()
    assert crossed(scheduled()) is first
