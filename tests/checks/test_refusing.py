"""An argument is refused by the error that is asked; a result, another error and a stub are not that."""

import pytest

from grader import checks as check
from grader.checks import CheckFailed


class Own(ValueError):
    pass


def raising(error):
    def fn(value):
        raise error("no")

    return fn


@pytest.mark.parametrize("error", [ValueError, Own, UnicodeError])
def test_the_error_and_those_that_derive_from_it_pass(error):
    check.refuses(raising(error), "avg")


@pytest.mark.parametrize("error", [KeyError, TypeError, Exception])
def test_another_error_is_told(error):
    with pytest.raises(CheckFailed, match="another error than ValueError") as failed:
        check.refuses(raising(error), "avg")
    assert "an argument is none of those allowed" in failed.value.hint


@pytest.mark.parametrize("given", [None, 3, ValueError("no"), ValueError])
def test_a_result_is_told(given):
    with pytest.raises(CheckFailed, match="takes an argument that it should refuse"):
        check.refuses(lambda value: given, "avg")


def test_a_stub_and_no_function_are_told_as_elsewhere():
    def stub(value):
        raise NotImplementedError

    with pytest.raises(CheckFailed, match="not written yet"):
        check.refuses(stub, "avg")
    with pytest.raises(CheckFailed, match="is not a function"):
        check.refuses("merge", "avg")
