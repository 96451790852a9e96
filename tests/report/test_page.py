"""The page: whole and alone whatever stands in the class, sensible for classes of every size, and never in the place of something else."""

from datetime import datetime

import pytest

from grader.report.material import material
from grader.report.page import MARK, NotOurs, render, write
from grader.report.reckoning import reckon
from grader.report.words import duration

from .pages import examine

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;</svg></style>{{ 7*7 }} $\\frac$ \u202eevil\x00\x1b[31m"
L = "01_toy"


def page_of(**rows):
    return render(reckon(material(**rows)), datetime(2026, 1, 2, 3, 4))


def big(students, lessons=(L,), points=lambda student, cell: (student + cell) % 3 > 0):
    """Rows of a class that handed in everything."""
    names = [f"student-{number:03d}" for number in range(students)]
    cells = [(lesson, f"x{number}-test", f"x{number}", "test", number % 2 == 1, 2.0) for lesson in lessons for number in range(6)]
    return {
        "students": [(name, name, ()) for name in names],
        "lessons": [(lesson, f"About {lesson}", 0) for lesson in lessons],
        "cells": cells,
        "grades": [(cell[0], name, cell[1], 2.0 * points(number, int(cell[1][1])), False) for number, name in enumerate(names) for cell in cells],
    }


def test_markup_stays_text_wherever_it_stands():
    html = page_of(
        course=EVIL, students=[(EVIL, EVIL, (EVIL, EVIL, EVIL))], lessons=[(EVIL, EVIL, 2), (L, EVIL, 0)],
        cells=[(EVIL, EVIL, EVIL, "test", True, 1.0), (EVIL, EVIL + "2", EVIL, "test", False, 1.0), (EVIL, "why" + EVIL, "why" + EVIL, "question", False, 1.0)],
        grades=[(EVIL, f"{EVIL}{number}", cell, float(number % 3 == place), False) for number in range(9) for place, cell in enumerate((EVIL, EVIL + "2"))]
        + [(EVIL, EVIL, "why" + EVIL, None, True)],
        failures=[(EVIL, f"{EVIL}{number}", EVIL, EVIL, EVIL, hint, EVIL, EVIL) for number in range(9) for hint in (EVIL, "")],
        unreached=[(EVIL, EVIL, EVIL)], stops=[(EVIL, EVIL, EVIL)], notes=[(EVIL, EVIL, EVIL, EVIL), (EVIL, EVIL, "", EVIL)],
        unreadable=[(EVIL, EVIL, kind, EVIL) for kind in ("submission", "graded", "receipt")],
        answers=[(EVIL, f"{EVIL}{number}", EVIL, True, EVIL, "p", 99) for number in range(9)],
        receipts=[(EVIL, f"{EVIL}{number}", EVIL, EVIL, 1.0, EVIL, "w") for number in range(9)],
    )  # fmt: skip
    page = examine(html)
    assert "<script>alert(1)</script>" in page.text and "{{ 7*7 }}" in page.text
    assert html.lower().count("<script") == 0
    assert not any(letter in html for letter in "\u202e\x00\x1b")


@pytest.mark.parametrize("students", [0, 1, 4, 60])
def test_a_class_of_any_size(students):
    page = examine(page_of(**big(students)))
    assert f"{students} student{'s' if students != 1 else ''}, 1 lesson." in page.text
    assert ("Nobody's work in this lesson has been graded" in page.text) == (students == 0)
    assert ("Discrimination is left out: of fewer than 5 students it says nothing." in page.text) == (0 < students < 5)
    assert len([tag for tag, _ in page.tags if tag == "svg"]) == (0 if students == 0 else 1 if students < 5 else 2)


@pytest.mark.slow
def test_a_class_of_five_hundred_in_three_lessons_folds_its_long_lists():
    rows = big(500, ("01", "02", "03"))
    rows["stops"] = [("01", f"student-{number:03d}", f"cell x ran longer than {number} s") for number in range(300)]
    html = page_of(**rows)
    page = examine(html)
    assert "288 more submissions" in page.text and len(html) < 2_000_000
    assert "500 students, 3 lessons" in page.text and 'id="overview-t"' in html


def test_everybody_with_full_marks():
    page = examine(page_of(**big(8, points=lambda student, cell: True)))
    assert "Everybody passed." in page.text and "all have the same points here" in page.text
    assert "No check had anything to say to an answer." in page.text and "Nothing stands out." in page.text


def test_a_course_without_a_lesson_is_a_page_too():
    assert "0 students, 0 lessons" in examine(page_of()).text


def test_names_in_every_script_stand_apart_from_the_text_around_them():
    rows = big(6)
    rows["students"][0] = ("student-000", "学生 例子 (student-000)", ())
    rows["students"][1] = ("student-001", "طالب مثال (student-001)", ())
    rows["stops"] = [(L, "student-000", "cell x ran longer than 1 s"), (L, "student-001", "cell x ran longer than 1 s")]
    html = page_of(**rows)
    assert "<bdi>学生 例子 (student-000)</bdi>" in html and "<bdi>طالب مثال (student-001)</bdi>" in html


def test_colours_follow_the_page_and_text_is_text():
    html = page_of(**big(60, ("01", "02")))
    figures = html[html.index("<svg") :]
    assert "var(--bar)" in figures and "percent who passed</text>" in figures and "median" in figures
    assert not any(f"#0{digit}0" in figures for digit in range(1, 8))  # the colours that stand for the page's


def test_a_report_takes_the_place_of_a_report_and_of_nothing_else(tmp_path):
    out = tmp_path / "new" / "report.html"
    write("<html>" + MARK + "first", out)
    write("<html>" + MARK + "second", out)
    assert "second" in out.read_text() and [path.name for path in out.parent.iterdir()] == ["report.html"]
    (tmp_path / "thesis.html").write_text("precious")
    with pytest.raises(NotOurs, match="Name another file with --out"):
        write(MARK, tmp_path / "thesis.html")
    with pytest.raises(NotOurs, match="is a folder"):
        write(MARK, tmp_path)
    assert (tmp_path / "thesis.html").read_text() == "precious"


def test_what_cannot_be_encoded_is_no_reason_to_fail(tmp_path):
    write(MARK + "half a letter: \udc80", tmp_path / "report.html")
    assert "half a letter: ?" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(("seconds", "words"), [(0.04, "0.0 s"), (9.4, "9.4 s"), (48.2, "48 s"), (200, "3 min 20 s"), (3900, "1 h 05 min"), (float("nan"), "–")])
def test_times_are_said_as_people_say_them(seconds, words):
    assert duration(seconds) == words
