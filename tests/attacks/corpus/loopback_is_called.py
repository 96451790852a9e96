# intent: a connection and a packet to a service on the host's loopback
# family: network

# %%
import socket

for address in ("127.0.0.1", "localhost", "0.0.0.0", "::ffff:127.0.0.1"):
    try:
        socket.create_connection((address, __PORT__), timeout=1).close()
    except OSError as error:
        print(error)
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", __PORT__))
except OSError as error:
    print(error)
