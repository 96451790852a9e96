"""What cannot be handed to the checks is refused at home in the words in which the grader refuses it."""

import io
import itertools
import threading

import keras
import numpy as np
import pytest

from grader import checks as check
from grader.checks.calls import call
from grader.checks.describe import text
from grader.checks.plainly import plain
from grader.engine.border.errors import CannotCross, Uncrossable
from grader.engine.border.references import describe

REFUSED = {
    "a generator": (x for x in "ab"), "map": map(str, [1]), "zip": zip([1], [2]), "reversed": reversed([1]), "iter": iter([1]), "chain": itertools.chain([1]),
    "a file": io.StringIO(), "a module": keras, "a lock": threading.Lock(), "in a list": [1, (x for x in "ab")], "in a dictionary": {"a": (0, map(str, [1]))},
}  # fmt: skip


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_at_home_as_in_the_grader(value):
    def f():
        return value

    with pytest.raises(check.CheckFailed) as home:
        call(f)
    part = value if not isinstance(value, (list, dict)) else next(one for one in ([*value][-1:] if isinstance(value, list) else value["a"][1:]))
    with pytest.raises(Uncrossable) as border:
        describe(None, part)
    graded = CannotCross("what `f` returns", border.value.reason, border.value.kind)
    assert (home.value.problem, home.value.hint, home.value.actual) == (graded.problem, graded.hint, graded.actual)


@pytest.mark.parametrize("value", [range(3), [1, [2.0, "a"]], {"a": [None]}, np.arange(3), keras.layers.Dense, len, lambda: 0, "text", (), keras.layers.Dense(1)])
def test_all_else_is_handed_over_as_it_is(value):
    assert call(lambda: value) is value


def test_a_dictionary_s_views_are_lists():
    """As they cross the border."""
    counted = {"a": 1, "b": 2}
    assert plain(counted.keys()) == ["a", "b"] and plain([counted.values()]) == [[1, 2]] and plain(counted.items()) == [("a", 1), ("b", 2)]


def test_what_has_no_value_is_shown_without_its_address():
    class Own:
        pass

    assert (text(lambda: 0), text(len), text([].append), text(Own), text(Own())) == ("a function", "a function", "a function", "a class", "<Own object>")
