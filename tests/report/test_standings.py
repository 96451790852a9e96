"""Who stands where: nobody is forgotten, lateness is said, and what most students met stands first, with a hint or without."""

import pytest

from grader.report.anonymity import anonymous
from grader.report.material import material
from grader.report.page import render
from grader.report.reckoning import as_json, reckon

from .pages import examine

A, B = "01_toy", "02_later"


def a_class():
    students = [(name, f"{name.title()} ({name})", (name.title(), "", "")) for name in ("zora", "ada", "cem", "dan")]
    cells = [(lesson, "x-test", "x", "test", False, 4.0) for lesson in (A, B)]
    grades = [(A, "ada", "x-test", 4.0, False), (A, "cem", "x-test", 1.0, True), (B, "ada", "x-test", 2.0, False)]
    handed_in = [(A, "ada", 0.0, 0.0), (A, "cem", 7260.0, 0.0), (A, "dan", 0.0, 0.0), (B, "ada", 3 * 86400.0, 0.0)]
    return material(students=students, lessons=[(A, "Toy", 1), (B, "Later", 0)], cells=cells, grades=grades, handed_in=handed_in)


def test_every_student_in_every_lesson():
    report = reckon(a_class())
    assert [one.student for one in report.standings] == ["ada", "cem", "dan", "zora"]
    told = {(one.student, place.lesson): (place.handed_in, place.points, place.waits, place.late) for one in report.standings for place in one.places}
    assert told["ada", A] == (True, 4.0, False, 0.0) and told["ada", B] == (True, 2.0, False, 3 * 86400.0)
    assert told["cem", A] == (True, 1.0, True, 7260.0) and told["dan", A] == (True, None, False, 0.0)
    assert told["zora", A] == told["zora", B] == told["dan", B] == (False, None, False, 0.0)
    assert [(lesson.missing, lesson.late) for lesson in report.lessons] == [(["zora"], [("cem", 7260.0)]), (["cem", "dan", "zora"], [("ada", 3 * 86400.0)])]
    words = [headline.words for headline in report.headlines]
    assert "1 student handed in nothing in 01_toy." in words and "1 submission of 02_later came late." in words


@pytest.mark.slow
def test_the_page_and_json_say_so():
    report = reckon(a_class())
    text = examine(render(report)).text
    assert "Nothing from Zora (zora)" in text and "Late: Cem (cem) by 2 h 01 min" in text
    assert "late 3 days" in text and "not graded" in text
    assert "Zora (zora) – –" in text
    assert as_json(report)["standings"][3] == {"student": "zora", "places": [{"lesson": one, "handed_in": False, "points": None, "waits": False, "late": 0.0, "penalty": 0.0, "excused": False} for one in (A, B)]}
    hidden = examine(render(reckon(anonymous(a_class())))).text.lower()
    assert not any(name in hidden for name in ("zora", "cem", "dan ("))


def test_a_lesson_that_nobody_handed_in_is_no_news():
    quiet = material(students=[("ada", "ada", ())], lessons=[(A, "Toy", 0)], cells=[(A, "x-test", "x", "test", False, 1.0)])
    assert not [headline for headline in reckon(quiet).headlines if "nothing" in headline.words]


def test_what_most_students_met_stands_first_also_without_a_hint():
    names = [f"s{number}" for number in range(6)]
    failures = [(A, name, "x-test", "x", "`f` raised ValueError", "", "", "") for name in names[:5]]
    failures += [(A, name, "y-test", "y", "wrong", "You counted the last twice.", "", "") for name in names[:2]]
    cells = [(A, f"{one}-test", one, "test", False, 1.0) for one in "xy"]
    made = material(students=[(name, name, ()) for name in names], lessons=[(A, "Toy", 0)], cells=cells, failures=failures,
                    grades=[(A, name, cell, 0.0, False) for name in names for cell in ("x-test", "y-test")])  # fmt: skip
    words = [headline.words for headline in reckon(made).headlines if "of 6 in" in headline.words]
    assert words == ["5 of 6 in 01_toy: `f` raised ValueError", "2 of 6 in 01_toy: You counted the last twice."]


def a_term():
    """Ten lessons and long names: late, waiting, handed in or not."""
    lessons = [f"{number:02}_a_lesson_on_something" for number in range(10)]
    people = [f"student-of-recurrent-networks-{number:02}" for number in range(3)]
    cells = [(lesson, "x-test", "x", "test", False, 20.0) for lesson in lessons]
    grades = [(lesson, one, "x-test", 12.5, one.endswith("1")) for lesson in lessons for one in people]
    handed_in = [(lesson, one, 7260.0 if one.endswith("2") else 0.0, 1.5 if one.endswith("2") else 0.0) for lesson in lessons for one in people]
    return material(students=[(one, f"Maria-Alexandra Example ({one})", ()) for one in people], lessons=[(one, one, place) for place, one in enumerate(lessons)],
                    cells=cells, grades=grades, handed_in=handed_in)  # fmt: skip


@pytest.mark.slow
def test_a_whole_term_is_seen_at_a_glance(browser, tmp_path):
    (tmp_path / "report.html").write_text(render(reckon(a_term())), encoding="utf-8")
    for width, whole in ((1280, True), (390, False)):
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.goto((tmp_path / "report.html").as_uri())
        table = page.locator(".wide")
        assert (table.evaluate("one => one.scrollWidth - one.clientWidth") <= 0) is whole, width
        assert [one.inner_text().split()[0] for one in page.locator(".standings thead th").all()] == ["student", *(f"{number:02}" for number in range(10))]
        told = page.locator("#standings-h")
        assert told.is_visible() and told.evaluate("one => one.scrollWidth <= one.clientWidth") and not page.locator(".standings caption").count(), "the legend does not move with the table"
        table.focus()
        table.evaluate("one => one.scrollLeft = one.scrollWidth")
        name = page.locator(".standings tbody th").first.bounding_box()
        assert name["x"] >= 0 and name["width"] < 0.45 * width, "whose points these are stays in sight"


def test_a_column_has_the_whole_name_where_a_number_is_none_or_not_one_s_own():
    lessons = ["01_toy", "01_later", "02_last", "project"]
    cells = [(one, "x-test", "x", "test", False, 4.0) for one in lessons]
    page = render(reckon(material(students=[("ada", "ada", ())], lessons=[(one, "T", place) for place, one in enumerate(lessons)], cells=cells)))
    heads = page[page.index('class="standings"') :]
    assert [heads.count(f">{one}</a>") for one in ("01_toy", "01_later", "02", "project")] == [1, 1, 1, 1] and ">02_last</a>" not in heads[: heads.index("<tbody>")]
