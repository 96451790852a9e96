"""One tensorflow-datasets builder for each data set of the course; `python data/build.py` runs them."""

NAMES = (
    "us_births",
    "pen_digits",
    "japanese_vowels",
    "cmu_pronunciations",
    "us_addresses",
    "watch_exercises",
    "shakespeare_plays",
)
