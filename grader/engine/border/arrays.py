"""NumPy arrays and scalars: dtype, shape and raw bytes, each checked against the others.

What pandas makes of arrays crosses as the array that `np.asarray` gives; pandas itself is not needed for it.
"""

from __future__ import annotations

import re
from math import prod

import ml_dtypes
import numpy as np

from grader.engine.border.codec import FINDERS, reads
from grader.engine.border.errors import Uncrossable, require
from grader.engine.border.limits import MAX_AXES, MAX_BYTES, MAX_ITEMS

KINDS = "biufcSUMm"
DTYPE = re.compile(r"[<>|=][biufcSUMm][0-9]{1,8}(\[[0-9]{0,6}[A-Za-zμ]{1,7}(/[0-9]{1,6})?\])?", re.ASCII)
PANDAS = {"Series", "Index", "DataFrame", "ExtensionArray"}  # and what derives from them
# Dtypes that NumPy itself does not know, by name; their `str` would be that of raw bytes.
NAMED = {"bfloat16": np.dtype(ml_dtypes.bfloat16)}


def write_dtype_name(dtype: np.dtype) -> str:
    """`dtype` in a word. Raises Uncrossable for objects, structures and what a reader would not know."""
    name = next((name for name, named in NAMED.items() if dtype == named), None)
    if name is None and (dtype.kind not in KINDS or dtype.names or dtype.subdtype):
        raise Uncrossable("array")
    return name or dtype.str


def read_dtype_name(name) -> np.dtype:
    require(type(name) is str and (name in NAMED or DTYPE.fullmatch(name)), "a dtype that may not cross")
    dtype = NAMED.get(name) or np.dtype(name)
    require(name in NAMED or dtype.kind in KINDS)
    return dtype


def write_array(writer, value):
    if issubclass(type(value), np.ma.MaskedArray) and np.ma.is_masked(value):  # NumPy would drop the mask without a word
        raise Uncrossable("array", value)
    array = np.asarray(value)
    if array.dtype.kind == "O":
        if array.size > MAX_ITEMS:
            raise Uncrossable("items", value)
        return {"objects": [list(array.shape), writer.each(value, array.reshape(-1).tolist())]}
    return {"array": _data(writer, array)}


def write_scalar(writer, value):
    return {"scalar": _data(writer, np.asarray(value))}


@reads("array")
def read_array(reader, content):
    require(type(content) is list and len(content) == 3)
    name, shape, number = content
    dtype, shape = read_dtype_name(name), read_shape(shape)
    data = reader.segment(number)
    require(data.size == prod(shape) * dtype.itemsize, "an array whose shape and bytes differ")
    if not data.size:
        require(max(shape, default=0) <= MAX_BYTES)
        return np.zeros(shape, dtype)
    array = data.view(dtype).reshape(shape)
    # A byte that is neither 0 nor 1 is a boolean that equals neither; a letter beyond Unicode cannot be read.
    require(dtype.kind != "b" or int(data.max()) <= 1, "a boolean that is none")
    if dtype.kind == "U":
        letters = data.view(np.dtype(np.uint32).newbyteorder(dtype.byteorder))
        require(int(letters.max()) <= 0x10FFFF, "a text that is none")
    return array


@reads("scalar")
def read_scalar(reader, content):
    array = read_array(reader, content)
    require(array.shape == ())
    return array[()]


@reads("objects")
def read_objects(reader, content):
    require(type(content) is list and len(content) == 2)
    shape, items = read_shape(content[0]), reader.each(content[1])
    require(len(items) == prod(shape), "an array whose shape and items differ")
    array = np.empty(len(items), object)
    for index, item in enumerate(items):
        array[index] = item
    return array.reshape(shape)


def write_dtype(writer, value):
    return {"dtype": write_dtype_name(value)}


@reads("dtype")
def read_dtype(reader, name):
    return read_dtype_name(name)


def read_shape(shape) -> tuple[int, ...]:
    require(type(shape) is list and len(shape) <= MAX_AXES, "a shape of too many axes")
    require(all(type(axis) is int and 0 <= axis <= MAX_BYTES for axis in shape), "a shape that cannot be")
    return tuple(shape)


def _data(writer, array: np.ndarray) -> list:
    name = write_dtype_name(array.dtype)
    if array.dtype.itemsize == 0:
        array = array.astype(array.dtype.kind + "1")
        name = array.dtype.str
    shape = list(array.shape)
    if array.nbytes > MAX_BYTES:  # before a broadcast array is written out in full
        raise Uncrossable("size", array)
    flat = np.ascontiguousarray(array).reshape(-1)
    return [name, shape, writer.segment(memoryview(flat.view(np.uint8)) if flat.size else b"")]


@FINDERS.append
def find(kind: type):
    if issubclass(kind, np.generic):
        return write_scalar
    if issubclass(kind, np.ndarray):
        return write_array
    if issubclass(kind, np.dtype):
        return write_dtype
    if any(base.__name__ in PANDAS and str(base.__module__).partition(".")[0] == "pandas" for base in kind.__mro__):
        return write_array
    return None
