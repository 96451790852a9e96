"""The student's notebook and the answer sheet are what nbgrader itself makes and stores."""

import nbformat
import pytest

from grader.nbgrader_plugins import answer_sheet, release


def test_release_is_nbgraders_own(ours, toy):
    made = nbformat.read(ours.root / "notebooks" / toy.LESSON / f"{toy.LESSON}.ipynb", 4)
    assert release(toy.lesson_notebook()).cells == made.cells


def test_release_holds_no_secret(toy):
    text = nbformat.writes(release(toy.lesson_notebook()))
    assert "return 2 * x" not in text
    assert "2469134" not in text
    assert "Because." not in text
    assert text.count("YOUR CODE HERE") == 2


def test_answer_sheet_has_the_gradebooks_checksums(ours, toy):
    sheet = answer_sheet(toy.lesson_notebook())
    with ours.api.gradebook as gradebook:
        stored = {
            cell.name: (cell.checksum, cell.source)
            for cell in gradebook.find_notebook(toy.LESSON, toy.LESSON).source_cells
        }
    graded = {c.metadata.nbgrader.grade_id: c for c in sheet.cells if "nbgrader" in c.metadata}
    assert {name: (c.metadata.nbgrader.checksum, c.source) for name, c in graded.items()} == stored


def test_the_source_is_left_alone(toy):
    source = toy.lesson_notebook()
    release(source)
    assert source == toy.lesson_notebook()


def test_an_unclosed_region_is_an_error(toy):
    source = toy.lesson_notebook()
    toy.by_name(source, "double").source = "### BEGIN SOLUTION\nx = 1"
    with pytest.raises(RuntimeError, match="end solution"):
        release(source)
