"""What every lesson must keep to, read from its source without running it."""

from __future__ import annotations

import ast

from nbformat import NotebookNode

from grader.authoring.lesson import Lesson, grade_id, without_hidden_cases
from grader.engine.cells import is_hidden, role

LONGEST_CELL = 25
LONGEST_LINE = 99  # wider ones run out of the page in feedback and on a laptop
LONGEST_TEST = 5  # lines of a visible test
POINTS = {"00_start_here": (1, 0)}  # all points, of these by hand
POINTS_OF_A_LESSON = (20, 2)


def broken_rules(lesson: Lesson) -> list[str]:
    """The rules of docs/AUTHORING.md that `lesson` breaks, each in one sentence that names the cell; [] if none."""
    return [*_names(lesson), *_points(lesson), *_lengths(lesson), *_solutions(lesson), *_independence(lesson), *_forms(lesson)]


def _names(lesson: Lesson):
    seen = set()
    for cell in lesson.cells("setup", "given", "exercise", "test", "question"):
        if grade_id(cell) in seen:
            yield f"Two cells are named `{grade_id(cell)}`."
        seen.add(grade_id(cell))
    for exercise in lesson.exercises:
        if not any(not is_hidden(cell) for cell in lesson.tests(exercise)):
            yield f"Exercise `{exercise}` has no visible test."
    for cell in lesson.cells("test"):
        if cell.metadata.rnn_course.exercise not in lesson.exercises:
            yield f"Test `{grade_id(cell)}` is of exercise `{cell.metadata.rnn_course.exercise}`, which does not exist."
    if sum(1 for _ in lesson.cells("setup")) != 1:
        yield "A lesson has exactly one set-up cell."


def _points(lesson: Lesson):
    total, manual = POINTS.get(lesson.name, POINTS_OF_A_LESSON)
    if lesson.points() != total:
        yield f"The points add up to {lesson.points():g}, not {total}."
    if lesson.points("question") != manual:
        yield f"The written questions add up to {lesson.points('question'):g} points, not {manual}."


def _lengths(lesson: Lesson):
    for cell in lesson.notebook.cells:
        if cell.cell_type == "code":
            source = without_hidden_cases(cell.source)
            wide = [line for line in source.split("\n") if len(line) > LONGEST_LINE]
            if wide:
                yield f"{_where(cell)} has a line of {len(wide[0])} characters; {LONGEST_LINE} is the most: {wide[0].strip()[:40]}…"
            lines = _lines_that_count(source)
            if lines > LONGEST_CELL:
                yield f"{_where(cell)} has {lines} lines; {LONGEST_CELL} is the most, without docstrings and blank lines."


def _solutions(lesson: Lesson):
    for cell in lesson.cells("exercise", "question"):
        if cell.source.count("BEGIN SOLUTION") != 1 or cell.source.count("END SOLUTION") != 1:
            yield f"{_where(cell)} needs one BEGIN SOLUTION and one END SOLUTION."
    for cell in lesson.cells("test"):
        if cell.source.count("BEGIN HIDDEN TESTS") != cell.source.count("END HIDDEN TESTS"):
            yield f"{_where(cell)} needs an END HIDDEN TESTS for each BEGIN HIDDEN TESTS."
    for cell in lesson.cells("exercise"):
        if not _defined(cell, functions_only=True):
            yield f"{_where(cell)} defines no function or class."
    for cell in lesson.notebook.cells:
        if role(cell) not in ("exercise", "question") and "BEGIN SOLUTION" in cell.source:
            yield f"{_where(cell)} has a solution and is no exercise."


def _independence(lesson: Lesson):
    """One wrong answer costs one exercise: what an exercise defines, only its own tests use."""
    owner = {name: grade_id(cell) for cell in lesson.cells("exercise") for name in _defined(cell, functions_only=False)}
    for cell in lesson.cells("setup", "given", "experiment", "exercise", "test"):
        own = cell.metadata.rnn_course.get("exercise")
        for name in sorted(_used(cell) & owner.keys()):
            if owner[name] != own:
                yield f"{_where(cell)} uses `{name}`, which is the answer to exercise `{owner[name]}`."


def _forms(lesson: Lesson):
    """A test says what is asked. What it compares with is frozen (see `freezing`) or a check of grader/checks, never code in the test."""
    for cell in lesson.cells("test"):
        tree = ast.parse(without_hidden_cases(cell.source))
        made = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        mistakes = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "mistakes"]
        if made or mistakes:
            what = f"defines `{made[0].name}`" if made else "lists mistakes"
            yield f"{_where(cell)} {what}: put the reference and the mistakes into a cases cell and ask with check.cases(...), or write a check in grader/checks."
        lines = _lines_that_count(without_hidden_cases(cell.source)) - cell.source.startswith("# @title")
        if not is_hidden(cell) and lines > LONGEST_TEST:
            yield f"{_where(cell)} has {lines} lines; a visible test has at most {LONGEST_TEST}: an example or two, and one call such as check.cases(...)."


def _tree(cell: NotebookNode) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError:  # magics, or a mistake that running it will show
        return ast.Module(body=[], type_ignores=[])


def _defined(cell: NotebookNode, functions_only: bool) -> set[str]:
    names = set()
    for node in _tree(cell).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and not functions_only:
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _used(cell: NotebookNode) -> set[str]:
    return {node.id for node in ast.walk(_tree(cell)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _lines_that_count(source: str) -> int:
    skipped: set[int] = set()
    try:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
                skipped |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    except SyntaxError:
        pass
    return sum(
        1
        for number, line in enumerate(source.split("\n"), start=1)
        if line.strip() and number not in skipped and not line.strip().startswith("###")
    )


def _where(cell: NotebookNode) -> str:
    if "nbgrader" in cell.metadata:
        return f"Cell `{grade_id(cell)}`"
    return f"The {role(cell)} cell that begins {cell.source.strip().split(chr(10))[0][:50]!r}"
