"""Building a lesson for real: executed, released, proven, and stale when it should be."""

import nbformat
import pytest
import toy

from grader.authoring import build as builder
from grader.authoring import lesson as lessons
from grader.authoring import proofs
from grader.authoring.lesson import LessonError
from grader.nbgrader_plugins import release


def build(root, source=toy.SOURCE):
    lesson = lessons.read(toy.write(root, source))
    told = []
    return lesson, builder.build(root, lesson, tell=told.append), told


@pytest.mark.slow
def test_build_then_change_prose_then_code(tmp_path):
    lesson, written, told = build(tmp_path)
    assert written and "running every cell" in told
    solution = nbformat.read(builder.solution_path(tmp_path, "09_toy"), 4)
    assert [cell.outputs[0].text for cell in solution.cells if cell.source == "print(sorted(values))"] == ["[1, 2, 3]\n"]
    released = nbformat.read(builder.release_path(tmp_path, "09_toy"), 4)
    text = nbformat.writes(released)
    for secret in ("best_secret_way", "a hidden list", "hidden model answer", "SOLUTION", "BEGIN HIDDEN"):
        assert secret not in text
    assert not any(cell.get("outputs") for cell in released.cells)
    assert not (tmp_path / "solutions" / "09_toy" / "receipts").exists()

    lesson, written, told = build(tmp_path)
    assert not written and builder.stale(tmp_path, lesson) == []

    lesson, written, told = build(tmp_path, toy.SOURCE.replace("# # A toy", "# # A better toy"))
    assert written and told == ["no cell changed that shows anything; outputs are kept"]
    again = nbformat.read(builder.solution_path(tmp_path, "09_toy"), 4)
    assert [cell.get("outputs") for cell in again.cells] == [cell.get("outputs") for cell in solution.cells]
    assert again.metadata.language_info == solution.metadata.language_info

    released.cells[0].source = "edited by hand"
    nbformat.write(released, builder.release_path(tmp_path, "09_toy"))
    assert "student's notebook" in builder.stale(tmp_path, lesson)[0]

    changed = lessons.read(toy.write(tmp_path, toy.SOURCE.replace("[3, 1, 2]", "[3, 1, 2, 0]")))
    assert "older than its source" in builder.stale(tmp_path, changed)[0]
    builder.solution_path(tmp_path, "09_toy").write_text("{")
    assert "can be read" in builder.stale(tmp_path, changed)[0]
    (tmp_path / "notebooks" / ".ipynb_checkpoints").mkdir()
    assert builder.orphans(tmp_path, {"other"}) == [
        "solutions/09_toy: no lesson makes this folder.",
        "notebooks/09_toy: no lesson makes this folder.",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("print(sorted(values))", "print(missing)", "the solution fails in the cell that begins 'print\\(missing\\)'"),
        ("print(sorted(values))", "import sys\nprint(1, file=sys.stderr)", "writes to stderr"),
        ("best_secret_way = max(items)", "best_secret_way = min(items)", "the solution fails in cell `largest-test`"),
        ("values = [3, 1, 2]", "values = [3, 1, 2]\nfrom os import _exit\n_exit(3)", "the solution fails"),
        ("    ### BEGIN SOLUTION", "    if items == [3, 1, 2]:\n        return 3\n    ### BEGIN SOLUTION", "stub scores 12 points in test `largest-test`"),
        ("### END SOLUTION", "### END SOLUTION\n\nlargest([1])", "stub does not run: cell `largest` raises NotImplementedError"),
    ],
    ids=["a cell fails", "stderr", "a wrong solution", "a dead kernel", "a stub that scores", "a stub that fails"],
)
def test_what_fails_a_build_names_the_cell_and_writes_nothing(tmp_path, old, new, words):
    assert old in toy.SOURCE
    with pytest.raises(LessonError, match=words):
        build(tmp_path, toy.SOURCE.replace(old, new, 1))
    assert not builder.solution_path(tmp_path, "09_toy").exists()
    assert not builder.release_path(tmp_path, "09_toy").exists()


@pytest.mark.slow
def test_tests_may_not_lean_on_experiments(tmp_path):
    source = toy.SOURCE.replace("print(sorted(values))", "wanted = 3").replace("largest(values) == 3", "largest(values) == wanted")
    with pytest.raises(LessonError, match="largest-test.*experiments are skipped"):
        build(tmp_path, source)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda cells: cells[0].update(source="best_secret_way = max(items)"), "leaks a line of cell `largest`"),
        (lambda cells: cells[0].update(source='assert largest([7, 9, 8]) == 9, "a hidden list"'), "cell `largest-hidden`"),
        (lambda cells: cells[0].update(source="it's \"best_secret_way = max(items)\""), "leaks a line of cell `largest`"),
        (lambda cells: cells[0].metadata.update(note="Because the hidden model answer says so."), "cell `why`"),
        (lambda cells: cells[2].update(outputs=[nbformat.v4.new_output("stream", text="[1, 2, 3]")]), "has outputs"),
        (lambda cells: cells[3].update(source="### BEGIN SOLUTION"), "marks of a secret"),
    ],
)
def test_a_leak_is_found(tmp_path, edit, words):
    lesson = lessons.read(toy.write(tmp_path))
    released = release(lesson.notebook)
    proofs.no_leak(lesson, released)
    edit(released.cells)
    with pytest.raises(LessonError, match=words):
        proofs.no_leak(lesson, released)
