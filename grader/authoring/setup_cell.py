"""The first code cell of every lesson: on Colab it installs the course, elsewhere it only prints the device."""

SETUP_CELL = '''\
# Run this cell first. On Colab it installs the course; elsewhere it only says where you are.
import os
import subprocess
import sys

COURSE = ""  # the course's public repository, filled in when the course is released
if "google.colab" in sys.modules and COURSE:
    if not os.path.isdir("/content/course"):
        subprocess.run(["git", "clone", "-q", "--depth=1", COURSE, "/content/course"], check=True)
        pip = [sys.executable, "-m", "pip", "install", "-q"]
        subprocess.run([*pip, "-e", "/content/course"], check=True)
    sys.path.insert(0, "/content/course")

from grader import checks as check, lab

lab.start()'''
