"""What is installed, from where it is named, and what must never be committed."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def by_name(lines) -> dict[str, Requirement]:
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def conda_lines() -> list[str]:
    """The `- …` lines of environment.yml, comments aside."""
    lines = [line.split("#")[0].strip() for line in (ROOT / "environment.yml").read_text().splitlines()]
    return [line[2:].strip() for line in lines if line.startswith("- ")]


@pytest.mark.parametrize("name", ["jupyterlab", "tensorflow", "tensorflow-datasets", "nbgrader", "matplotlib", "babel"])
def test_conda_and_pip_agree_on_ranges(name):
    conda = by_name(line for line in conda_lines() if re.match(r"[A-Za-z]", line) and line not in ("pip", "pip:", "conda-forge"))
    pip = by_name(PROJECT["dependencies"] + EXTRAS["jupyter"])
    assert conda[name].specifier == pip[name].specifier
    assert conda["python"].specifier == SpecifierSet(PROJECT["requires-python"])


def test_conda_installs_the_course_and_shows_the_instructors_line():
    assert "-e .[jupyter]" in conda_lines()
    assert "# - -e .[instructor]" in (ROOT / "environment.yml").read_text()


def test_base_install_leaves_jupyter_alone():
    assert by_name(PROJECT["dependencies"]).keys() == {
        "tensorflow", "keras", "tensorflow-datasets", "importlib-resources", "matplotlib", "numpy", "babel",
    }  # fmt: skip


def locked() -> dict[str, list[Requirement]]:
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if line and not line.startswith("#")]
    found: dict[str, list[Requirement]] = {}
    for line in lines:
        requirement = Requirement(line)
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def test_lock_is_exact_and_names_no_place():
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text and "index" not in text
    for versions in locked().values():
        assert all(len(version.specifier) == 1 and "==" in str(version.specifier) for version in versions)


def test_lock_fits_the_ranges():
    """Keras' other backends are not in the lock: each brings gigabytes that neither grading nor a lesson needs."""
    lock = locked()
    assert {"jax", "torch"} < EXTRAS.keys()
    for extra in [PROJECT["dependencies"], *(EXTRAS[name] for name in EXTRAS.keys() - {"jax", "torch"})]:
        for name, requirement in by_name(extra).items():
            if name != "rnn-course":
                for version in lock[name]:
                    assert requirement.specifier.contains(str(version.specifier).removeprefix("==")), version


def test_lock_covers_everything_that_is_needed_here():
    """Walk the requirements of what is installed: whatever applies on this system stands in the lock."""
    lock, seen, todo = locked(), set(), [("rnn-course", frozenset({"dev"}))]
    while todo:
        name, extras = todo.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in requires(name) or []:
            requirement = Requirement(line)
            places = [{**default_environment(), "extra": extra} for extra in extras or {""}]
            if requirement.marker is None or any(requirement.marker.evaluate(place) for place in places):
                child = canonicalize_name(requirement.name)
                distribution(child)
                assert child in lock or child == "rnn-course", f"{child}, needed by {name}, is not in requirements.lock"
                todo.append((child, frozenset(requirement.extras)))
    assert len(seen) > 50


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_no_host_of_a_registry_and_no_path_of_a_machine():
    forbidden = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", r"(?<![\w.])/(?:root|home|Users)/\w"]))
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = forbidden.search(text)
        assert not found, f"{path.relative_to(ROOT)}: {found.group()}"


def test_nothing_private_or_large_is_committed():
    for path in tracked():
        relative = path.relative_to(ROOT)
        assert path.stat().st_size < 2_500_000, relative
        assert not {"receipts", "submitted", "autograded", "feedback"} & set(relative.parts[:1] + relative.parts[2:-1]) or relative.parts[0] in (
            "grader",
            "tests",
        ), relative
        assert relative.suffix not in (".npz", ".keras", ".h5", ".db"), relative
    solutions = [path for path in tracked() if path.relative_to(ROOT).parts[0] == "solutions"]
    assert all(path.stat().st_size < 1_000_000 for path in solutions)


def test_rooms_import_in_one_direction():
    """checks and lab import nothing else of the course, so that a student's installation stays light.

    Of the engine only the border knows the checks: it words an error as they do.
    """
    allowed = {
        "checks": {"checks", "quiet", "hardware"},
        "lab": {"lab", "quiet", "hardware"},
        "engine": {"engine", "quiet"},
        "engine/border": {"engine", "checks"},
        "nbgrader_plugins": {"nbgrader_plugins", "engine", "checks"},
        "authoring": {"authoring", "nbgrader_plugins", "engine", "checks", "lab", "colab", "naming"},
        "book": {"book", "authoring", "nbgrader_plugins", "engine"},
        "lms": {"lms", "nbgrader_plugins", "engine"},
        "report": {"report", "nbgrader_plugins", "engine", "naming"},
    }
    for room, may in allowed.items():
        inner = [ROOT / "grader" / other for other in allowed if other.startswith(f"{room}/")]
        for path in (ROOT / "grader" / room).rglob("*.py"):
            if any(path.is_relative_to(one) for one in inner):
                continue
            code = path.read_text()
            names = re.findall(r"^\s*(?:from|import) grader\.(\w+)", code, re.MULTILINE)
            for line in re.findall(r"^\s*from grader import ([\w, ]+)", code, re.MULTILINE):
                names += (name.split()[0] for name in line.split(","))
            for name in names:
                assert name in may, f"{path.relative_to(ROOT)} imports grader.{name}"


def test_a_student_without_the_instructors_packages_is_told_what_to_install():
    code = (
        "import sys; sys.modules['typer'] = None\n"
        "from grader.__main__ import main\n"
        "main()"
    )  # fmt: skip
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 1 and "pip install 'rnn-course[instructor]'" in run.stderr, run.stderr


@pytest.mark.slow
def test_lessons_need_only_the_base_install():
    """checks and lab import with Jupyter's and the instructor's packages out of reach."""
    hidden = ["nbgrader", "nbclient", "jupytext", "typer", "pandas", "jupyterlab"]
    code = f"import sys\nfor name in {hidden}: sys.modules[name] = None\nfrom grader import checks, lab\nlab.start()"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0 and run.stdout.startswith("Keras 3."), run.stderr
    assert run.stderr == "", "the set-up cell prints one line and no notices"


@pytest.mark.slow
def test_models_that_predict_one_after_another_write_nothing_to_stderr():
    """TensorFlow warns of retracing after five; stock nbgrader would take that for a failed test."""
    code = (
        "from grader import checks, lab\nimport keras, numpy as np\nfor size in range(1, 9):\n"
        "    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(size + 1)])\n"
        "    checks.accuracy(model, np.zeros((size, 3)), np.zeros(size))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (run.returncode, run.stderr) == (0, "")
