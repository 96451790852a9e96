"""Formulas as MathML, which every browser draws by itself: no script, and nothing fetched by whoever reads."""

from __future__ import annotations

import re

from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

# What latex2mathml calls otherwise: it would write these with their marks, in one line, and say nothing.
CALLED = {"aligned": "align*", "gathered": "matrix", "gather": "matrix", "gather*": "matrix"}
BEGIN_OR_END = re.compile(r"\\(begin|end)\{([a-z]+\*?)\}")
# tanh, log and their like: operators, since a browser keeps no space beside a name.
FUNCTION = re.compile(r"<mi>([a-z]{2,})</mi>(?=(<mo[^>]*>&#x00028;)?)")
# A command it does not know, a mark of alignment that aligns nothing, or a new line that no browser makes.
NOT_READ = re.compile(r">[^<]*(?:\\|&(?!#?\w+;))[^<]*<|linebreak=\"newline\"")


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer, node) -> None:
    writer.body.append(_formula(node, "inline"))
    _done()


def _block(writer, node) -> None:
    # A wide one is scrolled on a phone: with a keyboard too, once it can be reached.
    writer.body.append(f'<div class="formula" tabindex="0">{_formula(node, "block")}</div>')
    _done()


def _formula(node, display: str) -> str:
    text = node.astext()
    try:
        return mathml(text, display)
    except Exception as error:  # of many kinds, all of which mean that the formula is at fault
        raise ExtensionError(f"{node.source or 'a page'}: the formula {text!r} is not understood ({type(error).__name__}: {error})") from None


def mathml(text: str, display: str) -> str:
    """`text`, in LaTeX, as MathML. Raises ValueError where a reader would see LaTeX, or one line where several are meant."""
    made = convert(BEGIN_OR_END.sub(lambda found: f"\\{found[1]}{{{CALLED.get(found[2], found[2])}}}", text), display=display)
    if left := NOT_READ.search(made):
        raise ValueError(f"what a browser would show: {left[0]}")
    return FUNCTION.sub(lambda found: f'<mo lspace="0.17em" rspace="{"0" if found[2] else "0.17em"}">{found[1]}</mo>', made)


def _done() -> None:
    from docutils import nodes

    raise nodes.SkipNode
