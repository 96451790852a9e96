"""Spellings and sounds: coded as said, split without overlap, and true to the dictionary."""

import numpy as np
import pytest

from grader.lab import data


@pytest.fixture(scope="module")
def pairs():
    return data.spelling_to_sound()


@pytest.fixture(scope="module")
def dictionary():
    return dict(zip(*data.pronunciations(), strict=True))


def decoded(rows, symbols):
    return [[symbols[number] for number in row if number] for row in rows]


def test_the_symbols_are_padding_then_letters_and_padding_marks_then_phonemes(pairs):
    assert pairs.letters == ["", *"abcdefghijklmnopqrstuvwxyz"]
    assert pairs.sounds[:3] == ["", "<start>", "<end>"]
    assert len(pairs.sounds) == 42
    assert pairs.sounds[3:] == sorted(pairs.sounds[3:])
    assert pairs.sounds[3] == "AA"


@pytest.mark.parametrize("split, words", [("train", 10_000), ("test", 1_000)])
def test_the_arrays_have_the_shapes_and_types_they_say(pairs, split, words):
    spelling, sound = getattr(pairs, split)
    assert spelling.shape == (words, 6)
    assert sound.shape == (words, 9)
    assert spelling.dtype == sound.dtype == np.int32
    assert spelling.max() == 26
    assert sound.max() == 41


@pytest.mark.parametrize("split", ["train", "test"])
def test_every_pair_decodes_to_a_word_of_the_dictionary_and_its_sound(pairs, dictionary, split):
    spelling, sound = getattr(pairs, split)
    for letters, (start, *phonemes, end) in zip(
        decoded(spelling, pairs.letters), decoded(sound, pairs.sounds), strict=True
    ):
        assert (start, end) == ("<start>", "<end>")
        assert dictionary["".join(letters)] == phonemes
        assert 2 <= len(letters) <= 6


def test_padding_stands_on_the_right_only(pairs):
    for array in (*pairs.train, *pairs.test):
        real = array > 0
        assert not np.any(~real[:, :-1] & real[:, 1:])


@pytest.mark.parametrize("longest", range(5, 11))
def test_the_phonemes_are_all_of_the_dictionarys_however_long_the_words(pairs, dictionary, longest):
    assert set(data.spelling_to_sound(longest).sounds[3:]) == {sound for sounds in dictionary.values() for sound in sounds}


def test_whoever_changes_the_words_changes_no_one_elses(pairs):
    mine = data.spelling_to_sound()
    mine.train[0][:], mine.test[1][:] = 0, 0
    mine.sounds.clear()
    again = data.spelling_to_sound()
    np.testing.assert_array_equal(again.train[0], pairs.train[0])
    np.testing.assert_array_equal(again.test[1], pairs.test[1])
    assert again.sounds == pairs.sounds


def test_no_spelling_stands_twice(pairs):
    together = np.concatenate([pairs.train[0], pairs.test[0]])
    assert len(np.unique(together, axis=0)) == 11_000


def test_every_phoneme_of_the_test_is_met_in_training(pairs):
    assert set(np.unique(pairs.test[1])) <= set(np.unique(pairs.train[1]))


def test_a_second_call_gives_the_same_pairs(pairs):
    again = data.spelling_to_sound()
    assert all(np.array_equal(a, b) for a, b in zip((*pairs.train, *pairs.test), (*again.train, *again.test), strict=True))


def test_another_longest_gives_longer_words_in_wider_arrays():
    spelling, sound = data.spelling_to_sound(longest=10).train
    assert spelling.shape == (10_000, 10)
    assert sound.shape == (10_000, 13)
    assert spelling[:, 9].any()


@pytest.mark.parametrize("longest", [4, 11])
def test_a_length_without_enough_words_is_refused(longest):
    with pytest.raises(ValueError, match="5 to 10"):
        data.spelling_to_sound(longest=longest)


def test_a_decoder_reads_each_target_one_step_late_and_never_an_end(pairs):
    for (spelling, sound), ((words, inputs), targets) in zip((pairs.train, pairs.test), data.forced_pairs(), strict=True):
        np.testing.assert_array_equal(words, spelling)
        np.testing.assert_array_equal(targets, sound[:, 1:])
        for row, given in zip(sound[:200].tolist(), inputs.tolist(), strict=False):
            said = row[: row.index(pairs.sounds.index("<end>"))]  # from <start> to the last phoneme
            assert given == said + [0] * (8 - len(said))
        assert inputs.dtype == targets.dtype == np.int32


def test_inputs_and_targets_are_padded_at_the_same_timesteps(pairs):
    _, ((_, inputs), targets) = data.forced_pairs()
    np.testing.assert_array_equal(inputs > 0, targets > 0)
    assert not np.any(inputs == pairs.sounds.index("<end>"))
