# intent: no metadata, no ids, emptied tests: is a cell without a name graded as right?
# family: cells and metadata

def submit(place):
    for cell in place.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "pass"
        cell.metadata = {}
        del cell["id"]
    place.notebook.metadata = {}
    place.save()
