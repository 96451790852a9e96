"""What a graded notebook tells, and one sentence for a file that tells nothing."""

import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader import utils

from grader.checks.failure import CheckFailed
from grader.nbgrader_plugins.reading import Unreadable
from grader.report import graded

HIDDEN = "### BEGIN HIDDEN TESTS\ncheck.equal(x(7), 4711)\n### END HIDDEN TESTS"
MISSED = CheckFailed("x(3) is wrong", hint="Pad left.", expected=3, actual=30)


def cell(name, role, source, outputs=(), **flags):
    made = (new_markdown_cell if role == "question" else new_code_cell)(source, id=name, metadata={"rnn_course": {"role": role}})
    made.metadata["nbgrader"] = {"grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **flags}
    if role != "question":
        made.outputs = list(outputs)
    return made


def error(failure):
    return new_output("error", ename=type(failure).__name__, evalue=str(failure), traceback=failure._render_traceback_())


def notebook(reasons=None, outputs=None, answer="x = len", **record):
    outputs = outputs or {}
    cells = [
        new_markdown_cell("# A lesson", id="title"),
        cell("x", "exercise", answer, outputs.get("x", ()), solution=True),
        cell("x-test", "test", "check.equal(x(3), 3)", outputs.get("x-test", ()), grade=True, points=1),
        cell("x-hidden", "test", HIDDEN, outputs.get("x-hidden", ()), grade=True, points=1),
        cell("why", "question", "Because.", grade=True, solution=True, points=2),
    ]
    return new_notebook(cells=cells, metadata={"rnn_course": {"notes": [], "reasons": {"x-test": "", "x-hidden": "", **(reasons or {})}, **record}})


def read(tmp_path, made):
    path = tmp_path / "graded.ipynb"
    nbformat.write(made, path)
    return graded.read(path)


def test_a_notebook_where_all_is_well(tmp_path):
    told = read(tmp_path, notebook())
    assert told == graded.Graded(answers=[("x", True, "x = len", True), ("why", True, "Because.", False)])


def test_what_failed_checks_said(tmp_path):
    told = read(tmp_path, notebook({"x-test": "x(3) is wrong", "x-hidden": "x(3) is wrong"}, {"x-test": [error(MISSED)], "x-hidden": [error(MISSED)]}))
    assert told.failures == [("x-test", "x", "x(3) is wrong", "Pad left.", "3", "30"), ("x-hidden", "x", "x(–) is wrong", "Pad left.", "", "")]  # no number of a hidden test


def test_an_exception_in_a_hidden_test_says_no_more_than_its_name(tmp_path):
    raised = new_output("error", ename="ValueError", evalue="4711", traceback=["4711"])
    told = read(tmp_path, notebook({"x-hidden": "ValueError: 4711"}, {"x-hidden": [raised]}))
    assert told.failures == [("x-hidden", "x", "ValueError in a hidden check", "", "", "")]


def test_an_empty_answer_has_no_misconception(tmp_path):
    made = notebook({"x-test": "x(3) is wrong"}, {"x-test": [error(MISSED)]}, answer="raise NotImplementedError")
    made.cells[1].metadata.nbgrader["checksum"] = utils.compute_checksum(made.cells[1])
    told = read(tmp_path, made)
    assert told.failures == [] and told.answers[0][1] is False


@pytest.mark.parametrize(
    ("reasons", "stops", "unreached"),
    [
        ({"x-test": "not run: the Python process ended with exit code 0 in cell x", "x-hidden": "not run: the Python process ended with exit code 0 in cell x"},
         ["the Python process ended with exit code 0 in cell x"], ["x-test", "x-hidden"]),
        ({"x-test": "cell x-test ran longer than 300 s"}, ["cell x-test ran longer than 300 s"], []),
        ({"x-test": "it used more than 4,096 MB of memory in cell x-test", "x-hidden": "not run: it used more than 4,096 MB of memory in cell x-test"},
         ["it used more than 4,096 MB of memory in cell x-test"], ["x-hidden"]),
        ({"x-hidden": "this test was not run"}, [], ["x-hidden"]),
        ({"x-test": "partial credit: 0.5 of 1"}, [], []),
    ],
    ids=["ended", "time", "memory", "not run", "partial"],
)  # fmt: skip
def test_what_stopped_it(tmp_path, reasons, stops, unreached):
    told = read(tmp_path, notebook(reasons))
    assert (told.stops, told.unreached) == (stops, unreached)
    assert [problem for _, _, problem, *_ in told.failures] == [reason for reason in reasons.values() if reason.startswith("partial")]


def test_a_cell_that_was_stopped_alone_is_told_by_its_output(tmp_path):
    notice = new_output("stream", name="stderr", text="loops\n\n[stopped: cell x ran longer than 300 s]\n")
    assert read(tmp_path, notebook(outputs={"x": [notice]})).stops == ["cell x ran longer than 300 s"]
    made_up = new_output("stream", name="stderr", text="\n[stopped: <b>by the dean</b>]\n")
    assert read(tmp_path, notebook(outputs={"x": [made_up]})).stops == []


def test_a_submission_that_could_not_be_read(tmp_path):
    words = "The notebook could not be graded: it is empty."
    told = read(tmp_path, notebook({"x-test": words, "x-hidden": words}, unreadable=words, notes=[{"cell": None, "text": words}, {"cell": None, "text": "Odd."}]))
    assert (told.unreadable, told.unreached, told.failures, told.notes) == (words, ["x-test", "x-hidden"], [], [("", "Odd.")])


def without(made, *path):
    changed = copy.deepcopy(made)
    place = changed
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return json.dumps(changed).encode()


WHOLE = notebook()
ODD = {
    "cut off": json.dumps(WHOLE).encode()[:-300],
    "empty": b"",
    "binary": b"\x89PNG\r\n\xff\xfe" * 100,
    "a list": b"[]",
    "text": b'"graded"',
    "nested": b"[" * 100_000,
    "no record": without(WHOLE, "metadata", "rnn_course"),
    "no cells": without(WHOLE, "cells"),
    "a cell without source": without(WHOLE, "cells", 1, "source"),
    "a cell without metadata": without(WHOLE, "cells", 1, "metadata"),
    "notes of another kind": json.dumps({**WHOLE, "metadata": {"rnn_course": {"notes": ["odd"], "reasons": []}}}).encode(),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_whatever_lies_there_is_one_sentence(tmp_path, content):
    path = tmp_path / "graded.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="^it is not a "):
        graded.read(path)


def test_a_missing_file_and_a_link_are_said_to_be(tmp_path):
    with pytest.raises(Unreadable, match="the file is missing"):
        graded.read(tmp_path / "graded.ipynb")
    (tmp_path / "graded.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(Unreadable, match="it is a link"):
        graded.read(tmp_path / "graded.ipynb")
