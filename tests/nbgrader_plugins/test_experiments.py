"""Which unchanged experiments run because a student's code uses their names."""

import pytest

from grader.nbgrader_plugins.experiments import needed

EXPERIMENTS = {
    "data": "raw = load()\nfrom math import tau",
    "model": "def build():\n    return raw\nmodel = build()",
    "alone": "for step in range(3):\n    loss = step",
}


@pytest.mark.parametrize(
    "student, runs",
    [
        ("y = 1", set()),
        ("print(loss)", {"alone"}),
        ("print(model)", {"model", "data"}),
        ("def f():\n    return tau", {"data"}),
        ("def f(model, loss):\n    return model + loss", set()),
        ("def f():\n    raw = 1\n    return raw", set()),
        ("model = 3\nprint(model)", set()),
        ("print(given)", set()),
        ("%timeit len(raw)", set()),  # inside a magic's text nothing is seen
        ("!ls\nprint(loss)", {"alone"}),
        ("this is not python", set()),
        ("x = [loss for loss in range(3)]", set()),
        ("\x00", set()),
    ],
)
def test_needed(student, runs):
    assert needed(EXPERIMENTS, [student], ["given = loaded = 1"]) == runs


def test_a_name_that_given_cells_provide_needs_no_experiment():
    assert needed({"again": "given = 2"}, ["print(given)"], ["given = 1"]) == set()


def test_more_code_than_is_looked_through_runs_every_experiment():
    assert needed(EXPERIMENTS, ["x = 1\n" * 50_000], []) == set(EXPERIMENTS)
