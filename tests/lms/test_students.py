"""One person, one id: a list forgotten once, or late, makes nobody two; and the class can be put right, in folders, memory and gradebook at once."""

import csv
import json
import sys
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from grader.nbgrader_plugins import batch

from .test_exchange import environment, grader  # noqa: F401  (fixtures)

toys = sys.modules["toy_course_of_the_lms_tests"]
LESSON, LATER = "01_toy", "02_later"
HEAD = "Identifier,Full name,Email address,Grade,Last modified (submission),Last modified (grade)"
CLASS = {"Ada Lovelace": "ada@example.org", "李 小龙": "li@example.org", "Grace Hopper": "grace@example.org"}


@pytest.fixture
def two(course_with_cli):
    """The toy course with a second released lesson."""
    made = course_with_cli
    for folder in ("solutions", "notebooks"):
        text = (made.root / folder / LESSON / f"{LESSON}.ipynb").read_text()
        place = made.root / folder / LATER / f"{LATER}.ipynb"
        place.parent.mkdir()
        place.write_text(text)
    (made.root / "lessons" / LATER).mkdir()
    (made.root / "lessons" / LATER / f"{LATER}.py").write_text("")
    return made


@pytest.fixture
def moodle(two, pack, student):
    """Moodle's download and its worksheet, for people and a first number: Moodle counts anew in each assignment."""

    def moodle(first, lesson=LESSON, names=tuple(CLASS), when="Monday, 2 February 2026, 10:15 AM", more=()):
        members = {f"{name}_{first + index}_assignsubmission_file_/{lesson}.ipynb": {**student, "metadata": {**student["metadata"], "of": name}} for index, name in enumerate(names)}
        download = two.root / f"download-{lesson}-{first}.zip"
        download.write_bytes(pack(members))
        lines = [f'Participant {first + index},{name},{CLASS.get(name, name.split()[0].lower() + "@new.example.org")},,"{when}",-' for index, name in enumerate((*names, *more))]
        sheet = two.root / f"worksheet-{lesson}-{first}.csv"
        sheet.write_text("\n".join([HEAD, *lines]), encoding="utf-8-sig")
        return download, sheet

    return moodle


def folders(made):
    return {path.relative_to(made.root / "submitted").as_posix() for path in (made.root / "submitted").glob("*/*") if path.is_dir()}


def test_a_list_that_is_forgotten_once_makes_nobody_two(grader, two, moodle):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    later, _ = moodle(500, LATER)
    said = grader("collect", later).output
    assert "3 new." in said and folders(two) == {f"{who}/{lesson}" for who in CLASS.values() for lesson in (LESSON, LATER)}
    assert "3 unchanged." in grader("collect", download).output


def test_a_list_that_comes_late_keeps_the_ids_and_says_how_to_take_its_own(grader, two, moodle):
    download, sheet = moodle(100)
    grader("collect", download)
    assert folders(two) == {f"{who}/{LESSON}" for who in ("ada-lovelace", "李-小龙", "grace-hopper")}
    later, other = moodle(500, LATER)
    said = grader("collect", later, "--names", other).output
    assert len({one.split("/")[0] for one in folders(two)}) == 3
    assert "ada-lovelace is ada@example.org in worksheet-02_later-500.csv" in said and "grader students rename --names worksheet-02_later-500.csv" in said
    assert "3 renamed." in grader("students", "rename", "--names", other).output
    assert folders(two) == {f"{who}/{lesson}" for who in CLASS.values() for lesson in (LESSON, LATER)}
    assert "3 unchanged." in grader("collect", download).output and "3 unchanged." in grader("collect", later, "--names", other).output


def test_what_an_earlier_edition_collected_without_a_list_is_known_too(grader, two, moodle):
    download, _ = moodle(100)
    grader("collect", download)
    (two.root / ".grader" / "collected" / "class.json").unlink()
    later, other = moodle(500, LATER)
    assert "ada-lovelace is ada@example.org" in grader("collect", later, "--names", other).output
    assert len({one.split("/")[0] for one in folders(two)}) == 3


