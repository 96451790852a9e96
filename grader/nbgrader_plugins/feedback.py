"""The feedback page: what a student scored and why, with no hidden test on it and no need of a network."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from pathlib import Path

import bleach
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades
from pygments.formatters import HtmlFormatter
from traitlets import default

from grader.engine.cells import exercises, is_hidden, role

from .scoring import unanswered
from .words import failure, visible_source

TEMPLATE = Path(__file__).parent / "templates" / "feedback"
ANSWERS = ("exercise", "question")
NOT_RUN = "not run: "  # how the engine begins the reason of a test that was not reached
_DARK = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
_IMAGES = ("image/png", "image/jpeg", "image/svg+xml")


class Grades(GetGrades):
    """nbgrader's GetGrades, which also says whether a person has still to look."""

    def _get_score(self, cell: NotebookNode, resources: dict) -> None:
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        by_hand = grade.manual_score is not None or bool(grade.extra_credit)
        cell.metadata.nbgrader.update(score=grade.score, points=grade.max_score, waits=grade.needs_manual_grade, by_hand=by_hand)

    def _get_comment(self, cell: NotebookNode, resources: dict) -> None:
        comment = self.gradebook.find_comment(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        # The automatic comment says for the instructor what the page says beside each test.
        cell.metadata.nbgrader["comment"] = comment.manual_comment


class ForStudents(Preprocessor):
    """Turn an autograded notebook into what its student may see.

    Hidden regions leave the source; a hidden test's outputs give way to the words of its
    failed check (see `words.failure`). `resources["feedback"]` is the page's table: one
    entry for each exercise and question by name, in order.
    """

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        record = nb.metadata.get("rnn_course", {})
        parts: dict[str, dict] = {}
        title = heading = ""
        for cell, exercise in zip(nb.cells, exercises(nb.cells), strict=True):
            kind = role(cell)
            shown = cell.metadata["feedback"] = NotebookNode(role=kind, heading="")
            if kind == "prose":
                for level, text in re.findall(r"^(#{1,3}) (.*)$", cell.source, re.MULTILINE):
                    text = text.strip().rstrip("#").rstrip()
                    title, heading = (title or text, "") if level == "#" else (title, text)
            elif kind == "test":
                shown.update(_tested(cell, record.get("reasons", {})))
                if exercise in parts:
                    part = parts[exercise]
                    part["score"] += shown["score"]
                    part["points"] += shown["points"]
                    part["problem"] = part["problem"] or (shown["failure"] or {}).get("problem", "")
            elif kind in ANSWERS or _ran(cell, kind):
                shown["heading"], heading = heading, ""
                if kind in ANSWERS:
                    parts[cell.metadata.nbgrader["grade_id"]] = _part(cell, kind)
                if kind in ANSWERS and cell.metadata.nbgrader.get("comment"):
                    parts[cell.metadata.nbgrader["grade_id"]]["comment"] = True
            if cell.cell_type == "code":
                cell.outputs = [_offline(output) for output in cell.outputs]
        for cell in nb.cells:
            cell.source = cell.source if role(cell) != "test" else visible_source(cell.source)
        resources["feedback"] = {
            "title": title or resources["nbgrader"]["notebook"],
            "parts": parts,
            "notes": [note["text"] for note in record.get("notes", []) if note["text"] != record.get("unreadable")],
            "unreadable": record.get("unreadable", ""),
            "stopped": _stopped(record.get("reasons", {})),
            "dark": _DARK,
        }
        return nb, resources


class FeedbackExporter(HTMLExporter):
    """For `GenerateFeedback`: one self-contained page, whatever templates nbgrader asks for."""

    @default("template_paths")
    def _only_ours(self) -> list[str]:
        # nbgrader sets template names and folders for its own page, in two places.
        return [str(TEMPLATE)]

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kwargs) -> tuple[str, dict]:
        """As `HTMLExporter` does, without its second reading of the whole page: the template does what that is for."""
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources or {}), **kwargs)

    def default_filters(self):
        yield from super().default_filters()
        yield "safe_html", safe_html
        yield "coded", coded
        yield "highlight_code", highlighted


@lru_cache(maxsize=1000)
def _highlighted(source: str) -> str:
    return Highlight2HTML(pygments_lexer="ipython3")(source)


def highlighted(source: str, metadata: dict | None = None) -> str:
    """Return code as HTML with its words coloured; most of a page's cells are the same for a whole class."""
    return _highlighted(source)


def coded(text: str) -> str:
    """Return a check's words as HTML, with `names` between backticks set as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(str(text)))


def safe_html(text: str) -> str:
    """Return HTML made from a student's Markdown without scripts, styles or anything to load."""
    cleaned = bleach.clean(
        str(text),
        tags={*bleach.ALLOWED_TAGS, *"p h1 h2 h3 h4 h5 h6 pre code span div br hr img del sub sup".split()}
        | {*"table thead tbody tr th td".split()},
        attributes={"a": ["href", "title"], "img": _only_embedded, "*": ["class"]},
        protocols={"http", "https", "mailto", "data"},
        strip=True,
    )
    return re.sub(r"<img (?![^>]*\balt=)", '<img alt="" ', cleaned)


def _only_embedded(tag: str, name: str, value: str) -> bool:
    return name == "alt" or (name == "src" and value.startswith("data:image/"))


def _ran(cell: NotebookNode, kind: str) -> bool:
    """Whether the cell is worth showing besides answers and tests: the student's own, or a changed experiment."""
    return kind == "own" or (kind == "experiment" and not cell.metadata["rnn_course"].get("skip"))


def _stopped(reasons: dict) -> str:
    """Return why the notebook ended early, if the tests' reasons say so."""
    return next((reason.removeprefix(NOT_RUN) for reason in reasons.values() if reason.startswith(NOT_RUN)), "")


def _part(cell: NotebookNode, kind: str) -> dict:
    about = cell.metadata.nbgrader
    counts = kind == "question"
    return {
        "score": (about.get("score") or 0.0) if counts else 0.0,
        "points": (about.get("points") or 0.0) if counts else 0.0,
        "problem": "",
        "unanswered": unanswered(cell),
        "by_hand": counts and bool(about.get("by_hand")),
        "comment": False,
        "waits": bool(about.get("waits")),
    }


def _tested(cell: NotebookNode, reasons: dict) -> dict:
    """What is said of one test cell, read before its outputs are cleared."""
    about, secret = cell.metadata.nbgrader, is_hidden(cell)
    score, points = about.get("score") or 0.0, about.get("points") or 0.0
    said = failure(cell.outputs, secret, reasons.get(about["grade_id"], "")) if score < points else None
    if secret:
        cell.outputs = []
    else:
        cell.outputs = [output for output in cell.outputs if output.output_type != "error"]
    return {
        "name": about["grade_id"],
        "score": score,
        "points": points,
        "hidden": secret,
        "by_hand": bool(about.get("by_hand")),
        "state": "passed" if score >= points else "partly" if score else "failed",
        "failure": vars(said) if said else None,
    }


def _offline(output: NotebookNode) -> NotebookNode:
    """Keep images and text of an output; HTML and scripts of a stranger are left out."""
    if "data" in output:
        output.data = NotebookNode({k: v for k, v in output.data.items() if k in (*_IMAGES, "text/plain")})
    return output
