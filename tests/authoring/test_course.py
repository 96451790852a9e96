"""The table of the course is what the lessons' files say, and says what is missing of a lesson that is not finished."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import toy
from typer.testing import CliRunner

from grader.authoring import build as builder
from grader.authoring import course
from grader.authoring import lesson as lessons
from grader.authoring.lesson import LessonError
from grader.authoring.retest import running_code
from grader.cli import app

OPENED = toy.SOURCE.replace("# # A toy", "# # 9 · A toy: what it is for\n#\n# **Not this.** Some words. **How large is the *largest*,\n# and why?** More words.")
SOURCE = (
    OPENED  # three calls of checks
    .replace('assert largest(values) == 3, "largest of 3, 1, 2"', "check.equal(check.call(largest, values), 3, 'it')\nassert checked(values)")
    .replace('assert largest([7, 9, 8]) == 9, "a hidden list"', "for values in [[7], [8]]:\n    check.equal(largest(values), values[0], 'it')")
)
README = f"# A course\n\n{course.BEGIN}\n{course.END}\n\nMore.\n"
ROW = "| [9&nbsp;·&nbsp;A&nbsp;toy](notebooks/09_toy/09_toy.ipynb)<br>How large is the *largest*, and why? | 20 | 1 | 2+1 | 2+3 | 2 | {} |"


@pytest.fixture
def path(tmp_path):
    """A finished lesson: its source, its variants, and a solution with two figures; and a README with a place for the table."""
    path = toy.write(tmp_path, SOURCE)
    solution = lessons.read(path).notebook
    picture, text = ({"image/png": "iVBORw0KGgo="}, {"text/plain": "42"})
    code = [cell for cell in solution.cells if cell.cell_type == "code"]
    for cell, kinds in zip(code, [(picture, text), (picture,)], strict=False):
        cell.outputs = [nbformat.v4.new_output("display_data", data=data) for data in kinds]
    target = builder.solution_path(tmp_path, "09_toy")
    target.parent.mkdir(parents=True)
    nbformat.write(solution, target)
    (tmp_path / "README.md").write_text(README)
    return path


def timed(path, **other):
    lesson = lessons.read(path)
    told = {"code": running_code(lesson), "first": 71.26, "again": 9.8, "cores": 2, "versions": "Keras 3"}
    course.write_seconds(lesson, course.Seconds(**{**told, **other}))


def table(root, path):
    rows, unfinished = course.read(root, [path])
    assert unfinished == []
    return course.as_markdown(rows)


def test_row_counts_what_the_files_hold(tmp_path, path):
    assert ROW.format("") in table(tmp_path, path)
    assert "Seconds" not in table(tmp_path, path)
    timed(path)
    assert ROW.format("71/10") in table(tmp_path, path)
    assert "Seconds: all cells once / again with the receipts of the first run, on 2 CPU cores with Keras 3." in table(tmp_path, path)


def test_last_row_adds_up_and_waits_for_all_seconds(tmp_path, path):
    timed(path)
    one = course.row(tmp_path, lessons.read(path))
    assert "| all | 40 | 2 | 4+2 | 4+6 | 4 | 143/20 |" in course.as_markdown([one, one])
    untimed = course.Row(**{**vars(one), "seconds": None})
    assert "| all | 40 | 2 | 4+2 | 4+6 | 4 |  |" in course.as_markdown([one, untimed])


def no_variants(root, path):
    path.with_name("variants.py").unlink()
    return "09_toy has no variants"


def no_solution(root, path):
    builder.solution_path(root, "09_toy").unlink()
    return "there is no solution notebook that can be read. Run: grader build 09_toy"


def half_a_solution(root, path):
    builder.solution_path(root, "09_toy").write_text('{"cells": [')
    return "there is no solution notebook that can be read"


def no_question(root, path):
    path.write_text(SOURCE.replace("and why?**", "and why.**"))
    return "needs a title (# …) and the lesson's question in bold"


def no_cells(root, path):
    path.write_text("")
    return "needs a title"


def a_cell_not_understood(root, path):
    path.write_text(SOURCE.replace('given="numbers"', 'gievn="numbers"'))
    return "unknown cell metadata gievn"


def a_test_that_is_no_python(root, path):
    path.write_text(SOURCE.replace("check.equal(check.call(", "check.equal(check.call(("))
    return "test cell `largest-test` is no Python"


def no_json(root, path):
    path.with_name("seconds.json").write_text('{"first": 1')
    return "seconds.json cannot be read. Run: grader course --time 09_toy"


def other_json(root, path):
    path.with_name("seconds.json").write_text('{"first": 1}')
    return "seconds.json cannot be read"


@pytest.mark.parametrize(
    "spoil",
    [no_variants, no_solution, half_a_solution, no_question, no_cells, a_cell_not_understood, a_test_that_is_no_python, no_json, other_json],
    ids=lambda spoil: spoil.__name__,
)
def test_a_lesson_that_is_not_finished_is_one_sentence(tmp_path, path, spoil):
    words = spoil(tmp_path, path)
    rows, unfinished = course.read(tmp_path, [path])
    assert rows == [] and len(unfinished) == 1 and words in unfinished[0]
    assert unfinished[0] in course.problems(tmp_path, [path])


def test_seconds_of_older_code_are_not_shown(tmp_path, path):
    lesson = lessons.read(path)
    assert course.untimed(lesson) == "09_toy: nobody measured how long it runs. Run: grader course --time 09_toy"
    timed(path, code="older")
    assert course.untimed(lesson) == "09_toy: its seconds are those of older code. Run: grader course --time 09_toy"
    assert ROW.format("") in table(tmp_path, path)
    timed(path)
    assert course.untimed(lesson) == ""
    path.write_text(SOURCE.replace("More words.", "Better words."))
    assert course.untimed(lessons.read(path)) == "", "prose takes no seconds"
    path.write_text(SOURCE.replace("[3, 1, 2]", "[3, 1, 2, 0]"))
    assert "older code" in course.untimed(lessons.read(path))


def test_written_between_the_marks_and_nowhere_else(tmp_path, path):
    readme = tmp_path / "README.md"
    rows, _ = course.read(tmp_path, [path])
    assert course.write(tmp_path, rows) is True
    text = readme.read_text()
    assert text == README.replace(course.END, course.as_markdown(rows) + course.END)
    assert course.write(tmp_path, rows) is False and readme.read_text() == text

    timed(path)
    rows, _ = course.read(tmp_path, [path])
    assert course.write(tmp_path, rows) is True
    assert ROW.format("71/10") in readme.read_text() and ROW.format("") not in readme.read_text()


@pytest.mark.parametrize("text", ["# A course\n", f"{course.END}\n{course.BEGIN}\n", course.BEGIN])
def test_a_readme_without_the_marks_is_left_as_it_is(tmp_path, path, text):
    (tmp_path / "README.md").write_text(text)
    with pytest.raises(LessonError, match="no place for the table"):
        course.write(tmp_path, course.read(tmp_path, [path])[0])
    assert (tmp_path / "README.md").read_text() == text


def test_what_is_stale_is_named(tmp_path, path):
    stale = "README.md: the table of the course is not what its lessons say. Run: grader course --write"
    assert course.problems(tmp_path, [path]) == ["09_toy: nobody measured how long it runs. Run: grader course --time 09_toy", stale]
    timed(path)
    course.write(tmp_path, course.read(tmp_path, [path])[0])
    assert course.problems(tmp_path, [path]) == []
    variants = path.with_name("variants.py")
    variants.write_text(toy.VARIANTS + '\n# %% exercise="largest" right="another"\ndef largest(items): ...\n')
    assert course.problems(tmp_path, [path]) == [stale]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """A command names the data of its course for what it starts, unless they are named: other tests look for their own."""
    monkeypatch.setenv("RNN_COURSE_DATA", os.environ.get("RNN_COURSE_DATA", "not needed here"))


def run(*arguments, code=0):
    result = CliRunner().invoke(app, ["course", *map(str, arguments)])
    assert result.exit_code == code, result.output + result.stderr
    return result


def test_command_shows_checks_and_writes(tmp_path, path):
    assert ROW.format("") in run("--root", tmp_path).output
    assert "Run: grader course --write" in run("--check", "--root", tmp_path, code=1).stderr
    assert "README.md: written." in run("--write", "--root", tmp_path).output
    assert "README.md: fresh." in run("--write", "--root", tmp_path).output
    assert "grader course --time 09_toy" in run("--check", "--root", tmp_path, code=1).stderr
    timed(path)
    run("--write", "--root", tmp_path)
    assert "fresh" in run("--check", "--root", tmp_path).output
    assert "--check writes nothing" in run("--check", "--write", "--root", tmp_path, code=2).stderr


def test_command_names_what_is_not_in_the_table(tmp_path, path):
    (tmp_path / "lessons" / "10_begun").mkdir()
    (tmp_path / "lessons" / "10_begun" / "10_begun.py").write_text(SOURCE)
    shown = run("--write", "--root", tmp_path)
    assert "not in the table: 10_begun has no variants" in shown.stderr
    assert "9&nbsp;·&nbsp;A&nbsp;toy" in (tmp_path / "README.md").read_text() and "10_begun" not in (tmp_path / "README.md").read_text()
    assert "10_begun has no variants" in run("--check", "--root", tmp_path, code=1).stderr


COUNTING = """
import os
from pathlib import Path

