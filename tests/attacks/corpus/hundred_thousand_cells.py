# intent: a hundred thousand empty cells
# family: files
# stops: more than 1000 cells
# stock: not run: it takes nbgrader many minutes

def submit(place):
    place.notebook.cells += [{"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": None}] * 100_000
    place.save()
