"""What somebody handed in as text in place of a file: a link to Colab, most often. It is listed, with the link."""

from __future__ import annotations

import html
import re

from grader.nbgrader_plugins.reading import Unreadable

from .archives import Refused
from .parcels import Item

LARGEST = 1_000_000  # bytes that are looked through
MOST, LONGEST = 5, 300  # links that are shown, and letters of what is
_LINK = re.compile(r"""https?://[^\s"'<>\\]+""")
_TEXTS = (".html", ".htm", ".txt", ".url", ".webloc", ".md", ".rtf")


def typed(items: list[Item]) -> str:
    """Return the links in these files of text, or what a short one says; "" if there is neither."""
    links: dict[str, None] = {}
    words = ""
    for item in items:
        if not item.name.lower().endswith(_TEXTS) or item.size > LARGEST:
            continue
        try:
            text = item.read()[:LARGEST].decode("utf-8", "replace")
        except (Refused, Unreadable):
            continue
        links |= dict.fromkeys(html.unescape(link).rstrip(".,;)") for link in _LINK.findall(text) if "w3.org/" not in link)
        words = words or " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
    shown = [one[:LONGEST] for one in list(links)[:MOST]] or ([f"“{words[:80]}…”" if len(words) > 80 else f"“{words}”"] if words else [])
    return ", ".join("".join(letter if letter.isprintable() else "\ufffd" for letter in one) for one in shown)
