"""Gradescope: pack this grader with one lesson as an autograder, and grade there, in its container, what a student handed in.

Gradescope unpacks the zip to /autograder/source, runs setup.sh once, and for each submission run_autograder, which finds what was
handed in in /autograder/submission and writes /autograder/results/results.json.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import nbformat

from grader.engine import EngineError, Worker, sandbox
from grader.engine.cells import exercises, is_hidden, nbgrader_metadata, role
from grader.engine.sandbox import Isolation, users
from grader.nbgrader_plugins.course import course
from grader.nbgrader_plugins.grading import Intake, put_back
from grader.nbgrader_plugins.scoring import points
from grader.nbgrader_plugins.source import source_path
from grader.nbgrader_plugins.words import failure

from .archives import Refused
from .collecting import collect
from .lessons import Catalogue

TEMPLATES = Path(__file__).parent / "templates" / "gradescope"
PROGRAMS = ("setup.sh", "run_autograder")
BESIDE = ("pyproject.toml", "requirements.lock", "README.md", "LICENSE", "tools/install.sh")  # what tools/install.sh needs
NEVER = ("__pycache__", ".ipynb_checkpoints", "receipts", "build")
STUDENT = "student"
_MADE = (2000, 1, 1, 0, 0, 0)


def pack(repository: Path, root: Path, lesson: str) -> bytes:
    """Return the autograder of one lesson as a zip. repository: where the grader's own files lie; root: the course.

    Of other lessons nothing is in it: no solution, no hidden test. Raises FileNotFoundError for a file that is missing.
    """
    files = {name: TEMPLATES / name for name in PROGRAMS}
    files |= {name: repository / name for name in BESIDE}
    files |= {f"grader/{name}": path for name, path in _below(repository / "grader")}
    files |= {f"data/{name}": path for name, path in _below(root / "data" if (root / "data").is_dir() else repository / "data")}
    configuration = root / "nbgrader_config.py"
    files["course/nbgrader_config.py"] = configuration if configuration.is_file() else repository / "nbgrader_config.py"
    coursedir = course(root).coursedir
    for kind in ("source", "release"):
        folder = Path(coursedir.format_path(getattr(coursedir, f"{kind}_directory"), ".", lesson))
        files |= {f"course/{getattr(coursedir, f'{kind}_directory')}/{lesson}/{name}": path for name, path in _below(folder)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            info = zipfile.ZipInfo(name, _MADE)
            info.external_attr = (0o755 if name in (*PROGRAMS, "tools/install.sh") else 0o644) << 16
            archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _below(folder: Path) -> list[tuple[str, Path]]:
    if not folder.is_dir():
        raise FileNotFoundError(2, "no such folder", str(folder))
    found = ((path.relative_to(folder), path) for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [(name.as_posix(), path) for name, path in found if not any(part in NEVER or part.startswith(".") for part in name.parts) and path.suffix != ".pyc"]


def grade(submission: Path, root: Path) -> dict[str, Any]:
    """Grade what lies in `submission` by the one lesson of the course at `root`; return what Gradescope reads.

    Whatever was handed in, there is a result: with no notebook in it, no points and the reason.
    """
    lesson = next(path.name for path in sorted((root / course(root).coursedir.source_directory).iterdir()) if path.is_dir())
    with tempfile.TemporaryDirectory(prefix="grader-gradescope-") as scratch:
        submitted = Path(scratch, "submitted")
        coursedir = course(root, CourseDirectory={"submitted_directory": str(submitted)}).coursedir
        remarks = _take(submission, Path(scratch), submitted, root / coursedir.release_directory, lesson)
        (submitted / STUDENT / lesson).mkdir(parents=True, exist_ok=True)
        source = nbformat.read(source_path(coursedir, lesson, lesson), as_version=4)
        taken = Intake(coursedir, lesson, {lesson: source}).take(STUDENT)[0]
        isolation, verdict = walls(), None
        kind = "users" if isolation.kind == "none" else isolation.kind
        if taken.job:
            with Worker(isolation) as worker:
                verdict = worker.grade(taken.job)
            put_back(taken.notebook, verdict)
    told = taken.notebook.metadata["rnn_course"]
    missing = told.get("unreadable") or (verdict and verdict.stopped) or "this test was not run"
    lines = [told["unreadable"]] if told.get("unreadable") else []
    lines += [f"Your notebook did not run to its end: {verdict.stopped}."] if verdict and verdict.stopped else []
    lines += [note["text"] for note in told.get("notes", []) if note["text"] != told.get("unreadable")] + remarks
    if by_hand := sum(float(nbgrader_metadata(cell).get("points", 0)) for cell in source.cells if role(cell) == "question"):
        lines.append(f"Written answers, {by_hand:g} points, are read by your instructor and are not counted here.")
    tests = [_told(cell, exercise, verdict.scores if verdict else {}, missing) for cell, exercise in _tests(taken.notebook)]
    return {"output": "\n".join(lines), "output_format": "text", "stdout_visibility": "hidden", "tests": tests, "extra_data": {"isolation": kind}}


def walls() -> Isolation:
    """Return the best isolation that this container allows: bubblewrap, else users of their own.

    Raises EngineError where there is neither, because the grader is not root: a submission could then write its own results.
    """
    if not sandbox.problem(Isolation("bubblewrap")):
        return Isolation("bubblewrap")
    os.environ[users.VARIABLE] = "1"
    if users.user_of("student") is None:
        raise EngineError("it has to be run as root, as Gradescope does, or where bubblewrap works")
    return Isolation("none")


def _take(submission: Path, scratch: Path, submitted: Path, released: Path, lesson: str) -> list[str]:
    """Bring what was handed in to its place as `grader collect` does; return what was left, and why."""
    try:
        found = collect([submission], lambda who, what: submitted / who / what, submitted, scratch, Catalogue.read(released), lesson, student=STUDENT)
    except (Refused, OSError) as reason:
        return [str(reason)]
    return [f"{one.origin}: {one.reason}." for one in found.unplaced] + [note for one in found.placed for note in one.notes]


def _tests(notebook: nbformat.NotebookNode) -> list[tuple[nbformat.NotebookNode, str]]:
    return [(cell, exercise) for cell, exercise in zip(notebook.cells, exercises(notebook.cells), strict=True) if role(cell) == "test"]


def _told(cell: nbformat.NotebookNode, exercise: str, scores: dict, missing: str) -> dict[str, Any]:
    """A test as Gradescope shows it: its points, and what a student may read of why."""
    name, most = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
    score = scores.get(name)
    got = points(score, most)
    reason = "" if got == most else (score and score.reason) or missing
    said = failure(cell.outputs, is_hidden(cell), reason, cell.source) if reason else None
    shown = f"{exercise}: {name}" + (" (hidden)" if is_hidden(cell) else "")
    return {"name": shown, "score": got, "max_score": most, "status": "passed" if got == most else "failed", "output": str(said) if said else "", "visibility": "visible"}


def main(place: Path) -> int:
    """Grade in Gradescope's container; its folders are below `place`. A grader that fails writes no points, and Gradescope tells the instructor."""
    results = place / "results" / "results.json"
    try:
        told = grade(place / "submission", place / "source" / "course")
    except EngineError as problem:
        print(f"The autograder could not grade: {problem}", file=sys.stderr)
        return 1
    new = results.with_name(".results.json.new")
    new.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    os.replace(new, results)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
