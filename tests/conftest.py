"""How the tests are shared out among processes (pytest-xdist, `--dist loadgroup`): a file stays together, lessons go apart.

A file's fixtures, a graded class for example, are then made once. Longest first, so that no core waits at the end.
"""

import os
from pathlib import Path

import grader  # noqa: F401  # before nbformat: see grader/sooner.py
import pytest

from .chromium import chromium

os.environ.pop("GRADER_GRADEBOOK", None)  # a test must never reach a gradebook in use

HERE = Path(__file__).parent
LONG = ("attacks", "lessons/test_variants.py", "engine/border", "engine/sandbox", "nbgrader_plugins")


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="try every answer and attack of the banks, and not a few that are drawn: hours (make test-all)")


def pytest_xdist_auto_num_workers(config) -> int:
    """One process more than cores: attacks and kernels often wait for a clock. More than four cost more memory than they save time."""
    return min(os.cpu_count() + 1, 4)


@pytest.fixture
def browser():
    """A headless Chromium; see `chromium`."""
    with chromium() as found:
        yield found


def pytest_collection_modifyitems(items):
    for item in items:
        place = item.path.relative_to(HERE).as_posix()
        lesson = getattr(item, "callspec", None) and item.callspec.params.get("lesson")
        group = f"{place} {lesson.stem}" if lesson and place == "lessons/test_variants.py" else place
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_turn)


def _turn(item) -> int:
    place = item.path.relative_to(HERE).as_posix()
    return next((turn for turn, start in enumerate(LONG) if place.startswith(start)), len(LONG))
