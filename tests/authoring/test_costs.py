"""What tests cost is told test by test, and a dear one is marked."""

import pytest
import toy
from typer.testing import CliRunner

from grader.authoring import costs
from grader.authoring import lesson as lessons
from grader.authoring.lesson import LessonError
from grader.cli import app

DEAR = toy.SOURCE.replace(
    'assert largest([7, 9, 8]) == 9, "a hidden list"',
    "import time\nbegan = time.process_time()\nwhile time.process_time() < began + 0.2:\n    pass\nassert largest([7, 9, 8]) == 9",
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    heard = []
    found = costs.measure(lessons.read(toy.write(root, DEAR)), root / "build", heard.append)
    assert heard == ["largest"]
    return {cost.test: cost for cost in found}


@pytest.mark.slow
def test_each_test_has_its_own_price(measured):
    assert list(measured) == ["largest-test", "largest-hidden"]
    assert measured["largest-hidden"].seconds >= 0.2 and measured["largest-hidden"].dear  # it waits that long of processor time
    assert measured["largest-test"].seconds < measured["largest-hidden"].seconds


def test_what_restores_a_trained_model_may_cost_more():
    assert not costs.Cost("recall-test", 0.4, trained=True).dear
    assert costs.Cost("recall-test", 0.4, trained=False).dear
    assert costs.Cost("recall-test", 0.6, trained=True).dear


@pytest.mark.parametrize(("source", "most"), [("max(items)", costs.MOST), ("max(items)  # or model.fit(items)", costs.MOST_TRAINED)])
def test_a_call_of_fit_is_training(tmp_path, source, most):
    lesson = lessons.read(toy.write(tmp_path, toy.SOURCE.replace("max(items)", source)))
    assert {cost.most for cost in costs.measure(lesson, tmp_path / "build")} == {most}


def test_a_solution_that_fails_is_named(tmp_path):
    lesson = lessons.read(toy.write(tmp_path, toy.SOURCE.replace("max(items)", "min(items)")))
    with pytest.raises(LessonError, match="the solution of `largest` fails its own test"):
        costs.measure(lesson, tmp_path / "build")


@pytest.mark.slow
def test_the_command_marks_them(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", "")  # the command sets it, for this process
    toy.write(tmp_path, DEAR)
    said = CliRunner().invoke(app, ["course", "--tests", "--root", str(tmp_path)])
    assert said.exit_code == 0 and "largest-hidden" in said.output and "1 costs more than it may" in said.output
    assert CliRunner().invoke(app, ["course", "--tests", "--write", "--root", str(tmp_path)]).exit_code == 2
