# intent: the notebook is a folder, with another notebook in it
# family: files
# stops: could not be graded

def submit(place):
    place.path.mkdir()
    (place.path / f"{place.lesson}.ipynb").write_text("{}")
