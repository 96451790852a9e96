"""Read one prepared data set into NumPy, or say what is wrong: with its files only where their checksums say so."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from grader.lab.data import records
from grader.lab.data.folder import DataError, home


def newest(folder: Path) -> Path | None:
    """The newest finished version in `folder`, for example 1.0.0 in data/pen_digits; None if there is none.

    tensorflow-datasets prepares a version beside its place, in `incomplete.…_1.0.0`, and moves it there when it is whole.
    """
    versions = [path.parent for path in folder.glob("*/dataset_info.json") if re.fullmatch(r"\d+\.\d+\.\d+", path.parent.name)]
    return max(versions, key=lambda version: [int(part) for part in version.name.split(".")], default=None)


def read(name: str) -> dict[str, dict]:
    """Return {split: {feature: array}} for the data set `name`; sequences are padded with zeros on the right.

    The same as `tfds.load(name, data_dir=home(), batch_size=-1)`, in arrays.
    Raises DataError if the set is missing or damaged, or if what reads it does not work here.
    """
    return {split: {key: _padded([row[key] for row in rows]) for key in rows[0]} for split, rows in examples(name).items()}


def examples(name: str) -> dict[str, list[dict]]:
    """Return {split: [{feature: array}, ...]}, one dictionary an example, nothing padded; raises as `read` does."""
    return _explained(name, records.splits)


def names(name: str, feature: str) -> list[str]:
    """Return the names of the classes of a ClassLabel feature, in the order of their numbers."""
    return _explained(name, lambda folder: records.names(folder, feature))


def _version_folder(name: str) -> Path:
    """The newest version of the data set `name`, for example data/pen_digits/1.0.0."""
    version = newest(home() / name)
    if version is None:
        raise DataError(
            f"The data set {name} is not in {home()}. Get the course's data/ folder again "
            f"(`git checkout -- data` in a clone), or make it with `python data/build.py`."
        )
    return version


def _padded(values: list) -> np.ndarray:
    """One array of all examples' values of a feature, the shorter ones filled with zeros, or with empty strings."""
    if not isinstance(values[0], np.ndarray):
        return np.array(values, object if isinstance(values[0], bytes) else None)
    longest = max(map(len, values))
    together = np.full((len(values), longest, *values[0].shape[1:]), b"" if values[0].dtype == object else 0, values[0].dtype)
    for row, value in zip(together, values, strict=True):
        row[: len(value)] = value
    return together


def _explained(name: str, reader: Callable):
    """What `reader` makes of the set's folder. What goes wrong becomes a DataError: the files are blamed only if they differ from CHECKSUMS."""
    folder = _version_folder(name)
    _refuse_damaged(name, folder, "*.tfrecord*")  # a number that changed would be read like any other
    try:
        return reader(folder)
    except DataError:
        raise
    except Exception as error:
        _refuse_damaged(name, folder, "*", error)
        raise DataError(
            f"The data set {name} cannot be read, although its files are whole: {type(error).__name__}: {error}. A package here may not fit the "
            "course: run its first cell again, or make the environment anew."
        ) from error


def _refuse_damaged(name: str, folder: Path, pattern: str, error: Exception | None = None) -> None:
    """Raise DataError where a file of the set is missing or is not what the list of checksums says."""
    for digest, path in _listed(name):
        file = home() / path
        if file.parent == folder and file.name != "LICENSE" and file.match(pattern):
            try:
                same = hashlib.sha256(file.read_bytes()).hexdigest() == digest
            except OSError as trouble:
                same, error = False, trouble
            if not same:
                raise DataError(
                    f"The data set {name} cannot be read: {file} is damaged or missing, by its checksum. Get it again "
                    f"(`git checkout -- data` in a clone), or make it with `python data/build.py`."
                ) from (error or ValueError(f"not the SHA-256 that {home() / 'CHECKSUMS'} lists"))


def _listed(name: str) -> list[tuple[str, str]]:
    """The set's lines of CHECKSUMS: (SHA-256, path)."""
    lines = (home() / "CHECKSUMS").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(maxsplit=1) for line in lines if line.strip())
    return [(digest, path.lstrip("*")) for digest, path in pairs if path.lstrip("*").startswith(f"{name}/")]
