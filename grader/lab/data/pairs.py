"""Pairs of sequences: the spelling of a word and its sound, in numbers."""

import itertools
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from grader.lab.data.folder import home
from grader.lab.data.texts import spoken_words

TRAIN, TEST = 10_000, 1_000
SEED = 3


class Pairs(NamedTuple):
    """Spellings and sounds, coded and split; see `spelling_to_sound`."""

    letters: list[str]
    sounds: list[str]
    train: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]


def spelling_to_sound(longest=6):
    """English words of 2 to `longest` letters and their phonemes: 10,000 for training and 1,000 others for testing.

    Returns Pairs(letters, sounds, train, test), the same at every call. train and test are (spelling, sound).
    letters: 27 symbols, "" (padding) and a to z; spelling: int32 (words, longest), padded with 0 on the right.
    sounds: 42 symbols, "" (padding), "<start>", "<end>" and 39 phonemes; sound: int32 (words, longest + 3),
    "<start>", 1 to longest + 1 phonemes, "<end>", padded with 0 on the right.
    Words with more phonemes than that are abbreviations read letter by letter, and left out; so are words of one letter.
    longest: 5 to 10, so that there are words enough; ValueError for another.
    Source: CMU Pronouncing Dictionary, as in `pronunciations`.
    """
    if not 5 <= longest <= 10:
        raise ValueError(f"longest must be 5 to 10, got {longest}: shorter words are too few, longer ones are not in the data")
    letters, sounds, *arrays = _coded(longest, home())
    spelling, sound = map(np.copy, arrays)
    return Pairs([*letters], [*sounds], (spelling[:TRAIN], sound[:TRAIN]), (spelling[TRAIN:], sound[TRAIN:]))


@lru_cache(maxsize=2)
def _coded(longest: int, folder: Path) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray, np.ndarray]:
    """Letters, sounds, and all words in the order of the split. Kept, since each of a notebook's cells that asks for the words would code them anew."""
    words, spoken = spoken_words()
    letters = "", *"abcdefghijklmnopqrstuvwxyz"
    fits = [n for n, word in enumerate(words) if 2 <= len(word) <= longest and spoken[n].count(" ") <= longest]
    # RandomState's stream is frozen, https://numpy.org/doc/stable/reference/random/compatibility.html: same words everywhere.
    chosen = np.random.RandomState(SEED).permutation(fits)[: TRAIN + TEST].tolist()
    said = [["<start>", *spoken[n].split(" "), "<end>"] for n in chosen]
    sounds = "", "<start>", "<end>", *sorted(set(itertools.chain.from_iterable(said)) - {"<start>", "<end>"})  # so many words have every phoneme
    return letters, sounds, _padded([words[n] for n in chosen], letters, longest), _padded(said, sounds, longest + 3)


def forced_pairs():
    """The words of `spelling_to_sound()` as a decoder in training needs them: (x, y) to learn from and (x, y) to test on.

    x is the list [spelling, inputs], y the targets; spelling: int32 (words, 6), the others int32 (words, 8).
    targets: each sound from its first phoneme to "<end>", then 0. inputs: what stands one timestep before each target, so
    "<start>" and the phonemes, and 0 where the target is 0.
    """
    pairs = spelling_to_sound()
    return _forced(*pairs.train), _forced(*pairs.test)


def _forced(spelling, sound):
    targets = sound[:, 1:]
    return [spelling, sound[:, :-1] * (targets > 0)], targets


def _padded(sequences, symbols, width):
    """The places of each sequence's items in `symbols`, padded with 0 on the right: int32 (sequences, width)."""
    place = {symbol: number for number, symbol in enumerate(symbols)}
    coded = np.zeros((len(sequences), width), np.int32)
    lengths = np.fromiter(map(len, sequences), int, len(sequences))
    coded[np.arange(width) < lengths[:, np.newaxis]] = [place[item] for item in itertools.chain.from_iterable(sequences)]
    return coded
