# intent: files and folders of the grader that are still open in the student's process are used
# family: reading

# %%
import os

mine = (os.getcwd(), os.path.expanduser("~"), "/desk", "/dev/", "/proc/", "/tmp/")
for name in os.listdir("/proc/self/fd"):
    try:
        path = os.readlink(f"/proc/self/fd/{name}")
    except OSError:
        continue
    if path.startswith("/") and not path.startswith(mine) and not path.endswith("(deleted)"):
        print("the-attack" + "-worked", path)
    if os.path.isdir(f"/proc/self/fd/{name}") and os.path.exists(f"/proc/self/fd/{name}/../../../__COURSE__"):
        print("the-attack" + "-worked", path)
