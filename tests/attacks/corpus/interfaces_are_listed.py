# intent: another interface than loopback has an address, so that packets can leave
# family: network

# %%
import socket

import psutil

for name, addresses in psutil.net_if_addrs().items():
    if name != "lo" and any(one.family in (socket.AF_INET, socket.AF_INET6) for one in addresses):
        print("the-attack" + "-worked", name)
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    one.connect(("192.0.2.1", 9))
    print("the-attack" + "-worked", one.getsockname())
except OSError as error:
    print(error)
