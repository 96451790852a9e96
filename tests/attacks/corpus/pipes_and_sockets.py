# intent: a pipe, a socket and a file without rights beside the notebook stop whoever copies them
# family: files
import os
import socket


def submit(place):
    os.mkfifo(place.folder / "pipe.csv")
    here = os.getcwd()
    os.chdir(place.folder)
    socket.socket(socket.AF_UNIX).bind("socket.csv")
    os.chdir(here)
    (place.folder / "locked.csv").write_text("x")
    os.chmod(place.folder / "locked.csv", 0)
    place.save()
