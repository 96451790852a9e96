"""The table of docs/LMS.md, LMS by what it sends, recognised by what, and what is not: each row is tried."""

import re
from pathlib import Path

import pytest

from grader.lms import roster as rosters

DOCS = (Path(__file__).parents[2] / "docs" / "LMS.md").read_text(encoding="utf-8")
TABLE = re.search(r"\| LMS \| what it sends.*?\n\n", DOCS, re.DOTALL)[0]
ROWS = {cells[0]: cells for line in TABLE.strip().split("\n")[2:] if (cells := [cell.strip() for cell in line.strip("|").split(" | ")])}
LIST = "student_id,name,group\nada,Ada Alpha,Team 12\nbob,Bob Beta,Team Blue\ncleo,Cleo Gamma,Team Blue\n"
YAML = b"submission_101:\n  :submitters:\n  - :name: Ada Alpha\nsubmission_102:\n  :submitters:\n  - :name: Bob Beta\n"
PAIR = YAML + b"  - :name: Cleo Gamma\n"

# Per row: what is sent for ada, with a second person's; her id; what is not recognised beside the second person's, and words of why.
TRIED = {
    "Moodle": ("Ada Alpha_11_assignsubmission_file/01_toy.ipynb", "Bob Beta_12_assignsubmission_file/01_toy.ipynb", "ada-alpha", {"Team Blue_11_assignsubmission_file/01_toy.ipynb": 1}, "say --teams"),
    "Canvas": ("alphaada_101_3001_01_toy.ipynb", "betabob_102_3002_01_toy.ipynb", "alphaada", {"eve_101_205_3005_01_toy.ipynb": 1}, "can be read as eve's (101) or eve_101's (205)"),
    "Blackboard": ("Lesson 1_ada_attempt_2025-02-03-10-00-00_01_toy.ipynb", "Lesson 1_bob_attempt_2025-02-03-10-00-00_01_toy.ipynb", "ada", {"Lesson 1_cleo_attempt_2025-02-03-10-00-00.txt": b"x"}, "no notebook among"),
    "Brightspace": ("1234-56789 - Ada Alpha - Feb 3, 2025 905 AM/01_toy.ipynb", "1235-56789 - Bob Beta - Feb 3, 2025 906 AM/01_toy.ipynb", "ada-alpha", {"1236-56789 - Cleo Gamma - 3. Februar 2025 0906/01_toy.ipynb": 1}, "until you say"),
    "ILIAS": ("Alpha_Ada_ada1_301/01_toy.ipynb", "Beta_Bob_bob1_302/01_toy.ipynb", "ada1", {"Team 12/Gamma_Cleo_cleo_303/01_toy.ipynb": 1}, "with --teams"),
    "Gradescope": ("submission_101/01_toy.ipynb", "submission_102/01_toy.ipynb", "ada-alpha", {"submission_103/01_toy.ipynb": 1}, "does not say whose"),
    "Google Classroom": ("Ada Alpha - 01_toy.ipynb", "Bob Beta - 01_toy.ipynb", "ada-alpha", {"Cleo - Gamma - 01_toy.ipynb": 1}, "can be read as Cleo's"),
    "GitHub Classroom": ("01-toy-ada/01_toy.ipynb", "01-toy-bob/01_toy.ipynb", "ada", None, ""),
    "folders, zips": ("ada/01_toy.ipynb", "bob/01_toy.ipynb", "ada", {"blue/cleo/01_toy.ipynb": 1, "blue/dan/01_toy.ipynb": 1, "red/eve/01_toy.ipynb": 1}, "until you say"),
    "files": ("ada_01_toy.ipynb", "bob_01_toy.ipynb", "ada", {"01_toy.ipynb": 1}, "say"),
    "one student": (None, None, "ada", None, ""),
}  # fmt: skip


def who(found):
    return sorted(placed.student for placed in found.placed)


def test_every_row_is_tried():
    assert list(ROWS) == list(TRIED) and all(len(cells) == 4 for cells in ROWS.values())


