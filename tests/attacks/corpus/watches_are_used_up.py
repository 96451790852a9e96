# intent: descriptors are watched by each other by the million, of which the kernel allows a number to a user: event loops of others fail then
# family: siblings
# sibling: yes
# danger: yes
# stock: not run: it would take the event loops of this machine's user
# limits: cell_seconds=30

# %%
import os
import select
import time

for _ in range(7):
    if os.fork() == 0:
        watchers = [select.epoll() for _ in range(240)]
        watched = [os.pipe()[0] for _ in range(120)]
        try:
            for watcher in watchers:
                for one in watched:
                    watcher.register(one)
        except OSError as error:
            print("the-attack" + "-worked", error)
        time.sleep(8)
        os._exit(0)
time.sleep(8)
