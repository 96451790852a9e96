"""Try many answers to one exercise in one process that has imported TensorFlow once.

Experiments are left out, as in grading; what the tests need comes from `given` cells. Each
answer gets its own copy of the namespace and its own folder for receipts.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from grader.authoring.lesson import Lesson, grade_id
from grader.checks import CheckFailed  # imports Keras, quietly

import keras  # isort: skip


@dataclass(frozen=True)
class Outcome:
    """What an answer earned: points, for each failed test the words that its author reads, and for each test its processor seconds."""

    points: float
    max_points: float
    failures: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The first failed test's words, or "" if all passed."""
        return next(iter(self.failures.values()), "")


class Stage:
    """A lesson with its set-up and given cells run, on which answers are tried.

    lesson: as read by `grader.authoring.lesson.read`.
    folder: where receipts are kept; answers that are tried again restore what they trained.
    """

    def __init__(self, lesson: Lesson, folder: Path):
        self.lesson = lesson
        self.folder = folder
        self._namespace: dict = {"__name__": "__main__"}
        self._done = 0  # cells before this index have run

    def try_answer(self, exercise: str, source: str, label: str, seed: int = 0) -> Outcome:
        """Run `source` in place of the exercise's cell, then the exercise's tests."""
        cells = self.lesson.notebook.cells
        tests = self.lesson.tests(exercise)
        self._advance(max(cells.index(cell) for cell in tests))
        namespace = {key: value.copy() if isinstance(value, np.ndarray) else value for key, value in self._namespace.items()}
        folder = self.folder / exercise / label
        folder.mkdir(parents=True, exist_ok=True)
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        with _inside(folder):
            broken = _run(source, namespace, f"<{exercise}: {label}>")
            failures, seconds, points = {}, {}, 0.0
            for cell in tests:
                began = time.process_time()
                words = broken if broken and not _has_names(source, namespace) else _run(cell.source, namespace, f"<{grade_id(cell)}>")
                seconds[grade_id(cell)] = time.process_time() - began
                if words is None:
                    points += cell.metadata.nbgrader.points
                else:
                    failures[grade_id(cell)] = words
        return Outcome(points, sum(cell.metadata.nbgrader.points for cell in tests), failures, seconds)

    def names_before(self, exercise: str) -> dict:
        """A copy of the names that the set-up and given cells before an exercise make."""
        cells = self.lesson.notebook.cells
        self._advance(next(index for index, cell in enumerate(cells) if cell.id == exercise))
        return {key: value.copy() if isinstance(value, np.ndarray) else value for key, value in self._namespace.items()}

    def _advance(self, index: int) -> None:
        for position in range(self._done, index):
            cell = self.lesson.notebook.cells[position]
            if cell.cell_type == "code" and cell.metadata.rnn_course.role in ("setup", "given"):
                with _inside(self.folder):
                    words = _run(cell.source, self._namespace, f"<{grade_id(cell)}>")
                if words:
                    raise RuntimeError(f"{self.lesson.name}: the given cell `{grade_id(cell)}` fails: {words}")
        self._done = max(self._done, index)


def _run(source: str, namespace: dict, name: str) -> str | None:
    """Run a cell; None if all is well, else the words of the failure."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, name, "exec"), namespace)
    except CheckFailed as failure:
        return str(failure)
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"
    return None


def _has_names(source: str, namespace: dict) -> bool:
    """Whether a cell that raised still defined something; a syntax error defines nothing."""
    try:
        code = compile(source, "<answer>", "exec")
    except SyntaxError:
        return False
    return any(name in namespace for name in code.co_names)


@contextlib.contextmanager
def _inside(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
