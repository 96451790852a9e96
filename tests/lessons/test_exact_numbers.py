"""Each exact fact of the course is what Keras says, and stands in a test of its lesson."""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from facts import FACTS, Fact

from grader.authoring import freezing
from grader.authoring import lesson as lessons

WRITTEN = {path.stem[:2]: path for path in lessons.discover(Path(__file__).parents[2])}


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_keras_says_so(fact):
    made = fact.made()
    assert list(flat(made)) == pytest.approx(list(flat(fact.exact)), rel=5e-3 if has_fractions(fact) else 0)


@pytest.mark.slow
@pytest.mark.parametrize("fact", [fact for fact in FACTS if fact.lesson in WRITTEN], ids=str)
def test_stands_in_a_test_of_its_lesson(fact):
    lesson = lessons.read(WRITTEN[fact.lesson])
    missing = {exercise: lacks(fact, asked(lesson, exercise)) for exercise in lesson.exercises}
    nearest = min(missing.items(), key=lambda item: len(item[1]))
    assert [] in missing.values(), f"nearest are the tests of `{nearest[0]}`; they lack {nearest[1]}"


def test_numbers_are_found_as_people_write_them():
    source = 'x = [4_042_002, (10, -384)]\ny = 5479 - 30 - 7 + 1\nz = 0.5 ** 2\ncheck.equal(a, b, "of 61,592 and 9.5e-7")'
    assert {4042002, 10, -384, 384, 5443, 0.25, 61592, 9.5e-7} <= numbers(source)
    assert not {404, 4042, 592, 61, 54, 79} & numbers(source)
    assert lacks(Fact("01", "", [4042002, [10]], int, ("equal",)), ["x = 4_042_002", "check.equal(x, 10)"]) == []
    assert lacks(Fact("01", "", [404, True], int, ("close",)), [source]) == [404, "close"]


def asked(lesson: lessons.Lesson, exercise: str) -> list[str]:
    """All that the tests of an exercise compare with: their source, its cases cells, and what these froze."""
    return [*(cell.source for cell in lesson.tests(exercise)), *lesson.cases.get(exercise, []), *freezing.texts(lesson, exercise)]


def lacks(fact: Fact, sources: list[str]) -> list:
    """What of the fact's numbers and words these tests do not have."""
    there = set().union(*map(numbers, sources))
    wanted = [number for number in flat(fact.exact) if not isinstance(number, bool)]
    return [number for number in wanted if number not in there] + [word for word in fact.words if not re.search(word, "\n".join(sources), re.IGNORECASE)]


def numbers(source: str) -> set:
    """Every number in Python source: literals, sums, products and powers of literals, and those in strings."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if (value := constant(node)) is not None:
            found.add(value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = re.findall(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w.]\d)|(?<![\w.,])\d[\d_]*(?:\.\d+)?(?:e-?\d+)?", node.value)
            found |= {float(word.replace(",", "").replace("_", "")) for word in words}
    return found


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


def constant(node: ast.AST) -> float | None:
    """The value of a number or of an expression of numbers; None for anything else."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and (value := constant(node.operand)) is not None:
        return -value
    if isinstance(node, ast.BinOp):
        left, right = constant(node.left), constant(node.right)
        if left is not None and right is not None:
            if isinstance(node.op, ast.Pow) and abs(right) < 100:
                return left**right
            if type(node.op) in OPERATORS:
                return OPERATORS[type(node.op)](left, right)
    return None


def flat(exact) -> Iterator:
    if isinstance(exact, (list, tuple)):
        for part in exact:
            yield from flat(part)
    else:
        yield exact


def has_fractions(fact: Fact) -> bool:
    return any(isinstance(number, float) for number in flat(fact.exact))
