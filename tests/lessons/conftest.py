import sys
from pathlib import Path

import pytest

from grader.authoring import lesson as lessons

sys.path.insert(0, str(Path(__file__).parent))  # facts.py

ROOT = Path(__file__).parents[2]
LESSONS = lessons.discover(ROOT)


def pytest_generate_tests(metafunc):
    if "lesson" in metafunc.fixturenames:
        metafunc.parametrize("lesson", LESSONS, ids=lambda path: path.stem, indirect=True)


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def lesson(request):
    return lessons.read(request.param)
