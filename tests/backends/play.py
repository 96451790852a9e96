"""What one backend says of the same models and data: python play.py FOLDER, with KERAS_BACKEND set.

Trains in FOLDER/<backend>, restores what TensorFlow trained from FOLDER/tensorflow, and writes FOLDER/<backend>.json and .npz.
"""

import io
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

folder = Path(sys.argv[1])

import exercises  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

from grader import checks as check  # noqa: E402
from grader import hardware, lab  # noqa: E402
from grader.lab import fingerprint  # noqa: E402

said = {"backend": keras.backend.backend(), "hashes": {}, "restored": {}, "device": {}, "checks": {}}
arrays = {}
with redirect_stdout(io.StringIO()) as printed:
    lab.start()
said["start"], said["describe"], said["gpu"] = printed.getvalue(), lab.device.describe(), lab.device.has_gpu()

for place in (said["backend"], "tensorflow"):
    (folder / place).mkdir(exist_ok=True)
    os.chdir(folder / place)
    for name in exercises.EXERCISES:
        before = Path(f"receipts/{name}.npz").is_file()
        with redirect_stdout(io.StringIO()) as printed:
            model, arrays[f"{place}/{name}"] = exercises.train(name)
        said["restored"][f"{place}/{name}"] = before and "Training again" not in printed.getvalue()
        said["device"][f"{place}/{name}"] = model.trained_on
        said["hashes"][name] = [
            fingerprint.architecture(model), fingerprint.training(model, {"epochs": 1}), fingerprint.data(*exercises.data(name)[:2]),
        ]  # fmt: skip


def answer(ask, *args, **kwargs) -> str:
    try:
        ask(*args, **kwargs)
    except check.CheckFailed as failed:
        return str(failed)
    return "silent"


x = np.random.default_rng(0).normal(size=(6, 7, 3)).astype("float32")
causal = keras.Sequential([keras.Input((7, 3)), layers.GRU(4, return_sequences=True), layers.Dense(3, activation="softmax")])
tokens = np.array([[3, 1, 2, 0], [1, 1, 0, 0]])
masked = keras.Sequential([keras.Input((None,)), layers.Embedding(5, 3, mask_zero=True), layers.LSTM(4), layers.Dense(2)])
steps = layers.Bidirectional(layers.LSTM(4, return_sequences=True))
os.environ["GRADER_REQUIRE_GPU"] = ""
said["checks"] = {
    "shape": answer(check.shape, causal(x), (6, 7, 3), "the output"),
    "shape, wrong": answer(check.shape, causal(x), (6, 3), "the output"),
    "close": answer(check.close, causal(x), np.asarray(causal.predict(x, verbose=0)), "the output", atol=1e-5),
    "causal": answer(check.causal, causal, x),
    "causal, not": answer(check.causal, keras.Sequential([keras.Input((7, 3)), steps]), x),
    "padding": answer(check.ignores_padding, masked, tokens),
    "parameters": answer(check.parameters, causal, 15 * 7),
    "weights": answer(check.weights, causal.layers[0], [(3, 12), (4, 12), (2, 12)]),
    "gpu_ready": answer(check.gpu_ready, masked),
    "gpu_ready, not": answer(check.gpu_ready, keras.Sequential([keras.Input((7, 3)), layers.LSTM(4, unroll=True)])),
    "on_gpu": answer(check.on_gpu, masked),
    "a stub": answer(check.call, exercises.solution, "01_sequence_basics"),
    "accuracy": answer(check.learned, check.accuracy(causal, x, np.zeros((6, 7), int)), at_least=2.0, metric="accuracy"),
    "stateful": answer(check.call, exercises.solution(*exercises.STATEFUL), *exercises.data("stateful")),
}
weights = hardware.numbers(masked)
said["on a GPU"] = [hardware.on_gpu(weight) for weight in weights]
said["tensorflow was imported"] = "tensorflow" in sys.modules
np.savez(folder / f"{said['backend']}.npz", **arrays)
(folder / f"{said['backend']}.json").write_text(json.dumps(said))
