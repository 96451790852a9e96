"""What really arrives goes where it belongs; the rest is named with the reason; nothing is lost."""

import io
import json
import os
import zipfile

import pytest

from grader.lms.archives import Refused

LESSON = "01_toy"
MOODLE = "Course-01-4711.zip"


def where(found):
    return {(placed.student, placed.how) for placed in found.placed}


def notebook_of(desk, student):
    return json.loads((desk.folder(student) / f"{LESSON}.ipynb").read_bytes())


def test_moodle_in_folders_with_zips_receipts_and_changed_names(desk, pack):
    ada, bob, li = desk.answered("Ada's"), desk.answered("Bob's"), desk.answered("Li's")
    source = desk.arrive(MOODLE, {
        "Ada Lovelace_11_assignsubmission_file_/01_toy.zip": pack({"01_toy.ipynb": ada, "receipts/a.npz": b"A", "__MACOSX/._x": b"", "receipts/.hidden": b""}),
        "Bob O'Brien, jr._12_assignsubmission_file/Copy of 01_toy (1).ipynb": bob,
        "Bob O'Brien, jr._12_assignsubmission_file/receipts/b.npz": b"B",
        "李 小龙_13_assignsubmission_file_/work.zip": pack({"01_toy/homework.ipynb": li, "01_toy/receipts/c.npz": b"C", "01_toy/data.csv": b"1,2"}),
        "Ada Lovelace_11_assignsubmission_onlinetext_/onlinetext.html": b"<p>hello",
        ".._14_assignsubmission_file_/01_toy.ipynb.txt": ada,
    })  # fmt: skip
    found = desk.collect(source)
    assert where(found) == {(who, "new") for who in ("ada-lovelace", "bob-o-brien-jr", "李-小龙", "student")} and not found.unplaced
    assert set(desk.tree()) == {
        "ada-lovelace/01_toy/01_toy.ipynb", "ada-lovelace/01_toy/receipts/a.npz",
        "bob-o-brien-jr/01_toy/01_toy.ipynb", "bob-o-brien-jr/01_toy/receipts/b.npz",
        "李-小龙/01_toy/01_toy.ipynb", "李-小龙/01_toy/receipts/c.npz", "李-小龙/01_toy/data.csv",
        "student/01_toy/01_toy.ipynb",
    }  # fmt: skip
    assert notebook_of(desk, "李-小龙") == li and [placed.receipts for placed in found.placed] == [1, 1, 0, 1]
    assert "by its cells' names" in next(placed.notes for placed in found.placed if placed.student == "李-小龙")[0]


def test_moodle_flat_and_canvas(desk):
    one, two = desk.answered("one"), desk.answered("two")
    flat = desk.arrive("flat.zip", {"Ada Lovelace_11_assignsubmission_file_01_toy.ipynb": one, "Ada Lovelace_11_assignsubmission_file_recall.npz": b"R"})
    canvas = desk.arrive("submissions.zip", {
        "lovelaceada_LATE_101_2002_01_toy-1.ipynb": two,
        "lovelaceada_LATE_101_2003_recall-1.npz": b"R",
        "obrienpat_102_2001_01_toy.ipynb": one,
        "obrienpat_102_2004_01_toy-1.ipynb": two,
        "typed_103_text.html": b"<p>",
    })  # fmt: skip
    assert where(desk.collect(flat)) == {("ada-lovelace", "new")}
    assert desk.tree()["ada-lovelace/01_toy/receipts/recall.npz"] == b"R"
    found = desk.collect(canvas)
    assert where(found) == {("lovelaceada", "new"), ("obrienpat", "new")}
    assert desk.tree()["lovelaceada/01_toy/receipts/recall.npz"] == b"R", "without the number that Canvas gave it"
    assert "late, says Canvas" in found.placed[0].notes
    assert notebook_of(desk, "obrienpat") == two and "handed in 2 times; the newest was taken" in found.placed[1].notes[0]


