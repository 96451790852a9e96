"""Read one prepared tensorflow-datasets folder into NumPy, quietly, or say what is wrong with it."""

from contextlib import contextmanager

from grader.lab.data.folder import DataError, home


@contextmanager
def _quiet():
    """Keep tensorflow-datasets' deprecation notes about itself off the reader's screen."""
    from absl import logging

    level = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        logging.set_verbosity(level)


def _version_folder(name: str):
    """The newest version of the data set `name`, for example data/pen_digits/1.0.0."""
    versions = [folder for folder in (home() / name).glob("*.*.*") if (folder / "dataset_info.json").is_file()]
    if not versions:
        raise DataError(
            f"The data set {name} is not in {home()}. Get the course's data/ folder again "
            f"(`git checkout -- data` in a clone), or make it with `python data/build.py`."
        )
    return max(versions, key=lambda folder: tuple(int(part) for part in folder.name.split(".")))


def read(name: str) -> dict[str, dict]:
    """Return {split: {feature: array}} for the data set `name`; sequences are padded with zeros on the right.

    The same as `tfds.load(name, data_dir=home(), batch_size=-1)`, in arrays, but it goes straight to the folder:
    `tfds.load` first imports every builder that tensorflow-datasets ships. Raises DataError if the set is missing or damaged.
    https://www.tensorflow.org/datasets/api_docs/python/tfds/builder_from_directory
    """
    import tensorflow_datasets as tfds

    folder = _version_folder(name)
    with _quiet():
        try:
            builder = tfds.builder_from_directory(folder)
            config = tfds.ReadConfig(try_autocache=False)
            return tfds.as_numpy(builder.as_dataset(batch_size=-1, read_config=config))
        except Exception as error:  # A damaged file shows itself in as many ways as there are readers of it.
            raise DataError(
                f"The data set {name} cannot be read: a file in {folder} is damaged or not complete. Get it again "
                f"(`git checkout -- data` in a clone), or make it with `python data/build.py`. ({type(error).__name__})"
            ) from error
