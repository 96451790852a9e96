"""Equal, close, and the same function; with the misconceptions that a wrong value betrays."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, shape_of, shape_text, text
from grader.checks.differing import Tolerance, difference
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.plainly import plain


def equal(actual, expected, name: str, mistakes: Mapping[str, object] | None = None) -> None:
    """Integers, strings, lists, dictionaries or arrays must be the same. Lists, tuples and arrays compare by content.

    mistakes: hint -> the wrong value that earns it.
    Raises CheckFailed.
    """
    if _same(actual, expected):
        return
    actual = plain(actual)
    found = difference(actual, plain(expected), Tolerance(lists=True))
    raise CheckFailed(
        f"{name} is wrong",
        hint=_recognise(actual, mistakes, _same) or _general_hint(actual, expected) or (found and found.hint),
        where=found and found.where,
        expected=text(expected),
        actual=text(actual),
    )


def close(
    actual, expected, name: str, rtol: float = 1e-5, atol: float = 1e-6, mistakes: Mapping[str, object] | Callable[[], Mapping[str, object]] | None = None
) -> None:
    """Numbers must agree within `atol + rtol * |expected|`, elementwise, as in `numpy.isclose`. NaN is never close.

    mistakes: hint -> the wrong value that earns it; a function that makes these is called for a wrong answer only.
    Raises CheckFailed; of an array it shows the element that is furthest off.
    """

    def near(left, right) -> bool:
        return _near(left, right, rtol, atol)

    if near(actual, expected):
        return
    hint = _recognise(actual, mistakes() if callable(mistakes) else mistakes, near)
    expected = as_array(expected)
    actual = plain(actual)
    if hint is None:
        found = difference(actual, plain(expected), Tolerance(rtol, atol, lists=True))
        hint = found and found.hint
    values = _numbers(actual)
    if values is None:
        raise CheckFailed(
            f"{name} is not made of numbers",
            hint=hint or _general_hint(actual, expected),
            expected=f"numbers of shape {shape_text(expected.shape)}",
            actual=text(actual),
        )
    if values.shape != expected.shape:
        from grader.checks.shapes import shape

        if hint is None:
            shape(values, expected.shape, name)
        raise CheckFailed(
            f"{name} has the wrong shape", hint=hint, expected=shape_text(expected.shape), actual=shape_text(values.shape)
        )
    if np.isnan(values).any() and not np.isnan(expected).any():
        raise CheckFailed(
            f"{name} has NaN in it",
            hint=hint or "NaN comes from 0/0, log(0) or overflow. Find the first line that makes one.",
            expected=text(expected),
            actual=text(actual),
        )
    off = np.abs(np.asarray(values, "float64") - expected)
    worst = np.unravel_index(int(np.argmax(off)), off.shape)
    where = f" at index {tuple(int(i) for i in worst)}" if values.ndim else ""
    count = int((off > atol + rtol * np.abs(expected)).sum())
    of = f"; {count} of {off.size} values differ" if off.size > 1 else ""
    raise CheckFailed(
        f"{name} is wrong",
        hint=hint,
        expected=f"{expected[worst]:.6g}{where}",
        actual=f"{values[worst]:.6g}{where}{of}",
    )


def same_function(
    fn: Callable,
    reference: Callable,
    cases: Iterable[tuple],
    name: str | None = None,
    mistakes: Mapping[str, Callable] | None = None,
    rtol: float = 1e-5,
    atol: float = 1e-6,
) -> None:
    """`fn` must give what `reference` gives for every argument tuple in `cases`.

    Arguments are copied for each call, so that a function that changes them in place harms
    nobody. A result may be a number, an array, a string, or lists, tuples and dictionaries of
    these in any nesting. Where the reference gives a float, tolerance applies; all else must be equal.
    mistakes: hint -> the wrong function that earns it.
    Raises CheckFailed.
    """
    name = name or getattr(fn, "__name__", "the function")
    for arguments in cases:
        expected = reference(*copy.deepcopy(arguments))
        actual = call(fn, *copy.deepcopy(arguments), name=name)
        if _agree(actual, expected, rtol, atol):
            continue
        hint = None
        for words, wrong in (mistakes or {}).items():
            try:
                guess = wrong(*copy.deepcopy(arguments))
            except Exception:  # a misconception need not work on every case
                continue
            if _agree(actual, guess, rtol, atol) and not _agree(guess, expected, rtol, atol):
                hint = words
                break
        # The arguments stand with the values, not in the problem: of a hidden check only problem and hint are shown.
        given = f"{name}({', '.join(text(argument) for argument in arguments)})"
        given = f"{given} is " if len(given) <= 120 else ""
        raise CheckFailed(
            f"`{name}` gives a wrong result",
            hint=hint or _general_hint(actual, expected),
            expected=given + _result_text(expected),
            actual=_result_text(actual),
        )


def _recognise(actual, mistakes, same) -> str | None:
    return next((words for words, wrong in (mistakes or {}).items() if same(actual, wrong)), None)


def _general_hint(actual, expected) -> str | None:
    if actual is None and expected is not None:
        return NOTHING_RETURNED
    if isinstance(actual, (list, tuple)) != isinstance(expected, (list, tuple)) and shape_of(actual) is None:
        return f"This is of type {_type_name(actual)}; {type(expected).__name__} is expected."
    if isinstance(actual, tuple) and isinstance(expected, tuple) and len(actual) != len(expected):
        return f"The function returns {len(actual)} things; {len(expected)} are expected."
    return None


def _type_name(value) -> str:
    """The nearest type that is not of the student's own: a hint is the course's text."""
    return next(cls.__name__ for cls in type(value).__mro__ if cls.__module__.partition(".")[0] in ("builtins", "numpy"))


def _plain(value):
    """`value` with arrays and tensors as nested lists and tuples as lists, so that == compares content."""
    if shape_of(value) is not None:
        return _plain(as_array(value).tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_plain_key(key): _plain(item) for key, item in value.items()}
    return value


def _plain_key(key):
    return key.item() if isinstance(key, np.generic) else key


def _same(left, right) -> bool:
    try:
        if shape_of(left) is not None and shape_of(right) is not None:
            left, right = np.asarray(as_array(left)), np.asarray(as_array(right))  # of no class of their own
            if left.dtype.kind in "biuf" and right.dtype.kind in "biuf":
                return _same_numbers(left, right)
        return _trusted_equal(_plain(left), _plain(right))
    except Exception:  # whatever cannot be compared is not equal
        return False


def _same_numbers(left: np.ndarray, right: np.ndarray) -> bool:
    """As `_trusted_equal` for their elements, at once; a truth value is no number."""
    if left.shape != right.shape or (left.dtype == bool) != (right.dtype == bool):
        return False
    return bool(np.equal(left.astype("float64"), right.astype("float64")).all())


def _trusted_equal(left, right) -> bool:
    """== over plain containers only, so that an object with an __eq__ of its own decides nothing."""
    if isinstance(right, list):
        return type(left) is list and len(left) == len(right) and all(map(_trusted_equal, left, right))
    if isinstance(right, dict):
        return (
            type(left) is dict and left.keys() == right.keys() and all(_trusted_equal(left[key], right[key]) for key in right)
        )
    if isinstance(right, bool) or isinstance(left, bool):
        return isinstance(left, (bool, np.bool_)) and isinstance(right, (bool, np.bool_)) and bool(left) == bool(right)
    if isinstance(right, (int, float, np.number)):
        return isinstance(left, (int, float, np.number)) and float(left) == float(right)
    return type(left) is type(right) and left == right


def _numbers(value) -> np.ndarray | None:
    try:
        array = as_array(value)
    except Exception:
        return None
    return array if array.dtype.kind in "fiub" else None


def _near(left, right, rtol: float, atol: float) -> bool:
    left, right = _numbers(left), _numbers(right)
    if left is None or right is None or left.shape != right.shape:
        return False
    return bool(np.isclose(left.astype("float64"), right.astype("float64"), rtol=rtol, atol=atol).all())


def _agree(actual, expected, rtol: float, atol: float) -> bool:
    """The same structure, with numbers within tolerance and all else equal."""
    numbers = _numbers(expected)
    if numbers is not None and numbers.dtype.kind == "f":
        return _near(actual, expected, rtol, atol)
    if isinstance(expected, (tuple, list)):
        if shape_of(actual):  # an array holds its rows in order, as a list does
            actual = list(as_array(actual))
        return (
            isinstance(actual, (tuple, list))
            and len(actual) == len(expected)
            and all(_agree(a, e, rtol, atol) for a, e in zip(actual, expected, strict=True))
        )
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping):
            return False
        actual, expected = ({_plain_key(key): item for key, item in value.items()} for value in (actual, expected))
        return actual.keys() == expected.keys() and all(_agree(actual[key], expected[key], rtol, atol) for key in expected)
    return _same(actual, expected)


def _result_text(value) -> str:
    if isinstance(value, tuple) and any(shape_of(item) for item in value):
        return "\n".join(text(item) for item in value)
    return text(value)
