"""In a real JupyterLab, in a real browser: a student runs, reads, mends and validates; an instructor grades a written answer."""

import re
import shutil
from pathlib import Path

import pytest

from grader.authoring import lesson as lessons

from ..jupyterlab import JupyterLab, idle, menu, rewrite

REPOSITORY = Path(__file__).parents[2]
START = "00_start_here"
COMMENT = "Well put: a sum forgets the order."

pytestmark = pytest.mark.slow


def test_a_student_runs_reads_mends_and_validates(browser, tmp_path):
    folder, home = tmp_path / "course", tmp_path / "home"
    shutil.copytree(REPOSITORY / "notebooks" / START, folder)
    home.mkdir()
    (exercise,) = lessons.read(REPOSITORY / "lessons" / START / f"{START}.py").cells("exercise")
    solved = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", exercise.source)
    with JupyterLab(folder, home, RNN_COURSE_DATA=str(REPOSITORY / "data")) as lab:
        page = lab.open(browser, f"{START}.ipynb")
        idle(page)
        menu(page, "Run", "Run All Cells")
        failed = page.locator(".jp-OutputArea-output", has_text="is not written yet").first
        failed.wait_for()
        page.locator(".jp-OutputArea-output", has_text="the same predictions: True").wait_for()  # the cells behind it ran all the same
        failed.scroll_into_view_if_needed()
        page.screenshot(path=tmp_path / "failed.png")
        assert "Check failed" in failed.inner_text()

        rewrite(page, "NotImplementedError", solved)
        page.get_by_role("button", name="Validate").click()
        dialog = page.locator(".jp-Dialog")
        dialog.wait_for()
        page.screenshot(path=tmp_path / "validated.png")
        assert "passes all the tests" in dialog.inner_text()
        assert "walks.npz" in {path.name for path in (folder / "receipts").iterdir()}


def test_an_instructor_grades_a_written_answer_and_the_student_reads_it(browser, ours, toy, student, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", ours.root)
    ours.submit(student)
    ours.grade()
    with JupyterLab(ours.root, home, GRADER_GRADEBOOK="") as lab:
        page = lab.open(browser)
        menu(page, "Nbgrader", "Formgrader")
        formgrader = page.frame_locator("iframe")
        formgrader.get_by_role("link", name="Manual Grading").click()
        formgrader.get_by_role("link", name=toy.LESSON).click()  # the lesson,
        formgrader.get_by_role("link", name=toy.LESSON).click()  # its notebook,
        formgrader.get_by_role("link", name="Submission #1").click()
        # Formgrader listens to a box only when its values have arrived: then a score is marked and a comment has its hint.
        formgrader.locator("#why.needs_manual_grade").wait_for()
        formgrader.locator("#why-comment[placeholder]").wait_for()
        for place, written, kind in (("#why", "3.5", "grade"), ("#why-comment", COMMENT, "comment")):
            with page.expect_response(lambda answer, kind=kind: f"/formgrader/api/{kind}/" in answer.url and answer.request.method == "PUT") as saved:
                formgrader.locator(place).fill(written)
                formgrader.locator(place).blur()
            assert saved.value.ok
        page.screenshot(path=tmp_path / "graded.png")
    words = ours.feedback()
    assert COMMENT in words
    assert "9.5" in words and "3.5" in words
