"""Who made a download and who sent each file is read from all names together; what can be read in two ways is left, and both are said."""

import pytest

from grader.lms import roster as rosters

YAML = """
submission_101:
  :submitters:
  - :name: Ada Alpha
    :sid: 's1'
    :email: ada@example.org
  :created_at: 2025-02-03 10:00:00.000000000 Z
  :results: !ruby/object:Results
    tests: []
submission_102:
  :submitters:
  - :name: Bob Beta
    :email: bob@example.org
  - :name: Cleo Gamma
    :email: cleo@example.org
"""
CANVAS = "Student,ID,SIS Login ID,Section\n\"Alpha, Ada\",101,ada,A\n\"Beta, Bob\",102,bob,A\n\"x_101, Eve\",205,eve,A\n"


@pytest.fixture
def arrive(desk):
    """Put a download there: path -> whose answer it is, or bytes."""

    def arrive(name, files):
        return desk.arrive(name, {path: words if isinstance(words, bytes | dict) else desk.answered(words) for path, words in files.items()})

    return arrive


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / "list.csv").write_text(text, encoding="utf-8")
        return rosters.read(tmp_path / "list.csv")

    return read


def who(found):
    return sorted(placed.student for placed in found.placed)


def test_ilias(desk, arrive):
    found = desk.collect(arrive("Exercise_12.zip", {"Alpha_Ada_ada1_301/01_toy.ipynb": "a", "Alpha_Ada_ada1_301/receipts.npz": b"R", "de Beta_Bob B_bob.b_302/Late Submission - 01_toy.ipynb": "b"}))
    assert who(found) == ["ada1", "bob.b"] and found.readings == [("Exercise_12.zip", "ILIAS's download", 2)]


def test_ilias_teams_are_asked_for(desk, arrive, read):
    source = arrive("x.zip", {"Team 12/Alpha_Ada_ada1_301/01_toy.ipynb": "a", "Team 13/Beta_Bob_bob1_302/01_toy.ipynb": "b"})
    found = desk.collect(source)
    assert not found.placed and all("--teams" in one.reason for one in found.unplaced)
    people = read("login,name,group\nada1,Ada Alpha,Team 12\nbob1,Bob Beta,Team 13\ncleo,Cleo Gamma,Team 12\n")
    assert who(desk.collect(source, roster=people, teams=True)) == ["ada1", "bob1", "cleo"]


def test_gradescope(desk, arrive):
    files = {"assignment_77_export/submission_101/01_toy.ipynb": "a", "assignment_77_export/submission_102/01_toy.ipynb": "b", "assignment_77_export/submission_metadata.yml": YAML.encode()}
    found = desk.collect(arrive("export.zip", files))
    assert who(found) == ["ada-alpha"] and "Bob Beta and Cleo Gamma submitted it together; say --teams" in found.unplaced[0].reason
    assert who(desk.collect(desk.arrived / "export.zip", teams=True)) == ["ada-alpha", "bob-beta", "cleo-gamma"]


@pytest.mark.parametrize(("listed", "words"), [(None, "is missing"), (b"[", "is damaged"), (b"a: &a [*a]", "damaged"), (b"{}", "does not say whose")], ids=["none", "cut", "odd", "empty"])
def test_gradescope_without_its_list_is_nobodys(desk, arrive, listed, words):
    files = {"submission_101/01_toy.ipynb": "a", "submission_102/01_toy.ipynb": "b"}
    found = desk.collect(arrive("export.zip", files | ({"submission_metadata.yml": listed} if listed else {})))
    assert not found.placed and any(words in one.reason for one in found.unplaced)


def test_a_list_of_gradescopes_in_a_students_folder_says_nothing(desk, arrive):
    found = desk.collect(arrive("class.zip", {"eve/submission_101/01_toy.ipynb": "e", "eve/submission_metadata.yml": YAML.encode(), "fay/01_toy.ipynb": "f"}))
    assert who(found) == ["eve", "fay"]


def test_google_classroom(desk, arrive):
    found = desk.collect(arrive("01 Toy-20250203T1011Z-001.zip", {"01 Toy/Ada Alpha - 01_toy.ipynb": "a", "01 Toy/Copy of Zoë Ñandú - 01_toy (1).ipynb": "z"}))
    assert who(found) == ["ada-alpha", "zoë-ñandú"]


def test_a_name_of_google_classroom_with_two_readings_is_left(desk, arrive, read):
    source = arrive("x.zip", {"Ada Alpha - Bob Beta - 01_toy.ipynb": "a", "Bob Beta - 01_toy.ipynb": "b"})
    found = desk.collect(source)
    assert who(found) == ["bob-beta"] and "Ada Alpha's" in found.unplaced[0].reason and "Ada Alpha - Bob Beta's" in found.unplaced[0].reason
    assert who(desk.collect(source, roster=read("student_id,name\nada,Ada Alpha\nbob,Bob Beta\n"))) == ["ada", "bob-beta"]  # who is known from the first time


