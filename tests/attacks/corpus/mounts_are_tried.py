# intent: new user and mount namespaces, to mount over the course, lift the read-only mounts or see the host's files
# family: siblings
# danger: yes
# stock: not run: as root it would change this machine's mounts

# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
if os.fork() == 0:
    done = []
    if libc.unshare(0x10000000) == 0:
        done.append("a user namespace")
    if libc.unshare(0x00020000) == 0:
        done.append("a mount namespace")
        if libc.mount(b"none", b"/usr", b"tmpfs", 0, None) == 0:
            done.append("a mount")
    if libc.mount(None, b"/usr", None, 32 | 4096, None) == 0:
        done.append("a remount")
    with open("done", "w") as file:
        file.write(" ".join(done))
    os._exit(0)
os.wait()
if "mount" in open("done").read():
    print("the-attack" + "-worked", open("done").read())
