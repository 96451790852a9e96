"""The graders that are compared, and the floor: each is given a class in a fresh folder and grades it with its own command."""

from __future__ import annotations

import copy
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from benchmarks.grading import ROOT, otter
from benchmarks.grading.material import Material, numbers, student
from benchmarks.grading.measure import CommandFailed, Cost, measured
from grader.nbgrader_plugins import course
from grader.nbgrader_plugins.batch import prepare

# nbgrader's own, but for the time a cell may take: within its default of 30 s some trainings do not end, and then it ends the kernel.
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\nc.Execute.timeout = 600\n"


@dataclass(frozen=True)
class Graded:
    """What grading a class took, how many submissions got full marks, and what else was learned (see each contestant)."""

    cost: Cost
    full_marks: int
    more: dict = field(default_factory=dict)


def environment(python: str | Path = sys.executable) -> dict[str, str]:
    """What every contestant runs in: this environment, with the course's package and data, and quiet TensorFlow."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("GRADER_")},
        "PATH": os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": str(ROOT),
        "RNN_COURSE_DATA": os.environ.get("RNN_COURSE_DATA", str(ROOT / "data")),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def nbgrader(material: Material, folder: Path, size: int, receipts: Path | None) -> Graded:
    """Stock `nbgrader autograde`: nbgrader's defaults, the notebook's own kernel, one after the other."""
    _write_solution(material, folder / "source")
    (folder / "nbgrader_config.py").write_text(STOCK)
    settings = Config()
    settings.CourseDirectory.root, settings.CourseDirectory.course_id = str(folder), "stock"
    _require(NbGraderAPI(config=settings).generate_assignment(material.name))
    _hand_in(material, folder, size, receipts)
    cost, _ = measured([sys.executable, "-m", "nbgrader", "autograde", material.name], folder, environment())
    return Graded(cost, full_marks(material, folder, "stock"))


def ours(material: Material, folder: Path, size: int, receipts: Path | None, workers: int) -> Graded:
    """`grader autograde`, in a course that has graded nothing yet, without feedback pages, since nbgrader's command makes none.

    more["seconds"]: what each submission took in its worker, without the first of each worker, which start it.
    """
    _write_solution(material, folder / "solutions")
    (folder / "lessons" / material.name).mkdir(parents=True)
    shutil.copy(material.lesson.path, folder / "lessons" / material.name)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    prepare(course(folder), material.name)
    _copy_database(folder / "gradebook.db", folder / "empty.db")
    _hand_in(material, folder, size, receipts)
    cost, said = _ours(material, folder, workers, "--no-feedback")
    seconds = [result.get("seconds") or 0.0 for result in sorted(_results(said), key=lambda result: result["student"])]
    return Graded(cost, full_marks(material, folder, "rnn-course"), {"seconds": [round(one, 3) for one in seconds[workers:] if one]})


def ours_from_kept_verdicts(material: Material, folder: Path, workers: int, feedback: bool = False) -> Graded:
    """Grade the class that lies in `folder` once more, from its kept verdicts, into an empty gradebook.

    more["kept"]: how many verdicts were kept. Where that is not all, it is no measure of bookkeeping.
    """
    for made in folder.glob("gradebook.db*"):
        made.unlink()
    _copy_database(folder / "empty.db", folder / "gradebook.db")
    for made in (folder / "autograded", folder / "feedback", *(one for one in folder.glob(".grader/*") if one.name != "verdicts")):
        shutil.rmtree(made, ignore_errors=True)
    cost, said = _ours(material, folder, workers, *([] if feedback else ["--no-feedback"]))
    return Graded(cost, full_marks(material, folder, "rnn-course"), {"kept": sum(one.get("how") == "kept" for one in _results(said))})


def _ours(material: Material, folder: Path, workers: int, *more: str) -> tuple[Cost, str]:
    command = [sys.executable, "-m", "grader", "autograde", material.name, "--root", folder, "--workers", str(workers), "--json"]
    return measured([*command, *more], folder, environment())


def _results(said: str) -> list[dict]:
    """The results of each student, as `grader autograde --json` tells them."""
    told = json.loads(said)
    return told["results"] if isinstance(told, dict) else told


def otter_run(material: Material, folder: Path, size: int, receipts: Path | None, venv: Path) -> Graded:
    """`otter run` on each submission, one after the other, in otter's own virtual environment."""
    folder.mkdir(parents=True)
    otter.assignment(material, folder / "autograder.zip")
    total, full = Cost(0.0, 0.0, 0), 0
    for number in numbers(size):
        archive, results = folder / f"{student(number)}.zip", folder / student(number)
        results.mkdir()
        otter.submission(material, number, archive, receipts)
        command = [venv / "bin" / "otter", "run", "-a", "autograder.zip", "-o", results, "--no-logo", archive]
        cost, _ = measured(command, folder, environment(otter.python_of(venv)))
        total += cost
        full += abs(otter.points(results / "results.json") - material.points) < 1e-6
    return Graded(total, full)


