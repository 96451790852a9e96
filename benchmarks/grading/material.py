"""A lesson and a class's submissions of it, as every contestant gets them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchmarks.grading import ROOT
from grader.authoring import lesson as lessons
from grader.authoring.handing_in import handed_in
from grader.engine.cells import is_skipped, is_test
from grader.nbgrader_plugins import repair

SMALL = "small"  # the lesson beside this file


class Material:
    """One lesson: what is released of it, and what each student hands in.

    name: of a lesson of the course, or its beginning (`02`), or "small". Raises LessonError for any other.
    """

    def __init__(self, name: str):
        where, names = (Path(__file__).parent, None) if name == SMALL else (ROOT, [name])
        [path] = lessons.discover(where, names)
        self.lesson = lessons.read(path)
        self.name = self.lesson.name
        self.source = self.lesson.notebook
        self.points = self.lesson.points("test")

    def notebook(self, number: int) -> NotebookNode:
        """Return what student `number` hands in: the solution, with their number in it, so that no two are equal."""
        return handed_in(self.source, f"The answer of student {number}.")

    def graded_cells(self, number: int) -> list[str]:
        """Return the code that this grader runs of a submission: all but experiments that the student left as they were."""
        notebook, _ = repair(self.source, self.notebook(number))
        return [cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip() and not is_skipped(cell)]

    def all_cells(self, number: int) -> list[str]:
        """Return all code of a submission, with the hidden tests: what nbgrader and otter run."""
        tests = {cell.id: cell.source for cell in self.source.cells if is_test(cell)}
        cells = self.notebook(number).cells
        return [tests.get(cell.id, cell.source) for cell in cells if cell.cell_type == "code" and cell.source.strip()]

    def hand_in(self, folder: Path, number: int, receipts: Path | None) -> None:
        """Write a submission: the notebook, and the receipts of what it trains, if the student sent them."""
        folder.mkdir(parents=True)
        nbformat.write(self.notebook(number), folder / f"{self.name}.ipynb")
        give(folder, receipts)

    def lay_cells(self, folder: Path, cells: list[str], receipts: Path | None) -> None:
        """Write what `floor` runs."""
        folder.mkdir(parents=True)
        (folder / "cells.json").write_text(json.dumps(cells))
        give(folder, receipts)


def give(folder: Path, receipts: Path | None) -> None:
    if receipts is not None:
        shutil.copytree(receipts, folder / "receipts")


def student(number: int) -> str:
    return f"student-{number:04d}"


def numbers(size: int) -> Iterable[int]:
    return range(1, size + 1)
