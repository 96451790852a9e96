"""The course's data sets as NumPy arrays, read from the folders in data/ that are prepared for tensorflow-datasets.

Every function reads afresh, writes nothing and needs no network, nor tensorflow-datasets itself; only `movie_reviews` and `tiny_shakespeare`
may download. data/README.md tells where each set comes from, its licence and its checksum.
"""

from grader.lab.data.characters import encode, pieces
from grader.lab.data.folder import DataError, home
from grader.lab.data.full_size import movie_reviews, reachable, tiny_shakespeare
from grader.lab.data.pairs import Pairs, forced_pairs, spelling_to_sound
from grader.lab.data.sequences import Recordings, births, exercises, japanese_vowels, pen_digits
from grader.lab.data.texts import addresses, plays, pronunciations

__all__ = [
    "DataError",
    "Pairs",
    "Recordings",
    "addresses",
    "births",
    "encode",
    "exercises",
    "forced_pairs",
    "home",
    "japanese_vowels",
    "movie_reviews",
    "pen_digits",
    "pieces",
    "plays",
    "pronunciations",
    "reachable",
    "spelling_to_sound",
    "tiny_shakespeare",
]
