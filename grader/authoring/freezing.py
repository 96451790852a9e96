"""From the cases cells of a lesson to frozen cases: run once, in trusted hands, and written as plain values.

A cases cell stands in the lesson's source beside its exercise and in no notebook. It calls `freeze` with a reference,
inputs, and typical mistakes as functions. What these yield is kept in `lessons/NN_topic/frozen/NAME.json`, hidden cases
included; the visible ones are copied to `grader/checks/frozen/NAME.json`, which students get.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from grader.authoring.lesson import CASES, Lesson, LessonError, grade_id
from grader.checks.casework import undefined
from grader.checks.differing import Tolerance, agree
from grader.checks.frozen import FORMAT, NAME, Case, Cases, FrozenError, dumps, stamp_of
from grader.checks.plainly import plain

VISIBLE = Path("grader") / "checks" / "frozen"
MOST_MISTAKES, LONGEST_HINT = 16, 300


def stale(root: Path, lesson: Lesson) -> list[str]:
    """Which frozen cases of a lesson are not what its source says, each in one sentence; [] if none. Nothing is run."""
    complaints = []
    for exercise, names in _names(lesson).items():
        for name in names:
            kept, shown = _read(_private(lesson, name)), _read(_package(root) / VISIBLE / f"{name}.json")
            if kept is None or stamp_of(kept) != stamp(lesson, exercise):
                complaints.append(f"{lesson.name}: the cases of `{name}` are older than their source.")
            elif shown != json.loads(kept)["visible"]:
                complaints.append(f"{lesson.name}: the visible cases of `{name}` in {VISIBLE} are not those of the lesson.")
    return complaints


def orphans(root: Path, lessons: Iterable[Lesson]) -> list[str]:
    """Frozen cases that no lesson makes, each in one sentence."""
    lessons = list(lessons)
    known = {name for lesson in lessons for names in _names(lesson).values() for name in names}
    files = [*(root / VISIBLE).glob("*.json"), *(path for lesson in lessons for path in lesson.path.with_name("frozen").glob("*.json"))]
    return [f"{path.relative_to(root)}: no lesson makes these cases." for path in sorted(files) if path.stem not in known]


def stamp(lesson: Lesson, exercise: str) -> str:
    """A hash of all that the frozen cases of an exercise depend on: its cases cells, and the given cells before it."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for source in [*(cell.source for cell in _given(lesson, exercise)), *lesson.cases[exercise]]:
        digest.update(b"\0" + source.encode())
    return digest.hexdigest()


def freeze(root: Path, lesson: Lesson, tell: Callable[[str], None] = lambda text: None, force: bool = False) -> list[str]:
    """Run the cases cells that changed, and write what they freeze; returns the names of the sets that were written.

    Raises LessonError that names the exercise: a cell that fails, a mistake that is none, a value that cannot be frozen.
    """
    from grader.authoring.answers import Stage  # imports TensorFlow

    due = [exercise for exercise, names in _names(lesson).items() if force or any(
        (kept := _read(_private(lesson, name))) is None or stamp_of(kept) != stamp(lesson, exercise) for name in names)]  # fmt: skip
    written = []
    if due:
        folder = root / "build" / "cases" / lesson.name
        stage = Stage(lesson, folder)
        for exercise in due:
            tell(f"freezing the cases of {exercise}")
            written += _freeze_one(root, lesson, exercise, stage.names_before(exercise))
    for names in _names(lesson).values():
        for name in names:
            shown = json.loads(_read(_private(lesson, name)) or '{"visible": ""}')["visible"]
            if shown and _read(root / VISIBLE / f"{name}.json") != shown:
                _write(root / VISIBLE / f"{name}.json", shown)
    return written


def texts(lesson: Lesson, exercise: str) -> list[str]:
    """The frozen cases of an exercise as they are kept, visible and hidden ones."""
    kept = [_read(_private(lesson, name)) for name in _names(lesson).get(exercise, [])]
    return [text for file in kept if file for text in (json.loads(file)[part] for part in ("visible", "hidden")) if text]


