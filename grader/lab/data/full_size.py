"""The full-size texts that lessons 05 and 07 can be tried on: from this machine, else from the network, else none.

They are tensorflow-datasets' `imdb_reviews` and `tiny_shakespeare`, in its own folder: $TFDS_DATA_DIR, or
~/tensorflow_datasets. Nothing graded needs them.
"""

import os
import queue
import threading
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from grader.lab.data.folder import DataError
from grader.lab.data.packages import package
from grader.lab.data.prepared import newest

# Where tensorflow-datasets downloads each set from.
SOURCES = {
    "imdb_reviews": "http://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
    "tiny_shakespeare": "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
}


def movie_reviews():
    """50,000 film reviews and whether their authors liked the film.

    Returns (texts, labels), (texts, labels): 25,000 reviews to train and 25,000 to test. texts: a list of strings;
    labels: int64 (samples,), 0 for negative and 1 for positive. The first call downloads 84 MB.
    Returns None, and prints why, where the reviews are neither on this machine nor within reach.
    Raises DataError if the download or the copy on this machine is damaged.
    Source: Maas et al. (2011), https://aclanthology.org/P11-1015.
    """
    splits = _load("imdb_reviews", ["train", "test"])
    if splits is None:
        return None
    train, test = ((_strings(split), split["label"].astype(np.int64)) for split in splits)
    return train, test


def tiny_shakespeare() -> str | None:
    """40,000 lines of Shakespeare's plays as one string, speakers' names among them. The first call downloads 1 MB.

    Returns None, and prints why, where the text is neither on this machine nor within reach.
    Raises DataError if the download or the copy on this machine is damaged.
    Source: Karpathy's char-rnn, https://github.com/karpathy/char-rnn.
    """
    splits = _load("tiny_shakespeare", ["train", "validation", "test"])  # the text's three parts, in order
    return None if splits is None else "".join(text for split in splits for text in _strings(split))


def reachable(timeout: float = 2.0, name: str | None = None) -> bool:
    """Whether what the full-size sets, or the one called `name`, are downloaded from answers, within `timeout` seconds in all.

    The question takes the same way as the download, through a proxy where the environment names one. No socket's timeout
    ends the lookup of a name, so the asking is done by threads that are not waited for beyond `timeout`.
    """
    deadline = time.monotonic() + timeout
    urls = list(SOURCES.values()) if name is None else [SOURCES[name]]
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    for url in urls:
        threading.Thread(target=lambda url=url: answers.put(_answers(url, timeout)), daemon=True).start()
    try:
        return all([answers.get(timeout=max(0.0, deadline - time.monotonic())) for _ in urls])
    except queue.Empty:
        return False


def _answers(url: str, timeout: float) -> bool:
    import requests  # tensorflow-datasets' own way to download, with its proxies and certificates

    try:
        return requests.head(url, timeout=timeout, allow_redirects=True).ok
    except Exception:  # Whatever it is, it would stop the download as well.
        return False


def _load(name: str, splits: list[str]) -> list[dict] | None:
    """Return {feature: array} for each of the splits, or None, and say why, where the set cannot be had."""
    home = Path(os.environ.get("TFDS_DATA_DIR") or Path.home() / "tensorflow_datasets").expanduser()
    copy = newest(home / name / "plain_text") or newest(home / name)
    if copy is None and not reachable(name=name):
        print(
            f"The full-size data set {name} is not in {home} and {urlsplit(SOURCES[name]).hostname} cannot be reached from "
            f"here: run this cell where there is a network, on Colab for example, or go on without it."
        )
        return None
    tfds = _tfds()
    with _quiet():
        downloaded = None if copy else _download(name, home)
        try:
            builder = downloaded or tfds.builder_from_directory(copy)
            return [_arrays(builder, split) for split in splits]
        except Exception as error:  # A damaged file shows itself in as many ways as there are readers of it.
            raise DataError(
                f"The data set {name} cannot be read: delete the folder {copy or downloaded.data_dir}, which is damaged or "
                f"not complete, and run this cell again. ({type(error).__name__})"
            ) from error


def _tfds():
    """tensorflow-datasets, whole: it imports itself bit by bit, and without a word where it cannot."""
    with _quiet(errors=False):
        return package("tensorflow_datasets", "public_api")


@contextmanager
def _quiet(errors: bool = True):
    """Keep tensorflow-datasets' deprecation notes about itself off the reader's screen, and its errors, where they are raised as well."""
    from absl import logging

    level = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR if errors else logging.FATAL)
    try:
        yield
    finally:
        logging.set_verbosity(level)


def _arrays(builder, split: str) -> dict[str, np.ndarray]:
    tfds = _tfds()
    config = tfds.ReadConfig(try_autocache=False)
    batches = list(tfds.as_numpy(builder.as_dataset(split=split, batch_size=1000, read_config=config)))
    return {feature: np.concatenate([batch[feature] for batch in batches]) for feature in batches[0]}


def _download(name: str, home: Path):
    """Let tensorflow-datasets download and prepare the set, with its progress bars; returns its builder.

    What is interrupted leaves nothing that `newest` takes for a version.
    """
    tfds = _tfds()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="IProgress not found")  # the bars are drawn in letters instead
            builder = tfds.builder(name, data_dir=home)
            builder.download_and_prepare()
    except Exception as error:
        raise DataError(
            f"The data set {name} could not be downloaded and prepared in {home}: run this cell again, or go on without it. "
            f"({type(error).__name__}: {error})"
        ) from error
    return builder


def _strings(split: dict) -> list[str]:
    return [text.decode("utf-8") for text in split["text"]]
