"""The first and the last code cell of every lesson, which the build writes: set up, and hand in."""

# Until the course is there only the standard library is; what comes after the clone is in grader/colab.py.
SETUP_CELL = '''\
# Run this cell first. On Colab it installs the course; elsewhere it only says where you are.
import os
import subprocess
import sys

COURSE = ""  # the course's public repository, filled in when the course is released
# On Colab, a tick here keeps what you train in your Google Drive, beyond this session.
KEEP_ON_DRIVE = False  # @param {type:"boolean"}

if COURSE and "google.colab" in sys.modules:
    sys.path.insert(0, os.path.expanduser("~/rnn-course"))
    steps = 'rm -rf "$1.part" && GIT_TERMINAL_PROMPT=0 git clone -q --depth=1 "$0" "$1.part"'
    fetch = ["sh", "-c", steps + ' && mv "$1.part" "$1"', COURSE, sys.path[0]]
    if not os.path.isdir(sys.path[0]) and subprocess.run(fetch).returncode:
        raise RuntimeError(f"{COURSE} could not be fetched: wait a minute, run this cell again.")
    from grader import colab

    colab.prepare("{lesson}", KEEP_ON_DRIVE)

from grader import checks as check, lab

lab.start()'''

HAND_IN_CELL = '''\
# Save the notebook, then run this cell: it makes the one file to hand in.
lab.hand_in("{lesson}")'''


def setup_cell(lesson: str) -> str:
    return SETUP_CELL.replace("{lesson}", lesson)


def hand_in_cell(lesson: str) -> str:
    return HAND_IN_CELL.replace("{lesson}", lesson)
