"""Gather what grading left of a class: the gradebook, the notebooks in autograded/, the receipts in submitted/."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.apps.api import NbGraderAPI

from grader.engine.cells import exercises, is_hidden, nbgrader_metadata, role
from grader.nbgrader_plugins.course import course
from grader.nbgrader_plugins.files import RECEIPTS, take_in
from grader.nbgrader_plugins.grading import submitters
from grader.nbgrader_plugins.reading import Unreadable
from grader.nbgrader_plugins.release import release
from grader.nbgrader_plugins.source import source_path
from grader.report import gradebook, graded, receipts
from grader.report.gradebook import NothingGraded
from grader.report.likeness import compare
from grader.report.material import COLUMNS, Material, material

__all__ = ["NothingGraded", "read"]

MOST_RECEIPTS = 30  # of one submission
MOST_SHOWN = 20_000  # letters of an answer that are kept to be quoted


@dataclass
class _Lesson:
    """A lesson's notebooks as the course has them: the place of each cell, and what an answer's cell held to begin with."""

    title: str
    order: dict[tuple[str, str], tuple[int, str, str, bool]] = field(default_factory=dict)  # place, exercise, kind, hidden
    stubs: dict[tuple[str, str], str] = field(default_factory=dict)


def read(root: Path, names: Iterable[str] = (), tell: Callable[[int, int], None] = lambda done, of: None) -> Material:
    """Return the material of the course at `root`, of the lessons named (by name or unique beginning) or of all.

    `tell` hears how many submissions are done, of how many. One that cannot be read is named in `unreadable`; the others go on.
    Raises NothingGraded where there is no gradebook or it knows none of a name.
    """
    api = course(root)
    standing = gradebook.read(api, names)
    rows: dict[str, list[tuple]] = {kind: [] for kind in COLUMNS}
    rows["students"] = [(student, _label(student, first, last), (first, last, email)) for student, first, last, email in standing.students]
    lessons = {lesson: _outline(api, lesson, standing.notebooks[lesson]) for lesson in standing.lessons}
    several = {lesson for lesson, notebooks in standing.notebooks.items() if len(notebooks) > 1}

    def name(lesson: str, notebook: str, cell: str) -> str:
        return f"{notebook}/{cell}" if lesson in several else cell

    done = {(lesson, student) for lesson, _, student, *_ in standing.grades}
    for lesson in standing.lessons:
        arrived = set(submitters(api.coursedir, lesson))
        waiting = sum((lesson, student) not in done for student in arrived)
        everybody = sorted(arrived | {student for one, student in done if one == lesson})
        rows["handed_in"] += [(lesson, student, standing.late.get((lesson, student), 0.0), standing.penalties.get((lesson, student), 0.0)) for student in everybody]
        rows["excused"] += [(lesson, student) for one, student in standing.excused if one == lesson]
        rows["lessons"].append((lesson, lessons[lesson].title, waiting))
    places = {}
    for lesson, notebook, cell, most, kind in standing.cells:
        place, exercise, kind, hidden = lessons[lesson].order.get((notebook, cell), (10_000, cell, "question" if kind == "markdown" else "test", False))
        places[lesson, name(lesson, notebook, cell)] = (lesson, notebook, place), (name(lesson, notebook, exercise), kind, hidden, most)
    rows["cells"] = [(*key, *about) for key, (_, about) in sorted(places.items(), key=lambda item: (item[1][0], item[0]))]
    ordered = sorted(standing.grades, key=lambda row: row[:4])
    rows["grades"] = [(lesson, student, name(lesson, notebook, cell), points, waits) for lesson, notebook, student, cell, points, waits in ordered]

    ready = sorted(done)
    for number, (lesson, student) in enumerate(ready, start=1):
        known = {kind: len(found) for kind, found in rows.items()}
        try:
            for notebook in standing.notebooks[lesson]:
                path = Path(api.coursedir.format_path(api.coursedir.autograded_directory, student, lesson), f"{notebook}.ipynb")
                _notebook(rows, lesson, student, path, lambda cell, lesson=lesson, notebook=notebook: name(lesson, notebook, cell), lessons[lesson].stubs, notebook)
            _receipts(rows, lesson, student, api.coursedir.format_path(api.coursedir.submitted_directory, student, lesson))
        except Exception as error:  # whatever one submission brings about, the others are told of
            for kind, count in known.items():
                del rows[kind][count:]
            rows["unreadable"].append((lesson, student, "graded", f"reading it failed ({type(error).__name__})"))
        tell(number, len(ready))
    return material(api.coursedir.course_id or "the course", **rows)


def _label(student: str, first: str, last: str) -> str:
    named = " ".join(part for part in (first.strip(), last.strip()) if part)
    return f"{named} ({student})" if named and named != student else student


def _outline(api: NbGraderAPI, lesson: str, notebooks: list[str]) -> _Lesson:
    """Read the lesson's solution notebooks; without them the cells stand by name, and every word of an answer counts as its author's."""
    found = _Lesson(lesson)
    for notebook in notebooks:
        try:
            source = nbformat.read(source_path(api.coursedir, lesson, notebook), as_version=4)
            stub = release(source)
        except Exception:  # whatever is wrong with it, `grader autograde` says so; a report does without
            continue
        found.title = _title(source) or found.title
        for place, (cell, exercise) in enumerate(zip(source.cells, exercises(source.cells), strict=True)):
            if grade_id := nbgrader_metadata(cell).get("grade_id"):
                found.order[notebook, grade_id] = place, exercise or grade_id, "question" if role(cell) == "question" else "test", is_hidden(cell)
        for cell in stub.cells:
            if role(cell) in ("exercise", "question"):
                found.stubs[notebook, nbgrader_metadata(cell)["grade_id"]] = cell.source
    return found


def _title(notebook: NotebookNode) -> str:
    """The first heading of the first level."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# +(.+?)\s*#*$", prose, re.MULTILINE)
    return found[1] if found else ""


