"""From a lesson's source to its executed solution and the student's notebook; and what of them is stale."""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from grader.authoring import freezing, proofs, retest
from grader.authoring.lesson import Lesson, LessonError, code, grade_id, read, release_path, solution_path
from grader.authoring.rules import broken_rules
from grader.nbgrader_plugins import release

CELL_SECONDS = 300
LARGEST_SOLUTION = 1_000_000  # bytes


def stale(root: Path, lesson: Lesson) -> list[str]:
    """What of a lesson's notebooks is not what its source makes, each in one sentence; [] if nothing.

    Sources, cell ids, metadata and the stamp are compared; outputs are not, since floats differ between machines.
    """
    if frozen := freezing.stale(root, lesson):
        return frozen
    solution = _load(solution_path(root, lesson.name))
    if solution is None:
        return [f"{lesson.name}: there is no solution notebook that can be read."]
    if _bare(solution) != _bare(lesson.notebook):
        return [f"{lesson.name}: the solution notebook is older than its source."]
    unrun = [cell for cell in solution.cells if cell.cell_type == "code" and cell.source and not cell.execution_count]
    if unrun:
        return [f"{lesson.name}: the solution notebook was not executed."]
    released = _load(release_path(root, lesson.name))
    if released is None or _bare(released) != _bare(release(solution)):
        return [f"{lesson.name}: the student's notebook is not what nbgrader makes of the solution."]
    return []


def orphans(root: Path, names: set[str]) -> list[str]:
    """Notebooks in solutions/ and notebooks/ that no lesson makes, each in one sentence."""
    return [
        f"{path.relative_to(root)}: no lesson makes this folder."
        for kind in ("solutions", "notebooks")
        for path in sorted((root / kind).glob("[!._]*"))
        if path.is_dir() and path.name not in names
    ]


def build(root: Path, lesson: Lesson, force: bool = False, tell: Callable[[str], None] = print) -> bool:
    """Make a lesson's solution and release. Returns whether anything was written.

    Cases whose source changed are frozen first. Cells are executed again only if one of them changed, the set-up cell aside; new prose and metadata
    keep the outputs, and where only tests changed, they alone are run (see `retest`). `tell`
    hears what is being done. Nothing is written unless every proof holds.
    Raises LessonError that names the cell: a broken rule, a cell that fails, a solution without full
    marks, a stub that does not run or that scores, a release that leaks.
    """
    if freezing.freeze(root, lesson, tell):
        lesson = read(lesson.path)
    broken = broken_rules(lesson)
    if broken:
        raise LessonError(f"{lesson.path}:\n  " + "\n  ".join(broken))
    if not force and not stale(root, lesson):
        return False
    released = release(lesson.notebook)
    proofs.no_leak(lesson, released)
    old = _load(solution_path(root, lesson.name))
    if not force and old is not None and code(old) == code(lesson.notebook) and _ran(old):
        tell("no cell changed that shows anything; outputs are kept")
        solution = _with_outputs_of(lesson.notebook, old)
    elif not force and old is not None and _ran(old) and (exercises := retest.touched(lesson, old)):
        tell(f"only tests changed; those of {', '.join(sorted(exercises))} are run, other outputs are kept")
        solution = retest.retest(lesson, old, exercises, root / "build" / "lessons" / lesson.name)
    else:
        workshop = root / "build" / "lessons" / lesson.name
        shutil.rmtree(workshop, ignore_errors=True)
        workshop.mkdir(parents=True)
        tell("running every cell")
        solution = execute(lesson, workshop)
        tell("grading the solution and the stub")
        proofs.full_marks(lesson, workshop)
        proofs.stub_runs_and_scores_nothing(lesson, workshop)
    size = len(nbformat.writes(solution))
    if size > LARGEST_SOLUTION:
        raise LessonError(f"{lesson.name}: the executed notebook has {size:,} bytes; {LARGEST_SOLUTION:,} is the most. Show fewer or smaller figures.")
    _write(solution, solution_path(root, lesson.name))
    _write(release(solution), release_path(root, lesson.name))
    return True


def execute(lesson: Lesson, folder: Path, environment: dict[str, str] | None = None) -> NotebookNode:
    """Run a copy of the lesson's notebook from top to bottom in `folder`; timings are left out of it.

    environment: variables that its kernel gets besides those of this process. Raises LessonError that names the cell that fails.
    """
    notebook = copy.deepcopy(lesson.notebook)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        force_raise_errors=True,
        coalesce_streams=True,
        extra_arguments=["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"],
    )
    try:
        client.execute(env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(environment or {})})
    except (CellExecutionError, DeadKernelError, TimeoutError) as error:
        done = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.get("execution_count")]
        where = _name(done[-1]) if done else "its first cell"
        raise LessonError(f"{lesson.name}: the solution fails in {where}:\n{error}") from None
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise LessonError(f"{lesson.name}: {_name(cell)} writes to stderr, which readers see as a red box:\n{output.text[:500]}")
    return notebook


def _with_outputs_of(notebook: NotebookNode, old: NotebookNode) -> NotebookNode:
    notebook = copy.deepcopy(notebook)
    notebook.metadata.language_info = old.metadata.language_info  # the kernel's, which ran those cells
    runs = (cell for cell in old.cells if cell.cell_type == "code")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            run = next(runs)
            cell.outputs, cell.execution_count = run.outputs, run.execution_count
    return notebook


def _ran(notebook: NotebookNode) -> bool:
    return all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code" and cell.source)


def _bare(notebook: NotebookNode) -> dict:
    """What two builds of one source have in common."""
    return {
        "stamp": notebook.metadata.get("rnn_course"),
        **{key: notebook.metadata.get(key) for key in ("kernelspec", "accelerator", "colab")},
        "cells": [(cell.id, cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells],
    }


def _load(path: Path) -> NotebookNode | None:
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # missing, damaged, not a notebook: all mean that it has to be made again
        return None


def _write(notebook: NotebookNode, path: Path) -> None:
    """All or nothing, so that an interrupted build leaves the old notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8") as scratch:
        nbformat.write(notebook, scratch)
    os.chmod(scratch.name, 0o644)
    os.replace(scratch.name, path)


def _name(cell: NotebookNode) -> str:
    if "nbgrader" in cell.metadata:
        return f"cell `{grade_id(cell)}`"
    return f"the cell that begins {cell.source.strip().split(chr(10))[0][:60]!r}"
