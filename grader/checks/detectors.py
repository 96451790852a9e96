"""What a wrong array is to the right one: transposed, shifted, averaged, in another order. Said only where the values prove it.

Each detector takes the wrong array, the right one, `near(a, b)` and the names of the right one's axes, and returns a sentence
or None. The sentences hold no value and no size, so that a hidden check may say them too.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np

Near = Callable[[np.ndarray, np.ndarray], bool]
ENOUGH = 3  # values that must agree before an agreement counts as evidence
SEQUENCES = ("batch", "timesteps", "features")  # what three axes are, unless an exercise says otherwise


def diagnose(wrong: np.ndarray, right: np.ndarray, near: Near, axes: tuple[str, ...] = ()) -> str | None:
    """The first relation that holds between two arrays of numbers that differ, in words; None if none does.

    axes: what the axes of the right one are called, where they are not those of sequences.
    """
    if wrong.dtype.kind not in "biuf" or right.dtype.kind not in "biuf":
        return _of_texts(wrong, right)
    if not wrong.size or not right.size:
        return "Nothing is in it." if right.size else None
    if wrong.dtype.kind in "iu" and right.dtype.kind == "f" and cut_off(wrong, right, near):
        return "The fractions are cut off: an integer division //, int(...), or an integer dtype."
    wrong, right = (np.asarray(array, "float64") if array.dtype.kind != "b" else array for array in (wrong, right))
    found = OTHER_SHAPE if wrong.shape != right.shape else SAME_TRUTHS if right.dtype == bool else SAME_SHAPE
    return next((words for detector in found if (words := detector(wrong, right, near, axes))), None)


def _of_texts(wrong: np.ndarray, right: np.ndarray) -> str | None:
    if wrong.shape == right.shape and wrong.ndim and wrong.size >= ENOUGH and np.array_equal(wrong[::-1], right):
        return "The values are right, in the opposite order."
    return None


# Another shape.


def axes_swapped(wrong, right, near, axes):
    if wrong.ndim != right.ndim or not 2 <= right.ndim <= 4 or right.size < ENOUGH:
        return None
    for order in permutations(range(right.ndim)):
        if order != tuple(range(right.ndim)) and near(wrong.transpose(order), right):
            if right.ndim == 2:
                return "Rows and columns are swapped: it is the transpose of what is asked."
            return f"The values are right and the axes stand in another order. {in_order(axes)}"
    return None


def axis_of_one(wrong, right, near, axes):
    if wrong.size != right.size or np.squeeze(wrong).shape != np.squeeze(right).shape:
        return None
    if not near(np.squeeze(wrong), np.squeeze(right)):
        return None
    if wrong.ndim > right.ndim:
        return f"The values are right, with an axis of size 1 too many, axis {_extra_one(wrong.shape, right.shape)}: np.squeeze or [..., 0] removes one."
    if wrong.ndim < right.ndim:
        return f"The values are right; axis {_extra_one(right.shape, wrong.shape)}, of size 1, is missing: np.newaxis or np.expand_dims adds one."
    return "The values are right; an axis of size 1 stands at another place."


def _extra_one(longer: tuple, shorter: tuple) -> str:
    """The axis of `longer` that `shorter` lacks; where it may be one or another, all of these."""
    axes = [axis for axis in range(len(longer)) if longer[axis] == 1 and longer[:axis] + longer[axis + 1 :] == shorter]
    return " or ".join(map(str, axes or [len(longer) - 1]))


def reshaped(wrong, right, near, axes):
    if wrong.size == right.size >= ENOUGH and near(wrong.ravel(), right.ravel()):
        return "The values are right and come in the right order, in another shape: reshape."
    return None


def axis_gone(wrong, right, near, axes):
    """An axis that should be there was averaged, summed, or only its first or last place taken."""
    for axis in range(right.ndim):
        rest = right.shape[:axis] + right.shape[axis + 1 :]
        kept = np.expand_dims(wrong, axis) if wrong.shape == rest else wrong
        if kept.shape != right.shape[:axis] + (1,) + right.shape[axis + 1 :] or right.shape[axis] < 2:
            continue
        for words, reduced in _reductions(right, axis):
            if telling(reduced) and near(kept[..., :] if kept is wrong else kept, reduced):
                return f"The result lacks {_axis(axis, right.ndim, axes).lower()}: {words}."
    return None


def axis_stayed(wrong, right, near, axes):
    """An axis that should be gone is there: its last or first place, its mean or its sum is what is asked."""
    for axis in range(wrong.ndim):
        if wrong.shape[:axis] + wrong.shape[axis + 1 :] != right.shape or wrong.shape[axis] < 2:
            continue
        for words, reduced in _reductions(wrong, axis):
            if telling(right) and near(np.squeeze(reduced, axis), right):
                return f"The result still has {_axis(axis, wrong.ndim, axes).lower()}: what is asked is {ASKED[words]}."
    return None


ASKED = {
    "only its last place was taken": "its last place",
    "only its first place was taken": "its first place",
    "it was averaged away": "the mean over it",
    "it was summed away": "the sum over it",
    "its largest value was taken": "the largest value along it",
}


def telling(array: np.ndarray) -> bool:
    """Whether agreement with it is evidence: a fraction is seldom met by chance, a few codes, counts or zeros soon are."""
    return bool((array != np.round(array)).any()) or len(np.unique(array)) >= ENOUGH or array.size >= 10


def _reductions(array, axis):
    yield "only its last place was taken", np.take(array, [-1], axis)
    yield "only its first place was taken", np.take(array, [0], axis)
    if array.dtype != bool:
        yield "it was averaged away", array.mean(axis, keepdims=True)
        yield "it was summed away", array.sum(axis, keepdims=True)
        yield "its largest value was taken", array.max(axis, keepdims=True)


def all_gone(wrong, right, near, axes):
    """One number where many are asked: a sum or a mean that was told no axis."""
    if wrong.size != 1 or right.size < ENOUGH or not np.isfinite(right).all():
        return None
    for words, value in (("their sum", right.sum()), ("their mean", right.mean()), ("the largest of them", right.max()), ("the first of them", right.flat[0])):
        if near(wrong.reshape(()), np.asarray(value)):
            return f"It is one number where several are asked, {words}." + (" Without an axis=… nothing is left of the axes." if "the first" not in words else "")
    return None


def joined_elsewhere(wrong, right, near, axes):
    """The parts of it were joined along another axis than is asked."""
    if wrong.ndim != right.ndim or right.size < ENOUGH or not wrong.size:
        return None
    differing = [axis for axis in range(right.ndim) if wrong.shape[axis] != right.shape[axis]]
    for along, beside in (differing, differing[::-1]) if len(differing) == 2 else ():
        parts, rest = divmod(wrong.shape[along], right.shape[along])
        if rest or parts < 2 or right.shape[beside] != parts * wrong.shape[beside]:
            continue
        if near(np.concatenate(np.split(wrong, parts, along), beside), right):
            return f"The parts are right, and joined along {_axis(along, right.ndim, axes).lower()}; what is asked joins them along {_axis(beside, right.ndim, axes).lower()}."
    return None


def too_many_or_few(wrong, right, near, axes):
    """Along one axis the beginning or the end is missing, or there is more than is asked."""
    if wrong.ndim != right.ndim:
        return None
    differing = [axis for axis in range(right.ndim) if wrong.shape[axis] != right.shape[axis]]
    if len(differing) != 1:
        return None
    axis = differing[0]
    off = wrong.shape[axis] - right.shape[axis]
    shorter, longer = (right, wrong) if off > 0 else (wrong, right)
    if not shorter.size:
        return None
    size = shorter.shape[axis]
    place = f"along {_axis(axis, right.ndim, axes).lower()}" if right.ndim > 1 else "in it"
    many = "one" if abs(off) == 1 else "some"
    if shorter.size >= 2 and near(np.take(longer, range(size), axis), shorter):
        return f"There {'is' if many == 'one' else 'are'} {many} too many {place}, at the end." if off > 0 else f"The last {_ones(off)} missing {place}; the others are right."
    if shorter.size >= 2 and near(np.take(longer, range(abs(off), abs(off) + size), axis), shorter):
        return f"There {'is' if many == 'one' else 'are'} {many} too many {place}, at the beginning." if off > 0 else f"The first {_ones(off)} missing {place}; the others are right."
    return None


def _ones(off: int) -> str:
    return "one is" if abs(off) == 1 else "ones are"


def broadcast(wrong, right, near, axes):
    if right.ndim == 1 and wrong.shape == right.shape * 2 and len(right) > 1:
        return "A shape (n, n) comes of arrays (n,) and (n, 1) that meet: bring both to one shape first."
    return None


# The same shape.


def not_a_number(wrong, right, near, axes):
    if np.isnan(wrong).any() and not np.isnan(right).any():
        return "There is NaN in it, which comes from 0/0, log(0), overflow, or an empty mean. Find the first line that makes one."
    if np.isinf(wrong).any() and not np.isinf(right).any():
        return "There is infinity in it: a division by zero, log(0), or an overflow."
    return None


def cut_off(wrong, right, near) -> bool:
    """Whether integers are what is left of fractions."""
    return wrong.shape == right.shape and not near(np.floor(right), right) and any(near(whole(right), wrong) for whole in (np.trunc, np.floor))


def transposed(wrong, right, near, axes):
    if right.ndim == 2 and near(wrong.T, right):
        return "Rows and columns are swapped: it is the transpose of what is asked."
    return None


def filled_by_reshape(wrong, right, near, axes):
    """The axes were exchanged by a reshape, which keeps the order in which values are read."""
    if right.ndim < 2 or right.ndim > 4 or len(np.unique(right)) < ENOUGH + 1:
        return None
    for order in permutations(range(right.ndim)):
        if order != tuple(range(right.ndim)) and near(wrong, right.transpose(order).reshape(right.shape)):
            return "The values are right and fell into other places: reshape changes the shape alone. np.transpose or np.swapaxes exchanges axes."
    return None


def backwards(wrong, right, near, axes):
    for axis in range(right.ndim):
        if right.shape[axis] >= 2 and right.size >= ENOUGH and near(np.flip(wrong, axis), right):
            return f"The values are right, and {_axis(axis, right.ndim, axes).lower()} runs backwards." if right.ndim > 1 else "The values are right, in the opposite order."
    return None


def shifted(wrong, right, near, axes):
    for axis in range(right.ndim):
        size = right.shape[axis]
        if size < 3 or right.size < ENOUGH + 1:
            continue
        head, tail = range(size - 1), range(1, size)
        place = f"along {_axis(axis, right.ndim, axes).lower()}" if right.ndim > 1 else "in it"
        if near(np.take(wrong, tail, axis), np.take(right, head, axis)):
            return f"All {place} stands one place too late."
        if near(np.take(wrong, head, axis), np.take(right, tail, axis)):
            return f"All {place} stands one place too early."
    return None


def other_order(wrong, right, near, axes):
    for axis in range(right.ndim):
        if right.shape[axis] < 2 or right.size < ENOUGH:
            continue
        one, other = (_sorted(array, axis) for array in (wrong, right))
        if near(one, other):
            return f"The values are right, in another order along {_axis(axis, right.ndim, axes).lower()}." if right.ndim > 1 else "The values are right, in another order."
    return None


def _sorted(array, axis):
    """The slices along `axis`, in an order that depends on nothing but what is in them."""
    slices = np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)
    return slices[np.lexsort(np.round(slices, 6).T[::-1])]


def opposite(wrong, right, near, axes):
    if wrong.dtype == bool and right.size >= 2 and np.array_equal(~wrong, right):
        return "It is the opposite everywhere: True where False is asked."
    return None


OFFSET = "All of it is off by the same amount."
FACTOR = "All of it is too large or too small by the same factor."
OPPOSITE = "The sign is the opposite everywhere."
BY_CHANCE = (OFFSET, FACTOR, OPPOSITE)  # may hold of one small answer, and not of the next


def one_relation(wrong, right, near, axes):
    """The same simple arithmetic everywhere."""
    if wrong.dtype == bool or right.size < 2 or not np.isfinite(wrong).all() or not np.isfinite(right).all():
        return None
    if near(wrong, np.abs(right)):
        return "These are absolute values. What is asked keeps its sign."
    if near(-wrong, right):
        return OPPOSITE
    if right.min() >= 0 and right.max() <= 1 and near(1 - wrong, right):
        return "It is one minus what is asked, everywhere."
    if right.ndim and right.shape[-1] > 1:
        if _sums_to_one(right) and near(_softmax(wrong), right):
            return "These are logits; probabilities are asked: their softmax over the last axis."
        if near(_softmax(right), wrong):
            return "A softmax was taken of what is asked: " + ("once is enough." if _sums_to_one(right) else "logits are asked, not probabilities.")
    if right.min() > 0 and near(np.log(right), wrong):
        return "This is the logarithm of what is asked."
    if right.max() < 30 and near(np.exp(right), wrong):
        return "This is the exponential of what is asked."
    if right.size >= ENOUGH and np.ptp(right) > 0:
        if near(wrong - (wrong - right).mean(), right):
            return OFFSET
        there = np.abs(right) > 1e-9
        if there.sum() >= 2 and near(wrong[~there], right[~there]):
            factors = wrong[there] / right[there]
            if abs(factors.mean()) > 1e-9 and near(wrong / factors.mean(), right):
                return FACTOR
    return None


def _softmax(array):
    if array.max() > 700:
        return array
    powers = np.exp(array - array.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _sums_to_one(array) -> bool:
    return bool(array.min() >= 0 and np.allclose(array.sum(-1), 1, atol=1e-4))


def constant(wrong, right, near, axes):
    if right.size >= ENOUGH and wrong.dtype != bool and np.ptp(wrong) == 0 and np.ptp(np.asarray(right, "float64")) > 0:
        return "It is zero everywhere." if not wrong.any() else "It is the same value everywhere."
    return None


def one_place_for_all(wrong, right, near, axes):
    """Along one axis every place holds what belongs in the last, or in the first."""
    for axis in range(right.ndim):
        if right.ndim < 2 or right.shape[axis] < 2 or right.size < ENOUGH + 1:
            continue
        place = f"Every place along {_axis(axis, right.ndim, axes).lower()} holds what belongs in the"
        if near(wrong, np.broadcast_to(np.take(right, [-1], axis), right.shape)):
            return f"{place} last one. Where one array is changed again and again and collected, each entry is that array: collect a copy, .copy()."
        if near(wrong, np.broadcast_to(np.take(right, [0], axis), right.shape)):
            return f"{place} first one: it does not move on."
    return None


def at_an_edge(wrong, right, near, axes):
    """All is right but the first or the last place along one axis."""
    for axis in range(right.ndim):
        size = right.shape[axis]
        if size < 3:
            continue
        place = f"along {_axis(axis, right.ndim, axes).lower()}" if right.ndim > 1 else "in it"
        if near(np.take(wrong, range(1, size), axis), np.take(right, range(1, size), axis)):
            return f"Only the first place {place} differs; the others are right."
        if near(np.take(wrong, range(size - 1), axis), np.take(right, range(size - 1), axis)):
            return f"Only the last place {place} differs; the others are right."
    return None


def _axis(axis: int, count: int, axes: tuple[str, ...]) -> str:
    names = axes or SEQUENCES
    known = len(names) == count and not names[axis].isdigit()
    return f"Axis {axis}{f' (the {names[axis]})' if known else ''}"


def in_order(axes: tuple[str, ...]) -> str:
    """What the axes are, one after the other, as a sentence."""
    return f"They are ({', '.join(axes)})." if axes else f"Sequences are ({', '.join(SEQUENCES)})."


OTHER_SHAPE = (axes_swapped, axis_of_one, axis_gone, axis_stayed, all_gone, too_many_or_few, joined_elsewhere, reshaped, broadcast)
SAME_TRUTHS = (opposite, transposed, shifted, constant, at_an_edge)  # two values are soon in another order by chance
SAME_SHAPE = (not_a_number, transposed, filled_by_reshape, backwards, shifted, other_order, one_relation, constant, one_place_for_all, at_an_edge)