def _notebook(rows: dict[str, list], lesson: str, student: str, path: Path, name: Callable[[str], str], stubs: dict[tuple[str, str], str], notebook: str) -> None:
    try:
        told = graded.read(path)
    except Unreadable as reason:
        rows["unreadable"].append((lesson, student, "graded", str(reason)))
        return
    if told.unreadable:
        rows["unreadable"].append((lesson, student, "submission", told.unreadable))
    rows["stops"] += [(lesson, student, what) for what in told.stops]
    rows["unreached"] += [(lesson, student, name(cell)) for cell in told.unreached]
    rows["failures"] += [(lesson, student, name(cell), name(exercise), *said) for cell, exercise, *said in told.failures]
    rows["notes"] += [(lesson, student, name(cell) if cell else "", text) for cell, text in told.notes]
    for exercise, written, source, is_code in told.answers:
        alike, size = compare(source, stubs.get((notebook, exercise), ""), is_code) if written else ("", 0)
        rows["answers"].append((lesson, student, name(exercise), written, source[:MOST_SHOWN], alike, size))


def _receipts(rows: dict[str, list], lesson: str, student: str, folder: str) -> None:
    files = take_in(folder).files
    found = [path for path in files if path.startswith(RECEIPTS) and path.endswith(".npz")]
    for path in found[:MOST_RECEIPTS]:
        try:
            receipt = receipts.read(files[path])
        except receipts.Broken as reason:
            rows["unreadable"].append((lesson, student, "receipt", f"{path} {reason}"))
        else:
            name = path.removeprefix(RECEIPTS).removesuffix(".npz")
            rows["receipts"].append((lesson, student, name, receipt.device, receipt.seconds, receipt.written, receipt.weights))
    if len(found) > MOST_RECEIPTS:
        rows["unreadable"].append((lesson, student, "receipt", f"only {MOST_RECEIPTS} of {len(found)} receipts were read"))
