# intent: the names of the tests are given to the attacker's own trivial cells, and the real ones renamed
# family: cells and metadata

def submit(place):
    for cell in list(place.notebook.cells):
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            mine = place.add("assert True", "end")
            mine.metadata["nbgrader"] = dict(about)
            about["grade_id"] = f"old-{about['grade_id']}"
    place.save()
