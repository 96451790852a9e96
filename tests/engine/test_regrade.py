"""After a lesson's tests changed, running only those gives the verdict that running everything gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.engine import Job
from grader.engine.archive import Archive
from grader.engine.regrade import changed, fingerprints, joined, untested
from grader.engine.sandbox import Isolation
from grader.engine.transport import pack_job, unpack_job

from .notebooks import QUICK, code, given, hidden, notebook, points, test


def lesson(**sources):
    """Two exercises with a visible and a hidden test each; `sources` replaces a test's, None takes it away."""
    answers = {"double": "def double(x):\n    return 2 * x", "half": "def half(x):\n    return x // 2"}
    tests = {
        "double-test": "assert double(2) == 4\nprint('four')",
        "double-hidden": "assert double(5) == 10",
        "half-test": "half(4)",
        "half-hidden": "assert half(3) == 1.5",
    } | sources
    cells = [given("import math")]
    for name, source in answers.items():
        answer = code(source, nbgrader={"grade_id": name, "solution": True, "grade": False, "locked": False})
        answer.id = name
        cells.append(answer)
        for kind, make in (("test", test), ("hidden", hidden)):
            if tests[f"{name}-{kind}"] is not None:
                made = make(f"{name}-{kind}", tests[f"{name}-{kind}"], 2)
                made.id = f"{name}-{kind}"
                cells.append(made)
    for number, cell in enumerate(cells):
        cell.id = cell.id if cell.metadata.get("nbgrader") else f"cell-{number}"
    return Job(notebook(*cells), {"a.txt": b"1"}, QUICK, "ada")


@pytest.mark.parametrize("change, exercises", [
    ({}, set()),
    ({"double-hidden": "assert double(7) == 14"}, {"double"}),
    ({"half-test": "half(40)", "double-test": "assert True"}, {"double", "half"}),
    ({"half-hidden": None}, {"half"}),
])  # fmt: skip
def test_what_changed_is_told_by_exercise(change, exercises):
    assert changed(lesson(**change), fingerprints(lesson())) == exercises


def test_only_tests_may_differ():
    assert untested(lesson(**{"half-test": "1"})).key == untested(lesson()).key != lesson().key
    other = lesson()
    other.notebook.cells[1].source += "\n# another answer"
    assert untested(other).key != untested(lesson()).key
    assert untested(replace(lesson(), files={"a.txt": b"2"})).key != untested(lesson()).key


def test_a_part_is_another_job_and_travels():
    part = replace(lesson(), tests=frozenset({"half"}))
    assert part.key != lesson().key and unpack_job(pack_job(part)) == part


@pytest.mark.slow
@pytest.mark.parametrize("change", [
    {"double-hidden": "assert double(5) == 11"},
    {"half-hidden": "assert half(3) == 1", "half-test": "assert half(4) == 2"},
    {"double-test": None},
])  # fmt: skip
def test_the_part_joined_is_the_whole(worker, change):
    before = worker.grade(lesson())
    assert points(before) == {"double-test": 2, "double-hidden": 2, "half-test": 2, "half-hidden": 0}
    part = replace(lesson(**change), tests=changed(lesson(**change), fingerprints(lesson())))
    now, whole = worker.grade(part), worker.grade(lesson(**change))
    ran = {name for name in now.scores if now.execution_counts[name] is not None}
    assert ran and all(name.split("-")[0] in part.tests for name in ran)
    both = joined(part, now, before)
    assert replace(both, seconds=0.0, outputs={}) == replace(whole, seconds=0.0, outputs={})
    kinds = [{cell: [output.output_type for output in outputs] for cell, outputs in each.outputs.items()} for each in (both, whole)]
    assert kinds[0] == kinds[1] and any(kinds[0].values())
    for outputs in both.outputs.values():
        for output in outputs:
            assert output.output_type != "execute_result" or output.execution_count in both.execution_counts.values()


def test_the_archive_finds_what_differs_in_tests_only(worker, tmp_path):
    archive = Archive(tmp_path, Isolation("bubblewrap"))
    assert archive.before(lesson()) is None
    verdict = worker.grade(lesson())
    archive.keep(lesson(), verdict)
    later = lesson(**{"double-hidden": "assert True"})
    assert archive.find(later) is None
    assert archive.before(later) == (fingerprints(lesson()), verdict)
    (index,) = tmp_path.rglob("*.tests")
    index.write_bytes(index.read_bytes()[:-2])
    assert archive.before(later) is None
