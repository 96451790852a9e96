"""The lessons that the attacks are aimed at: each file in targets/, as a solution notebook and as a release."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.nbgrader_plugins import release

from .canaries import NUMBER, SECRETS

HERE = Path(__file__).parent
NAMES = {path.stem.partition("_")[2]: path.stem for path in sorted((HERE / "targets").glob("*.py"))}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
WORDS = {
    "__HIDDEN__": SECRETS["a hidden test"],
    "__SOLUTION__": SECRETS["the solution"],
    "__NUMBER__": str(NUMBER),
}
ROLES = ("setup", "given", "exercise", "test")
FULL = 10


@cache
def _solution(lesson: str) -> NotebookNode:
    text = (HERE / "targets" / f"{lesson}.py").read_text()
    for word, meant in WORDS.items():
        text = text.replace(word, meant)
    cells = [_cell(n, raw) for n, raw in enumerate(jupytext.reads(text, fmt="py:percent").cells)]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


def solution(lesson: str) -> NotebookNode:
    """Return the lesson's solution notebook, as `grader build` would make it."""
    return copy.deepcopy(_solution(lesson))


def stub(lesson: str) -> NotebookNode:
    """Return what students are given: stubs, and no hidden test."""
    return release(solution(lesson))


def answers(lesson: str) -> dict[str, str]:
    """Return the right answer of each exercise, without the solution's canary."""
    return {
        cell.metadata.nbgrader.grade_id: cell.source.replace(f"# {SECRETS['the solution']}", "")
        .replace("### BEGIN SOLUTION", "")
        .replace("### END SOLUTION", "")
        for cell in solution(lesson).cells
        if cell.metadata.rnn_course.role == "exercise"
    }


def named(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this nbgrader name."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def _cell(number: int, raw: NotebookNode) -> NotebookNode:
    """Give a cell of a percent file the metadata that the build gives it."""
    if raw.cell_type == "markdown":
        return new_markdown_cell(raw.source, id=f"prose-{number}", metadata={"rnn_course": {"role": "prose"}})
    role = next(role for role in ROLES if role in raw.metadata)
    name, source, about = str(raw.metadata[role]), raw.source, {"role": role}
    flags = {"grade": False, "solution": role == "exercise", "locked": role != "exercise", "task": False}
    if role == "setup":
        name = "setup"
    if role == "test":
        about["exercise"] = name
        flags |= {"grade": True, "points": raw.metadata["points"]}
        name += "-hidden" if raw.metadata.get("hidden") else "-test"
        if raw.metadata.get("hidden"):
            source = f"# Hidden checks.\n### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
    made = new_code_cell(source, id=name, metadata={"rnn_course": about})
    made.metadata["nbgrader"] = {**flags, "grade_id": name, "schema_version": 3}
    return made