def test_who_looks_like_somebody_known_is_asked_about(grader, two, moodle):
    grader("collect", *moodle(100)[:1], "--names", moodle(100)[1])
    later, _ = moodle(500, LATER, ("Ada M. Lovelace", "Grace Hopper"))
    said = grader("collect", later, code=1).output
    assert "Ada M. Lovelace may be ada@example.org (Ada Lovelace), who is known; if so run: grader students alias 'Ada M. Lovelace' ada@example.org; if it is somebody new: --new" in said
    assert "1 new, 1 left." in said and f"grace@example.org/{LATER}" in folders(two)
    assert "Who comes as Ada M. Lovelace is ada@example.org" in grader("students", "alias", "Ada M. Lovelace", "ada@example.org").output
    assert "1 new, 1 unchanged." in grader("collect", later).output
    assert f"ada@example.org/{LATER}" in folders(two)


def test_who_is_new_in_spite_of_it_is_said(grader, two, moodle):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    later, _ = moodle(500, LATER, ("Ada M. Lovelace",))
    grader("collect", later, "--new")
    assert f"ada-m-lovelace/{LATER}" in folders(two)
    assert "1 unchanged." in grader("collect", later).output


@pytest.mark.parametrize("name", ["Lovelace Ada", "Ádá Lovelace", "ada"])
def test_other_ways_to_look_alike(grader, two, moodle, student, name):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    if name == "ada":
        (two.root / "in" / "ada").mkdir(parents=True)
        (two.root / "in" / "ada" / f"{LATER}.ipynb").write_text(json.dumps(student))
        (two.root / "in" / "bob").mkdir()
        (two.root / "in" / "bob" / f"{LATER}.ipynb").write_text(json.dumps(student))
        said = grader("collect", two.root / "in", code=1).output
    else:
        said = grader("collect", moodle(500, LATER, (name,))[0], code=1).output
    assert "may be ada@example.org" in said and folders(two) <= {f"{who}/{LESSON}" for who in CLASS.values()} | {f"bob/{LATER}"}


def test_two_of_one_name_are_never_taken_for_the_one_who_is_known(grader, two, moodle, pack, student):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    later = two.root / "later.zip"
    later.write_bytes(pack({f"Ada Lovelace_{number}_assignsubmission_file_/{LATER}.ipynb": student for number in (7, 8)}))
    assert grader("collect", later, code=1).output.count("Ada Lovelace may be ada@example.org") == 2
    assert f"ada@example.org/{LATER}" not in folders(two)


def test_an_id_of_another_list_is_no_second_person(grader, two, moodle):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    later, _ = moodle(500, LATER, ("Ada Lovelace",))
    other = two.root / "other.csv"
    other.write_text("Username,Full name\nal12,Ada Lovelace\n")
    said = grader("collect", later, "--names", other, code=1).output
    assert "al12 (Ada Lovelace) may be ada@example.org (Ada Lovelace)" in said
    grader("students", "alias", "al12", "ada@example.org")
    grader("collect", later, "--names", other)
    assert f"ada@example.org/{LATER}" in folders(two)


def graded(two, *students, lesson=LESSON):
    from tests.nbgrader_plugins.test_recording import Alone

    return batch.autograde(two.root, {lesson: list(students)}, Alone(toys.plain_verdict), pages=True)


