"""Make what a stranger wrote inert before a person reads it, in formgrader, in Jupyter or on a page: no script, nothing to load.

Stock formgrader puts Markdown, raw cells and most outputs into its page as they are, and whoever runs a script there may
set grades. So this is done where the notebook is written, and not where it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Container
from html import unescape
from urllib.parse import quote, unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

LONGEST = 50_000  # letters of one Markdown cell that are shown as Markdown
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOST_ATTACHMENTS = 50
# nbconvert's `strip_files_prefix`, and so formgrader, looks from each "[" of a page through the rest of its line.
MOST_STEPS = 20_000_000
LINE = 500  # letters of a line that is broken for it

_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_PLAIN_NAME = re.compile(r"[\w .-]{1,200}")
# Tags that may stand as they are: those that are empty, and pairs around plain text.
_EMPTY = re.compile(r"<[bh]r ?/?>|<!--(?:[^<>-]|-(?!-))*-->", re.IGNORECASE)
_PAIRED = re.compile(r"<(/?)(b|i|u|em|strong|sub|sup|code|kbd)>", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|#)[^\s\"'<>]*", re.IGNORECASE)
_PICTURE = re.compile(r"attachment:|data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]*")
# What makes MathJax do more than set a formula.
_COMMANDS = re.compile(r"\\(?:href|class|cssId|style|data|require|csname|html\w*|includegraphics|url)\b")


# Names of formgrader's own page, and what it makes of the name of a graded cell.
_FORMGRADER = {"notebook", "notebook-container", "statusmessage"}
_SUFFIXES = ("", "_extra_credit", "-comment")


class Lively(ValueError):
    """Markdown that is more than text, pictures of its own and plain links."""


def make_inert(notebook: NotebookNode) -> None:
    """Make all prose of a repaired notebook inert, in place. Outputs are made so when they are put into it."""
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    ids = _FORMGRADER | {name + suffix for name in names if name for suffix in _SUFFIXES}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            inert_prose(cell, ids)


def inert_prose(cell: NotebookNode, ids: Container[str] = ()) -> None:
    """Make a Markdown or raw cell inert: what is more than harmless Markdown stands there as plain text.

    ids: names on the reader's page, which no heading may take.
    """
    attachments = {name: _pictures(bundle) for name, bundle in list((cell.get("attachments") or {}).items())[:MOST_ATTACHMENTS]}
    attachments = {quote(name): kept for name, kept in attachments.items() if kept and _PLAIN_NAME.fullmatch(name)}
    cell.pop("attachments", None)
    cell.cell_type = "markdown"  # a raw cell too: it is read as it would be there
    cell.source = _attached(cell.source, attachments)
    try:
        harmless(cell.source, attachments, ids)
    except Lively:
        cell.source = as_text(cell.source)
    else:
        if attachments:
            cell.attachments = NotebookNode(attachments)


_TYPED = re.compile(r"""<img\b[^<>]{0,500}?\bsrc\s{0,9}=\s{0,9}(["'])attachment:([^"'<>]{1,500})\1[^<>]{0,500}>""", re.IGNORECASE)
_POINTED = re.compile(r"!\[([^\[\]\n]{0,500})\]\(attachment:([^()\s]{1,500})[^()\n]{0,200}\)")


def _attached(text: str, attachments: dict) -> str:
    """Markdown whose pictures are those that are attached, however they were put there; a sentence stands for one that is not."""

    def picture(name: str, alt: str) -> str:
        name = unquote(name)
        if quote(name) in attachments:
            return f"![{alt}](attachment:{quote(name)})"
        return f"*(The picture {re.sub(r'[^A-Za-z0-9 .-]', '', name)[:80]} was not in the notebook that was handed in.)*"

    if len(text) > LONGEST:
        return text
    text = _TYPED.sub(lambda found: picture(found[2], ""), text)
    return _POINTED.sub(lambda found: picture(found[2], found[1]), text)


def harmless(text: str, attachments: dict, ids: Container[str] = ()) -> str:
    """Return Markdown as nbconvert's HTML. Raises Lively unless that is text, plain links and the attached pictures."""
    if len(text) > LONGEST or _COMMANDS.search(text):
        raise Lively
    try:
        renderer = _Careful(attachments, ids)
        html = str(MarkdownWithMath(renderer=renderer).render(text))
        renderer.require_pairs()
        if _steps(html) > MOST_STEPS:
            raise Lively
        return html
    except (Lively, MemoryError):
        raise
    except Exception:  # mistune and Pygments have many ways to fail on what a stranger wrote
        raise Lively from None


def _steps(text: str) -> int:
    return sum(line.count("[") * len(line) for line in text.split("\n"))


def as_text(text: str) -> str:
    """Return Markdown that shows `text` as it stands."""
    text = text if len(text) <= LONGEST else text[:LONGEST] + "\n[the rest is left out]"
    if _steps(text) > MOST_STEPS // 10:
        text = re.sub(rf"(.{{{LINE}}})(?=.)", r"\1\n", text)
    text = re.sub(r"`{50,}", "`" * 49, text)
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def inert_output(output: NotebookNode) -> NotebookNode:
    """Return an output with nothing in it but text and pictures."""
    if output.output_type == "stream":
        return NotebookNode(output_type="stream", name="stderr" if output.name == "stderr" else "stdout", text=output.text)
    if "data" not in output:
        return output
    kept = _pictures(output.data)
    plain = output.data.get("text/plain")
    kept["text/plain"] = plain if isinstance(plain, str) else "".join(map(str, plain or [])) or f"[left out: {', '.join(map(str, output.data))[:200]}]"
    alts = {kind: (output.metadata.get(kind) or {}).get("alt") for kind in PICTURES if isinstance(output.metadata.get(kind), dict)}
    metadata = NotebookNode({kind: NotebookNode(alt=alt) for kind, alt in alts.items() if isinstance(alt, str)})
    return NotebookNode({**output, "data": NotebookNode(kept), "metadata": metadata})


def _pictures(bundle: object) -> dict[str, str]:
    if not isinstance(bundle, dict):
        return {}
    texts = {kind: "".join(data) if isinstance(data, list) and all(isinstance(one, str) for one in data) else data for kind, data in bundle.items() if kind in PICTURES}
    return {kind: data for kind, data in texts.items() if isinstance(data, str) and _BASE64.fullmatch(data)}


class _Careful(IPythonRenderer):
    """nbconvert's own renderer, which raises Lively where it would let through what it was given unescaped."""

    def __init__(self, attachments: dict, ids: Container[str]):
        super().__init__(escape=False, attachments=attachments)
        self._ids = ids
        self._open: dict[str, int] = {}

    def require_pairs(self) -> None:
        """A pair that is not closed would go on through the page around it."""
        if any(self._open.values()):
            raise Lively

    def _plain(self, html: str) -> str:
        rest = _EMPTY.sub("", html)
        for slash, tag in _PAIRED.findall(rest):
            self._open[tag.lower()] = self._open.get(tag.lower(), 0) + (-1 if slash else 1)
            if self._open[tag.lower()] < 0:
                raise Lively
        if "<" in _PAIRED.sub("", rest):
            raise Lively
        return html

    def block_html(self, html: str) -> str:
        return super().block_html(self._plain(html))

    def inline_html(self, html: str) -> str:
        return super().inline_html(self._plain(html))

    def block_mermaidjs(self, code: str) -> str:
        raise Lively

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if not _LINK.fullmatch(unescape(url)):
            raise Lively
        return super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if not _PICTURE.match(unescape(url)):
            raise Lively
        return super().image(text, url, title)

    def heading(self, text: str, level: int, **attrs) -> str:
        html = super().heading(text, level, **attrs)
        if any(unescape(name) in self._ids for name in re.findall(r'id="([^"]*)"', html)):
            raise Lively
        return html

