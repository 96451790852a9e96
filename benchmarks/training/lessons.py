"""The models that the lessons' training exercises make, as they stand in the lessons' sources, and what circulates in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import keras
import numpy as np
from keras import layers

from benchmarks.training import ROOT
from benchmarks.training.measure import Contestant, arrays

# Receipt -> (lesson, exercise, function).
EXERCISES = {
    "recall": ("01_sequence_basics", "recall", "train_recall"),
    "pen-digits": ("02_recurrent_layers", "train-digits", "train_digits"),
    "gru-speller": ("03_encoder_decoder", "train-speller", "train_speller"),
    "lamps": ("04_stateful_rnns", "train-lamp", "train_lamps"),
    "tagger": ("05_bidirectional_rnns", "tagger", "train_tagger"),
    "watch": ("06_conv1d_alternatives", "train", "train_watch"),
    "writer": ("07_text_generation", "train-writer", "train_writer"),
    "spell": ("08_attention", "train-attention", "train_attention"),
}
# What cuDNN cannot do and many tutorials have: it stood in Keras' own imdb_lstm.py
# (https://github.com/keras-team/keras/blob/2.3.1/examples/imdb_lstm.py).
CIRCULATING = {"recurrent_dropout": 0.2}
OFF_THE_PATH = "recurrent_dropout=0.2"
QUICK = ["recall", "pen-digits", "tagger"]


def contestants(receipts: list[str], share: float) -> Iterator[Contestant]:
    """The lessons' models as the course has them and, where there is an LSTM or GRU, off the cuDNN path.

    receipts: which, keys of EXERCISES. share: of the lesson's number of sequences, to have an epoch that ends soon. Speed does not depend on the numbers in an
    array, so they are drawn, in the lesson's shapes.
    """
    for receipt in receipts:
        place = EXERCISES[receipt]
        if receipt == "lamps" and keras.backend.backend() != "tensorflow":
            continue  # a stateful layer is trained on TensorFlow only
        recorded = record(place, drawn(receipt, share))
        group = f"{place[0][:2]}, {receipt}"
        yield contestant(group, "course", recorded, recorded.model)
        if any(isinstance(layer, (layers.LSTM, layers.GRU)) for layer in recorded.model._flatten_layers()):
            yield contestant(group, OFF_THE_PATH, recorded, changed(recorded.model, CIRCULATING))


def record(place: tuple, data: tuple) -> SimpleNamespace:
    """The model that an exercise's solution makes of `data`, and what it passes to `lab.fit_once`: model, x, y, fit. Nothing is trained."""
    lesson, exercise, function = place
    source = (ROOT / "lessons" / lesson / f"{lesson}.py").read_text(encoding="utf-8")
    [cell] = re.findall(rf'^# %% exercise="{exercise}"$(.*?)(?=^# %%)', source, re.MULTILINE | re.DOTALL)
    kept = []

    def fit_once(model, x, y=None, *, name, **fit):
        kept.append(SimpleNamespace(model=model, x=x, y=y, fit=fit))

    def reset_states(model):  # lesson 04 has its own, in another exercise
        for layer in model._flatten_layers():
            if isinstance(layer, layers.RNN):
                layer.reset_state()

    names = {"keras": keras, "layers": layers, "np": np, "lab": SimpleNamespace(fit_once=fit_once), "reset_states": reset_states}
    exec(compile(cell, f"{lesson} {exercise}", "exec"), names)
    keras.utils.set_random_seed(0)
    names[function](*data)
    [recorded] = kept
    return recorded


def contestant(group: str, name: str, recorded: SimpleNamespace, model: keras.Model) -> Contestant:
    fit = {key: value for key, value in recorded.fit.items() if key in ("shuffle",)}
    return arrays(group, name, model, recorded.x, recorded.y, recorded.fit["batch_size"], **fit)


def changed(model: keras.Model, settings: dict) -> keras.Model:
    """`model` with these settings in each LSTM and GRU, wherever it stands, compiled for the same loss."""

    def clone(layer):
        config = keras.saving.serialize_keras_object(layer)
        for part in [config, config["config"].get("layer"), config["config"].get("backward_layer")]:
            if part and part["class_name"] in ("LSTM", "GRU"):
                part["config"].update(settings)
        return keras.saving.deserialize_keras_object(config)

    copy = keras.models.clone_model(model, clone_function=clone)
    copy.compile(optimizer=keras.optimizers.Adam(0.01), loss=model.loss)
    return copy


def drawn(receipt: str, share: float) -> tuple:
    """Arrays in the shapes that the lesson's function takes."""
    random = np.random.default_rng(0)

    def some(lesson: int, least: int = 64) -> int:
        return max(least, int(lesson * share) // 64 * 64)

    def padded(rows: int, longest: int, symbols: int) -> np.ndarray:
        return (random.integers(1, symbols, (rows, longest)) * (np.arange(longest) < random.integers(2, longest + 1, (rows, 1)))).astype("int32")

    if receipt == "recall":
        x = padded(some(4000), 40, 11)
        return x, x[:, 0] - 1
    if receipt == "pen-digits":
        return random.normal(size=(some(7494), 8, 2)).astype("float32"), random.integers(0, 10, some(7494))
    if receipt == "lamps":
        x = random.normal(size=(max(4, int(200 * share)), 32, 10, 2)).astype("float32")
        return x, (x[..., :1] > 0).astype("float32")
    if receipt == "tagger":
        x = padded(some(3000), 19, 1500)
        return x, np.where(x > 0, x % 29 + 1, 0).astype("int32"), 1500, 30
    if receipt == "watch":
        return random.normal(size=(some(3000), 100, 6)).astype("float32"), random.integers(0, 7, some(3000))
    if receipt == "writer":
        text = random.integers(0, 63, (some(16000), 41)).astype("int32")
        return text[:, :-1], text[:, 1:]
    rows = some(10000, least=256)
    return padded(rows, 6, 27), np.concatenate([np.ones((rows, 1), "int32"), padded(rows, 8, 42)], axis=1)
