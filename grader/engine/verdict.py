"""What goes into the engine and what comes out: `Job` in, `Verdict` out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from grader.engine.cells import exercises, is_skipped, is_test, max_points, nbgrader_metadata, reads, role
from grader.engine.files import check_files

if TYPE_CHECKING:
    from nbformat import NotebookNode


class EngineError(RuntimeError):
    """The engine cannot work: no isolation, or no kernel can be started. Never a submission's doing."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    cell_seconds: wall time of one cell; then it is interrupted.
    submission_seconds: wall time of all cells together, without the kernels' start; the
        hidden tests, which run at the end, may take as long again. Twice this is all that a
        submission gets: where it is played a second time, that takes what the first time left.
    output_bytes: what one cell may leave as output; streamed output that is cleared again
        may come to 20 times as much. Of all cells together no more than that is kept.
    startup_seconds: how long TensorFlow's import and the kernel's start may take.
    interrupt_seconds: how long an interrupted cell may take to yield before it is killed.

    Held by the sandbox, for each of the submission's two process trees, student and referee:

    memory_bytes: memory of all its processes together; what they share counts once.
    processes: how many processes.
    cpu_seconds: processor time of all its processes together.
    disk_bytes: what may be written, besides the files the submission brought.
    file_bytes: the size of one file.
    """

    cell_seconds: float = 300.0
    submission_seconds: float = 900.0
    output_bytes: int = 1_000_000
    startup_seconds: float = 120.0
    interrupt_seconds: float = 5.0
    memory_bytes: int = 4 * 1024**3
    processes: int = 128
    cpu_seconds: float = 1800.0
    disk_bytes: int = 1024**3
    file_bytes: int = 512 * 1024**2


@dataclass(frozen=True)
class Job:
    """One submission, ready to be graded.

    notebook: nbformat 4.5, already repaired: its test cells are the trusted source, and
        each cell's `metadata.nbgrader` holds grade_id, points, grade, solution, locked.
    files: relative path -> content, placed beside the notebook; see `files.check_files`.
    name: the lesson, for messages only.
    tests: the exercises whose tests are run; None for all. See `regrade`.

    Raises ValueError for a hostile file name, for cells without an id of their own, and
    for points that are not a finite number of at least 0.
    """

    notebook: NotebookNode
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = Limits()
    name: str = ""
    tests: frozenset[str] | None = None

    def __post_init__(self):
        check_files(self.files)
        ids = [cell.get("id") for cell in self.notebook.cells]
        if not all(ids) or len(set(ids)) != len(ids):
            raise ValueError(
                "every cell needs an id of its own: write the notebook as nbformat 4.5, "
                "with nbformat.validator.normalize"
            )
        for cell in self.notebook.cells:
            if is_test(cell):
                max_points(cell)

    @property
    def key(self) -> str:
        """The sha256, in hex, of everything that the verdict depends on."""
        cells = [
            [cell.id, cell.cell_type, cell.source, nbgrader_metadata(cell), is_skipped(cell), role(cell), exercise, sorted(reads(cell))]
            for cell, exercise in zip(self.notebook.cells, exercises(self.notebook.cells), strict=True)
        ]
        files = {path: hashlib.sha256(data).hexdigest() for path, data in self.files.items()}
        tests = None if self.tests is None else sorted(self.tests)
        parts = json.dumps([cells, files, asdict(self.limits), tests], sort_keys=True)
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Score:
    """The points of one test cell. `reason` is "" for full marks, else one line to read."""

    points: float
    max_points: float
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a submission came to.

    outputs: cell id -> nbformat outputs, for every code cell; [] where it did not run.
    execution_counts: cell id -> count, None where the cell did not run to its end.
    scores: grade_id -> Score, for every autograded test cell, always.
    stopped: "", or why the submission ended early: which limit or end, in which cell.
    seconds: wall time of the whole, the kernel's start included.
    """

    outputs: dict[str, list[Any]]
    execution_counts: dict[str, int | None]
    scores: dict[str, Score]
    stopped: str = ""
    seconds: float = 0.0
