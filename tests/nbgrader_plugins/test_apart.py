"""What strangers wrote is read in a process apart: what takes too long or too much costs that submission alone."""

import json
import os
import resource

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.engine import Score, Verdict
from grader.engine.cells import is_test
from grader.nbgrader_plugins import apart as module
from grader.nbgrader_plugins.apart import Child, OverBound

pytestmark = pytest.mark.slow

TASKS = {"burn": "burning:burn", "fill": "burning:fill", "fail": "burning:fail", "say": "burning:say", "end": "burning:end"}
BURNING = """
import os

def burn():
    while True:
        pass

def fill():
    return len(bytearray(8 * 1024**3))

def fail():
    raise RecursionError

def say(what):
    print("an answer?")
    os.write(1, b"an answer?")
    return what

def end():
    os._exit(3)
"""


@pytest.fixture
def child(tmp_path, monkeypatch):
    """A child with tasks that go wrong, and a second of processor time for each."""
    (tmp_path / "burning.py").write_text(BURNING)
    source = f"import grader.nbgrader_plugins.apart as apart\napart.TASKS, apart.CPU_SECONDS = {TASKS!r}, 1\napart._serve()"
    (tmp_path / "stand_in.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(module, "__name__", "stand_in")
    made = []

    def begin():
        made.append(Child())
        return made[-1]

    yield begin
    for one in made:
        if one.runs:
            one.close()


@pytest.mark.parametrize("task, says", [("burn", "processor time"), ("fill", "ended the process"), ("fail", "RecursionError"), ("end", "ended the process")])
def test_a_task_that_goes_wrong_says_so(child, task, says):
    with pytest.raises(OverBound, match=says):
        child().ask(task, {})


def test_what_is_printed_is_no_answer_and_the_child_goes_on(child):
    one = child()
    with pytest.raises(OverBound):
        one.ask("fail", {})
    assert one.ask("say", {"what": ["ä", 1]}) == ["ä", 1] and one.runs


def test_a_child_that_ended_is_replaced():
    module.begin()
    first = module._one
    first.close()
    with pytest.raises(OverBound):
        module.apart("take", source="no notebook", folder="", notebook="", assigned=[], largest=1)
    assert module._one is not first and module._one.runs and module._one.owner == os.getpid()


HEAVY = {
    "short lines": lambda notebook: notebook.cells.append(new_code_cell("a\n" * 2_000_000, id="own")),
    "alike lines": lambda notebook: notebook.cells.insert(4, new_code_cell("\n".join(f"x{n} = {n}" for n in range(150_000)), id="own")),
    "blanks": lambda notebook: notebook.cells.append(new_markdown_cell("a" + " " * 150_000 + "b", id="own")),
    "a deep expression": lambda notebook: notebook.cells.append(new_code_cell("(" * 100_000, id="own")),
    "long names": lambda notebook: notebook.cells.append(new_code_cell("\n".join(f"def f{n}(): return g{n}" for n in range(150_000)), id="own")),
}


def full_marks(job):
    """A stand-in for the engine that runs nothing, so that what is measured is this process's own."""
    tests = [cell.metadata.nbgrader for cell in job.notebook.cells if is_test(cell)]
    return Verdict({}, {}, {about.grade_id: Score(about.points, about.points) for about in tests})


@pytest.mark.slow
@pytest.mark.parametrize("heavy", HEAVY)
def test_a_heavy_notebook_costs_its_author_alone(ours, toy, student, heavy):
    """It is graded or told unreadable, with the reason; this process stays small."""
    graded = toy.Course(ours.root, toy.course(ours.root, verdicts=full_marks))
    HEAVY[heavy](student)
    graded.submit(json.dumps(student), "mallory")
    graded.submit(toy.answered(toy.release(toy.lesson_notebook())), "ada")
    before = resource.getrusage(resource.RUSAGE_SELF)
    scores = {name: graded.grade(name) for name in ("mallory", "ada")}
    assert "points" in graded.feedback("mallory")
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert scores["ada"]["double-test"] == 2
    assert scores["mallory"]["double-test"] == 2 or "could not be graded: reading it" in graded.comments("mallory")["double"]
    assert after.ru_maxrss - before.ru_maxrss < 1_000_000  # kB