def test_a_folder_of_students_single_files_and_one_students_zip(desk, pack):
    nb = desk.answered("x")
    folder = desk.arrive("class/", {
        "ada/01_toy/01_toy.ipynb": nb, "ada/01_toy/receipts/a.npz": b"A", "ada/01_toy/timestamp.txt": b"2025-02-03 10:00:00 UTC\n",
        "bob.zip": pack({"01_toy.ipynb": nb, "timestamp.txt": b"1999-01-01 00:00:00 UTC", "receipts/b.npz": b"B"}),
        "cleo_01_toy.ipynb": nb, "Copy_of_01_toy.ipynb": nb,
        "loose/.ipynb_checkpoints/01_toy-checkpoint.ipynb": nb,
        "01_toy.ipynb": nb,
    })  # fmt: skip
    found = desk.collect(folder)
    assert where(found) == {("ada", "new"), ("bob", "new"), ("cleo", "new")}
    assert {(one.origin, "--student" in one.reason) for one in found.unplaced} == {("class / 01_toy.ipynb", True), ("class / Copy_of_01_toy.ipynb", True)}
    tree = desk.tree()
    assert tree["ada/01_toy/timestamp.txt"].startswith(b"2025-02-03") and tree["bob/01_toy/receipts/b.npz"] == b"B"
    assert "bob/01_toy/timestamp.txt" not in tree, "a student does not say when"
    assert where(desk.collect(folder / "01_toy.ipynb", student="dora")) == {("dora", "new")}
    own = desk.arrive("eve.zip", {"01_toy.ipynb": nb, "receipts/e.npz": b"E"})
    assert where(desk.collect(own)) == {("eve", "new")} and desk.tree()["eve/01_toy/receipts/e.npz"] == b"E"


def test_a_folder_around_the_class_is_nobody(desk):
    source = desk.arrive("class.zip", {"class/ada/01_toy.ipynb": desk.answered("a"), "class/bob/01_toy.ipynb": desk.answered("b")})
    assert where(desk.collect(source)) == {("ada", "new"), ("bob", "new")}


def test_a_class_zip_in_a_folder_and_a_zip_in_a_zip_in_a_zip(desk, pack):
    deep = pack({"inner.zip": pack({"01_toy.ipynb": desk.answered("deep")})})
    deeper = pack({"deep.zip": deep})
    folder = desk.arrive("downloads/", {"moodle.zip": pack({"Ada L_1_assignsubmission_file_/a.zip": pack({"01_toy.ipynb": desk.answered("a")}), "Bob_2_assignsubmission_file_/b.zip": deeper})})
    source = desk.arrive("direct.zip", {"Cleo_3_assignsubmission_file_/c.zip": deep})
    found = desk.collect(folder, source)
    assert where(found) == {("ada-l", "new"), ("cleo", "new")}
    assert any("a zip within 3 zips" in one.reason for one in found.unplaced)


def test_the_same_again_changes_nothing_and_says_so(desk):
    source = desk.arrive(MOODLE, {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("x"), "Ada_1_assignsubmission_file_/receipts/a.npz": b"A"})
    desk.collect(source)
    before = {path: os.stat(path).st_mtime_ns for path in desk.root.rglob("*") if "arrived" not in path.parts}
    assert where(desk.collect(source)) == {("ada", "unchanged")}
    assert {path: os.stat(path).st_mtime_ns for path in desk.root.rglob("*") if "arrived" not in path.parts} == before


