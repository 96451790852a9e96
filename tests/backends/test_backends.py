"""The lessons' models, the checks and the receipts on JAX and PyTorch: the same answers as on TensorFlow. On the CPU, where they are installed."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from grader.lab.receipts import read

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import exercises  # noqa: E402

pytestmark = pytest.mark.slow  # a process with another backend, for each


def play(backend: str, folder: Path) -> dict:
    environment = {**os.environ, "KERAS_BACKEND": backend, "RNN_COURSE_RECEIPTS": "", "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
    subprocess.run([sys.executable, HERE / "play.py", folder], env=environment, check=True, timeout=600)
    return {**json.loads((folder / f"{backend}.json").read_text()), "folder": folder, "arrays": dict(np.load(folder / f"{backend}.npz"))}


@pytest.fixture(scope="module")
def tensorflow(tmp_path_factory):
    return play("tensorflow", tmp_path_factory.mktemp("backends"))


@pytest.fixture(scope="module", params=["jax", "torch"])
def other(request):
    if not importlib.util.find_spec(request.param):
        # What the course needs is tested elsewhere; these are an extra.
        pytest.skip(f"{request.param} is not installed: pip install -e '.[{request.param}]'")
    return play(request.param, request.getfixturevalue("tensorflow")["folder"])


def test_a_lesson_starts(other):
    name = {"jax": "JAX", "torch": "PyTorch"}[other["backend"]]
    assert f"Keras {keras.__version__}, {name} " in other["start"] and other["start"].endswith(", CPU\n")
    assert (other["describe"], other["gpu"], set(other["on a GPU"])) == ("CPU", False, {False})


def test_hashes_are_equal(other, tensorflow):
    assert other["hashes"] == tensorflow["hashes"]


@pytest.mark.parametrize("name", exercises.EXERCISES)
def test_what_tensorflow_trained_is_restored_and_predicts_the_same(name, other, tensorflow):
    assert other["restored"][f"tensorflow/{name}"]
    np.testing.assert_allclose(other["arrays"][f"tensorflow/{name}"], tensorflow["arrays"][f"tensorflow/{name}"], atol=1e-4)


@pytest.mark.parametrize("name", exercises.EXERCISES)
def test_what_it_trained_is_restored_on_tensorflow_and_predicts_the_same(name, other, monkeypatch, capsys):
    folder = other["folder"] / other["backend"]
    assert not other["restored"][f"{other['backend']}/{name}"] and read(folder / f"receipts/{name}.npz")["backend"] == other["backend"]
    monkeypatch.chdir(folder)
    monkeypatch.delenv("RNN_COURSE_RECEIPTS", raising=False)
    model, predicted = exercises.train(name)
    assert "Training again" not in capsys.readouterr().out and model.trained_on == "CPU"
    np.testing.assert_allclose(predicted, other["arrays"][f"{other['backend']}/{name}"], atol=1e-4)


def test_checks_say_the_same(other, tensorflow):
    mine, theirs = dict(other["checks"]), dict(tensorflow["checks"])
    assert theirs.pop("stateful") == "silent"
    del mine["stateful"]
    assert {name: words(told) for name, told in mine.items()} == {name: words(told) for name, told in theirs.items()}
    assert [mine[name] for name in ("shape", "close", "causal", "padding", "gpu_ready", "on_gpu")] == ["silent"] * 6


def words(told: str) -> str:
    """Without the numbers that were measured: they depend on random weights."""
    return told.partition("\n  actual")[0]


def test_a_stateful_layer_is_for_tensorflow_only(other):
    """A right answer is not told that it guesses."""
    said = other["checks"]["stateful"]
    assert "`train_lamps` raised RuntimeError" in said and "TensorFlow only" in said and "KERAS_BACKEND=tensorflow" in said
