# intent: an abstract unix socket of the host, which no file system hides, is connected to
# family: network

# %%
import socket

one = socket.socket(socket.AF_UNIX)
try:
    one.connect("\0__MARK__-__PORT__")
except OSError as error:
    print(error)
with open("/proc/net/unix") as file:
    print("the-attack" + "-worked" if "__MARK__" in file.read() else "nobody there")
