"""Train once: `fit_once` is `model.fit` that remembers what it learned, in a receipt beside the notebook."""

from __future__ import annotations

import json
import os
import shutil
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np

from grader.lab import device, fingerprint
from grader.lab.progress import EpochLines

FOLDER = "receipts"
FORMAT = 1
COPIES = "RNN_COURSE_RECEIPTS_COPIES"  # the environment variable that names a folder for a second copy; grader/colab.py sets it
used: set[Path] = set()  # the receipts that were written or restored since this process began


class Unusable(Exception):
    """A receipt that is missing, stale or damaged; its message says which."""


def fit_once(model: keras.Model, x, y=None, *, name: str, epochs: int = 1, verbose: int = 1, **fit_kwargs):
    """Train `model` as `model.fit(x, y, epochs=epochs, **fit_kwargs)` does, once.

    The first run trains and writes `receipts/<name>.npz`: weights, history, device, versions, seconds,
    and hashes of architecture, training settings and data. A later run with the same hashes restores
    weights and history from it instead. A receipt that is missing, stale or damaged means training again.
    Weights are stored as plain arrays, in the order of `model.get_weights()`, so receipts cross Keras versions and devices.

    x, y: arrays (samples, ...), or a finite `tf.data.Dataset` as x.
    name: the receipt's name: letters, digits, '-' and '_'.
    verbose: 0 is silent; 1 prints a line per epoch.
    Returns a `keras.callbacks.History`, with `.history` and `.receipt` (a dictionary: device, seconds, versions, restored),
    and leaves the device on the model, as `model.trained_on`, for `check.on_gpu`.
    Raises ValueError for a bad name or a model that is not built or not compiled, and RuntimeError for a stateful model
    on another backend than TensorFlow.
    Set the environment variable RNN_COURSE_RECEIPTS=off to train every time and write nothing.
    """
    path = _path(name)
    _require_ready(model, x)
    expected = {
        "architecture": fingerprint.architecture(model),
        "training": fingerprint.training(model, {"epochs": epochs, **fit_kwargs}),
        "data": fingerprint.data(x, y, fit_kwargs.get("validation_data")),
    }
    lines = EpochLines(epochs) if verbose else None
    history = None
    if _enabled():
        try:
            history = _restore(path, model, expected)
        except Unusable as reason:
            if verbose and path.exists():
                print(f"Training again: the receipt {path} {reason}.")
    if history is not None:
        used.add(path.resolve())
        model.trained_on = history.receipt["device"]
        if lines:
            print(f"Restored from {path}, trained on {history.receipt['device']}. Delete that file to train again.")
            lines.restored(history.history)
        return history

    started = time.perf_counter()
    if not model.optimizer.built:  # while TensorFlow traces the first step, it would make it trace that step twice: seconds for a recurrent layer
        model.optimizer.build(model.trainable_variables)
    callbacks = list(fit_kwargs.pop("callbacks", None) or []) + ([lines] if lines else [])
    history = model.fit(x, y, epochs=epochs, verbose=0, callbacks=callbacks, **fit_kwargs)
    history.history = {key: [float(value) for value in values] for key, values in history.history.items()}
    history.receipt = {
        "name": name,
        "device": device.of(model),
        "seconds": round(time.perf_counter() - started, 2),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "restored": False,
    }
    model.trained_on = history.receipt["device"]
    if _enabled():
        _write(path, model, history, expected)
        used.add(path.resolve())
        _copy(path)
        if verbose:
            print(f"Receipt written to {path}.")
    return history


