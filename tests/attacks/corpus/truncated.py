# intent: half a notebook, as from a broken upload
# family: files
# stops: not JSON
import json


def submit(place):
    text = json.dumps(place.notebook)
    place.save(text[: len(text) // 2])