def floor(material: Material, folder: Path, size: int, receipts: Path | None) -> Graded:
    """The cells that we run, in a child of one process that has imported everything. Its cost leaves out the imports.

    more["seconds"]: of each submission; more["again_seconds"], more["again_cpu_seconds"]: when its cells are run a second time in the same process.
    """
    places = [folder / student(number) for number in numbers(size)]
    for number, place in zip(numbers(size), places, strict=True):
        material.lay_cells(place, material.graded_cells(number), receipts)
    runs, peak = run_cells(places)
    cost = Cost(sum(run["seconds"] for run in runs), sum(run["cpu_seconds"] for run in runs), peak)
    return Graded(cost, sum(not run["failed"] for run in runs), {name: [round(run[name], 3) for run in runs] for name in ("seconds", "again_seconds", "again_cpu_seconds") if all(name in run for run in runs)})


def run_cells(places: Iterable[Path]) -> tuple[list[dict], int | None]:
    """Run `floor` on folders; what it says of each, and the peak of its memory."""
    cost, said = measured([sys.executable, "-m", "benchmarks.grading.floor", *places], ROOT, environment())
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")], cost.peak_bytes


def trained(material: Material, scratch: Path) -> Path | None:
    """The receipts of a class that trained: every cell is run once, over the receipts of the last build if there are some.

    Raises CommandFailed if the solution fails.
    """
    folder, built = scratch / f"{material.name}-trained", ROOT / "build" / "lessons" / material.name / "receipts"
    material.lay_cells(folder, material.all_cells(0), built if built.is_dir() else None)
    [run], _ = run_cells([folder])
    if run["failed"]:
        raise CommandFailed(f"the solution of {material.name} fails: {'; '.join(run['failed'])}")
    receipts = folder / "receipts"
    return receipts if receipts.is_dir() else None


def plain_python(folder: Path, workers: int) -> Graded:
    """A loop in plain Python, in as many processes at once: what this machine's cores gain by working side by side. Each is a submission."""
    folder.mkdir(parents=True)
    loop = "total = 0\nfor number in range(40_000_000): total += number & 7"
    starts = f"import subprocess, sys; loops = [subprocess.Popen([sys.executable, '-c', {loop!r}]) for _ in range({workers})]; sys.exit(max(one.wait() for one in loops))"
    cost, _ = measured([sys.executable, "-c", starts], folder, environment())
    return Graded(cost, workers)


def memory(material: Material, folder: Path, receipts: Path | None) -> Graded:
    """One submission in one of our workers. more: what `worker_memory` prints."""
    material.hand_in(folder, 1, receipts)
    command = [sys.executable, "-m", "benchmarks.grading.worker_memory", material.lesson.path, folder]
    cost, said = measured(command, ROOT, environment())
    told = json.loads(said.splitlines()[-1])
    return Graded(cost, int(told.pop("points") == material.points), told)


def full_marks(material: Material, folder: Path, course_id: str) -> int:
    """How many students have all autograded points of the lesson in the gradebook of a course."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", course_id) as gradebook:
        found = gradebook.notebook_submissions(material.name, material.name)
        points = [sum(grade.auto_score or 0.0 for grade in one.grades) for one in found]
    return sum(abs(one - material.points) < 1e-6 for one in points)


def _write_solution(material: Material, folder: Path) -> None:
    (folder / material.name).mkdir(parents=True)
    solution = copy.deepcopy(material.source)
    solution.metadata.rnn_course.pop("source", None)  # else a build is asked for, with outputs; without it a solution is taken as it is
    nbformat.write(solution, folder / material.name / f"{material.name}.ipynb")


def _hand_in(material: Material, folder: Path, size: int, receipts: Path | None) -> None:
    for number in numbers(size):
        material.hand_in(folder / "submitted" / student(number) / material.name, number, receipts)


def _copy_database(original: Path, copy: Path) -> None:
    """With what SQLite has not yet moved from its log into the file."""
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _require(outcome: dict) -> None:
    if not outcome["success"]:
        raise RuntimeError(f"nbgrader could not prepare its course:\n{outcome.get('error') or outcome.get('log')}")
