"""Lay what a machine without network needs into one folder: the lessons' cells, their data, the course's code, Keras."""

from __future__ import annotations

import gzip
import json
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import keras

from grader import lab
from grader.authoring import lesson as lessons
from grader.authoring.lesson import Lesson, grade_id
from grader.engine.cells import role
from tools.gpu_trial import ROOT

# What of the course a lesson imports, and how cuDNN's operations are found.
CODE = ["grader/__init__.py", "grader/colab.py", "grader/quiet.py", "grader/sooner.py", "grader/hardware.py", "grader/checks", "grader/lab"]
EVIDENCE = ["benchmarks/__init__.py", "benchmarks/training/__init__.py", "benchmarks/training/evidence.py"]
# What reads the prepared data, which needs TensorFlow.
READERS = ("births", "exercises", "japanese_vowels", "pen_digits", "addresses", "plays", "pronunciations", "spelling_to_sound")
# Keras and what it needs that few machines have; NumPy, h5py, absl, rich, ml_dtypes and packaging are taken to be there.
WHEELS = (f"keras=={keras.__version__}", "namex", "optree")
PLATFORMS = [f"manylinux_2_{number}_x86_64" for number in (17, 24, 27, 28, 31, 34, 35)] + ["manylinux2014_x86_64", "any"]


def pack(folder: Path, names: list[str], python: str | None) -> list[str]:
    """Write `folder` anew and return the lessons in it.

    names: of lessons, or their beginnings; all that train if empty. python: the version of Python there, such as "3.12",
    for which wheels of Keras are fetched; None for a machine that has Keras.
    Raises LessonError for a lesson that is not there, FileExistsError for a folder that this did not make, and RuntimeError
    if pip finds no wheels.
    """
    if folder.exists() and not (folder / "run.py").is_file():
        raise FileExistsError(f"{folder} is there and was not made by this command: name another folder")
    chosen = [lesson for lesson in map(lessons.read, lessons.discover(ROOT, names)) if training(lesson)]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for place in CODE + EVIDENCE:
        source, target = ROOT / place, folder / "course" / place
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    shutil.copyfile(Path(__file__).with_name("run.py"), folder / "run.py")
    (folder / "lessons").mkdir()
    for lesson in chosen:
        (folder / "lessons" / f"{lesson.name}.json").write_text(json.dumps(cells(lesson), indent=1))
    with gzip.open(folder / "data.pickle.gz", "wb") as file:
        pickle.dump(data(chosen), file)
    if python:
        fetch(folder / "wheels", python)
    return [lesson.name for lesson in chosen]


def training(lesson: Lesson) -> list[str]:
    """The exercises of a lesson whose solution trains."""
    return [grade_id(cell) for cell in lesson.cells("exercise") if "lab.fit_once(" in cell.source]


def cells(lesson: Lesson) -> list[dict]:
    """What is run there, in order: what is given, every solution, and the tests of the exercises that train."""
    tested = {grade_id(cell) for exercise in training(lesson) for cell in lesson.tests(exercise)}
    return [
        {"id": grade_id(cell), "role": role(cell), "source": cell.source}
        for cell in lesson.cells("setup", "given", "exercise", "test")
        if role(cell) != "test" or grade_id(cell) in tested
    ]


def data(chosen: list[Lesson]) -> dict[tuple, object]:
    """What the given cells read: (function of lab.data, its arguments) -> what it returned."""
    kept = {}
    source = "\n".join(cell.source for lesson in chosen for cell in lesson.cells("given"))
    for name, given in set(re.findall(r"lab\.data\.(\w+)\(([^()]*)\)", source)):
        if name in READERS:
            settings = eval(f"dict({given})", {})  # the course's own source: longest=10
            kept[name, tuple(sorted(settings.items()))] = getattr(lab.data, name)(**settings)
    return kept


def fetch(folder: Path, python: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--python-version", python]
    command += ["--implementation", "cp", *(f"--platform={platform}" for platform in PLATFORMS), "--dest", str(folder), *WHEELS]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pip found no wheels for Python {python}:\n{done.stderr.strip()}")
