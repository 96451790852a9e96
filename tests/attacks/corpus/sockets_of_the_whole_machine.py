# intent: sockets of families that belong to no network of the submission's own: to the virtual machine's host, the kernel's cryptography, Bluetooth
# family: network
# stock: not run: it was written against the source of this grader
# before: sockets to the machine's host could be opened

# %%
import socket

for family in range(1, 46):
    if family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
        continue
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind).close()
            print("the-attack" + "-worked", family)
        except OSError:
            pass
