"""Run a lesson of the public course from badge to submission zip with the versions that Colab ships, and tell the seconds.

    python tools/colab_trial.py [--lesson 00] [--python python3.12] [--keep FOLDER]

Colab itself cannot be reached by a program. So this makes a virtual environment with Colab's versions, which takes minutes and
needs the package index; then it runs the released cells there for real, pip included, with a stand-in for `google.colab` and a
repository on this machine in the place of GitHub's. Exit code 1 if TensorFlow was replaced or anything fails.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "colab")]
# What Colab ships of what the course asks for; `git` and the rest of the machine are this one's.
SHIPPED = ["tensorflow==2.20.0", "keras==3.13.2", "numpy==2.1.*", "tensorflow-datasets", "matplotlib>=3.9,<4", "babel", "importlib_resources"]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--lesson", default="00", help="the lesson to run, answered as in its solution")
    options.add_argument("--python", help="an interpreter for the environment; default: Python 3.12, 3.13 or this one")
    options.add_argument("--keep", type=Path, help="a folder for the environment, which another run takes up again")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        python = environment((chosen.keep or Path(scratch) / "colab").resolve(), chosen.python)
        return trial(Path(scratch), python, chosen.lesson)


def environment(folder: Path, wished: str | None) -> str:
    """Make a virtual environment with Colab's versions; returns its interpreter."""
    python = folder / "bin" / "python"
    base = wished or next(filter(works, ("python3.12", "python3.13")), sys.executable)
    if not python.exists():
        subprocess.run([base, "-m", "venv", str(folder)], check=True)
    started = time.monotonic()
    subprocess.run([str(python), "-m", "pip", "install", "-q", "ipykernel", *SHIPPED], check=True)
    print(f"environment: {time.monotonic() - started:.0f} s (Colab has it ready)")
    return str(python)


def works(name: str) -> bool:
    return bool(shutil.which(name)) and subprocess.run([name, "-c", "import venv"], capture_output=True).returncode == 0


def trial(scratch: Path, python: str, name: str) -> int:
    from machine import REPOSITORY, Machine, answered, printed, publish

    from grader.authoring import bundle
    from grader.authoring import lesson as lessons
    from grader.authoring import publish as publishing

    lesson = lessons.read(lessons.discover(ROOT, [name])[0])
    publishing.folder(scratch / "public", bundle.contents(ROOT, [lesson], bundle.Repository(REPOSITORY)), {})
    machine = Machine(scratch / "machine", publish(scratch / "public", scratch / "course.git"), python, pretend=False)
    before = versions(python)
    answers = {cell.id: cell.source for cell in lesson.cells("exercise")}
    page = answered(lessons.nbformat.reads((scratch / "public" / "notebooks" / lesson.name / f"{lesson.name}.ipynb").read_text(), 4), answers, True)
    place = next(index for index, cell in enumerate(page.cells) if cell.metadata.get("rnn_course", {}).get("role") == "setup")
    for where, code in ((place + 1, "print(round(sum(os.times()[:4]) - begun, 1))"), (place, "import os\nbegun = sum(os.times()[:4])")):
        page.cells.insert(where, lessons.nbformat.v4.new_code_cell(code))
    started = time.monotonic()
    machine.run(page)
    took = time.monotonic() - started
    after = versions(python)
    changed = {package: (before.get(package), after[package]) for package in after if before.get(package) != after[package]}
    setup = page.cells[place + 1]
    print(f"Python {after['python']}, TensorFlow {after['tensorflow']}, NumPy {after['numpy']}")
    print(f"set-up cell: {seconds(setup):.1f} s, {printed(page.cells[place + 2]).strip()} s of a CPU; the whole of {lesson.name} with it: {took:.0f} s")
    print("    " + printed(setup).strip().replace("\n", "\n    "))
    print(f"changed by it: {changed or 'nothing'}")
    print("last cell:\n    " + printed(page.cells[-1]).strip().replace("\n", "\n    "))
    handed_in = machine.downloads / f"{lesson.name}.zip"
    again = answered(lessons.nbformat.from_dict(page), {})
    machine.run(again)
    print(f"after a restart: set-up cell {seconds(next(c for c in again.cells if c.id == setup.id)):.1f} s")
    problems = [package for package in changed if package in ("tensorflow", "numpy")] + ([] if handed_in.exists() else ["no zip"])
    print(f"wrong: {', '.join(problems)}" if problems else f"{handed_in.name}: {handed_in.stat().st_size:,} bytes, downloaded.")
    return 1 if problems else 0


def versions(python: str) -> dict[str, str]:
    """Every package of an environment and its version, and Python's."""
    listed = json.loads(subprocess.run([python, "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True).stdout)
    of_python = subprocess.run([python, "-c", "import platform; print(platform.python_version())"], capture_output=True, text=True, check=True)
    return {"python": of_python.stdout.strip(), **{package["name"].lower(): package["version"] for package in listed}}


def seconds(cell) -> float:
    """How long a cell ran, by its kernel's clock."""
    times = cell.metadata.execution
    begin, end = (datetime.fromisoformat(times[key].replace("Z", "+00:00")) for key in ("iopub.status.busy", "iopub.status.idle"))
    return (end - begin).total_seconds()


if __name__ == "__main__":
    sys.exit(main())
