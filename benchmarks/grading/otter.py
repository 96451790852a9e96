"""The same lesson as an otter assignment, and otter in a virtual environment of its own.

A lesson becomes an assignment mechanically: each test cell is a test file of one case in otter's exception-based format
(https://otter-grader.readthedocs.io, "Test Files"), which runs the cell's own text in the submission's namespace, and is
checked where the cell stood. `otter run` grades one submission, without a container.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchmarks.grading.material import Material
from grader.engine.cells import is_hidden, is_test

REQUIREMENTS = Path(__file__).parents[1] / "requirements-otter.txt"
# Both sides run the same code with the same versions of what it takes time in.
SAME = ("tensorflow", "keras", "numpy", "tensorflow-datasets", "importlib_resources", "matplotlib", "babel", "ipykernel", "ipython")
TEST_FILE = """\
from otter.test_files import test_case

OK_FORMAT = False

name = {name!r}
SOURCE = {source!r}


@test_case(points={points!r}, hidden={hidden!r})
def test_cell(env):
    exec(compile(SOURCE, {name!r}, "exec"), env)
"""


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def found(venv: Path) -> str:
    """Return the version of otter in a virtual environment, "" if it is not there."""
    ask = "from importlib.metadata import version; print(version('otter-grader'))"
    try:
        return subprocess.run([python_of(venv), "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def make(venv: Path) -> None:
    """Make the virtual environment, with otter and what lessons need; takes minutes. Raises CalledProcessError."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [python_of(venv), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--compile"]
    subprocess.run([*pip, "-r", REQUIREMENTS, *_pins()], check=True, env=environment)


def _pins() -> list[str]:
    pins = []
    for name in SAME:
        try:
            pins.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            pass
    return pins


def assignment(material: Material, path: Path) -> None:
    """Write the assignment's configuration archive, as `otter generate` does, with a test file for each test cell."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for cell in filter(is_test, material.source.cells):
            about = cell.metadata.nbgrader
            text = TEST_FILE.format(name=about.grade_id, points=about.points, source=cell.source, hidden=is_hidden(cell))
            archive.writestr(f"tests/{about.grade_id}.py", text)


def submission(material: Material, number: int, path: Path, receipts: Path | None) -> None:
    """Write what a student hands in: an archive of the notebook and of the receipts, if they sent them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{material.name}.ipynb", nbformat.writes(with_checks(material.notebook(number))))
        for receipt in sorted(receipts.iterdir()) if receipts else []:
            archive.write(receipt, f"receipts/{receipt.name}")


def with_checks(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which each test cell is a check that otter makes after the cell before it."""
    made = copy.deepcopy(notebook)
    made.cells = []
    for cell in notebook.cells:
        if is_test(cell):
            made.cells[-1].metadata.setdefault("otter", {"tests": []})["tests"].append(cell.metadata.nbgrader.grade_id)
        else:
            made.cells.append(copy.deepcopy(cell))
    return made


def points(results: Path) -> float:
    """Return the points in the results that `otter run` wrote."""
    return sum(test.get("score", 0.0) for test in json.loads(results.read_text())["tests"])
