"""What a person is given to read runs nothing and loads nothing, whoever shows it, and reads as it was written."""

import json
from pathlib import Path

import nbformat
import pytest
from bleach import html5lib_shim
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html
from nbformat.v4 import new_markdown_cell, new_notebook, new_output, new_raw_cell

from grader.nbgrader_plugins.inert import as_text, harmless, inert_output, inert_prose

LIVELY = [
    "<script>x</script>", "<img src=x onerror=x>", "<svg onload=x>", "<b\nonclick=x>a</b>", "<a href='javascript:x'>a</a>",
    "[a](javascript:x)", "[a](java&#115;cript:x)", "[a](javascript\\:x)", "[a]\n\n[a]: javascript:x", "[a](<&#106;avascript:x>)", "<javascript:x>",
    "[a](data:text/html;base64,PHNjcmlwdD4=)", "[a](/logout)", "![a](/logout)", "![a](https://example.org/x.png)",
    "```mermaid\n<img src=x onerror=x>\n```", "\\begin{a\"><script>}x\\end{a\"><script>}", "$\\href{javascript:x}{y}$", "$\\require{html}$",
    "| a |\n|--|\n| <img src=x onerror=x> |", "- [ ] <img src=x onerror=x>", "~~<iframe src=x>~~", "a[^1]\n\n[^1]: <img src=x onerror=x>",
    "<!--><script>x</script>-->", "<!-- a --!><script>x</script>", "<style>* {display: none}</style>", "<b>never closed", "</div></div>", "</b>",
    "<input id='why'>", "# why", "# why extra_credit\n\n# why", "<p class='save-icon'>", "x" * 60_000,
]  # fmt: skip
HARMLESS = [
    "Because **order** matters: $x_t < x_{t+1}$ & `a<b`.", "a<br>b, H<sub>2</sub>O, <b>bold</b>", "1 < 2 > 0", "<!-- write here -->\nIt forgets.",
    "[docs](https://keras.io/api 'the docs'), <https://keras.io>, [above](#windows), [mail](mailto:a@example.org)", "# A heading\n\n> quoted\n\n1. one\n2. two",
    "| a | b |\n|---|---|\n| 1 | `2` |", "```python\nprint('<script>')\n```", "    <script>indented</script>", "$$\\sum_t \\text{state}_t$$",
]  # fmt: skip
SLOW = ["[" * 100_000, "[a](" * 50_000, " " * 150_000 + "x", "\\begin{a}" * 20_000, "*a " * 100_000, "<a " * 50_000, "`" * 100_000, "_*" * 60_000]
TAGS = set("a b blockquote br code del div em h1 h2 h3 hr i input kbd li ol p pre section span strong sub sup table tbody td th thead tr u ul".split())
ATTRIBUTES = {"class", "id", "href", "title", "type", "disabled", "checked", "style"}


def shown(cell):
    """Every tag and attribute of the page that nbconvert, and with it formgrader, makes of a cell; a browser's own parser reads it."""
    parser = html5lib_shim.BleachHTMLParser(tags=None, strip=False, consume_entities=True, namespaceHTMLElements=False)
    found = [part for part in parser.parseFragment(markdown2html(cell.source)).iter() if isinstance(part.tag, str) and part.tag != "DOCUMENT_FRAGMENT"]
    return {part.tag for part in found}, {name for part in found for name in part.attrib}, [part.attrib.get("href", "#") for part in found]


@pytest.mark.parametrize("text", LIVELY)
def test_lively_prose_stands_there_as_text(text):
    cell = new_markdown_cell(text)
    inert_prose(cell, {"why"})
    assert cell.source != text and text[:1000] in cell.source
    tags, attributes, links = shown(cell)
    assert tags <= {"pre", "code"} and not attributes and set(links) == {"#"}


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_prose_is_kept_to_the_letter(text):
    cell = new_markdown_cell(text)
    inert_prose(cell, {"why"})
    assert cell.source == text
    tags, attributes, links = shown(cell)
    assert tags <= TAGS and attributes <= ATTRIBUTES and all(link.startswith(("#", "https://keras.io", "mailto:")) for link in links)


