"""Files that Canvas, Moodle and a spreadsheet read: their headers, their rows, and nothing that is a formula."""

import csv
import io
from pathlib import Path

import pandas
import pytest

from grader.lms import roster as rosters
from grader.lms import tables
from grader.lms.exporting import ExportError, Grades, column_of, export
from grader.nbgrader_plugins.totals import Known, Total

TITLES = {"01_toy": "1 · A toy lesson", "02_more": "2 · More of it"}


def total(student, lesson, points, most=10.0, penalty=0.0, waits=False):
    return Total(student, lesson, max(0.0, points - penalty), most, points, penalty, waits, None)


@pytest.fixture
def grades():
    found = [total("ada", "01_toy", 8.5), total("bob", "01_toy", 7.0, penalty=2.0), total("li", "01_toy", 0.0), total("ada", "02_more", 20 / 3, 20.0), total("eve", "01_toy", 1.0)]
    return Grades(found, {"01_toy": 10.0, "02_more": 20.0}, {"ada": Known("ada", "Ada", "Lovelace, Countess", "ada@example.org"), "bob": Known("bob")}, TITLES)


@pytest.fixture
def roster(tmp_path):
    def roster(text):
        (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
        return rosters.read(tmp_path / "roster.csv")

    return roster


def table(made):
    return list(csv.reader(io.StringIO(made.content, newline="")))


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Essay (5),01_toy (77),Week 2: More of it (78),Final Score\n"
    "    Points Possible,,,,,,100,10,50,(read only)\n"
    '"Lovelace, Ada",101,S1,ada,"A, B",x,88,3,4,50\n'
    '"=cmd|\' /C calc\'!A0",102,S2,bob,A,x,77,5,,50\n'
    '"小龙 ""Bruce"", 李",103,S3,li,A,x,66,,9,50\n'
    '"Quiet, Mouse",104,S4,mouse,A,x,55,2,N/A,50\n'
    '"Student, Test",105,,0123,A,,,,,\n'
)


def test_canvas_columns_are_filled_in_place(grades, roster):
    made = export(grades, "canvas", roster(CANVAS))
    head, possible, ada, bob, li, mouse, test = table(made)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_toy (77)", "Week 2: More of it (78)"], "an old score of another assignment never comes back"
    assert possible == ["    Points Possible", "", "", "", "", "10", "50"]
    assert ada == ["Lovelace, Ada", "101", "S1", "ada", "A, B", "8.5", "6.66667"]
    assert bob == ["'=cmd|' /C calc'!A0", "102", "S2", "bob", "A", "5", ""], "the late penalty counts"
    assert li[0] == '小龙 "Bruce", 李' and li[5:] == ["0", "9"], "what nobody handed in stays as Canvas has it"
    assert mouse[5:] == ["2", "N/A"] and test[0] == "Student, Test"
    assert made.not_in_roster == ["eve"] and made.nothing_from == ["Quiet, Mouse"]
    assert any("Canvas counts 50 points, the lesson has 20" in remark for remark in made.remarks)
    assert not made.content.startswith("\ufeff") and "\r\n" in made.content


def test_canvas_with_a_bom_first_and_last_names_and_other_rows(grades, roster):
    made = export(grades, "canvas", roster("\ufeffLastName,FirstName,ID,SIS Login ID,Section,01_toy (77)\n,,,,,Manual Posting\nPoints Possible,,,,,10\nLovelace,Ada,101,ada,A,\n"))
    assert table(made)[:2] == [["LastName", "FirstName", "ID", "SIS Login ID", "Section", "01_toy (77)", "02_more"], ["", "", "", "", "", "Manual Posting", ""]]
    assert table(made)[2][5:] == ["10", "20"] and table(made)[3][5:] == ["8.5", "6.66667"]
    assert any("No column of roster.csv is plainly 02_more" in remark for remark in made.remarks)


def test_canvas_without_a_roster(grades):
    made = export(Grades(grades.totals, grades.most, grades.students, TITLES, {"li": "103"}), "canvas")
    rows = table(made)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_toy", "02_more"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "10", "20"]
    assert rows[2] == ["Lovelace, Countess, Ada", "", "", "ada", "", "8.5", "6.66667"]
    assert ["li", "103", "", "li", "", "0", ""] in rows and "Canvas finds them only if" in made.remarks[0] and "li," not in made.remarks[0]


