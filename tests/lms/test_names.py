"""Who sent a file, what it was called, and the id under which it is kept."""

import json

import pytest

from grader.lms.people import People, plain_id, slug
from grader.lms.layouts import decide
from grader.lms.senders import CANVAS, MOODLE, PLAIN, Sender, is_notebook, turn, without_turn


def readings(*paths, wanted="", agrees=lambda sender: False):
    return decide(paths, ["01_x"], wanted, agrees, lambda path: b"")


@pytest.mark.parametrize(
    ("path", "sender", "inside"),
    [
        ("Ada Lovelace_123456_assignsubmission_file_/01_x.ipynb", Sender(MOODLE, "Ada Lovelace", "123456"), "01_x.ipynb"),
        ("Ada Lovelace_123456_assignsubmission_file/receipts/a.npz", Sender(MOODLE, "Ada Lovelace", "123456"), "receipts/a.npz"),
        ("Course-01-4711/Ada Lovelace_7_assignsubmission_file_/a/b.ipynb", Sender(MOODLE, "Ada Lovelace", "7"), "a/b.ipynb"),
        ("O'Brien, Pat_12_assignsubmission_file_01_x.ipynb", Sender(MOODLE, "O'Brien, Pat", "12"), "01_x.ipynb"),
        ("李 小龙_12_assignsubmission_file_01 x (1).ipynb", Sender(MOODLE, "李 小龙", "12"), "01 x (1).ipynb"),
        ("A_B_1_2_assignsubmission_file_/x_assignsubmission_y.ipynb", Sender(MOODLE, "A_B_1", "2"), "x_assignsubmission_y.ipynb"),
        ("Ada Lovelace_123456_assignsubmission_onlinetext_/onlinetext.html", Sender(MOODLE, "Ada Lovelace", "123456"), ""),
        ("lovelaceada_12345_67890_01_x.ipynb", Sender(CANVAS, "lovelaceada", "12345"), "01_x.ipynb"),
        ("lovelaceada_LATE_12345_67890_01_x-1.ipynb", Sender(CANVAS, "lovelaceada", "12345"), "01_x-1.ipynb"),
        ("submissions/李小龙_12345_67890_Copy of 01_x.ipynb", Sender(CANVAS, "李小龙", "12345"), "Copy of 01_x.ipynb"),
        ("x_12345_67890_1_2_345_x.ipynb", Sender(CANVAS, "x", "12345"), "1_2_345_x.ipynb"),
        ("anon_a1B2c_67890_01_x.ipynb", Sender(CANVAS, "anon", "a1B2c"), "01_x.ipynb"),
    ],
)
def test_downloads_name_their_senders(path, sender, inside):
    [reading] = readings(path)
    sent = reading.says[path]
    assert (sent.sender, "" if sent.typed else sent.path) == (sender, inside)
    assert sent.late == ("LATE" in path)


@pytest.mark.parametrize("path", ["ada/01_x.ipynb", "01_sequence_basics.ipynb", "ada_01_2_notes.ipynb", "student_01_02_x.ipynb", "a_b_assignsubmission_file_/x.ipynb"])
def test_other_names_say_nothing(path):
    assert readings(path) == []


def test_a_files_number_and_its_kind():
    assert [turn(name) for name in ("x.ipynb", "x-1.ipynb", "x (2).ipynb", "x(3).ipynb", "x-4.ipynb.txt")] == [0, 1, 2, 3, 4]
    assert without_turn("sentiment-1.npz") == "sentiment.npz"
    assert all(map(is_notebook, ("a.ipynb", "A.IPYNB", "a.ipynb.txt", "a.ipynb (1)", "a.ipynb.json")))
    assert not any(map(is_notebook, ("a.py", "ipynb", "a.ipynb.zip", "a.ipynb.py")))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("O'Brien, Pat \"Q\"", "o-brien-pat-q"),
        ("José  Ñandú", "josé-ñandú"),
        ("Jose\u0301", "josé"),
        ("李 小龙", "李-小龙"),
        ("محمد علي", "محمد-علي"),
        ("\u202eevil\u202c gnp.exe", "evil-gnp-exe"),
        ("नमस्ते", "नमस्ते"),
        ("..", "student"),
        ("///", "student"),
        ("CON", "student-con"),
        ("nul", "student-nul"),
        ("-rf *", "rf"),
        ("[a-z]?*", "a-z"),
        ("=1+1", "1-1"),
        ("A" * 300, "a" * 60),
    ],
)
def test_a_name_becomes_a_plain_id(name, expected):
    assert slug(name) == expected
    assert slug(expected) == expected or expected.startswith("student-")


def test_long_names_fit_a_file_system():
    assert len(slug("龙" * 300).encode()) <= 150
    assert plain_id("ada@example.org") == "ada@example.org" and plain_id("S-0042") == "S-0042"
    assert plain_id("../../etc/passwd") == "etc-passwd" and plain_id("..") == ""


def test_two_of_one_name_get_two_ids_and_keep_them(tmp_path):
    ada, other = Sender(MOODLE, "Ada Lovelace", "11"), Sender(MOODLE, "Ada Lovelace", "22")
    first = People(tmp_path / "p.json")
    alone, said = first.ids([(ada, "01")])
    assert alone == {(ada, "01"): "ada-lovelace"} and not said
    first.save()
    both, said = People(tmp_path / "p.json").ids([(other, "01"), (ada, "01")])
    assert both == {(ada, "01"): "ada-lovelace", (other, "01"): "ada-lovelace-22"}
    assert "Several people are called Ada Lovelace" in said[0]
    together, _ = People(tmp_path / "new.json").ids([(other, "01"), (ada, "01")])
    assert set(together.values()) == {"ada-lovelace-11", "ada-lovelace-22"}


def test_moodle_numbers_people_anew_in_each_lesson_and_canvas_does_not(tmp_path):
    given, said = People(tmp_path / "p.json").ids([(Sender(MOODLE, "Ada Lovelace", "11"), "01"), (Sender(MOODLE, "Ada Lovelace", "22"), "02")])
    assert set(given.values()) == {"ada-lovelace"} and not said
    people = People(tmp_path / "p.json")
    given, said = people.ids([(Sender(CANVAS, "lovelaceada", "11"), "01"), (Sender(CANVAS, "lovelaceada", "22"), "02")])
    assert set(given.values()) == {"lovelaceada-11", "lovelaceada-22"} and said
    assert people.canvas() == {"lovelaceada-11": "11", "lovelaceada-22": "22"}


def test_names_that_differ_in_case_or_signs_only(tmp_path):
    given, _ = People(tmp_path / "p.json").ids([(Sender(PLAIN, name), "01") for name in ("Ada", "ada", "a da", "Bob")])
    assert len({one.casefold() for one in given.values()}) == 4 and given[Sender(PLAIN, "Bob"), "01"] == "Bob"
    hidden, _ = People(tmp_path / "p.json").ids([(Sender(MOODLE, "Participant", "5"), "01")])
    assert list(hidden.values()) == ["participant-5"]


@pytest.mark.parametrize("damaged", ["", "{", "[1]", json.dumps([{"key": "x"}])])
def test_a_damaged_memory_is_no_error(tmp_path, damaged):
    (tmp_path / "p.json").write_text(damaged)
    assert People(tmp_path / "p.json").ids([(Sender(PLAIN, "ada"), "01")])[0]