@pytest.mark.parametrize("around", ["01-toy-submissions/", ""])
def test_github_classroom(desk, arrive, around):
    source = arrive("class/", {f"{around}01-toy-ada/01_toy.ipynb": "a", f"{around}01-toy-ada/README.md": b"#", f"{around}01-toy-bob-b/01_toy.ipynb": "b"})
    assert who(desk.collect(source)) == ["ada", "bob-b"]


def test_repositories_of_an_assignment_called_otherwise(desk, arrive, read):
    source = arrive("class/", {"week-1-ada/01_toy.ipynb": "a", "week-1-bob/01_toy.ipynb": "b"})
    assert who(desk.collect(source)) == ["week-1-ada", "week-1-bob"], "the folders' names, which are nobody else's"
    people = read("student_id,github_username\ns1,ada\ns2,bob\n")
    assert who(desk.collect(source, layout="github-classroom", roster=people)) == ["s1", "s2"]


def test_blackboards_logins_may_hold_underscores(desk, arrive):
    found = desk.collect(arrive("x.zip", {f"Lesson_0_{one}_attempt_2025-02-03-10-00-00_01_toy.ipynb": one for one in ("ada_l", "bob_l", "cleo")}))
    assert who(found) == ["ada-l", "bob-l", "cleo"]


TWO_WAYS = {
    "one student's zip or a class of one": ("ada.zip", {"homework/01_toy.ipynb": "a"}, "one", ["ada"], "folders", ["homework"]),
    "a file's name or the zip's": ("ada.zip", {"bob_01_toy.ipynb": "a"}, "one", ["ada"], "files", ["bob"]),
    "versions or students": ("ada.zip", {"v1/01_toy.ipynb": "a", "v2/01_toy.ipynb": "b"}, "one", [], "folders", []),
    "groups or students": ("class/", {"blue/ada/01_toy.ipynb": "a", "blue/bob/01_toy.ipynb": "b", "red/cleo/01_toy.ipynb": "c"}, "folders=2", ["ada", "bob", "cleo"], "folders", ["red"]),
    "a folder in each folder": ("class/", {"blue/ada/01_toy.ipynb": "a", "red/bob/01_toy.ipynb": "b"}, "folders=2", ["ada", "bob"], "folders", ["blue", "red"]),
    "a class in a folder of its own": ("class.zip", {"class/ada/01_toy.ipynb": "a"}, "folders=2", ["ada"], "one", ["class"]),
    "Moodle's, in part": ("x.zip", {"Ada_11_assignsubmission_file_01_toy.ipynb": "a", "Bob_12_assignsubmission_file_01_toy.ipynb": "b", "cleo_01_toy.ipynb": "c"}, "moodle", ["ada", "bob"], "files", None),
    "Moodle's or Canvas's": ("x.zip", {"eve_12_3456_x_5_assignsubmission_file_01_toy.ipynb": "e"}, "canvas", ["eve"], "moodle", ["eve-12-3456-x"]),
    "Canvas's or Blackboard's": ("x.zip", {"eve_12_3456_x_bob_attempt_2025-02-03-10-00-00_01_toy.ipynb": "e"}, "canvas", ["eve"], "blackboard", ["bob"]),
    "a student's folder or Moodle's": ("class/", {"eve/Ada_11_assignsubmission_file_/01_toy.ipynb": "e"}, "folders", ["eve"], "moodle", ["ada"]),
}


@pytest.mark.parametrize(("name", "files", "one", "by_one", "other", "by_other"), TWO_WAYS.values(), ids=TWO_WAYS)
def test_what_can_be_read_in_two_ways_is_left_until_told(desk, arrive, name, files, one, by_one, other, by_other):
    source = arrive(name, files)
    found = desk.collect(source)
    [left] = found.unplaced
    assert not found.placed and not (desk.root / "submitted").exists() and "until you say" in left.reason
    assert len(left.files) == len(files)
    for layout, people in ((one, by_one), (other, by_other)):
        assert layout.partition("=")[0] in left.reason
        told = desk.collect(source, layout=layout, dry_run=True)
        assert people is None or who(told) == people


@pytest.mark.parametrize("files", [{"hw/ada/01_toy.ipynb": "a", "src/bob/01_toy.ipynb": "b"}, {"ada/hw/01_toy.ipynb": "a", "bob/src/01_toy.ipynb": "b"}], ids=["below", "above"])
def test_a_list_of_the_class_settles_what_names_leave_open(desk, arrive, read, files):
    assert who(desk.collect(arrive("class/", files), roster=read("student_id,name\nada,Ada\nbob,Bob\n"))) == ["ada", "bob"]


def test_a_zip_called_as_a_person_of_the_list_is_asked_about(desk, arrive, read):
    source = arrive("eve.zip", {"Ada Alpha_11_assignsubmission_file_/01_toy.ipynb": "e"})
    found = desk.collect(source, roster=read("student_id,name\neve,Eve Epsilon\nada,Ada Alpha\n"))
    assert not found.placed and "until you say" in found.unplaced[0].reason
    assert who(desk.collect(source, student="eve")) == ["eve"], "what the instructor says is above what names say"


