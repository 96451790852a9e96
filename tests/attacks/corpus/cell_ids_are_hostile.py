# intent: cell ids and names that are paths, HTML, very long, doubled or no text at all
# family: cells and metadata

def submit(place):
    hostile = ["../../x", "<script>", "a" * 5000, "windows-hidden", None, 7, "", "windows-hidden"]
    for cell, identity in zip(place.notebook.cells, hostile * 3):
        cell["id"] = identity
    place.cell("error").metadata.nbgrader.grade_id = "<img src=x onerror=alert(1)>/../../"
    place.save()
