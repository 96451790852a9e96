"""A small change costs little: a hint or a hidden test runs the tests of its exercise alone, and asks for no new timings."""

import nbformat
import pytest
import toy

from grader.authoring import build as builder
from grader.authoring import lesson as lessons
from grader.authoring import proofs, retest
from grader.authoring.lesson import LessonError

TWO = toy.SOURCE.replace("points=12", "points=8").replace("# %% [markdown] question", '''# %% exercise="least"
def least(items):
    """The least of a list."""
    ### BEGIN SOLUTION
    return min(items)
    ### END SOLUTION

# %% test="least" points=4
print("least is tried")
assert least(values) == 1, "least of 3, 1, 2"

# %% [markdown] question''')  # fmt: skip


def read(root, source=TWO):
    return lessons.read(toy.write(root, source))


def executed(lesson):
    """As if built: each code cell with an output that says so."""
    notebook = nbformat.from_dict(lesson.notebook)
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell.execution_count, cell.outputs = count, [nbformat.v4.new_output("stream", text=f"{cell.id} ran before\n")]
    notebook.metadata.language_info = {"name": "python", "version": "3"}
    return notebook


@pytest.mark.parametrize(
    ("old", "new", "exercises"),
    [
        ('"a hidden list"', '"another hint"', {"largest"}),
        ("[7, 9, 8]) == 9", "[7, 9, 8, 11]) == 11", {"largest"}),
        ('"least of 3, 1, 2"', '"the least"', {"least"}),
        ("# # A toy", "# # Prose", None),
        ("values = [3, 1, 2]", "values = [3, 1, 2, 0]", None),
        ("return min(items)", "return sorted(items)[0]", None),
        ("print(sorted(values))", "print(values)", None),
        ('# %% test="least" points=4\n', '# %% test="least" points=4 name="other"\n', None),
        ('# %% test="largest" points=6 hidden=true\n', '# %% test="least" points=1 hidden=true\nassert least([2]) == 2\n\n# %% test="largest" points=5 hidden=true\n', None),
    ],
)
def test_what_a_change_touches(tmp_path, old, new, exercises):
    assert old in TWO
    before = executed(read(tmp_path))
    assert retest.touched(read(tmp_path, TWO.replace(old, new)), before) == exercises


@pytest.mark.slow
def test_a_changed_hint_runs_the_tests_of_its_exercise_alone(tmp_path, monkeypatch):
    old = executed(read(tmp_path))
    builder._write(old, builder.solution_path(tmp_path, "09_toy"))
    monkeypatch.setattr(builder, "execute", lambda *_: pytest.fail("the lesson was executed again"))
    jobs, real = [], proofs.engine.grade
    monkeypatch.setattr(proofs.engine, "grade", lambda job: jobs.append(job) or real(job))
    told = []
    changed = read(tmp_path, TWO.replace('"least of 3, 1, 2"', '"the least of three"'))
    assert builder.build(tmp_path, changed, tell=told.append)
    assert told == ["only tests changed; those of least are run, other outputs are kept"]
    assert [job.tests for job in jobs] == [{"least"}, {"least"}], "the solution and the stub"
    made = nbformat.read(builder.solution_path(tmp_path, "09_toy"), 4)
    said = {cell.id: cell.outputs[0].text if cell.outputs else "" for cell in made.cells if cell.cell_type == "code"}
    assert said["least-test"] == "least is tried\n" and said["largest-test"] == "largest-test ran before\n"
    assert builder.stale(tmp_path, changed) == []

    broken = read(tmp_path, TWO.replace("least(values) == 1", "least(values) == 3"))
    with pytest.raises(LessonError, match="the solution scores 0 of 4 in test `least-test`"):
        builder.build(tmp_path, broken, tell=told.append)
    generous = read(tmp_path, TWO.replace('assert least(values) == 1, "least of 3, 1, 2"', "assert least"))
    with pytest.raises(LessonError, match="stub scores 4 points in test `least-test`"):
        builder.build(tmp_path, generous, tell=told.append)
    assert nbformat.read(builder.solution_path(tmp_path, "09_toy"), 4) == made, "a failed build writes nothing"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"a hidden list"', '"another hint"', True),
        ('"""The least of a list."""', '"""The smallest number."""', True),
        ("values = [3, 1, 2]", "values = [3, 1, 2]  # in no order", True),
        ("# # A toy", "# # Prose", True),
        ("return min(items)", "return sorted(items)[0]", False),
        ("[7, 9, 8]) == 9", "[7, 9, 8, 11]) == 11", False),
        ("print(sorted(values))", 'print("é")  # ü', False),
        ("print(sorted(values))", "for value in values:\n    print(value)", False),
    ],
)
def test_new_timings_are_asked_for_only_when_code_that_runs_changed(tmp_path, old, new, same):
    assert old in TWO
    before = retest.running_code(read(tmp_path))
    assert (retest.running_code(read(tmp_path, TWO.replace(old, new))) == before) is same


def test_what_runs_is_told_the_same_on_every_python():
    """No text of an AST is part of it: that differs between versions."""
    source = 'def f(x):\n    """Doc, é."""\n    # é\n    return "ü"  # why\n\n\ny = f"{f(1)} a"'
    assert retest._essence(source, words=True) == 'def f(x):\n    return "ü"\ny = f"{f(1)} a"'
    assert retest._essence('check.equal(a, "é # no", {1: f"{a} b"})  # c\n', words=False) == "check.equal(a,,{1:})"
    assert retest._essence('check.equal(a, "é # a longer "\n    "hint", {1: f"{a} b"})', words=False) == "check.equal(a,,{1:})"
