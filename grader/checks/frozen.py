"""A set of cases as a file keeps it: what a check asks and what must come, worked out when the lesson was built.

The file is JSON of plain values, one case a line. It holds no code: of the reference its results only, and of each
typical mistake what it yields where that is not the right result.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

FORMAT = 1
LARGEST = 400_000  # characters of one set
DEEPEST = 20
NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
KINDS = "biufUM"  # of arrays: truth values, integers, floats, texts, dates


class FrozenError(Exception):
    """A value that no file of cases may hold, or a file that is none; the message says which."""


@dataclass(frozen=True)
class Case:
    """One call. arguments: by position. expected: its result. mistakes: (number of a hint, what that mistake yields)."""

    arguments: tuple
    expected: object
    mistakes: tuple[tuple[int, object], ...] = ()


@dataclass(frozen=True)
class Cases:
    """All that one check asks of one function.

    function: the name that a student reads. hints: of the typical mistakes, in the order in which they are tried.
    parts: names of the things in a result of several, or (). axes: what the axes of the result are, or of each of these things, such as
    "queries, tokens"; () where they are those of sequences. rtol, atol: as in `numpy.isclose`, for floats.
    lists: whether a Python list may stand where the reference gives an array.
    """

    name: str
    function: str
    cases: tuple[Case, ...]
    hints: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    rtol: float = 1e-5
    atol: float = 1e-6
    lists: bool = False
    axes: tuple[str, ...] = ()


def load(name: str) -> Cases:
    """The visible cases called `name`. Raises FrozenError where there are none."""
    place = files("grader.checks") / "frozen" / f"{name}.json"
    if not NAME.fullmatch(name) or not place.is_file():
        raise FrozenError(f"There are no cases called {name!r}: the course's files are of another version than this notebook.")
    return loads(place.read_text(encoding="utf-8"))


def loads(text: str) -> Cases:
    """Read a set of cases. Raises FrozenError."""
    if len(text) > LARGEST:
        raise FrozenError(f"A set of cases has {len(text):,} characters; {LARGEST:,} is the most.")
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise FrozenError(f"These cases are of format {told['format']!r}; this course reads {FORMAT}.")
        cases = tuple(
            Case(
                tuple(map(_decode, case["arguments"])),
                _decode(case["expected"]),
                tuple((int(number), _decode(value)) for number, value in case["mistakes"]),
            )
            for case in told["cases"]
        )
        options = {key: told[key] for key in ("name", "function", "rtol", "atol", "lists")}
        return Cases(cases=cases, hints=tuple(told["hints"]), parts=tuple(told["parts"]), axes=tuple(told.get("axes", ())), **options)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise FrozenError(f"This is no set of cases: {type(error).__name__}: {error}") from None


def dumps(cases: Cases, source: str = "") -> str:
    """Write a set of cases, the same text for the same cases. `source`: the stamp of what it was made from.

    Raises FrozenError for a value that is no plain one, and for too many of them.
    """
    head = {
        "format": FORMAT, "name": cases.name, "source": source, "function": cases.function, "parts": list(cases.parts),
        "rtol": cases.rtol, "atol": cases.atol, "lists": cases.lists, "hints": list(cases.hints),
        **({"axes": list(cases.axes)} if cases.axes else {}),
    }  # fmt: skip
    lines = [
        _line({
            "arguments": [_encode(argument) for argument in case.arguments],
            "expected": _encode(case.expected),
            "mistakes": [[number, _encode(value)] for number, value in case.mistakes],
        })
        for case in cases.cases
    ]  # fmt: skip
    text = _line(head)[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    if len(text) > LARGEST:
        raise FrozenError(f"The cases of {cases.name} take {len(text):,} characters; {LARGEST:,} is the most. Ask fewer or smaller ones.")
    return text


def stamp_of(text: str) -> str:
    """The stamp of the source that a set was made from, "" where it has none."""
    try:
        return json.loads(text)["source"]
    except (ValueError, KeyError, TypeError):
        return ""


def _line(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _encode(value, depth: int = 0):
    if depth > DEEPEST:
        raise FrozenError("A value in the cases is nested too deeply.")
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is list:
        return [_encode(item, depth + 1) for item in value]
    if type(value) is tuple:
        return {"tuple": [_encode(item, depth + 1) for item in value]}
    if type(value) is dict:
        return {"dict": [[_encode(key, depth + 1), _encode(item, depth + 1)] for key, item in value.items()]}
    kind = "array"
    if not isinstance(value, (np.ndarray, np.generic)):
        import keras

        if not keras.ops.is_tensor(value):
            raise FrozenError(f"A value of type {type(value).__name__} cannot be frozen; numbers, texts, lists, dictionaries, arrays and tensors can.")
        kind, value = "tensor", keras.ops.convert_to_numpy(value)
    array = np.asarray(value)
    if array.dtype.kind not in KINDS:
        raise FrozenError(f"An array of dtype {array.dtype} cannot be frozen.")
    dtype = str(array.dtype) if array.dtype.kind != "U" else "str"
    items = array.astype("str") if array.dtype.kind == "M" else array
    # The shortest digits that give the same number again in the array's own precision.
    flat = [float(str(item)) for item in items.ravel()] if array.dtype.kind == "f" else items.ravel().tolist()
    return {kind: flat, "dtype": dtype, "shape": list(array.shape)}


def _decode(value):
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "tuple" in value:
        return tuple(_decode(item) for item in value["tuple"])
    if "dict" in value:
        return {_decode(key): _decode(item) for key, item in value["dict"]}
    kind = "tensor" if "tensor" in value else "array"
    array = np.array(value[kind], dtype=value["dtype"]).reshape(value["shape"])
    if array.dtype.kind not in KINDS:
        raise FrozenError(f"An array of dtype {array.dtype} is no plain one.")
    if kind == "array":
        return array
    import keras

    return keras.ops.convert_to_tensor(array)
