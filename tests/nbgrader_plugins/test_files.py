"""What of a submission's folder is taken in."""

import os

from grader.nbgrader_plugins.files import Caps, take_in


def put(folder, path, content=b"x"):
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def test_receipts_and_plain_files(tmp_path):
    put(tmp_path, "receipts/digits/history.json", b"{}")
    put(tmp_path, "receipts/digits/model.weights.h5", b"w")
    put(tmp_path, "notes.txt", b"n")
    put(tmp_path, "lesson.ipynb")
    put(tmp_path, "timestamp.txt")
    put(tmp_path, ".git/config")
    put(tmp_path, ".ipynb_checkpoints/a.txt")
    put(tmp_path, "__pycache__/a.pyc")
    taken = take_in(tmp_path)
    assert taken.files == {
        "notes.txt": b"n",
        "receipts/digits/history.json": b"{}",
        "receipts/digits/model.weights.h5": b"w",
    }
    assert taken.notes == []


def test_nothing_but_regular_files_is_opened(tmp_path):
    secret = put(tmp_path, "outside/secret.txt")
    folder = tmp_path / "submission"
    put(folder, "fine.txt")
    (folder / "link.txt").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent, target_is_directory=True)
    (folder / "endless").symlink_to("/dev/zero")
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    taken = take_in(folder)
    assert list(taken.files) == ["fine.txt"]
    assert len(taken.notes) == 5
    assert all(any(f"`{name}`" in note for note in taken.notes) for name in ("link.txt", "folder", "endless", "pipe"))


def test_odd_names_are_left_out(tmp_path):
    for name in ("a\nb.txt", "back\\slash.txt", "red\x1b[31m.txt", "n" * 220):
        put(tmp_path, name)
    taken = take_in(tmp_path)
    assert taken.files == {}
    assert len(taken.notes) == 4
    assert all(note.isprintable() for note in taken.notes)


def test_names_that_one_file_system_takes_for_one(tmp_path):
    put(tmp_path, "Receipts.txt")
    put(tmp_path, "receipts.txt")
    put(tmp_path, "Data/x.txt")
    put(tmp_path, "data")
    taken = take_in(tmp_path)
    assert list(taken.files) == ["Receipts.txt", "data"]
    assert len(taken.notes) == 2


def test_caps(tmp_path):
    for n in range(5):
        put(tmp_path, f"{n}.bin", b"12345")
    put(tmp_path, "a/b/c.bin")
    assert len(take_in(tmp_path, Caps(number=2)).files) == 2
    assert take_in(tmp_path, Caps(file=4)).files == {"a/b/c.bin": b"x"}
    assert list(take_in(tmp_path, Caps(total=12)).files) == ["0.bin", "1.bin", "a/b/c.bin"]
    assert "a/b/c.bin" not in take_in(tmp_path, Caps(depth=2)).files
    assert take_in(tmp_path, Caps(entries=3)).notes == ["The folder holds more than 3 entries; the rest were left out."]


def test_receipts_are_taken_in_before_anything_else(tmp_path):
    for n in range(5):
        put(tmp_path, f"{n}.bin")
        put(tmp_path, f"another/{n}.bin")
    put(tmp_path, "receipts/digits/history.json")
    put(tmp_path, "receipts/adding/history.json")
    for caps in (Caps(number=3), Caps(total=3), Caps(entries=8)):
        taken = take_in(tmp_path, caps)
        assert list(taken.files)[:2] == ["receipts/adding/history.json", "receipts/digits/history.json"]
        assert taken.notes
    taken = take_in(tmp_path)
    assert len(taken.files) == 12 and taken.notes == []


def test_receipts_that_are_a_link_are_not_followed(tmp_path):
    put(tmp_path, "outside/secret.txt")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "receipts").symlink_to(tmp_path / "outside", target_is_directory=True)
    taken = take_in(folder)
    assert taken.files == {} and taken.notes == ["`receipts` was left out: it is a link."]


def test_a_missing_folder_is_empty(tmp_path):
    assert take_in(tmp_path / "none").files == {}
