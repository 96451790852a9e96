"""The feedback page: what a student scored and why, with no hidden test on it and no need of a network."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import bleach
import nbformat
from nbconvert.exporters import Exporter, HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.preprocessors import GetGrades
from pygments.formatters import HtmlFormatter
from pygments.token import STANDARD_TYPES
from traitlets import default

from grader.engine.cells import exercises, is_hidden, role

from .apart import OverBound, apart
from .due import Terms, how_long, read, shown
from .lateness import late_of, points_of, root_of
from .scoring import unanswered
from .words import failure, visible_source

TEMPLATE = Path(__file__).parent / "templates" / "feedback"
ANSWERS = ("exercise", "question")
NOT_RUN = "not run: "  # how the engine begins the reason of a test that was not reached
_CODE_CLASSES = {name for name in STANDARD_TYPES.values() if name} | {"highlight"}
_DARK = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
_IMAGES = ("image/png", "image/jpeg", "image/svg+xml")
_PICTURES = (*_IMAGES, "image/gif", "image/webp")
_ATTACHED = "attachment:"
_TYPED = re.compile(r"""<img\b[^<>]{0,500}?\bsrc\s{0,9}=\s{0,9}(["'])(attachment:[^"'<>]{1,500})\1[^<>]{0,500}>""", re.IGNORECASE)


class Grades(GetGrades):
    """nbgrader's GetGrades, which also says whether a person has still to look, whose work this is, and when it came."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        nb, resources = super().preprocess(nb, resources)
        names = resources["nbgrader"]
        with Gradebook(self.db_url) as gradebook:
            submission = gradebook.find_submission(self.assignment_id, self.student_id)
            notebook = next(one for one in submission.notebooks if one.name == self.notebook_id)
            names.update(score=points_of(notebook), late_penalty=min(notebook.late_submission_penalty or 0.0, notebook.score))
            course = self.config.CourseDirectory.get("course_id")
            names["about"] = about(submission, read(root_of(self.config)), course if isinstance(course, str) else "")
        return nb, resources

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


def about(submission: SubmittedAssignment, terms: Terms, course: str = "") -> dict[str, str]:
    """Return what stands below a page's title: whose it is, of which course, when it came and how late; "" for what is not known."""
    student = submission.student
    name = f"{student.first_name or ''} {student.last_name or ''}".strip()
    late, due = late_of(submission), submission.duedate if submission.assignment.duedate else None
    return {
        "student": f"{name} ({student.id})" if name and name != student.id else student.id,
        "course": course,
        "handed_in": shown(submission.timestamp) if submission.timestamp else "",
        "due": shown(due) if due else "",
        "late": how_long(late) if late else "",
        "excused": "yes" if terms.is_excused(student.id, submission.assignment.name) else "",
    }


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
            if kind == "prose" and not cell.metadata["rnn_course"].get("edited"):
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
        """As `HTMLExporter` does, without its second reading of the whole page: the template does what that is for.

        The page is made in a process apart. Where that takes too long, it is made without what its student wrote.
        """
        nb, resources = Exporter.from_notebook_node(self, nb, self._init_resources(resources or {}), **kwargs)
        told = {name: resources[name] for name in ("feedback", "nbgrader", "inlining")}
        try:
            html = apart("page", notebook=nb, resources=told)
        except OverBound as reason:
            told["feedback"]["notes"].append(f"What you wrote is left out of this page, because showing it {reason}.")
            html = apart("page", notebook=_without_words(nb), resources=told)
        return html, resources

    def default_filters(self):
        yield from super().default_filters()
        yield "written", written
        yield "safe_html", safe_html
        yield "coded", coded
        yield "highlight_code", highlighted


def page(notebook: dict, resources: dict) -> str:
    """Return the HTML of a preprocessed notebook, in the process apart."""
    known = ResourcesDict()
    known.update(resources)
    return _exporter().template.render(nb=nbformat.from_dict(notebook), resources=known).lstrip("\r\n")


@lru_cache(maxsize=1)
def _exporter() -> FeedbackExporter:
    return FeedbackExporter()


def _without_words(nb: NotebookNode) -> NotebookNode:
    """Return a graded notebook with nothing of its student's in it but the points."""
    for cell in nb.cells:
        if role(cell) != "test":
            cell.source = ""
        if cell.cell_type == "code":
            cell.outputs = []
        cell.pop("attachments", None)
    return nb


@lru_cache(maxsize=1000)
def _highlighted(source: str) -> str:
    return _within_reach(Highlight2HTML(pygments_lexer="ipython3")(source))


def highlighted(source: str, metadata: dict | None = None) -> str:
    """Return code as HTML with its words coloured; most of a page's cells are the same for a whole class."""
    return _highlighted(source)


def coded(text: str) -> str:
    """Return a check's words as HTML, with `names` between backticks set as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(str(text)))


class _Renderer(IPythonRenderer):
    """Markdown with its pictures; a picture whose data did not come is a sentence."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if not url.startswith(_ATTACHED):
            return super().image(text, url, title)
        source = self._embed_image_or_attachment(url)
        return f'<img src="{html.escape(source)}" alt="{html.escape(text)}">' if source else f"<em>{html.escape(_lost(url))}</em>"

    def _embed_image_or_attachment(self, src: str) -> str:
        if not src.startswith(_ATTACHED):
            return super()._embed_image_or_attachment(src)
        name = src.removeprefix(_ATTACHED)
        pictures = self.attachments.get(name) or self.attachments.get(unquote(name)) or {}
        return next((f"data:{kind};base64,{''.join(pictures[kind].split())}" for kind in _PICTURES if pictures.get(kind)), "")

    def with_pictures(self, page: str) -> str:
        """Put pictures into the `<img>` that a student typed; in code such a tag is escaped, and stays."""

        def embedded(found: re.Match) -> str:
            source = self._embed_image_or_attachment(found[2])
            return found[0].replace(found[2], html.escape(source)) if source else f"<em>{html.escape(_lost(found[2]))}</em>"

        return _TYPED.sub(embedded, page)


def _lost(url: str) -> str:
    return f"(The picture {unquote(url.removeprefix(_ATTACHED))[:80]} was not in the notebook that was handed in.)"


def written(source: str, cell: dict | None = None) -> str:
    """Return Markdown as HTML, the pictures pasted into its cell included; what cannot be rendered is shown as it was typed."""
    try:
        renderer = _Renderer(escape=False, attachments=(cell or {}).get("attachments") or {}, embed_images=False)
        return renderer.with_pictures(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # whatever one cell brings about, its page is made
        return f"<pre>{html.escape(source)}</pre>"


def safe_html(text: str) -> str:
    """Return HTML made from a student's Markdown without scripts, styles or anything to load."""
    cleaned = bleach.clean(
        str(text),
        tags={*bleach.ALLOWED_TAGS, *"p h1 h2 h3 h4 h5 h6 pre code span div br hr img del sub sup".split()}
        | {*"table thead tbody tr th td".split()},
        attributes={"a": ["href", "title"], "img": _only_embedded, "div": _only_code, "span": _only_code},
        protocols={"http", "https", "mailto", "data"},
        strip=True,
    )
    return _within_reach(re.sub(r"<img (?![^>]*\balt=)", '<img alt="" ', cleaned))


def _within_reach(page: str) -> str:
    """Return HTML whose boxes of code a keyboard reaches: what is wider than a screen is scrolled with the arrow keys."""
    return page.replace("<pre>", '<pre tabindex="0">')


def _only_code(tag: str, name: str, value: str) -> bool:
    """Whether an attribute only colours code: no class of the page's own, which would make a student's words pass for its own."""
    return name == "class" and set(value.split()) <= _CODE_CLASSES


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
    said = failure(cell.outputs, secret, reasons.get(about["grade_id"], ""), cell.source) if score < points else None
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
