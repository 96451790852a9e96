"""fit_once trains once, restores after, and never trusts a receipt that does not fit."""

import json
import zipfile

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.lab import device, fingerprint
from grader.lab.receipts import Unusable, fit_once, read

pytestmark = pytest.mark.slow

X = np.random.default_rng(0).normal(size=(32, 5, 2)).astype("float32")
Y = (X.sum(axis=(1, 2)) > 0).astype("int32")


def model(units=3, activation="tanh", rate=1e-3, layer=layers.SimpleRNN):
    net = keras.Sequential([keras.Input((5, 2)), layer(units, activation=activation), layers.Dense(2, activation="softmax")])
    net.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    return net


@pytest.fixture(autouse=True)
def beside_a_notebook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RNN_COURSE_RECEIPTS", raising=False)


def train(net, **kwargs):
    return fit_once(net, kwargs.pop("x", X), kwargs.pop("y", Y), name="r", **{"epochs": 2, "verbose": 0, **kwargs})


def test_second_run_restores_weights_and_history():
    first = model()
    trained = train(first)
    second = model()
    restored = train(second)
    assert not trained.receipt["restored"] and restored.receipt["restored"]
    assert restored.history == trained.history and len(restored.history["loss"]) == 2
    for left, right in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    assert {"device", "seconds", "keras", "backend", "written"} <= read("receipts/r.npz").keys()


@pytest.mark.parametrize(
    "changed",
    [
        lambda: (model(units=4), {}),
        lambda: (model(activation="relu"), {}),
        lambda: (model(layer=layers.GRU), {}),
        lambda: (model(rate=1e-2), {}),
        lambda: (model(), {"epochs": 3}),
        lambda: (model(), {"batch_size": 4}),
        lambda: (model(), {"x": X + 1}),
        lambda: (model(), {"y": 1 - Y}),
    ],
    ids=["units", "activation", "layer", "rate", "epochs", "batch_size", "x", "y"],
)
def test_anything_that_matters_trains_again(changed, capsys):
    train(model())
    net, kwargs = changed()
    assert not train(net, **kwargs, verbose=1).receipt["restored"]
    assert "Training again" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["truncate", "text", "empty", "nan", "pickle", "missing weight"])
def test_a_damaged_receipt_trains_again(damage, tmp_path):
    train(model())
    path = tmp_path / "receipts/r.npz"
    content = path.read_bytes()
    if damage == "truncate":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "text":
        path.write_text("not a receipt")
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        with np.load(path) as stored:
            arrays = dict(stored)
        if damage == "nan":
            arrays["weight_000"] = np.full_like(arrays["weight_000"], np.nan)
        elif damage == "pickle":
            arrays["weight_000"] = np.array([object()])
        else:
            del arrays["weight_000"]
        np.savez(path, **arrays)
    history = train(model())
    assert not history.receipt["restored"]
    assert train(model()).receipt["restored"], "the new receipt replaced the damaged one"


def test_a_bomb_is_refused_before_it_unpacks(tmp_path):
    train(model())
    path = tmp_path / "receipts/r.npz"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weight_999.npy", b"\0" * 50_000_000)
    assert path.stat().st_size < 200_000
    assert not train(model()).receipt["restored"]


def test_an_interrupted_run_leaves_the_old_receipt(tmp_path, monkeypatch):
    train(model())
    before = (tmp_path / "receipts/r.npz").read_bytes()

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.lab.receipts.os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(model(units=5))
    assert [path.name for path in (tmp_path / "receipts").iterdir()] == ["r.npz"]
    assert (tmp_path / "receipts/r.npz").read_bytes() == before


def test_off_switch_trains_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_RECEIPTS", "off")
    assert not train(model()).receipt["restored"]
    assert not (tmp_path / "receipts").exists()


@pytest.mark.parametrize("name", ["", "../up", "a b", "ünïcode", "a/b"])
def test_bad_names_are_refused(name):
    with pytest.raises(ValueError, match="name"):
        fit_once(model(), X, Y, name=name)


def test_a_model_that_cannot_train_says_why():
    with pytest.raises(ValueError, match="compile"):
        fit_once(keras.Sequential([keras.Input((5, 2)), layers.LSTM(2)]), X, Y, name="r")
    with pytest.raises(ValueError, match="keras.Input"):
        fit_once(keras.Sequential([layers.LSTM(2)]), X.tolist(), Y, name="r")
    with pytest.raises(ValueError, match="NoneType"):
        fit_once(None, X, Y, name="r")


def test_prints_epochs_without_timings(capsys):
    train(model(), verbose=1)
    first = capsys.readouterr().out
    train(model(), verbose=1)
    second = capsys.readouterr().out
    assert first.splitlines()[1] == second.splitlines()[1], "the last epoch, after the word that it was restored"
    assert second.startswith("Restored") and "epoch 1/2" not in second
    assert "epoch 2/2  loss" in first and "ms" not in first


