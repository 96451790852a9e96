"""Teams hand in: every member gets the work; what does not agree is refused by name."""

import pytest

from grader.lms import roster as rosters

SHEET = (
    "Identifier,Full name,Email address,Status,Group,Grade,Maximum Grade,Last modified (submission),Last modified (grade)\n"
    "Participant 11,Ada Alpha,ada@x.org,,Team Red,,10,-,-\n"
    "Participant 12,Bob Beta,bob@x.org,,Team Blue,,10,-,-\n"
    "Participant 13,Cleo Gamma,cleo@x.org,,Team Blue,,10,-,-\n"
    "Participant 14,Dan Delta,dan@x.org,,Default group,,10,-,-\n"
)
BLUE = "Team Blue_11_assignsubmission_file/01_toy.ipynb"  # a group's number, which is Ada's as well
RED = "Team Red_5_assignsubmission_file/01_toy.ipynb"


@pytest.fixture
def collect(desk, tmp_path):
    def collect(paths, sheet=SHEET, teams=True):
        (tmp_path / "sheet.csv").write_text(sheet)
        source = desk.arrive("Course-Toy-99.zip", {path: desk.answered(words) for path, words in paths.items()})
        return desk.collect(source, roster=rosters.read(tmp_path / "sheet.csv") if sheet else None, teams=teams)

    return collect


def who(found):
    return sorted(placed.student for placed in found.placed)


@pytest.mark.parametrize("flat", [False, True])
def test_every_member_gets_the_teams_work(collect, desk, flat):
    found = collect({path.replace("/", "_" if flat else "/"): path for path in (BLUE, RED)})
    assert who(found) == ["ada@x.org", "bob@x.org", "cleo@x.org"] and not found.unplaced
    tree = desk.tree()
    assert tree["bob@x.org/01_toy/01_toy.ipynb"] == tree["cleo@x.org/01_toy/01_toy.ipynb"] != tree["ada@x.org/01_toy/01_toy.ipynb"]
    assert b"Team Red" in tree["ada@x.org/01_toy/01_toy.ipynb"], "never by a number that a group and a person share"


def test_without_teams_nobody_gets_it(collect):
    found = collect({BLUE: "b", RED: "r"}, teams=False)
    assert not found.placed and all("say --teams" in one.reason for one in found.unplaced)


def test_the_team_of_those_in_none(collect):
    path = "Default group_assignsubmission_file/01_toy.ipynb"
    assert who(collect({path: "d", BLUE: "b"})) == ["bob@x.org", "cleo@x.org", "dan@x.org"]
    found = collect({path: "d", "Ada Alpha_11_assignsubmission_file/01_toy.ipynb": "a"}, sheet="", teams=False)
    assert who(found) == ["ada@x.org"] and "in no group" in found.unplaced[0].reason


def test_who_is_in_two_teams_that_disagree_is_asked_about(collect):
    found = collect({BLUE: "b", RED: "r"}, SHEET.replace("cleo@x.org,,Team Blue", 'cleo@x.org,,"Team Blue, Team Red"'))
    assert who(found) == ["ada@x.org", "bob@x.org"]
    [left] = found.unplaced
    assert left.origin == "cleo@x.org" and "01_toy arrived from Team Blue and Team Red, and which counts cannot be told" in left.reason


def test_who_hands_in_alone_beside_the_team_is_asked_about(collect):
    found = collect({BLUE: "b", "Bob Beta_12_assignsubmission_file/01_toy.ipynb": "alone"})
    assert who(found) == ["cleo@x.org"] and "Bob Beta and Team Blue" in found.unplaced[0].reason
    assert who(collect({BLUE: "same", "Bob Beta_12_assignsubmission_file/01_toy.ipynb": "same"})) == ["bob@x.org", "cleo@x.org"]


def test_what_does_not_agree_is_refused(collect):
    found = collect({"Team Grey_11_assignsubmission_file/01_toy.ipynb": "g", "Ada Alpha_12_assignsubmission_file/01_toy.ipynb": "x", BLUE: "b"})
    assert who(found) == ["bob@x.org", "cleo@x.org"]
    reasons = " ".join(one.reason for one in found.unplaced)
    assert "Team Grey bears the number 11, which in sheet.csv is Ada Alpha's" in reasons and "Ada Alpha bears the number 12, which in sheet.csv is Bob Beta's" in reasons
    both = collect({BLUE: "b"}, SHEET.replace("Dan Delta", "Team Blue"))
    assert not both.placed and "Team Blue is a team and a person" in both.unplaced[0].reason


@pytest.mark.parametrize(("sheet", "words"), [("", "the column Group"), (SHEET.replace("Group", "Other"), "has no column Group")], ids=["no list", "no column"])
def test_without_a_list_of_teams_it_says_what_is_needed(collect, sheet, words):
    found = collect({BLUE: "b"}, sheet)
    assert not found.placed and words in found.unplaced[0].reason


def test_older_moodles_give_each_member_a_folder(collect):
    found = collect({"Team Red-Ada Alpha_11_assignsubmission_file_/01_toy.ipynb": "a", "Team Red-Bob Beta_12_assignsubmission_file_/01_toy.ipynb": "b"}, teams=False)
    assert who(found) == ["ada@x.org"] and "bears the number 12" in found.unplaced[0].reason, "Bob is in another team"


@pytest.mark.parametrize("paths", [("Ada Alpha_11", "Team Blue_11"), ("Team Blue_11", "Ada Alpha_11"), ("Zoe_11", "Team Blue_11")])
def test_a_group_with_a_persons_number_never_becomes_that_person(collect, desk, paths):
    """Also without a list, where that it is a group cannot be known, and in two downloads one after the other."""
    together = collect({f"{one}_assignsubmission_file/01_toy.ipynb": one for one in paths}, sheet="", teams=False)
    assert len(who(together)) == 2 and not any("handed in" in note for placed in together.placed for note in placed.notes)
    for one in paths:
        again = collect({f"{one}_assignsubmission_file/01_toy.ipynb": one}, sheet="", teams=False)
        assert who(again) == [one.rpartition("_")[0].lower().replace(" ", "-")] and again.placed[0].how == "unchanged"
