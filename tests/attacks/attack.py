"""Read one hostile submission of the corpus, and write it into a submission's folder."""

from __future__ import annotations

import json
import re
import runpy
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from grader.engine import Limits

from . import target
from .canaries import MARK, SEGMENT

CORPUS = Path(__file__).parent / "corpus"
REPOSITORY = Path(__file__).parents[2]
KEYS = {"intent", "family", "target", "earns", "danger", "stock", "limits", "stops", "sibling", "twice", "before"}


@dataclass(frozen=True)
class Attack:
    """One file of the corpus. Its header says, one `# key: value` a line:

    intent: what the attacker wants, in one line.
    family: the kind of attack, as in the table.
    target: the lesson, `light` (the default) or `keras`.
    earns: the points that the honest part of the submission is worth, 0 by default.
    danger: `yes` if it would harm the machine that runs it without a sandbox.
    stock: `not run: why` where it is not run against stock nbgrader.
    limits: the engine's limits for it, as `cell_seconds=2 output_bytes=50_000`.
    stops: words of the reason that its grade must give.
    sibling: `yes` to grade an honest submission beside it, in another worker.
    twice: `yes` to hand it in two times, one after the other, to the same worker.
    before: what it did here before something was mended that it was written for.
    """

    name: str
    text: str
    intent: str
    family: str
    target: str = "light"
    earns: float = 0.0
    danger: bool = False
    stock: str = ""
    limits: dict = field(default_factory=dict)
    stops: str = ""
    sibling: bool = False
    twice: bool = False
    before: str = ""

    @property
    def lesson(self) -> str:
        return target.NAMES[self.target]

    @property
    def file(self) -> Path:
        return CORPUS / f"{self.name}.py"

    def engine_limits(self) -> Limits:
        """Return short limits, with the attack's own."""
        quick = {"cell_seconds": 10.0, "submission_seconds": 30.0, "interrupt_seconds": 1.0}
        return Limits(**(quick | self.limits))

    def write(self, place: Place) -> None:
        """Write the submission into `place.folder`."""
        if "\n# %%" in self.text:
            text = place.told(self.text[self.text.index("\n# %%") + 1 :])
            for cell in jupytext.reads(text, fmt="py:percent").cells:
                if "exercise" in cell.metadata:
                    place.answer(cell.metadata["exercise"], cell.source)
                else:
                    place.add(cell.source, cell.metadata.get("after"))
            place.save()
        else:
            runpy.run_path(str(self.file))["submit"](place)


class Place:
    """Where a submission is written, and what its author knows.

    folder: the submission's own. lesson: the lesson's name. notebook: the release, to be
    changed and saved. course: the instructor's folder. port: where the host listens.
    """

    mark = MARK

    def __init__(self, folder: Path, lesson: str, course: Path, port: int):
        self.folder, self.lesson, self.course, self.port = folder, lesson, course, port
        self.notebook = target.stub(lesson)
        self._last = ""  # the cell after which the next one of the attacker's own is put

    @property
    def path(self) -> Path:
        return self.folder / f"{self.lesson}.ipynb"

    def told(self, text: str) -> str:
        """Fill in what an attacker could know at best: where everything is."""
        known = {
            "__COURSE__": self.course, "__REPOSITORY__": REPOSITORY, "__PORT__": self.port,
            "__MARK__": MARK, "__SEGMENT__": SEGMENT, "__LESSON__": self.lesson,
        }  # fmt: skip
        return re.sub("|".join(known), lambda match: str(known[match[0]]), text)

    def cell(self, name: str) -> NotebookNode:
        """Return the cell with this nbgrader name."""
        return target.named(self.notebook, name)

    def answer(self, name: str, source: str) -> None:
        """Write into an exercise's cell."""
        self.cell(name).source = self.told(source)
        self._last = name

    def solve(self, *names: str) -> None:
        """Write the right answers, to all exercises or to those named."""
        for name, source in target.answers(self.lesson).items():
            if not names or name in names:
                self.cell(name).source = source

    def add(self, source: str, after: str | None = None) -> NotebookNode:
        """Add a cell of the student's own: after a named cell, at the "end", or where the last one went."""
        cells, after = self.notebook.cells, after or self._last
        made = new_code_cell(self.told(source), id=f"own-{len(cells)}")
        if after == "end":
            cells.append(made)
            return made
        spot = cells.index(self.cell(after)) + 1 if after else 0
        while spot < len(cells) and cells[spot].id.startswith("own-"):
            spot += 1
        cells.insert(spot, made)
        return made

    def save(self, text: str | bytes | None = None) -> None:
        """Write the notebook, or `text` in its place."""
        if text is None:
            text = json.dumps(self.notebook)
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())


def read(path: Path) -> Attack:
    """Read one file. Raises ValueError, naming it, for a header that is not as it should be."""
    text = path.read_text()
    header = re.match(r"(?:#.*\n)+", text)
    said = dict(re.findall(r"^# (\w+): (.+)$", header[0] if header else "", re.MULTILINE))
    if unknown := said.keys() - KEYS:
        raise ValueError(f"{path.name}: its header has an unknown {', '.join(sorted(unknown))}")
    if missing := {"intent", "family"} - said.keys():
        raise ValueError(f"{path.name}: its header lacks {', '.join(sorted(missing))}")
    for name in ("danger", "sibling", "twice"):
        if said.get(name, "no") not in ("yes", "no"):
            raise ValueError(f"{path.name}: {name} is yes or no")
        said[name] = said.get(name) == "yes"
    said["earns"] = float(said.get("earns", 0))
    said["limits"] = {key: _number(value) for key, value in re.findall(r"(\w+)=([\d._]+)", said.get("limits", ""))}
    return Attack(path.stem, text, **said)


def _number(text: str) -> float | int:
    return float(text) if "." in text else int(text)


def corpus() -> list[Attack]:
    """Return all attacks, by family and then by name."""
    return sorted(map(read, CORPUS.glob("*.py")), key=lambda attack: (attack.family, attack.name))


