"""Feedback goes back to Moodle and Canvas as they take it: by the rules of their own importers, under the names that came."""

import io
import json
import re
import sys
import zipfile

import pytest

from grader.nbgrader_plugins import batch

from .test_exchange import environment, grader, read_all  # noqa: F401  (fixtures)

toys = sys.modules["toy_course_of_the_lms_tests"]
LESSON = "01_toy"


def of_moodle(path):
    """As importziplib.php reads a path: the participant's number, the plugin, and the name under which the file is kept."""
    parts = path.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit() and info[2].startswith("assign"):
            return int(info[1]), "_".join(info[2:4]), "/".join([(info + [""])[4], *parts]).lstrip("/")
    return None


def of_canvas(path):
    """As infer_comment_context_from_filename does: the first two numbers between underscores are the user's and the attachment's."""
    numbers = [int(one) for one in path.rsplit("/", 1)[-1].split("_") if re.fullmatch(r"\d+", one)]
    return tuple(numbers[:2])


def mine(student, who):
    return {**student, "metadata": {**student["metadata"], "of": who}}


def graded(made, *, read=True):
    from tests.nbgrader_plugins.test_recording import Alone

    batch.autograde(made.root, {LESSON: batch.students_of(made.api, LESSON)}, Alone(toys.plain_verdict))
    if read:
        read_all(made)


@pytest.fixture
def moodle(course_with_cli, grader, pack, student):  # noqa: F811
    download = course_with_cli.root / "Toy-4711.zip"
    download.write_bytes(pack({
        "Ada Lovelace_11_assignsubmission_file_/01_toy.zip": pack({"01_toy.ipynb": mine(student, "a"), "receipts/a.npz": b"A"}),
        "李 小龙_12_assignsubmission_file/Copy of 01_toy.ipynb": mine(student, "b"),
        "O'Brien, Pat_13_assignsubmission_file_/01_toy.ipynb": mine(student, "c"),
    }))  # fmt: skip
    sheet = course_with_cli.root / "worksheet.csv"
    rows = [f'Participant {number},"{name}",{mail}@example.org,,"Monday, 2 February 2026, 10:15 AM",-' for number, name, mail in ((11, "Ada Lovelace", "ada"), (12, "李 小龙", "li"), (13, "O'Brien, Pat", "pat"))]
    sheet.write_text("\n".join(["Identifier,Full name,Email address,Grade,Last modified (submission),Last modified (grade)", *rows]), encoding="utf-8-sig")
    grader("collect", download, "--names", sheet)
    return course_with_cli, download, sheet


def test_moodle_finds_everybody_by_number(grader, moodle):  # noqa: F811
    made, _, _ = moodle
    graded(made)
    said = grader("export", "--feedback", "moodle", "01").output
    assert "3 pages of 01_toy:" in said
    with zipfile.ZipFile(made.root / "exports" / "feedback-moodle-01_toy.zip") as archive:
        assert {of_moodle(name) for name in archive.namelist()} == {(number, "assignsubmission_file", "01_toy.html") for number in (11, 12, 13)}
        page = archive.read(next(name for name in archive.namelist() if "_12_" in name)).decode()
    assert "李 小龙 (li@example.org)" in page and "handed in 2 February 2026" in page and "9 of 10 points" in page
    first = (made.root / "exports" / "feedback-moodle-01_toy.zip").read_bytes()
    grader("export", "--feedback", "moodle", "01")
    assert (made.root / "exports" / "feedback-moodle-01_toy.zip").read_bytes() == first


def test_pages_are_as_the_gradebook_is_now(grader, moodle):  # noqa: F811
    made, _, _ = moodle
    graded(made, read=False)
    assert "wait to be read" in grader("export", "--feedback", "moodle", "01", code=1).stderr
    assert not (made.root / "exports").exists()
    read_all(made, points=2.0)
    grader("export", "--feedback", "moodle", "01")
    with zipfile.ZipFile(made.root / "exports" / "feedback-moodle-01_toy.zip") as archive:
        assert all("8 of 10 points" in archive.read(name).decode() for name in archive.namelist())


