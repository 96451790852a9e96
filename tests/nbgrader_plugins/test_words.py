"""What is said of a failed test, and what is not said of a hidden one."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from grader.checks import CheckFailed
from grader.engine.cells import is_hidden
from grader.nbgrader_plugins.words import Failure, failure, visible_source

FAILED = CheckFailed(
    "the number of windows is wrong",
    hint="You counted the last window twice:\nn - w - h + 1 fit.",
    expected="(5443, 30)\nfloat32",
    actual="(5444, 30)",
)


def error(name, value, *lines):
    return new_output("error", ename=name, evalue=value, traceback=list(lines))


CHECK = error("CheckFailed", str(FAILED), *FAILED._render_traceback_())


def test_a_failed_check_is_read_back():
    said = failure([CHECK])
    assert said == Failure(FAILED.problem, FAILED.hint, FAILED.expected, FAILED.actual)
    assert str(said).startswith("the number of windows is wrong\n  hint: You counted")


def test_of_a_hidden_check_problem_and_hint_remain():
    assert failure([CHECK], hidden=True) == Failure(FAILED.problem, FAILED.hint)


def test_of_another_exception_in_a_hidden_test_the_name_remains():
    raised = error("ValueError", "2469134", "File cell", "assert double(1234567) == 2469134", "ValueError: 2469134")
    assert failure([raised], hidden=True) == Failure("ValueError in a hidden check")
    assert failure([], hidden=True, reason="ValueError: 2469134") == Failure("ValueError in a hidden check")
    forged = error("assert double(1234567)", "", "x")
    assert failure([forged], hidden=True) == Failure("An error in a hidden check")


def test_of_another_exception_in_a_visible_test_all_remains():
    raised = error("ValueError", "no", "line 1", "line 2")
    assert failure([raised]) == Failure("ValueError: no", traceback="line 1\nline 2")


@pytest.mark.parametrize("hidden", [True, False])
def test_the_graders_own_reason_is_said_where_there_is_no_error(hidden):
    assert failure([], hidden, "this cell ran longer than 300 s") == Failure("this cell ran longer than 300 s")
    assert failure([new_output("stream", text="hi")], hidden) is None


def test_visible_source():
    cell = new_code_cell("# said\nx = 1\n### BEGIN HIDDEN TESTS\nassert x\n### END HIDDEN TESTS\ny = 2")
    assert is_hidden(cell) and not is_hidden(new_code_cell("x = 1"))
    assert visible_source(cell.source) == "# said\nx = 1\ny = 2"
    assert visible_source("a\n# BEGIN HIDDEN TESTS\nsecret") == "a"
    twice = cell.source + "\n" + cell.source
    assert "assert" not in visible_source(twice)
