# intent: an exercise bears the name of its hidden test and the other way round
# family: cells and metadata

def submit(place):
    for exercise in ("windows", "error", "constants"):
        answer, test = place.cell(exercise), place.cell(f"{exercise}-hidden")
        answer.metadata.nbgrader.grade_id, test.metadata.nbgrader.grade_id = f"{exercise}-hidden", exercise
        answer.id, test.id = test.id, answer.id
        answer.source = "assert True"
    place.save()
