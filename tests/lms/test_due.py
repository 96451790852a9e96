"""Due dates, extensions, excusals and what lateness costs: one number everywhere, also for what is graded already."""

import csv
import json
import re
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from grader.nbgrader_plugins import batch, course, due
from grader.report import reading, reckoning

from .test_exchange import environment, grader, read_all  # noqa: F401  (fixtures)

pytestmark = pytest.mark.slow

toys = sys.modules["toy_course_of_the_lms_tests"]
LESSON = "01_toy"
CLASS = ("ada", "bob", "cleo", "dan")


@pytest.fixture(scope="module")
def _late(_templates, release, tmp_path_factory):
    """A class of four, graded and read: in time, 1 hour late, 3 days late, and without a time."""
    root = shutil.copytree(_templates / "ours", tmp_path_factory.mktemp("late") / "course")
    made = toys.Course(root, course(root, verdicts=toys.plain_verdict))
    for who, when in zip(CLASS, ("2026-02-02 10:00:00", "2026-02-03 00:59:00", "2026-02-05 22:00:00", ""), strict=True):
        made.submit(toys.answered(release), who)
        if when:
            (made.folder(who) / "timestamp.txt").write_text(f"{when} UTC")
    batch.autograde(root, {LESSON: list(CLASS)}, toys_team(), pages=True)
    read_all(made)
    return root


def toys_team():
    from tests.nbgrader_plugins.test_recording import Alone

    return Alone(toys.plain_verdict)


@pytest.fixture
def late(course_with_cli, _late, monkeypatch):
    shutil.copytree(_late, course_with_cli.root, dirs_exist_ok=True)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield course_with_cli
    monkeypatch.undo()
    time.tzset()


def everywhere(made, grader):
    """The points of each student as the table, the exports, the feedback, the report and nbgrader have them; they must be the same."""
    root = made.root
    table = {one.student: one.points for one in batch.autograde(root, {LESSON: list(CLASS)}, toys_team(), pages=True)}
    grader("export", "--format", "moodle", "01", "--out", root / "m.csv", "--force")
    with open(root / "m.csv", newline="", encoding="utf-8") as file:
        moodle = {row["Username"]: float(row[LESSON]) for row in csv.DictReader(file) if row[LESSON]}
    grader("export", "--out", root / "g.csv", "--force")
    with open(root / "g.csv", newline="", encoding="utf-8-sig") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    pages = {who: (root / "feedback" / who / LESSON / f"{LESSON}.html").read_text() for who in CLASS}
    shown = {who: float(re.search(r'class="total">([\d.]+) of 10 points', page)[1]) for who, page in pages.items()}
    report = reckoning.as_json(reckoning.reckon(reading.read(root)))
    standing = {one["student"]: one["places"][0]["points"] for one in report["standings"]}
    assert {who: float(row["points"]) for who, row in rows.items()} == table == shown
    for who in CLASS:
        if rows[who]["excused"] == "True":
            assert who not in moodle and standing[who] is None
        else:
            assert moodle[who] == standing[who] == table[who], who
    return table, pages, report


def test_a_due_date_and_its_price_reach_what_is_graded_already(grader, late):
    assert everywhere(late, grader)[0] == dict.fromkeys(CLASS, 9.0)
    said = grader("due", "1", "2026-02-02", "--per-day", 10, "--at-most", 25).output
    assert "01_toy, bob: from 9 to 8 points." in said and "01_toy, cleo: from 9 to 6.5 points." in said and "ada:" not in said
    assert "Late" not in said and "Each day begun late costs 10 %" in said
    assert "6.5 of 10 points" in (late.root / "feedback" / "cleo" / LESSON / f"{LESSON}.html").read_text()  # by this command
    points, pages, report = everywhere(late, grader)
    assert points == {"ada": 9.0, "bob": 8.0, "cleo": 6.5, "dan": 9.0}
    assert "2 days late" in pages["cleo"] and "in time" in pages["ada"] and "due 2 February 2026, 23:59" in pages["ada"]
    assert [one[0] for one in report["lessons"][0]["late"]] == ["cleo", "bob"]
    with Gradebook(f"sqlite:///{late.root}/gradebook.db") as gradebook:  # nbgrader's own commands see the same
        assert gradebook.find_assignment(LESSON).duedate == datetime(2026, 2, 2, 23, 59)
    assert late.api.autograde(LESSON, "cleo", force=True)["success"]
    assert everywhere(late, grader)[0] == points


def test_points_that_are_given_later_are_less_the_same_share(grader, late):
    """The penalty of one who had few points was cut to them: when a person gives more, it is whole again."""
    grader("due", "01", "2025-12-01", "--per-day", 100)
    assert everywhere(late, grader)[0]["cleo"] == 0
    grader("due", "--per-day", 50, "--at-most", 50)
    assert everywhere(late, grader)[0]["cleo"] == 4
    read_all(late, points=4.0)  # in formgrader
    assert everywhere(late, grader)[0]["cleo"] == 5