def test_a_newer_one_replaces_and_the_older_is_kept_and_never_comes_back(desk):
    old = desk.arrive("old.zip", {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("old"), "Ada_1_assignsubmission_file_/receipts/a.npz": b"A"})
    new = desk.arrive("new.zip", {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("new")})
    desk.collect(old)
    before = desk.tree()
    found = desk.collect(new)
    assert where(found) == {("ada", "replaced")} and "kept in .grader/collected/replaced/ada/01_toy/" in found.placed[0].notes[-1]
    [kept] = (desk.root / ".grader/collected/replaced/ada/01_toy").iterdir()
    assert {f"ada/01_toy/{path.relative_to(kept).as_posix()}": path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert notebook_of(desk, "ada") == desk.answered("new") and set(desk.tree()) == {"ada/01_toy/01_toy.ipynb"}
    assert where(desk.collect(old)) == {("ada", "older")} and notebook_of(desk, "ada") == desk.answered("new")
    assert where(desk.collect(new)) == {("ada", "unchanged")}


def test_canvas_numbers_say_what_is_older_also_the_other_way_round(desk):
    new = desk.arrive("new.zip", {"ada_7_2002_01_toy-1.ipynb": desk.answered("new")})
    old = desk.arrive("old.zip", {"ada_7_2001_01_toy.ipynb": desk.answered("old")})
    desk.collect(new)
    assert where(desk.collect(old)) == {("ada", "older")} and notebook_of(desk, "ada") == desk.answered("new")


def test_what_was_there_before_any_collecting_is_kept(desk):
    desk.folder("ada").mkdir(parents=True)
    (desk.folder("ada") / "01_toy.ipynb").write_text("by hand")
    desk.collect(desk.arrive("a.zip", {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("x")}))
    [kept] = (desk.root / ".grader/collected/replaced/ada/01_toy").iterdir()
    assert (kept / "01_toy.ipynb").read_text() == "by hand"


def test_a_dry_run_says_the_same_and_changes_nothing(desk):
    source = desk.arrive(MOODLE, {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("x")})
    assert where(desk.collect(source, dry_run=True)) == {("ada", "new")}
    assert not (desk.root / "submitted").exists() and not (desk.root / ".grader").exists()


def test_what_cannot_be_placed_is_listed_with_the_reason(desk, pack):
    source = desk.arrive(MOODLE, {
        "Ada_1_assignsubmission_file_/essay.pdf": b"%PDF",
        "Bob_2_assignsubmission_file_/work.zip": pack({"01_toy.ipynb": desk.answered("b")})[:-40],
        "Cleo_3_assignsubmission_file_/homework.ipynb": b'{"cells": [',
        "Dora_4_assignsubmission_file_/work.rar": b"Rar!",
        "Eve_5_assignsubmission_file_/../../../evil.ipynb": desk.answered("e"),
        "Fay_6_assignsubmission_file_/01_toy.ipynb": b'{"cells": [',
    })  # fmt: skip
    found = desk.collect(source)
    reasons = {one.origin.split(" / ")[1].split("_")[0]: one.reason for one in found.unplaced}
    assert "no notebook" in reasons["Ada"] and "essay.pdf" in reasons["Ada"]
    assert "cut off" in reasons["Bob"] and "which lesson it is cannot be told" in reasons["Cleo"] and "no notebook" in reasons["Dora"]
    assert "'..'" in reasons["Eve"]
    assert where(found) == {("fay", "new")}, "a broken notebook of a lesson's name is handed in all the same: the grader says what is wrong with it"
    assert where(desk.collect(source, lesson=LESSON)) == {("fay", "unchanged"), ("cleo", "new")}, "--lesson says it"
    assert not list(desk.root.glob("**/evil.ipynb"))


def test_another_lesson_than_the_one_named_is_left(desk, release):
    from grader.lms.lessons import Catalogue

    source = desk.arrive("a.zip", {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("x")})
    found = desk.collect(source, lesson="02_other", catalogue=Catalogue({LESSON: release, "02_other": release}))
    assert not found.placed and "it is 01_toy (by its name), not 02_other" in found.unplaced[0].reason


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.zip", b"", "not a zip"),
        ("a.zip", b"<html>Please log in", "not a zip"),
        ("a.rar", b"Rar!", "only zips are opened"),
        ("a.pdf", b"%PDF", "neither a zip nor a notebook"),
    ],
    ids=["empty", "a login page", "rar", "pdf"],
)
def test_a_source_that_cannot_be_opened_is_one_error_and_changes_nothing(desk, name, content, words):
    good = desk.arrive("good.zip", {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("x")})
    with pytest.raises(Refused, match=words):
        desk.collect(good, desk.arrive(name, content))
    assert not (desk.root / "submitted").exists()


