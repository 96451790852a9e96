"""Cases cells are run once and frozen; what is stale is said; a mistake in them names the exercise."""

import json
from dataclasses import replace

import pytest
import toy

from grader.authoring import freezing
from grader.authoring import lesson as lessons
from grader.authoring.lesson import LessonError
from grader.authoring.rules import broken_rules

CASES = '''
# %% cases="largest"
freeze(
    lambda items: max(items),
    visible=[(values,)],
    hidden=[([7, 9, 8],), ([5, 6],)],
    mistakes={"That is the first one.": lambda items: items[0], "That is the smallest.": min},
)
'''
SOURCE = (
    toy.SOURCE.replace('assert largest(values) == 3, "largest of 3, 1, 2"', 'check.cases(largest, "largest")')
    .replace('assert largest([7, 9, 8]) == 9, "a hidden list"', 'check.cases(largest, "largest", hidden["largest"])')
    .replace('# %% test="largest" points=12', CASES + '\n# %% test="largest" points=12')
    .replace("values = [3, 1, 2]", "from grader import checks as check\nvalues = [1, 3, 2]")
)


def read(tmp_path, source=SOURCE):
    return lessons.read(toy.write(tmp_path, source))


def kept(tmp_path) -> dict:
    return json.loads((tmp_path / "lessons" / "09_toy" / "frozen" / "largest.json").read_text())


def test_a_cases_cell_is_in_no_notebook(tmp_path):
    lesson = read(tmp_path)
    assert lesson.cases["largest"] and "freeze" not in "".join(cell.source for cell in lesson.notebook.cells)
    assert broken_rules(lesson) == []


def test_cases_are_frozen_once_and_the_same_again(tmp_path):
    lesson = read(tmp_path)
    assert freezing.stale(tmp_path, lesson) == ["09_toy: the cases of `largest` are older than their source."]
    assert freezing.freeze(tmp_path, lesson) == ["largest"]
    first = kept(tmp_path)
    assert freezing.stale(tmp_path, lesson) == [] and freezing.freeze(tmp_path, lesson) == []
    assert freezing.freeze(tmp_path, lesson, force=True) == ["largest"] and kept(tmp_path) == first
    shown = tmp_path / freezing.VISIBLE / "largest.json"
    assert shown.read_text() == first["visible"] and "max" not in json.dumps(first) and "9" not in first["visible"]


def test_hidden_cases_stand_in_the_hidden_test_and_nowhere_else(tmp_path):
    freezing.freeze(tmp_path, read(tmp_path))
    lesson = read(tmp_path)
    visible, hidden = lesson.tests("largest")
    assert "[7, 9, 8]" in hidden.source and "[7, 9, 8]" not in visible.source
    assert "### BEGIN HIDDEN TESTS\nhidden = {" in hidden.source
    names = {"check": __import__("grader").checks, "largest": max}
    exec(hidden.source, names)
    names["largest"] = lambda items: items[0]
    with pytest.raises(AssertionError, match="That is the first one"):
        exec(hidden.source, names)


def test_a_change_in_the_cell_or_in_what_it_was_given_makes_them_stale(tmp_path):
    freezing.freeze(tmp_path, read(tmp_path))
    for old, new in (("[5, 6]", "[6, 5]"), ("values = [1, 3, 2]", "values = [2, 3, 1]"), ("That is the smallest.", "The smallest.")):
        assert freezing.stale(tmp_path, read(tmp_path, SOURCE.replace(old, new)))
    assert not freezing.stale(tmp_path, read(tmp_path, SOURCE.replace("# A toy", "# Another toy")))


def test_visible_cases_changed_by_hand_are_found_and_mended(tmp_path):
    lesson = read(tmp_path)
    freezing.freeze(tmp_path, lesson)
    shown = tmp_path / freezing.VISIBLE / "largest.json"
    shown.write_text(shown.read_text().replace("3", "4"))
    assert "are not those of the lesson" in freezing.stale(tmp_path, lesson)[0]
    freezing.freeze(tmp_path, lesson)
    assert freezing.stale(tmp_path, lesson) == []


def test_cases_that_no_lesson_makes_are_named(tmp_path):
    lesson = read(tmp_path)
    freezing.freeze(tmp_path, lesson)
    assert freezing.orphans(tmp_path, [lesson]) == []
    assert len(freezing.orphans(tmp_path, [replace(lesson, cases={})])) == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("lambda items: max(items)", "lambda items: 1 / 0", "cases of `largest`: ZeroDivisionError"),
        ("visible=[(values,)]", "visible=[values]", "a case is a tuple of arguments"),
        ("lambda items: items[0]", "lambda items: max(items)", "no case tells these mistakes"),
        ("lambda items: max(items)", "lambda items: print", "cannot be frozen"),
        ("    visible", "    name='Two Words', visible", "small letters"),
        ("    visible", "    name='larg' + 'est-two', visible", "written out as text"),
        ("That is the smallest.", "x" * 301, "at most 300 characters"),
    ],
)
def test_a_mistake_in_a_cases_cell_names_its_exercise(tmp_path, old, new, words):
    lesson = read(tmp_path, SOURCE.replace(old, new))
    with pytest.raises(LessonError, match=words):
        freezing.freeze(tmp_path, lesson)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('cases="largest"', 'cases="smallest"', "there is no such exercise"),
        ('cases="largest"', 'cases="largest" points=2', "and nothing else"),
    ],
)
def test_a_cases_cell_that_belongs_to_nothing_is_named(tmp_path, old, new, words):
    with pytest.raises(LessonError, match=words):
        read(tmp_path, SOURCE.replace(old, new))


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("def reference(items):\n    return max(items)\n\nassert largest(values) == reference(values)", "defines `reference`"),
        ("check.equal(largest(values), 3, 'x', mistakes={'no': 1})", "lists mistakes"),
        ("\n".join(f"assert largest([{n}]) == {n}" for n in range(6)), "has 6 lines; a visible test has at most 5"),
    ],
)
def test_a_test_in_the_old_form_breaks_a_rule(tmp_path, new, words):
    lesson = read(tmp_path, SOURCE.replace('check.cases(largest, "largest")', new))
    assert any(words in line for line in broken_rules(lesson))


def test_tests_are_folded_in_jupyterlab_and_on_colab(tmp_path):
    for cell in read(tmp_path).cells("test"):
        assert cell.source.startswith(("# @title Check of largest (12 points)", "# @title Hidden checks of largest (6 points)"))
        assert cell.metadata.jupyter.source_hidden and cell.metadata.cellView == "form"
