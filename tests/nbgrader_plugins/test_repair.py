"""A damaged submission gets its release's shape back, and every answer is kept."""

import copy
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.nbgrader_plugins import answer_sheet, release, repair
from grader.nbgrader_plugins.repair import role
from grader.nbgrader_plugins.scoring import unanswered


@pytest.fixture
def mended(toy):
    """Repair a submission and check what must hold whatever was done to it."""

    def mend(submitted, answers=toy.SOLVED):
        source = toy.lesson_notebook()
        before = copy.deepcopy(submitted)
        notebook, notes = repair(source, submitted)
        assert submitted == before and source == toy.lesson_notebook()
        nbformat.validate(notebook)
        sheet = {cell.id: cell for cell in answer_sheet(source).cells}
        graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
        assert [cell.id for cell in graded] == [c.id for c in sheet.values() if "nbgrader" in c.metadata]
        for cell in graded:
            assert cell.metadata == sheet[cell.id].metadata
            wanted = answers.get(cell.id, sheet[cell.id].source)
            assert cell.source == wanted, cell.id
        assert notebook.metadata.kernelspec == toy.KERNEL
        return notebook, [note["text"] for note in notes]

    return mend


def test_an_honest_submission_needs_no_repair(mended, student):
    notebook, notes = mended(student)
    assert notes == []
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in student.cells]


def _strip_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def _strip_all(notebook):
    notebook.metadata, notebook.nbformat_minor = {}, 2
    for cell in notebook.cells:
        cell.metadata = {}
        del cell["id"]


def _reverse(notebook):
    notebook.cells.reverse()


def _swap_names(notebook):
    one, other = (next(c for c in notebook.cells if c.id == i) for i in ("double", "double-test"))
    one.metadata.nbgrader.grade_id, other.metadata.nbgrader.grade_id = "double-test", "double"


def _swap_names_and_ids(notebook):
    _swap_names(notebook)
    one, other = (next(c for c in notebook.cells if c.id == i) for i in ("double", "double-test"))
    one.id, other.id = other.id, one.id


def _damage(notebook):
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
        about = cell.metadata.get("nbgrader")
        if about:
            about.update(points=1e9, grade=not about.grade, locked=False, schema_version=99, checksum="0")


def _metadata_is_nonsense(notebook):
    for n, cell in enumerate(notebook.cells):
        cell.metadata = [[], "x", {"nbgrader": []}, {"nbgrader": {"grade_id": 7}}, None][n % 5]


def _other_kernel(notebook):
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}


def _edited_locked(notebook):
    for cell in notebook.cells:
        if role(cell) in ("test", "given", "setup"):
            cell.source = cell.source.replace("assert", "pass  #") + "\n# mine"


def _windows_line_ends(notebook):
    for cell in notebook.cells:
        if role(cell) not in ("exercise", "question"):
            cell.source = cell.source.replace("\n", "  \n") + "\n\n"


DAMAGES = [
    _strip_metadata, _strip_all, _reverse, _swap_names, _swap_names_and_ids, _damage, _metadata_is_nonsense,
    _other_kernel, _edited_locked, _windows_line_ends,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda f: f.__name__.strip("_"))
def test_damage_is_undone(mended, student, damage):
    damage(student)
    mended(student)


@pytest.mark.parametrize("name", ["double-test", "double-hidden", "numbers", "setup"])
def test_a_deleted_locked_cell_comes_back(mended, student, name):
    student.cells = [cell for cell in student.cells if cell.id != name]
    _, notes = mended(student)
    assert notes == [next(n for n in notes if f"`{name}` was missing and was put back" in n)]


def test_a_set_up_cell_that_was_released_and_ticked_is_no_change_but_another_line_is(toy, student):
    from grader.authoring.setup_cell import fetching, setup_cell

    source = toy.lesson_notebook()
    toy.by_name(source, "setup").source = setup_cell("toy")
    released = fetching(setup_cell("toy"), "https://github.com/someone/rnn-course.git").replace("DRIVE = False", "DRIVE = True")
    toy.by_name(student, "setup").source = released
    assert repair(source, student)[1] == []
    toy.by_name(student, "setup").source = released + "\nimport os"
    assert [note["text"] for note in repair(source, student)[1]] == ["Set-up cell `setup` had been changed in line 2 and was restored."]


