"""The two notebooks nbgrader derives from a solution: the student's, and the one that grades it.

Both are made with nbgrader's own preprocessors, in the order of its `GenerateAssignment`
converter (https://nbgrader.readthedocs.io/en/stable/user_guide/creating_and_grading_assignments.html),
without a database: they are functions of the solution notebook alone.
"""

from __future__ import annotations

import copy
import json
from functools import lru_cache

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

from grader.engine.cells import declare
from grader.engine.names import declares

STUBBED = [LockCells, ClearSolutions, ClearOutput, ComputeChecksums]
RELEASED = [*STUBBED, ClearHiddenTests, ClearMarkScheme, ComputeChecksums]


def release(source: NotebookNode, config: Config | None = None) -> NotebookNode:
    """Return the student's notebook: stubs for solutions, no hidden test, no output.

    `source` is not changed. Raises RuntimeError, as nbgrader does, for an unmatched or
    nested solution or hidden-test region, or one in a cell of the wrong kind.
    """
    return _apply(RELEASED, source, config)


def answer_sheet(source: NotebookNode, config: Config | None = None) -> NotebookNode:
    """Return the notebook a submission is graded on: stubs for solutions, every test in full.

    Its checksums are those of nbgrader's gradebook, which are taken before hidden tests
    are removed. Each test is told which names it may read: those that its exercise's cell binds in `source`.
    """
    sheet = _apply(STUBBED, source, config)
    declare(sheet.cells, declares(source.cells))
    return sheet


def sheet_and_stub(source: NotebookNode) -> tuple[NotebookNode, NotebookNode]:
    """Return `answer_sheet(source)` and `release(source)`, worked out once for a whole class."""
    bare = {**source, "cells": [{key: value for key, value in cell.items() if key != "outputs"} for cell in source.cells]}
    return tuple(nbformat.from_dict(json.loads(text)) for text in _both(json.dumps(bare)))


@lru_cache(maxsize=16)
def _both(source: str) -> tuple[str, str]:
    notebook = nbformat.from_dict(json.loads(source))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []  # neither has any
    return json.dumps(answer_sheet(notebook)), json.dumps(release(notebook))


def _apply(preprocessors, source: NotebookNode, config: Config | None) -> NotebookNode:
    notebook, resources = copy.deepcopy(source), {}
    for preprocessor in preprocessors:
        notebook, resources = preprocessor(config=config or Config()).preprocess(notebook, resources)
    return notebook
