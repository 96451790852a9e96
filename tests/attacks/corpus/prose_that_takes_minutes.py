# intent: Markdown on which a parser takes minutes: the grader reads it itself, outside of all limits, and the class waits
# family: time
# stock: not run: it was written against the source of this grader
# earns: 10
# before: the batch waited 93 s for one cell; a page of it took formgrader 84 s more
from nbformat.v4 import new_markdown_cell


def submit(place):
    place.solve()
    for slow in ("a" + " " * 150_000 + "b", "[" * 100_000, "*a " * 100_000, "\\begin{a}" * 20_000, "<a " * 50_000):
        place.notebook.cells.append(new_markdown_cell(slow))
    place.save()