def test_moodles_worksheet(grades, roster):
    sheet = (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\n"
        'Participant 11,Ada Lovelace,ada@example.org,Submitted,,100.00,Yes,-,-,"well\ndone"\n'
        "Participant 12,=Bob,bob@example.org,Submitted,1.00,100.00,Yes,-,\"Monday, 3 February 2025, 10:15 PM\",\n"
    )
    found = [total("ada@example.org", "01_toy", 8.5), total("bob@example.org", "01_toy", 7, penalty=2)]
    one = Grades(found, {"01_toy": 10.0}, {}, TITLES)
    made = export(one, "moodle", roster(sheet))
    assert table(made) == [
        ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Last modified (grade)"],
        ["Participant 11", "Ada Lovelace", "ada@example.org", "Submitted", "8.5", "100.00", "-"],
        ["Participant 12", "'=Bob", "bob@example.org", "Submitted", "5", "100.00", "Monday, 3 February 2025, 10:15 PM"],
    ]
    assert "Moodle's maximum grade is 100.00, the lesson has 10 points" in made.remarks[0]
    with pytest.raises(ExportError, match="one assignment; name the lesson"):
        export(grades, "moodle", roster(sheet))


def test_moodles_grade_import(grades, roster):
    people = roster("First name,Surname,ID number,Email address,Assignment: 1 · A toy lesson (Real)\nAda,Lovelace,S1,ada@example.org,-\n李,小龙,li,li@example.org,-\nMouse,Quiet,S4,m@example.org,-\n")
    made = export(Grades([total("S1", "01_toy", 8.5), total("li", "01_toy", 0)], {"01_toy": 10.0}, {}, TITLES), "moodle", people)
    assert table(made) == [
        ["Email address", "ID number", "First name", "Last name", "Assignment: 1 · A toy lesson (Real)"],
        ["ada@example.org", "S1", "Ada", "Lovelace", "8.5"],
        ["li@example.org", "li", "李", "小龙", "0"],
    ]
    assert made.nothing_from == ["Mouse Quiet"], "who handed in nothing has no row: an empty grade would be imported"
    with pytest.raises(ExportError, match="has none of Email address"):
        export(grades, "moodle", roster("Full name\tGroup\nAda\tA\n"))
    plain = export(grades, "moodle")
    assert table(plain)[:2] == [["Username", "Email address", "01_toy", "02_more"], ["ada", "ada@example.org", "8.5", "6.66667"]]


def test_csv_is_tidy_and_pandas_reads_it(grades, tmp_path):
    made = export(grades, "csv")
    tables.write(tmp_path / "g.csv", made.content)
    frame = pandas.read_csv(tmp_path / "g.csv", keep_default_na=False)
    assert list(frame.columns) == ["student", "name", "email", "lesson", "points", "max_points", "raw_points", "late_penalty", "to_be_read", "submitted", "due", "late_seconds", "excused"]
    assert len(frame) == 5 and frame.points.sum() == pytest.approx(8.5 + 5 + 0 + 1 + 20 / 3, abs=1e-4)
    assert frame.name[0] == "Ada Lovelace, Countess" and (tmp_path / "g.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("cell", ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", '=HYPERLINK("x")'], ids=ascii)
def test_a_formula_is_text(cell):
    assert tables.text(cell) == f"'{cell}"
    assert tables.text(f"x{cell}") == f"x{cell}"


def test_numbers_names_and_lines_stay(tmp_path):
    for cell in ("-5", "+4915112345", "-1.5", "0042", "O'Brien, Pat", 'say "hi"', "two\nlines", "李 小龙", "محمد", ""):
        assert tables.text(cell) == cell
    rows = [["a,b", 'c"d', "e\nf", "李"], ["", " x ", "'", "\u202e"]]
    assert list(csv.reader(io.StringIO(tables.as_csv(rows), newline=""))) == rows
    assert [tables.points(value) for value in (8.5, 10.0, 20 / 3, 0.1 + 0.2, None, 1e6)] == ["8.5", "10", "6.66667", "0.3", "", "1000000"]


def test_which_column_is_a_lessons():
    header = ["Assignment: Homework 1 (Real)", "01_toy (77)", "Week 2: More of it (78)", "Lesson 3 (79)", "Quiz 4", "Total"]
    assert column_of("01_toy", TITLES["01_toy"], header) == 1
    assert column_of("02_more", TITLES["02_more"], header) == 2
    assert column_of("03_third", "", header) == 3 and column_of("04_x", "", header) is None
    assert column_of("01_toy", "", ["01_toy (1)", "01_toy (2)"]) is None, "not one of two at random"


def test_two_ids_of_one_person_are_an_error(roster):
    found = [total("ada", "01_toy", 1), total("ada-lovelace", "01_toy", 2)]
    with pytest.raises(ExportError, match="are both Lovelace, Ada in line 3"):
        export(Grades(found, {"01_toy": 10.0}, {}), "canvas", roster(CANVAS))


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "g.csv"
    tables.write(path, "old")
    monkeypatch.setattr(tables.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        tables.write(path, "new")
    assert path.read_text() == "old" and list(Path(tmp_path).iterdir()) == [path]
