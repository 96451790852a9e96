"""Whether a function splits by person: whole people are put aside, as many as were asked, drawn by the seed and not by how many windows they have."""

from __future__ import annotations

import math

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.plainly import plain

FALSE_ALARM = 1e-6  # how often a fair draw may look unfair
DRAW_PEOPLE = "draw people, then take all of their windows."
AGAIN = 3  # seeds that are asked twice


def splits_people(fn, who, count: int, name: str = "the split") -> None:
    """`fn(who, count, seed)` must return (train, test): places in `who`, each in one of the two, once, and `count` people in test.

    who: int (windows,), the person in each window. Nobody is on both sides. The same seed draws the same people. Over many
    seeds each person is put aside at some time and not every time, however many windows they have.
    The order of the places is free. Raises CheckFailed.
    """
    who = np.asarray(as_array(who))
    people, windows = np.unique(who, return_counts=True)
    seeds = range(_enough(len(people), count))
    drawn = [_put_aside(fn, who, count, seed, name) for seed in seeds]
    _right_number([len(aside) for aside in drawn], count, len(people), name)
    if any(_put_aside(fn, who, count, seed, name) != drawn[seed] for seed in seeds[:AGAIN]):
        raise CheckFailed(
            f"{name} draws other people with the same seed",
            hint="The draw must depend on the seed alone: make the generator inside the function, np.random.default_rng(seed).",
        )
    if all(aside == drawn[0] for aside in drawn):
        raise CheckFailed(f"{name} draws the same people with every seed", hint="The seed changes nothing: draw with np.random.default_rng(seed).")
    times = np.array([sum(person in aside for aside in drawn) for person in people.tolist()])
    if (times == len(seeds)).any():
        most = windows[times == len(seeds)].min() > 2 * np.median(windows)
        hint = "Whoever has many windows is drawn every time: draw from the different people, np.unique(who), not from the windows."
        raise CheckFailed(f"{name} puts somebody aside with every seed", hint=hint if most else "All people take part in the draw, each as likely as any other.")
    if not times.all():
        raise CheckFailed(f"{name} never puts aside some of the people", hint="All people in `who` take part in the draw, each as likely as any other.")


def _enough(people: int, count: int) -> int:
    """How many seeds it takes until a fair draw has, all but surely, put each person aside once and left each out once."""
    staying = max(count, people - count) / people
    return math.ceil(math.log(FALSE_ALARM / (2 * people)) / math.log(staying))


def _put_aside(fn, who, count: int, seed: int, name: str) -> set:
    """The people in test, after all that can be said about one split."""
    train, test = _two(plain(call(fn, who.copy(), count, seed)), name)
    both = np.concatenate([train, test])
    if not np.array_equal(np.sort(both), np.arange(len(who))):
        raise CheckFailed(f"{name} does not hold each window once", hint=_amiss(train, test, who))
    trained, tested = set(who[train].tolist()), set(who[test].tolist())
    if trained & tested:
        everyone = trained & tested == set(who.tolist())
        raise CheckFailed(
            f"{name} has people on both sides",
            hint=("Everyone is on both sides: " if everyone else "Somebody is on both sides: ") + DRAW_PEOPLE,
            expected="nobody on both sides",
            actual=text(sorted(trained & tested)),
        )
    return tested


def _amiss(train, test, who) -> str:
    both = np.concatenate([train, test])
    names_all = set(both.tolist()) == set(who.tolist()) and len(both) < len(who)
    if names_all or np.array_equal(np.sort(both), np.sort(who)):
        return "These are people. What is asked are the places of their windows in `who`."
    if both.size and (both.min() < 0 or both.max() >= len(who)):
        return "There are places that `who` does not have. Places are counted from 0."
    if len(np.intersect1d(train, test)):
        return "Windows stand on both sides: what is put aside is not trained on."
    if len(np.unique(both)) < len(both):
        return "Windows are there twice on one side."
    return "Windows are missing: each is there to train on or to test on."


def _right_number(found: list[int], count: int, people: int, name: str) -> None:
    if all(number == count for number in found):
        return
    if all(number == people - count for number in found) and abs(people - 2 * count) > 1:
        hint = "Those are the people to train on. The order is train, test."
    elif len(set(found)) > 1 and max(found) <= count:
        hint = "With some seeds there are fewer: somebody was drawn twice, or is not in `who`. Draw from the different people, np.unique(who), with replace=False."
    elif len(set(found)) > 1:
        hint = "Their number changes with the seed. `count` says how many people to test on."
    else:
        hint = f"They are too {'few' if found[0] < count else 'many'}, with every seed. `count` says how many people to test on."
    wrong = next(number for number in found if number != count)
    raise CheckFailed(f"{name} puts another number of people aside", hint=hint, expected=f"{count} of {people}", actual=f"{wrong} of {people}")


def _two(parts, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Train and test as arrays of integers."""
    if not isinstance(parts, (list, tuple)) or len(parts) != 2:
        hint = NOTHING_RETURNED if parts is None else "Return two things: train, test."
        raise CheckFailed(f"{name} does not return two arrays", hint=hint, actual=text(parts))
    return _places(parts[0], "train", name), _places(parts[1], "test", name)


def _places(part, which: str, name: str) -> np.ndarray:
    hint = "An array of places in `who` is asked, integers."
    if isinstance(part, (list, tuple)) and len(part) == 1 and isinstance(part[0], np.ndarray):
        hint = "np.where(...) and np.nonzero(...) return a tuple with an array for each axis: take its [0], or use np.flatnonzero(...)."
        raise CheckFailed(f"{which} of {name} is packed once too often", hint=hint)
    try:
        array = np.asarray(part)
    except ValueError:  # rows of different lengths
        raise CheckFailed(f"{which} of {name} is no array of places", hint=hint) from None
    if array.ndim == 1 and not array.size:
        return array.astype(int)
    if array.dtype == bool:
        hint = "This is a mask, True or False for each window. np.flatnonzero(mask) gives the places where it is True."
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise CheckFailed(f"{which} of {name} is no array of places", hint=hint, actual=text(part))
    return array