def read(two, student, lesson=LESSON, points=3.0):
    with two.api.gradebook as gradebook:
        grade = gradebook.find_grade("why", lesson, lesson, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


@pytest.mark.slow
def test_merge_moves_work_points_and_readings(grader, two, student):
    two.submit(student, "ada-lovelace")
    two.submit({**student, "metadata": {**student["metadata"], "of": "bob"}}, "bob")
    graded(two, "ada-lovelace", "bob")
    read(two, "ada-lovelace")
    grader("due", "01", "2026-02-02", "--per-day", 10)
    grader("due", "01", "--student", "ada-lovelace", "--extend", "3d")
    (two.root / "submitted" / "ada" / LATER).mkdir(parents=True)
    assert f"ada-lovelace is ada now, with {LESSON}." in grader("students", "merge", "ada-lovelace", "ada").output
    assert folders(two) == {f"ada/{LESSON}", f"ada/{LATER}", f"bob/{LESSON}"}
    assert json.loads((two.root / "due.json").read_text())["extensions"] == {LESSON: {"ada": 3 * 86400}}
    [result] = graded(two, "ada")
    assert (result.points, result.by_hand, result.again) == (9, False, ())
    with two.api.gradebook as gradebook:
        assert sorted(one.id for one in gradebook.students) == ["ada", "bob"]
    assert not (two.root / "feedback" / "ada-lovelace").exists() and (two.root / "feedback" / "ada" / LESSON).is_dir()


@pytest.mark.slow
def test_merge_takes_the_later_of_two_and_keeps_the_other(grader, two, student):
    for who, when in (("ada", "2026-02-02"), ("ada-lovelace", "2026-02-03")):
        two.submit({**student, "metadata": {**student["metadata"], "of": who}}, who)
        (two.folder(who) / "timestamp.txt").write_text(f"{when} 10:00:00 UTC")
    graded(two, "ada", "ada-lovelace")
    read(two, "ada", points=4.0)
    said = grader("students", "merge", "ada-lovelace", "ada").output
    assert f"Both had handed in {LESSON}: the later counts, the other is kept in .grader/collected/replaced/ada/{LESSON}/of-ada." in said
    assert "2026-02-03" in (two.folder("ada") / "timestamp.txt").read_text()
    assert "2026-02-02" in (two.root / ".grader" / "collected" / "replaced" / "ada" / LESSON / "of-ada" / "timestamp.txt").read_text()
    kept = json.loads((two.root / ".grader" / "collected" / "replaced" / "ada" / "gradebook-of-ada-lovelace.json").read_text())
    assert [one["by_hand"] for one in kept[0]["grades"] if one["cell"] == "why"] == [4.0]
    with two.api.gradebook as gradebook:
        assert gradebook.find_submission(LESSON, "ada").timestamp == datetime(2026, 2, 3, 10)


@pytest.mark.slow
def test_who_is_dropped_stays_so_until_taken_back(grader, two, moodle):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    graded(two, *CLASS.values())
    said = grader("students", "drop", "grace@example.org").output
    assert "grace@example.org is dropped; all of theirs is kept in .grader/collected/dropped/grace@example.org." in said
    assert f"grace@example.org/{LESSON}" not in folders(two) and not list(two.root.glob("*/grace*"))
    with two.api.gradebook as gradebook:
        assert sorted(one.id for one in gradebook.students) == ["ada@example.org", "li@example.org"]
    for later, names in ((moodle(500, LATER)[0], []), moodle(600, LATER)):
        said = grader("collect", later, *(["--names", names] if names else [])).output
        assert "Left out, because dropped from the class: grace@example.org (Grace Hopper)" in said and not list(two.root.glob("submitted/grace*"))
    assert "dropped" in grader("students").output
    assert f"grace@example.org is back, with {LESSON}." in grader("students", "restore", "grace@example.org").output
    assert f"grace@example.org/{LESSON}" in folders(two)


def test_names_reach_the_gradebook_and_the_table(grader, two, moodle):
    download, sheet = moodle(100, more=("Quiet Mouse",))
    grader("collect", download, "--names", sheet)
    with Gradebook(f"sqlite:///{two.root}/gradebook.db") as gradebook:
        told = {one.id: (one.first_name, one.last_name, one.email) for one in gradebook.students}
        assert told["ada@example.org"] == ("Ada", "Lovelace", "ada@example.org") and told["li@example.org"][:2] == ("李", "小龙")
        assert "quiet@new.example.org" in told, "who handed in nothing is in the class"
        gradebook.find_student("ada@example.org").first_name = "Augusta Ada"
        gradebook.db.commit()
    grader("collect", download, "--names", sheet)
    with Gradebook(f"sqlite:///{two.root}/gradebook.db") as gradebook:
        assert gradebook.find_student("ada@example.org").first_name == "Augusta Ada", "what a person wrote there stays"
    graded(two, *CLASS.values())
    grader("export", "--partial")
    with open(two.root / "exports" / "grades.csv", newline="", encoding="utf-8-sig") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {"Augusta Ada Lovelace", "李 小龙", "Grace Hopper"}
    page = (two.root / "feedback" / "grace@example.org" / LESSON / f"{LESSON}.html").read_text()
    assert "Grace Hopper (grace@example.org)" in page and "handed in 2 February 2026" in page


def test_the_list(grader, two, moodle):
    assert "Nobody is known yet" in grader("students").stderr
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    said = grader("students").output
    assert "Ada Lovelace" in said and "01" in said and "3 students." in said
    told = {one["id"]: one for one in json.loads(grader("students", "--json").stdout)}
    assert told["ada@example.org"]["lessons"] == [LESSON] and told["ada@example.org"]["listed"]


def test_two_of_an_earlier_edition_are_named(grader, two, moodle, student):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    two.submit(student, "ada-lovelace")
    (two.root / ".grader" / "collected" / "people.json").write_text(json.dumps([{"key": ["moodle", LATER, "9"], "name": "Ada Lovelace", "id": "ada-lovelace"}]))
    assert "perhaps one person: grader students merge ada-lovelace ada@example.org" in grader("students").output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["praise"], 2, "praise is none of list, merge"),
        (["merge", "ada"], 2, "merge takes two names: grader students merge OLD NEW"),
        (["drop", "adda"], 1, "nobody is called adda"),
        (["drop", "ada"], 1, "perhaps ada@example.org"),
        (["rename", "ada@example.org", "../x"], 1, "cannot be a folder's name; write 'x'"),
        (["rename", "ada@example.org", "li@example.org"], 1, "li@example.org is somebody already"),
        (["restore", "ada@example.org"], 1, "was not dropped"),
        (["alias", "li@example.org", "ada@example.org"], 1, "grader students merge li@example.org ada@example.org makes them one"),
        (["merge", "ada@example.org", "ada@example.org"], 1, "are ada@example.org both"),
        (["list", "--names", "x.csv"], 2, "--names belongs to rename"),
        (["rename", "--names", "none.csv"], 1, "The roster none.csv cannot be read"),
    ],
)
def test_slips_change_nothing(grader, two, moodle, words, code, said):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    before = {path: path.read_bytes() for path in two.root.rglob("*") if path.is_file() and "gradebook" not in path.name}
    assert said in grader("students", *words, code=code).stderr
    assert {path: path.read_bytes() for path in two.root.rglob("*") if path.is_file() and "gradebook" not in path.name} == before