def _freeze_one(root: Path, lesson: Lesson, exercise: str, names: dict) -> list[str]:
    import keras

    made: dict[str, tuple[Cases, Cases]] = {}
    function = _function(lesson, exercise)

    def freeze(
        reference: Callable,
        visible: Iterable[tuple] = (),
        hidden: Iterable[tuple] = (),
        mistakes: Mapping[str, Callable] = {},
        *,
        name: str = exercise,
        function: str = function,
        parts: tuple[str, ...] = (),
        rtol: float = 1e-5,
        atol: float = 1e-6,
        lists: bool = False,
        axes: str | tuple[str, ...] = (),
    ) -> None:
        if not NAME.fullmatch(name) or name in made:
            raise LessonError(f"the name {name!r} of a set of cases is taken, or not made of small letters, digits and -")
        if len(mistakes) > MOST_MISTAKES or any(len(hint) > LONGEST_HINT for hint in mistakes):
            raise LessonError(f"{name}: at most {MOST_MISTAKES} mistakes, with hints of at most {LONGEST_HINT} characters")
        tolerance, named = Tolerance(rtol, atol, True), (axes,) if isinstance(axes, str) else tuple(axes)
        made[name] = tuple(
            Cases(name, function, tuple(_case(reference, arguments, mistakes, tolerance) for arguments in inputs), tuple(mistakes), tuple(parts), rtol, atol, lists, named)
            for inputs in (list(visible), list(hidden))
        )
        unseen = set(range(len(mistakes))) - {number for cases in made[name] for case in cases.cases for number, _ in case.mistakes}
        if unseen:
            words = [list(mistakes)[number] for number in sorted(unseen)]
            raise LessonError(f"{name}: no case tells these mistakes from the right answer: {words}")

    for source in lesson.cases[exercise]:
        keras.utils.set_random_seed(0)
        try:
            names["freeze"] = freeze
            exec(compile(source, f"<cases of {exercise}>", "exec"), names)
        except LessonError as error:
            raise LessonError(f"{lesson.name}, cases of `{exercise}`: {error}") from None
        except Exception as error:
            raise LessonError(f"{lesson.name}, cases of `{exercise}`: {type(error).__name__}: {error}") from error
    if sorted(made) != sorted(_names(lesson)[exercise]):
        raise LessonError(f"{lesson.name}, cases of `{exercise}`: freeze(..., name=...) takes a name that is written out as text.")
    mark = stamp(lesson, exercise)
    for name, (visible, hidden) in made.items():
        try:
            kept = {"source": mark, "visible": dumps(visible) if visible.cases else "", "hidden": dumps(hidden) if hidden.cases else ""}
        except FrozenError as error:
            raise LessonError(f"{lesson.name}, cases of `{name}`: {error}") from None
        _write(_private(lesson, name), json.dumps(kept, ensure_ascii=False, indent=0) + "\n")
        if visible.cases:
            _write(root / VISIBLE / f"{name}.json", kept["visible"])
    return list(made)


def _case(reference, arguments, mistakes, tolerance) -> Case:
    if not isinstance(arguments, tuple):
        raise LessonError(f"a case is a tuple of arguments, not {type(arguments).__name__}: write (x,) for one")
    expected = plain(reference(*copy.deepcopy(arguments)))
    yields = []
    for number, wrong in enumerate(mistakes.values()):
        try:
            with np.errstate(all="ignore"):
                value = plain(wrong(*copy.deepcopy(arguments)))
        except Exception:  # a mistake need not work on every case
            continue
        if not agree(value, expected, tolerance) and (not undefined(value) or undefined(expected)):  # NaN has many causes
            yields.append((number, value))
    return Case(arguments, expected, tuple(yields))


def _names(lesson: Lesson) -> dict[str, list[str]]:
    """The names of the sets that each exercise's cases cells freeze, read from their source."""
    import ast

    found = {}
    for exercise, sources in lesson.cases.items():
        calls = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "freeze"]
        given = [next((key.value.value for key in node.keywords if key.arg == "name" and isinstance(key.value, ast.Constant)), exercise) for node in calls]
        found[exercise] = given
    return found


def _given(lesson: Lesson, exercise: str) -> list:
    cells = lesson.notebook.cells
    place = next(index for index, cell in enumerate(cells) if cell.id == exercise)
    return [cell for cell in cells[:place] if cell.cell_type == "code" and cell.metadata.rnn_course.role == "given"]


def _function(lesson: Lesson, exercise: str) -> str:
    import ast

    source = next(cell.source for cell in lesson.cells("exercise") if grade_id(cell) == exercise)
    return next(node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))


def _package(root: Path) -> Path:
    """Where the package lies whose checks read the cases: the course's own, or, in a folder with lessons alone, the one that runs."""
    return root if (root / VISIBLE.parts[0]).is_dir() else Path(__file__).parents[2]


def _private(lesson: Lesson, name: str) -> Path:
    return lesson.path.with_name("frozen") / f"{name}.json"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, text: str) -> None:
    """All or nothing, so that an interrupted build leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.tmp")
    scratch.write_text(text, encoding="utf-8")
    os.replace(scratch, path)


__all__ = ["CASES", "freeze", "orphans", "stale", "stamp", "texts"]
