"""The feedback page shows what helps, and nothing of a hidden test."""

import re
from html import unescape
from itertools import product

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from grader.checks import CheckFailed
from grader.engine import Score, Verdict
from grader.nbgrader_plugins import course, feedback
from grader.nbgrader_plugins.apart import OverBound
from grader.nbgrader_plugins.feedback import _CODE_CLASSES, TEMPLATE, safe_html

pytestmark = pytest.mark.slow

FAILED = CheckFailed("the sum is wrong", hint="Start from zero.", expected="31415.5", actual="27182.5")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def failed_check():
    return new_output("error", ename="CheckFailed", evalue=str(FAILED), traceback=FAILED._render_traceback_())


@pytest.fixture
def page(ours, toy):
    """Grade one notebook with given outputs by cell id, every test failed, and return its feedback page."""

    def page(notebook, outputs=None, points=0.0, comment=None):
        def verdict(job):
            made = toy.plain_verdict(job)
            scores = {name: Score(points, one.max_points, one.reason) for name, one in made.scores.items()}
            return Verdict(made.outputs | (outputs or {}), made.execution_counts, scores)

        graded = toy.Course(ours.root, course(ours.root, verdicts=verdict))
        graded.submit(notebook)
        graded.grade()
        if comment:
            with graded.api.gradebook as gradebook:
                gradebook.find_comment("why", toy.LESSON, toy.LESSON, "ada").manual_comment = comment
                gradebook.db.commit()
        return graded.feedback()

    return page


def test_stock_shows_hidden_tests(stock, toy, student):
    """Its feedback is made from the autograded notebook, which holds each test in full."""
    stock.submit(student)
    stock.must(stock.api.autograde(toy.LESSON, "ada"))
    text = re.sub(r"<[^>]+>", "", stock.feedback())
    assert "secret: 2469134" in text


def test_a_hidden_test_shows_neither_source_nor_traceback(page, toy):
    html = page(toy.answered(toy.release(toy.lesson_notebook()), {**toy.SOLVED, "double": "def double(x):\n    return 6"}))
    text = re.sub(r"<[^>]+>", "", html)
    assert "2469134" not in text and "1234567" not in text and "HIDDEN TESTS" not in text
    assert "AssertionError in a hidden check" in text
    assert re.search(r"double-hidden\s+hidden\s+0.*3", text)


def test_a_hidden_checks_problem_and_hint_are_said_and_its_values_are_not(page, student):
    html = page(student, {"double-hidden": [failed_check(), new_output("stream", text="printed by double(1234567)")]})
    assert "the sum is wrong" in html and "Start from zero." in html
    assert "31415.5" not in html and "27182.5" not in html and "printed by" not in html


def test_a_visible_check_is_said_in_full(page, student):
    html = page(student, {"double-test": [failed_check()]})
    for words in ("the sum is wrong", "Start from zero.", "31415.5", "27182.5"):
        assert words in html


def test_nothing_is_loaded_or_run(page, toy, student):
    toy.by_name(student, "why").source = (
        "<script>alert(1)</script> ![x](https://example.org/x.png) <img src=x onerror=alert(2)> [a](javascript:alert(3))"
    )
    student.cells.append(new_code_cell("show()", id="own"))
    html = page(
        student,
        {"own": [new_output("display_data", {"text/html": "<script src=//example.org/a.js></script>", "text/plain": "T"})]},
    )
    assert "<script" not in html and "<link" not in html and "<img" not in html
    assert "href=\"javascript" not in html and "@import" not in html and "url(" not in html
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html)
    assert "&lt;img src=x onerror=alert(2)&gt;" in html  # as it was written, for a person to read


DISGUISED = """
<div class="comment"><b>Your instructor writes</b> 20/20</div>

<h3 id="why" style="color: green"><span class="mark passed">ok</span> why <span class="tag">points by your instructor</span> <span class="score">20/20</span></h3>
"""


def test_a_students_words_cannot_pass_for_the_pages(page, toy, student):
    toy.by_name(student, "why").source = DISGUISED
    student.cells.append(new_markdown_cell(DISGUISED, id="own"))
    student.cells[0].source = "# 20 of 20 points, by your instructor"  # the lesson's own title
    html = page(student)
    assert "points by your instructor</span>" not in html and 'class="comment"' not in html and 'style="color' not in html
    assert "<h1>20 of 20" not in html and html.count("your answer</p>") == html.count("your text</p>") == 1


