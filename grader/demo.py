"""A class made of the variants that stand beside the lessons, some of it damaged, to show and to test grading.

The students have numbers for names. What each must get is known before anything is graded:
the sum of what the variants state.
"""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.authoring import variants as variants_of
from grader.authoring.lesson import Lesson, grade_id
from grader.authoring.variants import Variant
from grader.nbgrader_plugins import batch
from grader.nbgrader_plugins.batch import Result

MARKER = ".grader-demo"
FIRST = 3  # lessons in a short demonstration, which takes minutes; each further one has its class train its models
ANSWER = "It follows from what the figure shows. (This answer was written by the demonstration; read it by hand.)"


@dataclass(frozen=True)
class Submission:
    """One student's work in one lesson, and the autograded points it must get."""

    student: str
    lesson: str
    notebook: NotebookNode | bytes
    answers: dict[str, Variant]
    expected: float
    story: str


def _as_is(notebook: NotebookNode) -> NotebookNode:
    return notebook


def _no_metadata(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


def _skip_tags(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution"]
            cell.metadata["nbgrader"]["schema_version"] = 99
    return notebook


def _no_tests(notebook: NotebookNode) -> NotebookNode:
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("rnn_course", {}).get("role") != "test"]
    return notebook


def _tests_twice(notebook: NotebookNode) -> NotebookNode:
    doubled = []
    for cell in notebook.cells:
        doubled.append(cell)
        if cell.metadata.get("rnn_course", {}).get("role") == "test":
            doubled.append(copy.deepcopy(cell))
    notebook.cells = doubled
    return notebook


def _noise(notebook: NotebookNode) -> NotebookNode:
    notebook.cells.insert(2, nbformat.v4.new_code_cell("import sys\nprint('a warning', file=sys.stderr)"))
    return notebook


def _ends_the_kernel(notebook: NotebookNode) -> NotebookNode:
    notebook.cells.insert(1, nbformat.v4.new_code_cell("import os\nos._exit(0)"))
    return notebook


def _truncated(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode()[:1000]


# How the notebook of each student of the class arrives, and what fills its exercises.
CLASS: list[tuple[str, str, Callable]] = [
    ("as the solution", "solution", _as_is),
    ("other right answers", "right", _as_is),
    ("other right answers, metadata stripped", "right", _no_metadata),
    ("nothing written", "stub", _as_is),
    ("a few misconceptions", "mixed", _as_is),
    ("a few misconceptions, tests tagged skip-execution", "mixed", _skip_tags),
    ("mostly misconceptions", "wrong", _as_is),
    ("mostly misconceptions, test cells deleted", "wrong", _no_tests),
    ("half done", "half", _as_is),
    ("half done, test cells copied", "half", _tests_twice),
    ("as the solution, noise on stderr", "solution", _noise),
    ("a few misconceptions, once more", "mixed", _as_is),
    ("a first cell that ends the kernel", "solution", _ends_the_kernel),
    ("the file was cut off", "solution", _truncated),
]


def may_make(out: Path) -> bool:
    """Whether `out` is free for a demonstration: missing, empty, or an earlier demonstration."""
    return not out.exists() or (out.is_dir() and ((out / MARKER).is_file() or not any(out.iterdir())))


def run(root: Path, out: Path, lessons: list[Lesson], team: batch.Team, bar) -> tuple[list[Submission], list[Result]]:
    """Compose, hand in, grade and give feedback on a class in `out`, which is made anew. `bar` is a rich Progress."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARKER).write_text("Made by `grader demo`, which removes this folder when it runs again.\n")
    for kind in ("solutions", "notebooks"):
        for lesson in lessons:
            shutil.copytree(root / kind / lesson.name, out / kind / lesson.name, ignore=shutil.ignore_patterns("receipts", ".*"))
    shutil.copy(root / "nbgrader_config.py", out)
    with open(out / "nbgrader_config.py", "a") as settings:  # a made-up class has no place in the gradebook of a real one
        settings.write(f"\nc.CourseDirectory.db_url = {f'sqlite:///{out}/gradebook.db'!r}\n")
    receipts = root / "build" / "demo"
    classes = {lesson.name: compose(lesson, nbformat.read(out / "notebooks" / lesson.name / f"{lesson.name}.ipynb", 4)) for lesson in lessons}
    training = {lesson.name: start_training(root, lesson, classes[lesson.name], receipts / lesson.name) for lesson in lessons}
    results: list[Result] = []
    try:
        for lesson in lessons:
            students = [submission.student for submission in classes[lesson.name]]
            if training[lesson.name]:
                task = bar.add_task(f"{lesson.name}: students train", total=None)
                if training[lesson.name].wait():
                    raise RuntimeError(f"the class could not train its models of {lesson.name}: see {_log(receipts / lesson.name)}")
                bar.remove_task(task)
            for submission in classes[lesson.name]:
                write(out, submission, receipts / lesson.name)
            task = bar.add_task(f"{lesson.name}: grading", total=len(students))
            results += batch.autograde(out, {lesson.name: students}, team, lambda result, task=task: bar.advance(task), pages=True)
    finally:
        for process in training.values():
            if process and process.poll() is None:
                process.terminate()
    return [submission for submissions in classes.values() for submission in submissions], results


def unexpected(submissions: list[Submission], results: list[Result]) -> list[str]:
    """The scores that are not the sum of what the variants state, each in one line."""
    got = {(result.student, result.lesson): result for result in results}
    lines = []
    for submission in submissions:
        result = got[submission.student, submission.lesson]
        if abs(result.points - submission.expected) > 1e-9:
            answers = ", ".join(f"{exercise}: {variant.title}" for exercise, variant in submission.answers.items())
            lines.append(
                f"{submission.lesson} {submission.student}: {result.points:g} points, not {submission.expected:g} "
                f"({submission.story}; {answers}); {result.problem}"
            )
    return lines


def compose(lesson: Lesson, release: NotebookNode) -> list[Submission]:
    """The class's submissions of `lesson`: the same every time."""
    stated = variants_of.read(lesson)
    submissions = []
    for number, (story, kind, damage) in enumerate(CLASS, start=1):
        chance = random.Random(f"{lesson.name} {number}")
        answers = {exercise: _choose(kind, index, exercise, lesson, stated, chance) for index, exercise in enumerate(lesson.exercises)}
        notebook = copy.deepcopy(release)
        for cell in notebook.cells:
            role = cell.metadata.get("rnn_course", {}).get("role")
            if role == "exercise":
                cell.source = answers[grade_id(cell)].source
            elif role == "question" and kind != "stub":
                cell.source = f"{cell.source.rstrip()}\n\n{ANSWER}"
        handed_in = damage(notebook)
        lost = damage in (_truncated, _ends_the_kernel)
        expected = 0.0 if lost else sum(_points(lesson, answer) for answer in answers.values())
        submissions.append(Submission(f"student-{number:02d}", lesson.name, handed_in, answers, expected, story))
    return submissions


def write(root: Path, submission: Submission, receipts: Path) -> None:
    """Put a submission where nbgrader looks for it, with the receipts of what it trained, if there are any."""
    folder = root / "submitted" / submission.student / submission.lesson
    folder.mkdir(parents=True, exist_ok=True)
    content = submission.notebook
    path = folder / f"{submission.lesson}.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=1).encode())
    for exercise, variant in submission.answers.items():
        kept = receipts / exercise / variant.label / "receipts"
        if kept.is_dir():
            shutil.copytree(kept, folder / "receipts", dirs_exist_ok=True)


def start_training(root: Path, lesson: Lesson, submissions: list[Submission], folder: Path) -> subprocess.Popen | None:
    """Train, in a process of its own, what the class's answers train, as the students would have; None if nothing trains."""
    wanted = {
        f"{variant.exercise}/{variant.label}"
        for submission in submissions
        if not isinstance(submission.notebook, bytes)
        for variant in submission.answers.values()
        if variant.trains
    }
    if not wanted:
        return None
    command = [sys.executable, "-m", "grader.demo", str(lesson.path), str(folder), *sorted(wanted)]
    folder.mkdir(parents=True, exist_ok=True)
    with open(_log(folder), "wb") as log:
        return subprocess.Popen(command, cwd=root, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}, stdout=log, stderr=log)


def _log(folder: Path) -> Path:
    return folder / "training.log"


def train(lesson: Lesson, folder: Path, wanted: list[str]) -> None:
    """Leave the receipts of these answers (`exercise/label`) in `folder`."""
    from grader.authoring.answers import Stage

    stage = Stage(lesson, folder)
    for variant in variants_of.solution_variants(lesson) + variants_of.read(lesson):
        if f"{variant.exercise}/{variant.label}" in wanted:
            stage.try_answer(variant.exercise, variant.source, variant.label)


def _choose(kind: str, index: int, exercise: str, lesson: Lesson, stated: list[Variant], chance: random.Random) -> Variant:
    solution = next(variant for variant in variants_of.solution_variants(lesson) if variant.exercise == exercise)
    stub = next(variant for variant in variants_of.stub_variants(lesson) if variant.exercise == exercise)
    right = [variant for variant in stated if variant.exercise == exercise and variant.right]
    wrong = [variant for variant in stated if variant.exercise == exercise and not variant.right]
    if solution.trains:
        # The class trains few different models, so that the demonstration stays short.
        right, wrong = right[:1], wrong[:1]
    if kind == "solution":
        return solution
    if kind == "stub":
        return stub
    if kind == "half":
        return chance.choice([solution, *right]) if index % 2 == 0 else stub
    share_wrong = {"right": 0.0, "mixed": 0.3, "wrong": 0.8}[kind]
    return chance.choice(wrong if wrong and chance.random() < share_wrong else right or [solution])


def _points(lesson: Lesson, variant: Variant) -> float:
    if variant.points is not None:
        return variant.points
    return sum(cell.metadata.nbgrader.points for cell in lesson.tests(variant.exercise))


if __name__ == "__main__":
    from grader.authoring import lesson as lessons

    train(lessons.read(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3:])
