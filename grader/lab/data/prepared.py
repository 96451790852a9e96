"""Read one prepared tensorflow-datasets folder into NumPy, quietly, or say what is wrong with it."""

import re
from contextlib import contextmanager
from pathlib import Path

from grader.lab.data.folder import DataError, home


@contextmanager
def quiet():
    """Keep tensorflow-datasets' deprecation notes about itself off the reader's screen."""
    from absl import logging

    level = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        logging.set_verbosity(level)


def newest(folder: Path) -> Path | None:
    """The newest finished version in `folder`, for example 1.0.0 in data/pen_digits; None if there is none.

    tensorflow-datasets prepares a version beside its place, in `incomplete.…_1.0.0`, and moves it there when it is whole.
    """
    versions = [path.parent for path in folder.glob("*/dataset_info.json") if re.fullmatch(r"\d+\.\d+\.\d+", path.parent.name)]
    return max(versions, key=lambda version: [int(part) for part in version.name.split(".")], default=None)


def _version_folder(name: str) -> Path:
    """The newest version of the data set `name`, for example data/pen_digits/1.0.0."""
    version = newest(home() / name)
    if version is None:
        raise DataError(
            f"The data set {name} is not in {home()}. Get the course's data/ folder again "
            f"(`git checkout -- data` in a clone), or make it with `python data/build.py`."
        )
    return version


def read(name: str) -> dict[str, dict]:
    """Return {split: {feature: array}} for the data set `name`; sequences are padded with zeros on the right.

    The same as `tfds.load(name, data_dir=home(), batch_size=-1)`, in arrays.
    Raises DataError if the set is missing or damaged.
    """
    return _load(name, batch_size=-1)


def examples(name: str) -> dict[str, list[dict]]:
    """Return {split: [{feature: array}, ...]}, one dictionary an example, nothing padded; raises as `read` does."""
    return _load(name, batch_size=None)


def names(name: str, feature: str) -> list[str]:
    """Return the names of the classes of a ClassLabel feature, in the order of their numbers."""
    import tensorflow_datasets as tfds

    with quiet(), _explained(name):
        return list(tfds.builder_from_directory(_version_folder(name)).info.features[feature].names)


def _load(name, batch_size):
    """Read every split of `name`.

    `tfds.load` would do, but it first imports what tensorflow-datasets ships; this goes straight to the folder.
    https://www.tensorflow.org/datasets/api_docs/python/tfds/builder_from_directory
    """
    import tensorflow_datasets as tfds

    folder = _version_folder(name)
    with quiet(), _explained(name):
        builder = tfds.builder_from_directory(folder)
        config = tfds.ReadConfig(try_autocache=False)
        splits = tfds.as_numpy(builder.as_dataset(batch_size=batch_size, read_config=config))
        return splits if batch_size else {split: list(rows) for split, rows in splits.items()}


@contextmanager
def _explained(name):
    """Turn whatever a damaged file raises into a DataError that says what to do."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # A damaged file shows itself in as many ways as there are readers of it.
        raise DataError(
            f"The data set {name} cannot be read: a file in {home() / name} is damaged or not complete. Get it again "
            f"(`git checkout -- data` in a clone), or make it with `python data/build.py`. ({type(error).__name__})"
        ) from error
