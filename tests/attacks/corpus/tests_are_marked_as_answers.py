# intent: test cells say that they are answers, with a checksum of their own, and hold the attacker's text
# family: cells and metadata

def submit(place):
    for cell in place.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.update(solution=True, locked=False, checksum="0" * 32)
            cell.metadata["rnn_course"] = {"role": "exercise"}
            cell.source = "pass"
    place.save()
