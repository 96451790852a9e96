"""The whole course as one table: what each lesson holds, counted in its files, and how long it runs, measured before."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import nbformat

from grader.authoring import lesson as lessons
from grader.authoring import variants as variants_of
from grader.authoring.lesson import Lesson, LessonError
from grader.authoring.retest import running_code
from grader.engine.cells import is_hidden
from grader.engine.machine import cores

BEGIN, END = "<!-- the course: written by `grader course --write` -->", "<!-- end of the course -->"


@dataclass(frozen=True)
class Seconds:
    """How long a lesson's solution takes on a CPU, from the kernel's start to its last cell.

    code: `running_code` of the lesson at that time; first: without receipts; again: with those that the first run wrote.
    """

    code: str
    first: float
    again: float
    cores: int
    versions: str

    @property
    def place(self) -> str:
        return f"{self.cores} CPU core{'s' * (self.cores != 1)} with {self.versions}"


@dataclass(frozen=True)
class Row:
    """What one lesson holds."""

    name: str
    title: str
    question: str
    points: float
    exercises: int
    visible: int  # calls of check.… in test cells
    hidden: int
    right: int  # variants
    wrong: int
    figures: int
    seconds: Seconds | None  # None: not measured for the code as it is now


def read(root: Path, paths: Iterable[Path]) -> tuple[list[Row], list[str]]:
    """The rows of the lessons at `paths`, and why others have none yet, each in one sentence."""
    rows, unfinished = [], []
    for path in paths:
        try:
            rows.append(row(root, lessons.read(path)))
        except LessonError as error:
            unfinished.append(str(error))
    return rows, unfinished


def row(root: Path, lesson: Lesson) -> Row:
    """Count what `lesson` holds. Raises LessonError, which says what is missing, for a lesson that is not finished."""
    title, question = _opening(lesson)
    variants = variants_of.read(lesson)
    return Row(
        name=lesson.name,
        title=title,
        question=question,
        points=lesson.points(),
        exercises=len(lesson.exercises),
        visible=_checks(lesson, hidden=False),
        hidden=_checks(lesson, hidden=True),
        right=sum(variant.right for variant in variants),
        wrong=sum(not variant.right for variant in variants),
        figures=_figures(root, lesson),
        seconds=None if untimed(lesson) else read_seconds(lesson),
    )


def problems(root: Path, paths: list[Path]) -> list[str]:
    """What of the course's table is not as its lessons are, each in one sentence; [] if nothing."""
    rows, found, untold = [], [], []
    for path in paths:
        try:
            lesson = lessons.read(path)
            untold += [complaint] if (complaint := untimed(lesson)) else []
            rows.append(row(root, lesson))
        except LessonError as error:
            found.append(str(error))
    found += untold
    if written(root) != as_markdown(rows):
        found.append("README.md: the table of the course is not what its lessons say. Run: grader course --write")
    return found


def untimed(lesson: Lesson) -> str:
    """Why there are no seconds for `lesson` as it is now, in one sentence; "" if there are."""
    seconds = read_seconds(lesson)
    if seconds is None:
        return f"{lesson.name}: nobody measured how long it runs. Run: grader course --time {lesson.name}"
    if seconds.code != running_code(lesson):
        return f"{lesson.name}: its seconds are those of older code. Run: grader course --time {lesson.name}"
    return ""


def measure(lesson: Lesson, folder: Path, tell: Callable[[str], None]) -> Seconds:
    """Run the lesson's solution twice in `folder`, which is made anew: without receipts, then with those of the first run.

    On the CPU, as a reader's *Restart and run all*. `tell` hears which run begins. Raises LessonError where a cell fails.
    """
    from grader.authoring import build  # imports TensorFlow, which counting does not need

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    took = []
    for run in ("without receipts", "with receipts"):
        tell(run)
        started = time.monotonic()
        build.execute(lesson, folder, {"CUDA_VISIBLE_DEVICES": "-1", "RNN_COURSE_RECEIPTS": ""})
        took.append(round(time.monotonic() - started, 1))
    return Seconds(running_code(lesson), *took, _cores(), f"Keras {version('keras')}, TensorFlow {version('tensorflow')}")


def seconds_path(lesson: Lesson) -> Path:
    return lesson.path.with_name("seconds.json")


def write_seconds(lesson: Lesson, seconds: Seconds) -> None:
    seconds_path(lesson).write_text(json.dumps(asdict(seconds), indent=1) + "\n", encoding="utf-8")