def test_a_deleted_answer_is_the_stub(mended, toy, student):
    student.cells = [cell for cell in student.cells if cell.id != "double"]
    _, notes = mended(student, {k: v for k, v in toy.SOLVED.items() if k != "double"})
    assert notes == ["No answer was found for `double`; its stub was put back."]


def test_a_test_that_was_changed_is_restored_and_said(mended, toy, student):
    toy.by_name(student, "double-test").source = "assert double(3) == 7"
    _, notes = mended(student)
    assert notes == ["Test cell `double-test` had been changed in line 1 and was restored."]


def test_work_written_over_a_test_is_kept_as_a_cell(mended, toy, student):
    toy.by_name(student, "double-test").source = "for n in range(10):\n    print('trying', n)"
    notebook, _ = mended(student)
    kept = next(cell for cell in notebook.cells if "trying" in cell.source)
    assert role(kept) == "own" and "nbgrader" not in kept.metadata


def test_copies_of_a_test_are_dropped(mended, toy, student):
    for n in range(3):
        twin = copy.deepcopy(toy.by_name(student, "double-test"))
        twin.id = f"twin-{n}"
        student.cells.append(twin)
    notebook, notes = mended(student)
    assert notes == ["Test cell `double-test` stood there 4 times; one was kept."]
    assert len(notebook.cells) == len(toy.lesson_notebook().cells)


def _copy_of(toy, notebook, name, source):
    twin = copy.deepcopy(toy.by_name(notebook, name))
    twin.id, twin.source = f"copy-{len(notebook.cells)}", source
    return twin


def _own(notebook):
    return [cell.source for cell in notebook.cells if role(cell) == "own"]


def test_of_several_answers_the_last_before_its_first_test_counts(mended, toy, student):
    stub = answer_sheet(toy.lesson_notebook()).cells[4].source
    student.cells.insert(4, _copy_of(toy, student, "double", "def double(x):\n    return 0"))
    student.cells.append(_copy_of(toy, student, "double", "def double(x):\n    return 'scratch'"))
    student.cells.append(_copy_of(toy, student, "double", stub))
    notebook, notes = mended(student)
    assert notes == ["`double` stood there 4 times; the last answer before its first test counts."]
    assert _own(notebook) == ["def double(x):\n    return 0", "def double(x):\n    return 'scratch'"]
    assert notebook.cells[-1].source == "def double(x):\n    return 'scratch'"


def test_where_no_answer_stands_before_the_test_the_last_counts(mended, toy, student):
    stub = answer_sheet(toy.lesson_notebook()).cells[4].source
    student.cells.append(_copy_of(toy, student, "double", "def double(x):\n    return 0"))
    student.cells.append(_copy_of(toy, student, "double", toy.SOLVED["double"]))
    toy.by_name(student, "double").source = stub
    notebook, notes = mended(student)
    assert notes == ["`double` stood there 3 times; the last answer counts."]
    assert _own(notebook) == ["def double(x):\n    return 0"]


def test_a_copy_after_a_test_that_the_build_names_comes_too_late(toy, student):
    """A test may stand after another exercise than its own."""
    source = toy.lesson_notebook()
    tests = source.cells[5:7]
    source.cells[5:] = [*source.cells[7:], *tests]
    for test in tests:
        test.metadata.rnn_course["exercise"] = "double"
    student = toy.answered(release(source), {**toy.SOLVED, "double": "def double(x):\n    return 0"})
    student.cells.insert(-2, _copy_of(toy, student, "double", toy.SOLVED["double"]))
    student.cells.append(_copy_of(toy, student, "double", "def double(x):\n    return 'scratch'"))
    notebook, _ = repair(source, student)
    assert toy.by_name(notebook, "double").source == toy.SOLVED["double"]


def test_prose_turned_into_code_stays_as_code_that_runs(mended, toy, student):
    at = next(n for n, cell in enumerate(student.cells) if cell.id == "between")
    student.cells[at] = new_code_cell("def helper(xs):\n    return sum(xs)", id="between")
    leaning = {**toy.SOLVED, "total": "def total(xs):\n    return helper(xs)"}
    notebook, notes = mended(toy.answered(student, leaning), leaning)
    restored, kept = notebook.cells[at : at + 2]
    assert (restored.id, restored.cell_type, restored.source) == ("between", "markdown", "Now add them up.")
    assert (role(kept), kept.cell_type, kept.source) == ("own", "code", "def helper(xs):\n    return sum(xs)")
    assert notes == []
    assert toy.plain_verdict(SimpleNamespace(notebook=notebook, tests=None)).scores["total-test"].points == 1


