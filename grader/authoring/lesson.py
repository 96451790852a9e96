"""Read a lesson's source, `lessons/NN_topic/NN_topic.py`, into a notebook that nbgrader understands.

The source is jupytext's percent format (https://jupytext.readthedocs.io) with the short cell
metadata of docs/AUTHORING.md; here it becomes nbgrader's metadata, version 3
(https://nbgrader.readthedocs.io/en/stable/user_guide/creating_and_grading_assignments.html).
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from grader.authoring.setup_cell import hand_in_cell, setup_cell
from grader.engine.cells import role
from grader.naming import fitting

FORMAT = 1  # part of every stamp: raise it when the same source would make another notebook
KEYS = ("setup", "given", "exercise", "test", "question", "cases", "points", "hidden", "name")
CASES = "cases"  # cells of the author's alone: what the tests of an exercise compare with; see `freezing`
# What Colab reads: lend a GPU, show the table of contents (https://research.google.com/colaboratory/faq.html).
COLAB = {"accelerator": "GPU", "colab": {"gpuType": "T4", "provenance": [], "toc_visible": True}}
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}  # on Colab; in JupyterLab and VS Code
GOES_ON = "raises-exception"  # a tag of Jupyter's: "Run All Cells" goes on behind a test that fails
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


class LessonError(Exception):
    """A mistake in a lesson's source; the message names the file and the cell."""


@dataclass(frozen=True)
class Lesson:
    """A lesson: its name (`01_sequence_basics`), its source file, and its notebook without outputs.

    cases: the sources of the cases cells of each exercise that has any. They are in no notebook.
    """

    name: str
    path: Path
    notebook: NotebookNode
    cases: dict[str, list[str]] = field(default_factory=dict)

    def cells(self, *roles: str) -> Iterator[NotebookNode]:
        """The cells with one of these roles, in order."""
        return (cell for cell in self.notebook.cells if role(cell) in roles)

    @property
    def exercises(self) -> list[str]:
        return [grade_id(cell) for cell in self.cells("exercise")]

    def tests(self, exercise: str) -> list[NotebookNode]:
        """The test cells of one exercise, in order."""
        return [cell for cell in self.cells("test") if cell.metadata.rnn_course.exercise == exercise]

    def points(self, *roles: str) -> float:
        return sum(cell.metadata.nbgrader.points for cell in self.cells(*(roles or ("test", "question"))))

    @property
    def stamp(self) -> dict:
        return self.notebook.metadata.rnn_course


def solution_path(root: Path, name: str) -> Path:
    return root / "solutions" / name / f"{name}.ipynb"


def release_path(root: Path, name: str) -> Path:
    return root / "notebooks" / name / f"{name}.ipynb"


def grade_id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def read(path: Path) -> Lesson:
    """Read a lesson. Raises LessonError for a file that is missing or a cell that is not understood."""
    if not path.is_file():
        raise LessonError(f"There is no lesson at {path}.")
    try:
        raw = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except UnicodeDecodeError:
        raise LessonError(f"{path} is not UTF-8 text.") from None
    cells, taken, cases = [], {}, {}
    for number, cell in enumerate(raw.cells, start=1):
        if not cell.source.strip() and not set(cell.metadata) & set(KEYS):
            continue
        try:
            if CASES in cell.metadata:
                cases.setdefault(_exercise_of_cases(cell), []).append(cell.source)
            else:
                cells.append(_expand(cell, taken, path))
        except LessonError as error:
            raise LessonError(f"{path}, cell {number} ({_first_line(cell)}): {error}") from None
    cells.append(nbformat.v4.new_code_cell(hand_in_cell(path.stem), metadata={"rnn_course": {"role": "experiment"}}))
    _number_cells(cells)
    notebook = nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **copy.deepcopy(COLAB),
            "rnn_course": {"lesson": path.stem, "source": _hash(cells), "code": ""},
        },
    )
    notebook.nbformat_minor = 5
    notebook.metadata.rnn_course.code = code(notebook)
    unknown = cases.keys() - {grade_id(cell) for cell in cells if role(cell) == "exercise"}
    if unknown:
        raise LessonError(f"{path}: cases of `{min(unknown)}`, and there is no such exercise.")
    return Lesson(path.stem, path, notebook, cases)


