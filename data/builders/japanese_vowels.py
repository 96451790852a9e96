"""Two Japanese vowels spoken by nine men, as sequences of unequal length."""

import numpy as np
import tensorflow_datasets as tfds

from builders.upstream import Upstream

UPSTREAM = Upstream(
    registry="PyPI",
    package="sktime",
    version="1.2.0",
    form="wheel",
    files=(
        "sktime/datasets/data/JapaneseVowels/JapaneseVowels_TRAIN.ts",
        "sktime/datasets/data/JapaneseVowels/JapaneseVowels_TEST.ts",
    ),
)

DESCRIPTION = """
Nine men say the vowels /ae/. Each of the 640 utterances is a sequence of 7 to 29 frames of 12 LPC cepstrum
coefficients (10 kHz sampling, frames of 25.6 ms every 6.4 ms). The task is to tell who spoke.
"""

CITATION = """
@article{kudo1999multidimensional,
  author = {Kudo, Mineichi and Toyama, Jun and Shimbo, Masaru},
  title = {Multidimensional curve classification using passing-through regions},
  journal = {Pattern Recognition Letters},
  volume = {20},
  number = {11--13},
  pages = {1103--1111},
  year = {1999},
}
"""


def utterances(path):
    """Yield (frames, speaker): float32 (timesteps, 12 features), int 0 to 8."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and line[0] not in "#@":
                *channels, speaker = line.strip().split(":")
                frames = [[float(value) for value in channel.split(",")] for channel in channels]
                yield np.array(frames, dtype=np.float32).T, int(speaker) - 1


class JapaneseVowels(tfds.core.GeneratorBasedBuilder):
    """frames: float32 (timesteps, 12 features); length: timesteps, 7 to 29; speaker: class 0 to 8."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = UPSTREAM.instructions

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=DESCRIPTION,
            citation=CITATION,
            homepage="https://doi.org/10.24432/C5NS47",
            license="CC-BY-4.0",
            features=tfds.features.FeaturesDict(
                {
                    "frames": tfds.features.Tensor(
                        shape=(None, 12), dtype=np.float32, encoding="zlib", doc="LPC cepstrum coefficients"
                    ),
                    "length": tfds.features.Scalar(dtype=np.int64, doc="number of frames"),
                    "speaker": tfds.features.ClassLabel(num_classes=9),
                }
            ),
            supervised_keys=("frames", "speaker"),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        train, test = UPSTREAM.find(dl_manager.manual_dir)
        return {"train": self._generate_examples(train), "test": self._generate_examples(test)}

    def _generate_examples(self, path):
        for index, (frames, speaker) in enumerate(utterances(path)):
            yield index, {"frames": frames, "length": len(frames), "speaker": speaker}
