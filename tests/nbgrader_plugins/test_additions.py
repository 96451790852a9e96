"""What was added to a locked cell is kept, what was changed is restored, and the note says which lines."""

import pytest

from grader.nbgrader_plugins import repair
from grader.nbgrader_plugins.additions import added
from grader.nbgrader_plugins.repair import role


def _own(notebook):
    return [cell.source for cell in notebook.cells if role(cell) == "own"]


@pytest.mark.parametrize("name", ["setup", "numbers"])
def test_a_line_added_to_a_locked_cell_is_a_cell_after_it(toy, student, name):
    cell = next(cell for cell in student.cells if cell.id == name)
    cell.source += "\nimport statistics"
    toy.by_name(student, "total").source = "def total(xs):\n    return statistics.fsum(xs)"
    notebook, notes = repair(toy.lesson_notebook(), student)
    at = next(n for n, one in enumerate(notebook.cells) if one.id == name)
    assert notebook.cells[at + 1].source == "import statistics" and role(notebook.cells[at + 1]) == "own"
    assert "1 line that you added was kept" in notes[0]["text"] and "`import statistics`" in notes[0]["text"]


def test_a_helper_above_a_visible_test_stands_before_it(toy, student):
    helper = "def twice(x):\n    return 2 * x\n\n" + "\n".join(f"A{n} = {n}" for n in range(40))
    test = toy.by_name(student, "double-test")
    test.source = f"{helper}\n{test.source}"
    notebook, notes = repair(toy.lesson_notebook(), student)
    ids = [cell.id for cell in notebook.cells]
    assert notebook.cells[ids.index("double-test") - 1].source == helper
    assert notes[0]["text"].startswith("Test cell `double-test` was restored; 43 lines that you added were kept")


def test_what_was_changed_is_restored_and_its_line_is_named():
    released = "a = 1\nb = 2\nc = 3"
    assert added("a = 1\nb = 9\nc = 3\nd = 4", released, is_test=False) == ([], ["d = 4"])
    assert added("z = 0\na = 1\nb = 2\nc = 3", released, is_test=False) == (["z = 0"], [])


@pytest.mark.parametrize(
    ("theirs", "released"),
    [("xs = [\n    1,\n    4,\n    2,\n]", "xs = [\n    1,\n    2,\n]"), ("def f():\n    x = 2\n    return 1", "def f():\n    return 1"), ("a = 1\n# why", "a = 1"), ("a = 1\n(", "a = 1")],
    ids=["within a list", "within a function", "a comment", "no Python"],
)
def test_what_cannot_stand_alone_is_not_kept(theirs, released):
    assert added(theirs, released, is_test=False) == ([], [])


def test_of_what_stands_in_a_test_only_what_needs_nothing_of_it_is_kept():
    assert added("want = 6\nprint(want)\nmine = want\nassert f(3) == want", "want = 6\nassert f(3) == want", is_test=True) == ([], [])


def test_the_note_names_the_lines(toy, student):
    toy.by_name(student, "double-test").source = "x = 1\nassert double(3) == 7, 'double(3) is 7'"
    _, notes = repair(toy.lesson_notebook(), student)
    assert "in line 1 and was restored" in notes[0]["text"]
