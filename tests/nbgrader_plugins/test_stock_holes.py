"""Each hole in stock nbgrader: shown there, and closed here.

The first half damages the notebook, the second half attacks the kernel or the scorer. What
stock nbgrader 0.9 does is asserted too, so that a hole it closes itself shows up here.
"""

import copy

import nbformat
import pytest
from nbgrader import utils
from nbgrader.apps.api import NbGraderAPI

from grader.nbgrader_plugins import course

pytestmark = pytest.mark.slow  # real kernels, one or more a test

FULL = {"double-test": 2, "double-hidden": 3, "total-test": 1, "why": None}
ZERO = {"double-test": 0, "double-hidden": 0, "total-test": 0, "why": 0}
UNGRADED = dict.fromkeys(FULL)


def named(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def skip_tests(notebook):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            cell.metadata["tags"] = ["skip-execution"]


def newer_schema(notebook):
    named(notebook, "double-test").metadata.nbgrader.schema_version = 99


def no_schema(notebook):
    for cell in notebook.cells:
        cell.metadata.get("nbgrader", {}).pop("schema_version", None)


def strip_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def ungraded_flag(notebook):
    named(notebook, "double-test").metadata.nbgrader.update(grade=False, solution=False, locked=False)


def no_points(notebook):
    del named(notebook, "double-test").metadata.nbgrader["points"]


def marked_as_answer(notebook):
    named(notebook, "double-test").metadata.nbgrader.update(solution=True, locked=False)


def delete_test(notebook):
    notebook.cells = [cell for cell in notebook.cells if cell.id != "double-test"]


def duplicate_test(notebook):
    twin = copy.deepcopy(named(notebook, "double-test"))
    twin.id = "twin"
    notebook.cells.append(twin)


def test_first(notebook):
    cell = named(notebook, "double-test")
    notebook.cells.remove(cell)
    notebook.cells.insert(0, cell)


test_first.__test__ = False  # a damage, not a test


def names_swapped(notebook):
    one, other = named(notebook, "double"), named(notebook, "double-test")
    one.metadata.nbgrader.grade_id, other.metadata.nbgrader.grade_id = "double-test", "double"


# damage, whether the answers are right, what stock nbgrader makes of it: scores, and whether it fails
DAMAGES = [
    (skip_tests, False, {"double-test": 2, "double-hidden": 3, "total-test": 1, "why": 0}, False),
    (strip_metadata, True, UNGRADED, False),
    (delete_test, True, {**FULL, "double-test": None}, False),
    (test_first, True, {**FULL, "double-test": 0}, False),
    (newer_schema, True, UNGRADED, True),
    (no_schema, True, UNGRADED, True),
    (duplicate_test, True, UNGRADED, True),
    (ungraded_flag, True, UNGRADED, True),
    (no_points, True, UNGRADED, True),
    (marked_as_answer, True, UNGRADED, True),
    (names_swapped, True, UNGRADED, True),
]
ids = [damage.__name__ for damage, *_ in DAMAGES]


@pytest.fixture
def damaged(toy):
    def damaged(damage, right):
        notebook = toy.release(toy.lesson_notebook())
        notebook = toy.answered(notebook) if right else notebook
        damage(notebook)
        return notebook

    return damaged


@pytest.mark.parametrize("damage, right, scores, fails", DAMAGES, ids=ids)
def test_damage_is_closed_here(ours, damaged, damage, right, scores, fails):
    ours.submit(damaged(damage, right))
    assert ours.grade() == (FULL if right else ZERO)


@pytest.mark.parametrize(
    "damage, right, scores, fails",
    [  # where stock fails it has started no kernel
        pytest.param(*case, marks=[] if case[3] else pytest.mark.slow) for case in DAMAGES
    ],
    ids=ids,
)
def test_damage_is_open_in_stock(stock, damaged, damage, right, scores, fails):
    stock.submit(damaged(damage, right))
    assert stock.autograde()["success"] is not fails
    assert stock.scores() == scores


@pytest.mark.parametrize("damage", [newer_schema, duplicate_test])
def test_stock_aborts_the_batch_and_ours_goes_on(ours, stock, toy, damaged, damage):
    for made in (ours, stock):
        made.submit(damaged(damage, True), "ada")
        made.submit(toy.answered(toy.release(toy.lesson_notebook())), "zoe")
    assert not stock.api.autograde(toy.LESSON, "*")["success"]
    assert not (stock.root / "autograded" / "zoe").exists()
    ours.must(ours.api.autograde(toy.LESSON, "*"))
    assert ours.scores("ada") == ours.scores("zoe") == FULL


# --- the kernel and the scorer -------------------------------------------------------------


@pytest.fixture
def real(ours, engine):
    """Our course, graded by the real engine."""
    return type(ours)(ours.root, course(ours.root, verdicts=engine))


VALUES = {  # the source of a test cell worth 2 points: stock's score, ours
    "nan": ("float('nan')", 2, 0),
    "minus": ("-1.0", 2, 0),
    "false": ("1 > 2", 2, 0),
    "numpy": ("import numpy\nnumpy.float64(0.5)", 2, 0.5),
    "text": ("'2 of 2'", 2, 0),
    "warned": ("import sys\nprint('a warning', file=sys.stderr)", 0, 2),
    "silent": ("assert True", 2, 2),
    "half": ("0.5", 0.5, 0.5),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind, column", [("stock", 1), ("ours", 2)])
def test_odd_values_of_a_test(tmp_path, toy, engine, kind, column):
    api = {
        "ours": lambda root: course(root, verdicts=engine),
        "stock": lambda root: NbGraderAPI(config=toy.stock_config(root)),
    }[kind]
    notebook = toy.lesson_notebook()
    notebook.cells = [toy.check(name, row[0], 2) for name, row in VALUES.items()]
    expected = {name: row[column] for name, row in VALUES.items()}
    if kind == "ours":  # stock loses the whole submission: see below
        notebook.cells.append(toy.check("over", "100", 2))
        expected["over"] = 0
    made = toy.make(tmp_path / kind, api, notebook)
    made.submit(toy.release(notebook))
    assert made.grade() == expected


def test_stock_raises_for_more_than_full_marks(toy):
    cell = toy.check("over", "100", 2)
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "100"})]
    with pytest.raises(ValueError, match="greater than maximum"):
        utils.determine_grade(cell)