def read(path: str | Path) -> dict:
    """What a receipt says of itself, without its weights: name, device, seconds, versions, hashes, history.

    Raises Unusable if it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo("receipt.npy")
            if member.file_size > 4_000_000:
                raise Unusable("is far too large")
        with np.load(path, allow_pickle=False) as stored:
            facts = json.loads(str(stored["receipt"]))
    except Unusable:
        raise
    except FileNotFoundError:
        raise Unusable("is missing") from None
    except Exception as error:
        raise Unusable(f"cannot be read ({type(error).__name__})") from None
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise Unusable("has another format")
    return facts


def _restore(path: Path, model, expected: dict):
    facts = read(path)
    for what, digest in expected.items():
        if facts.get(what) != digest:
            raise Unusable({"architecture": "is of another model", "training": "is of other settings", "data": "is of other data"}[what])
    shapes = [tuple(weight.shape) for weight in model.weights]
    _refuse_bombs(path, shapes)
    try:
        with np.load(path, allow_pickle=False) as stored:
            weights = [stored[f"weight_{index:03d}"] for index in range(len(shapes))]
        history = {str(key): [float(value) for value in values] for key, values in facts["history"].items()}
        if len({len(values) for values in history.values()}) > 1:
            raise ValueError
        if [weight.shape for weight in weights] != shapes or not all(np.isfinite(weight).all() for weight in weights):
            raise ValueError
        kept = {key: facts[key] for key in ("name", "device", "seconds", "written", "keras", "backend")}
        if not isinstance(kept["device"], str):
            raise ValueError
    except Exception:
        raise Unusable("is damaged") from None
    model.set_weights(weights)
    result = keras.callbacks.History()
    result.set_model(model)
    result.history = history
    result.epoch = list(range(len(next(iter(history.values()), []))))
    result.receipt = {**kept, "restored": True}
    return result


def _write(path: Path, model, history, expected: dict) -> None:
    """All or nothing: a run that is interrupted here leaves the old receipt or none."""
    facts = {"format": FORMAT, **history.receipt, **expected, "history": history.history}
    del facts["restored"]
    arrays = {f"weight_{index:03d}": value for index, value in enumerate(model.get_weights())}
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.stem}.{os.getpid()}.tmp.npz")
    try:
        np.savez_compressed(scratch, receipt=np.array(json.dumps(facts)), **arrays)
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def _copy(path: Path) -> None:
    """Keep a second copy where one is asked for. Without it nothing is lost but time, so trouble is said and no more."""
    folder = os.environ.get(COPIES)
    if not folder:
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, Path(folder) / f".{path.name}.tmp")
        os.replace(Path(folder) / f".{path.name}.tmp", Path(folder) / path.name)
    except OSError as error:
        print(f"No second copy of {path} was kept in {folder}: {error.strerror or error}.")


def _refuse_bombs(path: Path, shapes: list[tuple]) -> None:
    """A small file may unpack to any size; what it declares must fit the model before anything is unpacked."""
    allowed = sum(8 * int(np.prod(shape)) + 4096 for shape in shapes) + 4_000_000
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > allowed:
            raise Unusable("is far too large for this model")


def _path(name: str) -> Path:
    if not name or not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in name):
        raise ValueError(f"a receipt's name is made of letters, digits, '-' and '_', not {name!r}")
    return Path(FOLDER) / f"{name}.npz"


def _require_ready(model, x) -> None:
    if not isinstance(model, keras.Model):
        raise ValueError(f"fit_once trains a Keras model, not a {type(model).__name__}")
    if not model.built and isinstance(x, np.ndarray) and len(x):
        model(x[:1])  # a model without a declared input, such as one of a class of its own, takes its shapes from the data
    if not model.built:
        raise ValueError("this model has no weights yet: begin it with keras.Input(shape=(timesteps, features))")
    if not getattr(model, "compiled", False):
        raise ValueError("this model has no loss yet: call model.compile(optimizer=..., loss=..., metrics=[...]) first")
    stateful = any(getattr(layer, "stateful", False) for layer in model._flatten_layers())
    if stateful and keras.backend.backend() != "tensorflow":  # JAX forgets the state from batch to batch without a word, PyTorch's fit stops
        raise RuntimeError(
            "a stateful layer is trained on TensorFlow only: "
            "set the environment variable KERAS_BACKEND=tensorflow, restart the kernel, and run the cells again"
        )


def _enabled() -> bool:
    return os.environ.get("RNN_COURSE_RECEIPTS", "").lower() not in ("off", "0", "no")
