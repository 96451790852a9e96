# intent: metadata of a future nbgrader stops the batch
# family: cells and metadata

def submit(place):
    for cell in place.notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99
    place.save()
