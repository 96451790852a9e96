"""Downloads that were misread before: each is placed under the right name, or named with what to do."""

import json
from pathlib import Path

import pytest

from grader.lms import roster as rosters
from grader.lms.lessons import Catalogue
from grader.lms.senders import is_copy

ARRIVED = Path(__file__).parent / "arrived"
LESSON = "00_start_here"


@pytest.fixture
def collect(desk, release):
    return lambda *sources, **wishes: desk.collect(*sources, catalogue=Catalogue({LESSON: release, "01_toy": release}), **wishes)


def who(found):
    return [placed.student for placed in found.placed]


def test_combining_marks_of_names_in_canvas(collect):
    found = collect(ARRIVED / "F7_canvas_marks.zip", roster=rosters.read(ARRIVED / "F7_canvas_gradebook.csv"))
    assert sorted(who(found)) == ["anita", "jorg", "kavi", "somchai", "thirak"] and not found.unplaced


def test_blackboards_attempts_are_one_student_and_the_newest_counts(collect):
    found = collect(ARRIVED / "F10_blackboard_like.zip")
    assert who(found) == ["ada1", "bob2"] and "handed in 2 times" in found.placed[0].notes[0]
    assert "11-30-00" in found.placed[0].origin


def test_brightspaces_attempts_are_one_student_and_the_newest_counts(collect):
    found = collect(ARRIVED / "F10_brightspace_like.zip")
    assert who(found) == ["ada-alpha", "bob-beta"] and "1130 AM" in found.placed[0].origin


def test_names_in_a_code_page_of_windows_are_asked_for(collect, desk):
    found = collect(ARRIVED / "F12_windows_cp850.zip")
    assert who(found) == ["Zoë-Ñandú"], "which every code page of western Europe has alike"
    [asked] = found.unplaced
    assert "say --encoding" in asked.reason and "cp850 João Araújo" in asked.reason
    assert sorted(who(collect(ARRIVED / "F12_windows_cp850.zip", encoding="cp850"))) == ["João-Araújo", "Zoë-Ñandú"]


def test_a_number_that_is_another_persons_is_refused(desk, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Identifier,Full name,Email address,Grade\nParticipant 11,Ada Alpha,ada@example.org,\nParticipant 12,Pat O'Brien,pat@example.org,\n")
    source = desk.arrive("teams.zip", {
        "Team Blue_11_assignsubmission_file/01_toy.ipynb": desk.answered("a group's"),
        "Pat OBrien_12_assignsubmission_file/01_toy.ipynb": desk.answered("Pat's"),
    })  # fmt: skip
    found = desk.collect(source, roster=rosters.read(sheet))
    assert who(found) == ["pat@example.org"]
    assert "Team Blue bears the number 11, which in sheet.csv is Ada Alpha's" in found.unplaced[0].reason


@pytest.mark.parametrize("student", ["obrien-pat", "pat-obrien", "pat-o-brien"])
def test_a_name_is_found_without_what_the_lms_strips(tmp_path, student):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("First name,Surname,Email address\nPat,O'Brien,pat@example.org\nAda,Alpha,ada@example.org\n")
    assert rosters.read(sheet).of_student(student).about["email"] == "pat@example.org"


@pytest.mark.parametrize(
    "file",
    ["x_777_assignsubmission_file_01_toy (9).ipynb", "x_777_9001_01_toy.ipynb", "Lesson_x_attempt_2025-02-03-10-00-00_01_toy.ipynb"],
)
def test_who_handed_in_is_never_read_from_a_file_that_a_student_named(desk, file):
    flat = desk.arrive("flat.zip", {f"Ada_11_assignsubmission_file_{file}": desk.answered("a"), "Bob_12_assignsubmission_file_01_toy.ipynb": desk.answered("b")})
    assert sorted(who(desk.collect(flat))) == ["ada", "bob"]
    folders = desk.arrive("class/", {f"eve/{file}": desk.answered("e"), "fay/01_toy.ipynb": desk.answered("f")})
    assert sorted(who(desk.collect(folders))) == ["eve", "fay"]


@pytest.mark.parametrize("name", ["01_toy-Copy1.ipynb", "01_toy (conflicted copy).ipynb", "01_toy_old.ipynb", "backup/01_toy.ipynb"])
def test_a_copy_beside_the_notebook_is_not_taken(desk, pack, name):
    later = {f"ada/{name}": (2025, 2, 5, 10, 0, 0)}
    (desk.arrived / "class.zip").write_bytes(pack({"ada/01_toy.ipynb": desk.answered("done"), f"ada/{name}": desk.answered("old"), "bob/01_toy.ipynb": desk.answered("b")}, later))
    desk.collect(desk.arrived / "class.zip")
    assert json.loads((desk.folder("ada") / "01_toy.ipynb").read_bytes()) == desk.answered("done")
    assert is_copy(name) and not is_copy("01_toy.ipynb")


@pytest.mark.parametrize("file", ["F5_class_two_levels.zip", "F5_class_with_README.zip"])
def test_folders_around_a_class_and_a_file_beside_it_are_nobody(collect, file):
    assert who(collect(ARRIVED / file)) == ["ada", "bob"]


def test_a_blank_notebook_beside_the_students_is_nobodys(desk):
    source = desk.arrive("class.zip", {"class/01_toy.ipynb": desk.release, "class/ada/01_toy.ipynb": desk.answered("a"), "class/bob/01_toy.ipynb": desk.answered("b")})
    found = desk.collect(source)
    assert who(found) == ["ada", "bob"] and "01_toy.ipynb" in found.unplaced[0].origin
