"""Each test that takes `stand` runs on both roads: as root, and as a user without any right."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from .stand import Stand, give, make_course, why_not


@pytest.fixture(scope="package")
def course():
    folder = Path(tempfile.mkdtemp(prefix="grader-course-"))
    folder.chmod(0o755)
    yield make_course(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="package", params=["root", "user"])
def stand(request, course):
    reason = why_not(request.param)
    if reason:
        pytest.skip(reason)
    desk = Path(tempfile.mkdtemp(prefix="grader-desk-"))
    for room in ("student", "referee"):
        (desk / room / "files").mkdir(parents=True)
        (desk / room / "run").mkdir()
    (desk / "referee" / "files" / "hidden").write_text("secret-of-the-referee")
    (desk / "student" / "files" / "receipts").mkdir()
    (desk / "student" / "files" / "receipts" / "history.json").write_text("handed in")
    if request.param == "user":
        for path in desk.rglob("*"):
            give(path)
    stand = Stand(request.param, course, desk)
    yield stand
    stand.close()
    shutil.rmtree(desk)
