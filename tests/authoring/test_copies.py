"""An answer that stands elsewhere in its notebook is found: as a whole, as its key line, in the package; and not where none is."""

import pytest
import toy

from grader.authoring import copies
from grader.authoring import lesson as lessons

GIVEN = "values = [3, 1, 2]\n"


def found(tmp_path, given: str = "", test: str = "", solution: str = ""):
    source = toy.SOURCE.replace(GIVEN, GIVEN + given)
    source = source.replace("assert largest(values)", test + "assert largest(values)")
    if solution:
        source = source.replace("    best_secret_way = max(items)\n    return best_secret_way", f"    return {solution}")
    return copies.copies(lessons.read(toy.write(tmp_path, source)), tmp_path / "build")


def test_a_notebook_that_keeps_its_answers_to_itself(tmp_path):
    assert found(tmp_path, "def smallest(items):\n    return sorted(items)[0]\n") == []


@pytest.mark.parametrize("given", ["def top(items):\n    return sorted(items)[-1]\n", "tops = [(lambda group: sorted(group)[-1])(one) for one in [values]]\n"])
def test_a_function_that_solves_it(tmp_path, given):
    [copy] = found(tmp_path, given)
    assert (copy.exercise, copy.kind, copy.own) == ("largest", "complete", False) and "cell numbers" in copy.where


def test_one_that_calls_another_of_the_notebook(tmp_path):
    [copy] = found(tmp_path, "def ordered(items):\n    return sorted(items)\n\ndef top(items):\n    return ordered(items)[-1]\n")
    assert "`top`" in copy.where


def test_one_in_its_own_visible_test(tmp_path):
    [copy] = found(tmp_path, test="def reference(items):\n    return max(items)\n")
    assert copy.own and "largest-test" in copy.where


def test_the_key_line_under_other_names(tmp_path):
    """The solution's largest expression, read with its names numbered."""
    line = "sorted({0}, key=lambda {1}: ({1}, abs({1}), -{1}))[len({0}) - 1]"
    [copy] = found(tmp_path, f"largest_value = {line.format('values', 'value')}\n", solution=line.format("items", "x"))
    assert copy.kind == "key line" and copy.where == "cell numbers"


def test_what_is_meant_to_stand_has_its_reason(tmp_path):
    (tmp_path / "lessons").mkdir()
    assert copies.expected(tmp_path) == {}
    (tmp_path / "lessons" / copies.EXPECTED).write_text("# why\n09 largest: a listing: as it was found\n", encoding="utf-8")
    assert copies.expected(tmp_path) == {"09 largest": "a listing: as it was found"}
