# intent: the memory of the parent, of process 1 and of all others is opened
# family: reading

# %%
import os

for name in os.listdir("/proc"):
    if name.isdigit() and int(name) != os.getpid():
        try:
            with open(f"/proc/{name}/maps") as maps, open(f"/proc/{name}/mem", "rb", 0) as memory:
                memory.seek(int(maps.readline().split("-")[0], 16))
                memory.read(16)
            print("the-attack" + "-worked", name)
            break
        except (OSError, ValueError):
            pass
