# intent: a timestamp that is a million lines, a date of the year 0 or a link
# family: files

def submit(place):
    place.save()
    (place.folder / "timestamp.txt").write_text("0000-99-99 25:61:61 Nowhere/Land\n" * 100_000)