def test_a_renamed_student_is_still_moodles(grader, moodle):  # noqa: F811
    made, _, _ = moodle
    grader("students", "rename", "ada@example.org", "ada")
    graded(made)
    grader("export", "--feedback", "moodle", "01")
    with zipfile.ZipFile(made.root / "exports" / "feedback-moodle-01_toy.zip") as archive:
        assert "Ada Lovelace_11_assignsubmission_file_/01_toy.html" in archive.namelist()


def test_what_was_collected_by_an_earlier_edition_is_found_by_the_worksheet_or_another_collect(grader, moodle):  # noqa: F811
    made, download, sheet = moodle
    graded(made)
    ledger = made.root / ".grader" / "collected" / "ledger.json"
    ledger.write_text(json.dumps({key: {name: value for name, value in one.items() if name != "came"} for key, one in json.loads(ledger.read_text()).items()}))
    said = grader("export", "--feedback", "moodle", "01", code=1).stderr
    assert "3 pages are in no zip" in said and "ada@example.org (01_toy)" in said and "collect its download once more" in said
    assert "3 pages of 01_toy" in grader("export", "--feedback", "moodle", "01", "--roster", sheet).output
    grader("collect", download, "--names", sheet)
    assert "3 pages of 01_toy" in grader("export", "--feedback", "moodle", "01").output


def test_canvas_finds_student_and_file_and_a_zip_gets_a_zip(grader, course_with_cli, pack, student):  # noqa: F811
    made = course_with_cli
    download = made.root / "submissions.zip"
    download.write_bytes(pack({
        "lovelaceada_LATE_21_6001_01_toy.zip": pack({"01_toy.ipynb": mine(student, "a"), "receipts/a.npz": b"A"}),
        "hoppergrace_22_6002_Copy of 01_toy-1.ipynb": mine(student, "b"),
        "小龙李_23_6003_01_toy.ipynb": mine(student, "c"),
    }))  # fmt: skip
    book = made.root / "gradebook.csv"
    book.write_text("Student,ID,SIS Login ID,Section,01_toy (7)\n    Points Possible,,,,10\nLovelace Ada,21,ada,x,\nHopper Grace,22,grace,x,\n小龙李,23,li,x,\n")
    grader("collect", download, "--names", book)
    graded(made)
    assert "3 pages of 01_toy" in grader("export", "--feedback", "canvas", "01").output
    with zipfile.ZipFile(made.root / "exports" / "feedback-canvas-01_toy.zip") as archive:
        assert {of_canvas(name) for name in archive.namelist()} == {(21, 6001), (22, 6002), (23, 6003)}
        assert set(archive.namelist()) == {"lovelaceada_LATE_21_6001_01_toy.zip", "hoppergrace_22_6002_Copy of 01_toy-1.html", "小龙李_23_6003_01_toy.html"}
        with zipfile.ZipFile(io.BytesIO(archive.read("lovelaceada_LATE_21_6001_01_toy.zip"))) as inner:
            assert inner.namelist() == ["01_toy.html"] and b"9 of 10 points" in inner.read("01_toy.html")
    assert "3 pages are in no zip, as it is not known under which name Moodle has them" in grader("export", "--feedback", "moodle", "01", code=1).stderr
    assert not (made.root / "exports" / "feedback-moodle-01_toy.zip").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--feedback", "teams"], 2, "--feedback is moodle or canvas, not teams"),
        (["--feedback", "moodle", "--format", "canvas"], 2, "ask for one after the other"),
        (["--feedback", "moodle"], 1, "nothing is graded yet"),
    ],
)
def test_slips_are_one_sentence(grader, course_with_cli, words, code, said):  # noqa: F811
    assert said in grader("export", *words, code=code).stderr
