"""Where two values first differ, and in what kind: type, number of things, shape, or values; with a diagnosis where one is proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from grader.checks.describe import is_class, shape_of, shape_text, text
from grader.checks.detectors import diagnose
from grader.checks.failure import NOTHING_RETURNED
from grader.checks.handing import refusal
from grader.checks.plainly import plain

# One number that is off by one is most often a count; many numbers may be anything.
ONE_OFF = ("It is one too many: count the first and the last again.", "It is one too few: count the first and the last again.")
PACKED = "is packed once too often"
PACKED_PART = "It is right, and stands in a list or tuple of its own: leave that out."
OF_A_PART = ("is wrong", "has another length")  # problems of which a hint speaks of one part alone
ORDINALS = ("first", "second", "third", "fourth")
STEPS = {1: "Each that differs is one too high.", -1: "Each that differs is one too low."}


@dataclass(frozen=True)
class Tolerance:
    """How near is near: as in `numpy.isclose`, where floats are expected. lists: whether a list may stand for an array."""

    rtol: float = 1e-5
    atol: float = 1e-6
    lists: bool = False


@dataclass(frozen=True)
class Difference:
    """problem: what follows the name of the thing. hint: without values. where, expected, actual: with them."""

    problem: str
    hint: str | None = None
    where: str | None = None
    expected: str = ""
    actual: str = ""


def difference(actual, expected, tolerance: Tolerance = Tolerance(), parts: tuple[str, ...] = (), axes: tuple[str, ...] = ()) -> Difference | None:
    """How `actual`, a plain value (see `plainly`), differs from `expected`; None if it does not.

    parts: names for the things in a tuple that is expected. axes: what the axes of the array are, such as "queries, tokens", or of
    each thing in the tuple, where they are not those of sequences.
    """
    if agree(actual, expected, tolerance):
        return None
    found = Difference("is None", hint=NOTHING_RETURNED) if actual is None else _difference(actual, expected, tolerance, parts, axes)
    return replace(found, expected=found.expected or described(expected), actual=found.actual or described(actual))


def agree(actual, expected, tolerance: Tolerance) -> bool:
    """The same structure, with floats within tolerance and all else equal."""
    try:
        return _agree(actual, expected, tolerance)
    except Exception:  # whatever cannot be compared is not equal
        return False


def _agree(actual, expected, tolerance) -> bool:
    if isinstance(expected, np.ndarray):
        found = _as_expected_array(actual, expected, tolerance)
        return found is not None and _same_array(found, expected, tolerance)
    if expected is None or isinstance(expected, str):
        return type(_scalar(actual)) is type(expected) and _scalar(actual) == expected
    if isinstance(expected, (bool, int, float)):
        found = _scalar(actual)
        if isinstance(expected, bool) or isinstance(found, bool):
            return type(found) is bool and found is expected
        return isinstance(found, (int, float)) and _near(np.asarray(found), np.asarray(expected), tolerance)
    if isinstance(expected, Mapping):
        return isinstance(actual, dict) and actual.keys() == expected.keys() and all(_agree(actual[key], value, tolerance) for key, value in expected.items())
    items = _items(actual)
    return items is not None and len(items) == len(expected) and all(map(_agree, items, expected, [tolerance] * len(expected)))


def _difference(actual, expected, tolerance, parts=(), axes=()) -> Difference:
    odd = _odd(actual)
    if odd:
        return odd
    if isinstance(expected, tuple) and len(expected) > 1:
        return _between_tuples(actual, expected, tolerance, parts, axes)
    if isinstance(expected, np.ndarray):
        return _between_arrays(actual, expected, tolerance, axes)
    if isinstance(expected, Mapping):
        return _between_dictionaries(actual, expected, tolerance)
    if isinstance(expected, (list, tuple)):
        return _between_lists(actual, expected, tolerance)
    return _between_scalars(actual, expected, tolerance)


def _odd(actual) -> Difference | None:
    """What is no value at all."""
    if actual is None:
        return Difference("is None", hint="None stands where a value is asked.")
    if is_class(actual):
        return Difference("is a class", hint="A class stands where an instance of it, or what it makes, is expected: call it.")
    if isinstance(actual, range) or refusal(type(actual)) == "generator":
        return Difference("is no finished value", hint="It makes its values one by one when asked: list(...) or np.array(list(...)) asks for all.")
    if type(actual).__name__ in ("KerasTensor", "SymbolicTensor"):
        return Difference("is symbolic", hint="It has a shape and no values: a model's input or output before data flow. Call the layer or model on an array.")
    if callable(actual) and shape_of(actual) is None:
        return Difference("is a function", hint="Return what it gives: call it.")
    return None


def _between_tuples(actual, expected, tolerance, parts, axes) -> Difference:
    names = parts if len(parts) == len(expected) else tuple(f"thing {number} of {len(expected)}" for number in range(1, len(expected) + 1))
    listed = ", ".join(parts) if parts else f"{len(expected)} things"
    items = actual if isinstance(actual, (list, tuple)) else None
    if items is None:
        which = next((name for name, part in zip(names, expected, strict=True) if agree(actual, part, tolerance)), None)
        hint = f"Only {which} is returned; {listed} are asked." if which else f"One thing is returned; {listed} are asked: return them all, separated by commas."
        if all(isinstance(part, int) for part in expected) and shape_of(actual) == expected:
            hint = "It is an array of that shape. Its shape is asked: array.shape."
        elif isinstance(actual, dict) and agree(list(actual.values()), list(expected), tolerance):
            hint = f"The things are right, in a dictionary: return {listed} side by side, separated by commas."
        return Difference("is one thing where several are asked", hint=hint)
    if len(items) == 1 and agree(items[0], expected, tolerance):
        return Difference("is packed once too often", hint=PACKED_PART)
    flat = [part for item in items for part in (item if isinstance(item, (list, tuple)) else [item])]
    if len(flat) == len(expected) and all(agree(one, other, tolerance) for one, other in zip(flat, expected, strict=True)):
        return Difference("is packed otherwise", hint=f"The things are right, packed otherwise: return {listed} side by side.")
    if len(items) != len(expected):
        few = "Fewer" if len(items) < len(expected) else "More"
        return Difference("has another number of things", hint=f"{few} things are returned than are asked: {listed}.")
    if len(expected) <= 4:
        for order in permutations(range(len(expected))):
            if order != tuple(range(len(expected))) and all(agree(items[place], part, tolerance) for place, part in zip(order, expected, strict=True)):
                return Difference("has its things in another order", hint=f"They are right, in another order: {listed if parts else 'as the docstring says'}.")
    number = next(number for number, (one, other) in enumerate(zip(items, expected, strict=True)) if not agree(one, other, tolerance))
    inner = _difference(items[number], expected[number], tolerance, axes=axes[number : number + 1])
    others = sum(not agree(one, other, tolerance) for one, other in zip(items, expected, strict=True))
    where = inner.where if others == 1 else f"{inner.where or ''}{'; ' * bool(inner.where)}{others} of {len(expected)} things differ"
    return Difference(
        f"has a wrong part: {names[number]} {inner.problem}", inner.hint, where,
        inner.expected or described(expected[number]), inner.actual or described(items[number]),
    )  # fmt: skip


def _between_arrays(actual, expected, tolerance, axes) -> Difference:
    if isinstance(actual, (list, tuple)) and expected.ndim and not tolerance.lists:
        made = _made_array(actual)
        if made is None:
            return _no_array(actual)
        if made.dtype.kind in "US" and expected.dtype.kind in "biuf":
            return Difference("is not made of numbers", hint="Numbers are asked, and these are texts.")
        if isinstance(actual, tuple) and any(_agree(item, expected, tolerance) for item in actual):
            hint = "What is asked is among the things that are returned: one is asked, return it alone."
        elif any(isinstance(item, np.ndarray) for item in actual) and made.shape != expected.shape:
            hint = "It is a list of arrays; one array is asked, and stacked these have another shape than it."
        elif any(isinstance(item, np.ndarray) for item in actual):
            hint = "It is a list of arrays; one array is asked: np.stack(...) or np.array(...) makes one of rows of the same shape."
        else:
            hint = "This is a Python list. np.array(...) makes it an array."
        return Difference("is a list where an array is asked" if isinstance(actual, list) else "is a tuple where an array is asked", hint=hint)
    found = _made_array(actual)
    if found is None or found.dtype.kind == "O":
        return _no_array(actual)
    if found.dtype.kind in "US" and expected.dtype.kind in "biuf" or found.dtype.kind in "biuf" and expected.dtype.kind in "US":
        asked = "numbers" if expected.dtype.kind in "biuf" else "texts"
        return Difference(f"is not made of {asked}", hint=f"{asked.capitalize()} are asked.")

    def near(one, other) -> bool:
        return one.shape == other.shape and _same_array(one, other, tolerance, any_kind=True)

    names = tuple(axes[0].split(", ")) if axes else ()
    hint = diagnose(found, expected, near, names)
    if found.shape != expected.shape:
        from grader.checks.shapes import shape_hint

        return Difference("has the wrong shape", hint or shape_hint(found.shape, expected.shape, names), None, shape_text(expected.shape), shape_text(found.shape))
    if near(found, expected):  # the values are the same, so it is the kind that differs
        kind = {"b": "truth values (bool)", "i": "integers", "u": "integers", "f": "floats"}
        asked = kind.get(expected.dtype.kind, str(expected.dtype))
        return Difference("has the wrong dtype", hint=f"The values are right; their kind is not: {asked} are asked.", expected=str(expected.dtype), actual=str(found.dtype))
    return Difference("is wrong", hint, _first_difference(found, expected, tolerance))


def _no_array(actual) -> Difference:
    if isinstance(actual, (list, tuple)) and len({len(item) for item in actual if isinstance(item, (list, tuple, str)) or getattr(item, "ndim", 0)}) > 1:
        return Difference("has rows of different lengths", hint="Its rows have different lengths, so they make no array. Each row must be as long as the docstring says.")
    if isinstance(actual, (list, tuple)) and actual and all(isinstance(item, np.ndarray) and item.ndim for item in actual):
        return Difference("is a list of arrays that do not fit on each other", hint="One array is asked. np.concatenate joins arrays along an axis in which they may differ.")
    return Difference("is no array", hint="An array is asked.", actual=f"{type(actual).__name__}: {text(actual)}")


def _between_dictionaries(actual, expected, tolerance) -> Difference:
    if not isinstance(actual, dict):
        return Difference("is no dictionary", hint="A dictionary is asked.")
    if actual.keys() != expected.keys():
        try:
            swapped = agree({value: key for key, value in actual.items()}, dict(expected), tolerance)
        except TypeError:
            swapped = False
        few, many = expected.keys() - actual.keys(), actual.keys() - expected.keys()
        hint = "Keys and values are swapped." if swapped else "Keys are missing." if few and not many else "There are keys too many." if many and not few else "Some keys are others."
        return Difference("has other keys", hint=hint, where="; ".join(f"{words} {text(sorted(keys, key=str)[:5])}" for words, keys in (("missing", few), ("too many", many)) if keys))
    key = next(key for key in expected if not agree(actual[key], expected[key], tolerance))
    inner = _difference(actual[key], expected[key], tolerance)
    return Difference("has a wrong value", inner.hint, f"at the key {text(key)}", inner.expected or described(expected[key]), inner.actual or described(actual[key]))


def _between_lists(actual, expected, tolerance) -> Difference:
    if isinstance(actual, str) or isinstance(actual, dict) or (items := _items(actual)) is None:
        return Difference("is no list", hint="A list is asked.", actual=f"{type(actual).__name__}: {text(actual)}")
    if len(items) == 1 and len(expected) != 1 and agree(items[0], expected, tolerance):
        return Difference("is packed once too often", hint="The list is right, and stands in a list of its own: leave that out.")
    if agree([items], expected, tolerance) or agree([actual], expected, tolerance):
        return Difference("lacks its outer list", hint="A list is asked, even of one thing.")
    if any(isinstance(part, (np.ndarray, list, tuple, dict)) and agree(actual, part, tolerance) for part in expected):
        return Difference("is one of the things that are asked", hint="It is right, and stands alone: a list of all that is asked is to be returned.")
    if all(isinstance(part, tuple) for part in expected) and all(isinstance(item, (list, tuple)) for item in items):
        if items and agree(list(zip(*items, strict=False)), expected, tolerance):
            hint = "The things are right, one list for each place of the tuples. A list of tuples is asked: list(zip(...)) makes it of these lists."
            return Difference("is put together the other way", hint)
    numbers = [_made_array(value) for value in (list(items), list(expected))]
    # A list of arrays, or of tuples, has no axis of its own that a detector could name.
    hint, of_things = None, any(isinstance(part, tuple) or isinstance(part, np.ndarray) and part.ndim for part in expected)
    if not of_things and all(array is not None and array.dtype.kind in "biufU" for array in numbers):
        hint = diagnose(*numbers, lambda one, other: one.shape == other.shape and _same_array(one, other, tolerance, any_kind=True))
    if len(items) != len(expected):
        if hint is None and len(items) < len(expected) and agree(items, list(expected)[: len(items)], tolerance):
            hint = "What is there is right; the end is missing." if items else "Nothing is in it."
        elif hint is None and agree(items[: len(expected)], expected, tolerance):
            hint = "It goes on after what is asked."
        return Difference("has another length", hint, None, f"{len(expected)}: {described(expected)}", f"{len(items)}: {described(actual)}")
    number = next(number for number, (one, other) in enumerate(zip(items, expected, strict=True)) if not agree(one, other, tolerance))
    if hint is None and sorted(map(repr, items)) == sorted(map(repr, expected)):
        hint = "The things are right, in another order."
    inner = _difference(items[number], expected[number], tolerance)
    if inner.hint in ONE_OFF:
        numbers = [value for value in (*items, *expected) if isinstance(value, (int, np.integer)) and not isinstance(value, bool)]
        steps = {one - other for one, other in zip(items, expected, strict=True) if one != other} if len(numbers) == 2 * len(expected) else set()
        hint = hint or (STEPS.get(*steps) if len(steps) == 1 else None)
    elif isinstance(expected[number], tuple) and inner.problem.endswith(OF_A_PART):
        hint = hint or _of_one_place(items, expected, tolerance, inner.hint)
    else:
        hint = hint or inner.hint
    hint = hint or _one_place(items, expected, tolerance)
    wrong = sum(not agree(one, other, tolerance) for one, other in zip(items, expected, strict=True))
    return Difference("is wrong", hint, f"first at index {number}; {wrong} of {len(expected)} differ")


def _of_one_place(items, expected, tolerance, hint: str | None) -> str | None:
    """What is said of a part of the first wrong tuple, if no other part is wrong in any, and the same is to be said of each."""
    place = _one_place(items, expected, tolerance)
    said = {_difference(one, other, tolerance).hint for one, other in zip(items, expected, strict=True) if not agree(one, other, tolerance)}
    if not place or not hint or said != {hint}:
        return None
    return hint if hint == PACKED_PART else f"{place} {hint}"


def _one_place(items, expected, tolerance) -> str | None:
    """Where tuples of a few things are asked: the one of these that is wrong wherever there is something wrong."""
    size = len(expected[0]) if isinstance(expected[0], tuple) else 0
    if not 2 <= size <= len(ORDINALS) or any(not isinstance(item, (tuple, list)) or len(item) != size for item in (*items, *expected)):
        return None
    places = {place for one, other in zip(items, expected, strict=True) for place in range(size) if not agree(one[place], other[place], tolerance)}
    if len(places) != 1:
        return None
    of, rest = ("pair", "the other is") if size == 2 else ("tuple", "the others are")
    return f"In each {of} that differs it is the {ORDINALS[places.pop()]} that is wrong; {rest} right."


def _between_scalars(actual, expected, tolerance) -> Difference:
    found = _scalar(actual)
    if isinstance(actual, (list, tuple)) and len(actual) == 1 and agree(actual[0], expected, tolerance):
        return Difference(PACKED, hint=PACKED_PART)
    if isinstance(found, (np.ndarray, list, tuple, dict)):
        asked = {str: "one text", bool: "True or False"}.get(type(expected), "one number")
        return Difference("is not one value", hint=f"{asked.capitalize()} is asked.")
    if isinstance(expected, str):
        if not isinstance(found, str):
            return Difference("is no text", hint="A text (str) is asked.")
        return Difference("is wrong", _text_hint(found, expected), _first_letter(found, expected))
    if isinstance(expected, bool) != isinstance(found, bool) or isinstance(found, str):
        return Difference("is of the wrong type", hint=f"{'True or False' if isinstance(expected, bool) else 'A number'} is asked.")
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        if np.isnan(found) and not np.isnan(expected):
            return Difference("is not a number", hint="NaN comes from 0/0, log(0), overflow, or an empty mean. Find the first line that makes one.")
        if np.isinf(found) and np.isfinite(expected):
            return Difference("is infinite", hint="Infinity comes from an overflow, log(0), or a division by zero. Find the first line that makes one.")
        if found and found == -expected:
            return Difference("is wrong", hint="The sign is the opposite.")
        if isinstance(found, int) and np.isfinite(expected) and expected != int(expected) and found in (np.floor(expected), np.trunc(expected)):
            return Difference("is wrong", hint="The fraction is cut off: an integer division //, int(...), or an integer dtype.")
        if isinstance(expected, int) and np.isfinite(found) and found != int(found):
            return Difference("is wrong", hint="A whole number is asked; this one has a fraction.")
        if isinstance(expected, int) and abs(found - expected) == 1:
            return Difference("is wrong", hint=ONE_OFF[found < expected])
    return Difference("is wrong")


def _text_hint(found: str, expected: str) -> str | None:
    if found.lower() == expected.lower():
        return "Upper and lower case differ, all else is right."
    if found.split() == expected.split() or found.strip() == expected.strip():
        return "Blanks or line ends differ, all else is right."
    if found == expected[::-1]:
        return "It is written backwards."
    if found and expected.startswith(found):
        return "What is there is right; the end is missing."
    if expected and found.startswith(expected):
        return "It goes on after what is asked."
    return None


def _first_letter(found: str, expected: str) -> str:
    place = next((place for place, (one, other) in enumerate(zip(found, expected, strict=False)) if one != other), min(len(found), len(expected)))
    return f"first at character {place}"


def _first_difference(found: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> str | None:
    if not expected.ndim:
        return None
    wrong = ~_elements(found, expected, tolerance)
    index = tuple(int(place) for place in np.argwhere(wrong)[0])
    where = f"first at index [{', '.join(map(str, index))}]"
    if found.dtype.kind in "biuf":
        where += f", {_number(found[index])} in place of {_number(expected[index])}"
    return f"{where}; {int(wrong.sum())} of {wrong.size} values differ"


def _number(value) -> str:
    return f"{value:.6g}" if isinstance(value, (float, np.floating)) else str(value)


def described(value) -> str:
    """A value for a message; the things of a tuple stand one a line."""
    if isinstance(value, tuple) and any(shape_of(item) for item in value):
        return "\n".join(text(item) for item in value)
    return text(value)


def _scalar(value):
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "biufU" else value


def _items(value) -> list | None:
    """What stands in a list, a tuple, or along the first axis of an array."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, np.ndarray) and value.ndim:
        return value.tolist() if value.ndim == 1 else list(value)
    return None


