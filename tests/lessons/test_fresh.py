"""Every committed notebook is what its source makes, reads as it must, and keeps its secrets."""

import re

import nbformat

from grader.authoring import build as builder
from grader.authoring import proofs
from grader.engine.cells import is_hidden
from grader.authoring.rules import broken_rules


def test_keeps_the_rules(lesson):
    assert broken_rules(lesson) == []


def test_is_built(lesson, root):
    assert builder.stale(root, lesson) == []


def test_no_lesson_is_missing(root):
    names = {path.parent.name for path in root.glob("lessons/*/*.py")}
    assert builder.orphans(root, names) == []
    assert names >= {"00_start_here", "01_sequence_basics", "02_recurrent_layers"}


def test_release_keeps_its_secrets(lesson, root):
    released = nbformat.read(builder.release_path(root, lesson.name), 4)
    proofs.no_leak(lesson, released)


def test_visible_and_hidden_points_are_in_proportion(lesson):
    hidden = sum(cell.metadata.nbgrader.points for cell in lesson.cells("test") if is_hidden(cell))
    assert 0.25 <= hidden / lesson.points("test") <= 0.6


def test_solution_has_no_error_no_timing_and_no_stderr(lesson, root):
    solution = nbformat.read(builder.solution_path(root, lesson.name), 4)
    nbformat.validate(solution)
    for cell in solution.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            if output.output_type == "stream":
                assert output.name == "stdout", cell.source
                assert not re.search(r"\d+ ?ms/step|\d+s \d+ms", output.text), output.text


def test_every_figure_says_what_it_shows(lesson, root):
    solution = nbformat.read(builder.solution_path(root, lesson.name), 4)
    pictures = [output for cell in solution.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    assert pictures or lesson.name == "none"
    for picture in pictures:
        assert len(picture.metadata.get("image/png", {}).get("alt", "")) > 30


def test_prose_stays_calm(lesson):
    for cell in lesson.cells("prose", "question"):
        assert not re.search(r"[\U0001F300-\U0001FAFF]", cell.source), "no emoji"
        assert not re.search(r"\w!(?![=\[(`\w])", cell.source), f"no exclamation marks: {cell.source}"
