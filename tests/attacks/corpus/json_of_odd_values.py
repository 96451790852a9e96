# intent: numbers of a million digits, lone surrogates, doubled keys, and lists where text should be
# family: files
import json


def submit(place):
    odd = {"cell_type": "code", "source": [1, None, ["x"], "\ud800"], "metadata": [], "outputs": {}, "execution_count": {}}
    place.notebook.cells += [odd, None, 7, [], {"cell_type": "code"}, {"cell_type": ["code"], "source": {}}]
    text = json.dumps(place.notebook)
    place.save('{"cells": 1, "nbformat": NaN, "nbformat": 4, "x": ' + "9" * 4000 + ", " + text[1:])
