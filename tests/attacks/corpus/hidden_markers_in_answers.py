# intent: the marks of hidden regions in the student's own cells, to have the grader cut or show the wrong lines
# family: cells and metadata

def submit(place):
    place.answer("windows", "### END HIDDEN TESTS\ndef windows(series, width):\n    ### BEGIN HIDDEN TESTS\n    return series\n")
    place.answer("error", "### BEGIN SOLUTION\nerror = None\n### END SOLUTION\n### BEGIN SOLUTION")
    place.add("### BEGIN HIDDEN TESTS\nprint(1)\n### END HIDDEN TESTS\n### BEGIN MARK SCHEME\n", "end")
    place.save()
