# intent: scripts and pictures from the network in outputs, Markdown and error texts, to run in the instructor's browser
# family: cells and metadata
from nbformat.v4 import new_markdown_cell


def submit(place):
    load = f"<img src='http://127.0.0.1:{place.port}/{place.mark}'><script>alert('{place.mark}')</script><b onclick='{place.mark}'>x</b>"
    place.notebook.cells.append(new_markdown_cell(f"{load}\n\n[x](javascript:alert('{place.mark}'))\n\n![x](http://127.0.0.1:{place.port}/{place.mark})"))
    place.add(
        "from IPython.display import HTML, SVG, Javascript, Markdown, display\n"
        f"load = {load!r}\n"
        "for kind in (HTML, Javascript, Markdown):\n    display(kind(load))\n"
        "display({'image/svg+xml': '<svg xmlns=\"http://www.w3.org/2000/svg\">' + load + '</svg>', 'text/plain': load}, raw=True)\n"
        "print(load)\nraise type(load, (Exception,), {})(load)",
        "end",
    )
    place.answer("windows", f"def windows(series, width):\n    raise ValueError({load!r})")
    place.save()
