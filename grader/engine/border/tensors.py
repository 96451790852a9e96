"""TensorFlow's and Keras' tensors. TensorFlow is met only where a value needs it; importing this runs nothing."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from grader.engine.border.arrays import read_shape
from grader.engine.border.codec import FINDERS, reads, writes
from grader.engine.border.errors import Uncrossable, require
from grader.engine.border.limits import MAX_ITEMS

DTYPES = {name: dtype for name, dtype in vars(tf).items() if isinstance(dtype, tf.DType)}
NO_VALUES = {"resource", "variant"}


def write_tensor(writer, value):
    if not hasattr(value, "numpy"):
        raise Uncrossable("symbolic", value)
    if value.dtype.name in NO_VALUES:
        raise Uncrossable("type", value)
    return {"tensor": writer.put(np.asarray(value.numpy()))}


def write_variable(writer, value):
    return write_tensor(writer, tf.convert_to_tensor(value))


@reads("tensor")
def read_tensor(reader, content):
    array = reader.get(content)
    require(type(array) is np.ndarray, "a tensor that is no array")
    if array.dtype == object:
        require(all(type(item) is bytes for item in array.flat), "a tensor of objects")
        return tf.constant(array, tf.string)
    return tf.constant(array)


def write_ragged(writer, value):
    return {"ragged": [writer.put(value.flat_values), writer.each(value, value.nested_row_splits)]}


@reads("ragged")
def read_ragged(reader, content):
    require(type(content) is list and len(content) == 2)
    values, splits = reader.get(content[0]), reader.each(content[1])
    require(tf.is_tensor(values) and 1 <= len(splits) <= 20)
    for split in splits:
        require(tf.is_tensor(split) and split.dtype in (tf.int32, tf.int64) and split.shape.rank == 1)
    return tf.RaggedTensor.from_nested_row_splits(values, splits, validate=True)


def write_symbol(writer, value):
    return {"symbol": [_open_shape(value.shape), keras.backend.standardize_dtype(value.dtype)]}


@reads("symbol")
def read_symbol(reader, content):
    require(type(content) is list and len(content) == 2 and content[1] in DTYPES)
    return keras.KerasTensor(_read_open_shape(content[0]), content[1])


def write_tensor_shape(writer, value):
    return {"tensorshape": None if value.rank is None else _open_shape(value)}


@reads("tensorshape")
def read_tensor_shape(reader, content):
    return tf.TensorShape(None if content is None else _read_open_shape(content))


def write_tf_dtype(writer, value):
    return {"tfdtype": value.name}


@reads("tfdtype")
def read_tf_dtype(reader, name):
    require(type(name) is str and name in DTYPES)
    return DTYPES[name]


def write_spec(writer, value):
    if type(value) is tf.TensorSpec:
        return {"spec": [None if value.shape.rank is None else _open_shape(value.shape), value.dtype.name]}
    if type(value) is tf.RaggedTensorSpec:
        shape = None if value.shape.rank is None else _open_shape(value.shape)
        return {"raggedspec": [shape, value.dtype.name, value.ragged_rank, value.row_splits_dtype.name]}
    raise Uncrossable("type", value)


@reads("spec")
def read_spec(reader, content):
    require(type(content) is list and len(content) == 2 and content[1] in DTYPES)
    return tf.TensorSpec(None if content[0] is None else _read_open_shape(content[0]), DTYPES[content[1]])


@reads("raggedspec")
def read_ragged_spec(reader, content):
    require(type(content) is list and len(content) == 4 and content[1] in DTYPES and content[3] in ("int32", "int64"))
    require(type(content[2]) is int and 0 <= content[2] <= 20)
    shape = None if content[0] is None else _read_open_shape(content[0])
    return tf.RaggedTensorSpec(shape, DTYPES[content[1]], content[2], DTYPES[content[3]])


def write_dataset(writer, value):
    """Its elements; one that does not end runs into the caps on items and bytes."""
    if value.cardinality().numpy() == tf.data.INFINITE_CARDINALITY:
        raise Uncrossable("dataset", value)
    return {"dataset": [writer.put(value.element_spec), writer.each(value, value)]}


@reads("dataset")
def read_dataset(reader, content):
    require(type(content) is list and len(content) == 2)
    spec, elements = reader.get(content[0]), reader.each(content[1])
    require(all(isinstance(leaf, tf.TypeSpec) for leaf in tf.nest.flatten(spec)), "a dataset of nothing known")
    for element in elements:
        tf.nest.assert_same_structure(spec, element)
        for leaf, part in zip(tf.nest.flatten(spec), tf.nest.flatten(element), strict=True):
            require(leaf.is_compatible_with(part), "an element that its dataset could not hold")
    dataset = tf.data.Dataset.from_generator(lambda: iter(elements), output_signature=spec)
    return dataset.apply(tf.data.experimental.assert_cardinality(len(elements)))


def _open_shape(shape) -> list:
    return [None if axis is None else int(axis) for axis in shape]


def _read_open_shape(shape) -> tuple:
    require(type(shape) is list)
    read_shape([axis for axis in shape if axis is not None])
    return tuple(shape)


writes(tf.Variable, keras.Variable, tf.IndexedSlices)(write_variable)


@FINDERS.append
def find(kind: type):
    families = (
        (tf.RaggedTensor, write_ragged),
        (tf.Variable, write_variable),
        (tf.IndexedSlices, write_variable),
        (tf.Tensor, write_tensor),
        (tf.TensorShape, write_tensor_shape),
        (tf.DType, write_tf_dtype),
        (tf.data.Dataset, write_dataset),
        (tf.TypeSpec, write_spec),
        (keras.KerasTensor, write_symbol),
        (keras.Variable, write_variable),
    )
    return next((writer for family, writer in families if issubclass(kind, family)), None)