def test_html_that_gets_so_far_has_no_class_of_the_pages():
    cleaned = safe_html(DISGUISED + '<div class="highlight"><span class="nb">len</span></div>')
    assert "class=" not in cleaned.partition('<div class="highlight"')[0] and "style=" not in cleaned and "id=" not in cleaned
    assert '<div class="highlight"><span class="nb">len</span></div>' in cleaned
    sheet = (TEMPLATE / "page.css").read_text()
    assert not {name for name in re.findall(r"\.([a-z]+)", sheet) if name != "highlight"} & _CODE_CLASSES


def test_words_that_take_too_long_to_show_are_left_out(page, student, monkeypatch):
    """The page is made all the same, and says so. The bound is nearly none, so that any page with words is over it."""
    real = feedback.apart

    def bounded(task, **about):
        if any(cell["source"] for cell in about["notebook"].cells if cell.id == "own"):
            raise OverBound("took more than 20 s of processor time")
        return real(task, **about)

    student.cells.append(new_code_cell("show()", id="own"))
    monkeypatch.setattr(feedback, "apart", bounded)
    html = page(student)
    assert "left out of this page, because showing it took more than 20 s" in html and "show()" not in html
    assert "of 10 points" in html


def test_pictures_and_comments_are_kept(page, student):
    student.cells.append(new_code_cell("plot()", id="own"))
    picture = new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"})
    html = page(student, {"own": [picture]}, comment="Say **which** order.")
    assert f"data:image/png;base64,{PIXEL}" in html
    assert "Say <strong>which</strong> order." in html


def test_points_stand_first(page, toy, student):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(student, points=1.0).split("<body>")[1]))
    assert text.strip().startswith("A toy lesson 3 of 10 points so far; your instructor has still to read")
    assert text.index("double") < text.index("def double")


def test_a_lesson_without_hidden_tests_or_prose(tmp_path, toy):
    notebook = nbformat.v4.new_notebook(
        cells=[toy.check("one", "assert False", 1)], metadata={"kernelspec": toy.KERNEL}
    )
    made = toy.make(tmp_path, lambda root: course(root, verdicts=toy.plain_verdict), notebook)
    made.submit(toy.release(notebook))
    assert made.grade() == {"one": 0}
    assert "0 of 1 points" in made.feedback()


def text_of(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.split("<body>")[1])))


@pytest.fixture
def read_by_hand(ours, toy, student):
    """A class of two, one of them read: a mark for the written answer, half the points of a test that failed, two comments."""
    wrong = toy.answered(toy.release(toy.lesson_notebook()), {**toy.SOLVED, "double": "def double(x):\n    return 6"})
    for who, notebook in (("ada", wrong), ("bob", toy.answered(wrong, {"why": "An answer of someone else's."}))):
        ours.submit(notebook, who)
        ours.grade(who)
    with ours.api.gradebook as gradebook:
        for name, points in (("why", 3.5), ("double-hidden", 1.5)):
            grade = gradebook.find_grade(name, toy.LESSON, toy.LESSON, "ada")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_grade("total-test", toy.LESSON, toy.LESSON, "ada").extra_credit = 0.5
        for name, words in (("why", "Say **which** order. <img src=x onerror=alert(1)>"), ("double", "Try another number.")):
            gradebook.find_comment(name, toy.LESSON, toy.LESSON, "ada").manual_comment = words
        gradebook.db.commit()
    return ours


def test_points_and_comments_by_hand_appear_and_are_told_apart(read_by_hand):
    html = read_by_hand.feedback("ada")
    text = text_of(html)
    assert text.strip().startswith("A toy lesson 8.5 of 10 points"), "2 + 1.5 + 1 + 0.5 + 3.5"
    assert "so far" not in text and "someone else" not in text
    assert "Say <strong>which</strong> order." in html and "Try another number." in html and "onerror" not in html
    assert text.count("Your instructor writes") == 2 and text.count("your instructor wrote to you") == 2
    assert "why your instructor wrote to you 3.5 / 4" in text
    assert "double-hidden hidden points by your instructor 1.5 / 3" in text
    other = text_of(read_by_hand.feedback("bob"))
    assert "to be read by your instructor" in other and "writes" not in other and "points by your instructor" not in other
    assert "2469134" not in other


