"""Writing the public course: over an earlier one, never over anything else, and whole or to be finished."""

import json
import subprocess
import zipfile

import pytest

from grader.authoring import publish
from grader.authoring.bundle import BundleError

FIRST = {"README.md": b"first", "notebooks/00/00.ipynb": b"{}", "notebooks/01/01.ipynb": b"{}"}
SECOND = {"README.md": b"second", "notebooks/00/00.ipynb": b"{}", "grader/__init__.py": b""}


def content(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file() and ".git" not in path.parts}


def below_manifest(out):
    found = content(out)
    found.pop(publish.MANIFEST)
    return found


def test_a_second_edition_replaces_the_first_and_keeps_git(tmp_path):
    out = tmp_path / "public"
    assert publish.folder(out, FIRST, {"branch": "main"}).written == list(FIRST)
    subprocess.run(["git", "init", "-q"], cwd=out, check=True)
    head = (out / ".git" / "HEAD").read_bytes()
    written = publish.folder(out, SECOND, {})
    assert below_manifest(out) == SECOND
    assert written.written == ["README.md", "grader/__init__.py"] and written.removed == ["notebooks/01/01.ipynb"] and written.foreign == []
    assert not (out / "notebooks" / "01").exists() and (out / ".git" / "HEAD").read_bytes() == head
    assert publish.folder(out, SECOND, {}).written == []


def test_an_empty_folder_and_a_fresh_repository_will_do(tmp_path):
    (tmp_path / "public").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path / "public", check=True)
    publish.folder(tmp_path / "public", FIRST, {})
    assert below_manifest(tmp_path / "public") == FIRST


@pytest.mark.parametrize("what", ["a file in it", "a folder in it", "a file", "a manifest of another's"])
def test_a_folder_of_somebody_elses_is_refused(tmp_path, what):
    out = tmp_path / "public"
    if what == "a file":
        out.write_text("precious")
    else:
        out.mkdir()
        if what == "a file in it":
            (out / "thesis.txt").write_text("precious")
        elif what == "a folder in it":
            (out / "src").mkdir()
        else:
            (out / publish.MANIFEST).write_text('{"made by": "me", "files": {"README.md": []}}')
    before = out.read_text() if out.is_file() else content(out)
    for overwrite in (False, True):
        with pytest.raises(BundleError, match="Name a"):
            publish.folder(out, FIRST, {}, overwrite)
    assert (out.read_text() if out.is_file() else content(out)) == before


def test_what_was_changed_by_hand_is_not_lost(tmp_path):
    publish.folder(tmp_path, FIRST, {})
    (tmp_path / "README.md").write_text("my own words")
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "__init__.py").write_text("mine")
    (tmp_path / "notebooks" / "01" / "01.ipynb").write_text("edited")
    before = content(tmp_path)
    with pytest.raises(BundleError, match="changed by hand in .*: README.md, grader/__init__.py"):
        publish.folder(tmp_path, SECOND, {})
    assert content(tmp_path) == before
    written = publish.folder(tmp_path, {**SECOND, "README.md": b"my own words", "grader/__init__.py": b"mine"}, {})
    assert written.removed == [] and written.foreign == ["notebooks/01/01.ipynb"], "an edited file that is ours no longer is left to its editor"
    assert publish.folder(tmp_path, FIRST, {}, overwrite=True).removed == ["grader/__init__.py"]
    assert below_manifest(tmp_path) == FIRST


def test_files_of_others_stay_and_are_named(tmp_path):
    publish.folder(tmp_path, FIRST, {})
    (tmp_path / "notebooks" / "01" / "notes.txt").write_text("mine")
    assert publish.folder(tmp_path, SECOND, {}).foreign == ["notebooks/01/notes.txt"]
    assert (tmp_path / "notebooks" / "01" / "notes.txt").read_text() == "mine"


def test_links_are_not_followed(tmp_path):
    publish.folder(tmp_path / "public", FIRST, {})
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "00.ipynb").write_text("{}")
    publish_to = tmp_path / "public" / "notebooks" / "00"
    (publish_to / "00.ipynb").unlink()
    publish_to.rmdir()
    publish_to.symlink_to(tmp_path / "precious")
    with pytest.raises(BundleError, match="is a link"):
        publish.folder(tmp_path / "public", SECOND, {}, overwrite=True)
    assert content(tmp_path / "precious") == {"00.ipynb": b"{}"}


@pytest.mark.parametrize("first", [{}, FIRST], ids=["a new folder", "an earlier edition"])
def test_interrupted_anywhere_the_same_command_finishes(tmp_path, monkeypatch, first):
    """Stop before each write in turn; the next run ends where an undisturbed one does."""
    replace = publish._replace
    for stop in range(5):
        out = tmp_path / f"public-{stop}"
        if first:
            publish.folder(out, first, {})
        calls = iter(range(100))

        def interrupted(*arguments):
            if next(calls) == stop:
                (out / publish.SCRATCH).write_bytes(b"half")  # noqa: B023
                raise KeyboardInterrupt
            replace(*arguments)

        monkeypatch.setattr(publish, "_replace", interrupted)
        try:
            publish.folder(out, SECOND, {})
        except KeyboardInterrupt:
            if stop and (out / publish.MANIFEST).exists():
                assert json.loads((out / publish.MANIFEST).read_text())["finished"] is False
        monkeypatch.setattr(publish, "_replace", replace)
        publish.folder(out, SECOND, {})
        assert below_manifest(out) == SECOND, stop
        assert json.loads((out / publish.MANIFEST).read_text())["finished"] is True


def test_a_zip_replaces_an_earlier_one_and_nothing_else(tmp_path):
    path = tmp_path / "new" / "course.zip"
    for files in (FIRST, SECOND):
        assert publish.archive(path, files, "rnn-course") == path.stat().st_size
        with zipfile.ZipFile(path) as made:
            assert {name: made.read(name) for name in made.namelist()} == {f"rnn-course/{name}": data for name, data in files.items()}
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("thesis.txt", "precious")
    with pytest.raises(BundleError, match="is no earlier zip of the course"):
        publish.archive(path, FIRST, "rnn-course")
    with pytest.raises(BundleError, match="is no earlier zip of the course"):
        publish.archive(tmp_path / "new", FIRST, "rnn-course", overwrite=True)
    assert zipfile.ZipFile(path).namelist() == ["thesis.txt"]
    publish.archive(path, FIRST, "rnn-course", overwrite=True)
