"""A page's head: the front page's title once, and what a search engine or a sent link shows of a page."""

from __future__ import annotations

from html import escape

from sphinx.application import Sphinx

DESCRIPTIONS = "page_descriptions"  # Sphinx's setting: a page's name → a sentence of plain text


def setup(app: Sphinx) -> dict:
    app.add_config_value(DESCRIPTIONS, {}, "html")
    app.connect("html-page-context", _head)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _head(app: Sphinx, name: str, template: str, context: dict, doctree) -> None:
    if name == app.config.root_doc:
        context["docstitle"] = ""  # or its title would be the book's twice over
    if said := getattr(app.config, DESCRIPTIONS).get(name):
        context["metatags"] = f'{context.get("metatags", "")}<meta name="description" content="{escape(said)}" />\n'
