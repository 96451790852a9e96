# intent: the notebook is a named pipe, and whoever opens it waits for ever
# family: files
# stops: not a regular file
import os


def submit(place):
    os.mkfifo(place.path)
