"""A lesson as a page of the book: the student's cells, and the outputs of whatever holds no answer."""

from __future__ import annotations

import copy
import re

import nbformat
from nbformat import NotebookNode

from grader.authoring.bundle import PLACEHOLDER
from grader.authoring.lesson import Lesson
from grader.engine.cells import role
from grader.nbgrader_plugins import release

SHOWN = ("setup", "given", "experiment")  # roles whose outputs come from the lesson's own code: nothing of theirs calls an answer
HAND_IN = "lab.hand_in("
OTHER_LESSON = re.compile(r"\((?:\.\./)+(\d\d_\w+)/\1\.ipynb\)")


def page(lesson: Lesson, solution: NotebookNode, colab: str) -> NotebookNode:
    """The page of `lesson`, whose executed `solution` gives the outputs.

    colab: the address that opens the student's notebook there, or "".
    """
    made = release(solution)
    outputs = {cell.id: cell.outputs for cell in solution.cells if role(cell) in SHOWN and cell.cell_type == "code"}
    cells = []
    for cell in made.cells:
        if cell.cell_type == "code" and HAND_IN in cell.source:
            continue  # a reader has nothing to hand in
        if cell.cell_type == "markdown":
            cell.source = OTHER_LESSON.sub(r"(\1.ipynb)", cell.source.replace(PLACEHOLDER, button(colab)))
        else:
            cell.outputs = copy.deepcopy(outputs.get(cell.id, []))
            cell.execution_count = None
        cell.metadata = _metadata(cell)
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": dict(made.metadata.kernelspec), "language_info": {"name": "python"}})


def answers_run(solution: NotebookNode) -> NotebookNode:
    """The cells of an executed solution whose outputs no page may show: those that ran an answer."""
    kept = solution.copy()
    kept.cells = [cell for cell in solution.cells if role(cell) not in SHOWN]
    return kept


def button(colab: str) -> str:
    return f"[Open in Colab]({colab}){{.colab-button}}" if colab else ""


def _metadata(cell: NotebookNode) -> dict:
    """What MyST-NB reads: the set-up cell is folded, and a figure says what it shows to those who do not see it."""
    told: dict = {}
    if role(cell) == "setup":
        told["tags"] = ["hide-input"]
    alts = [output.metadata["image/png"]["alt"] for output in cell.get("outputs", []) if "alt" in output.get("metadata", {}).get("image/png", {})]
    if alts:
        told["mystnb"] = {"image": {"alt": " ".join(dict.fromkeys(alts))}}
    return told