def test_the_courses_own_prose_is_harmless():
    for path in (Path(__file__).parents[2] / "solutions").glob("*/*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "markdown":
                harmless(cell.source, cell.get("attachments", {}))


@pytest.mark.parametrize("text", SLOW, ids=lambda text: text[:6])
def test_prose_that_takes_long_is_cut_and_shown_as_text(text):
    cell = new_markdown_cell(text)
    inert_prose(cell)
    assert len(cell.source) < 60_000 and "[the rest is left out]" in cell.source
    assert harmless(as_text(text[:1000]), {})


@pytest.mark.slow
@pytest.mark.parametrize("text", ["[" * 49_000, "[" * 100_000, "a [b](#c)" * 5_000, "![a](attachment:a.png)" + "[" * 20_000], ids=lambda text: text[:6])
def test_a_page_of_it_is_made_without_looking_through_a_line_again_and_again(text):
    cell = new_markdown_cell(text, attachments={"a.png": {"image/png": "A" * 1_000_000}})
    inert_prose(cell)
    page = HTMLExporter(template_name="classic").from_notebook_node(new_notebook(cells=[cell]))[0]
    assert sum(line.count("[") * len(line) for line in markdown2html(cell.source).split("\n")) < 60_000_000 and "</html>" in page


def test_a_raw_cell_becomes_text():
    cell = new_raw_cell("<script>x</script>\n```\n<img src=x onerror=x>")
    inert_prose(cell)
    assert cell.cell_type == "markdown" and shown(cell)[0] <= {"pre", "code"}


def test_attachments_are_pictures_or_nothing():
    good = {"image/png": "aGVsbG8="}
    cell = new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {**good, "text/html": "<script>"}, "b.png": {"image/svg+xml": "<svg onload=x>"}})
    inert_prose(cell)
    assert cell.source == "![a](attachment:a.png)" and cell.attachments == {"a.png": good}
    cell = new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {"image/png": 'x" onerror="x'}})
    inert_prose(cell)
    assert "attachments" not in cell and "was not in the notebook that was handed in" in cell.source


@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "text/latex", "image/svg+xml", "application/javascript", "application/vnd.x+json"])
def test_outputs_keep_text_and_pictures(kind):
    lively = {"x": "<script>x</script>"} if kind.endswith("json") else "<script>x</script>"
    output = new_output("display_data", {kind: lively, "text/plain": "T", "image/png": "aGVsbG8="}, metadata={"image/png": {"width": "1 onerror=x", "alt": "a"}})
    kept = inert_output(output)
    assert kept.data == {"text/plain": "T", "image/png": "aGVsbG8="} and kept.metadata == {"image/png": {"alt": "a"}}
    alone = inert_output(new_output("execute_result", {kind: lively}, execution_count=3))
    assert alone.data == {"text/plain": f"[left out: {kind}]"} and alone.execution_count == 3


def test_a_picture_that_is_none_is_left_out():
    kept = inert_output(new_output("display_data", {"image/png": 'x"><script>x</script>', "image/jpeg": ["aGVs", "bG8="], "text/plain": "T"}))
    assert kept.data == {"text/plain": "T", "image/jpeg": "aGVsbG8="}


def test_a_stream_has_one_of_two_names():
    assert inert_output(new_output("stream", name='x"><script>', text="t")).name == "stdout"
    assert inert_output(new_output("stream", name="stderr", text="t")) == new_output("stream", name="stderr", text="t")


def test_what_grading_leaves_is_inert_in_both_ways_of_recording(ours, toy, student):
    """As a student of the repaired notebook, its outputs and its prose; nbgrader's own commands write the same."""
    student.cells += [new_markdown_cell(text, id=f"own-{number}") for number, text in enumerate(LIVELY[:10])]
    student.cells.append(nbformat.v4.new_code_cell("show()", id="lively"))
    page = new_output("display_data", {"text/html": "<script>x</script>", "text/plain": "T"})
    graded = toy.Course(ours.root, toy.course(ours.root, verdicts=lambda job: _with(toy.plain_verdict(job), "lively", page)))
    graded.submit(student)
    graded.grade()
    left = graded.autograded()
    assert "text/html" not in json.dumps([cell.get("outputs") for cell in left.cells]) and "T" in str(next(c for c in left.cells if c.id == "lively").outputs)
    for cell in left.cells:
        if cell.id.startswith("own-"):
            assert shown(cell)[0] <= {"pre", "code"}


def _with(verdict, cell, output):
    verdict.outputs[cell] = [output]
    return verdict
