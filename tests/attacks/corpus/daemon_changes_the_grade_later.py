# intent: a daemon waits until the grade is there and then writes another into the gradebook
# family: leftovers
# danger: yes
# stock: not run: the daemon would stay

# %%
import os
import sys

code = """
import sqlite3, time
for _ in range(60):
    try:
        with sqlite3.connect("file:__COURSE__/gradebook.db?mode=rw", uri=True, timeout=1) as book:
            book.execute("UPDATE grade SET manual_score = 3")
    except sqlite3.Error:
        pass
    time.sleep(.2)
"""
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve(sys.executable, ["__MARK__", "-c", code], {})
    os._exit(0)
