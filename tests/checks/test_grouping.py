"""A split by person: what passes, and the words for each way of getting it wrong."""

import random

import numpy as np
import pytest

from grader import checks as check

EVEN = np.repeat([3, 1, 4, 15, 9], 4)
UNEVEN = np.repeat([40, 7, 19, 23], [90, 3, 3, 3])
CROWD = np.arange(400) % 10 + 1


def sides(who, people):
    aside = np.isin(who, people)
    return np.flatnonzero(~aside), np.flatnonzero(aside)


def right(who, count, seed):
    return sides(who, np.random.default_rng(seed).choice(np.unique(who), count, replace=False))


def shuffled(who, count, seed):
    drawn = random.Random(seed).sample(sorted(set(who.tolist())), count)
    places = np.random.default_rng(seed).permutation(len(who))
    return [n for n in places.tolist() if who[n] not in drawn], [n for n in places.tolist() if who[n] in drawn]


@pytest.mark.parametrize("split", [right, shuffled, lambda who, count, seed: [part.astype("int16") for part in right(who, count, seed)]])
@pytest.mark.parametrize(("who", "count"), [(EVEN, 2), (EVEN, 4), (UNEVEN, 1), (UNEVEN, 3), (CROWD, 3), (EVEN.tolist(), 2)])
def test_right_splits_pass(split, who, count):
    check.splits_people(split, who, count)


def test_a_fair_draw_is_not_taken_for_an_unfair_one():
    for offset in range(60):
        check.splits_people(lambda who, count, seed, offset=offset: right(who, count, seed + 1000 * offset), EVEN, 2)


def from_windows(who, count, seed):
    return sides(who, np.random.default_rng(seed).choice(who, count, replace=False))


def first_of_shuffled_windows(who, count, seed):
    drawn = list(dict.fromkeys(np.random.default_rng(seed).permutation(who).tolist()))
    return sides(who, drawn[:count])


def windows(who, count, seed):
    order = np.random.default_rng(seed).permutation(len(who))
    return order[len(who) // 2 :], order[: len(who) // 2]


def one_window_slips(who, count, seed):
    train, test = right(who, count, seed)
    return np.append(train, test[0]), test[1:]


def both_sides(who, count, seed):
    train, test = right(who, count, seed)
    return np.append(train, test[0]), test


def lossy(who, count, seed):
    train, test = right(who, count, seed)
    return train[1:], test


def any_number(who, count, seed):
    return sides(who, np.unique(who)[: 1 + seed % 4])


ASKED = {
    "Whoever has many windows is drawn every time": (UNEVEN, 2),
    "The order is train, test": (CROWD, 3),
    "draw people, then take all": (EVEN, 2),
}


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (from_windows, "somebody was drawn twice"),
        (first_of_shuffled_windows, "Whoever has many windows is drawn every time"),
        (lambda who, count, seed: sides(who, np.random.default_rng(seed).choice(np.unique(who), count)), "somebody was drawn twice"),
        (lambda who, count, seed: sides(who, np.random.default_rng(seed).choice(np.unique(who), 1)), "too few, with every seed"),
        (lambda who, count, seed: sides(who, np.random.default_rng(seed).choice(np.arange(20, 40), count, replace=False)), "or is not in `who`"),
        (lambda who, count, seed: right(who, count + 1, seed), "too many, with every seed"),
        (any_number, "changes with the seed"),
        (lambda who, count, seed: right(who, count, seed)[::-1], "The order is train, test"),
        (lambda who, count, seed: right(who, count, None), "depend on the seed alone"),
        (lambda who, count, seed: right(who, count, 7), "The seed changes nothing"),
        (lambda who, count, seed: sides(who, np.sort(np.unique(who))[-count - seed % 2 :][:count]), "as likely as any other"),
        (lambda who, count, seed: sides(who, np.random.default_rng(seed).choice(np.unique(who)[:-1], count, replace=False)), "All people in `who` take part"),
        (windows, "draw people, then take all"),
        (one_window_slips, "Somebody is on both sides"),
        (both_sides, "Windows stand on both sides"),
        (lossy, "Windows are missing"),
        (lambda who, count, seed: (np.repeat(right(who, count, seed)[0], 2), right(who, count, seed)[1]), "twice on one side"),
        (lambda who, count, seed: [part + 1 for part in right(who, count, seed)], "counted from 0"),
        (lambda who, count, seed: [who[part] for part in right(who, count, seed)], "These are people"),
        (lambda who, count, seed: [np.unique(who[part]) for part in right(who, count, seed)], "These are people"),
        (lambda who, count, seed: (~np.isin(who, right(who, count, seed)[1]), np.isin(who, 40)), "This is a mask"),
        (lambda who, count, seed: [(part,) for part in right(who, count, seed)], "take its [0]"),
        (lambda who, count, seed: [part / 1 for part in right(who, count, seed)], "integers"),
        (lambda who, count, seed: ([[1], [2, 3]], [4]), "integers"),
        (lambda who, count, seed: None, "Does the function end in"),
        (lambda who, count, seed: who, "Return two things"),
        (lambda who, count, seed: (np.zeros(0), np.zeros(0)), "Windows are missing"),
        (lambda who, count, seed: (np.arange(len(who)), np.zeros(0)), "too few, with every seed"),
    ],
)
def test_a_wrong_split_says_why(split, words):
    with pytest.raises(check.CheckFailed) as failed:
        who, count = ASKED.get(words, (EVEN + 20, 2))
        check.splits_people(split, who, count)
    assert words in failed.value.hint


def test_people_drawn_from_windows_are_found_among_few_and_many():
    for who, count in ((UNEVEN, 2), (CROWD, 3)):
        with pytest.raises(check.CheckFailed, match="another number of people"):
            check.splits_people(from_windows, who, count)


def test_the_arguments_are_copies():
    def careless(who, count, seed):
        who.sort()
        return right(EVEN, count, seed)

    check.splits_people(careless, EVEN, 2)
