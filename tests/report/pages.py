"""What tests ask of a page: nothing from elsewhere, nothing that runs, headings in order, words for every figure."""

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link", "path", "use"}


class Page(HTMLParser):
    """A page's tags, headings and text. Raises AssertionError for a tag that is not closed where it should be."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.headings, self.texts, self._open = [], [], [], []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID and tag not in self._open:
            return
        assert self._open and self._open[-1] == tag, f"</{tag}> within {self._open}"
        self._open.pop()

    def handle_data(self, data):
        if not self._open or self._open[-1] not in ("style",):
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def examine(html):
    """Return the page, if it is whole, stands alone, can be read aloud and leads nowhere else; else AssertionError."""
    page = Page(html)
    ids = [about["id"] for _, about in page.tags if "id" in about]
    assert len(ids) == len(set(ids)), "two things share an id"
    for tag, about in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "link", "base", "form", "audio", "video", "img"), tag
        for name, value in about.items():
            assert not name.startswith("on") and name not in ("src", "srcset", "action", "formaction", "xlink:href"), (tag, name)
            if name == "href":
                assert value.startswith("#") and value[1:] in ids, value
    styles = "".join(re.findall(r"<style>.*?</style>", html, re.DOTALL) + [about.get("style") or "" for _, about in page.tags])
    assert "@import" not in styles and not re.findall(r"url\((?!#)", styles)
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), page.headings
    figures = [about for tag, about in page.tags if tag == "svg"]
    described = dict(re.findall(r'<(?:title|desc) id="([^"]+)">([^<]+)</', html))
    for about in figures:
        assert about["role"] == "img"
        assert all(described[name].strip() for name in about["aria-labelledby"].split()), about
    assert html.startswith("<!DOCTYPE html>\n<html lang=") and '<meta charset="utf-8">' in html
    return page