def test_a_download_that_was_cut_off_anywhere_changes_nothing(desk):
    whole = desk.arrive("a.zip", {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("x"), "Bob_2_assignsubmission_file_/01_toy.ipynb": desk.answered("y")}).read_bytes()
    for part in range(1, 8):
        with pytest.raises(Refused, match="download it again. Nothing was changed"):
            desk.collect(desk.arrive("cut.zip", whole[: len(whole) * part // 8]))
    assert not (desk.root / "submitted").exists()
    with pytest.raises(Refused, match="there is no such file"):
        desk.collect(desk.arrived / "missing.zip")


def test_links_and_pipes_on_disk_are_never_followed(desk):
    secret = desk.root / "secret.ipynb"
    secret.write_text(json.dumps(desk.answered("secret")))
    folder = desk.arrive("class/", {"ada/01_toy.ipynb": desk.answered("x")})
    (folder / "bob").mkdir()
    (folder / "bob" / "01_toy.ipynb").symlink_to(secret)
    (folder / "cleo").symlink_to(desk.root)
    os.mkfifo(folder / "ada" / "data.csv")
    (folder / "ada" / "receipts").symlink_to("/etc")
    found = desk.collect(folder)
    assert where(found) == {("ada", "new")} and set(desk.tree()) == {"ada/01_toy/01_toy.ipynb"}
    assert len(found.unplaced) == 4 and all("links are not followed" in one.reason for one in found.unplaced)
    with pytest.raises(Refused, match="not a regular file"):
        desk.collect(folder / "bob" / "01_toy.ipynb")


def test_hostile_files_beside_a_notebook_are_left_out_with_a_note(desk, pack):
    bag = io.BytesIO()
    with zipfile.ZipFile(bag, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("01_toy.ipynb", json.dumps(desk.answered("x")))
        for path in ("../escape.txt", "/abs.txt", "Data.csv", "data.csv", "a/b/c/d/e.txt", "receipts/a.npz", "deep" * 60 + ".txt", "02_other.ipynb"):
            archive.writestr(path, b"x")
        link = zipfile.ZipInfo("receipts/link.npz")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        for number in range(250):
            archive.writestr(f"many/{number:03}.txt", b"")
    found = desk.collect(desk.arrive(MOODLE, {"Ada_1_assignsubmission_file_/a.zip": bag.getvalue()}))
    tree = desk.tree()
    assert "ada/01_toy/receipts/a.npz" in tree and len(tree) <= 202
    assert len([path for path in tree if path.lower().endswith("/data.csv")]) == 1
    assert not any("e.txt" in path or "link" in path or "deep" in path or "other" in path for path in tree)
    notes = " ".join(found.placed[0].notes)
    for words in ("only in upper and lower case", "deeper than 4 folders", "longer than 200 bytes", "only the first 200 files"):
        assert words in notes
    assert {one.reason for one in found.unplaced} >= {"it is a link"} and len([one for one in found.unplaced if one.reason.startswith(("its name is absolute", "its name has"))]) == 2
    assert not (desk.root / "escape.txt").exists() and not (desk.root / "submitted" / "escape.txt").exists()


def test_a_notebook_too_large_for_the_grader_is_named(desk, monkeypatch):
    monkeypatch.setattr("grader.lms.collecting.LARGEST", 1000)
    source = desk.arrive(MOODLE, {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("x")})
    found = desk.collect(source)
    assert not found.placed and "ask for it without its outputs" in found.unplaced[0].reason


def test_times_of_a_class_become_timestamps_and_that_of_a_download_does_not(desk, pack):
    files = {"Ada_1_assignsubmission_file_/01_toy.ipynb": desk.answered("a"), "Bob_2_assignsubmission_file_/01_toy.ipynb": desk.answered("b")}
    ada, bob = files
    desk.collect(desk.arrive("spread.zip", pack(files, {ada: (2025, 2, 3, 10, 0, 0), bob: (2025, 2, 4, 23, 59, 58)})))
    stamps = {path.split("/")[0]: text.decode() for path, text in desk.tree().items() if path.endswith("timestamp.txt")}
    assert set(stamps) == {"ada", "bob"} and stamps["ada"].endswith(" UTC\n")
    desk.collect(desk.arrive("download.zip", {path.replace("_1_", "_3_").replace("_2_", "_4_").replace("Ada", "Cleo").replace("Bob", "Dora"): nb for path, nb in files.items()}))
    assert not any(path.endswith("timestamp.txt") for path in desk.tree() if path.startswith(("cleo", "dora")))


def test_several_lessons_in_one_zip_keep_their_receipts_apart(desk, toy, release):
    from grader.lms.lessons import Catalogue

    source = desk.arrive("ada.zip", {
        "01_toy/01_toy.ipynb": desk.answered("x"), "01_toy/receipts/a.npz": b"A", "02_other/02_other.ipynb": desk.answered("y"), "02_other/receipts/a.npz": b"B",
    })  # fmt: skip
    desk.collect(source, catalogue=Catalogue({LESSON: release, "02_other": release}))
    assert desk.tree()["ada/01_toy/receipts/a.npz"] == b"A" and desk.tree()["ada/02_other/receipts/a.npz"] == b"B"