def test_the_right_list_puts_a_time_right(grader, two, moodle):
    download, wrong = moodle(100, when="Monday, 2 February 2026, 10:15 AM")
    grader("collect", download, "--names", wrong)
    before = (two.folder("ada@example.org") / "timestamp.txt").read_text()
    _, right = moodle(100, when="Friday, 6 February 2026, 11:00 PM")
    placed = json.loads(grader("collect", download, "--names", right, "--json").stdout)["placed"]
    assert [one["how"] for one in placed] == ["unchanged"] * 3
    assert all(any("when it was handed in is now 2026-02-0" in note for note in one["notes"]) for one in placed)
    assert (two.folder("ada@example.org") / "timestamp.txt").read_text() != before
    assert "when it was handed in" not in grader("collect", download, "--names", right).output
    assert "when it was handed in" not in grader("collect", download).output, "no list is no news"


def test_a_time_that_was_not_known_comes_with_the_list_and_reaches_points(grader, two, moodle):
    download, sheet = moodle(100, when="Friday, 6 February 2026, 11:00 PM")
    grader("collect", download)
    assert not (two.folder("ada-lovelace") / "timestamp.txt").exists()
    grader("due", "01", "2026-02-02", "--per-day", 10)
    [before] = graded(two, "ada-lovelace")
    grader("collect", download, "--names", sheet)
    [after] = graded(two, "ada-lovelace")
    assert (before.points, after.points) == (6, 2) and after.how == "kept"


