# intent: the parent and process 1 are killed, stopped and interrupted
# family: death
# danger: yes
# stock: not run: it would end the grader and what started it
# sibling: yes
# limits: cell_seconds=3 submission_seconds=15

# %%
import os
import signal

for number in (signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    for pid in {os.getppid(), 1, -os.getpgid(0)}:
        try:
            os.kill(pid, number)
        except OSError:
            pass