@pytest.mark.parametrize("name", ["Ada_11_assignsubmission_file_/01_toy.ipynb", "Ada_11_assignsubmission_file_01_toy.ipynb", "ada_101_2001_01_toy.ipynb"])
def test_names_within_one_students_zip_say_nothing_among_others(desk, arrive, pack, name):
    zips = {"eve.zip": pack({name: desk.answered("e")}), "fay.zip": pack({"01_toy.ipynb": desk.answered("f")})}
    assert who(desk.collect(arrive("class/", zips))) == ["eve", "fay"]
    assert who(desk.collect(arrive("class.zip", zips))) == ["eve", "fay"]


def test_a_name_of_canvas_with_three_numbers_is_left_or_told_by_the_list(desk, arrive, read):
    """Whoever calls themselves `x_101` would get another's number; so would an honest file that begins with a year."""
    source = arrive("submissions.zip", {"alphaada_101_3001_01_toy.ipynb": "a", "betabob_102_3002_2025_01_toy.ipynb": "b", "x_101_205_3005_01_toy.ipynb": "e"})
    found = desk.collect(source)
    assert who(found) == ["alphaada"] and [("101" in one.reason or "102" in one.reason) and "--names" in one.reason for one in found.unplaced] == [True, True]
    found = desk.collect(source, roster=read(CANVAS))
    assert who(found) == ["alphaada", "bob"], "alphaada is known from the first time; the list knows nobody called x with the number 101"


def test_single_files_are_read_together(desk, arrive):
    files = [arrive(name, words) for name, words in (("ada_11_2001_01_toy.ipynb", desk.answered("a")), ("bob_12_2002_x_5_assignsubmission_file_01_toy.ipynb", desk.answered("b")))]
    assert who(desk.collect(*files)) == ["ada", "bob"]


def test_a_list_and_a_blank_notebook_beside_moodles_folders_are_nobodys(desk, arrive):
    found = desk.collect(arrive("class/", {"Ada_11_assignsubmission_file_/01_toy.ipynb": "a", "Bob_12_assignsubmission_file_/01_toy.ipynb": "b", "01_toy.ipynb": desk.release, "list.csv": b"x"}))
    assert who(found) == ["ada", "bob"] and {one.origin for one in found.unplaced} == {"class / 01_toy.ipynb", "class / list.csv"}


def test_a_layout_that_does_not_fit_says_so(desk, arrive):
    found = desk.collect(arrive("class.zip", {"ada/01_toy.ipynb": "a", "bob/01_toy.ipynb": "b"}), layout="moodle")
    assert not found.placed and "nothing in it is named as --layout moodle says" in found.unplaced[0].reason


def test_a_folder_called_as_a_person_of_the_list_is_asked_about(desk, arrive, read):
    source = arrive("class/", {f"eve/{name}_11_assignsubmission_file_/01_toy.ipynb": name for name in ("Ada", "Bob")})
    assert who(desk.collect(source, dry_run=True)) == ["ada", "bob"], "an unpacked download in a folder of its own"
    found = desk.collect(source, roster=read("student_id,name\neve,Eve Epsilon\nada,Ada\nbob,Bob\n"))
    assert not found.placed and "until you say" in found.unplaced[0].reason


@pytest.mark.parametrize("path", ["a" + "_1_100" * 10_000 + "/01_toy.ipynb", "x" + " - y" * 10_000 + " 01_toy.ipynb", "a/" * 10_000 + "01_toy.ipynb", "a" + "_1_100" * 80 + "_01_toy.ipynb"], ids=["numbers", "hyphens", "folders", "ids"])
def test_endless_names_cost_nothing(desk, arrive, path):
    found = desk.collect(arrive("class.zip", {path: "x", "ada/01_toy.ipynb": "a", "bob/01_toy.ipynb": "b"}))
    assert {"ada", "bob"} <= set(who(found)) or not found.placed


def test_the_folders_of_microsoft_teams(desk, arrive):
    files = {f"Submitted files/{one}/Toy/Version 1/01_toy.ipynb": one for one in ("Ada Alpha", "Bob Beta")}
    assert who(desk.collect(arrive("class/", files))) == ["Ada-Alpha", "Bob-Beta"]
    found = desk.collect(arrive("class/", {"Submitted files/Ada Alpha/Toy/Version 2/01_toy.ipynb": "again"}))
    assert who(found) == ["Bob-Beta"] and "say --copies newest" in found.unplaced[0].reason


def test_a_team_of_canvas(desk, arrive, read):
    source = arrive("submissions.zip", {"teamblue_101_3001_01_toy.ipynb": "t", "gammacleo_103_3002_01_toy.ipynb": "c"})
    people = read("Student,ID,SIS Login ID,Section,Group\n\"Alpha, Ada\",101,ada,A,Team Blue\n\"Beta, Bob\",102,bob,A,Team Blue\n\"Gamma, Cleo\",103,cleo,A,\n")
    assert who(desk.collect(source, roster=people)) == ["cleo"] and who(desk.collect(source, roster=people, teams=True)) == ["ada", "bob", "cleo"]
