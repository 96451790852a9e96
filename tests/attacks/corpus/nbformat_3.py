# intent: a notebook of an old format, with its cells in worksheets and tests that pass
# family: files
import json


def submit(place):
    cells = [{"cell_type": "code", "input": "assert True", "language": "python", "metadata": {}, "outputs": [], "collapsed": False}]
    place.save(json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells * 9, "metadata": {}}]}))
