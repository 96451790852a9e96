"""The arrays that lessons get from `lab.data`, value for value."""

import numpy as np
import pytest

from grader.lab import data


def test_births_are_every_day_of_fifteen_years():
    dates, births = data.births()
    assert dates.shape == births.shape == (5479,)
    assert dates.dtype == np.dtype("datetime64[D]") and births.dtype == np.float32
    assert str(dates[0]) == "2000-01-01" and str(dates[-1]) == "2014-12-31"
    assert np.all(np.diff(dates) == np.timedelta64(1, "D"))
    assert births[:3].tolist() == [9083, 8006, 11363]
    assert (births.min(), births.max()) == (5728, 16081)


def test_pen_digits_have_the_writer_independent_split():
    (x_train, y_train), (x_test, y_test) = data.pen_digits()
    assert x_train.shape == (7494, 8, 2) and x_test.shape == (3498, 8, 2)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.int64
    assert x_train.min() == x_test.min() == 0 and x_train.max() == x_test.max() == 1
    # The class counts that UCI's pendigits.names gives for pendigits.tra and pendigits.tes.
    assert np.bincount(y_train).tolist() == [780, 779, 780, 719, 780, 720, 720, 778, 719, 719]
    assert np.bincount(y_test).tolist() == [363, 364, 364, 336, 364, 335, 336, 364, 336, 336]
    first_train = [[47, 100], [27, 81], [57, 37], [26, 0], [0, 23], [56, 53], [100, 90], [40, 98]]
    first_test = [[88, 92], [2, 99], [16, 66], [94, 37], [70, 0], [0, 24], [42, 65], [100, 100]]
    np.testing.assert_allclose(x_train[0] * 100, first_train, atol=1e-4)
    np.testing.assert_allclose(x_test[0] * 100, first_test, atol=1e-4)
    assert y_train[0] == y_test[0] == 8


def test_japanese_vowels_are_padded_right_and_nowhere_else():
    train, test = data.japanese_vowels()
    assert train[0].shape == (270, 29, 12) and test[0].shape == (370, 29, 12)
    for x, lengths, y in (train, test):
        assert x.dtype == np.float32 and lengths.dtype == y.dtype == np.int64
        real = np.arange(29) < lengths[:, None]
        assert np.array_equal(np.any(x != 0, axis=2), real)
        assert set(y.tolist()) == set(range(9))
    lengths = np.concatenate([train[1], test[1]])
    assert (lengths.min(), lengths.max()) == (7, 29)
    assert np.bincount(train[2]).tolist() == [30] * 9
    assert np.bincount(test[2]).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    np.testing.assert_allclose(train[0][0, 0, :3], [1.860936, -0.207383, 0.261557], rtol=1e-6)


def test_exercises_are_every_person_exercise_and_arm():
    recordings = data.exercises()
    assert len(recordings.samples) == len(recordings.exercise) == len(recordings.subject) == 140
    assert recordings.names == ["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"]
    assert np.bincount(recordings.exercise).tolist() == [20] * 7
    assert np.bincount(recordings.subject).tolist() == [0] + [14] * 10
    lengths = [len(samples) for samples in recordings.samples]
    assert (min(lengths), max(lengths), sum(lengths)) == (473, 1309, 122019)
    assert all(samples.shape[1] == 6 and samples.dtype == np.float32 for samples in recordings.samples)
    first = [-1.0810547, -0.02005005, -0.022995, 0.4338379, -1.6914062, -2.421875]
    np.testing.assert_allclose(recordings.samples[0][0], first, rtol=1e-4)
    assert max(np.abs(samples[:, :3]).max() for samples in recordings.samples) < 6  # g
    assert max(np.abs(samples[:, 3:]).max() for samples in recordings.samples) == 18.140625  # rad/s


@pytest.mark.slow
def test_pronunciations_are_letters_and_arpabet():
    words, phonemes = data.pronunciations()
    assert len(words) == len(phonemes) == len(set(words)) == 106_534
    assert all(2 <= len(word) <= 10 and word.isascii() and word.islower() and word.isalpha() for word in words)
    assert len({phoneme for spoken in phonemes for phoneme in spoken}) == 39
    assert phonemes[words.index("aardvark")] == ["AA", "R", "D", "V", "AA", "R", "K"]
    assert sum(len(word) <= 6 for word in words) == 44_430


def test_addresses_have_one_tag_for_each_token():
    tokens, tags = data.addresses()
    assert len(tokens) == len(tags) == 1513
    assert [len(row) for row in tokens] == [len(row) for row in tags]
    assert (min(map(len, tokens)), max(map(len, tokens))) == (1, 19)
    assert len({tag for row in tags for tag in row}) == 29
    assert tokens[1] == ["3600", "West", "5th", "Ave"]
    assert tags[1] == ["AddressNumber", "StreetNamePreDirectional", "StreetName", "StreetNamePostType"]


def test_plays_are_spoken_text_without_markup():
    plays = data.plays()
    assert len(plays) == 38 and list(plays)[0] == "A Midsummer Night's Dream" and "Measure for Measure" in plays
    text = "".join(plays.values())
    assert len(text) == 4_786_361 and len(set(text)) == 76
    assert not set("_*[]<>\\#") & set(text)
    assert plays["Hamlet"].startswith("BERNARDO:\nWho's there?\n\nFRANCISCO:\nNay, answer me")
    assert "\n\n\n" not in text
