"""Rosters as LMSs export them: who is who."""

import pytest

from grader.lms import roster as rosters
from grader.lms.roster import RosterError
from grader.lms.senders import CANVAS, MOODLE, PLAIN, Sender

CANVAS_BOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (5),01_toy (77),Final Score\n"
    ",,,,,Manual Posting,,\n"
    '    Points Possible,,,,,10,10,(read only)\n'
    '"Lovelace, Ada",101,S1,ada,A,1,,\n'
    '"O\'Brien, Pat ""Q""",102,S2,pat@example.org,A,2,,\n'
    '"小龙, 李",103,S3,li,A,3,4,\n'
    '"Student, Test",104,,0123abc,A,,,\n'
)
WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 11,Ada Lovelace,ada@example.org,Submitted for grading,,10.00,Yes,"Monday, 3 February 2025, 10:15 PM",-,\n'
    "Participant 12,Ada Lovelace,ada2@example.org,Submitted for grading,,10.00,Yes,-,-,\n"
)


@pytest.fixture
def read(tmp_path):
    def read(text, encoding="utf-8"):
        (tmp_path / "roster.csv").write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return rosters.read(tmp_path / "roster.csv")

    return read


def test_canvas(read):
    book = read(CANVAS_BOOK)
    assert book.is_canvas and not book.is_worksheet and len(book.others) == 2
    assert [row.student for row in book.rows] == ["ada", "pat@example.org", "li", "0123abc"]
    assert book.of_sender(Sender(CANVAS, "小龙李", "103")).student == "li" and book.of_sender(Sender(CANVAS, "anon", "103")).student == "li"
    with pytest.raises(RosterError, match="whoever bears the number 103, which in roster.csv is 小龙, 李's"):
        book.of_sender(Sender(CANVAS, "whoever", "103"))
    assert book.of_sender(Sender(CANVAS, "lovelaceada", "999")).student == "ada", "by the name, where the number is unknown"
    assert book.of_sender(Sender(CANVAS, "obrienpatq", "9")).student == "pat@example.org"
    assert book.of_sender(Sender(MOODLE, "Ada Lovelace", "1")).student == "ada"
    assert book.of_sender(Sender(PLAIN, "S2")).student == "pat@example.org"
    with pytest.raises(RosterError, match="has no Nobody"):
        book.of_sender(Sender(MOODLE, "Nobody", "1"))


def test_moodles_worksheet_tells_two_of_one_name_apart(read):
    sheet = read(WORKSHEET)
    assert sheet.is_worksheet and not sheet.is_canvas
    assert sheet.of_sender(Sender(MOODLE, "Ada Lovelace", "12")).student == "ada2@example.org"
    with pytest.raises(RosterError, match="2 people of roster.csv are called Ada Lovelace"):
        sheet.of_sender(Sender(PLAIN, "Ada Lovelace"))
    assert rosters.submitted(sheet.rows[0]).isoformat() == "2025-02-03T22:15:00" and rosters.submitted(sheet.rows[1]) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_encodings_and_separators(read, encoding, separator):
    people = read(f"First name{separator}Surname{separator}ID number{separator}Email address\r\nZoë{separator}Ñandú{separator}0042{separator}z@example.org\r\n", encoding)
    assert (people.rows[0].student, people.rows[0].shown) == ("0042", "Zoë Ñandú")
    assert people.of_sender(Sender(MOODLE, "Ñandú, Zoë", "3")).student == "0042"


def test_the_id_is_the_first_that_a_row_has(read):
    people = read("student_id,name,email\nada,Ada,a@example.org\n,Bob B.,b@example.org\n,Cleo C.,\n../x,Dora,\n")
    assert [row.student for row in people.rows] == ["ada", "b@example.org", "cleo-c", "x"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no header"),
        ("just one line\n", "no header"),
        ("colour,size\nred,3\n", "no header"),
        ("name,email\n", "names nobody"),
        ("student_id,name\nada,A\nADA,B\n", "has ada in lines 2 and 3"),
        (b"\x00\x01\x02\xff" * 100, "no header"),
    ],
    ids=["empty", "one line", "another table", "nobody", "twice", "binary"],
)
def test_what_is_no_roster_is_one_sentence(read, text, words):
    with pytest.raises(RosterError, match=words):
        read(text)


def test_a_missing_roster(tmp_path):
    with pytest.raises(RosterError, match="the file is missing"):
        rosters.read(tmp_path / "none.csv")


def test_ids_made_of_names_are_found_again(read):
    book = read(CANVAS_BOOK)
    for student, row in (("ada", 0), ("ada-lovelace", 0), ("lovelaceada", 0), ("lovelaceada-101", 0), ("o-brien-pat-q", 1), ("李-小龙", 2), ("S3", 2), ("103", 2)):
        assert book.of_student(student) is book.rows[row], student
    assert book.of_student("nobody") is None and book.of_student("lovelaceada-999") is None
    sheet = read(WORKSHEET)
    assert sheet.of_student("ada-lovelace-12") is sheet.rows[1] and sheet.of_student("ada-lovelace") is None


def test_collect_with_a_roster(desk, read):
    source = desk.arrive("a.zip", {
        "Ada Lovelace_11_assignsubmission_file_/01_toy.ipynb": desk.answered("one"), "Ada Lovelace_12_assignsubmission_file_/01_toy.ipynb": desk.answered("two"),
        "New Comer_13_assignsubmission_file_/01_toy.ipynb": desk.answered("three"),
    })  # fmt: skip
    found = desk.collect(source, roster=read(WORKSHEET))
    assert [placed.student for placed in found.placed] == ["ada2@example.org", "ada@example.org"]
    assert "roster.csv has no New Comer" in found.unplaced[0].reason
    assert b"2025-02-03" in desk.tree()["ada@example.org/01_toy/timestamp.txt"] or b"2025-02-04" in desk.tree()["ada@example.org/01_toy/timestamp.txt"]
