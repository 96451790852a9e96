"""Notebooks merged and switched off at random: what passes in a plain kernel from top to bottom passes after repair."""

import copy
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell

from grader.nbgrader_plugins import release, repair

KEPT = {"deadline": None, "max_examples": 60, "suppress_health_check": list(HealthCheck)}


@pytest.mark.slow
@settings(**KEPT)
@given(
    target=st.sampled_from(["double", "total"]),
    kind=st.sampled_from(["raw", "markdown", "deleted"]),
    shift=st.integers(-3, 1),
    locked=st.sets(st.sampled_from(["setup", "numbers", "double-test"])),
    stripped=st.booleans(),
)
def test_an_answer_in_a_cell_of_its_own_and_lines_in_locked_cells_lose_no_point(toy, target, kind, shift, locked, stripped):
    notebook = toy.answered(release(toy.lesson_notebook()))
    at = next(n for n, cell in enumerate(notebook.cells) if cell.id == target)
    answer = notebook.cells[at].source
    if kind == "deleted":
        del notebook.cells[at]
    else:
        notebook.cells[at].update(cell_type=kind, source="an old attempt")
    notebook.cells.insert(max(0, min(at + shift, at)), new_code_cell(answer, id="moved"))
    for cell in notebook.cells:
        if cell.id in locked:
            cell.source = f"mine_{len(cell.source)} = 1\n{cell.source}"
        if stripped:
            cell.metadata = {}
    plain = _passed(toy, _with_tests(toy, notebook))
    mended, notes = repair(toy.lesson_notebook(), notebook)
    assert plain <= _passed(toy, mended), notes


def _with_tests(toy, notebook):
    """The notebook as it was handed in, run from top to bottom: its metadata put back so that tests are known."""
    run = copy.deepcopy(notebook)
    for cell in run.cells:
        known = next((one for one in toy.lesson_notebook().cells if one.id == cell.id), None)
        cell.metadata = known.metadata if known is not None and known.cell_type == cell.cell_type else {"rnn_course": {"role": "own"}}
    return run


def _passed(toy, notebook):
    scores = toy.plain_verdict(SimpleNamespace(notebook=notebook, tests=None)).scores
    return {name for name, score in scores.items() if score.points == score.max_points and score.points}


ANSWERS = {
    "double": {"right": "def double(x):\n    return x + x", "helped": "def half(x):\n    return x / 2\n\n\ndef double(x):\n    return 4 * half(x)", "wrong": "def double(x):\n    return x"},
    "total": {"right": "def total(xs):\n    return sum(xs)", "helped": "START = 0\n\n\ndef total(xs):\n    return sum(xs, START)", "wrong": "def total(xs):\n    return 0"},
}
CHANGES = st.lists(st.tuples(st.sampled_from(["cut", "merge", "split", "move", "retype", "copy"]), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=4)


@pytest.mark.slow
@settings(**{**KEPT, "max_examples": 80})
@given(double=st.sampled_from(sorted(ANSWERS["double"])), total=st.sampled_from(sorted(ANSWERS["total"])), changes=CHANGES, stripped=st.booleans())
def test_a_notebook_cut_merged_split_reordered_and_retyped_loses_no_point(toy, double, total, changes, stripped):
    notebook = toy.answered(release(toy.lesson_notebook()), {"double": ANSWERS["double"][double], "total": ANSWERS["total"][total], "why": "Because."})
    for number, (what, one, other) in enumerate(changes):
        _change(notebook.cells, what, one, other, f"new-{number}")
    plain = _passed(toy, _as_a_plain_kernel_has_it(toy, notebook))
    if stripped:
        for cell in notebook.cells:
            cell.metadata = {}
    mended, notes = repair(toy.lesson_notebook(), notebook)
    assert plain <= _passed(toy, mended), notes


def _change(cells, what, one, other, name):
    """One thing that students do to cells."""
    at = one % len(cells)
    cell = cells[at]
    if what == "cut" and len(cells) > 1:
        del cells[at]
    elif what == "move":
        cells.insert(other % len(cells), cells.pop(at))
    elif what == "copy":
        twin = copy.deepcopy(cell)
        twin.id = name
        cells.insert(at + 1, twin)
    elif what == "retype":
        kind = ["code", "markdown", "raw"][other % 3]
        cell.cell_type = kind
        if kind == "code":
            cell.update(outputs=[], execution_count=None)
        else:
            cell.pop("outputs", None), cell.pop("execution_count", None)
    elif what == "merge" and at + 1 < len(cells) and cells[at + 1].cell_type == cell.cell_type:
        cell.source = f"{cell.source}\n{cells[at + 1].source}"
        del cells[at + 1]
    elif what == "split" and "\n" in cell.source:
        lines = cell.source.split("\n")
        starts = [n for n, line in enumerate(lines) if n and line[:1].strip() and not line.startswith(("#", ")", "]"))]
        if starts:
            cut = starts[other % len(starts)]
            rest = copy.deepcopy(cell)
            cell.source, rest.source = "\n".join(lines[:cut]), "\n".join(lines[cut:])
            (cell if other % 2 else rest).update(id=name, metadata={})
            cells.insert(at + 1, rest)


def _as_a_plain_kernel_has_it(toy, notebook):
    """The notebook as it was handed in, run from top to bottom; where a released test stands, all of that test runs."""
    run = copy.deepcopy(notebook)
    source, stub = toy.lesson_notebook(), release(toy.lesson_notebook())
    tests = {given.source: whole for given, whole in zip(stub.cells, source.cells, strict=True) if whole.metadata["rnn_course"]["role"] == "test"}
    for number, cell in enumerate(run.cells):
        whole = tests.pop(cell.source, None) if cell.cell_type == "code" else None
        cell.metadata = copy.deepcopy(whole.metadata) if whole else {"rnn_course": {"role": "own"}}
        cell.source, cell.id = (whole.source, whole.id) if whole else (cell.source, f"cell-{number}")
    return run


def test_a_helper_stays_before_the_answer_though_a_test_was_moved_before_it(toy):
    """The restored test goes back to its place, and the helper that had followed it there does not go with it."""
    notebook = toy.answered(release(toy.lesson_notebook()), {**toy.SOLVED, "double": "def double(x):\n    return 4 * half(x)"})
    at = next(n for n, cell in enumerate(notebook.cells) if cell.id == "double")
    hidden = notebook.cells.pop(next(n for n, cell in enumerate(notebook.cells) if cell.id == "double-hidden"))
    notebook.cells[at:at] = [hidden, new_code_cell("def half(x):\n    return x / 2", id="helper")]
    mended, _ = repair(toy.lesson_notebook(), notebook)
    ids = [cell.id for cell in mended.cells]
    assert ids.index("helper") < ids.index("double") < ids.index("double-hidden")
    assert {"double-test", "double-hidden"} <= _passed(toy, mended)
