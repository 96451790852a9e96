"""US addresses whose every token is labelled with its part of the address."""

from xml.etree import ElementTree

import tensorflow_datasets as tfds

from builders.upstream import Upstream

UPSTREAM = Upstream(
    registry="PyPI",
    package="usaddress",
    version="0.5.16",
    form="sdist",
    files=("usaddress-0.5.16/training/labeled.xml",),
    licences=("usaddress-0.5.16/LICENSE",),
)

TAGS = (
    "AddressNumber",
    "AddressNumberPrefix",
    "AddressNumberSuffix",
    "BuildingName",
    "CornerOf",
    "CountryName",
    "IntersectionSeparator",
    "LandmarkName",
    "NotAddress",
    "OccupancyIdentifier",
    "OccupancyType",
    "PlaceName",
    "Recipient",
    "StateName",
    "StreetName",
    "StreetNamePostDirectional",
    "StreetNamePostModifier",
    "StreetNamePostType",
    "StreetNamePreDirectional",
    "StreetNamePreModifier",
    "StreetNamePreType",
    "SubaddressIdentifier",
    "SubaddressType",
    "USPSBoxGroupID",
    "USPSBoxGroupType",
    "USPSBoxID",
    "USPSBoxType",
    "ZipCode",
    "ZipPlus4",
)

DESCRIPTION = """
1,513 addresses in the United States as people write them. Every token has one of 29 tags, which name the parts of an
address in the manner of the United States Thoroughfare, Landmark, and Postal Address Data Standard.
"""

CITATION = """
@misc{usaddress,
  author = {{DataMade} and {The Atlanta Journal Constitution}},
  title = {usaddress: parse unstructured United States address strings into address components},
  year = {2014},
  url = {https://github.com/datamade/usaddress},
}
"""


class UsAddresses(tfds.core.GeneratorBasedBuilder):
    """tokens: strings (tokens,); tags: classes 0 to 28 (tokens,)."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = UPSTREAM.instructions

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=DESCRIPTION,
            citation=CITATION,
            homepage="https://github.com/datamade/usaddress",
            license="MIT, Copyright (c) 2014 The Atlanta Journal Constitution",
            features=tfds.features.FeaturesDict(
                {
                    "tokens": tfds.features.Sequence(tfds.features.Text()),
                    "tags": tfds.features.Sequence(tfds.features.ClassLabel(names=TAGS)),
                }
            ),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        (labelled,) = UPSTREAM.find(dl_manager.manual_dir)
        return {"train": self._generate_examples(labelled)}

    def _generate_examples(self, labelled):
        for index, address in enumerate(ElementTree.parse(labelled).getroot()):
            yield (
                index,
                {
                    "tokens": [token.text.strip() for token in address],
                    "tags": [token.tag for token in address],
                },
            )
