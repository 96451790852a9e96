# intent: folders nested five hundred deep and six thousand files in one
# family: files

def submit(place):
    deep = place.folder
    for _ in range(500):
        deep = deep / "d"
    deep.mkdir(parents=True)
    many = place.folder / "many"
    many.mkdir()
    for number in range(6000):
        (many / f"{number}.txt").touch()
    place.save()
