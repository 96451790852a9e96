"""What is committed under data/: checksums, size, licences, and that stock tensorflow-datasets reads it alone."""

import os
import shutil
import subprocess
import sys

import pytest


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_every_prepared_file_has_its_checksum_and_every_checksum_its_file(build, data_folder):
    prepared = [path for name in build.NAMES for path in files_below(data_folder / name)]
    assert build.checksums.of_files(data_folder, prepared) == build.checksums.load(data_folder / "CHECKSUMS")


def test_all_data_is_under_ten_megabytes_and_no_file_over_two(data_folder):
    sizes = {path: path.stat().st_size for path in files_below(data_folder)}
    assert sum(sizes.values()) < 10_000_000
    assert max(sizes.values()) < 2_000_000


def test_each_builder_describes_the_folder_that_it_made(build, data_folder, tmp_path):
    import tensorflow_datasets as tfds

    for name in build.NAMES:
        described = build.builder_class(name)(data_dir=tmp_path).info
        prepared = tfds.builder_from_directory(data_folder / name / str(described.version)).info
        for part in ("description", "citation", "homepage", "supervised_keys", "disable_shuffling"):
            assert getattr(prepared, part) == getattr(described, part), (name, part)
        assert prepared.redistribution_info.license == described.redistribution_info.license
        assert prepared.features.to_json() == described.features.to_json()


def test_every_upstream_file_is_on_the_list(build):
    listed = build.checksums.load(build.UPSTREAM_LIST)
    for name in build.NAMES:
        for pattern in build.upstream_of(name).files:
            assert any(build.fetch.fnmatchcase(path, pattern) for path in listed), (name, pattern)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("us_births", "Creative Commons Zero v1.0 Universal (CC0 1.0)"),
        ("cmu_pronunciations", "Copyright (C) 1993-2015 Carnegie Mellon University"),
        ("us_addresses", "Copyright (c) 2014 The Atlanta Journal Constitution"),
        ("watch_exercises", "Copyright (c) 2018, David M. Burns"),
        ("shakespeare_plays", "Copyright 2019 Sean Stewart"),
    ],
)
def test_the_licence_text_of_the_package_is_carried(data_folder, name, words):
    assert words in (data_folder / "licenses" / f"{name}.txt").read_text(encoding="utf-8")


def test_the_readme_tells_of_every_set_its_package_and_version(build, data_folder):
    readme = (data_folder / "README.md").read_text(encoding="utf-8")
    for name in build.NAMES:
        upstream = build.upstream_of(name)
        assert f"## {name}" in readme
        assert f"`{upstream.package}` {upstream.version}" in readme


@pytest.mark.slow
def test_what_lessons_read_is_what_tensorflow_datasets_reads(build, data_folder):
    """Value for value, padding and types included, in the same order."""
    import numpy as np
    import tensorflow_datasets as tfds

    from grader.lab.data import prepared

    for name in build.NAMES:
        builder = tfds.builder_from_directory(prepared.newest(data_folder / name))
        theirs, ours = tfds.as_numpy(builder.as_dataset(batch_size=-1)), prepared.read(name)
        assert set(ours) == set(theirs)
        for split, features in theirs.items():
            assert set(ours[split]) == set(features)
            for feature, value in features.items():
                assert ours[split][feature].dtype == value.dtype and np.array_equal(ours[split][feature], value), (name, split, feature)
            rows = zip(prepared.examples(name)[split], tfds.as_numpy(builder.as_dataset(split=split)), strict=True)
            assert all(np.array_equal(one[feature], other[feature]) for one, other in rows for feature in features), name
        for feature, kind in builder.info.features.items():
            if isinstance(kind, tfds.features.ClassLabel) and (data_folder / name / "1.0.0" / f"{feature}.labels.txt").is_file():
                assert prepared.names(name, feature) == kind.names


STOCK = """
import socket, sys

def refuse(*arguments, **keywords):
    raise AssertionError("the network was asked for")

socket.socket.connect = socket.getaddrinfo = refuse
import tensorflow_datasets as tfds
print("imported", file=sys.stderr)
counts = {
    name: {split: int(rows.cardinality()) for split, rows in tfds.load(name, data_dir=sys.argv[1]).items()}
    for name in sys.argv[2:]
}
assert not any(module.startswith("builders") for module in sys.modules)
assert counts == {
    "us_births": {"train": 1},
    "pen_digits": {"train": 1, "test": 1},
    "japanese_vowels": {"train": 270, "test": 370},
    "cmu_pronunciations": {"train": 26},
    "us_addresses": {"train": 1513},
    "watch_exercises": {"train": 140},
    "shakespeare_plays": {"train": 38},
}, counts

from grader.lab import data
print("silent from here", file=sys.stderr)
for function in (data.births, data.pen_digits, data.japanese_vowels, data.exercises, data.addresses, data.plays):
    function()
"""


@pytest.mark.slow
def test_stock_tfds_loads_every_set_and_lab_data_is_silent_offline_and_writes_nothing(build, data_folder, tmp_path):
    copy = tmp_path / "data"
    copy.mkdir()
    for name in ("CHECKSUMS", *build.NAMES):
        source = data_folder / name
        shutil.copytree(source, copy / name) if source.is_dir() else shutil.copy(source, copy / name)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    for path in (*before, copy):
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = subprocess.run(
        [sys.executable, "-c", STOCK, copy, *build.NAMES],
        env=os.environ | {"RNN_COURSE_DATA": str(copy), "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.endswith("silent from here\n"), done.stderr
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before
    for path in (copy, *before):
        path.chmod(0o755)
