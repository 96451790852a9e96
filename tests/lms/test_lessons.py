"""Which lesson a notebook is, whatever became of its name and metadata: tried on the released lessons."""

import copy
import json
from pathlib import Path

import nbformat
import pytest

from grader.lms.lessons import Catalogue, named

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.read(NOTEBOOKS)


def nothing():
    raise AssertionError("the name says it")


@pytest.mark.parametrize(
    "name",
    [
        "01_sequence_basics.ipynb", "Copy of 01_sequence_basics.ipynb", "01_sequence_basics (1).ipynb", "01_sequence_basics-2.ipynb",
        "01_sequence_basics.ipynb.txt", "Kopie von 01_sequence_basics.ipynb", "“01_sequence_basics.ipynb”的副本", "01-Sequence Basics.ipynb", "ada_01_sequence_basics_final.ipynb",
    ],
)  # fmt: skip
def test_a_changed_name_still_says_it(catalogue, name):
    assert catalogue.find(name, nothing).lesson == "01_sequence_basics"


def test_names_that_say_nothing():
    lessons = ["01_a", "01_a_long", "11_a"]
    assert named("homework.ipynb", lessons) == "" and named("1_a.ipynb", lessons) == ""
    assert named("x 01_a_long (1).ipynb", lessons) == "01_a_long" and named("111_a.ipynb", lessons) == ""


@pytest.mark.parametrize("lesson", sorted(path.stem for path in NOTEBOOKS.glob("*/*.ipynb")))
def test_each_lesson_is_known_by_its_cells_and_by_its_text(catalogue, lesson):
    notebook = nbformat.read(NOTEBOOKS / lesson / f"{lesson}.ipynb", 4)
    found = catalogue.find("homework.ipynb", json.dumps(notebook).encode)
    assert (found.lesson, found.how) == (lesson, "by its cells' names")
    bare = copy.deepcopy(notebook)
    bare.metadata = {}
    for cell in bare.cells:
        cell.metadata = {}
        cell.pop("id", None)
        if "YOUR CODE HERE" in cell.source:
            cell.source = "x = 1"
    found = catalogue.find("Untitled.ipynb", json.dumps(bare).encode)
    assert (found.lesson, found.how) == (lesson, "by its text")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\x00\xff" * 50, "not a complete notebook"),
        (b'{"cells": [', "not a complete notebook"),
        (b"[" * 100_000, "not a complete notebook"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "print(1)"}]}', "neither its name nor its cells"),
    ],
    ids=["empty", "binary", "truncated", "deep", "another"],
)
def test_what_cannot_be_told_says_why(catalogue, content, why):
    found = catalogue.find("homework.ipynb", lambda: content)
    assert found.lesson == "" and why in found.how


def test_a_notebook_of_two_lessons_is_no_lesson(catalogue):
    first, second = (nbformat.read(NOTEBOOKS / lesson / f"{lesson}.ipynb", 4) for lesson in ("01_sequence_basics", "02_recurrent_layers"))
    first.cells += second.cells
    assert catalogue.find("all.ipynb", json.dumps(first).encode).lesson == ""


def test_without_releases_there_is_one_clear_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        Catalogue.read(tmp_path)
