"""A course to be attacked: an honest student, a neighbour, secrets in every place, and the attacker's folder."""

from __future__ import annotations

import json
import shutil
import warnings
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from grader.nbgrader_plugins import find_alembic

from . import target
from .attack import Attack, Place
from .canaries import MARK, SECRETS, WORKED, found

HONEST, NEIGHBOUR = "zoe", "bob"
NEIGHBOURS_POINTS = 3.5


def stock_config(root: Path) -> Config:
    """Return nbgrader as it comes, told only where the folders are."""
    find_alembic()
    settings = Config()
    settings.CourseDirectory.root = str(root)
    settings.CourseDirectory.source_directory = "solutions"
    settings.CourseDirectory.release_directory = "notebooks"
    return settings


class Classroom:
    """The course at `root` with nbgrader's API over it."""

    def __init__(self, root: Path, api: NbGraderAPI):
        self.root, self.api = root, api

    def furnish(self, lessons: list[str]) -> None:
        """Write solutions, a gradebook, an honest student's and a neighbour's submissions."""
        for lesson in lessons:
            folder = self.root / "solutions" / lesson
            folder.mkdir(parents=True)
            nbformat.write(target.solution(lesson), folder / f"{lesson}.ipynb")
            made = self.api.generate_assignment(lesson)
            if not made["success"]:
                raise RuntimeError(made.get("error") or made["log"])
            self._hand_in(HONEST, lesson)
            self._hand_in(NEIGHBOUR, lesson, note=SECRETS["another submission"])
            with self.gradebook() as gradebook:
                gradebook.update_or_create_student(NEIGHBOUR, last_name=SECRETS["the gradebook"])
                with warnings.catch_warnings(action="ignore"):  # nbgrader's own order of rows
                    gradebook.add_submission(lesson, NEIGHBOUR)
                graded = gradebook.find_submission_notebook(lesson, lesson, NEIGHBOUR)
                graded.grades[0].manual_score = NEIGHBOURS_POINTS
                gradebook.db.commit()

    def _hand_in(self, student: str, lesson: str, note: str = "") -> None:
        place = self.place(student, lesson)
        place.solve()
        if lesson == target.NAMES["light"]:
            place.cell("constants").source = "!echo honest\n" + place.cell("constants").source  # which takes a terminal
        if note:
            place.add(f"# {note}", "end")
        place.save()

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")

    def place(self, student: str, lesson: str, port: int = 0) -> Place:
        """Return a new, empty folder for a submission."""
        folder = self.root / "submitted" / student / lesson
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return Place(folder, lesson, self.root, port)

    def points(self, student: str, lesson: str) -> float | None:
        """Return a student's points, None if there is no grade at all."""
        with self.gradebook() as gradebook:
            try:
                grades = gradebook.find_submission_notebook(lesson, lesson, student).grades
            except LookupError:
                return None
            except Exception as error:  # nbgrader's MissingEntry, or a gradebook that was wrecked
                if type(error).__name__ == "MissingEntry":
                    return None
                raise
            # None in stock where the batch was aborted before this submission was scored.
            if all(grade.auto_score is None and grade.manual_score is None for grade in grades):
                return None
            return sum(grade.score for grade in grades)

    def comments(self, student: str, lesson: str) -> str:
        """Return everything that the gradebook says to the student."""
        with self.gradebook() as gradebook:
            notes = gradebook.find_submission_notebook(lesson, lesson, student).comments
            return "\n".join(note.auto_comment or "" for note in notes)

    def shown(self, student: str, lesson: str) -> str:
        """Return the outputs that belong to the student: of every cell but the hidden tests."""
        path = self.root / "autograded" / student / lesson / f"{lesson}.ipynb"
        if not path.is_file():
            return ""
        cells = nbformat.read(path, 4).cells
        outputs = [cell.outputs for cell in cells if cell.cell_type == "code" and "BEGIN HIDDEN" not in cell.source]
        return json.dumps(outputs, ensure_ascii=False)

    def reasons(self, student: str, lesson: str) -> dict[str, str]:
        """Return why each test cell has less than its points."""
        path = self.root / "autograded" / student / lesson / f"{lesson}.ipynb"
        return dict(nbformat.read(path, 4).metadata.get("rnn_course", {}).get("reasons", {}))

    def read_by_hand(self, student: str, lesson: str) -> str:
        """Return the page that formgrader makes of the graded notebook, for a person to read; "" where there is none."""
        path = self.root / "autograded" / student / lesson / f"{lesson}.ipynb"
        return _formgrader().from_filename(str(path))[0] if path.is_file() else ""

    def neighbour_is_unharmed(self, lesson: str) -> bool:
        return self.points(NEIGHBOUR, lesson) == NEIGHBOURS_POINTS


@cache
def _formgrader() -> HTMLExporter:
    """Return what turns cells into HTML there: nbconvert, in the template that formgrader's own is made of."""
    return HTMLExporter(template_name="classic")


def leaks(where: str, text: str) -> list[str]:
    """Say what in a text should not be there."""
    said = [f"showed {secret} in {where}" for secret in found(text)]
    if WORKED in text:
        said.append(f"did what it may not, and said so in {where}")
    return said


def page_leaks(page: str, where: str = "the feedback") -> list[str]:
    """Say what is wrong with a page that a person is given to read: scripts of a stranger, anything to load, disguises; in feedback secrets too."""
    reader = _Reader(where)
    reader.feed(page)
    return (leaks(where, page) if where == "the feedback" else []) + sorted(reader.said)


class _Reader(HTMLParser):
    """Looks for what a browser would run or load on a stranger's behalf."""

    def __init__(self, where: str):
        super().__init__()
        self.said: set[str] = set()
        self._where = where
        self._script = False

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self._script = tag == "script"
        for name, value in attributes:
            value = (value or "").strip().lower()
            if name.startswith("on") and MARK in value or value.startswith("javascript:"):
                self.said.add(f"put a script into {self._where}")
            elif MARK in value and name in ("class", "id", "style", "title", "name"):
                self.said.add(f"kept a {name} of its own in {self._where}")
            elif MARK in value and name == "srcdoc":
                self.said.add(f"put a page of its own into {self._where}")
            if name != "href" and "127.0.0.1" in value and not value.startswith("data:"):
                self.said.add(f"had {self._where} load something")

    def handle_data(self, data: str) -> None:
        if self._script and MARK in data:
            self.said.add(f"put a script into {self._where}")

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def student_id(attack: Attack) -> str:
    return f"mallory-{attack.name.replace('_', '-')}"