diary = Path("diary.txt")
before = diary.read_text() if diary.exists() else ""
diary.write_text(f"{before}a run on {os.environ['CUDA_VISIBLE_DEVICES']}\\n")
"""


@pytest.mark.slow
def test_seconds_are_those_of_two_runs_in_one_new_folder(tmp_path, path):
    path.write_text(OPENED.replace("print(sorted(values))", COUNTING))
    lesson, told = lessons.read(path), []
    for _ in range(2):
        seconds = course.measure(lesson, tmp_path / "workshop", told.append)
        assert (tmp_path / "workshop" / "diary.txt").read_text() == "a run on -1\n" * 2
    assert told == ["without receipts", "with receipts"] * 2
    assert seconds.code == running_code(lesson) and seconds.first > 0 and seconds.again > 0 and seconds.cores >= 1
    course.write_seconds(lesson, seconds)
    assert course.read_seconds(lesson) == seconds
    assert json.loads(path.with_name("seconds.json").read_text())["first"] == seconds.first


@pytest.mark.slow
def test_command_measures_and_writes(tmp_path, path):
    path.write_text(OPENED)
    shown = run("--time", "09", "--root", tmp_path).output
    assert "09_toy: " in shown and "with receipts, on" in shown and "README.md: written." in shown
    assert course.untimed(lessons.read(path)) == ""
    assert "CPU core" in (tmp_path / "README.md").read_text()


@pytest.mark.slow
def test_counting_waits_for_no_tensorflow():
    """A small change ends with these commands: what they do not need they do not import."""
    code = "import sys; from grader.authoring import course; sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
