"""Long lists of numbers, which cross as one array: a list of a million token ids is no million JSON items.

    {"numbers": ["<i8", [3000, 400], "[(", 0]}    a list of 3000 tuples of 400 ints, in segment 0
    {"scalars": ["<f4", [5000], "[", 0]}          a list of 5000 scalars of the type np.float32

All numbers are ints within int64, or all floats, or all bools, or all NumPy scalars of one type, and
all rows of an axis are of one length and one type. They come out as they went in, bit for bit.
"""

from __future__ import annotations

from itertools import chain
from math import prod

import numpy as np

from grader.engine.border.arrays import read_array, read_dtype_name, read_shape
from grader.engine.border.codec import reads
from grader.engine.border.errors import require
from grader.engine.border.limits import MAX_AXES, MAX_NUMBERS

FEWEST = 1_000  # a shorter list stands in the header
DTYPES = {int: "<i8", float: "<f8", bool: "|b1"}
SCALARS = "biufc"  # kinds of dtypes
BRACKETS = {list: "[", tuple: "("}
MAKERS = {"[": list, "(": tuple}


def write_numbers(writer, value: list | tuple) -> dict | None:
    """`value` packed, or None for what is short, ragged, mixed or too large, and is written item by item."""
    shape, brackets, first = [], "", value
    while type(first) in BRACKETS and len(first) and len(shape) < MAX_AXES:
        shape.append(len(first))
        brackets += BRACKETS[type(first)]
        first = first[0]
    kind = type(first)
    dtype = DTYPES.get(kind) or _dtype_of_scalars(kind)
    if not dtype or prod(shape) < FEWEST or _objects(shape) > MAX_NUMBERS:
        return None
    items = value
    for length, bracket in zip(shape[1:], brackets[1:], strict=True):
        if set(map(type, items)) != {MAKERS[bracket]} or set(map(len, items)) != {length}:
            return None
        items = list(chain.from_iterable(items))
    if set(map(type, items)) != {kind}:
        return None
    try:
        array = np.array(items, dtype)
    except OverflowError:
        return None
    writer.count_numbers(_objects(shape), value)
    key = "numbers" if kind in DTYPES else "scalars"
    return {key: [dtype, shape, brackets, writer.segment(memoryview(array.view(np.uint8)))]}


@reads("numbers")
def read_numbers(reader, content):
    require(type(content) is list and len(content) == 4)
    require(type(content[0]) is str and content[0] in DTYPES.values(), "a list of other things than numbers")
    return _read(reader, *content, np.ndarray.tolist)


@reads("scalars")
def read_scalars(reader, content):
    require(type(content) is list and len(content) == 4)
    require(read_dtype_name(content[0]).kind in SCALARS, "a list of other things than numbers")
    return _read(reader, *content, list)


def _read(reader, dtype, shape, brackets, number, unpack):
    """The list; `unpack` makes one of numbers of an array of one axis. Checks all but the dtype."""
    shape = read_shape(shape)
    require(shape and min(shape) > 0, "a list without an end or without numbers")
    require(type(brackets) is str and len(brackets) == len(shape) and set(brackets) <= set(MAKERS))
    reader.count_numbers(_objects(shape), len(shape))
    items = unpack(read_array(reader, [dtype, list(shape), number]).reshape(-1))
    for length, bracket in zip(shape[:0:-1], brackets[:0:-1], strict=True):
        items = [MAKERS[bracket](items[start : start + length]) for start in range(0, len(items), length)]
    return MAKERS[brackets[0]](items)


def _dtype_of_scalars(kind: type) -> str | None:
    dtype = np.dtype(kind) if issubclass(kind, np.generic) else None
    return dtype.str if dtype and dtype.type is kind and dtype.kind in SCALARS else None


def _objects(shape) -> int:
    """How many numbers and rows a list of `shape` is made of."""
    total, rows = 0, 1
    for length in shape:
        rows *= length
        total += rows
    return total
