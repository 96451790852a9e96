"""The first and the last code cell of every lesson, which the build writes: set up, and hand in."""

import re

# Colab shows the title and the tick, and folds the rest away. A tick keeps what is trained in the student's Google Drive.
SETUP_CELL = '''\
# @title Run this cell first { display-mode: "form" }
KEEP_ON_DRIVE = False  # @param {type:"boolean"}
from grader import colab
check, lab = colab.start("{lesson}", KEEP_ON_DRIVE)'''

# What a release puts before that: until the course is there only the standard library is, and git. Of what a clone checks out
# pyproject.toml is the last file: where it is missing, the clone was interrupted.
FETCHING = '''\
import os, sys; fetch = "test -e {home}/pyproject.toml || (rm -rf {home}; GIT_TERMINAL_PROMPT=0 git clone -q --depth=1 --branch={branch} {url} {home})"{mark}
if "google.colab" in sys.modules: assert not os.system(fetch), "{words}"; sys.path.insert(0, os.path.expanduser("{home}")){mark}
'''
WORDS = "The course could not be fetched from {url}: wait a minute, run this cell again."
HOME = "~/rnn-course"
MARK = "  # on Colab"  # by which grading knows these lines: grader/nbgrader_plugins/repair.py

HAND_IN_CELL = '''\
# Save the notebook, then run this cell: it makes the one file to hand in.
lab.hand_in("{lesson}")'''


def setup_cell(lesson: str) -> str:
    return SETUP_CELL.replace("{lesson}", lesson)


def fetching(source: str, url: str, branch: str = "main") -> str:
    """The set-up cell `source` of a course that Colab fetches from a branch of `url`. Raises ValueError for what is no set-up cell."""
    lines = FETCHING.format(home=HOME, url=url, branch=branch, mark=MARK, words=WORDS.format(url=url))
    whole, found = re.subn(r"(?m)^(?=from grader import colab$)", lambda _: lines, source)
    if found != 1:
        raise ValueError("no set-up cell as the build writes it")
    return whole


def hand_in_cell(lesson: str) -> str:
    return HAND_IN_CELL.replace("{lesson}", lesson)
