"""GRADER_REQUIRE_GPU=1: the device that a receipt names is part of the grade, in the referee as in the student's own kernel."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from .notebooks import QUICK, code, given, job, points, test

pytestmark = pytest.mark.slow  # real kernels, two a test

GIVEN = given(
    "import keras, numpy as np\nfrom keras import layers\nfrom grader import checks as check, lab\n"
    "x, y = np.ones((8, 5, 2), 'float32'), np.ones(8, 'float32')"
)
TRAIN = """
def train(x, y):
    model = keras.Sequential([keras.Input((5, 2)), layers.LSTM(2), layers.Dense(1)])
    model.compile('sgd', 'mse')
    lab.fit_once(model, x, y, name='r', epochs=1, verbose=0)
    return model
"""
OWN = TRAIN.replace("keras.Sequential(", "Own(") + "class Own(keras.Sequential):\n    def score(self):\n        return 1\n"
PLAIN_FIT = TRAIN.replace("lab.fit_once(model, x, y, name='r', epochs=1, verbose=0)", "model.fit(x, y, verbose=0)")
ASK = "model = check.call(train, x, y)\ncheck.gpu_ready(model)\ncheck.on_gpu(model)"
LIMITS = replace(QUICK, cell_seconds=120)


@pytest.fixture(scope="module")
def receipt(tmp_path_factory):
    """train -> the receipt that such a function writes on a machine without a GPU."""
    folder = tmp_path_factory.mktemp("trained")

    def receipt(train: str) -> bytes:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.delenv("RNN_COURSE_RECEIPTS", raising=False)
            exec(f"{GIVEN.source}\n{train}\ntrain(x, y)", {})
        return (folder / "receipts/r.npz").read_bytes()

    return receipt


def says(receipt: bytes, device: str) -> dict[str, bytes]:
    """A submission's files: that receipt, as if from another device."""
    with np.load(io.BytesIO(receipt)) as stored:
        arrays = dict(stored)
    arrays["receipt"] = np.array(json.dumps({**json.loads(str(arrays["receipt"])), "device": device}))
    file = io.BytesIO()
    np.savez(file, **arrays)
    return {"receipts/r.npz": file.getvalue()}


@pytest.fixture
def asking(worker, monkeypatch):
    """The worker of an instructor who grades the device."""
    monkeypatch.setenv("GRADER_REQUIRE_GPU", "1")
    return worker


def graded(worker, train, files):
    verdict = worker.grade(job(GIVEN, code(train), test("t", ASK), files=files, limits=LIMITS))
    return points(verdict)["t"], verdict.scores["t"].reason


@pytest.mark.parametrize("train", [TRAIN, OWN], ids=["rebuilt by the referee", "a class of the student's own"])
def test_a_receipt_from_a_gpu_passes_and_one_from_a_cpu_does_not(asking, receipt, train):
    written = receipt(train)
    assert graded(asking, train, says(written, "GPU (Tesla T4)")) == (1, "")
    earned, why = graded(asking, train, says(written, "CPU"))
    assert earned == 0 and "was not trained on a GPU" in why


def test_training_again_where_it_is_graded_names_the_cpu(asking):
    earned, why = graded(asking, TRAIN, {})
    assert earned == 0 and "was not trained on a GPU" in why


def test_a_model_that_fit_once_never_saw_says_nothing(asking):
    earned, why = graded(asking, PLAIN_FIT, {})
    assert earned == 0 and "nothing tells where" in why


def test_who_does_not_ask_is_not_told(worker, receipt, monkeypatch):
    monkeypatch.delenv("GRADER_REQUIRE_GPU", raising=False)
    assert graded(worker, TRAIN, says(receipt(TRAIN), "CPU")) == (1, "")
