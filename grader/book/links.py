"""Links of a book that lead nowhere inside it; other sites are not asked, since a build needs no network."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    """What a page links to, and the ids that it has."""

    def __init__(self, text: str):
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.links |= {about[name] for name in ("href", "src") if about.get(name)}
        self.ids |= {about[name] for name in ("id", "name") if about.get(name)}


def dead(files: Mapping[str, bytes]) -> list[str]:
    """Each dead link in one sentence: no such file, no such place in it, or an address that is not https. [] if there are none."""
    pages = {path: _Page(data.decode("utf-8")) for path, data in files.items() if path.endswith(".html")}
    complaints = []
    for path, page in pages.items():
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if parts.scheme not in ("https", "mailto", "data"):
                    complaints.append(f"{path}: {link} is no https address")
                continue
            target = normpath(join(dirname(path), unquote(parts.path))) if parts.path else path
            target = target if target in files else normpath(join(target, "index.html"))
            if target not in files:
                complaints.append(f"{path}: there is no {link}")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids and parts.fragment != "":
                complaints.append(f"{path}: {link} names no place of that page")
    return complaints
