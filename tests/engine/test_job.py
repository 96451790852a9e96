"""What a job accepts, and what its key depends on."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
from .notebooks import code, notebook, test

from grader.engine import Job, Limits


@pytest.mark.parametrize("path", [
    "", ".", "..", "/etc/passwd", "../x", "a/../../x", "a/./b", "a//b", "a/", "a\\b", "a\x00b",
    "a\nb", "x" * 201, "d/" * 300 + "x", "\u202etxt.py",
])  # fmt: skip
def test_hostile_file_names_are_refused(path):
    with pytest.raises(ValueError, match="file name"):
        Job(notebook(), files={path: b""})


@pytest.mark.parametrize("files", [
    {"A": b"", "a": b""},
    {"a": b"", "a/b": b""},
    {"a": "text"},
    {str(i): b"" for i in range(1001)},
])  # fmt: skip
def test_files_that_cannot_be_placed_are_refused(files):
    with pytest.raises(ValueError):
        Job(notebook(), files=files)


@pytest.mark.parametrize("points", [float("nan"), float("inf"), -1, None, "many"])
def test_points_must_be_a_number(points):
    with pytest.raises(ValueError, match="points"):
        Job(notebook(test("a", "pass", points=points)))


def test_cells_need_ids_of_their_own():
    twice = notebook(code("1"), code("2"))
    twice.cells[1].id = twice.cells[0].id
    with pytest.raises(ValueError, match="id of its own"):
        Job(twice)


def test_key_follows_what_the_verdict_depends_on():
    def job(source="1", points=1, files=None, limits=Limits(), skip=False, output=None):
        cells = [code(source), test("a", "pass", points)]
        for position, cell in enumerate(cells):
            cell.id = f"cell-{position}"
        cells[0].metadata["rnn_course"] = {"skip": skip}
        if output:
            cells[0].outputs = [output]
        return Job(notebook(*cells), files or {"r/x": b"1"}, limits)

    key = job().key
    assert len(key) == 64 and key == job().key
    assert key == job(output={"output_type": "stream", "name": "stdout", "text": "old"}).key
    others = [
        job(source="2"),
        job(points=2),
        job(files={"r/x": b"2"}),
        job(files={"r/y": b"1"}),
        job(limits=Limits(cell_seconds=1)),
        job(skip=True),
        job(source="'\ud800'"),
    ]
    assert len({key} | {other.key for other in others}) == 1 + len(others)


def test_a_job_can_travel_to_another_process():
    given = Job(notebook(code("1"), test("a")), {"r/x": b"1"})
    assert pickle.loads(pickle.dumps(given)) == given


def test_the_seam_imports_nothing_heavy():
    code = (
        "import sys, grader.engine.verdict, grader.engine as e\n"
        "e.Job, e.grade\n"
        "print([m for m in ('tensorflow', 'nbclient', 'nbgrader', 'zmq') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["grader.engine.worker", "grader.engine.team", "grader.engine.sandbox", "grader.engine.doctor"])
def test_the_parent_has_no_code_that_opens_what_submissions_send(module):
    """TensorFlow, Keras, the checks and the border are for the forked processes alone."""
    code = (
        f"import sys, {module}\n"
        "inside = ('tensorflow', 'keras', 'grader.checks', 'grader.lab', 'grader.engine.border', 'grader.engine.referee')\n"
        "print([m for m in inside if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