def test_a_notebook_that_cannot_be_read_gets_one_clear_notice(ours, toy):
    ours.submit(b'{"cells": [')
    ours.grade()
    text = text_of(ours.feedback())
    assert text.count("The notebook could not be graded") == 1 and "not seen" in text
    assert "def double" not in text and "Put right" not in text and "no answer" not in text


def test_a_notebook_that_stopped_says_so_once(page, ours, toy, student):
    def verdict(job):
        made = toy.plain_verdict(job)
        why = "not run: the Python process ended with exit code 0 in cell 2"
        return Verdict({}, {}, {name: Score(0.0, one.max_points, why) for name, one in made.scores.items()}, why[9:])

    graded = toy.Course(ours.root, course(ours.root, verdicts=verdict))
    graded.submit(student)
    graded.grade()
    text = text_of(graded.feedback())
    assert text.count("exit code 0") == 1 and "did not run to its end: the Python process ended" in text
    assert text.count("not run ") >= 3


def test_it_reads_well_on_every_screen(read_by_hand, browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(read_by_hand.feedback("ada"))
    for scheme, width in product(("light", "dark"), (390, 1280)):
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        assert asked == [path.as_uri()], "nothing is loaded"
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        paper, ink = (int(page.evaluate(f"getComputedStyle(document.body).{name}").split("(")[1].split(",")[0]) for name in ("backgroundColor", "color"))
        assert (paper < ink) == (scheme == "dark")
        assert page.get_by_role("img", name="some points").first.is_visible()
        assert page.get_by_text("Try another number.").is_visible()
        page.get_by_role("link", name="why").click()
        assert page.locator("#why").is_visible()
        reached = page.locator("pre").evaluate_all("boxes => boxes.map(box => box.tabIndex)")
        assert reached and set(reached) == {0}, "a keyboard scrolls each box of code"
        page.screenshot(path=tmp_path / f"page-{scheme}-{width}.png", full_page=True)
        page.close()


def test_code_is_told_from_its_paper(page, student):
    """Each colour of code has at least the contrast that WCAG 2.1 asks of text (1.4.3), on a light screen."""
    text = page(student)
    paper = re.search(r"--shade: (#\w{6})", text)[1]
    light = re.sub(r"<style media.*?</style>", "", text, flags=re.DOTALL)
    colours = set(re.findall(r"(?m)^\.highlight \.(?!w )\w+ { color: #(\w+)", light))  # w is white space, which has no ink
    assert len(colours) > 10
    for colour in colours:
        colour = "#" + (colour if len(colour) == 6 else "".join(2 * digit for digit in colour))
        assert contrast(colour, paper) >= 4.5, colour


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, #rrggbb, as WCAG 2.1 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        return float(np.dot([0.2126, 0.7152, 0.0722], [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]))

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("words", ["![a plot](attachment:a.png)", '<img src="attachment:a.png">', "![](attachment:my%20plot.png)"])
def test_pasted_pictures_are_on_the_page(page, student, kind, words):
    own = nbformat.v4.new_markdown_cell(words, id="pasted")
    own.cell_type = kind
    own["attachments"] = {"a.png": {"image/png": PIXEL}, "my plot.png": {"image/png": PIXEL}}
    student.cells.append(own)
    assert f"data:image/png;base64,{PIXEL}" in unescape(page(student))


@pytest.mark.parametrize("words", ["![](attachment:a.png)", '<img src="attachment:a.png" width=3>'])
@pytest.mark.parametrize("attachments", [None, {}, {"a.png": {}}, {"b.png": {"image/png": PIXEL}}], ids=["none", "empty", "no data", "another"])
def test_a_picture_that_did_not_come_is_a_sentence(page, toy, student, words, attachments):
    toy.by_name(student, "why").source = f"See {words} here."
    if attachments is not None:
        toy.by_name(student, "why")["attachments"] = attachments
    assert "The picture a.png was not in the notebook" in page(student)


def test_a_comment_of_the_instructors_with_a_lost_picture(page, student):
    assert "The picture b.png was not in" in page(student, comment="As in ![](attachment:b.png)")
