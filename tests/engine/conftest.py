"""One warm worker that the engine's tests share."""

from __future__ import annotations

import pytest

from grader.engine import Worker


@pytest.fixture(scope="package")
def worker():
    with Worker() as worker:
        yield worker
