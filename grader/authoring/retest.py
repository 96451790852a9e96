"""A lesson whose tests alone changed: run those of the exercises that they belong to, and keep all other outputs.

The tests of one exercise never see what another's made, and nothing else depends on a test (docs/AUTHORING.md), so whatever
was shown of the rest of the lesson when it was executed still holds.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from grader.authoring import proofs
from grader.authoring.lesson import Lesson
from grader.engine.cells import is_test, role


def touched(lesson: Lesson, old: NotebookNode | None) -> frozenset[str] | None:
    """The exercises whose tests differ from those in the executed notebook `old`; None where other code differs, or a test came or went."""
    if old is None:
        return None
    now, before = ([cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (lesson.notebook, old))
    if [cell.id for cell in now] != [cell.id for cell in before]:
        return None
    changed = [cell for cell, was in zip(now, before, strict=True) if (cell.source, cell.metadata) != (was.source, was.metadata)]
    if not all(is_test(cell) for cell in changed):
        return None
    return frozenset(cell.metadata.rnn_course.exercise for cell in changed) or None


def retest(lesson: Lesson, old: NotebookNode, exercises: frozenset[str], workshop: Path) -> NotebookNode:
    """Return the executed notebook with the outputs of `old`, the tests of `exercises` run anew.

    workshop: has the receipts of the last run, if it was here; else what these exercises train is trained once more.
    Raises LessonError where the solution loses a point in them or the stub earns one.
    """
    verdict = proofs.full_marks(lesson, workshop, exercises)
    proofs.stub_runs_and_scores_nothing(lesson, workshop, exercises)
    notebook = copy.deepcopy(lesson.notebook)
    notebook.metadata.language_info = old.metadata.language_info
    before = {cell.id: cell for cell in old.cells}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            was = before[cell.id]
            again = is_test(cell) and cell.metadata.rnn_course.exercise in exercises and cell.source != was.source
            cell.outputs = [copy.deepcopy(output) for output in verdict.outputs[cell.id]] if again else was.outputs
            cell.execution_count = was.execution_count
    return notebook


def running_code(lesson: Lesson) -> str:
    """A hash of what runs in a lesson, which its seconds depend on: neither comments and docstrings nor the words of a test.

    The set-up cell is none of it: it is every lesson's, and does nothing at home.
    """
    digest = hashlib.sha256()
    for cell in lesson.notebook.cells:
        if cell.cell_type == "code" and role(cell) != "setup":
            digest.update(f"\0{_essence(cell.source, words=role(cell) != 'test')}".encode())
    return digest.hexdigest()


def _essence(source: str, words: bool) -> str:
    """A cell without comments, docstrings and blank lines; without `words`, also without any text in quotes and without white space. The same on every Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # IPython's own, such as a line that begins with %
        return source
    lines = [bytearray(line.encode()) for line in source.split("\n")]
    for node in _told(tree, words):
        for number in range(node.lineno - 1, node.end_lineno):
            start = node.col_offset if number == node.lineno - 1 else 0
            end = node.end_col_offset if number == node.end_lineno - 1 else len(lines[number])
            lines[number][start:end] = b" " * (end - start)
    bare = "\n".join(line.decode() for line in lines)
    kept = bare.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            kept[token.start[0] - 1] = _until(kept[token.start[0] - 1], source.split("\n")[token.start[0] - 1], token.start[1])
    return "\n".join(filter(None, (line.rstrip() for line in kept))) if words else "".join("".join(kept).split())


def _told(tree: ast.Module, words: bool) -> Iterator[ast.expr]:
    """Docstrings; without `words` every text, none within another."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if not words and (isinstance(node, ast.JoinedStr) or isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node
            continue
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and words and ast.get_docstring(node, clean=False) is not None:
            yield node.body[0].value
        todo += ast.iter_child_nodes(node)


def _until(line: str, source: str, column: int) -> str:
    """`line` up to a comment that begins at `column` of `source`, which may have had longer letters."""
    return line.encode()[: len(source[:column].encode())].decode()
