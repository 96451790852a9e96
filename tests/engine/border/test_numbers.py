"""Long lists of numbers cross as arrays, and nobody can tell."""

import math
from datetime import datetime

import numpy as np
import pytest
from honest import cross

from grader.engine.border import CannotCross
from grader.engine.border.codec import Writer
from grader.engine.border.limits import MAX_NUMBERS

ROW = list(range(-200, 200))
PACKED = {
    "ints": list(range(1_500)),
    "the largest ints": [-(2**63), 2**63 - 1] * 600,
    "floats": [0.1, -0.0, math.inf, 5e-324] * 300,
    "bools": [True, False, False] * 400,
    "a tuple": tuple(range(1_000)),
    "rows": [ROW] * 30,
    "pairs": [(i, -i) for i in range(1_000)],
    "a tuple of lists of pairs": tuple([(1.5, float(i))] * 3 for i in range(400)),
    "NumPy floats": list(np.linspace(-1, 1, 1_200)),
    "NumPy half floats": tuple(np.float16([1.5, np.inf] * 600)),
    "NumPy bools": [[np.True_, np.False_] * 30] * 20,
    "NumPy integers": [np.uint8(200)] * 1_000,
    "NumPy complex numbers": [np.complex64(1 - 2j)] * 1_000,
    "in a dictionary": {"ids": list(range(2_000)), "more": [[True] * 600] * 2},
}
ONE_BY_ONE = {
    "ints and floats": [1, 2.0] * 600,
    "floats and NumPy floats": [1.0, np.float64(2)] * 600,
    "two widths": [np.float32(1), np.float64(2)] * 600,
    "NumPy texts": [np.str_("a")] * 1_200,
    "NumPy dates": [np.datetime64("2024-02-29")] * 1_200,
    "ints and bools": [1, True] * 600,
    "a late text": [0] * 1_500 + ["a"],
    "an int beyond int64": [1] * 1_500 + [2**63],
    "ragged rows": [[1] * 600, [1] * 700],
    "rows of both kinds": [[1] * 600, (1,) * 600],
    "rows and a number": [[1] * 600, 2],
    "empty rows": [[]] * 1_500,
}


def everything(value):
    """Each part of `value` with its type."""
    if isinstance(value, dict):
        return {key: everything(item) for key, item in value.items()}
    inner = [everything(item) for item in value] if isinstance(value, (list, tuple)) else repr(value)
    return type(value), inner


@pytest.mark.parametrize("value", (PACKED | ONE_BY_ONE).values(), ids=PACKED | ONE_BY_ONE)
def test_lists_come_out_as_they_went_in(value):
    assert everything(cross(value)) == everything(value)


@pytest.mark.parametrize("name", PACKED)
def test_long_lists_take_no_items(name):
    writer = Writer(refer=None)
    writer.put(PACKED[name])
    assert writer.segments and writer._items < 10


@pytest.mark.slow
def test_five_million_token_ids():
    ids = list(range(5_000_000))
    assert cross(ids) == ids


def test_a_table_of_more_than_a_million():
    table = [[float(row)] * 400 for row in range(3_000)]
    assert cross(table) == table


@pytest.mark.slow
def test_more_numbers_than_may_cross():
    with pytest.raises(CannotCross) as failed:
        cross([True] * (MAX_NUMBERS + 1))
    assert "NumPy array" in failed.value.hint
    with pytest.raises(CannotCross):
        cross({"a": [True] * 12_000_000, "b": [False] * 12_000_000})


@pytest.mark.slow
def test_values_that_are_written_at_length_are_refused_before_they_are_sent():
    """Fewer than a million, and more JSON than the other side takes."""
    with pytest.raises(CannotCross) as failed:
        cross([datetime(2024, 2, 29)] * 600_000)
    assert "million" in failed.value.hint


def test_rows_that_hold_themselves_are_seen():
    rows = [[1] * 40 for _ in range(40)]
    rows[7] = rows
    with pytest.raises(CannotCross) as failed:
        cross(rows)
    assert "no end" in failed.value.hint
