"""Shoulder exercises recorded by a smartwatch: acceleration and rotation in three axes each."""

import numpy as np
import tensorflow_datasets as tfds

from builders.upstream import Upstream

UPSTREAM = Upstream(
    registry="PyPI",
    package="seglearn",
    version="1.2.5",
    form="wheel",
    files=("seglearn/data/watch_dataset.npy",),
    licences=("seglearn-1.2.5.dist-info/LICENSE",),
)

EXERCISES = ("PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW")

DESCRIPTION = """
140 recordings of 10 people who do sets of 20 repetitions of one of seven shoulder exercises with a smartwatch on the
wrist. The source has 50 samples a second; here pairs of samples are averaged to 25 a second and stored as float16.
Acceleration is in g, angular velocity in rad/s. Exercises: PEN pendulum, ABD abduction, FEL forward elevation,
IR and ER internal and external rotation with a band, TRAP lower trapezius row with a band, ROW bent-over row.
"""

CITATION = """
@article{burns2018shoulder,
  author = {Burns, David M. and Leung, Nathan and Hardisty, Michael and Whyne, Cari M. and
    Henry, Patrick and McLachlin, Stewart},
  title = {Shoulder physiotherapy exercise recognition: machine learning the inertial signals from a smartwatch},
  journal = {Physiological Measurement},
  volume = {39},
  number = {7},
  pages = {075007},
  year = {2018},
  doi = {10.1088/1361-6579/aacfd9},
}
"""


def halve(samples):
    """Average pairs of samples: float (n, channels) at 50 Hz to float16 (n // 2, channels) at 25 Hz."""
    pairs = samples[: len(samples) // 2 * 2].reshape(-1, 2, samples.shape[1])
    return pairs.mean(axis=1).astype(np.float16)


class WatchExercises(tfds.core.GeneratorBasedBuilder):
    """samples: float16 (timesteps, 6 features) at 25 Hz; exercise: class 0 to 6; subject: 1 to 10; right: bool."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = UPSTREAM.instructions

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=DESCRIPTION,
            citation=CITATION,
            homepage="https://github.com/dmbee/seglearn",
            license="BSD-3-Clause, Copyright (c) 2018, David M. Burns",
            features=tfds.features.FeaturesDict(
                {
                    "samples": tfds.features.Tensor(
                        shape=(None, 6),
                        dtype=np.float16,
                        encoding="zlib",
                        doc="ax, ay, az in g; wx, wy, wz in rad/s",
                    ),
                    "exercise": tfds.features.ClassLabel(names=EXERCISES),
                    "subject": tfds.features.Scalar(dtype=np.int64, doc="who did it"),
                    "right": tfds.features.Scalar(dtype=np.bool_, doc="worn on the right arm"),
                }
            ),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        (recordings,) = UPSTREAM.find(dl_manager.manual_dir)
        return {"train": self._generate_examples(recordings)}

    def _generate_examples(self, path):
        # The upstream file is a pickled dictionary: build.py has compared its checksum before this line.
        recordings = np.load(path, allow_pickle=True).item()
        rows = zip(recordings["X"], recordings["y"], recordings["subject"], recordings["side"], strict=True)
        for index, (samples, exercise, subject, side) in enumerate(rows):
            yield (
                index,
                {
                    "samples": halve(samples),
                    "exercise": int(exercise),
                    "subject": int(subject),
                    "right": bool(side == 1),
                },
            )
