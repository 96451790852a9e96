"""Which lesson a notebook is: by its file's name, else by its cells' names, else by its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.nbgrader_plugins.reading import Unreadable, parse

FEWEST = 3  # cells of a release that a notebook without names must still hold word for word
LONG_ENOUGH = 20  # letters of a text that says something


@dataclass(frozen=True)
class Found:
    """`lesson` is "" if it could not be told; `how` says by what it was told, or why it could not be."""

    lesson: str
    how: str


class Catalogue:
    """The released lessons by what tells them apart."""

    def __init__(self, releases: dict[str, NotebookNode]):
        self.lessons = sorted(releases)
        self.titles = {name: _title(notebook) for name, notebook in releases.items()}
        self._names = {name: frozenset(_names(notebook)) for name, notebook in releases.items()}
        self._texts = {name: frozenset(_texts(notebook)) for name, notebook in releases.items()}
        self._all = {name: frozenset(" ".join(cell.source.split()) for cell in notebook.cells) | {""} for name, notebook in releases.items()}

    @classmethod
    def read(cls, folder: Path) -> Catalogue:
        """Read the released notebooks, `folder`/LESSON/LESSON.ipynb. Raises FileNotFoundError if there is none."""
        found = {path.stem: path for path in sorted(folder.glob("*/*.ipynb")) if path.stem == path.parent.name}
        if not found:
            raise FileNotFoundError(2, "no released lesson", str(folder))
        return cls({name: nbformat.read(path, as_version=4) for name, path in found.items()})

    def find(self, name: str, content: Callable[[], bytes]) -> Found:
        """Tell the lesson of a file called `name`; `content` is asked for only if the name does not tell."""
        if lesson := named(name, self.lessons):
            return Found(lesson, "by its name")
        try:
            notebook = parse(content())
        except Unreadable as reason:
            return Found("", f"its name is no lesson's, and {reason}")
        for how, one, known in (("by its cells' names", _names, self._names), ("by its text", _texts, self._texts)):
            lesson = _most_alike(frozenset(one(notebook)), known, 1 if one is _names else FEWEST)
            if lesson:
                return Found(lesson, how)
        return Found("", "neither its name nor its cells are a lesson's")

    def untouched(self, lesson: str, content: Callable[[], bytes]) -> bool:
        """Whether a notebook holds nothing but what was released: its author wrote nothing."""
        try:
            return all(" ".join(cell.source.split()) in self._all[lesson] for cell in parse(content()).cells)
        except Unreadable:
            return False


def named(name: str, lessons: Iterable[str]) -> str:
    """Return the lesson whose name stands in a file's name, whatever stands around it: `Copy of 01_x (1).ipynb`; "" if none does."""
    text = f"_{_plain(name)}_"
    found = [lesson for lesson in lessons if f"_{_plain(lesson)}_" in text]
    return max(found, key=len, default="")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def _most_alike(own: frozenset[str], known: dict[str, frozenset[str]], fewest: int) -> str:
    """Return the lesson that shares the most of what only one lesson has, if that is `fewest` or more and twice what any other shares."""
    everywhere = Counter(one for ones in known.values() for one in ones)
    shared = sorted(((sum(everywhere[one] == 1 for one in own & ones), lesson) for lesson, ones in known.items()), reverse=True)
    (most, lesson), second = shared[0], shared[1][0] if len(shared) > 1 else 0
    return lesson if most >= fewest and most > 2 * second else ""


def _names(notebook: NotebookNode) -> Iterable[str]:
    return (cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id"))


def _texts(notebook: NotebookNode) -> Iterable[str]:
    return (text for text in (" ".join(cell.source.split()) for cell in notebook.cells) if len(text) >= LONG_ENOUGH)


def _title(notebook: NotebookNode) -> str:
    found = (re.search(r"^# (.+)$", cell.source, re.MULTILINE) for cell in notebook.cells if cell.cell_type == "markdown")
    return next((match[1].strip() for match in found if match), "")
