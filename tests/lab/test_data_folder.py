"""Finding the data folder, and what a reader is told when it is missing or damaged."""

import shutil

import pytest

from grader.lab import data
from grader.lab.data import folder


@pytest.fixture
def course(tmp_path):
    """A folder with a data/ that holds the births."""
    (tmp_path / "data").mkdir()
    for name in ("CHECKSUMS", "us_births"):
        source, target = data.home() / name, tmp_path / "data" / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return tmp_path


def births_file(course):
    return next((course / "data" / "us_births").rglob("*.tfrecord*"))


def test_home_is_what_the_variable_names(course, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(course / "data"))
    assert data.home() == course / "data"


def test_home_is_found_above_the_current_directory(course, monkeypatch):
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    notebook = course / "notebooks" / "01_sequence_basics"
    notebook.mkdir(parents=True)
    monkeypatch.chdir(notebook)
    assert data.home() == course / "data"


def test_home_is_beside_the_package_and_another_data_folder_is_passed_by(tmp_path, monkeypatch):
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "CHECKSUMS").write_text("someone else's")
    monkeypatch.chdir(tmp_path)
    assert data.home() == folder.Path(folder.__file__).resolve().parents[3] / "data"


def test_a_wrong_variable_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path))
    with pytest.raises(data.DataError, match="RNN_COURSE_DATA is set to .*not the course's data folder"):
        data.home()


def test_no_folder_anywhere_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "grader" / "lab" / "data" / "folder.py"))
    with pytest.raises(data.DataError, match="set RNN_COURSE_DATA to the course's data/ folder"):
        data.home()


def test_a_missing_set_is_named(course, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(course / "data"))
    with pytest.raises(data.DataError, match="pen_digits is not in"):
        data.pen_digits()


def damage_cut_in_the_middle(course):
    path = births_file(course)
    path.write_bytes(path.read_bytes()[:-1000])


def damage_emptied(course):
    births_file(course).write_bytes(b"")


def damage_one_bit(course):
    path = births_file(course)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damage_deleted(course):
    births_file(course).unlink()


def damage_git_lfs_pointer(course):
    births_file(course).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")


def damage_info(course):
    next((course / "data").rglob("dataset_info.json")).write_text("{")


def damage_features(course):
    next((course / "data").rglob("features.json")).unlink()


@pytest.mark.parametrize(
    "damage",
    [
        damage_cut_in_the_middle,
        damage_emptied,
        damage_one_bit,
        damage_deleted,
        damage_git_lfs_pointer,
        damage_info,
        damage_features,
    ],
)
def test_a_damaged_set_is_named_with_its_remedy(course, monkeypatch, damage):
    damage(course)
    monkeypatch.setenv("RNN_COURSE_DATA", str(course / "data"))
    with pytest.raises(data.DataError, match="us_births cannot be read.*damaged.*git checkout") as raised:
        data.births()
    assert raised.value.__cause__ is not None


def test_a_number_that_changed_is_found_too(course, monkeypatch):
    """Not only what unpacking finds: any bit of the records, the last one, of a checksum that is not read, among them."""
    content = bytearray(births_file(course).read_bytes())
    content[-1] ^= 1
    births_file(course).write_bytes(content)
    monkeypatch.setenv("RNN_COURSE_DATA", str(course / "data"))
    with pytest.raises(data.DataError, match=f"{births_file(course)} is damaged or missing, by its checksum"):
        data.births()


def test_line_ends_of_another_system_are_no_damage(course, monkeypatch):
    info = next((course / "data").rglob("features.json"))
    info.write_bytes(info.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setenv("RNN_COURSE_DATA", str(course / "data"))
    assert len(data.births()[0]) == 5479


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModuleNotFoundError("No module named 'tensorflow'", name="tensorflow"), "tensorflow 2.* is not whole: run `pip install --force-reinstall"),
        (ModuleNotFoundError("No module named 'absl'", name="absl.logging"), "tensorflow 2.* lacks the package absl: run `pip install absl`"),
        (ImportError("numpy.core.umath failed to import"), "tensorflow 2.* cannot be used beside numpy .*protobuf .*: numpy.core.umath failed to import"),
        (RuntimeError("gencode 6.31.1 runtime 5.29.6. See there"), "cannot be used beside numpy .*: gencode 6.31.1 runtime 5.29.6. Run `pip install --upgrade"),
    ],
    ids=["half a package", "a package that it needs", "another NumPy", "another protobuf"],
)
def test_whole_data_are_never_blamed_for_a_package(monkeypatch, error, words):
    def refuse(name):
        raise error

    monkeypatch.setattr("grader.lab.data.packages.importlib.import_module", refuse)
    with pytest.raises(data.DataError, match=f"{words}.*The data are not at fault") as raised:
        data.births()
    assert "damaged" not in str(raised.value) and "git checkout" not in str(raised.value) and "\n" not in str(raised.value)
    assert raised.value.__cause__ is error


def test_whatever_else_goes_wrong_is_said_without_blaming_whole_files(monkeypatch):
    def fails(folder):
        raise AttributeError("no such function")

    monkeypatch.setattr("grader.lab.data.records.splits", fails)
    with pytest.raises(data.DataError, match="although its files are whole: AttributeError: no such function") as raised:
        data.births()
    assert "damaged" not in str(raised.value)


def test_no_set_needs_tensorflow_datasets(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    for function in (data.births, data.pen_digits, data.japanese_vowels, data.exercises, data.addresses, data.plays, data.pronunciations):
        function()


def test_reading_changes_no_random_state_and_no_log_level(monkeypatch):
    import keras
    import numpy as np
    from absl import logging

    def draws():
        return np.random.rand(), float(keras.random.uniform(()))

    level = logging.get_verbosity()
    keras.utils.set_random_seed(1)
    expected = draws()
    keras.utils.set_random_seed(1)
    data.births()
    assert draws() == expected
    assert logging.get_verbosity() == level
