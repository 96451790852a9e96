"""Read the files of a prepared data set, records of tf.train.Example as features.json describes them, without tensorflow-datasets.

tensorflow-datasets needs tensorflow-metadata, whose generated code refuses the protobuf that Colab ships: its list of 2026-08-19 has
1.21 beside protobuf 5.29. TensorFlow, which is there anyhow, has all that these files need (https://www.tensorflow.org/tutorials/load_data/tfrecord).
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from grader.lab.data.packages import package

BEFORE, AFTER = 12, 4  # bytes around a record: its length and that one's checksum; its own checksum


def splits(folder: Path) -> dict[str, list[dict]]:
    """Return {split: [{feature: value}, ...]} of the version in `folder`: arrays, strings as bytes, single numbers as NumPy's.

    Raises whatever a damaged file makes it raise, and DataError where TensorFlow cannot be used.
    """
    features = _json(folder / "features.json")["featuresDict"]["features"]
    return {
        split["name"]: [_example(record, features) for path in _shards(folder, split) for record in _records(path.read_bytes())]
        for split in _json(folder / "dataset_info.json")["splits"]
    }


def names(folder: Path, feature: str) -> list[str]:
    """The names of the classes of a ClassLabel feature, in the order of their numbers."""
    return (folder / f"{feature}.labels.txt").read_text(encoding="utf-8").splitlines()


def _json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _shards(folder: Path, split: dict) -> list[Path]:
    """The files of a split, in order; as many as dataset_info.json counts."""
    count = len(split["shardLengths"])
    name = folder.parent.name
    return [folder / f"{name}-{split['name']}.tfrecord-{shard:05d}-of-{count:05d}" for shard in range(count)]


def _records(content: bytes) -> Iterator[bytes]:
    """Raises ValueError for a file that ends in the middle of a record."""
    place = 0
    while place < len(content):
        (length,) = struct.unpack_from("<Q", content, place)
        record = content[place + BEFORE : place + BEFORE + length]
        place += BEFORE + length + AFTER
        if place > len(content):
            raise ValueError("the last record is cut off")
        yield record


def _example(record: bytes, features: dict) -> dict:
    example = package("tensorflow").train.Example.FromString(record)
    return {name: _value(example.features.feature[name], feature) for name, feature in features.items()}


def _value(stored, feature: dict):
    """A feature's value. stored: tf.train.Feature; feature: what features.json says of it."""
    kind = feature["pythonClassName"].rsplit(".", 1)[-1]
    if kind == "Text":
        return stored.bytes_list.value[0]
    if kind == "ClassLabel":
        return np.int64(stored.int64_list.value[0])
    if kind == "Sequence":
        if "text" in feature["sequence"]["feature"]:
            return np.array(stored.bytes_list.value, object)
        return np.array(stored.int64_list.value, np.int64)
    shape = [int(size) for size in feature["tensor"]["shape"].get("dimensions", [])]
    dtype = np.dtype(feature["tensor"]["dtype"])
    if feature["tensor"]["encoding"] == "zlib":
        return np.frombuffer(zlib.decompress(stored.bytes_list.value[0]), dtype).reshape(shape)
    if kind == "Scalar":
        return dtype.type(stored.int64_list.value[0])
    raise ValueError(f"a feature of kind {kind} without compression is not read here")
