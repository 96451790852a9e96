"""The commands collect and export, and the whole road from an LMS's zip to an LMS's import."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin
from typer.testing import CliRunner

from grader.cli import app
from grader.nbgrader_plugins import course

toys = sys.modules["toy_course_of_the_lms_tests"]  # conftest.py
LESSON = "01_toy"
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """A command sets these variables for what it starts; each test begins without."""
    for name in ("GRADER_ISOLATION", "GRADER_GPU", "GRADER_GRADEBOOK", "RNN_COURSE_DATA", "RNN_COURSE_ROOT"):
        before = os.environ.get(name)
        monkeypatch.setenv(name, "to be taken back")
        monkeypatch.delenv(name) if before is None or name != "RNN_COURSE_DATA" else monkeypatch.setenv(name, before)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def grader(course_with_cli):
    def grader(command, *words, code=0):
        result = CliRunner().invoke(app, [command, "--root", str(course_with_cli.root), *map(str, words)])
        assert result.exit_code == code, result.output + result.stderr
        return result

    return grader


@pytest.fixture(scope="module")
def _graded(_templates, release, tmp_path_factory):
    root = shutil.copytree(_templates / "ours", tmp_path_factory.mktemp("graded") / "course")
    made = toys.Course(root, course(root, verdicts=toys.plain_verdict))
    for who in ("ada", "bob", "=cleo"):
        made.submit(toys.answered(release), who)
        made.grade(who)
    with made.api.gradebook as gradebook:
        gradebook.find_submission_notebook(LESSON, LESSON, "bob").late_submission_penalty = 1.5
        gradebook.db.commit()
    return root


@pytest.fixture
def graded(course_with_cli, _graded):
    """Three students graded, one of them late, and the written answers still to be read."""
    shutil.copytree(_graded, course_with_cli.root, dirs_exist_ok=True)
    return course_with_cli


def read_all(made, points=3.0):
    with made.api.gradebook as gradebook:
        for submission in gradebook.assignment_submissions(LESSON):
            grade = gradebook.find_grade("why", LESSON, LESSON, submission.student.id)
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def test_collect_says_what_it_did_and_what_it_left(grader, course_with_cli, pack, student):
    download = course_with_cli.root / "Toy-4711.zip"
    download.write_bytes(pack({"Ada Lovelace_1_assignsubmission_file_/Copy of 01_toy.ipynb": student, "Ada Lovelace_1_assignsubmission_file_/receipts/a.npz": b"A", "Bob_2_assignsubmission_file_/x.pdf": b"%PDF"}))
    dry = grader("collect", download, "--dry-run", code=1).output
    assert "nothing was changed (--dry-run)" in dry and not (course_with_cli.root / "submitted").exists()
    said = grader("collect", download, code=1).output
    assert "ada-lovelace" in said and "Ada Lovelace: Copy of 01_toy.ipynb" in said
    assert "Toy-4711.zip / Bob_2_assignsubmission_file: there is no notebook among what was handed in: x.pdf." in said
    assert said.rstrip().endswith("1 new, 1 left.")
    told = json.loads(grader("collect", download, "--json", code=1).output)
    assert told["placed"][0]["how"] == "unchanged" and told["unplaced"][0]["reason"].startswith("there is no notebook")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["missing.zip"], 1, "there is no such file"),
        ([], 2, "Missing argument"),
        (["x.zip", "--lesson", "09"], 1, "No lesson fits '09'"),
        (["x.zip", "--names", "none.csv"], 1, "The roster none.csv cannot be read"),
        (["x.zip", "--student", "../x"], 2, "cannot be a folder's name; write 'x'"),
        (["x.zip", "--layout", "sakai"], 2, "--layout is moodle, canvas, blackboard, brightspace, ilias, gradescope"),
        (["x.zip", "--layout", "folders=0"], 2, "and folders=2 for folders within folders; not folders=0"),
        (["x.zip", "--copies", "all"], 2, "--copies is ask or newest, not all"),
    ],
    ids=["missing", "nothing", "lesson", "roster", "student", "layout", "level", "copies"],
)
def test_collects_errors_are_one_sentence(grader, words, code, said):
    assert said in grader("collect", *words, code=code).stderr


def test_an_interrupt_says_how_to_go_on(grader, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.lms.collecting.open_sources", interrupted)
    assert "the same command does the rest" in grader("collect", "x.zip", code=130).stderr


@pytest.mark.slow
def test_a_zip_of_thousands_of_files_is_told_in_a_hundred_lines(grader, course_with_cli, pack):
    download = course_with_cli.root / "many.zip"
    download.write_bytes(pack({f"Ada_{n}_assignsubmission_file_/x.pdf": b"" for n in range(1, 3001)}))
    said = grader("collect", download, code=1).output
    assert len(said.splitlines()) < 120 and "and 2,900 more, which --json lists" in said


def test_a_download_with_two_readings_is_previewed_until_one_is_named(grader, course_with_cli, pack, toy, release):
    files = {f"{group}/{who}/01_toy.ipynb": toy.answered(release, {**toy.SOLVED, "why": who}) for group, who in (("blue", "ada"), ("blue", "bob"), ("red", "cleo"))}
    download = course_with_cli.root / "class.zip"
    download.write_bytes(pack(files))
    said = grader("collect", download, code=1).output
    assert "as a class with a folder or zip for each student: blue, red (--layout folders)" in said and "ada, bob, cleo (--layout folders=2)" in said
    assert "0 new" not in said and not (course_with_cli.root / "submitted").exists()
    preview = grader("collect", download, "--layout", "folders=2", "--dry-run").output
    assert all(who in preview for who in ("ada", "bob", "cleo")) and "class.zip was read as a class whose students' folders are 2 deep: 3 people" in preview
    assert not (course_with_cli.root / "submitted").exists()
    assert "3 new." in grader("collect", download, "--layout", "folders=2").output


def test_teams_by_the_column_of_a_list(grader, course_with_cli, pack, student):
    download, people = course_with_cli.root / "Toy-4711.zip", course_with_cli.root / "people.csv"
    download.write_bytes(pack({"Team Blue_1_assignsubmission_file_/01_toy.ipynb": student}))
    people.write_text("Username,Full name,Groups\nada,Ada Alpha,Team Blue\nbob,Bob Beta,Team Blue\n")
    assert "say --teams" in grader("collect", download, "--names", people, code=1).output
    assert "2 new." in grader("collect", download, "--names", people, "--teams").output


@pytest.mark.parametrize("name", ["a\nb", "a[b]", "a*", "what?"])
def test_folders_that_nbgrader_cannot_grade_are_named_at_the_start(grader, course_with_cli, student, name):
    course_with_cli.submit(student, name)
    assert "Rename them" in grader("autograde", "01", code=1).stderr


def test_a_course_that_is_not_released_says_so(grader, course_with_cli):
    shutil.rmtree(course_with_cli.root / "notebooks")
    assert "is missing. Run: grader build" in grader("collect", "x.zip", code=1).stderr


def test_what_waits_for_a_person_is_not_exported_unless_asked(grader, graded):
    said = grader("export", "--format", "moodle", code=1).stderr
    assert "3 submissions have answers that wait to be read by hand (01_toy: =cleo, ada, bob)" in said and "--partial" in said
    assert not (graded.root / "exports").exists()
    assert "wait to be read" in grader("export", "--partial").stderr
    read_all(graded)
    assert "wait" not in grader("export", "--format", "canvas").stderr


def test_points_are_nbgraders_own(grader, graded):
    read_all(graded)
    grader("export", "--format", "moodle", "01")
    with open(graded.root / "exports" / "moodle.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [["Username", "01_toy"], ["'=cleo", "9"], ["ada", "9"], ["bob", "7.5"]]
    with graded.api.gradebook as gradebook:
        CsvExportPlugin(to=str(graded.root / "theirs.csv")).export(gradebook)
    with open(graded.root / "theirs.csv", newline="") as file:
        theirs = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert theirs == {"=cleo": 9.0, "ada": 9.0, "bob": 7.5}


def test_exports_errors_and_notes(grader, graded, student):
    read_all(graded)
    assert "--format is canvas, moodle, csv or gradescope, not excel" in grader("export", "--format", "excel", code=2).stderr
    out = graded.root / "mine.csv"
    out.write_text("precious")
    assert "exists. Name another file, or write over it with --force" in grader("export", "--out", out, code=1).stderr
    assert out.read_text() == "precious"
    assert "--out is the roster itself" in grader("export", "--out", out, "--roster", out, "--force", code=1).stderr
    grader("export", "--out", out, "--force")
    assert "ada" in out.read_text(encoding="utf-8-sig")
    graded.submit(student, "dora")
    told = grader("export", "--json", "--format", "moodle")
    assert json.loads(told.stdout)["students"] == ["=cleo", "ada", "bob"]
    assert any("1 submissions of 01_toy are not graded" in remark and "dora" in remark for remark in json.loads(told.stdout)["remarks"])
    roster = graded.root / "roster.csv"
    roster.write_text("Username,Email address,Full name\nada,a@example.org,Ada\nmouse,m@example.org,Quiet Mouse\n")
    left = grader("export", "--format", "moodle", "--roster", roster, code=1)
    assert "2 graded students are not in the file" in left.stderr and "=cleo, bob" in left.stderr
    said = left.output
    assert "In the gradebook, not in the roster, so not in the file: =cleo, bob" in said and "In the roster, with nothing graded: Quiet Mouse" in said


def test_nothing_graded_yet_says_so(grader):
    assert "nothing is graded yet" in grader("export", code=1).stderr


@pytest.mark.slow
def test_the_road_from_moodles_zip_to_moodles_import(grader, course_with_cli, toy, student, pack):
    """Moodle's download, collect, autograde in the real engine, a person reads, export into Moodle's worksheet."""
    root = course_with_cli.root
    wrong = toy.answered(student, {"double": "def double(x):\n    return 3 * x"})
    download = root / "Toy-4711.zip"
    download.write_bytes(pack({
        "Ada Lovelace_11_assignsubmission_file_/01_toy.zip": pack({"01_toy.ipynb": student, "receipts/a.npz": b"A"}),
        "李 小龙_12_assignsubmission_file_/Copy of 01_toy.ipynb": wrong,
        "Ada Lovelace_13_assignsubmission_file_/homework.ipynb": toy.answered(student, {"total": "def total(xs):\n    return 0"}),
        "Cut Off_14_assignsubmission_file_/01_toy.ipynb": b'{"cells": [',
    }))  # fmt: skip
    sheet = root / "worksheet.csv"
    people = [("11", "Ada Lovelace", "a"), ("12", "李 小龙", "l"), ("13", "Ada Lovelace", "b"), ("14", "Cut Off", "c"), ("15", "Mouse, Quiet", "m")]
    lines = [f'Participant {number},"{name}",{mail}@example.org,,10.00,"Monday, 3 February 2025, 10:15 PM",-' for number, name, mail in people]
    sheet.write_text("\n".join(["Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (submission),Last modified (grade)", *lines]), encoding="utf-8-sig")

    assert "4 new." in grader("collect", download, "--names", sheet).output
    results = json.loads(grader("autograde", "01", "--json", "--workers", 1).stdout)
    assert {result["student"]: result["points"] for result in results} == {"a@example.org": 6, "b@example.org": 5, "l@example.org": 1, "c@example.org": 0}
    assert "wait to be read" in grader("export", "--format", "moodle", "01", "--roster", sheet, code=1).stderr
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        assert all(one.timestamp.year == 2025 for one in gradebook.assignment_submissions(LESSON))
    read_all(course_with_cli)
    said = grader("export", "--format", "moodle", "01", "--roster", sheet).output
    assert "In the roster, with nothing graded: Mouse, Quiet" in said and "4 students, 1 lesson" in said
    with open(root / "exports" / "moodle.csv", newline="", encoding="utf-8") as file:
        rows = {row["Identifier"]: row for row in csv.DictReader(file)}
    assert {number: row["Grade"] for number, row in rows.items()} == {"Participant 11": "9", "Participant 12": "4", "Participant 13": "8", "Participant 14": "3", "Participant 15": ""}
    assert rows["Participant 12"]["Full name"] == "李 小龙"
    assert "4 unchanged." in grader("collect", download, "--names", sheet).output


@pytest.mark.slow
def test_nbgraders_zip_collect_works_as_its_manual_says(course_with_cli, pack, student):
    """nbgrader's own way stays open: its result is what `grader autograde` reads."""
    made = course_with_cli
    archive = made.root / "downloaded" / LESSON / "archive"
    archive.mkdir(parents=True)
    (archive / "all.zip").write_bytes(pack({f"{who}_attempt_2025-02-03-10-00-00_01_toy.ipynb": student for who in ("ada", "bob")}))
    [pattern] = re.findall(r"^nbgrader zip_collect .*named_regexp='(.+)'$", (REPOSITORY / "docs" / "LMS.md").read_text(), re.MULTILINE)
    done = subprocess.run([sys.executable, "-m", "nbgrader", "zip_collect", LESSON, f"--FileNameCollectorPlugin.named_regexp={pattern}"], cwd=made.root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    for who in ("ada", "bob"):
        assert json.loads((made.folder(who) / f"{LESSON}.ipynb").read_text()) == student
        assert (made.folder(who) / "timestamp.txt").is_file()
        assert made.grade(who)["double-test"] == 2
    with course(made.root).gradebook as gradebook:
        assert all(one.timestamp.year == 2025 for one in gradebook.assignment_submissions(LESSON))
