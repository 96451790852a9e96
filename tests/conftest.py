"""How the tests are shared out among processes (pytest-xdist): a file stays together, so that its fixtures are made once; lessons go apart.

Longest first, so that no core waits at the end.
"""

import os
import re
from pathlib import Path

import grader  # noqa: F401  # before nbformat: see grader/sooner.py
import pytest

from .chromium import chromium

os.environ.pop("GRADER_GRADEBOOK", None)  # a test must never reach a gradebook in use

HERE = Path(__file__).parent
LONG = (
    "attacks/test_attacks.py", "lessons/test_variants.py", "nbgrader_plugins/test_killed.py", "engine/test_seat.py", "project/test_contributing.py",
    "project/test_term.py", "book", "lessons/test_nbgrader_commands.py", "nbgrader_plugins/test_apart.py", "checks/test_stateful_checks.py", "attacks",
    "engine", "nbgrader_plugins", "project", "checks",
)  # fmt: skip


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="try every answer of the lessons' banks, and not a few that are drawn (make test-all)")


def pytest_xdist_auto_num_workers(config) -> int:
    """One process more than cores: attacks and kernels often wait for a clock. More than four cost more memory than they save time."""
    return min(os.cpu_count() + 1, 4)


def pytest_xdist_make_scheduler(config, log):
    """What `--dist loadgroup` would do: its groups are not seen by pytest 9.2, which makes an item's name anew."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    config.option.loadscopereorder = False  # longest first, and not the file with the most tests
    return Together(config, log)


def together(nodeid: str) -> str:
    """The name of the tests that run in one process: those of a file; of the answers those of a lesson.

    Attacks stay together: what they leave is looked for on the whole machine.
    """
    file, _, name = nodeid.partition("::")
    case = re.search(r"\[(.*)\]", name)
    if case and file.endswith("lessons/test_variants.py"):
        return f"{file} {case[1]}"
    return file


@pytest.fixture
def browser():
    """A headless Chromium; see `chromium`."""
    with chromium() as found:
        yield found


def pytest_collection_modifyitems(items):
    items.sort(key=_turn)


def _turn(item) -> int:
    place = item.path.relative_to(HERE).as_posix()
    return next((turn for turn, start in enumerate(LONG) if place.startswith(start)), len(LONG))
