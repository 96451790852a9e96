# intent: a notebook of a format from the future
# family: files
# stops: notebook format

def submit(place):
    place.notebook.nbformat, place.notebook.nbformat_minor = 99, 0
    place.save()
