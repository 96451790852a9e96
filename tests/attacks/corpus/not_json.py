# intent: a notebook that is no JSON stops the batch
# family: files
# stops: not JSON

def submit(place):
    place.save("{'cells': [print('hello')]}")
