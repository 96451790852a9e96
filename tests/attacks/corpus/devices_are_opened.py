# intent: disks, kernel memory, virtual machines and file systems in user space are opened as devices
# family: reading

# %%
import os

safe = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console", "stdin", "stdout", "stderr", "fd", "pts", "shm", "core", "mqueue"}
for name in os.listdir("/dev"):
    path = f"/dev/{name}"
    if name not in safe and not os.path.isdir(path) and not name.startswith("nvidia"):
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            print("the-attack" + "-worked", path)
            break
        except OSError:
            pass