FORGED = {
    # A result shown while the test runs counts in stock before the test's own error is seen.
    "displayhook": "def double(x):\n    get_ipython().displayhook(2)",
    "publisher": (
        "def double(x):\n"
        "    shell = get_ipython()\n"
        "    shell.displayhook.session.send(\n"
        "        shell.displayhook.pub_socket, 'execute_result',\n"
        "        {'data': {'text/plain': '2'}, 'metadata': {}, 'execution_count': 9},\n"
        "        parent=shell.displayhook.parent_header, ident=shell.displayhook.topic)"
    ),
}


@pytest.mark.slow
def test_forged_results(stock, real, toy):
    for way, source in FORGED.items():
        for made in (stock, real):
            made.submit(toy.answered(toy.release(toy.lesson_notebook()), {**toy.SOLVED, "double": source}), way)
        assert stock.grade(way) == {**FULL, "double-test": 2, "double-hidden": 2}
        assert real.grade(way) == {**FULL, "double-test": 0, "double-hidden": 0}


@pytest.mark.slow
def test_a_dead_kernel(stock, real, toy):
    dead = {**toy.SOLVED, "double": "def double(x):\n    import os\n    os._exit(0)"}
    for made in (stock, real):
        made.submit(toy.answered(toy.release(toy.lesson_notebook()), dead))
    assert not stock.autograde()["success"]
    assert stock.scores() == UNGRADED
    assert real.grade() == {**ZERO, "why": None}
    assert "double-test: " in real.comments()["double"]


@pytest.mark.slow
def test_honest_submissions_score_the_same(stock, real, toy):
    stub = toy.release(toy.lesson_notebook())
    wrong = toy.answered(stub, {**toy.SOLVED, "double": "def double(x):\n    return 6"})
    wrong.cells.insert(4, nbformat.v4.new_code_cell("squares.append(16)\nsquares"))
    for student, notebook in {"right": toy.answered(stub), "wrong": wrong, "stub": stub}.items():
        for made in (stock, real):
            made.submit(notebook, student)
        assert stock.grade(student) == real.grade(student)
