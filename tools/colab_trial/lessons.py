"""Run one released lesson as a student does on Colab: from the badge in the README to the zip that is handed in."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.authoring import bundle
from grader.authoring import lesson as lessons
from grader.authoring import publish as publishing
from grader.authoring.lesson import Lesson
from grader.engine.cells import role
from tools.colab_trial import ROOT

sys.path.append(str(ROOT / "tests" / "colab"))
from machine import REPOSITORY, Machine, answered, printed, publish  # noqa: E402

KEPT = ("tensorflow", "numpy")  # never replaced


@dataclass
class Trial:
    """What came of a lesson. seconds: of the set-up cell, and of all; changed: package → its versions before and after; wrong: [] if all is well."""

    lesson: str
    page: NotebookNode
    seconds: tuple[float, float]
    changed: dict[str, tuple]
    figures: int
    zipped: int = 0
    wrong: list[str] = field(default_factory=list)


def repository(scratch: Path, chosen: list[Lesson]) -> Path:
    """The public course of these lessons as a bare repository, in the place of GitHub's."""
    publishing.folder(scratch / "public", bundle.contents(ROOT, chosen, bundle.Repository(REPOSITORY)), {})
    return publish(scratch / "public", scratch / "course.git")


def run(lesson: Lesson, source: Path, environment: Path, folder: Path, receipts: Path | None = None, twice: bool = False) -> Trial:
    """Run `lesson` of the repository `source` with its answers filled in, on a machine of its own in `folder`.

    environment: an interpreter, whose packages stay as they are. receipts: what an earlier run trained, put beside the notebook.
    twice: afterwards also run the set-up cell twice in one more session.
    """
    shutil.rmtree(folder, ignore_errors=True)
    python = copy(environment, folder / "environment")
    machine = Machine(folder / "machine", source, str(python), pretend=False)
    machine.environment |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}  # one core each
    if receipts and receipts.is_dir():
        shutil.copytree(receipts, machine.content / "receipts")
    before = versions(python)
    page = answered(opened(source, lesson.name), {cell.id: cell.source for cell in lesson.cells("exercise", "question")})
    machine.run(page, go_on=True)
    after = versions(python)
    changed = {name: (before.get(name), after[name]) for name in after if before.get(name) != after[name]}
    setup = next(cell for cell in page.cells if role(cell) == "setup")
    begun = [when for cell in page.cells if (when := _when(cell))]
    trial = Trial(lesson.name, page, (_seconds(setup), (begun[-1][1] - begun[0][0]).total_seconds()), changed, _figures(page))
    trial.wrong += _errors(page) + [f"{name} was replaced: {changed[name]}" for name in KEPT if name in changed]
    trial.zipped = _handed_in(machine, lesson, trial)
    if twice:
        again = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(setup.source) for _ in range(2)])
        machine.run(again, go_on=True)
        trial.wrong += _errors(again) + [f"run again, the set-up cell says: {text}" for text in map(printed, again.cells) if "Installed" in text]
    return trial


def opened(source: Path, name: str) -> NotebookNode:
    """What Colab opens when the lesson's badge in the README is pressed."""
    badge = rf"\(https://colab\.research\.google\.com/github/{REPOSITORY}/blob/main/([^)]*{name}\.ipynb)\)"
    [address] = set(re.findall(badge, _show(source, "README.md")))
    return nbformat.reads(_show(source, address), 4)


def copy(environment: Path, folder: Path) -> Path:
    """An environment that has all packages of another, and into which one installs without changing that; returns its interpreter."""
    subprocess.run([str(environment), "-m", "venv", "--without-pip", str(folder)], check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    theirs, ours = (
        subprocess.run([str(python), "-c", where], capture_output=True, text=True, check=True).stdout.strip()
        for python in (environment, folder / "bin" / "python")
    )
    Path(ours, "colab.pth").write_text(f"{os.path.abspath(theirs)}\n", encoding="utf-8")
    return folder / "bin" / "python"


def versions(python: Path) -> dict[str, str]:
    """The packages of an environment: name → the version that is imported."""
    code = (
        "import importlib.metadata as m, json\nfound = {}\n"
        "for one in m.distributions(): found.setdefault(one.metadata['Name'].lower(), one.version)\nprint(json.dumps(found))"
    )
    return json.loads(subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout)


def _handed_in(machine: Machine, lesson: Lesson, trial: Trial) -> int:
    """The bytes of the zip; what is wrong with it is added to the trial."""
    made = machine.downloads / f"{lesson.name}.zip"
    if not made.is_file():
        trial.wrong.append(f"no zip was handed in: {printed(trial.page.cells[-1]).strip()}")
        return 0
    if "Before you hand it in" in printed(trial.page.cells[-1]):
        trial.wrong.append(f"the last cell has remarks: {printed(trial.page.cells[-1]).strip()}")
    with zipfile.ZipFile(made) as archive:
        if f"{lesson.name}.ipynb" not in archive.namelist():
            trial.wrong.append("the zip has no notebook")
    return made.stat().st_size


def _errors(page: NotebookNode) -> list[str]:
    """Every error that a cell shows, test cells among them, and what stands in a red box."""
    found = []
    for cell in page.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                found.append(f"cell {cell.id}: {output.ename}: {output.evalue}")
            elif output.output_type == "stream" and output.name == "stderr":
                found.append(f"cell {cell.id} writes to stderr: {output.text[:300]}")
    return found


def _figures(page: NotebookNode) -> int:
    data = [output.get("data", {}) for cell in page.cells for output in cell.get("outputs", [])]
    return sum("image/png" in one or "<img alt=" in "".join(one.get("text/html", "")) for one in data)


def _when(cell: NotebookNode) -> tuple[datetime, datetime] | None:
    """When a cell began and ended, by its kernel's clock."""
    times = cell.metadata.get("execution", {})
    if "iopub.status.busy" not in times or "iopub.status.idle" not in times:
        return None
    return tuple(datetime.fromisoformat(times[key].replace("Z", "+00:00")) for key in ("iopub.status.busy", "iopub.status.idle"))


def _seconds(cell: NotebookNode) -> float:
    begin, end = _when(cell)
    return (end - begin).total_seconds()


def _show(source: Path, path: str) -> str:
    return subprocess.run(["git", "show", f"main:{path}"], cwd=source, capture_output=True, text=True, check=True).stdout


def read(names: list[str]) -> list[Lesson]:
    """The lessons of these names, or all. Raises LessonError for a name that fits none."""
    return [lessons.read(path) for path in lessons.discover(ROOT, names)]