@pytest.mark.parametrize("row", [row for row, tried in TRIED.items() if tried[0]])
@pytest.mark.parametrize("as_folder", [False, True], ids=["zip", "folder"])
def test_a_row(desk, tmp_path, row, as_folder):
    first, second, student, other, words = TRIED[row]
    assert f"`{first}`" in ROWS[row][1] or all(f"`{part}`" in ROWS[row][1] for part in (first, *(["submission_metadata.yml"] if row == "Gradescope" else [])))
    listed = {"submission_metadata.yml": YAML} if row == "Gradescope" else {}
    name = "class/" if as_folder else "Course-Toy-99.zip"
    found = desk.collect(desk.arrive(name, {first: desk.answered("a"), second: desk.answered("b"), **listed}))
    assert student in who(found) and len(found.placed) == 2 and not found.unplaced
    if other:
        there = {path: desk.answered(path) if content == 1 else content for path, content in other.items()}
        rest = {} if row in ("folders, zips",) else {second: desk.answered("b"), **listed}
        (tmp_path / "list.csv").write_text(LIST)
        people = rosters.read(tmp_path / "list.csv") if row == "Moodle" else None
        found = desk.collect(desk.arrive(f"other-{name}", {**there, **rest}), roster=people)
        assert words in " ".join(one.reason for one in found.unplaced)
        assert not {file for one in found.placed for file in one.files} & {f"other-{name} / {path}".replace("/ /", "/") for path in other}


def test_moodles_flat_download_and_canvas_late_one(desk):
    for row, path, student in (("Moodle", "Ada Alpha_11_assignsubmission_file_01_toy.ipynb", "ada-alpha"), ("Canvas", "alphaada_LATE_101_3001_01_toy.ipynb", "alphaada")):
        assert f"`{path}`" in ROWS[row][1]
        assert who(desk.collect(desk.arrive(f"{row}.zip", {path: desk.answered(row)}))) == [student]


def test_teams_of_gradescope_and_ilias(desk, tmp_path):
    (tmp_path / "list.csv").write_text(LIST)
    people = rosters.read(tmp_path / "list.csv")
    export = desk.arrive("export.zip", {"submission_101/01_toy.ipynb": desk.answered("a"), "submission_102/01_toy.ipynb": desk.answered("b"), "submission_metadata.yml": PAIR})
    assert who(desk.collect(export)) == ["ada-alpha"] and who(desk.collect(export, roster=people, teams=True)) == ["ada-alpha", "bob", "cleo"]
    ilias = desk.arrive("ilias.zip", {"Team 12/Alpha_Ada_ada1_301/01_toy.ipynb": desk.answered("a")})
    assert who(desk.collect(ilias, roster=people, teams=True)) == ["ada-alpha"]  # known from the first time


def test_github_repositories_called_otherwise(desk):
    source = desk.arrive("class/", {"week-one-ada/01_toy.ipynb": desk.answered("a"), "week-one-bob/01_toy.ipynb": desk.answered("b")})
    assert who(desk.collect(source, dry_run=True)) == ["week-one-ada", "week-one-bob"]
    assert who(desk.collect(source, layout="github-classroom")) == ["ada", "bob"]


def test_one_students_zip(desk):
    assert who(desk.collect(desk.arrive("ada.zip", {"01_toy.ipynb": desk.answered("a")}))) == ["ada"]
    for inner in ("homework/01_toy.ipynb", "bob_01_toy.ipynb"):
        source = desk.arrive("ada.zip", {inner: desk.answered("other")})
        found = desk.collect(source)
        assert not found.placed and "until you say" in found.unplaced[0].reason
        assert who(desk.collect(source, student="ada")) == ["ada"]


def test_a_zip_for_each_student(desk, pack):
    assert who(desk.collect(desk.arrive("class/", {f"{one}.zip": pack({"01_toy.ipynb": desk.answered(one)}) for one in ("ada", "bob")}))) == ["ada", "bob"]
