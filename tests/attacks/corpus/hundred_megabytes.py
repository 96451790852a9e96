# intent: a notebook of 100 MB
# family: files
# stops: larger than

def submit(place):
    place.add("#" * 100_000_000)
    place.save()
