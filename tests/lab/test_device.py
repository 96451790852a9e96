"""What a lesson says of its device, and what it sets before anything is computed."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from grader.lab import device


class Placed:
    """All that is asked of a tensor."""

    def __init__(self, device):
        self.device = device


@pytest.mark.parametrize(("gpus", "says"), [([], "CPU"), (["Tesla T4"], "GPU (Tesla T4)"), (["", "Tesla T4"], "GPU")])
def test_the_device_by_name(monkeypatch, gpus, says):
    monkeypatch.setattr("grader.hardware.gpus", lambda: gpus)
    assert device.describe() == says and device.has_gpu() == bool(gpus)


@pytest.mark.parametrize(("gpus", "colab", "told"), [([], True, True), ([], False, False), (["Tesla T4"], True, False)])
def test_colab_without_a_gpu_is_told_how_to_get_one(monkeypatch, capsys, gpus, colab, told):
    monkeypatch.setattr("grader.hardware.gpus", lambda: gpus)
    monkeypatch.setattr(device, "on_colab", lambda: colab)
    device.start()
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.endswith("GPU (Tesla T4)" if gpus else "CPU") and bool(rest) == told
    assert not told or "Runtime → Change runtime type → T4 GPU" in rest[0]


@pytest.mark.parametrize(("place", "says"), [("/device:GPU:0", "GPU (Tesla T4)"), ("cuda:0", "GPU (Tesla T4)"), ("/device:CPU:0", "CPU")])
def test_a_model_trains_where_its_weights_are(monkeypatch, place, says):
    """Not where a GPU could be seen; and a counter beside it changes nothing."""
    monkeypatch.setattr("grader.hardware.gpus", lambda: ["Tesla T4"])
    model = keras.Sequential([keras.Input((3,)), layers.Normalization(), layers.Dense(2)])
    for weight in model.weights:
        weight._value = Placed(place if "float" in str(weight.dtype) else "/device:CPU:0")
    assert device.of(model) == says


def test_a_model_without_weights_is_on_the_cpu():
    assert device.of(keras.Sequential([keras.Input((3,)), layers.Flatten()])) == "CPU"


def test_float32_is_float32_and_a_gpu_is_not_taken_whole(monkeypatch):
    grown = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["first", "second"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, flag: grown.append((gpu, flag)))
    tf.config.experimental.enable_tensor_float_32_execution(True)
    device.prepare()
    assert grown == [("first", True), ("second", True)] and not tf.config.experimental.tensor_float_32_execution_enabled()


def trained(leave_graphs_alone):
    """The weights of a masked GRU after three epochs."""
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": leave_graphs_alone})
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(20, 8, mask_zero=True), layers.GRU(16), layers.Dropout(0.2), layers.Dense(5)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    random = np.random.default_rng(0)
    model.fit(random.integers(0, 20, size=(64, 12)), random.integers(0, 5, size=64), epochs=3, batch_size=16, verbose=0)
    return model.get_weights()


@pytest.mark.slow
def test_graphs_as_they_are_train_the_same_weights_bit_for_bit():
    try:
        for rewritten, as_it_is in zip(trained(False), trained(True), strict=True):
            np.testing.assert_array_equal(rewritten, as_it_is)
    finally:
        device.prepare()


@pytest.mark.parametrize("gpus", [[], ["a GPU"]])
def test_graphs_are_left_alone_where_there_is_no_gpu(monkeypatch, gpus):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, flag: None)
    device.prepare()
    assert tf.config.optimizer.get_experimental_options()["disable_meta_optimizer"] == (not gpus)


def test_a_runtime_that_runs_is_left_as_it_is(monkeypatch):
    def too_late(gpu, flag):
        raise RuntimeError("Physical devices cannot be modified after being initialized")

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["first"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", too_late)
    device.prepare()


def test_an_old_keras_is_refused(monkeypatch):
    monkeypatch.setattr(keras, "__version__", "3.13.2")
    with pytest.raises(RuntimeError, match="pip install 'keras>=3.14,<3.16'"):
        device.start()


def test_another_precision_is_for_a_while():
    with pytest.raises(ZeroDivisionError), device.precision("mixed_float16"):
        assert layers.Dense(1).compute_dtype == "float16" and layers.Dense(1).variable_dtype == "float32"
        raise ZeroDivisionError
    assert keras.config.dtype_policy().name == "float32"