def code(notebook: NotebookNode) -> str:
    """A hash of what a lesson's outputs, scores and seconds depend on: its code, and what nbgrader makes of it.

    The set-up cell is none of it: it is every lesson's, and says where the lesson runs.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    told = [("" if role(cell) == "setup" else cell.source, sorted(cell.metadata.get("nbgrader", {}).items())) for cell in cells]
    return hashlib.sha256(f"{FORMAT}\0{told!r}".encode()).hexdigest()


def discover(root: Path, names: list[str] | None = None) -> list[Path]:
    """The lesson sources under `root`/lessons, in order; `names` selects, by what is clear: `01`, `1`, `sequence` (see `naming`).

    Raises LessonError for a name that fits none or several.
    """
    found = sorted(path for path in root.glob("lessons/*/*.py") if path.stem == path.parent.name)
    if not names:
        return found
    chosen = []
    for name in names:
        fits = fitting(name, [path.stem for path in found])
        if len(fits) != 1:
            known = ", ".join(fits or [path.stem for path in found]) or "none"
            raise LessonError(f"{'No lesson' if not fits else 'More than one lesson'} fits {name!r}. Lessons: {known}.")
        chosen += [path for path in found if path.stem in fits and path not in chosen]
    return chosen


def _exercise_of_cases(cell: NotebookNode) -> str:
    if set(cell.metadata) - {CASES, "lines_to_next_cell", "title"} or cell.cell_type != "code":
        raise LessonError('a cases cell is code, and has cases="EXERCISE" and nothing else')
    return cell.metadata[CASES]


def _expand(cell: NotebookNode, taken: dict[str, int], path: Path) -> NotebookNode:
    lesson = path.stem
    meta = {key: value for key, value in cell.metadata.items() if key not in ("lines_to_next_cell", "title")}
    unknown = set(meta) - set(KEYS)
    if unknown:
        raise LessonError(f"unknown cell metadata {', '.join(sorted(unknown))}; known are {', '.join(KEYS)}")
    kinds = [key for key in ("setup", "given", "exercise", "test", "question") if key in meta]
    if len(kinds) > 1:
        raise LessonError(f"a cell is one of {' and '.join(kinds)}, not both")
    kind = kinds[0] if kinds else None
    source = cell.source.strip("\n")
    if kind is None:
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        name = "experiment" if cell.cell_type == "code" else "prose"
        return make(source, metadata={"rnn_course": {"role": name}})
    if (kind == "question") != (cell.cell_type == "markdown"):
        raise LessonError("a question is a [markdown] cell; everything else that is graded is code")
    if kind in ("test", "question") and not isinstance(meta.get("points"), (int, float)):
        raise LessonError(f"a {kind} needs points=…")

    course = {"role": kind}
    if kind == "setup":
        name, source = "setup", setup_cell(lesson)
    elif kind == "test":
        course["exercise"] = meta["test"]
        name = meta.get("name") or f"{meta['test']}-{'hidden' if meta.get('hidden') else 'test'}"
        taken[name] = taken.get(name, 0) + 1
        name = name if taken[name] == 1 else f"{name}-{taken[name]}"
        points = f"{meta['points']:g} point{'s' * (meta['points'] != 1)}"
        if meta.get("hidden"):
            source = _hide(_with_hidden_cases(source, path), meta["test"], points)
        else:
            source = f"# @title Check of {meta['test']} ({points})\n{source}"
    else:
        name = meta[kind]
        if kind == "exercise":
            course["exercise"] = name
        if kind == "question":
            source = re.sub(r"(?m)^#* ?(BEGIN|END) SOLUTION$", r"<!-- \1 SOLUTION -->", source)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", str(name)):
        raise LessonError(f"the name {name!r} must begin with a letter and have only letters, digits, - and _")
    nbgrader = {
        "grade": kind in ("test", "question"),
        "grade_id": name,
        "locked": kind not in ("exercise", "question"),
        "schema_version": 3,
        "solution": kind in ("exercise", "question"),
        "task": False,
    }
    if nbgrader["grade"]:
        nbgrader["points"] = meta["points"]
    make = nbformat.v4.new_markdown_cell if kind == "question" else nbformat.v4.new_code_cell
    # A test is folded, in JupyterLab and on Colab, and can be opened; so is the set-up cell.
    shown = {"test": {"tags": [GOES_ON], **copy.deepcopy(FOLDED)}, "setup": copy.deepcopy(FOLDED)}.get(kind, {})
    return make(source, metadata={"nbgrader": nbgrader, "rnn_course": course, **shown})


def _hide(source: str, exercise: str, points: str) -> str:
    note = f"# @title Hidden checks of {exercise} ({points}): other values, the same questions"
    return f"{note}\n# They run when your work is graded.\n{BEGIN_HIDDEN}\n{source}\n{END_HIDDEN}"


HIDDEN_CASES = re.compile(r"(?ms)^hidden = \{\n.*?^\}\n")


def _with_hidden_cases(source: str, path: Path) -> str:
    """A hidden test with the frozen cases that it asks for as `hidden["NAME"]` written before it."""
    names = dict.fromkeys(re.findall(r"\bhidden\[[\"']([a-z0-9-]+)[\"']\]", source))
    if not names:
        return source
    texts = []
    for name in names:
        kept = path.with_name("frozen") / f"{name}.json"
        try:
            text = json.loads(kept.read_text(encoding="utf-8"))["hidden"]
        except (OSError, ValueError, KeyError):  # not frozen yet: `freezing.stale` says so
            text = ""
        texts.append(f'"{name}": r"""\n{text}""",\n')
    return "hidden = {\n" + "".join(texts) + "}\n" + source


def without_hidden_cases(source: str) -> str:
    """A test as its author wrote it."""
    return HIDDEN_CASES.sub("", source)


def _number_cells(cells: list[NotebookNode]) -> None:
    """Give each cell an id that stays when others come and go: its name, or a hash of its text."""
    seen: dict[str, int] = {}
    for cell in cells:
        nbgrader = cell.metadata.get("nbgrader")
        base = nbgrader.grade_id if nbgrader else hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[base] = seen.get(base, 0) + 1
        cell.id = base[:60] if seen[base] == 1 else f"{base[:60]}-{seen[base]}"


def _hash(cells) -> str:
    digest = hashlib.sha256(str(FORMAT).encode())
    for cell in cells:
        digest.update(f"\0{cell.cell_type}\0{sorted(cell.metadata.items())!r}\0{cell.source}".encode())
    return digest.hexdigest()


def _first_line(cell: NotebookNode) -> str:
    line = cell.source.strip().split("\n")[0]
    return repr(line[:60]) if line else "empty"
