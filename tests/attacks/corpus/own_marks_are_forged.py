# intent: the course's own marks are forged: tests are skipped experiments, reasons and notes are written ahead
# family: cells and metadata

def submit(place):
    for cell in place.notebook.cells:
        cell.metadata["rnn_course"] = {"role": "experiment", "skip": True, "exercise": "constants"}
    place.notebook.metadata["rnn_course"] = {"reasons": {}, "notes": [], "unreadable": "", "verdict": {"scores": {"windows-test": 2}}}
    place.save()
