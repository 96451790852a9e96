"""Both ends are forked from a process that has imported the border; TensorFlow's runtime may not run in it."""

import subprocess
import sys

import pytest

PROGRAM = """
import grader.engine.border
from tensorflow.python.eager import context
assert context.context()._context_handle is None, "an operation ran at import"
"""


@pytest.mark.slow
def test_importing_starts_no_runtime():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