def read_seconds(lesson: Lesson) -> Seconds | None:
    """What was measured last, of this code or of older; None if nothing was. Raises LessonError for a damaged file."""
    path = seconds_path(lesson)
    if not path.is_file():
        return None
    try:
        return Seconds(**json.loads(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError):
        raise LessonError(f"{lesson.name}: {path} cannot be read. Run: grader course --time {lesson.name}") from None


def write(root: Path, rows: list[Row]) -> bool:
    """Put the table into README.md; returns whether that changed it. Raises LessonError if its place is not marked."""
    if written(root) == as_markdown(rows):
        return False
    before, _, after = _parts(root)
    (root / "README.md").write_text(f"{before}{BEGIN}\n{as_markdown(rows)}{END}{after}", encoding="utf-8")
    return True


def written(root: Path) -> str:
    """The table as README.md has it."""
    return _parts(root)[1]


def as_markdown(rows: list[Row]) -> str:
    """The table and what its columns count, for README.md.

    A title is one piece: on a phone the column with the questions would else shrink to its longest word.
    """
    lines = [
        "| lesson and its question | points | exercises | checks | answers | figures | seconds |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in rows:
        link = f"[{_cell(one.title).replace(' ', '&nbsp;')}](notebooks/{one.name}/{one.name}.ipynb)"
        lines.append(f"| {link}<br>{_cell(one.question)} | {' | '.join(_numbers([one]))} |")
    if len(rows) > 1:
        lines.append(f"| all | {' | '.join(_numbers(rows))} |")
    lines += ["", "Checks: visible + hidden. Answers: right + wrong ones that the tests are tried on, besides each solution and each stub."]
    if places := {one.seconds.place for one in rows if one.seconds}:
        lines.append(f"Seconds: all cells once / again with the receipts of the first run, on {'; '.join(sorted(places))}.")
    return "\n".join(lines) + "\n"


def _numbers(rows: list[Row]) -> list[str]:
    """The six columns of numbers, summed over `rows`."""

    def total(count: str) -> str:
        return f"{sum(getattr(one, count) for one in rows):g}"

    seconds = [one.seconds for one in rows]
    took = "" if None in seconds else "/".join(f"{sum(getattr(one, run) for one in seconds):.0f}" for run in ("first", "again"))
    return [
        total("points"),
        total("exercises"),
        f"{total('visible')}+{total('hidden')}",
        f"{total('right')}+{total('wrong')}",
        total("figures"),
        took,
    ]


def _opening(lesson: Lesson) -> tuple[str, str]:
    """The lesson's title as far as a colon, and its question: the first words in bold that end in a question mark."""
    first = next(lesson.cells("prose"), None)
    title = re.search(r"(?m)^# ([^:\n]+)", first.source if first else "")
    question = re.search(r"(?s)\*\*(?=\S)((?:(?!\*\*).)+\?)\*\*", first.source if first else "")
    if not (title and question):
        raise LessonError(f"{lesson.name}: its first cell needs a title (# …) and the lesson's question in bold (**…?**).")
    return title[1].strip(), " ".join(question[1].split())


def _checks(lesson: Lesson, hidden: bool) -> int:
    """How many calls of `check.…` stand in the lesson's hidden test cells, or in the others."""
    count = 0
    for cell in lesson.cells("test"):
        if is_hidden(cell) is hidden:
            try:
                calls = [node.func for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
            except SyntaxError as error:
                raise LessonError(f"{lesson.name}: test cell `{lessons.grade_id(cell)}` is no Python: {error}") from None
            count += sum(isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) and call.value.id == "check" for call in calls)
    return count


def _figures(root: Path, lesson: Lesson) -> int:
    """How many pictures the executed solution shows."""
    try:
        solution = nbformat.read(lessons.solution_path(root, lesson.name), as_version=4)
    except Exception:  # missing, damaged, not a notebook: all mean that it has to be made
        raise LessonError(f"{lesson.name}: there is no solution notebook that can be read. Run: grader build {lesson.name}") from None
    outputs = (output for cell in solution.cells for output in cell.get("outputs", []))
    return sum(any(kind.startswith("image/") for kind in output.get("data", {})) for output in outputs)


def _parts(root: Path) -> tuple[str, str, str]:
    """README.md before, between and after the marks."""
    text = (root / "README.md").read_text(encoding="utf-8")
    found = re.fullmatch(rf"(.*?){re.escape(BEGIN)}\n(.*?){re.escape(END)}(.*)", text, re.DOTALL)
    if not found:
        raise LessonError(f"README.md has no place for the table of the course: a line {BEGIN} and below it a line {END}.")
    return found.groups()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _cores() -> int:
    """The cores that TensorFlow may use in what this process starts."""
    limit = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    return min(cores(), int(limit)) if limit.isdecimal() and int(limit) else cores()
