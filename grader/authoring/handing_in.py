"""What a student hands in who answers every exercise as the solution does: made from the release, as each submission is."""

from __future__ import annotations

from nbformat import NotebookNode

from grader.engine.cells import role
from grader.nbgrader_plugins.release import sheet_and_stub

MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")


def handed_in(source: NotebookNode, remark: str = "An answer.") -> NotebookNode:
    """The release of the solution `source`, with its answers in place of the stubs: no hidden test, no output, experiments unchanged.

    remark: a line below each answer, and the answer to each written question, so that no two submissions need be equal.
    """
    answers = {cell.id: cell.source for cell in source.cells if role(cell) == "exercise"}
    _, notebook = sheet_and_stub(source)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = f"{without_marks(answers[cell.id])}\n# {remark}"
        elif role(cell) == "question":
            cell.source = remark
    return notebook


def without_marks(source: str) -> str:
    """Leave out the lines that mark a solution."""
    return "\n".join(line for line in source.split("\n") if line.strip() not in MARKS)
