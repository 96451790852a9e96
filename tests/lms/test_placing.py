"""Interrupted at any instant, a place holds the old submission or the new one, and a further run ends with the new one and the old one kept."""

import os
import shutil

import pytest

from grader.lms import placing

OLD = {"01_toy.ipynb": b"old", "receipts/a.npz": b"A"}
NEW = {"01_toy.ipynb": b"new", "receipts/b.npz": b"B", "data/x.csv": b"x"}


class Killed(BaseException):
    """As SIGKILL: nothing after it is done, nothing is tidied up."""


def there(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def killed_at(monkeypatch, moment):
    """Let the process die before its `moment`-th step that changes a disk."""
    steps = 0

    def counted(function):
        def step(*arguments, **options):
            nonlocal steps
            if steps == moment:
                raise Killed
            steps += 1
            return function(*arguments, **options)

        return step

    for module, name in ((os, "rename"), (os, "fsync"), (os, "mkdir"), (shutil, "move"), (placing, "_exchange")):
        monkeypatch.setattr(module, name, counted(getattr(module, name)))


@pytest.mark.parametrize("at_once", [True, False], ids=["exchanged at once", "exchanged in two steps"])
@pytest.mark.parametrize("moment", range(20))
def test_killed_at_any_step(tmp_path, monkeypatch, moment, at_once):
    submitted, kept = tmp_path / "submitted", tmp_path / "kept"
    folder = submitted / "ada" / "01_toy"
    placing.place(folder, OLD, kept / "ada" / "01_toy" / "none")
    if not at_once:
        monkeypatch.setattr(placing.sys, "platform", "darwin")
    with monkeypatch.context() as patch:
        killed_at(patch, moment)
        try:
            placing.place(folder, NEW, kept / "ada" / "01_toy" / "old")
            finished = True
        except Killed:
            finished = False
    between = not at_once and not folder.exists()
    assert between or there(folder) in (OLD, NEW)
    placing.recover(submitted, kept)
    assert there(folder) in (OLD, NEW) and not [path for path in (submitted / "ada").iterdir() if path != folder]
    if there(folder) == OLD:
        placing.place(folder, NEW, kept / "ada" / "01_toy" / "again")
    assert there(folder) == NEW
    assert OLD in [there(path) for path in (kept / "ada").rglob("*") if path.is_dir()], "the old one is kept"
    assert finished or moment < 19


def test_the_steps_are_all_met(tmp_path, monkeypatch):
    """The moments above reach beyond the last step."""
    placing.place(tmp_path / "s" / "ada" / "01_toy", OLD, tmp_path / "k" / "none")
    killed_at(monkeypatch, 19)
    placing.place(tmp_path / "s" / "ada" / "01_toy", NEW, tmp_path / "k" / "old")


def test_a_link_in_the_place_is_moved_away_and_its_target_stays(tmp_path):
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "precious.txt").write_text("p")
    folder = tmp_path / "submitted" / "ada" / "01_toy"
    folder.parent.mkdir(parents=True)
    folder.symlink_to(target)
    placing.place(folder, NEW, tmp_path / "kept" / "old")
    assert there(folder) == NEW and not folder.is_symlink()
    assert (tmp_path / "kept" / "old").is_symlink() and (target / "precious.txt").read_text() == "p"


def test_what_is_kept_is_never_written_over(tmp_path):
    folder, kept = tmp_path / "s" / "ada" / "01_toy", tmp_path / "kept" / "old"
    for files in (OLD, NEW, OLD, NEW):
        placing.place(folder, files, kept)
    assert [there(tmp_path / "kept" / name) for name in ("old", "old-2", "old-3")] == [OLD, NEW, OLD]


def test_a_digest_is_of_names_and_contents_but_not_of_the_time():
    assert placing.digest(OLD) == placing.digest({**OLD, "timestamp.txt": b"now"}) != placing.digest(NEW)
    assert placing.digest({"a": b"bc"}) != placing.digest({"ab": b"c"})
