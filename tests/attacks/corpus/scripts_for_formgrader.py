# intent: scripts, event handlers and frames in prose, raw cells and outputs, for formgrader to run: one PUT there sets a grade
# family: cells and metadata
# stock: not run: it was written against the source of this grader
# before: its script set a grade, 0 to 20, when a person opened it in formgrader
from nbformat.v4 import new_markdown_cell, new_raw_cell

LIVELY = (
    "<script>fetch('/formgrader/api/grade/x', {method: 'PUT', body: 'left-by-an-attack'})</script>",
    "<svg onload=\"alert('left-by-an-attack')\"></svg>", "<b\nonmouseover=\"alert('left-by-an-attack')\">x</b>",
    "<iframe srcdoc=\"<script>parent.alert('left-by-an-attack')</script>\"></iframe>",
    "[x](javascript:alert('left-by-an-attack'))", "<a href=\"&#106;avascript:alert('left-by-an-attack')\">x</a>",
    "```mermaid\n<img src=x onerror=\"alert('left-by-an-attack')\">\n```",
)


def submit(place):
    for lively in LIVELY:
        place.notebook.cells += [new_markdown_cell(lively), new_raw_cell(lively)]
        place.add(
            "from IPython.display import HTML, Javascript, Latex, Markdown, display\n"
            f"for kind in (HTML, Javascript, Latex, Markdown):\n    display(kind({lively!r}))\n"
            f"display({{'image/svg+xml': {lively!r}}}, raw=True)",
            "end",
        )
    place.save()
