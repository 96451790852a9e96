"""Make a matplotlib figure part of a page: SVG whose text is text, whose colours follow the page, and which has words for those who cannot see it."""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib.figure import Figure

from grader.report.words import visible

# matplotlib wants colours; these stand for the page's own, which differ between light and dark, and are on no palette.
COLOURS = {
    "ink": "#010203", "soft": "#020304", "line": "#030405", "paper": "#040506", "bar": "#050607", "look": "#060708", "note": "#070809",
}  # fmt: skip
RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "text.parse_math": False,
    "font.size": 10.5,
    "font.family": ["DejaVu Sans"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": COLOURS["soft"],
    "axes.labelcolor": COLOURS["soft"],
    "xtick.color": COLOURS["soft"],
    "ytick.color": COLOURS["soft"],
    "text.color": COLOURS["ink"],
    "figure.constrained_layout.use": True,
}
_ID = re.compile(r'\bid="([^"]+)"')


def svg(figure: Figure, name: str, title: str, description: str) -> str:
    """Return the figure as an `<svg>` element that scales with its place.

    name: unlike that of any other figure on the page. title, description: what it is, and what it shows, in words.
    Raises ValueError for a figure without words.
    """
    if not (title.strip() and description.strip()):
        raise ValueError("a figure needs a title and a description: what it is, and what it shows")
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = drawn.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r"font: [^;\"]*;?\s*(?=[^\"]*\")", _font, text)
    box = re.search(r'viewBox="[^"]+"', text)[0]
    body = text[text.index(">") + 1 : text.rindex("</svg>")]
    for colour, value in COLOURS.items():
        body = body.replace(value, f"var(--{colour})")
    body = _own_ids(body, name).replace("xlink:href", "href")  # within HTML there are no name spaces to declare
    head = f'<svg {box} class="figure" role="img" aria-labelledby="{name}-t {name}-d">'
    return f'{head}<title id="{name}-t">{escape(visible(title))}</title><desc id="{name}-d">{escape(visible(description))}</desc>{visible(body)}</svg>'


def _font(found: re.Match) -> str:
    """Keep the size of a text; its face is the page's."""
    size = re.search(r"([\d.]+)px", found[0])
    return f"font-size: {size[1]}px; " if size else ""


def _own_ids(body: str, name: str) -> str:
    """Drop the ids that nothing refers to, and begin the others with the figure's name: no two things on a page may share one."""
    used = set(re.findall(r"url\(#([^)]+)\)", body)) | set(re.findall(r'href="#([^"]+)"', body))
    body = _ID.sub(lambda found: f'id="{name}-{found[1]}"' if found[1] in used else "", body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    return re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', body)
