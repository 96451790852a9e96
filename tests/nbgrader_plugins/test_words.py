"""What is said of a failed test, and what is not said of a hidden one."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from grader.checks import CheckFailed
from grader.checks.shapes import shape_hint
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
    source = f"mistakes = {{{FAILED.hint!r}: 1}}"
    assert failure([CHECK], hidden=True, source=source) == Failure(FAILED.problem, FAILED.hint)
    own = CheckFailed("it is wrong", hint="You counted 7 windows.")
    raised = error("CheckFailed", str(own), *own._render_traceback_())
    assert failure([raised], hidden=True).hint == "You counted – windows.", "nobody of the course wrote that 7"
    assert failure([raised], hidden=True, source='hint="You counted 7 windows."').hint == own.hint


@pytest.mark.parametrize("number", ["839214657031", "1048576", "-17", "3.25", "1e-3", "1,048,576", "7", "-2"])
def test_a_number_of_a_hidden_check_is_not_told(number):
    told = CheckFailed(f"it returned {number} values", hint=f"Its length is {number}: wants axis 1, a 2-D array and `x12`.")
    raised = error("CheckFailed", str(told), *told._render_traceback_())
    assert failure([raised], hidden=True) == Failure("it returned – values", "Its length is –: wants axis –, a 2-D array and `x12`.")
    assert number in failure([raised]).problem


@pytest.mark.parametrize("problem", ["`{}` raised ValueError", "`{}` calls itself without end", "what `{}` returns cannot be handed to the checks"])
def test_of_a_function_that_a_hidden_check_was_given_only_a_name_of_the_tests_own_is_told(problem):
    """A function that a student's function returned bears a name of the student's own."""
    for name, source, told in (
        ("secret1734", "check.call(make(1734), 3)", "the function"),
        ("make", "check.call(make, 1734)", "make"),
        ("mak", "check.call(make, 1734)", "the function"),
        ("ключ1734", "check.call(make(1734), 3)", "the function"),
    ):
        said = CheckFailed(problem.format(name))
        raised = error("CheckFailed", str(said), *said._render_traceback_())
        assert failure([raised], hidden=True, source=source).problem == problem.format(told)
        assert name in failure([raised], source=source).problem


def test_of_another_exception_in_a_hidden_test_the_name_remains():
    raised = error("ValueError", "2469134", "File cell", "assert double(1234567) == 2469134", "ValueError: 2469134")
    assert failure([raised], hidden=True) == Failure("ValueError in a hidden check")
    assert failure([], hidden=True, reason="ValueError: 2469134") == Failure("ValueError in a hidden check")
    forged = error("assert double(1234567)", "", "x")
    assert failure([forged], hidden=True) == Failure("An error in a hidden check")


def test_a_hidden_check_names_few_errors_and_layers():
    for name, told in (("ValueError", "ValueError"), ("UnicodeTranslateError", "an error"), ("RuntimeWarning", "an error")):
        said = CheckFailed(f"`f` raised {name}", hint="In layer 7, a ZeroPadding3D: the loop of the layer, an LSTM, ends.")
        kept = failure([error("CheckFailed", str(said), *said._render_traceback_())], hidden=True)
        assert kept == Failure(f"`f` raised {told}", "In layer –: the loop of the layer, an LSTM, ends.")
    assert failure([error("BlockingIOError", "x")], hidden=True) == failure([], True, "BlockingIOError: x") == Failure("An error in a hidden check")


def test_what_the_courses_checks_say_keeps_its_digits():
    said = CheckFailed("the windows are wrong", hint=shape_hint((3, 2), (2, 3)) or "")
    assert failure([error("CheckFailed", str(said), *said._render_traceback_())], hidden=True).hint == said.hint
    hint = "A GRU with reset_after=True keeps two biases a gate, 3u more; layer 9, a GRU, has them."
    said = CheckFailed("the count is wrong", hint=hint)
    assert failure([error("CheckFailed", str(said), *said._render_traceback_())], hidden=True).hint == hint.replace("layer 9", "layer –")


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