def _as_expected_array(actual, expected: np.ndarray, tolerance: Tolerance) -> np.ndarray | None:
    if isinstance(actual, (list, tuple)) and expected.ndim and not tolerance.lists:
        return None
    return _made_array(actual)


def _made_array(value) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except Exception:
        return None
    return None if array.dtype.kind == "O" else array


def _same_array(one: np.ndarray, other: np.ndarray, tolerance: Tolerance, any_kind: bool = False) -> bool:
    """any_kind: whether a truth value may stand for 0 or 1."""
    if one.shape != other.shape:
        return False
    if not any_kind and (one.dtype.kind == "b") != (other.dtype.kind == "b"):
        return False
    return bool(_elements(one, other, tolerance).all())


def _elements(one: np.ndarray, other: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    if one.dtype.kind in "biuf" and other.dtype.kind in "biuf":
        if other.dtype.kind == "f":
            return np.isclose(one.astype("float64"), other.astype("float64"), rtol=tolerance.rtol, atol=tolerance.atol, equal_nan=True)
        return one.astype("float64") == other.astype("float64")
    return np.asarray(one == other)


def _near(one, other, tolerance: Tolerance) -> bool:
    exact = isinstance(other.item(), int)
    return bool(_elements(one.reshape(()), other.astype("int64" if exact else "float64").reshape(()), tolerance).all())


__all__ = ["Difference", "Tolerance", "agree", "described", "difference", "plain"]
