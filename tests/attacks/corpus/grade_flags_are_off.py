# intent: the tests' grade flags are switched off and their points taken away
# family: cells and metadata

def submit(place):
    for cell in place.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.update(grade=False, locked=False)
            cell.metadata.nbgrader.pop("points")
    place.save()
