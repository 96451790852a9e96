"""The report of a class that was really graded: by the command, as a page in a browser, and as figures."""

import json
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.report import reading  # noqa: F401

from . import classroom
from .pages import examine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    return classroom.graded_class(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def figures(graded):
    return json.loads(run("report", "--root", graded, "--json").stdout)


@pytest.fixture(scope="module")
def page(graded, tmp_path_factory):
    out = tmp_path_factory.mktemp("page") / "report.html"
    run("report", "--root", graded, "--out", out)
    return out


def run(*arguments, code=0):
    kept = os.environ.pop("RNN_COURSE_ROOT", None)
    try:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    finally:
        os.environ.update({"RNN_COURSE_ROOT": kept} if kept else {})
    assert result.exit_code == code, result.output + result.stderr
    return result


def lesson(figures):
    return next(one for one in figures["lessons"] if one["name"] == classroom.LESSON)


def test_the_points_are_the_gradebooks(figures):
    spread = lesson(figures)["distribution"]
    # 6 automatic points: all for 01, 02, 09; 1 of total alone for 03 and 04; 2 for 10, whose double passes the visible check; 0 for 05 to 08.
    assert (spread["students"], spread["max_points"], spread["median"], spread["none"], spread["full"]) == (10, 10.0, 1.0, 4, 0)
    assert spread["mean"] == pytest.approx((6 + 6 + 6 + 1 + 1 + 2) / 10)
    assert figures["students"] == 11  # 10 graded and one who never handed in; the gradebook does not know whose work waits


def test_questions_are_of_those_whose_checks_ran(figures):
    questions = {one["cell"]: one for one in lesson(figures)["questions"]}
    assert (questions["double-test"]["tried"], questions["double-test"]["passed"]) == (8, 4)  # not 07, which ended, nor 08, which is cut off
    assert (questions["double-hidden"]["tried"], questions["double-hidden"]["passed"], questions["double-hidden"]["seen"]) == (8, 3, [1, 4])
    assert (questions["total-test"]["passed"], questions["total-test"]["blank"]) == (5, 1)
    assert questions["why"]["waiting"] == 8


def test_misconceptions_are_counted_by_students(figures):
    said = {one["words"]: one for one in lesson(figures)["misconceptions"]}
    assert (said["You added 2. Doubling is 2 * x."]["students"], said["You added 2. Doubling is 2 * x."]["of"]) == (3, 9)
    assert said["This is how many there are, not their sum."]["students"] == 2
    told = [one["words"] for one in figures["headlines"]]  # the most frequent first, with a hint or without
    assert told[1:4] == ["1 student handed in nothing in 01_toy.", "4 of 9 in 01_toy: double of a large number is wrong", "3 of 9 in 01_toy: You added 2. Doubling is 2 * x."]


def test_what_a_person_should_judge(figures):
    assert [(one["student"], one["what"]) for one in figures["stopped"]] == [("student-07", ["the Python process ended with exit code 0 in cell double"])]
    assert [(one["student"], one["kind"]) for one in figures["unreadable"]] == [("student-05", "receipt"), ("student-08", "submission")]
    assert [(one["students"], one["one_run"]) for one in figures["same_weights"]] == [(["student-01", "student-02"], True)]
    pair = next(one for one in figures["same_answers"] if one["exercises"] == ["total"])
    assert pair["students"] == ["student-01", "student-02"]
    notes = {one["student"]: one["kinds"][0][0] for one in figures["repaired"]}
    assert notes["student-09"].startswith("nbgrader's metadata had been removed") and "student-06" in notes  # whose receipts are a link
    assert {(one["name"], one["receipts"], one["median"]) for one in figures["training"]} == {("net", 4, 12.5)}


def test_the_page_stands_alone_and_says_all_that(page):
    html = page.read_text()
    shown = examine(html).text
    for words in (
        "3 of 9", "You added 2. Doubling is 2 * x.", "This is how many there are, not their sum.", "the Python process ended with exit code 0 in cell double",
        "1 submission of 01_toy not graded yet: grader autograde 01_toy", "Nobody's work in this lesson has been graded", "one run: its second and its duration are the same too",
        "12 s", "GPU: Zorbla's own", "8 of 10", "例子 学生 (student-03)", "<script>alert(1)</script>",
    ):  # fmt: skip
        assert words in shown, words
    assert classroom.SECRET not in html and str(int(classroom.SECRET) // 2) not in html  # nothing of a hidden test


def test_anonymous_names_nobody(graded, tmp_path):
    html = run("report", "--root", graded, "--anonymous", "--out", tmp_path / "report.html") and (tmp_path / "report.html").read_text()
    figures = run("report", "--root", graded, "--anonymous", "--json").stdout
    names = [part for about in classroom.NAMES.values() for part in about if "<" not in part] + ["alert(1)", "student-0", "student-1", graded.name]
    for text in (html, json.dumps(json.loads(figures), ensure_ascii=False)):
        assert [name for name in names if name.casefold() in text.casefold()] == []
    assert "Person 01" in html and "Doubling is 2 * x" in examine(html).text


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser(page, browser, tmp_path, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False)
    shown, asked = context.new_page(), []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(page.as_uri())
    assert asked == [page.as_uri()]
    assert shown.locator("html").evaluate("element => element.scrollWidth") <= width
    assert shown.locator("h1").inner_text() == "Class report: rnn-course"
    assert shown.get_by_role("img").count() == 2
    assert shown.get_by_role("img", name="Points in 01_toy").is_visible()
    paper = shown.locator("#glance").evaluate("element => getComputedStyle(element).backgroundColor")
    bar = shown.locator("#lesson-1 svg path[style*='--bar']").first.evaluate("element => getComputedStyle(element).fill")
    assert (paper, bar) == (("rgb(255, 255, 255)", "rgb(61, 126, 189)") if scheme == "light" else ("rgb(26, 31, 39)", "rgb(91, 155, 213)"))
    shown.locator("summary", has_text="An example").first.focus()
    shown.keyboard.press("Enter")
    assert shown.get_by_text("return x + 2").first.is_visible()
    shown.screenshot(path=tmp_path / f"report-{width}-{scheme}.png", full_page=True)
    assert (tmp_path / f"report-{width}-{scheme}.png").stat().st_size > 20_000
    context.close()


def test_the_keyboard_begins_at_the_skip_link(page, browser):
    shown = browser.new_page()
    shown.goto(page.as_uri())
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.textContent") == "Go to the report"
    assert shown.locator(".skip").bounding_box()["x"] >= 0


@pytest.mark.parametrize("damage", ["missing", "cut off"])
def test_a_graded_notebook_that_is_damaged_costs_its_student_alone(graded, tmp_path, damage):
    root = shutil.copytree(graded, tmp_path / "course", symlinks=True)
    notebook = root / "autograded" / "student-03" / classroom.LESSON / f"{classroom.LESSON}.ipynb"
    whole = notebook.read_bytes()
    notebook.unlink()
    if damage == "cut off":
        notebook.write_bytes(whole[: len(whole) // 2])
    said = run("report", "--root", root).output
    assert "exports/report.html: 11 students, 2 lessons" in said
    html = (root / "exports" / "report.html").read_text()
    assert "grader autograde 01_toy --student student-03 --again" in html and "2 of 8" in examine(html).text


def test_lessons_are_chosen_by_name(graded):
    assert [one["name"] for one in json.loads(run("report", "02", "--root", graded, "--json").stdout)["lessons"]] == [classroom.LATER]
    said = run("report", "03", "--root", graded, code=1).stderr
    assert said == "grader: No lesson in the gradebook fits '03'. It knows 01_toy, 02_later.\n"
    assert "More than one lesson" in run("report", "0", "--root", graded, code=1).stderr


def test_what_is_in_its_place_stays(graded, tmp_path):
    (tmp_path / "thesis.html").write_text("precious")
    said = run("report", "02", "--root", graded, "--out", tmp_path / "thesis.html", code=1).stderr
    assert "is no class report, so it was left as it is" in said and (tmp_path / "thesis.html").read_text() == "precious"


def test_a_broken_receipt_and_folder_stop_nothing(graded, figures):
    assert Path(graded, "submitted", "student-06", classroom.LESSON, "receipts").is_symlink()
    assert not any("student-06" in (one["student"],) for one in figures["unreadable"])
    assert sum(one["receipts"] for one in figures["training"]) == 4  # the link was not followed


@pytest.mark.parametrize("what", ["graded", "receipts"])
def test_one_submission_that_breaks_the_reader_ends_no_report(graded, monkeypatch, what):
    module = sys.modules["grader.report.reading"]
    real, broken = getattr(module, what).read, []

    def read(source):
        if not broken:
            broken.append(source)
            raise OverflowError
        return real(source)

    monkeypatch.setattr(module, what, SimpleNamespace(**{**vars(getattr(module, what)), "read": read}))
    made = module.read(graded)
    (told,) = [row for row in made.unreadable.itertuples(index=False) if "OverflowError" in " ".join(map(str, row))]
    assert broken and set(made.grades["student"]) and told.student in set(made.students["student"])
