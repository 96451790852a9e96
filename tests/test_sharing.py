"""Tests that share what is dear to make run in one process."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import together

ROOT = Path(__file__).parents[1]


def test_a_file_stays_together_and_lessons_go_apart():
    assert together("tests/book/test_book.py::test_a[1]") == together("tests/book/test_book.py::test_b") != together("tests/book/test_mathml.py::test_b")
    variants = "tests/lessons/test_variants.py::test_answers"
    assert together(f"{variants}[01_a]") == together(f"{variants}_too[01_a]") != together(f"{variants}[02_b]")


@pytest.mark.slow
def test_the_processes_of_a_run_do_so():
    """What a newer pytest or xdist changes is seen here, and not as an hour more."""
    files = "tests/test_naming.py", "tests/checks/test_refusing.py"
    done = subprocess.run([sys.executable, "-m", "pytest", "-n", "2", "-v", *files], cwd=ROOT, capture_output=True, text=True)
    ran = set(re.findall(r"\[(gw\d)\] .*PASSED (tests/[\w/]+\.py)", done.stdout))
    assert done.returncode == 0 and sorted(file for _, file in ran) == sorted(files), done.stdout