def test_read_says_what_is_wrong(tmp_path):
    with pytest.raises(Unusable, match="missing"):
        read(tmp_path / "none.npz")
    (tmp_path / "other.npz").write_bytes(b"PK nonsense")
    with pytest.raises(Unusable, match="cannot be read"):
        read(tmp_path / "other.npz")
    np.savez(tmp_path / "old.npz", receipt=np.array(json.dumps({"format": 0})))
    with pytest.raises(Unusable, match="format"):
        read(tmp_path / "old.npz")


def test_dataset_hash_ignores_order_and_batches_and_sees_values():
    import tensorflow as tf

    whole = tf.data.Dataset.from_tensor_slices((X, Y))
    same = whole.shuffle(32, seed=1).batch(5)
    other = tf.data.Dataset.from_tensor_slices((X * 2, Y))
    assert fingerprint.data(whole) == fingerprint.data(same) != fingerprint.data(other)
    with pytest.raises(ValueError, match="endless"):
        fingerprint.data(whole.repeat())


def test_architecture_hash_sees_connections():
    def net(swap):
        a, b = keras.Input((4,)), keras.Input((4,))
        left, right = layers.Dense(3)(a), layers.Dense(3)(b)
        joined = layers.Concatenate()([right, left] if swap else [left, right])
        return keras.Model([a, b], layers.Dense(1)(joined))

    assert fingerprint.architecture(net(False)) == fingerprint.architecture(net(False)) != fingerprint.architecture(net(True))


def test_the_model_says_where_it_was_trained(tmp_path, monkeypatch):
    """Once it is trained, and once it is restored: then what the receipt says, on whatever machine."""
    first, second = model(), model()
    train(first)
    assert first.trained_on == read("receipts/r.npz")["device"]
    edit(tmp_path / "receipts/r.npz", device="GPU (Tesla T4)")
    assert train(second).receipt["restored"] and second.trained_on == "GPU (Tesla T4)"


def test_a_device_that_is_no_text_is_damage(tmp_path):
    train(model())
    edit(tmp_path / "receipts/r.npz", device={"GPU": True})
    assert not train(model()).receipt["restored"]


def edit(path, **facts):
    """Change what a receipt says of itself, as anybody can."""
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["receipt"] = np.array(json.dumps({**json.loads(str(arrays["receipt"])), **facts}))
    np.savez(path, **arrays)


def half(units=4):
    """A model in half precision, as lessons may have it on a GPU."""
    with device.precision("mixed_float16"):
        net = keras.Sequential([keras.Input((5, 2)), layers.GRU(units), layers.Dense(2, activation="softmax", dtype="float32")])
        net.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def test_half_precision_trains_into_a_receipt_of_float32(tmp_path):
    first, second = half(), half()
    assert type(first.optimizer).__name__ == "LossScaleOptimizer" and first.layers[0].compute_dtype == "float16"
    assert not train(first).receipt["restored"] and train(second).receipt["restored"]
    with np.load(tmp_path / "receipts/r.npz") as stored:
        assert {stored[name].dtype.name for name in stored.files if name.startswith("weight_")} == {"float32"}
    np.testing.assert_array_equal(first.predict(X, verbose=0), second.predict(X, verbose=0))
    check.gpu_ready(second)
    assert 0.0 <= check.accuracy(second, X, Y) <= 1.0
    check.ignores_padding(masked_half(), np.array([[3, 1, 2, 0], [1, 1, 0, 0]]), amount=30)


def masked_half():
    with device.precision("mixed_float16"):
        return keras.Sequential([
            keras.Input((None,)), layers.Embedding(5, 3, mask_zero=True), layers.Bidirectional(layers.LSTM(4)), layers.Dense(2, dtype="float32"),
        ])  # fmt: skip


def test_half_precision_is_another_training():
    train(half())
    whole = keras.Sequential([keras.Input((5, 2)), layers.GRU(4), layers.Dense(2, activation="softmax")])
    whole.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    assert not train(whole).receipt["restored"]


def reader(backwards):
    class Reader(keras.Model):
        def __init__(self):
            super().__init__()
            self.read, self.end = layers.SimpleRNN(3), layers.Dense(2, activation="softmax")

        if backwards:

            def call(self, x):
                return self.end(self.read(x[:, ::-1]))

        else:

            def call(self, x):
                return self.end(self.read(x))

    net = Reader()
    net.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    return net


def test_a_model_of_a_class_of_its_own_takes_its_shapes_from_the_data_and_its_call_counts():
    first = reader(False)
    assert not train(first).receipt["restored"]
    second = reader(False)
    assert train(second).receipt["restored"]
    for left, right in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    assert not train(reader(True)).receipt["restored"]
