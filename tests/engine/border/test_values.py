"""What crosses by value comes out as it went in."""

import math
from collections import Counter, OrderedDict, defaultdict, namedtuple
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import keras
import ml_dtypes
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from honest import cross, honest

from grader.engine.border import CannotCross, Missing

Point = namedtuple("Point", "x y")
Counted = namedtuple("Counted", "count words")
Wide = namedtuple("Wide", [f"field{index}" for index in range(51)])


class Word(str):
    """A text that claims to be equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


PLAIN = [
    None, True, 0, -7, 10**3999, 2.5, math.inf, -0.0, 2 + 3j, "", "naïve ☃", "\ud800", "long " * 400, b"", b"\x00\xff",
    [], [1, [2.0, [None]]], (), (1, ("a",)), {}, {"a": 1, 2: [3], (4, 5): {"deep": None}}, {1, "a"}, frozenset({2}),
    range(3, 30, 4), slice(1, None, -1), ..., date(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 1, 7), timedelta(days=-1, seconds=3),
    Fraction(-3, 7), Decimal("1.50"),
]  # fmt: skip


def _name(value) -> str:
    """The start of what is printed; a set in order, since its own differs from process to process."""
    return "set of " + " and ".join(sorted(map(repr, value))) if isinstance(value, set) else repr(value)[:30]


@pytest.mark.parametrize("value", PLAIN, ids=_name)
def test_plain_values(value):
    found = cross(value)
    assert type(found) is type(value) and found == value and repr(found) == repr(value)


def test_what_is_not_a_number_stays_so():
    assert math.isnan(cross(float("nan")))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (Counter(a=None), {"a": None}),
        (Counted(1, 2), (1, 2)),
        (Wide(*range(51)), tuple(range(51))),
        (Point.__new__(type("Renamed", (Point,), {"_fields": ("x", "y.z")}), 1, 2), (1, 2)),
        ({"a": 1}.keys(), ["a"]),
        ({"a": 1}.values(), [1]),
        ({"a": 1}.items(), [("a", 1)]),
        (OrderedDict(a=1).items(), [("a", 1)]),
        (bytearray(b"ab"), b"ab"),
        (type("Number", (int,), {})(3), 3),
        (type("List", (list,), {})([1]), [1]),
    ],
)
def test_a_subclass_crosses_as_the_plain_value(value, plain):
    found = cross(value)
    assert type(found) is type(plain) and found == plain


def test_a_named_tuple_keeps_its_fields():
    first, second = cross([Point(np.arange(2), "a"), Point(Point(1, 2), None)])
    assert type(first) is type(second) and isinstance(first, tuple) and type(first) is not Point
    assert first.x.tolist() == [0, 1] and first.y == "a" and second.x.y == 2 and type(first).__name__ == "Point"
    assert cross(Point(1, 2)) == (1, 2) and cross(Point(1, 2))._asdict() == {"x": 1, "y": 2}


def test_a_named_tuple_brings_no_methods():
    lying = type("Point", (Point,), {"__eq__": lambda self, other: True, "__hash__": None})
    assert cross(lying(1, 2)) != (3, 4)


@pytest.mark.parametrize("counter", [Counter("aab"), Counter({("a", 1): 2.5}), Counter()], ids=repr)
def test_a_counter_counts(counter):
    found = cross(counter)
    assert type(found) is Counter and found == counter and found["missing"] == 0
    assert found.most_common() == counter.most_common()


def test_a_lying_text_no_longer_lies():
    found = cross(Word("yes"))
    assert type(found) is str and found != "no" and found == "yes"


ARRAYS = [
    np.arange(12, dtype="int16").reshape(3, 4), np.zeros((0, 3)), np.array(3.5), np.array(True), np.ones((2, 1, 3), ">f4"),
    np.array(["a", "longer"]), np.array([b"x"]), np.array("2024-02-29", "M8[D]"), np.array([3], "m8[ns]"), np.array([1 + 2j]),
    np.arange(10)[::-2], np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.ones(3, "float16"), np.ones(3, ml_dtypes.bfloat16),
    np.array([]), np.array([""]), np.float32(2.5), np.int64(-3), np.bool_(True), np.str_("a"), np.datetime64("2024-01-01"),
    np.array([[1, 2], [3]], object), np.array([None, "a", np.ones(2)], object),
]  # fmt: skip


@pytest.mark.parametrize("array", ARRAYS, ids=repr)
def test_arrays_and_scalars(array):
    found = cross(array)
    assert type(found) is type(array) and found.dtype == array.dtype and found.shape == array.shape
    assert str(found) == str(array)


class Prices(pd.Series):
    """A student's own kind of series."""


