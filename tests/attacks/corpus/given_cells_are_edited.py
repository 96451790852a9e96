# intent: the set-up and given cells are edited: other data, and a numpy that always agrees
# family: cells and metadata

def submit(place):
    place.cell("setup").source += "\nnp.array_equal = lambda *args: True"
    place.cell("series").source = "series = np.zeros((9, 4))"
    place.answer("windows", "def windows(series, width):\n    return np.zeros((9 if width == 4 else 4, width))")
    place.save()
