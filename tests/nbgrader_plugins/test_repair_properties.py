"""Notebooks merged and switched off at random: what passes in a plain kernel from top to bottom passes after repair."""

import copy
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell

from grader.nbgrader_plugins import release, repair

KEPT = {"deadline": None, "max_examples": 60, "suppress_health_check": list(HealthCheck)}


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