@pytest.mark.parametrize(
    "value",
    [
        pd.Series([1.5, 2.0]), pd.Series([1, 2], dtype="int32"), pd.Series([[1, 2], "a"]), pd.Series(["a", "b"]), pd.Series(["a"], dtype="category"),
        pd.Series([True, False]), pd.Series([], dtype=float), pd.Series(["2024-02-29"], dtype="datetime64[ns]"), Prices([1, 2]),
        pd.Index([3, 1]), pd.Index(["a"]), pd.RangeIndex(3), pd.date_range("2024-01-01", periods=3), pd.MultiIndex.from_tuples([(1, "a")]),
        pd.DataFrame({"a": [1, 2], "b": [0.5, 1.0]}), pd.DataFrame({"a": [1], "b": ["x"]}), pd.array([1, 2]), np.matrix([[1, 2]]), np.ma.array([1, 2]),
        np.ma.array([1.5, 2], mask=[0, 0]),
    ],
    ids=repr,
)  # fmt: skip
def test_tables_and_other_arrays_cross_as_plain_arrays(value):
    found, plain = cross(value), np.asarray(value)
    assert type(found) is np.ndarray and found.dtype == plain.dtype and found.tolist() == plain.tolist()


def test_a_matrix_has_two_axes():
    assert cross(np.matrix([1, 2])).shape == (1, 2)


def test_an_array_can_be_written_to():
    found = cross(np.arange(3))
    found[0] = 7
    assert found.tolist() == [7, 1, 2]


def test_tensors():
    found = cross(tf.constant([[1.5, 2.0]]))
    assert tf.is_tensor(found) and found.dtype == tf.float32 and found.numpy().tolist() == [[1.5, 2.0]]
    assert cross(tf.constant(["a", "ü"])).numpy().tolist() == ["a".encode(), "ü".encode()]
    assert cross(tf.Variable([1, 2])).numpy().tolist() == [1, 2]
    assert cross(keras.Variable([1.0, 2.0])).numpy().tolist() == [1, 2]
    assert cross(tf.constant([1.0], tf.bfloat16)).dtype == tf.bfloat16
    ragged = tf.ragged.constant([[1, 2], [], [3]])
    assert cross(ragged).to_list() == ragged.to_list()
    symbol = cross(keras.Input((None, 3)))
    assert isinstance(symbol, keras.KerasTensor) and tuple(symbol.shape) == (None, None, 3) and symbol.dtype == "float32"
    assert cross(tf.TensorShape([None, 2])).as_list() == [None, 2]
    assert cross(tf.int32) is tf.int32 and cross(np.dtype("f8")) == np.dtype("f8")


def test_a_dataset_crosses_by_its_elements():
    dataset = tf.data.Dataset.from_tensor_slices({"x": np.arange(7), "y": np.ones((7, 2))}).batch(3)
    found = cross(dataset)
    assert found.element_spec == dataset.element_spec and len(found) == 3
    assert [part["x"].numpy().tolist() for part in found] == [[0, 1, 2], [3, 4, 5], [6]]
    with pytest.raises(CannotCross, match="without an end"):
        cross(dataset.repeat())


def cyclic():
    value = []
    value.append([value])
    return value


def deep():
    value = 1
    for _ in range(150):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((i for i in range(3)), "only once"),
        (zip([1], [2]), "only once"),
        (map(abs, [1]), "only once"),
        (filter(None, [1]), "only once"),
        (reversed([1]), "only once"),
        (enumerate([1]), "only once"),
        (math, "module"),
        (open(__file__), "open file"),
        (cyclic(), "no end"),
        (deep(), "100 deep"),
        ([None] * 1_000_001, "million"),
        (10**4100, "4,000 digits"),
        (np.zeros(2, [("a", "i4")]), "holds something else"),
        (np.ma.array([1, 2], mask=[0, 1]), "holds something else"),
        (np.broadcast_to(np.float64(1), (2**40,)), "256 MiB"),
        (tf.sparse.from_dense([[1]]), "Return numbers"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_cross_says_its_name_its_type_and_what_to_do(value, words):
    with pytest.raises(CannotCross) as failed:
        cross(value)
    assert "`value` cannot be handed to the checks" in failed.value.problem
    assert words in failed.value.hint and "of type" in failed.value.actual


def test_a_name_that_is_not_there():
    with honest() as referee, pytest.raises(Missing, match="name 'windows' is not defined"):
        referee.fetch("windows")
