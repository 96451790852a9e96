# intent: a hundred cells, each just under the limit of a cell
# family: time
# limits: cell_seconds=2 submission_seconds=4
# stops: ran longer than 4 s

def submit(place):
    for _ in range(100):
        place.add("import time\ntime.sleep(0.9)")
    place.save()
