"""A desk is its worker's alone, from its first moment on."""

import fcntl
import shutil
import tempfile
from pathlib import Path

import pytest

from grader.engine import desk as desk_module
from grader.engine.desk import PREFIX, Desk


@pytest.fixture
def folder():
    """pytest's own are too long for a socket."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.parametrize("rival", ["has removed it", "is removing it"])
def test_a_desk_that_another_grader_took_for_abandoned_is_made_anew(monkeypatch, folder, rival):
    """Between the making of a folder and its lock another grader may tidy up."""
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    lock, taken = fcntl.flock, []

    def late(descriptor, operation):
        if not taken:
            taken.extend(folder.glob(f"{PREFIX}*"))
            shutil.rmtree(taken[0])
            if rival == "is removing it":
                raise BlockingIOError
        lock(descriptor, operation)

    monkeypatch.setattr(desk_module.fcntl, "flock", late)
    desk = Desk()
    try:
        assert len(taken) == 1 and desk.root != taken[0]
        assert desk.home.is_dir() and desk.student.files.is_dir()
    finally:
        desk.close()
    assert list(folder.glob(f"{PREFIX}*")) == []
