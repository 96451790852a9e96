"""A desk is its worker's alone, from its first moment on."""

import fcntl
import shutil
import tempfile

import pytest

from grader.engine import desk as desk_module
from grader.engine.desk import PREFIX, Desk


@pytest.mark.parametrize("rival", ["has removed it", "is removing it"])
def test_a_desk_that_another_grader_took_for_abandoned_is_made_anew(monkeypatch, tmp_path, rival):
    """Between the making of a folder and its lock another grader may tidy up."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lock, taken = fcntl.flock, []

    def late(descriptor, operation):
        if not taken:
            taken.extend(tmp_path.glob(f"{PREFIX}*"))
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
    assert list(tmp_path.glob(f"{PREFIX}*")) == []