def test_an_experiment_turned_into_text_does_not_run(mended, student):
    student.cells[3] = new_markdown_cell(student.cells[3].source, id="look")
    notebook, _ = mended(student)
    assert _skips(notebook) == {"look"}
    assert _own(notebook) == [student.cells[3].source]


@pytest.mark.parametrize("source", ["", " \n\n", "  Because. \n\n", "\n# Because."], ids=repr)
def test_white_space_is_no_answer(toy, student, source):
    stub = toy.by_name(release(toy.lesson_notebook()), "why").source
    toy.by_name(student, "why").source = source.replace("Because.", stub)
    notebook, _ = repair(toy.lesson_notebook(), student)
    assert unanswered(toy.by_name(notebook, "why")) is (not source.strip().startswith("#"))


def test_own_cells_stay_beside_their_neighbours(mended, student):
    student.cells.insert(0, new_code_cell("# first", metadata={"tags": ["x"]}))
    student.cells.insert(6, new_markdown_cell("a note after double", metadata={"nbgrader": {"grade": True, "points": 9}}))
    student.cells.append(new_code_cell("# last"))
    notebook, notes = mended(student)
    assert notes == []
    ids = [cell.id for cell in notebook.cells]
    assert [cell.source for cell in notebook.cells if role(cell) == "own"] == ["# first", "a note after double", "# last"]
    assert notebook.cells[0].source == "# first"
    assert notebook.cells[-1].source == "# last"
    assert notebook.cells[ids.index("double") + 1].source == "a note after double"
    assert all(c.metadata == {"rnn_course": {"role": "own"}} for c in notebook.cells if role(c) == "own")


def test_an_own_cell_cannot_take_a_trusted_id(mended, student):
    student.cells.insert(2, new_code_cell("x = 1", id="double-test"))
    student.cells.insert(2, new_code_cell("y = 1", id="double-test"))
    notebook, _ = mended(student)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


def test_the_same_submission_gives_the_same_notebook(student):
    """The engine's job key rests on it."""
    toy_source = copy.deepcopy(student)
    _strip_all(student)
    student.cells.append(nbformat.from_dict({"cell_type": "code", "source": "z", "metadata": {}, "outputs": []}))
    assert repair(toy_source, student) == repair(toy_source, student)


def test_an_answer_turned_into_another_kind_of_cell_is_kept(mended, student):
    for n, cell in enumerate(student.cells):
        if cell.id in ("double", "why"):
            make = new_markdown_cell if cell.cell_type == "code" else new_code_cell
            student.cells[n] = make(cell.source, id=cell.id, metadata=cell.metadata)
    notebook, notes = mended(student)
    assert {cell.id: cell.cell_type for cell in notebook.cells if cell.id in ("double", "why")} == {
        "double": "code",
        "why": "markdown",
    }
    assert len(notes) == 2


def test_an_answer_in_a_new_cell_after_all_else_was_lost(mended, student):
    student.cells = [new_code_cell("import math"), *(c for c in student.cells if c.id in ("double", "total", "why"))]
    _strip_all(student)
    mended(student)


def test_pasted_pictures_stay_in_a_written_answer(mended, toy, student):
    picture = {"plot.png": {"image/png": "aGk="}}
    toy.by_name(student, "why")["attachments"] = picture
    notebook, _ = mended(student)
    assert toy.by_name(notebook, "why").attachments == picture


def _skips(notebook):
    return {cell.id for cell in notebook.cells if cell.metadata.get("rnn_course", {}).get("skip")}


def test_an_unchanged_experiment_is_skipped_and_a_changed_one_runs(mended, student):
    notebook, _ = mended(copy.deepcopy(student))
    assert _skips(notebook) == {"look"}
    student.cells[3].source += "\nprint(len(squares))"
    notebook, _ = mended(student)
    assert _skips(notebook) == set()
    assert notebook.cells[3].source == student.cells[3].source


def test_an_experiment_that_the_answer_leans_on_runs(mended, toy, student):
    leaning = {**toy.SOLVED, "double": "def double(x):\n    return squares and 2 * x"}
    notebook, _ = mended(toy.answered(student, leaning), leaning)
    assert _skips(notebook) == set()


def test_a_skip_mark_on_a_test_is_not_believed(mended, student):
    for cell in student.cells:
        cell.metadata["rnn_course"] = {"role": "experiment", "skip": True}
    notebook, _ = mended(student)
    assert _skips(notebook) == {"look"}