def test_times_in_a_zip_never_take_the_place_of_a_lists(grader, two, moodle, pack, student):
    download, sheet = moodle(100)
    grader("collect", download, "--names", sheet)
    before = (two.folder("ada@example.org") / "timestamp.txt").read_text()
    files = {f"{name}_{100 + index}_assignsubmission_file_/{LESSON}.ipynb": {**student, "metadata": {**student["metadata"], "of": name}} for index, name in enumerate(CLASS)}
    download.write_bytes(pack(files, {path: (2026, 2, 3 + index, 9, 0, 0) for index, path in enumerate(files)}))
    grader("collect", download)
    assert (two.folder("ada@example.org") / "timestamp.txt").read_text() == before


def test_a_link_that_was_typed_is_listed(grader, two, pack, student):
    download = two.root / "typed.zip"
    download.write_bytes(pack({
        "Ada Lovelace_1_assignsubmission_onlinetext_/onlinetext.html": b'<p>Here: <a href="https://colab.research.google.com/drive/abc?usp=sharing&amp;x=1">it</a></p>',
        "Bob_2_assignsubmission_file_/01_toy.ipynb": student,
        "Bob_2_assignsubmission_onlinetext_/onlinetext.html": b"<p>see https://example.org/n.</p>",
        "Cleo_3_assignsubmission_onlinetext_/onlinetext.html": b"<p>I was &quot;ill&quot;\x1b[31m.</p>",
    }))  # fmt: skip
    said = grader("collect", download, code=1).output
    assert "Ada Lovelace handed in text in place of a notebook: https://colab.research.google.com/drive/abc?usp=sharing&x=1." in said
    assert "Bob also typed into Moodle: https://example.org/n." in said and "\x1b[31m" not in said
    assert "Cleo handed in text in place of a notebook: “I was \"ill\"" in said and "1 new, 2 left." in said


def test_a_link_that_came_as_a_file_is_listed_too(grader, two, pack):
    download = two.root / "submissions.zip"
    download.write_bytes(pack({"lovelaceada_12345_link.html": b'<html><body><a href="https://colab.research.google.com/drive/xyz">URL</a></body></html>'}))
    assert "https://colab.research.google.com/drive/xyz" in grader("collect", download, code=1).output


@pytest.mark.parametrize(("same", "student"), [(True, "ada@example.org"), (False, "ada-m-lovelace")])
def test_an_answer_on_the_spot_settles_it(desk, tmp_path, same, student):
    from grader.lms import roster as rosters

    sheet = tmp_path / "w.csv"
    sheet.write_text(f"{HEAD}\nParticipant 1,Ada Lovelace,ada@example.org,,-,-\n")
    desk.collect(desk.arrive("a.zip", {"Ada Lovelace_1_assignsubmission_file_/01_toy.ipynb": desk.answered("one")}), roster=rosters.read(sheet))
    asked = []
    later = desk.arrive("b.zip", {"Ada M. Lovelace_2_assignsubmission_file_/01_toy.ipynb": desk.answered("two")})
    found = desk.collect(later, same=lambda question: asked.append(question) or same)
    assert [one.student for one in found.placed] == [student] and not found.unplaced
    assert len(asked) == 1 and asked[0].startswith("Ada M. Lovelace may be ada@example.org (Ada Lovelace), who is known; if so run")
    assert [one.student for one in desk.collect(later).placed] == [student], "it is not asked twice"
