"""What importing the course's package does to the process: it says nothing, and leaves its million objects out of garbage collection."""

import subprocess
import sys

import pytest

HOW = """
import gc
{before}
from grader import lab
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def _said(before: str) -> str:
    done = subprocess.run([sys.executable, "-c", HOW.format(before=before)], capture_output=True, text=True, timeout=300)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.slow
def test_what_is_imported_is_no_garbage_to_look_for():
    assert _said("") == "True True"


@pytest.mark.slow
def test_a_collector_that_was_off_stays_off():
    assert _said("gc.disable()") == "False True"
