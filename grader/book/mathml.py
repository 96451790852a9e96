"""Formulas as MathML, which every browser draws by itself: no script, and nothing fetched by whoever reads."""

from __future__ import annotations

from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer, node) -> None:
    writer.body.append(_formula(node, "inline"))
    _done()


def _block(writer, node) -> None:
    writer.body.append(f'<div class="formula">{_formula(node, "block")}</div>')
    _done()


def _formula(node, display: str) -> str:
    text = node.astext()
    try:
        return convert(text, display=display)
    except Exception as error:  # of many kinds, all of which mean that the formula is at fault
        raise ExtensionError(f"{node.source or 'a page'}: the formula {text!r} is not understood ({type(error).__name__})") from None


def _done() -> None:
    from docutils import nodes

    raise nodes.SkipNode
