"""An answer that stands in another cell counts: no stub and no attempt that was switched off is put over it."""

import copy

import pytest
from nbformat.v4 import new_code_cell

from grader.nbgrader_plugins import repair

RIGHT = "def double(x):\n    return 2 * x"


def _passes(toy, notebook):
    from types import SimpleNamespace

    scores = toy.plain_verdict(SimpleNamespace(notebook=notebook, tests=None)).scores
    return {name for name, score in scores.items() if score.points == score.max_points}


def test_two_answers_merged_into_one_cell(toy, student):
    merged = f"{toy.SOLVED['total']}\n\n\n{RIGHT}"
    toy.by_name(student, "double").source = merged
    student.cells = [cell for cell in student.cells if cell.id != "total"]
    notebook, notes = repair(toy.lesson_notebook(), student)
    assert {"double-test", "double-hidden", "total-test"} <= _passes(toy, notebook)
    assert [note["text"] for note in notes] == ["`total` was missing; `total` of another cell counts."]


@pytest.mark.parametrize("kind", ["raw", "markdown"])
@pytest.mark.parametrize("where", [0, 1], ids=["above", "below"])
def test_an_attempt_that_was_switched_off_stays_off_where_the_answer_is_elsewhere(toy, student, kind, where):
    at = next(n for n, cell in enumerate(student.cells) if cell.id == "double")
    old = student.cells[at]
    old.update(cell_type=kind, source="def double(x):\n    return 'old'")
    student.cells.insert(at + where, new_code_cell(RIGHT))
    notebook, notes = repair(toy.lesson_notebook(), student)
    assert {"double-test", "double-hidden"} <= _passes(toy, notebook)
    assert "left switched off" in notes[0]["text"]
    kept = next(cell for cell in notebook.cells if "'old'" in cell.source)
    assert kept.cell_type == kind


def test_of_two_copies_the_one_that_is_switched_on_counts(toy, student):
    at = next(n for n, cell in enumerate(student.cells) if cell.id == "double")
    old = copy.deepcopy(student.cells[at])
    old.update(cell_type="raw", source="def double(x):\n    return 'old'", id="old")
    student.cells.insert(at + 1, old)
    notebook, _ = repair(toy.lesson_notebook(), student)
    assert {"double-test", "double-hidden"} <= _passes(toy, notebook)


def test_an_answer_that_is_nowhere_else_is_switched_on(toy, student):
    toy.by_name(student, "double").update(cell_type="raw")
    notebook, notes = repair(toy.lesson_notebook(), student)
    assert {"double-test", "double-hidden"} <= _passes(toy, notebook) and "code again" in notes[0]["text"]


@pytest.mark.parametrize(
    ("file", "lesson", "words"),
    [
        ("F2_old_attempt_as_raw_new_answer_above_lesson00", "00_start_here", "switched off"),
        ("F3_two_answers_merged_into_one_cell_lesson01", "01_sequence_basics", "another cell counts"),
        ("F4_m-imports_lesson01", "01_sequence_basics", "kept as a cell of your own"),
    ],
)
def test_notebooks_that_lost_points_before(file, lesson, words):
    from pathlib import Path

    import nbformat

    from grader.nbgrader_plugins.reading import read

    here = Path(__file__).parent
    notebook = read(here / "arrived" / f"{file}.ipynb")
    source = nbformat.read(here.parents[1] / "solutions" / lesson / f"{lesson}.ipynb", 4)
    _, notes = repair(source, notebook)
    assert any(words in note["text"] for note in notes), notes
