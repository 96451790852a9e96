# intent: the notebook is a link to the solution, to be graded as the student's own
# family: files
# stops: link

def submit(place):
    place.path.symlink_to(place.course / "solutions" / place.lesson / f"{place.lesson}.ipynb")
