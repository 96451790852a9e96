"""Jobs and verdicts survive being bytes; the archive gives back what it was given, or nothing."""

from __future__ import annotations

import hashlib
import os

import pytest
from nbformat.v4 import new_output

from grader.engine import Job, Limits, Score, Verdict
from grader.engine import archive as archives
from grader.engine import edition as editions
from grader.engine.archive import Archive
from grader.engine.sandbox import Isolation
from grader.engine.transport import pack_job, pack_verdict, unpack_job, unpack_verdict

from .notebooks import code, job, notebook, test

BUBBLEWRAP = Isolation("bubblewrap")


def a_verdict(points=1.0):
    outputs = [new_output("stream", name="stdout", text="ünï\udcff\x00"), new_output("display_data", {"image/png": "AAAA"})]
    return Verdict({"a": outputs, "b": []}, {"a": 1, "b": None}, {"t": Score(points, 2.0, "half of it")}, "", 1.5)


def test_a_job_is_the_same_after_its_journey():
    before = Job(notebook(code("x = '\udcff'"), test("t")), {"receipts/a.npz": bytes(range(256)), "b/c.txt": b""}, Limits(cell_seconds=3), "ada")
    after = unpack_job(pack_job(before))
    assert after == before and after.key == before.key
    assert pack_job(after) == pack_job(before)


def test_a_verdict_is_the_same_after_its_journey():
    assert unpack_verdict(pack_verdict(a_verdict())) == a_verdict()
    assert unpack_verdict(pack_verdict(a_verdict())).outputs["a"][0].output_type == "stream"


@pytest.mark.parametrize("cut", [0, 1, 10, -1])
def test_what_is_cut_off_is_refused(cut):
    with pytest.raises(ValueError, match="no verdict"):
        unpack_verdict(pack_verdict(a_verdict())[:cut])
    with pytest.raises(ValueError, match="no job"):
        unpack_job(pack_job(job(code("1")))[:cut])


def test_another_format_is_refused(monkeypatch):
    monkeypatch.setattr("grader.engine.transport.FORMAT", 99)
    packed = pack_verdict(a_verdict()), pack_job(job())
    monkeypatch.undo()
    for unpack, what in zip((unpack_verdict, unpack_job), packed, strict=True):
        with pytest.raises(ValueError, match="format 99"):
            unpack(what)


def test_a_kept_verdict_is_found_again(tmp_path):
    archive = Archive(tmp_path / "kept", BUBBLEWRAP)
    assert archive.find(job(code("1"))) is None
    archive.keep(job(code("1")), a_verdict())
    assert Archive(tmp_path / "kept", BUBBLEWRAP).find(job(code("1"))) is None, "another cell id is another job"
    one = job(code("1"))
    archive.keep(one, a_verdict())
    archive.keep(one, a_verdict(2.0))
    assert Archive(tmp_path / "kept", BUBBLEWRAP).find(one) == a_verdict(2.0)
    archive.forget(one)
    archive.forget(one)
    assert archive.find(one) is None


@pytest.mark.parametrize("change", ["edition", "isolation", "limits", "files", "source"])
def test_nothing_is_found_when_something_differs(tmp_path, monkeypatch, change):
    cell, isolation = code("1"), BUBBLEWRAP
    Archive(tmp_path, BUBBLEWRAP).keep(Job(notebook(cell)), a_verdict())
    assert Archive(tmp_path, BUBBLEWRAP).find(Job(notebook(cell))) is not None
    asked = Job(notebook(cell), {"a": b"1"} if change == "files" else {}, Limits(cell_seconds=1) if change == "limits" else Limits())
    if change == "edition":
        monkeypatch.setattr(archives, "edition", lambda: "another")
    if change == "isolation":
        isolation = Isolation("none")
    if change == "source":
        asked.notebook.cells[0].source = "2"
    assert Archive(tmp_path, isolation).find(asked) is None


@pytest.mark.parametrize("damage", ["cut", "a bit", "empty", "directory", "points"])
def test_a_damaged_verdict_is_no_verdict(tmp_path, damage):
    archive, one = Archive(tmp_path, BUBBLEWRAP), job(code("1"))
    archive.keep(one, a_verdict())
    (path,) = tmp_path.rglob("*.verdict")
    whole = path.read_bytes()
    path.unlink()
    if damage == "directory":
        path.mkdir()
    else:
        flipped = whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]
        more = whole[:65] + pack_verdict(a_verdict(100.0))
        path.write_bytes({"cut": whole[:-3], "a bit": flipped, "empty": b"", "points": more}[damage])
    assert archive.find(one) is None


def test_an_interrupted_writing_leaves_nothing_behind(tmp_path, monkeypatch):
    archive, one = Archive(tmp_path, BUBBLEWRAP), job(code("1"))

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        archive.keep(one, a_verdict())
    assert archive.find(one) is None and not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_folder_is_private(tmp_path):
    Archive(tmp_path / "kept", BUBBLEWRAP).keep(job(), a_verdict())
    (path,) = (tmp_path / "kept").rglob("*.verdict")
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0


def test_the_edition_follows_code_and_data(tmp_path, monkeypatch):
    folder = tmp_path / "digits" / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "features.json").write_text("{}")
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path))
    fresh = editions.edition.__wrapped__
    first = fresh()
    assert first == fresh() and len(first) == len(hashlib.sha256().hexdigest())
    (tmp_path / "README.md").write_text("for people")
    assert fresh() == first
    (folder / "features.json").write_text("{} ")
    assert (second := fresh()) != first
    monkeypatch.setattr(editions, "ROOMS", ("checks", "engine"))
    assert fresh() != second
