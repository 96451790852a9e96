"""Lists of the class in the languages of Moodle: each is read as the English one is, and written back with its own headers."""

import csv
import io
import json
from pathlib import Path

import pytest

from grader.lms import roster as rosters
from grader.lms.exporting import Grades, export
from grader.lms.headers import meanings
from grader.lms.people import People
from grader.lms.roster import RosterError
from grader.lms.senders import MOODLE, Sender
from grader.nbgrader_plugins.totals import Total

ARRIVED = Path(__file__).parent / "arrived"
MOODLES = json.loads((ARRIVED / "headers_of_moodle.json").read_text(encoding="utf-8"))  # as its language packs have them


@pytest.fixture
def read(tmp_path):
    def read(*rows):
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        (tmp_path / "list.csv").write_text(out.getvalue(), encoding="utf-8-sig")
        return rosters.read(tmp_path / "list.csv")

    return read


def people_of(told):
    return [[f"{told['participant']}{number}", name, mail, "", "", "10,00", "", "-", "-", ""] for number, name, mail in ((11, "Ada Alpha", "ada@example.org"), (12, "Bob Beta", "bob@example.org"))]


@pytest.mark.parametrize("told", MOODLES.values(), ids=MOODLES)
def test_a_grading_worksheet(read, told):
    sheet = read(told["worksheet"], *people_of(told))
    assert sheet.is_worksheet and not sheet.is_canvas
    assert sheet.of_sender(Sender(MOODLE, "Ada Alpha", "11")).student == "ada@example.org"
    assert sheet.of_sender(Sender(MOODLE, told["participant"], "12")).student == "bob@example.org", "where names are hidden"
    with pytest.raises(RosterError, match="bears the number 11"):
        sheet.of_sender(Sender(MOODLE, "Bob Beta", "11"))
    made = export(Grades([Total("bob@example.org", "01_toy", 8.5, 10.0, 8.5, 0, False, None)], {"01_toy": 10.0}, {}), "moodle", sheet)
    head, ada, bob = csv.reader(io.StringIO(made.content, newline=""))
    assert head == [one for one in told["worksheet"] if one not in (told["worksheet"][6], told["worksheet"][7], told["worksheet"][9])]
    assert dict(zip(head, bob, strict=True))[told["worksheet"][4]] == "8.5" and dict(zip(head, ada, strict=True))[told["worksheet"][4]] == ""


@pytest.mark.parametrize("told", MOODLES.values(), ids=MOODLES)
def test_a_list_of_participants_and_the_team_of_a_worksheet(read, told):
    people = read(told["people"], ["Ada", "Alpha", "0042", "ada@example.org", "Team Blue"], ["Bob", "Beta", "0043", "bob@example.org", "Team Red, Team Blue"])
    assert people.of_sender(Sender(MOODLE, "Ada Alpha", "9")).student == "0042"
    assert [row.student for row in people.of_team("Team Blue")] == ["0042", "0043"] and [row.student for row in people.of_team("Team Red")] == ["0043"]
    assert "group" in meanings([*told["worksheet"][:4], told["team"], *told["worksheet"][4:]])


@pytest.mark.parametrize("told", MOODLES.values(), ids=MOODLES)
def test_people_without_names_get_numbers(tmp_path, told):
    given, _ = People(tmp_path / "p.json").ids([(Sender(MOODLE, told["participant"], "5"), "01")])
    assert all(one.endswith("-5") for one in given.values())


def test_the_german_worksheet_that_was_half_read():
    sheet = rosters.read(ARRIVED / "F11_worksheet_de.csv")
    assert [row.shown for row in sheet.rows] == ["Ada Alpha", "Bob Beta"] and sheet.of_sender(Sender(MOODLE, "Ada Alpha", "11")).line == 2


def test_a_language_that_is_not_known_is_named_with_what_is_missing(read):
    danish = ["ID", "Fulde navn", "E-mailadresse", "Status", "Karakter"]
    with pytest.raises(RosterError, match="no column of names that is known, such as Full name; its columns are ID, Fulde navn"):
        read(danish, ["Deltager 11", "Ada Alpha", "ada@example.org", "", ""]).of_sender(Sender(MOODLE, "Ada Alpha", "11"))
    with pytest.raises(RosterError, match="no header that names people.*; it has Tunniste, Koko nimi"):
        read(["Tunniste", "Koko nimi"], ["Osallistuja 11", "Ada Alpha"])
    with pytest.raises(RosterError, match="without the column Identifier"):
        read(["Full name", "Grade", "Maximum Grade", "Last modified (grade)"], ["Ada Alpha", "", "10", "-"])


def test_canvas_headers_are_english_whatever_its_language_is(read):
    book = read(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_toy (77)"], ["    Points Possible", "", "", "", "", "10,00"], ["Alpha, Ada", "101", "S1", "ada", "A", ""])
    assert book.is_canvas and [row.student for row in book.rows] == ["ada"]


@pytest.mark.parametrize(("header", "expected"), [(["Prénom", "Nom", "Groupes"], "last"), (["Nom", "Cognoms", "Grups"], "first"), (["Nome", "Indirizzo email"], "name")], ids=["French", "Catalan", "Italian"])
def test_one_word_means_what_the_language_of_the_others_says(header, expected):
    assert header[meanings(header)[expected]].startswith("Nom")


def test_github_classrooms_list(read):
    people = read(["identifier", "github_username", "github_id", "name"], ["s0042", "ada-l", "77", "Ada Alpha"], ["s0043", "", "", "Bob Beta"])
    assert people.of_sender(Sender("github-classroom", "ada-l")).student == "s0042"
    with pytest.raises(RosterError, match="has no bob"):
        people.of_sender(Sender("github-classroom", "bob"))
