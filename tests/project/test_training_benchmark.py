"""The training benchmark: what surrounds the measuring. That it measures, `python -m benchmarks.training --quick` shows."""

import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks are run from the repository, never installed

from benchmarks.training import evidence, lessons, table  # noqa: E402
from benchmarks.training import layers as compared  # noqa: E402
from benchmarks.training.measure import Contestant, measure  # noqa: E402

from grader import checks as check  # noqa: E402

ABOUT = {
    "command": "python -m benchmarks.training", "machine": "a machine", "cores": 2, "date": "2026-01-01", "keras": "3.15.1",
    "backend": "TensorFlow 2.21.0", "device": "CPU", "rounds": 3, "busy": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("receipt", lessons.EXERCISES)
def test_the_lessons_models_are_on_the_path_and_their_rivals_are_not(receipt):
    recorded = lessons.record(lessons.EXERCISES[receipt], lessons.drawn(receipt, 0.01))
    check.gpu_ready(recorded.model)
    rival = lessons.changed(recorded.model, lessons.CIRCULATING)
    assert rival.count_params() == recorded.model.count_params()
    if receipt != "watch":
        with pytest.raises(check.CheckFailed, match="fast path"):
            check.gpu_ready(rival)


@pytest.mark.parametrize("name", ["Dense", "Conv1D", "SimpleRNN", "GRU", "LSTM"])
def test_weights_are_counted_as_keras_does(name):
    layer = compared.MAKERS[name](7)
    layer.build((None, compared.STEPS, compared.FEATURES))
    assert compared.layer_weights(compared.MAKERS[name], 7) == layer.count_params()


def test_every_sequence_is_in_one_batch_and_padded_on_the_right():
    sequences = [np.arange(1, length + 1) for length in (3, 20, 5, 33)]
    batches = compared.Batches([np.array([0, 2]), np.array([1, 3])], sequences, np.arange(4))
    found = sorted((int(answer), int(length)) for x, y in (batches[0], batches[1]) for answer, length in zip(y, (x > 0).sum(axis=1), strict=True))
    assert found == [(0, 3), (1, 20), (2, 5), (3, 33)]
    assert sorted(batches[number][0].shape for number in range(2)) == [(2, 16), (2, 48)] and batches[0][0][0].tolist()[:4] == [1, 2, 3, 0]


def test_ratios_are_of_a_sample_and_of_the_first_in_a_group():
    class Untrained:
        def count_params(self):
            return 5

    told = []
    rows = measure([Contestant("g", "one", Untrained(), lambda: None, 10), Contestant("g", "two", Untrained(), lambda: None, 20)], 3, told.append)
    assert told == ["g: one", "g: two"] * 4 and [len(row["all_seconds"]) for row in rows] == [3, 3]
    assert rows[0]["ratio"] == 1 and rows[1]["ratio"] == pytest.approx(rows[1]["epoch_seconds"] / 20 / (rows[0]["epoch_seconds"] / 10))


def row(part, group, name, seconds, ratio=1.0):
    return {"part": part, "group": group, "name": name, "weights": 5, "samples": 10, "epoch_seconds": seconds, "samples_per_second": 10 / seconds, "ratio": ratio}


ROWS = [
    row("lessons", "01, recall", "course", 1.0), row("lessons", "01, recall", lessons.OFF_THE_PATH, 3.0, 3.0),
    row("layers", "64 units", "Dense", 1.0), row("layers", "64 units", "GRU", 4.0), row("layers", "64 units", "LSTM", 6.0),
    row("layers", "about 24,832 weights", "Dense(752)", 2.0), row("layers", "about 24,832 weights", "GRU(76)", 3.0),
    row("layers", "about 24,832 weights", "LSTM(64)", 6.0), row("lengths", "5 to 200 tokens", "padded", 1.0),
]  # fmt: skip


def test_the_table_on_a_cpu_claims_nothing_of_a_gpu():
    text = table.report(ABOUT, ROWS, {})
    assert "| LSTM costs twice a GRU | 1.5 | 2.0 |" in text and "| and ten times a Dense | 6.0 | 3.0 |" in text
    assert "not measured: this device is a CPU" in text and "Not measured: it takes a GPU" in text
    assert "Something else" not in text and "Something else kept 1.5 of 2 cores busy" in table.report({**ABOUT, "busy": 1.5}, ROWS, {})


def test_the_table_on_a_gpu_names_what_ran():
    found = {"01, recall: course": (["CudnnRNNV3 on GPU:0"], True), "01, recall: off": ([], False)}
    text = table.report({**ABOUT, "device": "GPU (a name)"}, ROWS, found)
    assert "3.00 to 3.00 times as long" in text
    assert "| 01, recall: course | CudnnRNNV3 on GPU:0 | on the GPU |" in text and "| 01, recall: off | none | NOT on the GPU |" in text


def test_no_operation_of_cudnn_ran_on_a_cpu():
    import tensorflow as tf

    model = keras.Sequential([keras.Input((4, 2)), layers.LSTM(3)])
    ran = evidence.fused_operations(model, np.zeros((2, 4, 2), "float32"))
    assert bool(ran) == bool(tf.config.list_physical_devices("GPU"))