def test_an_extension_moves_one_students_date_also_before_they_hand_in(grader, late, student):
    grader("due", "01", "2026-02-02", "--per-day", 10)
    said = grader("due", "01", "--student", "cleo", "--extend", "2d").output
    assert "cleo +2 days" in said and "cleo: from 6 to 8 points" in said
    grader("due", "01", "2026-02-06 12:00", "--student", "cleo")
    assert everywhere(late, grader)[0] == {"ada": 9.0, "bob": 8.0, "cleo": 9.0, "dan": 9.0}
    grader("due", "01", "--student", "cleo", "--extend", "0")
    assert everywhere(late, grader)[0]["cleo"] == 6
    (late.root / "submitted" / "eva" / "notes").mkdir(parents=True)
    grader("due", "01", "--student", "eva", "--extend", "1w")
    late.submit(student, "eva")
    (late.folder("eva") / "timestamp.txt").write_text("2026-02-04 10:00:00 UTC")
    [eva] = batch.autograde(late.root, {LESSON: ["eva"]}, toys_team())
    assert (eva.points, eva.late) == (6.0, 0.0)


def test_who_is_excused_has_no_points_anywhere_and_is_not_missing(grader, late):
    grader("due", "01", "2026-02-02", "--per-day", 10)
    assert "cleo" in grader("due", "01", "--student", "cleo", "--excuse").output
    points, pages, report = everywhere(late, grader)
    assert points["cleo"] == 9.0 and "excused from this lesson" in pages["cleo"]
    assert report["lessons"][0]["distribution"]["students"] == 3
    roster = late.root / "canvas.csv"
    roster.write_text("Student,ID,SIS Login ID,Section,01_toy (7)\n    Points Possible,,,,10\nAda,1,ada,x,\nCleo,3,cleo,x,\n")
    grader("due", "01", "--student", "ada", "--excuse")
    assert grader("export", "--format", "canvas", "01", "--roster", roster, "--out", late.root / "c.csv", code=1).stderr.count("Excused") == 1
    with open(late.root / "c.csv", newline="") as file:
        assert {row["Student"]: row["01_toy (7)"] for row in csv.DictReader(file)} == {"    Points Possible": "10", "Ada": "EX", "Cleo": "EX"}
    grader("due", "01", "--student", "cleo", "--no-excuse")
    assert everywhere(late, grader)[0]["cleo"] == 6


def test_a_grace_and_no_date(grader, late):
    grader("due", "01", "2026-02-02", "--per-day", 10, "--grace", "2h")
    assert everywhere(late, grader)[0] == {"ada": 9.0, "bob": 9.0, "cleo": 6.0, "dan": 9.0}
    assert "cleo: from 6 to 9 points" in grader("due", "01", "none").output
    assert everywhere(late, grader)[0] == dict.fromkeys(CLASS, 9.0)


def test_dates_of_nbgraders_own_stay_where_the_file_says_nothing(grader, late):
    with late.api.gradebook as gradebook:
        gradebook.find_assignment(LESSON).duedate = datetime(2026, 1, 1)
        gradebook.find_submission_notebook(LESSON, LESSON, "ada").late_submission_penalty = 1.5
        gradebook.db.commit()
    assert everywhere(late, grader)[0]["ada"] == 7.5
    with late.api.gradebook as gradebook:
        assert gradebook.find_assignment(LESSON).duedate == datetime(2026, 1, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["01", "tomorrow"], 1, "'tomorrow' is no time; write it as 2026-02-02"),
        (["01", "03/04/2026"], 1, "is no time"),
        (["01", "--student", "cleo", "--extend", "soon"], 1, "'soon' is no span of time"),
        (["01", "--student", "celo", "--excuse"], 1, "nobody is called celo. Known are ada, bob, cleo, dan"),
        (["--student", "ada", "--excuse"], 2, "--student needs a lesson"),
        (["01", "--extend", "3d"], 2, "--extend and --excuse are for one student"),
        (["01", "2026-01-01", "--student", "ada"], 1, "is before 01_toy is due for all"),
        (["09", "2026-01-01"], 1, "No lesson fits '09'"),
    ],
)
def test_slips_are_one_sentence_and_change_nothing(grader, late, words, code, said):
    grader("due", "01", "2026-02-02")
    before = (late.root / "due.json").read_text()
    assert said in grader("due", *words, code=code).stderr
    assert (late.root / "due.json").read_text() == before


def test_a_damaged_file_is_named_everywhere(grader, late):
    (late.root / "due.json").write_text('{"due": {"01_toy": "soon"}}')
    for command in (["due"], ["export"]):
        assert "due.json cannot be understood" in grader(*command, code=1).stderr


def test_json_and_the_list(grader, late):
    assert "No lesson has a due date yet" in grader("due").stderr
    told = json.loads(grader("due", "01", "2026-02-02 18:00+02:00", "--per-day", 10, "--json").stdout)
    assert told["due"] == {LESSON: "2026-02-02T16:00:00+00:00"} and {one["student"] for one in told["changed"]} == {"bob", "cleo"}


@pytest.mark.parametrize(("text", "span"), [("3d", timedelta(3)), ("1d12h", timedelta(1.5)), ("90m", timedelta(minutes=90)), ("2w", timedelta(14)), ("15min", timedelta(minutes=15)), ("0", timedelta(0))])
def test_spans(text, span):
    assert due.span(text) == span


def test_words_for_spans_and_times():
    assert [due.how_long(one) for one in (30, 60, 3600, 5400, 7200, 86400, 100000, 3 * 86400)] == ["1 minute", "1 minute", "1 hour", "90 minutes", "2 hours", "1 day", "27 hours", "3 days"]
    assert due.moment("2026-02-02T18:00:00Z") == datetime(2026, 2, 2, 18, tzinfo=UTC)
